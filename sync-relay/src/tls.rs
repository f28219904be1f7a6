//! The relay's own certificate: read at the start, and anew whenever its files are not what they were.
//!
//! The files are looked at when somebody connects, which costs far less than what follows. A renewal that does not
//! read, such as a certificate whose key has not been written yet, leaves the one before in use.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tracing::{info, warn};

use crate::config::Tls;

/// What clients may ask for on top: a WebSocket begins as HTTP/1.1.
const PROTOCOLS: &[&[u8]] = &[b"http/1.1"];

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file is not there, or is no PEM file of what it should have.
    #[error("{file} cannot be used: {source}")]
    File {
        /// Which.
        file: String,
        /// Why.
        source: rustls::pki_types::pem::Error,
    },
    /// There is no certificate in its file.
    #[error("{0} has no certificate in it")]
    Empty(String),
    /// The two do not go together.
    #[error("{certificate} and {key} cannot be used together: {source}")]
    Pair {
        /// The certificate's file.
        certificate: String,
        /// The key's file.
        key: String,
        /// Why.
        source: rustls::Error,
    },
}

/// How connections are encrypted.
pub(crate) fn server_config(tls: &Tls) -> Result<Arc<ServerConfig>, TlsError> {
    // Another part of the same program may have chosen already; either choice is good.
    rustls::crypto::ring::default_provider().install_default().ok();
    let mut config =
        ServerConfig::builder().with_no_client_auth().with_cert_resolver(Arc::new(Certificate::read(tls)?));
    config.alpn_protocols = PROTOCOLS.iter().map(|it| it.to_vec()).collect();
    Ok(Arc::new(config))
}

/// When a file was written and how long it is.
type Mark = (Option<SystemTime>, u64);

/// The certificate and where it is from.
#[derive(Debug)]
struct Certificate {
    tls: Tls,
    read: Mutex<Read>,
}

/// What was read, and the marks of the files that were looked at last.
#[derive(Debug)]
struct Read {
    marks: [Mark; 2],
    key: Arc<CertifiedKey>,
}

impl Certificate {
    fn read(tls: &Tls) -> Result<Self, TlsError> {
        // Marked before it is read: what is written in between is read again.
        let marks = marks(tls);
        let key = Arc::new(read(tls)?);
        Ok(Self { tls: tls.clone(), read: Mutex::new(Read { marks, key }) })
    }

    fn current(&self) -> Arc<CertifiedKey> {
        let marks = marks(&self.tls);
        // Whoever panicked here has left a certificate that was good.
        let mut known = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if known.marks != marks {
            known.marks = marks;
            match read(&self.tls) {
                Ok(key) => {
                    known.key = Arc::new(key);
                    info!("took up a new certificate");
                }
                Err(error) => warn!(%error, "goes on with the certificate that it had"),
            }
        }
        known.key.clone()
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

fn marks(tls: &Tls) -> [Mark; 2] {
    [&tls.certificate_file, &tls.key_file].map(|file| {
        let known = fs::metadata(file);
        known.map_or((None, 0), |it| (it.modified().ok(), it.len()))
    })
}

fn read(tls: &Tls) -> Result<CertifiedKey, TlsError> {
    let name = |file: &Path| file.display().to_string();
    let unusable = |file: &Path| {
        let file = name(file);
        move |source| TlsError::File { file, source }
    };
    let (certificate, key) = (&tls.certificate_file, &tls.key_file);
    let chain = CertificateDer::pem_file_iter(certificate).map_err(unusable(certificate))?;
    let chain: Vec<_> = chain.collect::<Result<_, _>>().map_err(unusable(certificate))?;
    if chain.is_empty() {
        return Err(TlsError::Empty(name(certificate)));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(unusable(key))?;
    let provider = CryptoProvider::get_default().cloned();
    let provider = provider.unwrap_or_else(|| Arc::new(rustls::crypto::ring::default_provider()));
    CertifiedKey::from_der(chain, secret, &provider).map_err(|source| TlsError::Pair {
        certificate: name(certificate),
        key: name(key),
        source,
    })
}
