//! Tasks as entities.

use chrono::Utc;
use contracts::{
    TenantId, UserId,
    permissions::{TasksCreate, TasksDelete, TasksRead, TasksUpdate},
};
use platform::{
    Problem,
    db::{Db, TenantTx, Visibility},
    http::List,
};
use uuid::Uuid;

use super::{
    api::{TaskView, WriteTask},
    domain::TaskFields,
    store,
};
use crate::{
    entities::{Added, Entity, Parent, Written},
    people,
};

platform::record!(TaskView, TasksRead);

impl Entity for TaskView {
    const NAME: &'static str = "Task";
    const TRACKED: &'static [&'static str] = &["status", "assigned_to", "due_at", "deleted"];
    type Delete = TasksDelete;
    type Cascade = ();
    const NAMING_LEADS: &'static [&'static str] = &["entity_id"];

    async fn following_merges(db: &Db, tenant: TenantId, list: List<Self>) -> Result<List<Self>, Problem> {
        people::following_merges(db, tenant, list).await
    }

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i32 {
        self.version
    }

    fn parents(&self) -> Vec<Parent> {
        self.entity_type.and_then(|kind| kind.parent("entity_id", self.entity_id)).into_iter().collect()
    }
}

impl Written for TaskView {
    type Update = TasksUpdate;
    type Assign = ();
    type Write = WriteTask;
    type Fields = TaskFields;

    fn assignee(write: &WriteTask) -> Option<Uuid> {
        write.assigned_to
    }

    fn parse(write: WriteTask) -> Result<TaskFields, Problem> {
        TaskFields::parse(write)
    }

    async fn settle(
        tx: &mut TenantTx<'_>,
        fields: &mut TaskFields,
        before: Option<&Self>,
        visibility: &Visibility,
    ) -> Result<(), Problem> {
        fields.note_completion(before, Utc::now());
        let about = |kind, id| Some((kind?, id?));
        let subject = about(fields.entity_type, fields.entity_id);
        let known = before.and_then(|before| about(before.entity_type, before.entity_id));
        match subject.filter(|_| subject != known) {
            Some((kind, id)) => {
                fields.entity_id = Some(super::subject::check_subject(tx, kind, id, visibility).await?);
                Ok(())
            }
            None => Ok(()),
        }
    }

    async fn save(&self, tx: &mut TenantTx<'_>, fields: &TaskFields) -> Result<Self, Problem> {
        Ok(store::update(tx, self.id, fields).await?)
    }
}

impl Added for TaskView {
    type Create = TasksCreate;

    async fn insert(tx: &mut TenantTx<'_>, fields: &TaskFields, by: UserId) -> Result<Self, Problem> {
        Ok(store::insert(tx, fields, by).await?)
    }
}
