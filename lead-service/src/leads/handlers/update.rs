//! Replaces and changes a lead.

use actix_web::web::{Data, Path};
use contracts::permissions::LeadsUpdate;
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Body, IfMatch, Json, MergePatch},
};
use uuid::Uuid;

use crate::{
    deps::{Deps, SERVICE},
    leads::{
        api::{LeadView, WriteLead},
        domain::LeadFields,
        events::{ENTITY, TRACKED},
        store,
    },
    references,
};

/// PUT: what is left out becomes empty.
pub async fn replace(
    caller: Allowed<LeadsUpdate>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteLead>,
    deps: Data<Deps>,
) -> Result<Body<LeadView>, Problem> {
    let write = body.into_inner();
    references::check_assignee(&deps, caller.tenant(), write.assigned_to).await?;
    save(&caller, *id, if_match, &deps, |_| Ok(write)).await
}

/// PATCH: what is left out stays.
pub async fn update(
    caller: Allowed<LeadsUpdate>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteLead>,
    deps: Data<Deps>,
) -> Result<Body<LeadView>, Problem> {
    references::check_assignee(&deps, caller.tenant(), patch.uuid("assigned_to")).await?;
    save(&caller, *id, if_match, &deps, |current| patch.apply(current)).await
}

async fn save(
    caller: &Allowed<LeadsUpdate>,
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&LeadView) -> Result<WriteLead, Problem>,
) -> Result<Body<LeadView>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let before = store::lock(tx, id, &visibility).await?;
            if_match.check(before.version)?;
            let fields = LeadFields::parse(write(&before)?)?;
            if fields.account_id != before.account_id {
                references::check_account(tx, fields.account_id, &visibility).await?;
            }
            if fields.product_id != before.product_id {
                references::check_product(tx, fields.product_id).await?;
            }
            let after = store::update(tx, id, &fields).await?;
            outbox::record(tx, SERVICE, Change::updated(ENTITY, id, &before, &after, TRACKED)).await?;
            let version = after.version;
            Ok(Body::versioned(after, version))
        })
        .await
}
