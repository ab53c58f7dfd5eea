//! The records that change hands, kind by kind.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{
        TenantTx, Visibility,
        outbox::{self, Change},
    },
    http::access::TenantCaller,
    text_enum,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    api::HandoverView,
    store::{self, HandedRecord},
};
use crate::{
    activities::{TaskStatus, TaskView},
    customers::CustomerView,
    entities::Entity,
    people::{ContactView, LeadView},
    routing,
    sales::{DealStatus, DealView},
};

/// Most records given away in one transaction.
pub const BATCH: i64 = 500;

text_enum!(
    /// A kind of record that changes hands.
    Kind {
        /// A lead.
        Lead = "lead",
        /// A deal.
        Deal = "deal",
        /// A task.
        Task = "task",
        /// A contact.
        Contact = "contact",
        /// A customer.
        Customer = "customer",
    }
);

/// The kinds, in the order in which they are given away.
pub const KINDS: [Kind; 5] = [Kind::Lead, Kind::Deal, Kind::Task, Kind::Contact, Kind::Customer];

/// The kinds, in the order in which a transaction locks their records (`entities::locks`).
pub const LOCKED: [Kind; 5] = [Kind::Lead, Kind::Task, Kind::Deal, Kind::Contact, Kind::Customer];

/// A record that belongs to one person.
trait Owned: Entity {
    /// The record with another owner, one version on.
    fn with_owner(self, owner: Option<Uuid>, updated_at: DateTime<Utc>) -> Self;

    /// Those who see it as their own.
    fn owners(&self) -> [Option<Uuid>; 2];
}

/// What people hold of one kind: the table, the owner's column, and with `open`, which records are given away.
macro_rules! held {
    ($module:ident, $view:ty, $table:ident, $owner:ident $(, open: $open:expr)?) => {
        mod $module {
            use super::*;
            use crate::schema::$table::dsl as row;

            $(
                /// Gives some of what `from` holds to `to`.
                pub async fn give(
                    tx: &mut TenantTx<'_>,
                    from: Uuid,
                    to: Option<Uuid>,
                ) -> Result<Vec<($view, $view)>, Problem> {
                    let before: Vec<$view> = row::$table
                        .filter(row::$owner.eq(from))
                        .filter(row::deleted_at.is_null())
                        .filter($open)
                        .order(row::id)
                        .limit(BATCH)
                        .select(<$view>::as_select())
                        .for_update()
                        .load(&mut **tx)
                        .await?;
                    change(tx, before, to).await
                }
            )?

            /// Gives back those of these records that their receivers still have, and that no one else had since.
            pub async fn give_back(
                tx: &mut TenantTx<'_>,
                handover: &HandoverView,
                went: &[HandedRecord],
            ) -> Result<Vec<($view, $view)>, Problem> {
                let holders: HashMap<Uuid, Option<Uuid>> =
                    went.iter().map(|record| (record.entity_id, record.new_owner)).collect();
                let ids: Vec<Uuid> = holders.keys().copied().collect();
                let mut before: Vec<$view> = row::$table
                    .filter(row::id.eq_any(ids.clone()))
                    .filter(row::deleted_at.is_null())
                    .order(row::id)
                    .select(<$view>::as_select())
                    .for_update()
                    .load(&mut **tx)
                    .await?;
                // Asked once they are locked: no one can give them to others any more.
                let gone =
                    store::reassigned(tx, handover.id, <$view>::NAME, stringify!($owner), &ids).await?;
                before.retain(|record| {
                    holders.get(&record.id) == Some(&record.$owner) && !gone.contains(&record.id)
                });
                change(tx, before, Some(handover.user_id)).await
            }

            async fn change(
                tx: &mut TenantTx<'_>,
                before: Vec<$view>,
                to: Option<Uuid>,
            ) -> Result<Vec<($view, $view)>, Problem> {
                if before.is_empty() {
                    return Ok(Vec::new());
                }
                let (ids, now): (Vec<Uuid>, _) = (before.iter().map(|record| record.id).collect(), Utc::now());
                diesel::update(row::$table.filter(row::id.eq_any(ids)))
                    .set((
                        row::$owner.eq(to),
                        row::version.eq(row::version + 1),
                        row::updated_at.eq(now),
                    ))
                    .execute(&mut **tx)
                    .await?;
                Ok(before.into_iter().map(|record| (record.clone(), record.with_owner(to, now))).collect())
            }
        }

        impl Owned for $view {
            fn with_owner(self, owner: Option<Uuid>, updated_at: DateTime<Utc>) -> Self {
                Self { $owner: owner, version: self.version + 1, updated_at, ..self }
            }

            fn owners(&self) -> [Option<Uuid>; 2] {
                [self.$owner, self.created_by]
            }
        }
    };
}

