//! Undoes a handover.

use actix_web::web::{Data, Path};
use contracts::{
    UserId,
    internal::tenants::{CheckMembers, Leaving},
    permissions::{
        ContactsUpdate, CustomersUpdate, DealsUpdate, LeadsAssign, TasksUpdate, TenantUsersRead,
        TenantUsersUpdate,
    },
};
use platform::{
    Problem,
    db::{
        Stored,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body, Needs, Shown, Shows},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    handovers::{
        api::{HandoverStatus, HandoverView},
        records, store,
    },
};

/// What changes hands.
type Returning = (
    Needs<LeadsAssign>,
    Needs<DealsUpdate>,
    Needs<TasksUpdate>,
    Needs<ContactsUpdate>,
    Needs<CustomersUpdate>,
    Shows<TenantUsersRead>,
);

/// Gives back what the person held, but for records that got another owner since, even if they are with the first one again.
/// 409 unless it is done and the person is a member, active or not, and while records are out of the caller's data scope.
pub async fn undo(
    caller: Allowed<TenantUsersUpdate, Returning>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<HandoverView>>>, Problem> {
    let visibility = caller.visibility();
    let seen = HandoverView::look_up(&deps.db, caller.tenant(), *id, &visibility).await?;
    check_member(&deps, &caller, seen.user_id).await?;
    deps.db
        .once(caller.tenant(), async |tx| {
            let before = HandoverView::lock(tx, *id, &visibility).await?;
            if before.status != HandoverStatus::Done {
                let detail = format!("A handover that is {} cannot be undone.", before.status.word());
                return Err(Problem::conflict("not_undoable", detail));
            }
            let (returned, mut changes) = records::give_all_back(tx, &before, &caller).await?;
            let after = store::take_back(tx, before.id, HandoverStatus::Undone, returned).await?;
            changes.extend(Change::updated(
                HandoverView::NAME,
                after.id,
                &before,
                &after,
                HandoverView::TRACKED,
            ));
            outbox::record(tx, changes).await?;
            Ok(Body::shown(&caller, after))
        })
        .await
}

/// 409 unless the person is a member. Asks tenant-service: not inside a transaction.
async fn check_member(
    deps: &Deps,
    caller: &Allowed<TenantUsersUpdate, Returning>,
    person: Uuid,
) -> Result<(), Problem> {
    let user_ids = vec![UserId(person)];
    let checked = deps.peers.call(&CheckMembers { tenant_id: caller.tenant(), user_ids }).await?;
    let is_inactive = checked.leavers.iter().any(|leaver| leaver.leaving == Leaving::Inactive);
    if checked.strangers.is_empty() || is_inactive {
        return Ok(());
    }
    let detail = "The person is no member any more. Invite them first.";
    Err(Problem::conflict("no_member", detail))
}
