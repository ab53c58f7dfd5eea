//! Reads an entity.

use actix_web::web::{Data, Path};
use platform::{
    Problem,
    http::{Allowed, Body, Fields},
};
use uuid::Uuid;

use super::Entity;
use crate::deps::Deps;

/// One that the caller may see, with its version.
pub async fn read<E: Entity>(
    caller: Allowed<E::Read>,
    id: Path<Uuid>,
    fields: Fields<E>,
    deps: Data<Deps>,
) -> Result<Body<E>, Problem> {
    let visibility = caller.visibility();
    let entity = E::look_up(&deps.db, caller.tenant(), *id, &visibility).await?;
    let version = entity.version();
    Ok(Body::versioned(entity, version).trimmed(fields.names))
}
