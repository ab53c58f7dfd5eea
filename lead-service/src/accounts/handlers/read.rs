//! Reads an account.

use actix_web::web::{Data, Path};
use contracts::permissions::AccountsRead;
use platform::{
    Problem,
    http::{Allowed, Body, Fields},
};
use uuid::Uuid;

use crate::{
    accounts::{api::AccountView, store},
    deps::Deps,
};

/// One account with its version.
pub async fn read(
    caller: Allowed<AccountsRead>,
    id: Path<Uuid>,
    fields: Fields<AccountView>,
    deps: Data<Deps>,
) -> Result<Body<AccountView>, Problem> {
    let visibility = caller.visibility();
    let account = deps
        .db
        .read(caller.tenant(), async |tx| store::find(tx, *id, &visibility).await.map_err(Problem::from))
        .await?;
    let version = account.version;
    Ok(Body::versioned(account, version).trimmed(fields.names))
}