held!(leads, LeadView, leads, assigned_to);
held!(deals, DealView, deals, assigned_to, open: row::status.eq(DealStatus::Open));
held!(
    tasks, TaskView, tasks, assigned_to,
    open: row::status.eq(TaskStatus::Open).or(row::status.eq(TaskStatus::InProgress))
);
held!(contacts, ContactView, contacts, assigned_to, open: row::id.is_not_null());
held!(customers, CustomerView, customers, account_manager_id, open: row::id.is_not_null());

/// Gives some records of a kind away: leads by the rules, or else to the manager, who gets all others. Returns how many
/// went; with fewer than [`BATCH`], no more are left.
pub async fn give(
    tx: &mut TenantTx<'_>,
    handover: &HandoverView,
    kind: Kind,
    manager: Option<Uuid>,
) -> Result<usize, Problem> {
    let from = handover.user_id;
    let (given, changes) = match kind {
        Kind::Lead => routing::give_away(tx, from, manager, BATCH).await?,
        Kind::Deal => recorded(&deals::give(tx, from, manager).await?, manager),
        Kind::Task => recorded(&tasks::give(tx, from, manager).await?, manager),
        Kind::Contact => recorded(&contacts::give(tx, from, manager).await?, manager),
        Kind::Customer => recorded(&customers::give(tx, from, manager).await?, manager),
    };
    store::note_records(tx, handover.id, kind.word(), &given).await?;
    outbox::record(tx, marked(changes, handover.id)).await?;
    Ok(given.len())
}

/// What came back of a stretch of records.
#[derive(Debug, Default)]
pub struct Returned {
    /// The last one that was looked at; none when no more are left.
    pub last: Option<Uuid>,
    /// How many came back.
    pub records: i32,
    /// The changes to record.
    pub changes: Vec<Change>,
}

/// Gives back some of the records of a kind that went to others and are theirs still, behind `after` by their ids. Done again,
/// it finds them where they belong and changes nothing.
///
/// # Errors
/// 409 when the caller, if there is one, does not see one of them.
pub async fn give_back(
    tx: &mut TenantTx<'_>,
    handover: &HandoverView,
    kind: Kind,
    after: Uuid,
    caller: Option<&TenantCaller>,
) -> Result<Returned, Problem> {
    let went = store::records(tx, handover.id, kind.word(), after, BATCH).await?;
    let Some(last) = went.last().map(|record| record.entity_id) else { return Ok(Returned::default()) };
    let to = handover.user_id;
    let (given, changes) = match kind {
        Kind::Lead => seen(&leads::give_back(tx, handover, &went).await?, to, caller)?,
        Kind::Deal => seen(&deals::give_back(tx, handover, &went).await?, to, caller)?,
        Kind::Task => seen(&tasks::give_back(tx, handover, &went).await?, to, caller)?,
        Kind::Contact => seen(&contacts::give_back(tx, handover, &went).await?, to, caller)?,
        Kind::Customer => seen(&customers::give_back(tx, handover, &went).await?, to, caller)?,
    };
    let records = i32::try_from(given.len()).unwrap_or(i32::MAX);
    Ok(Returned { last: Some(last), records, changes: marked(changes, handover.id) })
}

/// Gives back all of it. Returns how many records came back, and the changes to record.
///
/// # Errors
/// As [`give_back`].
pub async fn give_all_back(
    tx: &mut TenantTx<'_>,
    handover: &HandoverView,
    caller: &TenantCaller,
) -> Result<(i32, Vec<Change>), Problem> {
    let (mut returned, mut changes) = (0, Vec::new());
    for kind in LOCKED {
        let mut after = Uuid::nil();
        loop {
            let back = give_back(tx, handover, kind, after, Some(caller)).await?;
            let Some(last) = back.last else { break };
            after = last;
            returned += back.records;
            changes.extend(back.changes);
        }
    }
    Ok((returned, changes))
}

type Given = (Vec<(Uuid, Option<Uuid>)>, Vec<Change>);

/// The same for records that the caller must see, if there is one.
fn seen<E: Owned>(given: &[(E, E)], owner: Uuid, caller: Option<&TenantCaller>) -> Result<Given, Problem> {
    let visibility = caller.map_or(Visibility::All, TenantCaller::visibility);
    if given.iter().all(|(before, _)| visibility.covers(&before.owners())) {
        return Ok(recorded(given, Some(owner)));
    }
    let detail = "Records outside your data scope would change hands.";
    Err(Problem::conflict("records_out_of_scope", detail))
}

fn recorded<E: Entity>(given: &[(E, E)], owner: Option<Uuid>) -> Given {
    let change = |(before, after): &(E, E)| Change::updated(E::NAME, after.id(), before, after, E::TRACKED);
    (given.iter().map(|(before, _)| (before.id(), owner)).collect(), given.iter().flat_map(change).collect())
}

/// Changes that say which handover they belong to: people are notified of the handover, not of each record.
fn marked(mut changes: Vec<Change>, handover: Uuid) -> Vec<Change> {
    for change in &mut changes {
        if let Some(Value::Object(state)) = &mut change.current_state {
            state.insert("handover_id".to_owned(), json!(handover));
        }
    }
    changes
}
