//! Registers what a service's routes demand.

use actix_web::web::Data;
use contracts::internal::permissions::{RegisterPermissions, Registered};
use platform::{
    Problem,
    http::{Internal, InternalJson, body::InternalReply},
};

use crate::{deps::Deps, permissions::store};

/// Each service speaks for itself only.
pub async fn register(
    caller: Internal,
    call: InternalJson<RegisterPermissions>,
    deps: Data<Deps>,
) -> Result<InternalReply<Registered>, Problem> {
    let RegisterPermissions { service, routes } = call.0;
    if caller.from != service {
        let detail = format!("{} cannot register the routes of {service}.", caller.from);
        return Err(Problem::forbidden("service_mismatch", detail));
    }
    deps.db.in_global(async |tx| store::replace(tx, service, &routes).await.map_err(Problem::from)).await?;
    Ok(InternalReply(Registered { routes: routes.len() }))
}
