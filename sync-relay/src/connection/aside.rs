//! What a connection waits for besides its mail: its client, and time.
//!
//! Mail is by far the most frequent reason to wake up. To look at the socket and at the clock each time as well would
//! cost more than to send what has come, so these have a waker of their own that remembers whether it was used.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};

use futures_util::task::AtomicWaker;

/// Something that is looked at only when it has called.
pub(super) struct Aside {
    called: Arc<Called>,
    waker: Waker,
}

struct Called {
    has_called: AtomicBool,
    task: AtomicWaker,
}

impl Wake for Called {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.has_called.store(true, Ordering::Release);
        self.task.wake();
    }
}

impl Aside {
    /// To be looked at once at first.
    pub(super) fn new() -> Self {
        let called = Arc::new(Called { has_called: AtomicBool::new(true), task: AtomicWaker::new() });
        Self { waker: called.clone().into(), called }
    }

    /// Has it looked at again, whether it calls or not: after it gave something, since there may be more.
    pub(super) fn look_again(&self) {
        self.called.has_called.store(true, Ordering::Release);
    }

    /// The context to look at it in, if there is something to look at; else `task` is woken once there is.
    pub(super) fn context(&self, task: &Context<'_>) -> Option<Context<'_>> {
        self.called.task.register(task.waker());
        self.called.has_called.swap(false, Ordering::AcqRel).then(|| Context::from_waker(&self.waker))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_looked_at_first_and_then_only_when_it_calls() {
        let task = Context::from_waker(Waker::noop());
        let aside = Aside::new();
        let waker = aside.context(&task).unwrap().waker().clone();
        assert!(aside.context(&task).is_none());
        waker.wake_by_ref();
        waker.wake_by_ref();
        assert!(aside.context(&task).is_some());
        assert!(aside.context(&task).is_none());
        aside.look_again();
        assert!(aside.context(&task).is_some());
    }

    #[test]
    fn whoever_is_polled_last_is_woken() {
        struct Count(std::sync::atomic::AtomicUsize);
        impl Wake for Count {
            fn wake(self: Arc<Self>) {
                self.0.fetch_add(1, Ordering::Relaxed);
            }
        }
        let count = Arc::new(Count(0.into()));
        let (aside, waker) = (Aside::new(), Waker::from(count.clone()));
        let inner = aside.context(&Context::from_waker(&waker)).unwrap().waker().clone();
        inner.wake();
        assert_eq!(count.0.load(Ordering::Relaxed), 1);
    }
}
