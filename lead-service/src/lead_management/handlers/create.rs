//! Adds a lead.

use actix_web::web::Data;
use contracts::permissions::{LeadsAssign, LeadsCreate, LeadsRead};
use platform::{
    Problem,
    db::{
        TenantTx,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Created, Json, May, Query, Shown, Shows, access::TenantCaller},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    duplicates::{self, Candidate, CreateOptions},
    entities::{self, Written, created},
    identity,
    lead_management::store,
    people::{self, LEAD_ENTITY, LeadFields, LeadView, WriteLead},
    routing::Placing,
};

/// The effects of adding leads, alone or in bulk.
pub type Adding = (May<LeadsAssign>, Shows<LeadsRead>);

/// 409 `possible_duplicate` with the candidates when the person is known, unless the caller insists.
pub async fn create(
    caller: Allowed<LeadsCreate, Adding>,
    options: Query<CreateOptions>,
    body: Json<WriteLead>,
    deps: Data<Deps>,
) -> Result<Answer<Created<Shown<LeadView>>>, Problem> {
    let fields = LeadFields::parse(body.into_inner())?;
    entities::check_assignee(&deps, caller.tenant(), fields.assigned_to).await?;
    deps.db
        .once(caller.tenant(), async |tx| {
            let lead = add(tx, fields, options.0, &caller).await?;
            outbox::record(tx, vec![Change::created(LEAD_ENTITY, lead.id, &lead)]).await?;
            Ok(created(&caller, lead))
        })
        .await
}

/// Inserts a lead after checking its assignee. The caller records the event. On an error nothing has been written.
pub async fn add(
    tx: &mut TenantTx<'_>,
    mut fields: LeadFields,
    options: CreateOptions,
    caller: &TenantCaller,
) -> Result<LeadView, Problem> {
    people::check_new_assignment(fields.assigned_to, caller)?;
    let visibility = caller.visibility();
    LeadView::settle(tx, &mut fields, None, &visibility).await?;
    let mut placing = Placing::begin(tx).await?;
    let (id, keys) = (Uuid::now_v7(), fields.keys());
    // Concurrent writers of the same person wait for the keys: reading afterwards sees all of them.
    identity::claim(tx, id, &keys).await?;
    if !options.allow_duplicate {
        let alike = store::alike(tx, &fields, Some(id)).await?;
        if !alike.is_empty() {
            identity::release(tx, id, &keys.iter().collect::<Vec<_>>()).await?;
        }
        refuse_duplicate(&alike, caller)?;
    }
    store::insert_as(tx, &mut placing, id, &fields, caller.user()).await
}

/// 409 with the candidates where there are some.
pub(super) fn refuse_duplicate(
    alike: &[(LeadView, Vec<&'static str>)],
    caller: &TenantCaller,
) -> Result<(), Problem> {
    let candidates: Vec<_> = alike
        .iter()
        .map(|(lead, matched)| Candidate {
            id: lead.id,
            owners: [lead.assigned_to, lead.created_by],
            matched: matched.clone(),
        })
        .collect();
    duplicates::refuse::<LeadsRead>(&candidates, caller)
}
