//! Issues as entities.

use chrono::Utc;
use contracts::{
    UserId,
    permissions::{IssuesCreate, IssuesDelete, IssuesRead, IssuesUpdate},
};
use platform::{
    Problem,
    db::{TenantTx, Visibility},
};
use uuid::Uuid;

use super::{
    api::{IssueView, WriteIssue},
    domain::IssueFields,
    store,
};
use crate::{
    customers::api::CustomerView,
    entities::{self, Added, Entity, Parent, Written},
    people::ContactView,
    sales::DealView,
};

platform::record!(IssueView, IssuesRead);

impl Entity for IssueView {
    const NAME: &'static str = "Issue";
    const TRACKED: &'static [&'static str] = &["status", "priority", "assigned_to", "deleted"];
    type Delete = IssuesDelete;
    type Cascade = ();

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i32 {
        self.version
    }

    fn parents(&self) -> Vec<Parent> {
        let named = [
            Parent::of::<CustomerView>("customer_id", self.customer_id),
            Parent::of::<DealView>("deal_id", self.deal_id),
            Parent::of::<ContactView>("contact_id", self.contact_id),
        ];
        named.into_iter().flatten().collect()
    }
}

impl Written for IssueView {
    type Update = IssuesUpdate;
    type Assign = ();
    type Write = WriteIssue;
    type Fields = IssueFields;

    fn assignee(write: &WriteIssue) -> Option<Uuid> {
        write.assigned_to
    }

    fn parse(write: WriteIssue) -> Result<IssueFields, Problem> {
        IssueFields::parse(write)
    }

    async fn settle(
        tx: &mut TenantTx<'_>,
        fields: &mut IssueFields,
        before: Option<&Self>,
        visibility: &Visibility,
    ) -> Result<(), Problem> {
        // What it is about already may have gone out of sight since.
        let new = |id: Option<Uuid>, had: Option<Uuid>| id.filter(|_| before.is_none() || id != had);
        let customer = new(fields.customer_id, before.and_then(|issue| issue.customer_id));
        let deal = new(fields.deal_id, before.and_then(|issue| issue.deal_id));
        let contact = new(fields.contact_id, before.and_then(|issue| issue.contact_id));
        entities::check_reference::<CustomerView>(tx, "customer_id", customer, visibility).await?;
        entities::check_reference::<DealView>(tx, "deal_id", deal, visibility).await?;
        entities::check_reference::<ContactView>(tx, "contact_id", contact, visibility).await?;
        Ok(())
    }

    async fn save(&self, tx: &mut TenantTx<'_>, fields: &IssueFields) -> Result<Self, Problem> {
        let resolved_at = fields.status.is_over().then(|| self.resolved_at.unwrap_or_else(Utc::now));
        Ok(store::update(tx, self.id, fields, resolved_at).await?)
    }
}

impl Added for IssueView {
    type Create = IssuesCreate;

    async fn insert(tx: &mut TenantTx<'_>, fields: &IssueFields, by: UserId) -> Result<Self, Problem> {
        Ok(store::insert(tx, fields, by).await?)
    }
}
