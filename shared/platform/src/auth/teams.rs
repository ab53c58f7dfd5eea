//! Teams too large to travel in an identity: the gateway sends their digest, and a service fetches them once.
//!
//! A header holds some kilobytes, a team of thousands takes hundreds. The digest names the very team that the gateway
//! knows of, so that what is remembered here is as current as the gateway's own knowledge.

use std::{sync::Arc, time::Duration};

use contracts::{
    TenantId, UserId,
    identity::{ActingIn, Caller, Identity},
    internal::tenants::ListTeam,
};
use moka::future::Cache;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{client::Peers, http::problem::Problem};

/// Most people of a team that travel with each request.
pub const TRAVELLING: usize = 100;
/// How many teams are remembered.
const CAPACITY: u64 = 1_000;
/// Unused teams are evicted after this.
const REMEMBERED: Duration = Duration::from_secs(600);

/// The digest of a team, whatever the order of its people.
pub fn digest(team: &[UserId]) -> String {
    let mut people: Vec<UserId> = team.to_vec();
    people.sort_unstable();
    people.dedup();
    let mut digest = Sha256::new();
    for person in people {
        digest.update(person.0.as_bytes());
    }
    hex::encode(digest.finalize().first_chunk::<16>().copied().unwrap_or_default())
}

/// Fetches teams from tenant-service.
#[derive(Clone)]
pub struct Teams {
    peers: Peers,
    known: Cache<(TenantId, Uuid, String), Arc<Vec<UserId>>>,
}

impl Teams {
    /// Knows none yet.
    pub fn new(peers: Peers) -> Self {
        Self { peers, known: Cache::builder().max_capacity(CAPACITY).time_to_idle(REMEMBERED).build() }
    }

    /// Replaces the digest of the caller's team with the team. Does nothing when the identity contains the team.
    ///
    /// # Errors
    /// 503 when tenant-service is away and the team is not cached: an incomplete team would hide records.
    pub async fn complete(&self, identity: &mut Identity) -> Result<(), Problem> {
        let Caller::User(user) = &mut identity.who else { return Ok(()) };
        let Some(ActingIn { id, membership: Some(membership), team, team_digest: Some(digest), .. }) =
            &mut user.tenant
        else {
            return Ok(());
        };
        let key = (*id, *membership, digest.clone());
        let fetched = match self.known.get(&key).await {
            Some(known) => known,
            None => self.fetch(key).await?,
        };
        fetched.as_slice().clone_into(team);
        Ok(())
    }

    async fn fetch(&self, key: (TenantId, Uuid, String)) -> Result<Arc<Vec<UserId>>, Problem> {
        let (tenant_id, membership_id, wanted) = &key;
        let call = ListTeam { tenant_id: *tenant_id, membership_id: *membership_id };
        let team = Arc::new(self.peers.call(&call).await?);
        // Another one means that the hierarchy has changed since; the gateway will know in a moment.
        if digest(&team) == *wanted {
            self.known.insert(key, Arc::clone(&team)).await;
        }
        Ok(team)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_has_one_digest_whatever_the_order() {
        let people: Vec<UserId> = (0..3).map(|n| UserId(Uuid::from_u128(n))).collect();
        let reversed: Vec<UserId> = people.iter().rev().copied().collect();
        assert_eq!(digest(&people), digest(&reversed));
        assert_ne!(digest(&people), digest(&people[1..]));
    }
}
