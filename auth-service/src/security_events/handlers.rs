//! Lists security events of a person.

use actix_web::web::{Data, Path};
use contracts::{UserId, permissions::UsersRead};
use platform::{
    Problem,
    db::Visibility,
    http::{List, PlatformAllowed, SignedIn, list::Rows},
};
use uuid::Uuid;

use super::{api::SecurityEventView, store};
use crate::{deps::Deps, users};

/// One's own, refused attempts included.
pub async fn list_own(
    caller: SignedIn,
    list: List<SecurityEventView>,
    deps: Data<Deps>,
) -> Result<Rows<SecurityEventView>, Problem> {
    of(&deps, caller.user(), list).await
}

/// Those of any person, for the platform's staff.
pub async fn list_of_user(
    _caller: PlatformAllowed<UsersRead>,
    id: Path<Uuid>,
    list: List<SecurityEventView>,
    deps: Data<Deps>,
) -> Result<Rows<SecurityEventView>, Problem> {
    of(&deps, UserId(*id), list).await
}

async fn of(
    deps: &Deps,
    person: UserId,
    list: List<SecurityEventView>,
) -> Result<Rows<SecurityEventView>, Problem> {
    let theirs = Visibility::Of(vec![person.0]);
    let (total, rows) = deps
        .db
        .in_global(async |tx| {
            users::find(tx, person).await?.ok_or_else(Problem::not_found)?;
            store::page(tx, &list, &theirs).await
        })
        .await?;
    Ok(list.answer(total, rows))
}
