//! Deals as entities: their stage settles how they stand.

use contracts::{
    TenantId, UserId,
    permissions::{DealsCreate, DealsDelete, DealsRead, DealsUpdate},
};
use platform::{
    Problem,
    db::{Db, TenantTx, Visibility, outbox::Change},
    http::{List, access::TenantCaller, context},
};
use uuid::Uuid;

use super::{
    api::{DealView, WriteDeal},
    domain::{DealFields, Standing},
    store,
};
use crate::{
    entities::{self, Added, Entity, Parent, Step, Written},
    people::{self, AccountView, ContactView, LeadView, MadeDeal},
    sales::{
        pipelines::{self, api::PipelineView},
        stages::{self, api::StageView, domain::StageKind},
    },
};

platform::record!(DealView, DealsRead);

impl Entity for DealView {
    const NAME: &'static str = "Deal";
    const TRACKED: &'static [&'static str] = &["stage_id", "status", "value", "assigned_to", "deleted"];
    type Delete = DealsDelete;
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

    // The lead is where it came from, and may be gone.
    fn parents(&self) -> Vec<Parent> {
        let named = [
            Parent::of::<PipelineView>("pipeline_id", Some(self.pipeline_id)),
            Parent::of::<StageView>("stage_id", Some(self.stage_id)),
            Parent::of::<AccountView>("account_id", self.account_id),
            Parent::of::<ContactView>("contact_id", self.contact_id),
        ];
        named.into_iter().flatten().collect()
    }

    async fn lock_leads(tx: &mut TenantTx<'_>, id: Uuid, _step: Step) -> Result<(), Problem> {
        people::lock_leads_of_deal(tx, id).await
    }

    async fn followers(
        &self,
        tx: &mut TenantTx<'_>,
        step: Step,
        _caller: &TenantCaller,
    ) -> Result<Vec<Change>, Problem> {
        let made = MadeDeal { id: self.id, lead_id: self.lead_id, created_at: self.created_at };
        people::follow_deal(tx, &made, step).await
    }
}

impl Written for DealView {
    type Update = DealsUpdate;
    type Assign = ();
    type Write = WriteDeal;
    type Fields = DealFields;

    fn assignee(write: &WriteDeal) -> Option<Uuid> {
        write.assigned_to
    }

    fn lead(write: &WriteDeal) -> Option<Uuid> {
        write.lead_id
    }

    fn parse(write: WriteDeal) -> Result<DealFields, Problem> {
        DealFields::parse(write)
    }

    async fn settle(
        tx: &mut TenantTx<'_>,
        fields: &mut DealFields,
        before: Option<&Self>,
        visibility: &Visibility,
    ) -> Result<(), Problem> {
        let terms = &mut fields.terms;
        if before.is_none_or(|before| before.account_id != terms.account_id) {
            people::check_account(tx, terms.account_id, visibility).await?;
        }
        if before.is_none_or(|before| before.contact_id != terms.contact_id) {
            entities::check_reference::<ContactView>(tx, "contact_id", terms.contact_id, visibility).await?;
        }
        if before.is_none_or(|before| before.lead_id != terms.lead_id) {
            entities::settle_reference::<LeadView>(tx, "lead_id", &mut terms.lead_id, visibility).await?;
        }
        fields.standing = Some(match before {
            Some(before) if stays(fields, before) => Standing::of(before),
            before => {
                let stage = settle_stage(tx, fields, before).await?;
                match before {
                    Some(before) if before.stage_id == stage.id => Standing::of(before),
                    Some(before) => Standing::of(before).moved(&stage, None, context::now()),
                    None => Standing::entering(&stage, None, context::now()),
                }
            }
        });
        Ok(())
    }

    async fn save(&self, tx: &mut TenantTx<'_>, fields: &DealFields) -> Result<Self, Problem> {
        Ok(store::update(tx, self.id, fields).await?)
    }
}

impl Added for DealView {
    type Create = DealsCreate;

    async fn insert(tx: &mut TenantTx<'_>, fields: &DealFields, by: UserId) -> Result<Self, Problem> {
        Ok(store::insert(tx, fields, by).await?)
    }
}

/// Whether people leave a deal in its stage and pipeline. Then neither is looked at: what is not changed is not checked.
fn stays(fields: &DealFields, before: &DealView) -> bool {
    fields.stage_id.is_none_or(|stage| stage == before.stage_id)
        && fields.pipeline_id.is_none_or(|pipeline| pipeline == before.pipeline_id)
}

/// The stage that people mean: the one they name, or the first of the pipeline they name, or the one it is in, or the
/// first of the default pipeline. A stage that they leave as it was does not hold a deal back from another pipeline.
async fn settle_stage(
    tx: &mut TenantTx<'_>,
    fields: &DealFields,
    before: Option<&DealView>,
) -> Result<StageView, Problem> {
    let moves_on = before.is_some_and(|before| {
        fields.pipeline_id.is_some_and(|pipeline| pipeline != before.pipeline_id)
            && fields.stage_id == Some(before.stage_id)
    });
    let named = fields.stage_id.filter(|_| !moves_on);
    let named = named.or_else(|| match (before, fields.pipeline_id) {
        (Some(before), None) => Some(before.stage_id),
        (Some(before), Some(pipeline)) if pipeline == before.pipeline_id => Some(before.stage_id),
        _ => None,
    });
    let pipeline =
        entities::check_reference::<PipelineView>(tx, "pipeline_id", fields.pipeline_id, &Visibility::All)
            .await?;
    if let Some(stage) =
        entities::check_reference::<StageView>(tx, "stage_id", named, &Visibility::All).await?
    {
        let fits = pipeline.is_none_or(|pipeline| pipeline.id == stage.pipeline_id);
        return if fits { Ok(stage) } else { Err(entities::unknown_reference("stage_id")) };
    }
    let pipeline = match pipeline {
        Some(pipeline) => pipeline,
        None => {
            pipelines::store::default(tx).await?.ok_or_else(|| entities::unknown_reference("pipeline_id"))?
        }
    };
    stages::store::first(tx, pipeline.id, StageKind::Open).await?.ok_or_else(|| {
        Problem::unprocessable("pipeline_without_stages", "This pipeline has no open stage to begin in.")
    })
}
