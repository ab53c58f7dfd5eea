//! Handler that describes a user for other services.

use actix_web::web::Data;
use contracts::internal::users::{DescribeUsers, UserSummary};
use platform::{
    Problem,
    http::{Internal, InternalJson, body::InternalReply},
};

use crate::{deps::Deps, users::store};

const LIMIT: usize = 1_000;

/// Those that exist, in no particular order.
pub async fn describe(
    _caller: Internal,
    call: InternalJson<DescribeUsers>,
    deps: Data<Deps>,
) -> Result<InternalReply<Vec<UserSummary>>, Problem> {
    let InternalJson(DescribeUsers { user_ids }) = call;
    if user_ids.len() > LIMIT {
        return Err(Problem::bad_request(
            "too_many",
            format!("At most {LIMIT} users can be described at once."),
        ));
    }
    let users = deps.db.in_global(async |tx| store::find_all(tx, &user_ids).await).await?;
    Ok(InternalReply(users.iter().map(UserSummary::from).collect()))
}
