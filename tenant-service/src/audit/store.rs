//! Audit entries in the database.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use contracts::{
    Service,
    events::{Actor, Envelope},
    identity::Identity,
};
use diesel::{ExpressionMethods, Insertable, QueryResult};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{self, TenantTx, Visibility, outbox::Change},
    http::{context::RequestContext, list::Criteria},
};
use serde_json::Value;
use uuid::Uuid;

use super::api::AuditEntryView;
use crate::schema::audit_entries;

/// What happened, about to be written.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = audit_entries)]
pub struct Entry {
    id: Uuid,
    action: String,
    entity_type: String,
    entity_id: Option<Uuid>,
    actor_kind: &'static str,
    actor_id: Option<Uuid>,
    actor_service: Option<&'static str>,
    source: &'static str,
    previous: Option<Value>,
    current: Option<Value>,
    request_id: Option<String>,
    client_address: Option<String>,
    occurred_at: DateTime<Utc>,
}

fn parts(actor: &Actor) -> (&'static str, Option<Uuid>, Option<&'static str>) {
    match actor {
        Actor::User { id } => ("user", Some(id.0), None),
        Actor::ApiKey { id } => ("api_key", Some(*id), None),
        Actor::Service { name } => ("service", None, Some(name.name())),
    }
}

impl Entry {
    /// A change made here.
    pub fn of(change: &Change, service: Service, actor: &Actor, context: Option<&RequestContext>) -> Self {
        let (actor_kind, actor_id, actor_service) = parts(actor);
        let address = |identity: &Identity| identity.client_address.clone();
        Self {
            id: Uuid::now_v7(),
            action: change.event_type.clone(),
            entity_type: change.entity_type.to_owned(),
            entity_id: Some(change.entity_id),
            actor_kind,
            actor_id,
            actor_service,
            source: service.name(),
            previous: change.previous_state.clone(),
            current: change.current_state.clone(),
            request_id: context.map(|context| context.request_id.clone()),
            client_address: context.and_then(|context| context.identity.as_ref().and_then(address)),
            occurred_at: Utc::now(),
        }
    }

    /// A change from another service's event.
    pub fn told(event: &Envelope, source: Service) -> Self {
        let (actor_kind, actor_id, actor_service) = parts(&event.actor);
        Self {
            id: event.id,
            action: event.event_type.clone(),
            entity_type: event.entity_type.clone(),
            entity_id: Some(event.entity_id),
            actor_kind,
            actor_id,
            actor_service,
            source: source.name(),
            previous: event.previous_state.clone(),
            current: event.current_state.clone(),
            request_id: event.request_id.clone(),
            client_address: None,
            occurred_at: event.occurred_at,
        }
    }
}

/// Writes entries of the transaction's tenant. Those written before are left as they are; gives how many were new.
pub async fn insert(tx: &mut TenantTx<'_>, entries: &[Entry]) -> QueryResult<usize> {
    let tenant = tx.tenant().0;
    let rows: Vec<_> = entries.iter().map(|entry| (audit_entries::tenant_id.eq(tenant), entry)).collect();
    diesel::insert_into(audit_entries::table).values(rows).on_conflict_do_nothing().execute(&mut **tx).await
}

/// One stretch of the list.
pub async fn page(
    tx: &mut TenantTx<'_>,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<AuditEntryView>), Problem> {
    db::list::load(tx, criteria, &Visibility::All).await
}
