//! Paths of the look-ups.

use contracts::internal::tenants::{
    CheckMembers, ListAdmins, ListMemberships, ListTeam, LookUpAccess, LookUpPlatformAccess,
};
use platform::http::Routes;

use super::handlers::{access, members, memberships};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("access")
        .internal::<LookUpAccess, _, _>("Look up what a person may do in a tenant", access::look_up)
        .internal::<LookUpPlatformAccess, _, _>(
            "Look up what a platform role allows",
            access::look_up_platform,
        )
        .internal::<ListMemberships, _, _>("List where a person belongs", memberships::list)
        .internal::<ListAdmins, _, _>("List who administers a tenant", members::admins)
        .internal::<ListTeam, _, _>("List who is below a member", members::team)
        .internal::<CheckMembers, _, _>("Find out who does not belong to a tenant", members::check)
}
