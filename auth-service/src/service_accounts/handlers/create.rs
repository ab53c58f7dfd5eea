//! Makes an account of an outside worker.

use actix_web::web::Data;
use contracts::permissions::ServiceAccountsManage;
use platform::{
    Problem,
    http::{Answer, Created, Json, PlatformAllowed},
};

use crate::{
    deps::Deps,
    service_accounts::{
        api::{NewServiceAccountView, WriteServiceAccount},
        domain::{CLIENT_ID_PREFIX, NewServiceAccount, SECRET_PREFIX},
        store,
    },
    tokens::Secret,
};

/// The secret is in this answer and nowhere else; the same `Idempotency-Key` of the same person gives it again.
pub async fn create(
    caller: PlatformAllowed<ServiceAccountsManage>,
    body: Json<WriteServiceAccount>,
    deps: Data<Deps>,
) -> Result<Answer<Created<NewServiceAccountView>>, Problem> {
    let new = NewServiceAccount::parse(body.into_inner())?;
    let client_id = format!("{CLIENT_ID_PREFIX}{}", hex::encode(rand::random::<[u8; 12]>()));
    let secret = Secret::generate(SECRET_PREFIX);
    deps.db
        .once_global(async |tx| {
            let account = store::insert(tx, &new, &client_id, &secret.fingerprint, caller.user()).await?;
            let (location, version) = (format!("/api/v2/service-accounts/{}", account.id), account.version);
            let view = NewServiceAccountView { account, client_secret: secret.text };
            Ok(Created::at(location, view).version(version))
        })
        .await
}
