//! Paths of the look-ups.

use contracts::internal::tenants::{
    CheckMembers, ListAdmins, ListMemberships, ListTeam, LookUpAccess, LookUpPlatformAccess,
};
use platform::http::Routes;

use super::handlers::{access, members, memberships};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("access")
        .internal::<LookUpAccess, _, _>("Look up a person's access to a tenant", access::look_up)
        .internal::<LookUpPlatformAccess, _, _>(
            "Look up the permissions of a platform role",
            access::look_up_platform,
        )
        .internal::<ListMemberships, _, _>("List a person's memberships", memberships::list)
        .internal::<ListAdmins, _, _>("List a tenant's admins", members::admins)
        .internal::<ListTeam, _, _>("List a member's team", members::team)
        .internal::<CheckMembers, _, _>("Check that people are members", members::check)
}
