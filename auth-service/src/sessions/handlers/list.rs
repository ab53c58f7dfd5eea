//! Lists one's sessions.

use actix_web::web::Data;
use platform::{
    Problem,
    http::{List, SignedIn, list::Rows},
};

use crate::{
    deps::Deps,
    sessions::{
        api::SessionView,
        store::{self, SessionRow},
    },
};

/// Those that can be continued.
pub async fn list(
    caller: SignedIn,
    list: List<SessionView>,
    deps: Data<Deps>,
) -> Result<Rows<SessionView>, Problem> {
    let (total, rows) = deps.db.in_global(async |tx| store::page(tx, &list, caller.user()).await).await?;
    let current = caller.session();
    let view = |SessionRow { id, created_at, last_used_at, user_agent, ip }| SessionView {
        current: id == current,
        id,
        created_at,
        last_used_at,
        user_agent,
        ip,
    };
    Ok(list.answer(total, rows.into_iter().map(view).collect()))
}
