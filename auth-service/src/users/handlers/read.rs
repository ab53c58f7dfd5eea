//! Reads a user.

use actix_web::web::{Data, Path};
use contracts::{UserId, permissions::UsersRead};
use platform::{
    Problem,
    http::{Body, PlatformAllowed},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    users::{api::UserView, store},
};

/// One user with their version.
pub async fn read(
    _caller: PlatformAllowed<UsersRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<UserView>, Problem> {
    let user = deps.db.in_global(async |tx| store::find(tx, UserId(*id)).await).await?;
    let user = user.ok_or_else(Problem::not_found)?;
    let version = user.version;
    Ok(Body::versioned(user.into(), version))
}
