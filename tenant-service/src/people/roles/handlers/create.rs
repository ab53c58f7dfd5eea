//! Makes a role.

use actix_web::web::Data;
use contracts::permissions::{RolesManage, RolesRead};
use platform::{
    Problem,
    http::{Allowed, Answer, Created, Json, Shown, Shows},
};

use crate::{
    deps::Deps,
    people::roles::{
        api::{RoleView, WriteRole},
        domain::RoleFields,
        escalation::{self, Reach},
        events, store,
    },
};

/// It allows nothing yet. Neither its data scope nor its level may exceed the caller's. A name that is taken is 409.
pub async fn create(
    caller: Allowed<RolesManage, Shows<RolesRead>>,
    body: Json<WriteRole>,
    deps: Data<Deps>,
) -> Result<Answer<Created<Shown<RoleView>>>, Problem> {
    let fields = RoleFields::parse(body.into_inner())?;
    deps.db
        .once(caller.tenant(), async |tx| {
            escalation::check(tx, &caller, &[Reach::written(&fields)]).await?;
            let role = store::insert(tx, &fields, caller.user()).await?;
            events::created(tx, &role).await?;
            Ok(Created::shown(&caller, "/api/v2/roles", role))
        })
        .await
}
