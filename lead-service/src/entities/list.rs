//! Lists entities.

use actix_web::web::Data;
use platform::{
    Problem,
    http::{Allowed, List, list::Rows},
};

use super::Entity;
use crate::deps::Deps;

/// Those the caller may see.
pub async fn list<E: Entity>(
    caller: Allowed<E::Read>,
    list: List<E>,
    deps: Data<Deps>,
) -> Result<Rows<E>, Problem> {
    let visibility = caller.visibility();
    let list = E::following_merges(&deps.db, caller.tenant(), list).await?;
    let (total, rows) = E::look_up_page(&deps.db, caller.tenant(), &list, &visibility).await?;
    Ok(list.answer(total, rows))
}
