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
            let lead = store::insert(tx, &fields, caller.user()).await?;
            if !options.0.allow_duplicate {
                // Whoever adds the same person at once waits for their key: looking afterwards sees them all.
                refuse_duplicate(&store::alike(tx, &fields, Some(lead.id)).await?)?;
            }
            outbox::record(tx, SERVICE, vec![Change::created(ENTITY, lead.id, &lead)]).await?;
            Ok(created(lead))
        })
        .await
}

fn refuse_duplicate(alike: &[(LeadView, Vec<&str>)]) -> Result<(), Problem> {
    if alike.is_empty() {
        return Ok(());
    }
    let candidates: Vec<_> =
        alike.iter().map(|(lead, matched)| json!({ "id": lead.id, "matched": matched })).collect();
    let detail = "This person seems to be known already. Send allow_duplicate=true to add them all the same.";
    Err(Problem::conflict("possible_duplicate", detail).with("candidates", candidates))
}
