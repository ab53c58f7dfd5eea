//! Joining a tenant, at a place in the hierarchy.

use contracts::UserId;
use diesel::OptionalExtension;
use platform::{Problem, db::TenantTx};
use uuid::Uuid;

use super::{api::Membership, events, hierarchy, store};

/// Who joins, as what.
#[derive(Clone, Copy, Debug)]
pub struct Joining<'a> {
    /// The person.
    pub user: UserId,
    /// The role they hold.
    pub role: Uuid,
    /// Where in the organisation they work.
    pub department: Option<&'a str>,
    /// The membership above; when it is gone, they stand at the top.
    pub reports_to: Option<Uuid>,
    /// Who invited them.
    pub invited_by: Option<Uuid>,
}

/// Makes the membership. The caller has serialised changes of memberships and found a seat.
///
/// # Errors
/// 503 when they became a member meanwhile, or the database is away.
pub async fn join(tx: &mut TenantTx<'_>, joining: &Joining<'_>) -> Result<Membership, Problem> {
    let joined = store::insert(tx, joining.user, joining.role).await?;
    let joined = joined.ok_or_else(|| Problem::unavailable("the person became a member meanwhile"))?;
    let above = match joining.reports_to {
        Some(above) => store::find(tx, above).await.optional()?.map(|above| above.id),
        None => None,
    };
    if let Some(above) = above {
        hierarchy::check_depth(tx, joined.id, above).await?;
        hierarchy::shift(tx, joined.id, Some(above)).await?;
    }
    let member = store::settle(tx, joined.id, joining.department, above, joining.invited_by).await?;
    events::created(tx, &member).await?;
    Ok(member)
}
