//! Lists who is above and below a member.

use actix_web::web::{Data, Path};
use contracts::permissions::TenantUsersRead;
use platform::{
    Problem,
    http::{Allowed, Body},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::memberships::{
        api::{Membership, Relative, Relatives},
        hierarchy, store,
    },
};

/// Lists all members below, nearest first.
pub async fn subordinates(
    caller: Allowed<TenantUsersRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<Relatives>, Problem> {
    let found = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            store::find(tx, *id).await?;
            hierarchy::below(tx, *id).await.map_err(Problem::from)
        })
        .await?;
    Ok(Body::new(named(&deps, found).await))
}

/// Lists all members above, nearest first.
pub async fn ancestors(
    caller: Allowed<TenantUsersRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<Relatives>, Problem> {
    let found = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            store::find(tx, *id).await?;
            hierarchy::above(tx, *id).await.map_err(Problem::from)
        })
        .await?;
    Ok(Body::new(named(&deps, found).await))
}

async fn named(deps: &Deps, found: Vec<(i32, Membership)>) -> Relatives {
    let (depths, members): (Vec<i32>, Vec<Membership>) = found.into_iter().unzip();
    let members = deps.people.name(members).await;
    Relatives {
        results: depths.into_iter().zip(members).map(|(depth, member)| Relative { depth, member }).collect(),
    }
}
