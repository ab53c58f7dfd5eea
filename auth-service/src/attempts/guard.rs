//! Lets attempts at one account from one address through one after the other, so that many at once count like many.
//!
//! A guess is counted when it was wrong, a request when it is let in.

use std::time::Duration;

use contracts::UserId;
use platform::{
    Problem,
    db::{Db, GlobalTx},
};
use tokio::sync::{Mutex, MutexGuard};

use super::{
    domain::{Kind, Subjects, Tries},
    store,
};
use crate::{
    security_events::{self, SecurityEvent},
    users::User,
};

const PLACES: usize = 1_024;
/// How long an attempt waits for those before it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where attempts queue. Attempts that differ may share a place; they then only wait for each other.
pub struct Guard {
    guesses: Tries,
    requests: Tries,
    places: Vec<Mutex<()>>,
}

/// An attempt that was admitted.
pub struct Attempt<'g> {
    kind: Kind,
    tries: Tries,
    subjects: Subjects,
    address: Option<&'g str>,
    _turn: MutexGuard<'g, ()>,
}

impl Guard {
    /// With these limits.
    pub fn new(guesses: Tries, requests: Tries) -> Self {
        Self { guesses, requests, places: (0..PLACES).map(|_| Mutex::new(())).collect() }
    }

    /// Waits for the turn of a guess at `account` from `address`.
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn enter<'g>(
        &'g self,
        account: &str,
        address: Option<&'g str>,
    ) -> Result<Attempt<'g>, Problem> {
        self.turn(Kind::Guesses, account, address).await
    }

    /// Waits for the turn of a request for `account` from `address` that costs a hash or sends a mail. It is to be
    /// [admitted](Attempt::admit) before either is done.
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn request<'g>(
        &'g self,
        account: &str,
        address: Option<&'g str>,
    ) -> Result<Attempt<'g>, Problem> {
        self.turn(Kind::Requests, account, address).await
    }

    async fn turn<'g>(
        &'g self,
        kind: Kind,
        account: &str,
        address: Option<&'g str>,
    ) -> Result<Attempt<'g>, Problem> {
        let subjects = Subjects::counted(kind, account, address);
        let [first, second, ..] = subjects.pair;
        let place = usize::from(u16::from_le_bytes([first, second])) % PLACES;
        let place = self.places.get(place).ok_or_else(|| Problem::internal("there is no such place"))?;
        let turn = tokio::time::timeout(PATIENCE, place.lock())
            .await
            .map_err(|_| Problem::unavailable("too many attempts at one account wait"))?;
        let tries = match kind {
            Kind::Guesses => self.guesses,
            Kind::Requests => self.requests,
        };
        Ok(Attempt { kind, tries, subjects, address, _turn: turn })
    }
}

impl Attempt<'_> {
    /// Whether it may be made at all, by what was counted before.
    ///
    /// # Errors
    /// 429.
    pub async fn judge(&self, tx: &mut GlobalTx<'_>, user: Option<&User>) -> Result<(), Problem> {
        let counts = store::counts(tx, &self.subjects).await?;
        let is_familiar = match (user, self.address) {
            (Some(user), Some(address)) => store::is_familiar(tx, user.id, address).await?,
            _ => false,
        };
        counts.judge(self.kind, self.tries, is_familiar)
    }

    /// Admits a request and counts it. `user` is the account that it concerns, if any.
    ///
    /// # Errors
    /// 429; then it is not counted.
    pub async fn admit(&self, tx: &mut GlobalTx<'_>, user: Option<&User>) -> Result<(), Problem> {
        self.judge(tx, user).await?;
        store::record(tx, self.subjects.forgotten(self.kind, self.tries)).await?;
        Ok(())
    }

    /// The secret was wrong. `person` is the owner of the account, if it exists.
    ///
    /// # Errors
    /// 503 when the database is away.
    pub async fn failed(&self, db: &Db, person: Option<UserId>, reason: &str) -> Result<(), Problem> {
        db.in_global(async |tx| {
            store::record(tx, self.subjects.forgotten(self.kind, self.tries)).await?;
            security_events::record(tx, person, &SecurityEvent::Refused { reason }).await
        })
        .await
    }

    /// The password was right: part of the transaction of what follows from that.
    ///
    /// # Errors
    /// 503 when the database is away.
    pub async fn succeeded(&self, tx: &mut GlobalTx<'_>) -> Result<(), Problem> {
        store::forgive(tx, &self.subjects).await?;
        Ok(())
    }
}
