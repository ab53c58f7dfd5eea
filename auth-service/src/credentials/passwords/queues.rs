//! Queues for password hashing, one per purpose, so that registrations do not delay sign-ins.

use std::time::Duration;

use platform::Problem;
use tokio::sync::watch;

use crate::turns::{Place, Turns};

/// Requests that may wait for each turn.
const WAITING: usize = 16;
/// The same for signing in, which is shed last.
const WAITING_TO_SIGN_IN: usize = 128;
/// How long a registration that has its turn lets people who sign in go first. It ends, so that registrations go on beside any
/// number of sign-ins.
const GIVES_WAY: Duration = Duration::from_millis(250);
const BUSY: &str = "too many passwords wait to be hashed";

/// What a password is hashed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    sign_in: Turns,
    owner: Turns,
    registration: Turns,
    /// How many sign-ins are under way, from their first look into the database to their answer.
    signing_in: watch::Sender<usize>,
}

/// A place in the queue of a purpose.
pub struct Reserved {
    purpose: Purpose,
    place: Place,
}

/// A sign-in that is under way.
pub struct SigningIn<'q>(&'q watch::Sender<usize>);

impl Drop for SigningIn<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|under_way| *under_way = under_way.saturating_sub(1));
    }
}

impl Queues {
    /// For a machine with this many cores: signing in may use all of them, everything else half of them at most.
    pub fn of(cores: usize) -> Self {
        let (all, some) = (cores.max(1), (cores / 2).max(1));
        let queue = |turns: usize, waiting: usize, seconds: u64| {
            Turns::new(turns, turns * waiting, Duration::from_secs(seconds), BUSY)
        };
        Self {
            sign_in: queue(all, WAITING_TO_SIGN_IN, 5),
            owner: queue(some, WAITING, 2),
            registration: queue(some, WAITING, 2),
            signing_in: watch::Sender::new(0),
        }
    }

    fn queue(&self, purpose: Purpose) -> &Turns {
        match purpose {
            Purpose::SignIn => &self.sign_in,
            Purpose::Owner => &self.owner,
            Purpose::Registration => &self.registration,
        }
    }

    /// Counts a sign-in until what is returned is dropped; registrations let it go first.
    pub fn signing_in(&self) -> SigningIn<'_> {
        self.signing_in.send_modify(|under_way| *under_way += 1);
        SigningIn(&self.signing_in)
    }

    /// A place in the queue, taken before work that would be in vain without one.
    ///
    /// # Errors
    /// 503 when the queue is full.
    pub fn reserve(&self, purpose: Purpose) -> Result<Reserved, Problem> {
        Ok(Reserved { purpose, place: self.queue(purpose).place()? })
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
        self.run_in(self.reserve(purpose)?, work).await
    }

    /// The same in a place that is reserved.
    ///
    /// # Errors
    /// 503 when the turn does not come in time.
    pub async fn run_in<T: Send + 'static>(
        &self,
        Reserved { purpose, place }: Reserved,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = self.queue(purpose).turn(&place).await?;
        if purpose == Purpose::Registration {
            self.give_way().await;
        }
        // The turn goes with the work: a caller that gives up does not end the hashing.
        let working = tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(turn);
            outcome
        });
        working.await.map_err(|error| Problem::internal(format!("hashing ended early: {error}")))
    }

    /// Waits until no sign-in is under way, but not for long.
    async fn give_way(&self) {
        let mut under_way = self.signing_in.subscribe();
        let _went_first = tokio::time::timeout(GIVES_WAY, under_way.wait_for(|count| *count == 0)).await;
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        sync::mpsc,
        task::{Context, Poll, Waker},
        time::Instant,
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
        assert!(queues.reserve(Purpose::Registration).is_err(), "no place is left to be reserved");
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
        assert_eq!(queues.owner.free_places(), WAITING, "but no request waits for it");

        drop(let_go);
        assert!(next.await.unwrap());
    }

    #[actix_web::test]
    async fn a_registration_is_not_hashed_while_a_sign_in_is_under_way_but_does_not_wait_for_ever() {
        let queues = Queues::of(2);
        let (hashed, seen) = mpsc::channel::<()>();
        let signing_in = queues.signing_in();
        let mut registering = pin!(queues.run(Purpose::Registration, move || hashed.send(()).is_ok()));

        assert!(begin(registering.as_mut()).is_pending());
        assert!(seen.try_recv().is_err(), "the sign-in goes first");
        assert!(queues.run(Purpose::SignIn, || true).await.unwrap());
        assert!(queues.run(Purpose::Owner, || true).await.unwrap());
        assert!(seen.try_recv().is_err(), "and is not over yet");

        drop(signing_in);
        assert!(registering.await.unwrap());
        assert!(seen.try_recv().is_ok());

        let _another = queues.signing_in();
        let begun = Instant::now();
        assert!(queues.run(Purpose::Registration, || true).await.unwrap());
        assert!(begun.elapsed() >= GIVES_WAY, "it waited as long as it gives way");
    }
}
