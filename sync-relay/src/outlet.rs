//! The way out to a client, for its own connection and for whoever has news for it.
//!
//! A [`Socket`] is read and written by its connection as any other is. Its [`Outlet`] writes to it as well, without
//! waking the connection: that is what makes news to many clients cheap. The two never write at the same time, and
//! never in the middle of what the other has begun; who may write when is the [`Mailbox`](crate::hub::Mailbox)'s
//! business.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker, ready};

use axum::Extension;
use axum::middleware::AddExtension;
use axum_server::accept::Accept;
use bytes::{Buf, Bytes};
use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tower_layer::Layer;

use crate::hub::lock;

/// Writes to a client.
#[derive(Clone)]
pub(crate) struct Outlet(Arc<Mutex<dyn AsyncWrite + Send + Unpin>>);

impl Outlet {
    /// Writes what goes out at once. Returns what is left for [`Self::poll_finish`]: it may be nothing but the
    /// promise that all of it has gone.
    pub(crate) fn try_write(&self, bytes: &Bytes) -> Option<Bytes> {
        let mut left = bytes.clone();
        // Nobody is woken: what is left is finished by somebody who waits for it.
        match self.poll_finish(&mut Context::from_waker(Waker::noop()), &mut left) {
            Poll::Ready(Ok(())) => None,
            // Whoever finishes it gets the same fault.
            Poll::Ready(Err(_)) | Poll::Pending => Some(left),
        }
    }

    /// Writes what is left and makes sure that it goes out.
    pub(crate) fn poll_finish(&self, context: &mut Context<'_>, left: &mut Bytes) -> Poll<io::Result<()>> {
        let mut socket = lock(&self.0);
        while !left.is_empty() {
            let written = ready!(Pin::new(&mut *socket).poll_write(context, left))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            left.advance(written);
        }
        Pin::new(&mut *socket).poll_flush(context)
    }
}

/// A message as a server sends it, byte by byte; the same for every client.
pub(crate) fn frame(message: &[u8]) -> Bytes {
    let mut frame = Vec::new();
    add_frame(&mut frame, message);
    frame.into()
}

/// The same after others.
pub(crate) fn add_frame(frames: &mut Vec<u8>, message: &[u8]) {
    let header = FrameHeader { opcode: OpCode::Data(Data::Binary), ..FrameHeader::default() };
    let length = message.len() as u64;
    frames.reserve(header.len(length) + message.len());
    header.format(length, frames).expect("memory takes all that is written to it");
    frames.extend(message);
}

/// A connection's side of it.
pub(crate) struct Socket<S>(Arc<Mutex<S>>);

impl<S: AsyncWrite + Send + Unpin + 'static> Socket<S> {
    fn new(stream: S) -> (Self, Outlet) {
        let stream = Arc::new(Mutex::new(stream));
        (Self(stream.clone()), Outlet(stream))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Socket<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut *lock(&self.0)).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Socket<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut *lock(&self.0)).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *lock(&self.0)).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        lock(&self.0).is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *lock(&self.0)).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *lock(&self.0)).poll_shutdown(context)
    }
}

/// Accepts as another does, and hands requests the outlet of the socket that they came over.
#[derive(Clone)]
pub(crate) struct WithOutlet<A>(pub(crate) A);

impl<A, I, S> Accept<I, S> for WithOutlet<A>
where
    A: Accept<I, S>,
    A::Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    A::Future: Send + 'static,
{
    type Stream = Socket<A::Stream>;
    type Service = AddExtension<A::Service, Outlet>;
    type Future = BoxFuture<'static, io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let accepted = self.0.accept(stream, service);
        Box::pin(async move {
            let (stream, service) = accepted.await?;
            let (socket, outlet) = Socket::new(stream);
            Ok((socket, Extension(outlet).layer(service)))
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A client that takes so many bytes until it is told to take more.
    pub(crate) struct Taker {
        pub(crate) room: usize,
        pub(crate) taken: Vec<u8>,
    }

    impl AsyncWrite for Taker {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            let taken = bytes.len().min(self.room);
            if taken == 0 {
                return Poll::Pending;
            }
            self.room -= taken;
            self.taken.extend(&bytes[..taken]);
            Poll::Ready(Ok(taken))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    /// A client with room for so many bytes, and the way to it.
    pub(crate) fn taker(room: usize) -> (Arc<Mutex<Taker>>, Outlet) {
        let taker = Arc::new(Mutex::new(Taker { room, taken: Vec::new() }));
        (taker.clone(), Outlet(taker))
    }

    #[test]
    fn what_does_not_go_out_at_once_is_left_and_goes_out_later() {
        let (taker, outlet) = taker(3);
        let mut left = outlet.try_write(&Bytes::from_static(b"seven..")).unwrap();
        assert_eq!(left.as_ref(), b"en..");
        let mut context = Context::from_waker(Waker::noop());
        assert!(outlet.poll_finish(&mut context, &mut left).is_pending());
        lock(&taker).room = 9;
        assert!(matches!(outlet.poll_finish(&mut context, &mut left), Poll::Ready(Ok(()))));
        assert_eq!(lock(&taker).taken, b"seven..");
        assert!(outlet.try_write(&Bytes::from_static(b"end")).is_none());
    }

    #[test]
    fn a_frame_is_what_the_websocket_library_reads() {
        use tokio_tungstenite::tungstenite::Message;
        use tokio_tungstenite::tungstenite::protocol::{Role, WebSocket};
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            let message = vec![7; length];
            let bytes = io::Cursor::new(frame(&message).to_vec());
            let mut client = WebSocket::from_raw_socket(bytes, Role::Client, None);
            assert_eq!(client.read().unwrap(), Message::Binary(message.into()));
        }
    }
}
