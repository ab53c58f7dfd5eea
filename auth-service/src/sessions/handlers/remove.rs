//! Ends one of one's sessions.

use actix_web::web::{Data, Path};
use platform::{
    Problem,
    http::{NoContent, SignedIn},
};
use uuid::Uuid;

use crate::{deps::Deps, sessions::end};

/// Another user's session is 404, like an unknown one.
pub async fn remove(caller: SignedIn, id: Path<Uuid>, deps: Data<Deps>) -> Result<NoContent, Problem> {
    end::by_id(&deps, caller.user(), *id).await?;
    Ok(NoContent)
}
