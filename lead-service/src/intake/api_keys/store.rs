//! API keys in the database.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, QueryableByName,
    SelectableHelper,
    sql_types::{Array, BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::Cacheable;
use platform::{
    Problem,
    db::{self, SystemTx, TenantTx, Visibility},
    http::list::Criteria,
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    api::ApiKeyView,
    domain::{AddressToken, ApiKeyFields, ApiKeyKind, DuplicatePolicy, KeyText},
    doors::Rules,
};
use crate::schema::api_keys::dsl;

/// One stretch of the list.
pub async fn page(
    tx: &mut TenantTx<'_>,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<ApiKeyView>), Problem> {
    db::list::load(tx, criteria, &Visibility::All).await
}

/// Adds one.
pub async fn insert(
    tx: &mut TenantTx<'_>,
    fields: &ApiKeyFields,
    key: &KeyText,
    by: UserId,
) -> QueryResult<ApiKeyView> {
    diesel::insert_into(dsl::api_keys)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            dsl::prefix.eq(&key.prefix),
            dsl::sha256.eq(&key.digest[..]),
            fields,
        ))
        .returning(ApiKeyView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Reads one.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<ApiKeyView> {
    dsl::api_keys
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(ApiKeyView::as_select())
        .first(&mut **tx)
        .await
}

/// What a key says of its submissions, whether or not it was deleted; none of one that never was.
pub async fn rules(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<Option<Rules>> {
    let key = dsl::api_keys.filter(dsl::id.eq(id)).select((
        dsl::strict,
        dsl::duplicate_policy,
        dsl::kind,
        dsl::allowed_origins,
    ));
    let key: Option<(bool, DuplicatePolicy, ApiKeyKind, Vec<String>)> =
        key.first(&mut **tx).await.optional()?;
    Ok(key.map(|(strict, policy, kind, allowed_origins)| Rules { id, strict, policy, kind, allowed_origins }))
}

/// Reads one that is about to change.
pub async fn lock(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<ApiKeyView> {
    dsl::api_keys
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(ApiKeyView::as_select())
        .for_update()
        .first(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &ApiKeyFields) -> QueryResult<ApiKeyView> {
    diesel::update(dsl::api_keys.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(ApiKeyView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Gives one a new text; the old one stops working.
pub async fn set_text(tx: &mut TenantTx<'_>, id: Uuid, key: &KeyText) -> QueryResult<ApiKeyView> {
    diesel::update(dsl::api_keys.filter(dsl::id.eq(id)))
        .set((
            dsl::prefix.eq(&key.prefix),
            dsl::sha256.eq(&key.digest[..]),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(ApiKeyView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Gives one a new address. The one before goes on until then.
pub async fn set_address(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    token: &AddressToken,
    until: Option<DateTime<Utc>>,
) -> QueryResult<ApiKeyView> {
    diesel::update(dsl::api_keys.filter(dsl::id.eq(id)))
        .set((
            dsl::previous_address_sha256.eq(dsl::address_sha256),
            dsl::previous_address_until.eq(until),
            dsl::address_sha256.eq(&token.digest[..]),
            dsl::address_made_at.eq(Utc::now()),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(ApiKeyView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Takes one's addresses away.
pub async fn clear_address(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<ApiKeyView> {
    diesel::update(dsl::api_keys.filter(dsl::id.eq(id)))
        .set((
            dsl::previous_address_sha256.eq(None::<Vec<u8>>),
            dsl::previous_address_until.eq(None::<DateTime<Utc>>),
            dsl::address_sha256.eq(None::<Vec<u8>>),
            dsl::address_made_at.eq(None::<DateTime<Utc>>),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(ApiKeyView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Revokes one.
pub async fn revoke(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<ApiKeyView> {
    let now = Utc::now();
    diesel::update(dsl::api_keys.filter(dsl::id.eq(id)))
        .set((dsl::revoked_at.eq(now), dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(now)))
        .returning(ApiKeyView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Deletes one softly.
pub async fn archive(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<usize> {
    let now = Utc::now();
    diesel::update(dsl::api_keys.filter(dsl::id.eq(id)))
        .set((dsl::deleted_at.eq(now), dsl::updated_at.eq(now), dsl::version.eq(dsl::version + 1)))
        .execute(&mut **tx)
        .await
}

/// A key as ingest needs it, with the state of its tenant.
#[derive(Clone, Debug, QueryableByName)]
pub struct KnownKey {
    /// The key.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Owning tenant.
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: Uuid,
    /// Kind of the key.
    #[diesel(sql_type = Text)]
    pub kind: ApiKeyKind,
    /// What it may do.
    #[diesel(sql_type = Array<Text>)]
    pub scopes: Vec<String>,
    /// Where browsers may use it.
    #[diesel(sql_type = Array<Text>)]
    pub allowed_origins: Vec<String>,
    /// Submissions per second.
    #[diesel(sql_type = Nullable<diesel::sql_types::Integer>)]
    pub rate_limit: Option<i32>,
    /// Policy for known persons.
    #[diesel(sql_type = Text)]
    pub duplicate_policy: DuplicatePolicy,
    /// Whether a submission is refused for every fault.
    #[diesel(sql_type = diesel::sql_types::Bool)]
    pub strict: bool,
    /// When it stops working.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub revoked_at: Option<DateTime<Utc>>,
    /// What its form calls its fields, where that is known: the row of its mapping.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub form: Option<Value>,
    /// State of the tenant; none when this service does not know it.
    #[diesel(sql_type = Nullable<Text>)]
    pub tenant_status: Option<String>,
}

/// A key with its form and the state of its tenant, in any tenant.
const KNOWN: &str = "SELECT k.id, k.tenant_id, k.kind, k.scopes, k.allowed_origins, k.rate_limit, k.duplicate_policy, k.strict, k.expires_at, \
     k.revoked_at, to_jsonb(f) AS form, t.status AS tenant_status FROM api_keys k LEFT JOIN tenant_states t USING (tenant_id) \
     LEFT JOIN form_mappings f ON f.api_key_id = k.id";

/// The key with a text of this digest.
pub async fn find_by_digest(tx: &mut SystemTx<'_>, digest: &[u8; 32]) -> QueryResult<Option<KnownKey>> {
    diesel::sql_query(format!("{KNOWN} WHERE k.sha256 = $1 AND k.deleted_at IS NULL"))
        .bind::<diesel::sql_types::Bytea, _>(&digest[..])
        .cached()
        .get_result(&mut **tx)
        .await
        .optional()
}

/// The key with an address of this digest.
pub async fn find_by_address(tx: &mut SystemTx<'_>, digest: &[u8; 32]) -> QueryResult<Option<KnownKey>> {
    diesel::sql_query(format!(
        "{KNOWN} WHERE k.deleted_at IS NULL AND (k.address_sha256 = $1 \
         OR k.previous_address_sha256 = $1 AND k.previous_address_until > now())"
    ))
    .bind::<diesel::sql_types::Bytea, _>(&digest[..])
    .cached()
    .get_result(&mut **tx)
    .await
    .optional()
}

/// Adds what was counted since the last time.
pub async fn add_usage(tx: &mut SystemTx<'_>, counted: &[(Uuid, i64, DateTime<Utc>)]) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE api_keys k SET use_count = k.use_count + c.uses, last_used_at = greatest(k.last_used_at, c.at) \
         FROM unnest($1, $2, $3) AS c(id, uses, at) WHERE k.id = c.id",
    )
    .bind::<Array<SqlUuid>, _>(counted.iter().map(|(id, _, _)| *id).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(counted.iter().map(|(_, uses, _)| *uses).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(counted.iter().map(|(_, _, at)| *at).collect::<Vec<_>>()).cached().execute(&mut **tx)
    .await
}
