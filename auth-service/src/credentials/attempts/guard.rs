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
    domain::{Kind, Subjects, Tries, network},
    spent::Spent,
    store,
};
use crate::{
    security_events::{self, SecurityEvent},
    users::User,
};

const PLACES: usize = 1_024;
/// How long an attempt waits for those before it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where attempts of one kind queue. Attempts that differ may share a place; they then only wait for each other.
struct Places {
    tries: Tries,
    places: Vec<Mutex<()>>,
}

impl Places {
    fn new(tries: Tries) -> Self {
        Self { tries, places: (0..PLACES).map(|_| Mutex::new(())).collect() }
    }
}

/// The guard of everything that guesses, hashes or mails. Guesses and requests have places of their own, so that no sign-in waits
/// for a registration.
pub struct Guard {
    guesses: Places,
    requests: Places,
    registrations: Spent,
}

/// An attempt that was admitted.
pub struct Attempt<'g> {
    kind: Kind,
    tries: Tries,
    subjects: Subjects,
    address: Option<&'g str>,
    /// What remembers the refusal of its address, for a registration.
    spent: Option<&'g Spent>,
    _turn: MutexGuard<'g, ()>,
}

impl Guard {
    /// With these limits.
    pub fn new(guesses: Tries, requests: Tries) -> Self {
        Self {
            guesses: Places::new(guesses),
            requests: Places::new(requests),
            registrations: Spent::default(),
        }
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
        let subjects = Subjects::counted(Kind::Guesses, account, address);
        self.turn(Kind::Guesses, subjects, address).await
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
        let subjects = Subjects::counted(Kind::Requests, account, address);
        self.turn(Kind::Requests, subjects, address).await
    }

    /// The same for a registration, which is refused at once while its address is remembered as refused.
    ///
    /// # Errors
    /// 429 or 503, as the address was refused before; 503 when too many wait.
    pub async fn registration<'g>(
        &'g self,
        account: &str,
        address: Option<&'g str>,
    ) -> Result<Attempt<'g>, Problem> {
        let subjects = Subjects::counted(Kind::Requests, account, address);
        if let Some(address) = &subjects.address {
            self.registrations.check(address).await?;
        }
        let attempt = self.turn(Kind::Requests, subjects, address).await?;
        Ok(Attempt { spent: Some(&self.registrations), ..attempt })
    }

    async fn turn<'g>(
        &'g self,
        kind: Kind,
        subjects: Subjects,
        address: Option<&'g str>,
    ) -> Result<Attempt<'g>, Problem> {
        let Places { tries, places } = match kind {
            Kind::Guesses => &self.guesses,
            Kind::Requests => &self.requests,
        };
        let [first, second, ..] = subjects.pair;
        let place = usize::from(u16::from_le_bytes([first, second])) % PLACES;
        let place = places.get(place).ok_or_else(|| Problem::internal("there is no such place"))?;
        let turn = tokio::time::timeout(PATIENCE, place.lock())
            .await
            .map_err(|_| Problem::unavailable("too many attempts at one account wait"))?;
        // Text that is no address says nothing of where a session was begun.
        let address = address.filter(|address| network(address).is_some());
        Ok(Attempt { kind, tries: *tries, subjects, address, spent: None, _turn: turn })
    }
}

impl Attempt<'_> {
    /// Whether it may be made at all, by what was counted of its account and of its address. `user` is the account, if it exists:
    /// what others do does not keep its owner from an address that it was used from before.
    ///
    /// # Errors
    /// 429.
    pub async fn judge(&self, tx: &mut GlobalTx<'_>, user: Option<&User>) -> Result<(), Problem> {
        let counts = store::counts(tx, &self.subjects).await?;
        let is_familiar = match (user, self.address) {
            (Some(user), Some(address)) => store::is_familiar(tx, user.id, address).await?,
            _ => false,
        };
        let waits = counts.waits(self.tries, is_familiar);
        if let Some(wait) = waits.address {
            self.note_refusal(&self.kind.throttled(wait));
        }
        waits.whole.map_or(Ok(()), |wait| Err(self.kind.throttled(wait)))
    }

    /// Admits a request and counts it. `user` is the account that it concerns, if any.
    ///
    /// # Errors
    /// 429; then it is not counted.
    pub async fn admit(&self, tx: &mut GlobalTx<'_>, user: Option<&User>) -> Result<(), Problem> {
        self.judge(tx, user).await?;
        store::record(tx, &self.subjects.forgotten(self.kind, self.tries)).await?;
        Ok(())
    }

    /// The refusal of a registration that found no room, which is repeated to its address for a moment.
    pub fn shed(&self, problem: Problem) -> Problem {
        self.note_refusal(&problem);
        problem
    }

    fn note_refusal(&self, problem: &Problem) {
        if let (Some(spent), Some(address)) = (self.spent, self.subjects.address) {
            spent.note(address, problem);
        }
    }

    /// The secret was wrong. `person` is the owner of the account, if it exists.
    ///
    /// # Errors
    /// 503 when the database is away.
    pub async fn failed(&self, db: &Db, person: Option<UserId>, reason: &str) -> Result<(), Problem> {
        db.in_global(async |tx| {
            store::record(tx, &self.subjects.forgotten(self.kind, self.tries)).await?;
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
