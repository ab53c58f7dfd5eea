//! Handler for the progress of a rescoring.

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use contracts::permissions::ScoringModelsRead;
use platform::{
    Problem,
    http::{Allowed, Body},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{deps::Deps, routing::scores::rescoring};

/// A walk through the tenant's leads.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RescoringView {
    /// `pending` while it goes on, `completed` afterwards, `none` when nothing ever asked for one.
    pub status: String,
    /// Leads looked at.
    pub visited: i64,
    /// Leads with a changed score or persona.
    pub changed: i64,
    /// When it was asked for.
    pub requested_at: Option<DateTime<Utc>>,
    /// When it was done.
    pub finished_at: Option<DateTime<Utc>>,
}

/// The last walk.
pub async fn rescoring(
    caller: Allowed<ScoringModelsRead>,
    deps: Data<Deps>,
) -> Result<Body<RescoringView>, Problem> {
    let progress = deps.db.in_tenant(caller.tenant(), async |tx| rescoring::progress(tx).await).await?;
    Ok(Body::new(match progress {
        None => RescoringView {
            status: "none".to_owned(),
            visited: 0,
            changed: 0,
            requested_at: None,
            finished_at: None,
        },
        Some(progress) => RescoringView {
            status: progress.status,
            visited: progress.visited,
            changed: progress.changed,
            requested_at: Some(progress.requested_at),
            finished_at: progress.finished_at,
        },
    }))
}
