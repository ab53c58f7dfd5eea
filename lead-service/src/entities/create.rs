//! Adds an entity.

use actix_web::web::Data;
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Created, Json, Shown, Shows, access::TenantCaller},
};

use super::{Added, Entity};
use crate::{deps::Deps, entities::references};

/// A unique name that is taken is 409, a reference to nothing 422.
pub async fn create<E: Added>(
    caller: Allowed<E::Create, Shows<E::Read>>,
    body: Json<E::Write>,
    deps: Data<Deps>,
) -> Result<Answer<Created<Shown<E>>>, Problem> {
    let write = body.into_inner();
    references::check_assignee(&deps, caller.tenant(), E::assignee(&write)).await?;
    let mut fields = E::parse(write)?;
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            E::settle(tx, &mut fields, None, &visibility).await?;
            let entity = E::insert(tx, &fields, caller.user()).await?;
            outbox::record(tx, vec![Change::created(E::NAME, entity.id(), &entity)]).await?;
            Ok(created(&caller, entity))
        })
        .await
}

/// 201 with the entity as far as the caller may read it, its place and its version.
pub fn created<E: Entity>(caller: &TenantCaller, entity: E) -> Created<Shown<E>> {
    Created::shown(caller, E::LISTING.path, entity)
}
