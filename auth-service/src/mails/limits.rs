//! Limits on mails per address over all senders, and per tenant.
//!
//! All mails to an address count, but each sender may use a share only: what tenants write leaves room for the links that
//! an address's owner requests, and both leave room for what the platform sends.

use std::time::Duration;

use contracts::TenantId;
use diesel::{
    QueryResult, QueryableByName,
    sql_types::{BigInt, Double, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, GlobalTx};

use super::domain::{EmailTemplate, Sender};

/// Mails of one kind that an address may get on request within an hour.
const LINKS_PER_HOUR: i64 = 5;

/// How many mails at most.
#[derive(Clone, Copy, Debug)]
pub struct MailLimits {
    /// To one address within an hour.
    pub per_address_and_hour: u32,
    /// To one address within a day.
    pub per_address_and_day: u32,
    /// On behalf of one tenant within a day.
    pub per_tenant_and_day: u32,
}

impl Sender {
    /// The part of `most` that this sender may use up, at least one.
    fn share(self, most: u32) -> i64 {
        let most = i64::from(most);
        let share = match self {
            Self::Tenant(_) => most / 2,
            Self::Anyone => most * 4 / 5,
            Self::Platform => most,
        };
        share.max(1)
    }
}

#[derive(QueryableByName)]
struct Wait {
    #[diesel(sql_type = Nullable<Double>)]
    seconds: Option<f64>,
}

impl MailLimits {
    /// How long to wait until another such mail may go to this address; none when it may now. One after the other for an
    /// address until the transaction ends, so that those who come at once count.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn wait(
        &self,
        tx: &mut GlobalTx<'_>,
        to: &str,
        template: &EmailTemplate,
    ) -> QueryResult<Option<Duration>> {
        let sender = template.sender();
        if let Sender::Tenant(Some(tenant)) = sender {
            lock(tx, &tenant.to_string()).await?;
        }
        lock(tx, to).await?;
        let template = (sender == Sender::Anyone).then(|| template.name());
        self.look_up(tx, to, sender, template).await
    }

    /// The same for a mail of a tenant that is yet to be written. Another may come between.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn wait_for_tenant(
        &self,
        tx: &mut GlobalTx<'_>,
        to: &str,
        tenant: TenantId,
    ) -> QueryResult<Option<Duration>> {
        self.look_up(tx, to, Sender::Tenant(Some(tenant)), None).await
    }

    /// A window is full while the n-th newest mail lies within it.
    async fn look_up(
        &self,
        tx: &mut GlobalTx<'_>,
        to: &str,
        sender: Sender,
        template: Option<&str>,
    ) -> QueryResult<Option<Duration>> {
        let tenant = match sender {
            Sender::Tenant(tenant) => tenant,
            Sender::Anyone | Sender::Platform => None,
        };
        let wait: Wait = diesel::sql_query(
            "SELECT extract(epoch FROM greatest( \
             (SELECT created_at + interval '1 hour' FROM mails WHERE recipient = $1 \
              ORDER BY created_at DESC OFFSET $2 - 1 LIMIT 1), \
             (SELECT created_at + interval '1 day' FROM mails WHERE recipient = $1 \
              ORDER BY created_at DESC OFFSET $3 - 1 LIMIT 1), \
             (SELECT created_at + interval '1 hour' FROM mails WHERE recipient = $1 AND template = $4 \
              ORDER BY created_at DESC OFFSET $5 - 1 LIMIT 1), \
             (SELECT created_at + interval '1 day' FROM mails WHERE sender_tenant = $6 \
              ORDER BY created_at DESC OFFSET $7 - 1 LIMIT 1)) - clock_timestamp())::float8 AS seconds",
        )
        .bind::<Text, _>(to)
        .bind::<BigInt, _>(sender.share(self.per_address_and_hour))
        .bind::<BigInt, _>(sender.share(self.per_address_and_day))
        .bind::<Nullable<Text>, _>(template)
        .bind::<BigInt, _>(LINKS_PER_HOUR)
        .bind::<Nullable<SqlUuid>, _>(tenant.map(|tenant| tenant.0))
        .bind::<BigInt, _>(i64::from(self.per_tenant_and_day.max(1)))
        .cached()
        .get_result(&mut **tx)
        .await?;
        let seconds = wait.seconds.filter(|seconds| *seconds > 0.0);
        Ok(seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()))
    }
}

async fn lock(tx: &mut GlobalTx<'_>, subject: &str) -> QueryResult<usize> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended('mails ' || $1, 0))")
        .bind::<Text, _>(subject)
        .cached()
        .execute(&mut **tx)
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sender_leaves_room_for_those_that_matter_more_to_an_addresss_owner() {
        let shares = [Sender::Tenant(None), Sender::Anyone, Sender::Platform].map(|sender| sender.share(20));
        assert_eq!(shares, [10, 16, 20]);
        assert_eq!(Sender::Tenant(None).share(1), 1);
    }
}
