//! Mails in the database.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, QueryDsl, QueryResult, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    auth::seal::SealingKeys,
    db::{Cacheable, GlobalTx, SystemTx},
};
use uuid::Uuid;

use super::{
    content,
    domain::{Content, NewMail, Queued, Sender},
};
use crate::{
    deps::Deps,
    schema::{mails, mails::dsl},
};

/// How long a mail is remembered, to see what became of it.
const KEPT: &str = "30 days";

/// A mail as the development mailbox shows it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = mails, check_for_backend(diesel::pg::Pg))]
pub struct MailRow {
    /// Its id.
    pub id: Uuid,
    /// The address.
    pub recipient: String,
    /// Which mail it is.
    pub template: String,
    /// What it says, sealed; gone once it was sent.
    pub content: Option<Vec<u8>>,
    /// What became of it.
    pub status: String,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
}

fn sealed_for(id: Uuid) -> String {
    format!("mails/{id}")
}

/// Queues a mail, unless too many go to its address or on behalf of its tenant.
///
/// # Errors
/// 500 when it cannot be written down.
pub async fn queue(tx: &mut GlobalTx<'_>, deps: &Deps, new: &NewMail<'_>) -> Result<Queued, Problem> {
    let known = diesel::dsl::exists(dsl::mails.filter(dsl::id.eq(new.id)).select(dsl::id));
    if diesel::select(known).get_result(&mut **tx).await? {
        return Ok(Queued::Known);
    }
    if let Some(wait) = deps.mail_limits.wait(tx, new.to, new.template).await? {
        tracing::warn!(
            mail.id = %new.id,
            template = new.template.name(),
            wait_seconds = wait.as_secs(),
            "a mail is not queued: too many go to its address or on behalf of its tenant"
        );
        return Ok(Queued::Full(wait));
    }
    let tenant = match new.template.sender() {
        Sender::Tenant(tenant) => tenant.map(|tenant| tenant.0),
        Sender::Anyone | Sender::Platform => None,
    };
    let content = serde_json::to_vec(&content::write(new.template));
    let content = content.map_err(|error| Problem::internal(error.to_string()))?;
    let queued = diesel::insert_into(dsl::mails)
        .values((
            dsl::id.eq(new.id),
            dsl::user_id.eq(new.user.map(|user| user.0)),
            dsl::recipient.eq(new.to),
            dsl::template.eq(new.template.name()),
            dsl::sender_tenant.eq(tenant),
            dsl::content.eq(deps.sealing.seal(&content, &sealed_for(new.id))),
            dsl::expires_at.eq(new.template.expires_at()),
        ))
        .on_conflict_do_nothing()
        .execute(&mut **tx)
        .await?;
    Ok(if queued == 1 { Queued::New } else { Queued::Known })
}

/// What a stored mail says.
///
/// # Errors
/// 500 when it does not open.
pub fn open(sealing: &SealingKeys, id: Uuid, sealed: &[u8]) -> Result<Content, Problem> {
    let bytes =
        sealing.open(sealed, &sealed_for(id)).map_err(|error| Problem::internal(error.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|error| Problem::internal(error.to_string()))
}

/// The newest mails, to one address if that is said.
pub async fn newest(tx: &mut SystemTx<'_>, to: Option<&str>, most: i64) -> QueryResult<Vec<MailRow>> {
    let mut query = dsl::mails.select(MailRow::as_select()).into_boxed();
    if let Some(to) = to {
        query = query.filter(dsl::recipient.eq(to.to_owned()));
    }
    query.order((dsl::created_at.desc(), dsl::id.desc())).limit(most).load(&mut **tx).await
}

/// Seals waiting mails again that were sealed with an older key. Returns their number.
///
/// # Errors
/// 500 when one does not open.
pub async fn reseal(tx: &mut SystemTx<'_>, sealing: &SealingKeys) -> Result<usize, Problem> {
    let waiting: Vec<(Uuid, Option<Vec<u8>>)> = dsl::mails
        .filter(dsl::content.is_not_null())
        .select((dsl::id, dsl::content))
        .for_update()
        .load(&mut **tx)
        .await?;
    let mut done = 0;
    for (id, sealed) in waiting {
        let sealed = sealed.unwrap_or_default();
        let resealed = sealing.resealed(&sealed, &sealed_for(id));
        if let Some(sealed) = resealed.map_err(|error| Problem::internal(error.to_string()))? {
            let row = dsl::mails.filter(dsl::id.eq(id));
            done += diesel::update(row).set(dsl::content.eq(sealed)).execute(&mut **tx).await?;
        }
    }
    Ok(done)
}

/// Ends what makes no sense to send any more, and forgets what ended long ago. Gives how many were deleted.
pub async fn forget_expired(tx: &mut SystemTx<'_>) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE mails SET status = 'expired', content = NULL, finished_at = now() \
         WHERE status = 'queued' AND expires_at <= now()",
    )
    .cached()
    .execute(&mut **tx)
    .await?;
    diesel::sql_query(format!(
        "DELETE FROM mails WHERE status <> 'queued' AND created_at < now() - interval '{KEPT}'"
    ))
    .execute(&mut **tx)
    .await
}
