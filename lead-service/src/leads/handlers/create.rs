//! Adds a lead.

use actix_web::web::Data;
use contracts::{UserId, permissions::LeadsCreate};
use platform::{
    Problem,
    db::{
        TenantTx, Visibility,
        outbox::{self, Change},
    },
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
    let fields = LeadFields::parse(body.into_inner())?;
    references::check_assignee(&deps, caller.tenant(), fields.assigned_to).await?;
    let (visibility, by) = (caller.visibility(), caller.user());
    deps.db
        .once(caller.tenant(), async |tx| {
            let lead = add(tx, fields, options.0, &visibility, by).await?;
            outbox::record(tx, SERVICE, vec![Change::created(ENTITY, lead.id, &lead)]).await?;
            Ok(created(lead))
        })
        .await
}

/// Adds a lead whose assignee is checked; it is for the caller to tell of it.
pub async fn add(
    tx: &mut TenantTx<'_>,
    mut fields: LeadFields,
    options: CreateOptions,
    visibility: &Visibility,
    by: UserId,
) -> Result<LeadView, Problem> {
    LeadView::settle(tx, &mut fields, None, visibility).await?;
    if !options.allow_duplicate {
        refuse_duplicate(&store::alike(tx, &fields).await?, &fields)?;
    }
    Ok(store::insert(tx, &fields, by).await?)
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
