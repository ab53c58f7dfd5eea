//! Makes an account of an outside worker.

use actix_web::web::Data;
use contracts::permissions::ServiceAccountsManage;
use platform::{
    Problem,
    http::{Created, Json, PlatformAllowed},
};

use crate::{
    deps::Deps,
    secrets::Secret,
    service_accounts::{
        api::{NewServiceAccountView, WriteServiceAccount},
        domain::{CLIENT_ID_PREFIX, NewServiceAccount, SECRET_PREFIX},
        store,
    },
};

/// The secret is in this answer and nowhere else.
pub async fn create(
    caller: PlatformAllowed<ServiceAccountsManage>,
    body: Json<WriteServiceAccount>,
    deps: Data<Deps>,
) -> Result<Created<NewServiceAccountView>, Problem> {
    let new = NewServiceAccount::parse(body.into_inner())?;
    let client_id = format!("{CLIENT_ID_PREFIX}{}", hex::encode(rand::random::<[u8; 12]>()));
    let secret = Secret::generate(SECRET_PREFIX);
    let account = deps
        .db
        .in_global(async |tx| {
            let made = store::insert(tx, &new, &client_id, &secret.fingerprint, caller.user()).await;
            made.map_err(Problem::from)
        })
        .await?;
    let (location, version) = (format!("/api/v2/service-accounts/{}", account.id), account.version);
    let view = NewServiceAccountView { account, client_secret: secret.text };
    Ok(Created::at(location, view).version(version))
}
