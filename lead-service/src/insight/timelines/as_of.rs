//! Reads a lead as it was.

use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use contracts::permissions::LeadsRead;
use platform::{
    Problem,
    db::Stored,
    http::{Allowed, Body, Query},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{domain, store};
use crate::{deps::Deps, entities::Entity, people::LeadView};

/// When to look.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AsOf {
    /// The moment.
    pub at: DateTime<Utc>,
}

/// A lead as it was: the members of a lead, but for its version.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub struct LeadAsOf(Value);

/// What is known now with every later change undone. 404 for a moment when it was not there.
pub async fn as_of(
    caller: Allowed<LeadsRead>,
    id: Path<Uuid>,
    query: Query<AsOf>,
    deps: Data<Deps>,
) -> Result<Body<LeadAsOf>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let lead = LeadView::find(tx, *id, &visibility).await?;
            let events = store::events(tx, LeadView::NAME, lead.id).await?;
            let now = serde_json::to_value(&lead).map_err(|fault| Problem::internal(fault.to_string()))?;
            let then = domain::undone(now, lead.created_at, &events, query.0.at);
            then.map(|state| Body::new(LeadAsOf(state))).ok_or_else(Problem::not_found)
        })
        .await
}
