//! Form mappings in the database.

use chrono::Utc;
use contracts::UserId;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::{Problem, db::TenantTx};
use serde_json::json;
use uuid::Uuid;

use super::{
    api::FormMappingView,
    domain::{Form, FormFields},
};
use crate::schema::form_mappings::dsl;

/// A key's mapping.
pub async fn find(tx: &mut TenantTx<'_>, api_key: Uuid) -> QueryResult<Option<FormMappingView>> {
    dsl::form_mappings
        .filter(dsl::api_key_id.eq(api_key))
        .select(FormMappingView::as_select())
        .first(&mut **tx)
        .await
        .optional()
}

/// A key's form as ingest sees it.
pub async fn form(tx: &mut TenantTx<'_>, api_key: Uuid) -> Result<Option<Form>, Problem> {
    let view = find(tx, api_key).await?;
    view.map(|view| Form::stored(json!(view))).transpose()
}

/// Sets a key's mapping; the key is locked.
pub async fn save(
    tx: &mut TenantTx<'_>,
    api_key: Uuid,
    fields: &FormFields,
    by: UserId,
) -> QueryResult<FormMappingView> {
    diesel::insert_into(dsl::form_mappings)
        .values((
            dsl::api_key_id.eq(api_key),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            fields,
        ))
        .on_conflict(dsl::api_key_id)
        .do_update()
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(FormMappingView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Forgets a key's mapping.
pub async fn remove(tx: &mut TenantTx<'_>, api_key: Uuid) -> QueryResult<usize> {
    diesel::delete(dsl::form_mappings.filter(dsl::api_key_id.eq(api_key))).execute(&mut **tx).await
}
