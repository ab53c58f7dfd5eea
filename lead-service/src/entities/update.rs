//! Replaces and changes an entity.

use actix_web::web::{Data, Path};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Body, IfMatch, Json, MergePatch, Record, Shown, Shows, access::TenantCaller},
};
use uuid::Uuid;

use super::{Written, locks};
use crate::{deps::Deps, entities::references};

/// The effects of changing an `E`.
type Effects<E> = (<E as Written>::Assign, Shows<<E as Record>::Read>);

/// PUT: what is left out becomes empty.
pub async fn replace<E: Written>(
    caller: Allowed<E::Update, Effects<E>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<E::Write>,
    deps: Data<Deps>,
) -> Result<Body<Shown<E>>, Problem> {
    let write = body.into_inner();
    references::check_assignee(&deps, caller.tenant(), E::assignee(&write)).await?;
    let lead = E::lead(&write);
    save(&caller, *id, lead, if_match, &deps, |_: &E| Ok(write)).await
}

/// PATCH: what is left out stays, members of members too.
pub async fn update<E: Written>(
    caller: Allowed<E::Update, Effects<E>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<E::Write>,
    deps: Data<Deps>,
) -> Result<Body<Shown<E>>, Problem> {
    references::check_assignee(&deps, caller.tenant(), patch.uuid("assigned_to")).await?;
    let lead = patch.uuid("lead_id");
    save(&caller, *id, lead, if_match, &deps, |current: &E| patch.apply_replacing(current, E::WHOLE)).await
}

async fn save<E: Written>(
    caller: &TenantCaller,
    id: Uuid,
    lead: Option<Uuid>,
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&E) -> Result<E::Write, Problem>,
) -> Result<Body<Shown<E>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            locks::hold_named::<E>(tx, lead).await?;
            let before = E::lock(tx, id, &visibility).await?;
            if_match.check(before.version())?;
            let mut fields = E::parse(write(&before)?)?;
            E::settle(tx, &mut fields, Some(&before), &visibility).await?;
            let after = before.save(tx, &fields).await?;
            before.check_effects(&after, caller)?;
            outbox::record(tx, Change::updated(E::NAME, before.id(), &before, &after, E::TRACKED)).await?;
            Ok(Body::shown(caller, after))
        })
        .await
}
