//! Names and addresses of people: auth-service's, remembered briefly.

use std::{collections::HashMap, time::Duration};

use contracts::{
    UserId,
    internal::users::{DescribeUsers, UserSummary},
};
use moka::future::Cache;
use platform::{Problem, client::Peers};
use uuid::Uuid;

use super::api::{Membership, TenantUserView};

const REMEMBERED: Duration = Duration::from_secs(30);
const CAPACITY: u64 = 20_000;
/// A list does not wait longer than this for names.
const PATIENCE: Duration = Duration::from_secs(2);
/// Most people auth-service describes at once.
const BATCH: usize = 1_000;

/// Describes people.
pub struct People {
    peers: Peers,
    known: Cache<UserId, UserSummary>,
}

impl People {
    /// An empty directory.
    pub fn new(peers: Peers) -> Self {
        Self { peers, known: Cache::builder().max_capacity(CAPACITY).time_to_live(REMEMBERED).build() }
    }

    /// These memberships as they are shown. While auth-service is away, names are null for those not remembered.
    pub async fn name(&self, members: Vec<Membership>) -> Vec<TenantUserView> {
        let mut known = self.describe(members.iter().map(|member| UserId(member.user_id))).await;
        members
            .into_iter()
            .map(|member| {
                let person = known.remove(&member.user_id);
                view(member, person)
            })
            .collect()
    }

    /// One membership as it is shown.
    pub async fn name_one(&self, member: Membership) -> TenantUserView {
        let person = self.describe([UserId(member.user_id)]).await.remove(&member.user_id);
        view(member, person)
    }

    /// A person as they are now, not as they are remembered; none when auth-service does not know them.
    ///
    /// # Errors
    /// 503 when it is away.
    pub async fn ask(&self, person: UserId) -> Result<Option<UserSummary>, Problem> {
        let described = self.peers.call(&DescribeUsers { user_ids: vec![person] }).await?;
        Ok(described.into_iter().find(|described| described.id == person))
    }

    /// What others call a person: their name, or else their address.
    pub async fn called(&self, person: UserId) -> Option<String> {
        let person = self.describe([person]).await.remove(&person.0)?;
        let names: Vec<String> = [person.first_name, person.last_name].into_iter().flatten().collect();
        Some(if names.is_empty() { person.email } else { names.join(" ") })
    }

    async fn describe(&self, people: impl IntoIterator<Item = UserId>) -> HashMap<Uuid, UserSummary> {
        let (mut found, mut unknown) = (HashMap::new(), Vec::new());
        for person in people {
            match self.known.get(&person).await {
                Some(summary) => {
                    found.insert(person.0, summary);
                }
                None => unknown.push(person),
            }
        }
        let asking = async {
            for batch in unknown.chunks(BATCH) {
                for person in self.peers.call(&DescribeUsers { user_ids: batch.to_vec() }).await? {
                    self.known.insert(person.id, person.clone()).await;
                    found.insert(person.id.0, person);
                }
            }
            Ok::<_, platform::client::CallError>(())
        };
        match tokio::time::timeout(PATIENCE, asking).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "members are shown without names"),
            Err(_) => tracing::warn!("members are shown without names: auth-service takes too long"),
        }
        found
    }
}

fn view(member: Membership, person: Option<UserSummary>) -> TenantUserView {
    let (email, first_name, last_name) =
        person.map_or((None, None, None), |person| (Some(person.email), person.first_name, person.last_name));
    TenantUserView {
        id: member.id,
        user_id: member.user_id,
        email,
        first_name,
        last_name,
        role: member.role,
        data_scope: member.data_scope,
        department: member.department,
        branch_id: member.branch_id,
        reports_to: member.reports_to,
        status: member.status,
        joined_at: member.joined_at,
        invited_by: member.invited_by,
        version: member.version,
        created_at: member.created_at,
        updated_at: member.updated_at,
    }
}
