//! Adds an account.

use actix_web::web::Data;
use contracts::permissions::{AccountsCreate, AccountsRead};
use platform::{
    Problem,
    db::outbox,
    http::{Allowed, Answer, Created, Json, Shown, Shows},
};

use crate::{
    deps::Deps,
    entities::Written,
    people::accounts::{
        adding,
        api::{AccountView, NewAccountView, WriteAccount},
        domain::AccountFields,
    },
};

/// Its enrichments are started with it.
pub async fn create(
    caller: Allowed<AccountsCreate, Shows<AccountsRead>>,
    body: Json<WriteAccount>,
    deps: Data<Deps>,
) -> Result<Answer<Created<Shown<NewAccountView>>>, Problem> {
    let mut fields = AccountFields::from(body.into_inner());
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            AccountView::settle(tx, &mut fields, None, &visibility).await?;
            let view = adding::add(tx, &fields, caller.user()).await?;
            outbox::record(tx, vec![adding::told(&view)]).await?;
            Ok(Created::shown(&caller, "/api/v2/accounts", view))
        })
        .await
}
