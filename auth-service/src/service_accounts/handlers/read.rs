//! Reads an account of an outside worker.

use actix_web::web::{Data, Path};
use contracts::permissions::ServiceAccountsManage;
use platform::{
    Problem,
    http::{Body, PlatformAllowed},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    service_accounts::{api::ServiceAccountView, store},
};

/// Never with its secret.
pub async fn read(
    _caller: PlatformAllowed<ServiceAccountsManage>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<ServiceAccountView>, Problem> {
    let account = deps.db.in_global(async |tx| store::find(tx, *id).await.map_err(Problem::from)).await?;
    let version = account.version;
    Ok(Body::versioned(account, version))
}
