//! Turns at work that only so many may do at a time. A full queue refuses at once.

use std::{sync::Arc, time::Duration};

use platform::Problem;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A queue of requests for the same kind of work.
pub struct Turns {
    turns: Arc<Semaphore>,
    /// Places for those that have a turn and those that wait for one.
    places: Arc<Semaphore>,
    patience: Duration,
    busy: &'static str,
}

/// A place in the queue. Dropped, it is free for the next.
pub struct Place {
    _permit: OwnedSemaphorePermit,
}

/// A turn, for as long as it is held.
pub struct Turn {
    _permit: OwnedSemaphorePermit,
}

impl Turns {
    /// `at_once` turns and `waiting` places besides, where a request waits for `patience`. `busy` goes to the log where one is
    /// refused.
    pub fn new(at_once: usize, waiting: usize, patience: Duration, busy: &'static str) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(at_once)),
            places: Arc::new(Semaphore::new(at_once + waiting)),
            patience,
            busy,
        }
    }

    /// A place, without waiting.
    ///
    /// # Errors
    /// 503 when there is none.
    pub fn place(&self) -> Result<Place, Problem> {
        let permit = Arc::clone(&self.places).try_acquire_owned().map_err(|_| self.refusal())?;
        Ok(Place { _permit: permit })
    }

    /// The turn of a request that has a place.
    ///
    /// # Errors
    /// 503 when it does not come in time.
    pub async fn turn(&self, _place: &Place) -> Result<Turn, Problem> {
        let permit = tokio::time::timeout(self.patience, Arc::clone(&self.turns).acquire_owned())
            .await
            .map_err(|_| self.refusal())?
            .map_err(|error| Problem::internal(error.to_string()))?;
        Ok(Turn { _permit: permit })
    }

    /// How many places are free.
    pub fn free_places(&self) -> usize {
        self.places.available_permits()
    }

    fn refusal(&self) -> Problem {
        Problem::unavailable(self.busy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns() -> Turns {
        Turns::new(1, 1, Duration::from_millis(20), "busy")
    }

    #[actix_web::test]
    async fn a_full_queue_refuses_at_once_and_a_place_that_is_left_is_free() {
        let turns = turns();
        let (first, _second) = (turns.place().unwrap(), turns.place().unwrap());

        let refused = turns.place().err().unwrap();

        assert_eq!((refused.status.as_u16(), refused.retry_after), (503, Some(1)));
        drop(first);
        assert_eq!(turns.free_places(), 1);
        assert!(turns.place().is_ok());
    }

    #[actix_web::test]
    async fn a_turn_that_does_not_come_is_not_waited_for_any_longer() {
        let turns = turns();
        let (first, second) = (turns.place().unwrap(), turns.place().unwrap());
        let held = turns.turn(&first).await.unwrap();

        assert_eq!(turns.turn(&second).await.err().unwrap().status.as_u16(), 503);

        drop(held);
        assert!(turns.turn(&second).await.is_ok());
    }
}
