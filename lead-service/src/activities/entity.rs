//! Activities as entities.

use contracts::{
    UserId,
    permissions::{ActivitiesCreate, ActivitiesDelete, ActivitiesRead, ActivitiesUpdate},
};
use platform::{
    Problem,
    db::{TenantTx, Visibility},
};
use uuid::Uuid;

use super::{
    api::{ActivityView, WriteActivity},
    domain::ActivityFields,
    store,
};
use crate::{
    accounts::api::AccountView,
    contacts::api::ContactView,
    deals::api::DealView,
    entities::{Added, Entity, Parent, Written},
    leads::api::LeadView,
    references,
    scores::engagements::{self, NewEngagement},
};

platform::record!(ActivityView, ActivitiesRead);

impl Entity for ActivityView {
    const NAME: &'static str = "Activity";
    const TRACKED: &'static [&'static str] = &["completed", "assigned_to", "deleted"];
    type Delete = ActivitiesDelete;
    type Cascade = ();
    const NAMING_LEADS: &'static [&'static str] = &["lead_id"];

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
            references::settle::<LeadView>(tx, "lead_id", &mut fields.lead_id, visibility).await?;
        }
        if before.is_none_or(|before| before.deal_id != fields.deal_id) {
            references::check::<DealView>(tx, "deal_id", fields.deal_id, visibility).await?;
        }
        if before.is_none_or(|before| before.contact_id != fields.contact_id) {
            references::check::<ContactView>(tx, "contact_id", fields.contact_id, visibility).await?;
        }
        if before.is_none_or(|before| before.account_id != fields.account_id) {
            references::check_account(tx, fields.account_id, visibility).await?;
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
            engagements::record(tx, vec![deed]).await?;
        }
        Ok(activity)
    }
}
