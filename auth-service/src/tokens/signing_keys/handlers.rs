//! Publishes the public keys.

use actix_web::web::Data;
use platform::{
    Problem,
    http::{Body, Public},
};

use super::{api::KeySet, store};
use crate::deps::Deps;

/// Read from the database each time, so that a key made by one process is known to all.
pub async fn jwks(_caller: Public, deps: Data<Deps>) -> Result<Body<KeySet>, Problem> {
    let keys = deps.db.in_global(async |tx| store::public_keys(tx).await.map_err(Problem::from)).await?;
    Ok(Body::new(KeySet { keys }))
}
