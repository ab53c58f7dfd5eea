//! Generic handlers of entities: list, read, create, update, delete, restore.
//!
//! A slice says what is its own by implementing [`Entity`], [`Written`] and [`Added`] for its view, and names these handlers in
//! its `routes.rs`. A verb with rules of its own has a handler in the slice instead.

mod archive;
mod bulk;
mod create;
mod list;
mod locks;
mod parents;
mod read;
mod references;
mod update;

pub use self::{
    archive::{archive, restore},
    create::{create, created},
    list::list,
    parents::{Parent, check_there},
    read::read,
    update::{replace, update},
};
pub use bulk::{BulkOf, BulkView, add_all};
pub use references::{
    check as check_reference, check_assignee, check_member, check_user, settle as settle_reference,
    strangers, unknown as unknown_reference,
};

use contracts::{TenantId, UserId, permissions::Permission};
use platform::{
    Problem,
    db::{Db, Stored, TenantTx, Visibility, outbox::Change},
    http::{Effects, List, Record, access::TenantCaller},
};
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use uuid::Uuid;

/// Something that people list, read, delete and restore, as it is shown.
pub trait Entity: Stored + Record {
    /// Its name in events.
    const NAME: &'static str;
    /// Fields with an event type of their own.
    const TRACKED: &'static [&'static str];
    /// Lets people delete and restore it.
    type Delete: Permission;
    /// What deleting and restoring it does to records of other kinds; `()` where there are none.
    type Cascade: Effects;
    /// Columns that name leads: filters by the id of a merged lead find what is its winner's.
    const NAMING_LEADS: &'static [&'static str] = &[];

    /// The list with filters that name the leads of today. One with [`Entity::NAMING_LEADS`] asks for them.
    async fn following_merges(db: &Db, tenant: TenantId, list: List<Self>) -> Result<List<Self>, Problem> {
        const { assert!(Self::NAMING_LEADS.is_empty(), "filters by leads follow merges") };
        let _no_leads = (db, tenant);
        Ok(list)
    }

    /// Its id.
    fn id(&self) -> Uuid;

    /// Its version, the ETag.
    fn version(&self) -> i32;

    /// 409 when it cannot be deleted now.
    async fn check_deletable(&self, tx: &mut TenantTx<'_>) -> Result<(), Problem> {
        let _nothing_stands_against_it = tx;
        Ok(())
    }

    /// The records that it hangs on.
    fn parents(&self) -> Vec<Parent> {
        Vec::new()
    }

    /// 409 when it cannot come back now: what it hangs on is not there.
    async fn check_restorable(&self, tx: &mut TenantTx<'_>) -> Result<(), Problem> {
        check_there(tx, &self.parents()).await
    }

    /// Locks the leads that come before it in the order of locks ([`locks`]) and that deleting or restoring it concerns.
    async fn lock_leads(tx: &mut TenantTx<'_>, id: Uuid, step: Step) -> Result<(), Problem> {
        match step {
            Step::Deleted => Ok(()),
            Step::Restored => Ok(locks::hold_lead_of::<Self>(tx, id).await?),
        }
    }

    /// The changes of the records that are deleted and restored with this one. Called while they are deleted: just after
    /// the deletion, just before the restoration.
    ///
    /// # Errors
    /// When the caller may not do the same to those records.
    async fn followers(
        &self,
        tx: &mut TenantTx<'_>,
        step: Step,
        caller: &TenantCaller,
    ) -> Result<Vec<Change>, Problem> {
        let _none_by_default = (tx, step, caller);
        Ok(Vec::new())
    }
}

/// Which way an entity goes, and its followers with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It was just deleted.
    Deleted,
    /// It is about to come back.
    Restored,
}

impl Step {
    /// The changes of followers that go the same way.
    ///
    /// # Errors
    /// 403 when there are some and the caller may not delete and restore an `E`.
    pub fn of_all<E: Entity>(self, followers: &[E], caller: &TenantCaller) -> Result<Vec<Change>, Problem> {
        if !followers.is_empty() {
            caller.demand::<E::Delete>()?;
        }
        let change = |follower: &E| match self {
            Self::Deleted => vec![Change::deleted(E::NAME, follower.id(), follower)],
            Self::Restored => Change::restored(E::NAME, follower.id()),
        };
        Ok(followers.iter().flat_map(change).collect())
    }
}

/// 409 when one of the followers, given by its owners, is none that the caller sees.
pub fn check_seen(
    followers: impl IntoIterator<Item = [Option<Uuid>; 2]>,
    caller: &TenantCaller,
) -> Result<(), Problem> {
    let visibility = caller.visibility();
    if followers.into_iter().all(|owners| visibility.covers(&owners)) {
        return Ok(());
    }
    let detail = "Records outside your data scope would be deleted or restored with it.";
    Err(Problem::conflict("records_out_of_scope", detail))
}

/// An entity that people change.
pub trait Written: Entity {
    /// Lets people change it.
    type Update: Permission;
    /// The effect of changing the assignee, where that requires a permission of its own; otherwise `()`.
    type Assign: Effects;
    /// It as it is written.
    type Write: DeserializeOwned + ToSchema + 'static;
    /// What is written in the form in which it is stored.
    type Fields;
    /// Members that are single values although they are objects, such as conditions: a patch replaces them.
    const WHOLE: &'static [&'static str] = &[];

    /// The person it is given to, who must be a member of the tenant; a patch says it as `assigned_to`.
    fn assignee(write: &Self::Write) -> Option<Uuid> {
        let _nobody_by_default = write;
        None
    }

    /// The lead that it refers to, which is locked before it; a patch says it as `lead_id`.
    fn lead(write: &Self::Write) -> Option<Uuid> {
        let _none_by_default = write;
        None
    }

    /// Parses what is written; faults by field.
    fn parse(write: Self::Write) -> Result<Self::Fields, Problem>;

    /// Checks what the fields refer to, and settles what follows from it. `before` is the entity about to change.
    async fn settle(
        tx: &mut TenantTx<'_>,
        fields: &mut Self::Fields,
        before: Option<&Self>,
        visibility: &Visibility,
    ) -> Result<(), Problem> {
        let _nothing_by_default = (tx, fields, before, visibility);
        Ok(())
    }

    /// 403 when the change to `after` has an effect that takes a permission of its own which the caller does not hold.
    fn check_effects(&self, after: &Self, caller: &TenantCaller) -> Result<(), Problem> {
        let _none_by_default = (after, caller);
        Ok(())
    }

    /// Writes one.
    async fn save(&self, tx: &mut TenantTx<'_>, fields: &Self::Fields) -> Result<Self, Problem>;
}

/// An entity that people add just as they change it.
pub trait Added: Written {
    /// Lets people add it.
    type Create: Permission;

    /// Adds one.
    async fn insert(tx: &mut TenantTx<'_>, fields: &Self::Fields, by: UserId) -> Result<Self, Problem>;
}
