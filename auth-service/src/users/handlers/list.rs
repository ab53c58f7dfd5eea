//! Lists the platform's users.

use actix_web::web::Data;
use contracts::permissions::UsersRead;
use platform::{
    Problem,
    http::{List, PlatformAllowed, list::Rows},
};

use crate::{
    deps::Deps,
    users::{api::UserView, store},
};

/// Lists all users, independent of tenants.
pub async fn list(
    _caller: PlatformAllowed<UsersRead>,
    list: List<UserView>,
    deps: Data<Deps>,
) -> Result<Rows<UserView>, Problem> {
    let (total, users) = deps.db.in_global(async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, users.into_iter().map(UserView::from).collect()))
}
