//! Adds many accounts.

use actix_web::web::Data;
use contracts::permissions::{AccountsCreate, AccountsRead};
use platform::{
    Problem,
    db::TenantTx,
    http::{Allowed, Answer, Body, Shows},
};

use crate::{
    deps::Deps,
    entities::{self, BulkOf, BulkView, Written},
    people::accounts::{
        adding,
        api::{AccountView, NewAccountView, WriteAccount},
        domain::AccountFields,
    },
};

/// Each with its enrichments.
pub async fn bulk_create(
    caller: Allowed<AccountsCreate, Shows<AccountsRead>>,
    body: BulkOf<WriteAccount>,
    deps: Data<Deps>,
) -> Result<Answer<Body<BulkView<NewAccountView>>>, Problem> {
    let (visibility, by) = (caller.visibility(), caller.user());
    let add = async |tx: &mut TenantTx<'_>, write: WriteAccount| {
        let mut fields = AccountFields::from(write);
        AccountView::settle(tx, &mut fields, None, &visibility).await?;
        adding::add(tx, &fields, by).await
    };
    entities::add_all(&deps, &caller, body.0, add, adding::told).await
}
