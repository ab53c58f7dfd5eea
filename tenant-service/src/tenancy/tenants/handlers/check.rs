//! Handler that checks whether a client id is available.

use actix_web::web::Data;
use platform::{
    Problem,
    http::{Body, Query, SignedIn},
};

use crate::{
    deps::Deps,
    tenancy::tenants::{
        api::{CheckClientId, ClientIdAvailability, Unavailable},
        domain::ClientId,
        store,
    },
};

/// A client id that was ever given is not free.
pub async fn check(
    _caller: SignedIn,
    query: Query<CheckClientId>,
    deps: Data<Deps>,
) -> Result<Body<ClientIdAvailability>, Problem> {
    let reason = match ClientId::parse(&query.0.client_id) {
        Err(fault) => Some(fault.into()),
        Ok(client_id) => {
            let taken = deps
                .db
                .in_global(async |tx| store::is_client_id_taken(tx, &client_id).await.map_err(Problem::from))
                .await?;
            taken.then_some(Unavailable::Taken)
        }
    };
    Ok(Body::new(ClientIdAvailability { available: reason.is_none(), reason }))
}
