//! Fills an account's empty fields with what enrichment found.

use actix_web::web::Data;
use chrono::Utc;
use contracts::{
    internal::accounts::{FillAccount, FilledAccount},
    write::FilledField,
};
use platform::{
    Problem,
    db::{
        Stored, Visibility,
        outbox::{self, Change},
    },
    http::{Internal, InternalJson, body::InternalReply},
};
use serde_json::{Map, Value, json};

use crate::{
    deps::Deps,
    entities::Entity,
    people::accounts::{
        api::AccountView,
        domain::{AccountFields, filled},
        store,
    },
};

/// What a person wrote stays. Asked again with the same job, it changes nothing and answers the same.
pub async fn fill(
    _caller: Internal,
    call: InternalJson<FillAccount>,
    deps: Data<Deps>,
) -> Result<InternalReply<FilledAccount>, Problem> {
    let InternalJson(call) = call;
    let answer = deps
        .db
        .in_tenant(call.tenant_id, async |tx| {
            let before = AccountView::lock(tx, call.account_id, &Visibility::All).await?;
            let mut sources: Map<String, Value> =
                before.enrichment_sources.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
            let job = call.request_id.to_string();
            if let Some(done) =
                sources.get(&call.provider).filter(|done| done.get("job_id") == Some(&json!(job)))
            {
                return Ok(FilledAccount { filled: filled_before(&before, done) });
            }
            let Some((write, filled)) = filled(&before, &call.found) else {
                return Err(Problem::internal("the stored account does not fit its own schema"));
            };
            let names: Vec<&str> = filled.iter().map(|field| field.field.as_str()).collect();
            sources.insert(call.provider, json!({ "job_id": job, "at": Utc::now(), "filled": names }));
            let after =
                store::fill(tx, before.id, &AccountFields::from(write), &Value::Object(sources)).await?;
            let changes =
                Change::updated(AccountView::NAME, before.id, &before, &after, AccountView::TRACKED);
            outbox::record(tx, changes).await?;
            Ok(FilledAccount { filled })
        })
        .await?;
    Ok(InternalReply(answer))
}

/// The fields that a job has filled already, with the values they have now. They were empty before.
fn filled_before(account: &AccountView, done: &Value) -> Vec<FilledField> {
    let shown = serde_json::to_value(account).unwrap_or_default();
    let names = done.get("filled").and_then(Value::as_array);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    let value = |name: &str| shown.get(name).cloned().unwrap_or_default();
    names
        .map(|name| FilledField { field: name.to_owned(), value: value(name), previous: Value::Null })
        .collect()
}
