//! Contacts in the database, beside what all entities do there.

use chrono::Utc;
use contracts::UserId;
use diesel::{
    AsChangeset, BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, QueryDsl,
    QueryResult, Queryable, Selectable, SelectableHelper, pg::Pg,
};
use diesel_async::RunQueryDsl;
use platform::db::{TenantTx, Visibility};
use uuid::Uuid;

use super::{
    api::ContactView,
    domain::{ContactFields, keys},
};
use crate::{
    duplicates,
    identity::{IdentityKey, Kind},
    schema::contacts::{self, dsl},
};

/// By what a contact is known, as it is stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = contacts, treat_none_as_null = true)]
struct ContactKeys {
    email_key: Option<String>,
    phone_key: Option<String>,
    linkedin_key: Option<String>,
}

impl ContactKeys {
    fn of(fields: &ContactFields) -> Self {
        let keys = fields.keys();
        let key = |kind: Kind| duplicates::key(&keys, kind).map(str::to_owned);
        Self { email_key: key(Kind::Email), phone_key: key(Kind::Phone), linkedin_key: key(Kind::Linkedin) }
    }
}

/// Whether a contact seems to be this person, in whatever writing.
macro_rules! same_person {
    ($fields:expr) => {{
        let keys = ContactKeys::of($fields);
        dsl::email_key
            .eq(keys.email_key)
            .or(dsl::phone_key.eq(keys.phone_key))
            .or(dsl::linkedin_key.eq(keys.linkedin_key))
            .or(dsl::email.eq(&$fields.email))
            .or(dsl::phone.eq(&$fields.phone))
            .or(dsl::linkedin_url.eq(&$fields.linkedin_url))
    }};
}

/// Contacts that seem to be the same person, in whatever writing, the oldest first. At most twenty, to be shown to people.
pub async fn alike(tx: &mut TenantTx<'_>, fields: &ContactFields) -> QueryResult<Vec<ContactView>> {
    if fields.email.is_none() && fields.phone.is_none() && fields.linkedin_url.is_none() {
        return Ok(Vec::new());
    }
    dsl::contacts
        .filter(dsl::deleted_at.is_null())
        .filter(same_person!(fields))
        .order((dsl::created_at, dsl::id))
        .limit(20)
        .select(ContactView::as_select())
        .load(&mut **tx)
        .await
}

/// What tells who a contact is and who sees it, without what else there is of it.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = contacts, check_for_backend(Pg))]
struct Face {
    id: Uuid,
    lead_id: Option<Uuid>,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    linkedin_url: Option<String>,
    assigned_to: Option<Uuid>,
    created_by: Option<Uuid>,
}

impl Face {
    fn keys(&self) -> Vec<IdentityKey> {
        let names = [self.first_name.as_deref(), self.last_name.as_deref()];
        keys(names, self.email.as_deref(), self.phone.as_deref(), self.linkedin_url.as_deref())
    }
}

/// The contact that a lead's person is already, if the caller may see one: that which the lead became before, else the
/// oldest one with the same address. All who share something with the person are looked at: there may be hundreds behind one
/// phone number.
pub async fn of_person(
    tx: &mut TenantTx<'_>,
    fields: &ContactFields,
    lead: Uuid,
    visibility: &Visibility,
) -> QueryResult<Option<ContactView>> {
    let known: Vec<Face> = dsl::contacts
        .filter(dsl::deleted_at.is_null())
        .filter(same_person!(fields).or(dsl::lead_id.eq(lead)))
        .order((dsl::created_at, dsl::id))
        .select(Face::as_select())
        .load(&mut **tx)
        .await?;
    let ours = fields.keys();
    let seen = |face: &&Face| visibility.covers(&[face.assigned_to, face.created_by]);
    let became = known.iter().filter(seen).find(|face| face.lead_id == Some(lead));
    let is_them = |face: &&Face| duplicates::is_same_person(&ours, &face.keys());
    let Some(face) = became.or_else(|| known.iter().filter(seen).find(is_them)) else { return Ok(None) };
    let contact = dsl::contacts.filter(dsl::id.eq(face.id)).filter(dsl::deleted_at.is_null());
    contact.select(ContactView::as_select()).first(&mut **tx).await.optional()
}

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, fields: &ContactFields, by: UserId) -> QueryResult<ContactView> {
    diesel::insert_into(dsl::contacts)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            ContactKeys::of(fields),
            fields,
        ))
        .returning(ContactView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &ContactFields) -> QueryResult<ContactView> {
    diesel::update(dsl::contacts.filter(dsl::id.eq(id)))
        .set((
            fields,
            ContactKeys::of(fields),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(ContactView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Those that were deleted together with their account.
pub async fn deleted_with_account(tx: &mut TenantTx<'_>, account: Uuid) -> QueryResult<Vec<ContactView>> {
    use crate::schema::accounts;
    let deletion = accounts::table.filter(accounts::id.eq(account)).select(accounts::deleted_at);
    dsl::contacts
        .filter(dsl::account_id.eq(account))
        .filter(dsl::deleted_at.is_not_null().and(dsl::deleted_at.eq_any(deletion)))
        .select(ContactView::as_select())
        .load(&mut **tx)
        .await
}
