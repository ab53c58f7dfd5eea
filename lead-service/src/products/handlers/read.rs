//! Reads a product.

use actix_web::web::{Data, Path};
use contracts::permissions::ProductsRead;
use platform::{
    Problem,
    http::{Allowed, Body},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    products::{api::ProductView, store},
};

/// One product with its version.
pub async fn read(
    caller: Allowed<ProductsRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<ProductView>, Problem> {
    let product =
        deps.db.read(caller.tenant(), async |tx| store::find(tx, *id).await.map_err(Problem::from)).await?;
    let version = product.version;
    Ok(Body::versioned(product, version))
}
