//! Shows the whole hierarchy.

use std::collections::HashMap;

use actix_web::web::Data;
use contracts::permissions::TenantUsersRead;
use platform::{
    Problem,
    http::{Allowed, Body},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::memberships::{
        api::{Hierarchy, Position, TenantUserView},
        store,
    },
};

/// Each member below their superior, oldest members first.
pub async fn tree(caller: Allowed<TenantUsersRead>, deps: Data<Deps>) -> Result<Body<Hierarchy>, Problem> {
    let members =
        deps.db.in_tenant(caller.tenant(), async |tx| store::all(tx).await.map_err(Problem::from)).await?;
    let mut by_superior: HashMap<Option<Uuid>, Vec<TenantUserView>> = HashMap::new();
    for member in deps.people.name(members).await {
        by_superior.entry(member.reports_to).or_default().push(member);
    }
    Ok(Body::new(Hierarchy { results: below(None, &mut by_superior) }))
}

/// The recursion is as deep as the hierarchy, which is bounded.
fn below(
    superior: Option<Uuid>,
    by_superior: &mut HashMap<Option<Uuid>, Vec<TenantUserView>>,
) -> Vec<Position> {
    let members = by_superior.remove(&superior).unwrap_or_default();
    members
        .into_iter()
        .map(|member| Position { children: below(Some(member.id), by_superior), member })
        .collect()
}
