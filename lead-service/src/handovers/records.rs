//! The records that change hands, kind by kind.

use chrono::{DateTime, Utc};
use diesel::{BoolExpressionMethods, ExpressionMethods, PgExpressionMethods, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{
        TenantTx,
        outbox::{self, Change},
    },
    http::access::TenantCaller,
    text_enum,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{api::HandoverView, store};
use crate::{
    assignments::departures,
    contacts::api::ContactView,
    customers::api::CustomerView,
    deals::{api::DealView, domain::DealStatus},
    deps::SERVICE,
    entities::Entity,
    leads::api::LeadView,
    tasks::{api::TaskView, domain::TaskStatus},
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

            /// Gives those of these records that `holder` still has to `to`.
            pub async fn give_back(
                tx: &mut TenantTx<'_>,
                ids: &[Uuid],
                holder: Option<Uuid>,
                to: Uuid,
            ) -> Result<Vec<($view, $view)>, Problem> {
                let before: Vec<$view> = row::$table
                    .filter(row::id.eq_any(ids.to_vec()))
                    .filter(row::$owner.is_not_distinct_from(holder))
                    .filter(row::deleted_at.is_null())
                    .order(row::id)
                    .select(<$view>::as_select())
                    .for_update()
                    .load(&mut **tx)
                    .await?;
                change(tx, before, Some(to)).await
            }

            async fn change(
                tx: &mut TenantTx<'_>,
                before: Vec<$view>,
                to: Option<Uuid>,
            ) -> Result<Vec<($view, $view)>, Problem> {
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
        Kind::Lead => departures::give_away(tx, from, manager, BATCH).await?,
        Kind::Deal => recorded(&deals::give(tx, from, manager).await?, manager),
        Kind::Task => recorded(&tasks::give(tx, from, manager).await?, manager),
        Kind::Contact => recorded(&contacts::give(tx, from, manager).await?, manager),
        Kind::Customer => recorded(&customers::give(tx, from, manager).await?, manager),
    };
    store::note_records(tx, handover.id, kind.word(), &given).await?;
    outbox::record(tx, SERVICE, marked(changes, handover.id)).await?;
    Ok(given.len())
}

/// Gives back what went to others and is theirs still. Returns how many records came back, and the changes to record.
///
/// # Errors
/// 409 when the caller does not see one of them.
pub async fn give_back(
    tx: &mut TenantTx<'_>,
    handover: &HandoverView,
    caller: &TenantCaller,
) -> Result<(i32, Vec<Change>), Problem> {
    let to = handover.user_id;
    let (mut returned, mut changes) = (0_usize, Vec::new());
    let records = store::records(tx, handover.id).await?;
    let is_alike = |one: &store::HandedRecord, other: &store::HandedRecord| {
        (one.entity_type.as_str(), one.new_owner) == (other.entity_type.as_str(), other.new_owner)
    };
    for group in records.chunk_by(is_alike) {
        let Some(first) = group.first() else { continue };
        let (holder, kind) = (first.new_owner, Kind::parse(&first.entity_type));
        for some in group.chunks(usize::try_from(BATCH).unwrap_or(1)) {
            let ids: Vec<Uuid> = some.iter().map(|record| record.entity_id).collect();
            let (given, recorded) = match kind {
                Some(Kind::Lead) => seen(&leads::give_back(tx, &ids, holder, to).await?, to, caller)?,
                Some(Kind::Deal) => seen(&deals::give_back(tx, &ids, holder, to).await?, to, caller)?,
                Some(Kind::Task) => seen(&tasks::give_back(tx, &ids, holder, to).await?, to, caller)?,
                Some(Kind::Contact) => seen(&contacts::give_back(tx, &ids, holder, to).await?, to, caller)?,
                Some(Kind::Customer) => seen(&customers::give_back(tx, &ids, holder, to).await?, to, caller)?,
                None => {
                    let what = &first.entity_type;
                    return Err(Problem::internal(format!(
                        "{what:?} is no kind of record that changes hands"
                    )));
                }
            };
            returned += given.len();
            changes.extend(recorded);
        }
    }
    Ok((i32::try_from(returned).unwrap_or(i32::MAX), marked(changes, handover.id)))
}

type Given = (Vec<(Uuid, Option<Uuid>)>, Vec<Change>);

/// The same for records that the caller must see.
fn seen<E: Owned>(given: &[(E, E)], owner: Uuid, caller: &TenantCaller) -> Result<Given, Problem> {
    let visibility = caller.visibility();
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
