//! Views of the tasks that wait to be done.

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use contracts::permissions::TasksRead;
use platform::{
    Problem,
    db::{Stored, value::Bound},
    http::{
        Allowed, List,
        list::{Condition, Op, Rows},
    },
    zones,
};

use super::{api::TaskView, domain::TaskStatus};
use crate::{deps::Deps, entities::Entity};

/// Lists overdue tasks.
pub async fn overdue(
    caller: Allowed<TasksRead>,
    list: List<TaskView>,
    deps: Data<Deps>,
) -> Result<Rows<TaskView>, Problem> {
    let list = list.narrowed("/api/v2/tasks/overdue", [waiting(), due(Op::Lt, Utc::now())]);
    rows(&caller, list, &deps).await
}

/// Lists tasks that are due today in the user's time zone.
pub async fn today(
    caller: Allowed<TasksRead>,
    list: List<TaskView>,
    deps: Data<Deps>,
) -> Result<Rows<TaskView>, Problem> {
    let zone = caller.own_time_zone();
    let (from, until) = zones::bounds(zones::day_of(Utc::now(), zone), zone)
        .ok_or_else(|| Problem::internal("today is no day of the calendar"))?;
    let day = [waiting(), due(Op::Gte, from), due(Op::Lt, until)];
    rows(&caller, list.narrowed("/api/v2/tasks/today", day), &deps).await
}

async fn rows(
    caller: &Allowed<TasksRead>,
    list: List<TaskView>,
    deps: &Deps,
) -> Result<Rows<TaskView>, Problem> {
    let visibility = caller.visibility();
    let list = TaskView::following_merges(&deps.db, caller.tenant(), list).await?;
    let (total, rows) =
        deps.db.in_tenant(caller.tenant(), async |tx| TaskView::page(tx, &list, &visibility).await).await?;
    Ok(list.answer(total, rows))
}

fn waiting() -> Condition {
    let words =
        [TaskStatus::Open, TaskStatus::InProgress].map(|status| Bound::Text(status.word().to_owned()));
    Condition { column: "status", member: None, op: Op::In, values: words.into() }
}

fn due(op: Op, at: DateTime<Utc>) -> Condition {
    Condition { column: "due_at", member: None, op, values: vec![Bound::Time(at)] }
}
