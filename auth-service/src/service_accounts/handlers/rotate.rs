//! Gives an account of an outside worker another secret.

use actix_web::web::{Data, Path};
use contracts::permissions::ServiceAccountsManage;
use platform::{
    Problem,
    http::{Answer, Body, PlatformAllowed},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    service_accounts::{api::NewServiceAccountView, domain::SECRET_PREFIX, store},
    tokens::Secret,
};

/// The old secret is void at once; tokens that were given for it run out by themselves.
pub async fn rotate(
    _caller: PlatformAllowed<ServiceAccountsManage>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<NewServiceAccountView>>, Problem> {
    let secret = Secret::generate(SECRET_PREFIX);
    deps.db
        .once_global(async |tx| {
            store::lock(tx, *id).await?;
            let account = store::set_secret(tx, *id, &secret.fingerprint).await?;
            let version = account.version;
            Ok(Body::versioned(NewServiceAccountView { account, client_secret: secret.text }, version))
        })
        .await
}
