//! Queue of handovers: hands over what is due.

use std::time::Duration;

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use contracts::{
    UserId,
    internal::tenants::{CheckMembers, Leaver},
};
use platform::{
    Problem,
    db::{
        Db,
        outbox::{self, Change},
    },
    jobs::{self, ACTIVE_TENANTS, Done, Failure, Job, Lease, Policy, Table, Turns},
    retry::Backoff,
    worker::Shutdown,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    api::{HandoverStatus, HandoverView},
    records::{self, BATCH, KINDS, Kind, LOCKED},
    store::{self, TakenHandover},
};
use crate::{deps::Deps, routing};

/// Runs until the process ends.
pub async fn run(deps: Data<Deps>, shutdown: Shutdown) {
    jobs::work::<TakenHandover>(deps, shutdown).await;
}

impl Job for TakenHandover {
    const NAME: &'static str = "handovers";
    const TABLE: Table = Table {
        columns: "q.id, q.tenant_id, q.user_id, q.status = 'returning' AS is_returning",
        waiting: "q.status IN ('pending', 'returning')",
        turns: Some(Turns { tenant: "tenant_id", only: ACTIVE_TENANTS }),
        keeps_errors: false,
        ..Table::named("handovers", "id")
    };
    type Deps = Deps;

    fn db(deps: &Deps) -> &Db {
        &deps.db
    }

    /// A tenant's handovers lock the same rules, so they run one after the other.
    fn policy(_deps: &Deps) -> Policy {
        Policy {
            backoff: Backoff { longest: Duration::from_secs(3_600), ..Backoff::DAY },
            lease: Duration::from_secs(120),
            concurrency: 4,
            per_tenant: 1,
            poll: Duration::from_millis(500),
            ..Policy::default()
        }
    }

    async fn run(self, deps: &Deps, _lease: &Lease) -> Result<Done, Failure> {
        hand_over(deps, &self).await?;
        Ok(Done::Settled)
    }
}

/// Asks whether it is due: the person may be back or removed, and the tenant may have set another time. One that broke off
/// goes on with what is left.
async fn hand_over(deps: &Deps, taken: &TakenHandover) -> Result<(), Problem> {
    if taken.is_returning {
        return take_back(deps, taken).await;
    }
    let (tenant, person) = (taken.tenant(), UserId(taken.user_id));
    let checked = deps.peers.call(&CheckMembers { tenant_id: tenant, user_ids: vec![person] }).await?;
    if checked.strangers.is_empty() {
        // This one alone: the person may have left again since, which is another handover.
        deps.db
            .in_tenant(tenant, async |tx| match store::hold(tx, taken.id, HandoverStatus::Pending).await? {
                Some(handover) => store::stop(tx, &[handover.id]).await.map_err(Problem::from),
                None => Ok(0),
            })
            .await?;
        return take_back(deps, taken).await;
    }
    let leaver = checked.leavers.into_iter().find(|leaver| leaver.user_id == person);
    let manager = leaver.as_ref().and_then(|leaver| leaver.manager).map(|manager| manager.0);
    let manager = manager.filter(|manager| *manager != taken.user_id);
    let now = Utc::now();
    let due_at = leaver.as_ref().map_or(now, |leaver| leaver.hands_over_at);
    if due_at > now {
        deps.db
            .in_tenant(tenant, async |tx| {
                store::schedule(tx, taken.id, due_at, manager).await.map_err(Problem::from)
            })
            .await?;
        return Ok(());
    }
    for kind in KINDS {
        loop {
            let given = deps
                .db
                .in_tenant(tenant, async |tx| {
                    if kind == Kind::Lead {
                        // Before the handover: news of members lock both, too, the playbook first.
                        routing::hold_rules(tx).await?;
                    }
                    match store::hold(tx, taken.id, HandoverStatus::Pending).await? {
                        Some(handover) => records::give(tx, &handover, kind, manager).await,
                        None => Ok(0),
                    }
                })
                .await?;
            if i64::try_from(given).unwrap_or(BATCH) < BATCH {
                break;
            }
        }
    }
    finish(deps, taken, due_at, manager, leaver.as_ref()).await
}

/// Ends it with one event, which is the occasion for one notification. Where nothing was held, there is none.
async fn finish(
    deps: &Deps,
    taken: &TakenHandover,
    due_at: DateTime<Utc>,
    manager: Option<Uuid>,
    leaver: Option<&Leaver>,
) -> Result<(), Problem> {
    deps.db
        .in_tenant(taken.tenant(), async |tx| {
            if store::hold(tx, taken.id, HandoverStatus::Pending).await?.is_none() {
                return Ok(());
            }
            let done = store::finish(tx, taken.id, due_at, manager).await?;
            tracing::info!(handover.id = %done.id, records = done.total(), "a handover is done");
            if done.total() == 0 {
                return Ok(());
            }
            let mut change = Change::created(HandoverView::NAME, done.id, &done);
            if let Some(Value::Object(state)) = &mut change.current_state {
                state.insert("name".to_owned(), json!(leaver.and_then(|leaver| leaver.name.as_deref())));
                state.insert("receivers".to_owned(), json!(store::receivers(tx, done.id).await?));
            }
            outbox::record(tx, vec![change]).await
        })
        .await
}

/// Gives back what went before the person came back, some records at a time, and cancels the handover then. Where nothing went,
/// or the person left again meanwhile, there is nothing to give back.
async fn take_back(deps: &Deps, taken: &TakenHandover) -> Result<(), Problem> {
    for kind in LOCKED {
        let mut after = Uuid::nil();
        loop {
            let last = deps
                .db
                .in_tenant(taken.tenant(), async |tx| {
                    let status = HandoverStatus::Returning;
                    let Some(handover) = store::hold(tx, taken.id, status).await? else { return Ok(None) };
                    let back = records::give_back(tx, &handover, kind, after, None).await?;
                    if back.records > 0 {
                        store::take_back(tx, handover.id, status, back.records).await?;
                        outbox::record(tx, back.changes).await?;
                    }
                    Ok::<_, Problem>(back.last)
                })
                .await?;
            match last {
                Some(last) => after = last,
                None => break,
            }
        }
    }
    deps.db
        .in_tenant(taken.tenant(), async |tx| {
            let Some(before) = store::hold(tx, taken.id, HandoverStatus::Returning).await? else {
                return Ok(());
            };
            let after = store::take_back(tx, before.id, HandoverStatus::Cancelled, 0).await?;
            tracing::info!(handover.id = %after.id, records = after.returned, "a handover is cancelled");
            let (name, tracked) = (HandoverView::NAME, HandoverView::TRACKED);
            outbox::record(tx, Change::updated(name, after.id, &before, &after, tracked)).await
        })
        .await
}
