//! Adds a lead, or changes the one that is known by the same mark.

use actix_web::web::Data;
use contracts::{
    permissions::{LeadsAssign, LeadsCreate, LeadsUpdate},
    problem::FieldError,
};
use platform::{
    Problem,
    db::{
        Stored,
        outbox::{self, Change},
    },
    http::{Allowed, Body, May, MergePatch, Query},
    text_enum, values,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    deps::{Deps, SERVICE},
    entities::{Entity, Written},
    leads::{
        api::{LeadView, WriteLead},
        assigning, store,
    },
    references,
};

text_enum!(
    /// What tells that two leads are the same.
    Mark {
        /// The id in the system it came from, `lead_reference_id`.
        ExternalId = "external_id",
        /// The e-mail address.
        Email = "email",
    }
);

/// How to find the known lead.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpsertOptions {
    /// The mark; the body must bear it.
    #[serde(rename = "match")]
    pub mark: Mark,
}

/// What was done.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct UpsertView {
    /// The lead.
    pub id: Uuid,
    /// `created` or `updated`.
    pub outcome: &'static str,
}

/// Of a known lead, what is left out stays. Two at once with one mark wait for each other. The answer has the id only, so
/// that it shows nothing.
pub async fn upsert(
    caller: Allowed<LeadsUpdate, (May<LeadsCreate>, May<LeadsAssign>)>,
    options: Query<UpsertOptions>,
    patch: MergePatch<WriteLead>,
    deps: Data<Deps>,
) -> Result<Body<UpsertView>, Problem> {
    let mark = options.0.mark;
    let (field, value) = match mark {
        Mark::ExternalId => {
            ("lead_reference_id", patch.text("lead_reference_id").map(|id| id.trim().to_owned()))
        }
        Mark::Email => ("email", patch.text("email").and_then(values::email)),
    };
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        let message = "is required: the lead is found by it";
        return Err(Problem::invalid(vec![FieldError::new(field, "required", message)]));
    };
    references::check_assignee(&deps, caller.tenant(), patch.uuid("assigned_to")).await?;
    let visibility = caller.visibility();
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            store::hold_mark(tx, mark.word(), &value).await?;
            let known = match mark {
                Mark::ExternalId => store::by_reference(tx, &value, &visibility).await?,
                Mark::Email => store::by_email(tx, &value, &visibility).await?,
            };
            let Some(id) = known else {
                caller.demand::<LeadsCreate>()?;
                let mut fields = LeadView::parse(patch.apply(&json!({}))?)?;
                assigning::check_new(fields.assigned_to, &caller)?;
                LeadView::settle(tx, &mut fields, None, &visibility).await?;
                let lead = store::insert(tx, &fields, caller.user()).await?;
                outbox::record(tx, SERVICE, vec![Change::created(LeadView::NAME, lead.id, &lead)]).await?;
                return Ok(Body::new(UpsertView { id: lead.id, outcome: "created" }));
            };
            let before = LeadView::lock(tx, id, &visibility).await?;
            let mut fields = LeadView::parse(patch.apply(&before)?)?;
            LeadView::settle(tx, &mut fields, Some(&before), &visibility).await?;
            let after = before.save(tx, &fields).await?;
            before.check_effects(&after, &caller)?;
            let changes = Change::updated(LeadView::NAME, id, &before, &after, LeadView::TRACKED);
            outbox::record(tx, SERVICE, changes).await?;
            Ok(Body::new(UpsertView { id, outcome: "updated" }))
        })
        .await
}
