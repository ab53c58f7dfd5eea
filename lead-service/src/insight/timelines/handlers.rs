//! Reads a timeline.

use actix_web::web::{Data, Path};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as B64};
use chrono::{DateTime, Utc};
use contracts::{
    page::CursorPage,
    permissions::{ActivitiesRead, LeadsRead},
    problem::FieldError,
};
use platform::{
    Problem,
    db::Visibility,
    http::{Allowed, Body, May, Query},
};
use uuid::Uuid;

use super::{
    Concerned,
    api::{EntryView, Stretch},
    store::{self, EventRow, Place},
};
use crate::{deps::Deps, insight::merges};

/// Everything that happened to an entity that the caller may read, and to the leads that it came from. Activities and leads
/// are records of their own: those that the caller may not read are left out, and so are the ids of merged leads.
pub async fn timeline<E: Concerned>(
    caller: Allowed<E::Read, (May<ActivitiesRead>, E::Origins)>,
    id: Path<Uuid>,
    query: Query<Stretch>,
    deps: Data<Deps>,
) -> Result<Body<CursorPage<EntryView>>, Problem> {
    let place = place(query.0.cursor.as_deref().unwrap_or_default())?;
    let size = query.0.page_size.unwrap_or(50);
    let visibility = caller.visibility();
    let seen = |may_read| if may_read { visibility.clone() } else { Visibility::Of(Vec::new()) };
    let activities = seen(caller.may::<ActivitiesRead>());
    let leads = seen(caller.may::<LeadsRead>());
    let mut rows = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let entity = E::find(tx, *id, &visibility).await?;
            let mut rows = store::entries::<E>(tx, entity.id(), place, size + 1, &activities, &leads).await?;
            let states = rows.iter_mut().filter_map(|row| row.current_state.as_mut());
            merges::told::hide_unseen(tx, states, &visibility).await?;
            Ok::<_, Problem>(rows)
        })
        .await?;
    let wanted = usize::try_from(size).unwrap_or(usize::MAX);
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    let next_cursor = rows.last().filter(|_| more).map(|last| cursor((last.at, last.id)));
    Ok(Body::new(CursorPage { results: rows.into_iter().map(EntryView::from).collect(), next_cursor }))
}

impl From<EventRow> for EntryView {
    fn from(row: EventRow) -> Self {
        let actor = serde_json::from_value(row.actor.clone()).ok();
        match &row.subject {
            Some(subject) => Self {
                at: row.at,
                actor,
                kind: row.entity_type.clone(),
                title: subject.clone(),
                changes: serde_json::json!({}),
            },
            None => Self {
                at: row.at,
                actor,
                kind: row.kind().to_owned(),
                title: row.title(),
                changes: row.changes(),
            },
        }
    }
}

fn cursor(place: Place) -> String {
    B64.encode(format!("{} {}", place.0.timestamp_micros(), place.1))
}

/// Where a cursor points; after everything for none.
fn place(cursor: &str) -> Result<Place, Problem> {
    if cursor.is_empty() {
        return Ok((far_future(), Uuid::max()));
    }
    let read = || {
        let text = String::from_utf8(B64.decode(cursor).ok()?).ok()?;
        let (at, id) = text.split_once(' ')?;
        // PostgreSQL's times begin later than chrono's.
        let at = DateTime::from_timestamp_micros(at.parse().ok()?).filter(|at| *at >= DateTime::UNIX_EPOCH);
        Some((at?, id.parse().ok()?))
    };
    read().ok_or_else(|| {
        let fault = FieldError::new("cursor", "invalid_cursor", "is not a cursor of this list");
        Problem::invalid(vec![fault])
    })
}

/// Later than anything that happens; PostgreSQL's times end earlier than chrono's.
fn far_future() -> DateTime<Utc> {
    Utc::now() + chrono::Duration::days(365_000)
}
