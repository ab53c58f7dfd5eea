//! Makes a role.

use actix_web::web::Data;
use contracts::permissions::RolesManage;
use platform::{
    Problem,
    http::{Allowed, Answer, Created, Json},
};

use crate::{
    deps::Deps,
    roles::{
        api::{RoleView, WriteRole},
        domain::RoleFields,
        events, store,
    },
};

/// It allows nothing yet. A name that is taken is 409.
pub async fn create(
    caller: Allowed<RolesManage>,
    body: Json<WriteRole>,
    deps: Data<Deps>,
) -> Result<Answer<Created<RoleView>>, Problem> {
    let fields = RoleFields::parse(body.into_inner())?;
    deps.db
        .once(caller.tenant(), async |tx| {
            let role = store::insert(tx, &fields, caller.user()).await?;
            events::created(tx, &role).await?;
            let version = role.version;
            Ok(Created::at(format!("/api/v2/roles/{}", role.id), role).version(version))
        })
        .await
}
