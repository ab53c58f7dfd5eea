//! Adds a product.

use actix_web::web::Data;
use contracts::permissions::ProductsCreate;
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Created, Json},
};

use crate::{
    deps::{Deps, SERVICE},
    products::{
        ENTITY,
        api::{ProductView, WriteProduct},
        domain::ProductFields,
        store,
    },
};

/// A name that is taken is 409.
pub async fn create(
    caller: Allowed<ProductsCreate>,
    body: Json<WriteProduct>,
    deps: Data<Deps>,
) -> Result<Answer<Created<ProductView>>, Problem> {
    let fields = ProductFields::parse(body.into_inner())?;
    deps.db
        .once(caller.tenant(), async |tx| {
            let product = store::insert(tx, &fields, caller.user()).await?;
            outbox::record(tx, SERVICE, vec![Change::created(ENTITY, product.id, &product)]).await?;
            let version = product.version;
            Ok(Created::at(format!("/api/v2/products/{}", product.id), product).version(version))
        })
        .await
}
