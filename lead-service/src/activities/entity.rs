//! Activities as entities.

use contracts::{
    TenantId, UserId,
    permissions::{ActivitiesCreate, ActivitiesDelete, ActivitiesRead, ActivitiesUpdate},
};
use platform::{
    Problem,
    db::{Db, TenantTx, Visibility},
    http::List,
};
use uuid::Uuid;

use super::{
    api::{ActivityView, WriteActivity},
    domain::ActivityFields,
    store,
};
use crate::{
    entities::{self, Added, Entity, Parent, Written},
    people::{self, AccountView, ContactView, LeadView},
    routing::{self, NewEngagement},
    sales::DealView,
};

platform::record!(ActivityView, ActivitiesRead);

impl Entity for ActivityView {
    const NAME: &'static str = "Activity";
    const TRACKED: &'static [&'static str] = &["completed", "assigned_to", "deleted"];
    type Delete = ActivitiesDelete;
    type Cascade = ();
    const NAMING_LEADS: &'static [&'static str] = &["lead_id"];

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
        let named = [
            Parent::of::<LeadView>("lead_id", self.lead_id),
            Parent::of::<DealView>("deal_id", self.deal_id),
            Parent::of::<ContactView>("contact_id", self.contact_id),
            Parent::of::<AccountView>("account_id", self.account_id),
        ];
        named.into_iter().flatten().collect()
    }
}

impl Written for ActivityView {
    type Update = ActivitiesUpdate;
    type Assign = ();
    type Write = WriteActivity;
    type Fields = ActivityFields;

    fn assignee(write: &WriteActivity) -> Option<Uuid> {
        write.assigned_to
    }

    fn lead(write: &WriteActivity) -> Option<Uuid> {
        write.lead_id
    }

    fn parse(write: WriteActivity) -> Result<ActivityFields, Problem> {
        Ok(ActivityFields::from(write))
    }

    async fn settle(
        tx: &mut TenantTx<'_>,
        fields: &mut ActivityFields,
        before: Option<&Self>,
        visibility: &Visibility,
    ) -> Result<(), Problem> {
        if before.is_none_or(|before| before.lead_id != fields.lead_id) {
            entities::settle_reference::<LeadView>(tx, "lead_id", &mut fields.lead_id, visibility).await?;
        }
        if before.is_none_or(|before| before.deal_id != fields.deal_id) {
            entities::check_reference::<DealView>(tx, "deal_id", fields.deal_id, visibility).await?;
        }
        if before.is_none_or(|before| before.contact_id != fields.contact_id) {
            entities::check_reference::<ContactView>(tx, "contact_id", fields.contact_id, visibility).await?;
        }
        if before.is_none_or(|before| before.account_id != fields.account_id) {
            people::check_account(tx, fields.account_id, visibility).await?;
        }
        Ok(())
    }

    async fn save(&self, tx: &mut TenantTx<'_>, fields: &ActivityFields) -> Result<Self, Problem> {
        Ok(store::update(tx, self.id, fields).await?)
    }
}

impl Added for ActivityView {
    type Create = ActivitiesCreate;

    async fn insert(tx: &mut TenantTx<'_>, fields: &ActivityFields, by: UserId) -> Result<Self, Problem> {
        let activity = store::insert(tx, fields, by).await?;
        if let Some(lead_id) = activity.lead_id {
            let deed = NewEngagement {
                lead_id,
                kind: activity.activity_type.word().to_owned(),
                at: activity.scheduled_at.unwrap_or(activity.created_at),
                reference: Some(activity.id),
            };
            routing::record_engagements(tx, vec![deed]).await?;
        }
        Ok(activity)
    }
}
