//! Deletes an account of an outside worker.

use actix_web::web::{Data, Path};
use contracts::permissions::ServiceAccountsManage;
use platform::{
    Problem,
    http::{IfMatch, NoContent, PlatformAllowed},
};
use uuid::Uuid;

use crate::{deps::Deps, service_accounts::store};

/// Its tokens are void within seconds.
pub async fn archive(
    _caller: PlatformAllowed<ServiceAccountsManage>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    deps.db
        .in_global(async |tx| {
            let account = store::lock(tx, *id).await?;
            if_match.check(account.version)?;
            store::archive(tx, *id).await?;
            Ok::<_, Problem>(NoContent)
        })
        .await
}
