//! Conversion of a lead: the deal that is made of it takes its open tasks along.

use chrono::Utc;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::db::{TenantTx, outbox::Change};
use serde_json::json;
use uuid::Uuid;

use crate::{
    activities::{Subject, TaskStatus, TaskView},
    entities::Entity,
    people::{self, LeadView},
    schema::tasks,
};

/// Notes on a deal how the lead stood that it is made of, and takes the lead's open tasks along to it. Deals that the lead
/// became before, and that are gone, are its conversion no more. That follows from the conversion, and takes no permission of
/// its own.
pub async fn hand_over(tx: &mut TenantTx<'_>, lead: &LeadView, deal: Uuid) -> QueryResult<Vec<Change>> {
    people::note_status_on_deal(tx, deal, Some(people::status_before_conversion(lead))).await?;
    let open = tasks::table
        .filter(tasks::entity_type.eq(Subject::Lead))
        .filter(tasks::entity_id.eq(lead.id))
        .filter(tasks::status.eq_any([TaskStatus::Open, TaskStatus::InProgress]))
        .filter(tasks::deleted_at.is_null());
    let tasks: Vec<TaskView> = diesel::update(open)
        .set((
            tasks::entity_type.eq(Subject::Deal),
            tasks::entity_id.eq(deal),
            tasks::version.eq(tasks::version + 1),
            tasks::updated_at.eq(Utc::now()),
        ))
        .returning(TaskView::as_returning())
        .get_results(&mut **tx)
        .await?;
    // Deals after tasks, in the order of locks.
    people::forget_conversions(tx, lead.id, deal).await?;
    let about = |kind: Subject, id: Uuid| json!({ "entity_type": kind, "entity_id": id });
    let (before, after) = (about(Subject::Lead, lead.id), about(Subject::Deal, deal));
    let change = |task: &TaskView| {
        Change::of(Change::updated(TaskView::NAME, task.id, &before, &after, TaskView::TRACKED), task)
    };
    Ok(tasks.iter().flat_map(change).collect())
}
