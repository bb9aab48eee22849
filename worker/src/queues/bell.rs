//! Wakes an idle apalis worker of this process as soon as a ticket for it lies there, instead of at its next poll.

use apalis::prelude::{PollSnapshot, PollStrategy};
use futures::task::AtomicWaker;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

/// A bell of one queue. It outlives the workers, which come and go.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bell(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    rung: AtomicBool,
    waker: AtomicWaker,
}

impl Bell {
    /// Wakes whoever listens now or next.
    pub(crate) fn ring(&self) {
        self.0.rung.store(true, Ordering::Release);
        self.0.waker.wake();
    }
}

impl PollStrategy for Bell {
    fn poll_drive(&mut self, cx: &mut Context<'_>, _: &PollSnapshot) -> Poll<Option<()>> {
        self.0.waker.register(cx.waker());
        if self.0.rung.swap(false, Ordering::AcqRel) {
            Poll::Ready(Some(()))
        } else {
            Poll::Pending
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Bell;
    use apalis::prelude::{PollSnapshot, PollStrategy};
    use std::future::poll_fn;

    #[tokio::test]
    async fn a_ring_before_listening_is_heard() {
        let mut bell = Bell::default();
        bell.ring();
        assert_eq!(poll_fn(|cx| bell.poll_drive(cx, &PollSnapshot::new())).await, Some(()));
    }

    #[tokio::test]
    async fn a_ring_while_listening_is_heard() {
        let bell = Bell::default();
        let mut ear = bell.clone();
        let heard = tokio::spawn(async move { poll_fn(|cx| ear.poll_drive(cx, &PollSnapshot::new())).await });
        tokio::task::yield_now().await;
        bell.ring();
        assert_eq!(heard.await.expect("the listener lives"), Some(()));
    }
}
