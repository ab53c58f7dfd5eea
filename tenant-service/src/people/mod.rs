//! People of a tenant: memberships, invitations, roles, and the access that follows from them.

mod explanations;
mod grants;
mod invitations;
mod mails;
mod memberships;
mod proven_people;
mod roles;

pub use invitations::{
    issue::new as issue_invitation,
    store::{Draft, Giver, pending_for as pending_invitation},
};
pub use mails::{
    queue as queue_mail,
    worker::{HandOverMail, run as run_mail_worker},
};
pub use memberships::{
    events::created as membership_created,
    people::People,
    store::{archive as archive_membership, insert as insert_membership, set_reports_to},
};
pub use proven_people::store::{contains as is_proven, insert as insert_proven_person, judge_tenant};
pub use roles::{
    store::{archive as archive_role, named as role_named, replace_permissions as replace_role_permissions},
    synchronise::system_roles as synchronise_system_roles,
};

use platform::http::Routes;

/// The routes of the context, slice by slice.
pub fn routes() -> Routes {
    explanations::routes()
        .and(grants::routes())
        .and(invitations::routes())
        .and(memberships::routes())
        .and(proven_people::routes())
        .and(roles::routes())
}
