//! Adds a lead.

use actix_web::web::Data;
use contracts::permissions::LeadsCreate;
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Created, Json, Query},
};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    deps::{Deps, SERVICE},
    entities::{Written, created},
    leads::{
        api::{LeadView, WriteLead},
        domain::LeadFields,
        events::ENTITY,
        store,
    },
    references,
};

/// How to add.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateOptions {
    /// Add the lead even if the person seems to be known.
    #[serde(default)]
    pub allow_duplicate: bool,
}

/// 409 `possible_duplicate` with the candidates when the person is known, unless the caller insists.
pub async fn create(
    caller: Allowed<LeadsCreate>,
    options: Query<CreateOptions>,
    body: Json<WriteLead>,
    deps: Data<Deps>,
) -> Result<Answer<Created<LeadView>>, Problem> {
    let mut fields = LeadFields::parse(body.into_inner())?;
    references::check_assignee(&deps, caller.tenant(), fields.assigned_to).await?;
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            LeadView::settle(tx, &mut fields, None, &visibility).await?;
            if !options.0.allow_duplicate {
                refuse_duplicate(&store::alike(tx, &fields).await?, &fields)?;
            }
            let lead = store::insert(tx, &fields, caller.user()).await?;
            outbox::record(tx, SERVICE, vec![Change::created(ENTITY, lead.id, &lead)]).await?;
            Ok(created(lead))
        })
        .await
}

fn refuse_duplicate(alike: &[LeadView], fields: &LeadFields) -> Result<(), Problem> {
    if alike.is_empty() {
        return Ok(());
    }
    let same = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
    let candidates: Vec<_> = alike
        .iter()
        .map(|lead| {
            let matched: Vec<&str> = [
                ("email", same(&lead.email, &fields.email)),
                ("phone", same(&lead.phone, &fields.phone)),
                ("linkedin_url", same(&lead.linkedin_url, &fields.linkedin_url)),
            ]
            .into_iter()
            .filter_map(|(name, matches)| matches.then_some(name))
            .collect();
            json!({ "id": lead.id, "matched": matched })
        })
        .collect();
    let detail = "This person seems to be known already. Send allow_duplicate=true to add them all the same.";
    Err(Problem::conflict("possible_duplicate", detail).with("candidates", candidates))
}
