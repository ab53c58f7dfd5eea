//! Dependencies of tenant-service's handlers.

use contracts::{
    TenantId, UserId,
    invalidation::{CHANNEL, Invalidation},
};
use platform::{
    Problem,
    auth::seal::SealingKeys,
    client::Peers,
    db::Db,
    http::{Answer, Reply, context},
    redis::Redis,
};
use tokio::sync::Notify;
use url::Url;

use crate::{
    people::People,
    tenancy::{OwnHosts, Prover},
};

/// The dependencies.
pub struct Deps {
    /// The database.
    pub db: Db,
    /// Redis.
    pub redis: Redis,
    /// The other services.
    pub peers: Peers,
    /// Names of people, known to auth-service.
    pub people: People,
    /// Seals what waits to be handed over.
    pub sealing: SealingKeys,
    /// Address under which the platform is reached.
    pub public_url: Url,
    /// Address that links in mails lead to.
    pub links_url: Url,
    /// Host below which each tenant gets a name.
    pub public_host: Option<String>,
    /// Host names that no tenant can bring.
    pub own_hosts: OwnHosts,
    /// Finds the proofs of those that tenants bring.
    pub prover: Prover,
    /// Wakes the worker that publishes tenant states to the services.
    pub tenant_changed: Notify,
    /// Wakes the worker that hands mails over.
    pub mail_queued: Notify,
}

impl Deps {
    /// Invalidates cached access of this user in this tenant: of all its members without a user, of the user everywhere
    /// without a tenant. Call it after the commit.
    pub async fn forget_access(&self, tenant: impl Into<Option<TenantId>>, user: impl Into<Option<UserId>>) {
        self.publish(&Invalidation::Access { tenant_id: tenant.into(), user_id: user.into() }).await;
    }

    /// Reacts to a changed tenant state: invalidates cached access and API keys, and wakes the worker.
    pub async fn tenant_state_changed(&self, tenant: TenantId) {
        self.tenant_changed.notify_one();
        self.forget_access(tenant, None).await;
        self.forget_api_keys(tenant).await;
    }

    /// Invalidates the tenant's cached API keys, which include the tenant's state.
    pub async fn forget_api_keys(&self, tenant: TenantId) {
        self.publish(&Invalidation::ApiKeys { tenant_id: tenant }).await;
    }

    /// The answer that the request's `Idempotency-Key` was given before, for handlers of more than one transaction: the
    /// key is looked up ahead of the first and used in the last.
    ///
    /// # Errors
    /// As `Db::once`.
    pub async fn answered_before<R: Reply>(&self, tenant: TenantId) -> Result<Option<Answer<R>>, Problem> {
        const NOT_YET: &str = "not_answered_yet";
        if context::current().is_none_or(|context| context.idempotency_key.is_none()) {
            return Ok(None);
        }
        match self.db.once(tenant, async |_| Err(Problem::conflict(NOT_YET, ""))).await {
            Err(problem) if problem.code == NOT_YET => Ok(None),
            other => other.map(Some),
        }
    }

    async fn publish(&self, invalidation: &Invalidation) {
        match serde_json::to_string(invalidation) {
            Ok(message) => self.redis.publish(CHANNEL, &message).await,
            Err(error) => tracing::error!(%error, "an invalidation could not be written"),
        }
    }
}
