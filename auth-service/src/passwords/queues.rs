//! Queues for password hashing, one per purpose, so that registrations do not delay sign-ins.

use std::{sync::Arc, time::Duration};

use platform::Problem;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Requests that may wait for each turn.
const WAITING: usize = 16;
/// The same for signing in, which is shed last.
const WAITING_TO_SIGN_IN: usize = 128;

/// What a password is hashed for.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// Signing in.
    SignIn,
    /// A change by a caller with a checked session or mailed token.
    Owner,
    /// A registration, which is public.
    Registration,
}

/// A queue for each purpose. Turns of one are never taken by another, so that no flood of one kind holds up the rest.
pub struct Queues {
    sign_in: Queue,
    owner: Queue,
    registration: Queue,
}

struct Queue {
    turns: Arc<Semaphore>,
    /// Places for those who have a turn and those who wait for one.
    places: Semaphore,
    patience: Duration,
}

impl Queue {
    fn new(turns: usize, waiting: usize, patience: Duration) -> Self {
        let places = Semaphore::new(turns + turns * waiting);
        Self { turns: Arc::new(Semaphore::new(turns)), places, patience }
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let busy = || Problem::unavailable("too many passwords wait to be hashed");
        // A full queue refuses at once.
        let _place = self.places.try_acquire().map_err(|_| busy())?;
        let turn: OwnedSemaphorePermit =
            tokio::time::timeout(self.patience, Arc::clone(&self.turns).acquire_owned())
                .await
                .map_err(|_| busy())?
                .map_err(|error| Problem::internal(error.to_string()))?;
        // The turn goes with the work: a caller that gives up does not end the hashing.
        let working = tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(turn);
            outcome
        });
        working.await.map_err(|error| Problem::internal(format!("hashing ended early: {error}")))
    }
}

impl Queues {
    /// For a machine with this many cores: signing in may use all of them, everything else half of them at most.
    pub fn of(cores: usize) -> Self {
        let some = (cores / 2).max(1);
        Self {
            sign_in: Queue::new(cores.max(1), WAITING_TO_SIGN_IN, Duration::from_secs(5)),
            owner: Queue::new(some, WAITING, Duration::from_secs(2)),
            registration: Queue::new(some, WAITING, Duration::from_secs(2)),
        }
    }

    /// Runs `work`, which takes a core for a while, when it is its turn.
    ///
    /// # Errors
    /// 503 when too many wait for the same.
    pub async fn run<T: Send + 'static>(
        &self,
        purpose: Purpose,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let queue = match purpose {
            Purpose::SignIn => &self.sign_in,
            Purpose::Owner => &self.owner,
            Purpose::Registration => &self.registration,
        };
        queue.run(work).await
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        sync::mpsc,
        task::{Context, Poll, Waker},
    };

    use super::*;

    /// Polls once: `work` waits for something that does not come by itself.
    fn begin<F: Future>(work: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        work.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[actix_web::test]
    async fn a_full_queue_refuses_at_once_and_holds_up_no_other() {
        let queues = Queues::of(1);
        let (let_go, held) = mpsc::channel::<()>();
        let mut working = pin!(queues.run(Purpose::Registration, move || held.recv().is_err()));
        assert!(begin(working.as_mut()).is_pending());
        let mut waiting: Vec<_> =
            (0..WAITING).map(|_| Box::pin(queues.run(Purpose::Registration, || true))).collect();
        for one in &mut waiting {
            assert!(begin(one.as_mut()).is_pending());
        }

        let refused = queues.run(Purpose::Registration, || true).await.unwrap_err();

        assert_eq!((refused.status.as_u16(), refused.retry_after), (503, Some(1)));
        assert!(
            queues.run(Purpose::SignIn, || true).await.unwrap(),
            "signing in does not wait for registrations"
        );
        assert!(queues.run(Purpose::Owner, || true).await.unwrap(), "and neither does changing a password");
        drop(let_go);
        assert!(working.await.unwrap());
        for one in waiting {
            assert!(one.await.unwrap());
        }
        assert!(queues.run(Purpose::Registration, || true).await.unwrap(), "there is room again");
    }

    #[actix_web::test]
    async fn a_caller_that_gives_up_frees_its_place_and_the_work_keeps_its_turn() {
        let queues = Queues::of(1);
        let (let_go, held) = mpsc::channel::<()>();
        let mut working = Box::pin(queues.run(Purpose::Owner, move || held.recv().is_err()));
        assert!(begin(working.as_mut()).is_pending());
        drop(working);
        let mut next = pin!(queues.run(Purpose::Owner, || true));

        assert!(begin(next.as_mut()).is_pending(), "the abandoned work still runs");
        assert_eq!(queues.owner.places.available_permits(), WAITING, "but no request waits for it");

        drop(let_go);
        assert!(next.await.unwrap());
    }
}
