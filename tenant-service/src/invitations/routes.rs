//! Paths of invitations.

use platform::http::Routes;

use super::{
    domain::PAGE_PATH,
    handlers::{accept, invite, list, look_up, read, resend, revoke},
};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("invitations")
        .post("/api/v2/tenants/{id}/invite_user", "Invite somebody into the tenant", invite::invite)
        .get("/api/v2/invitations", "List invitations", list::list)
        .get(PAGE_PATH, "The page that an invitation's link leads to", accept::page)
        .get("/api/v2/invitations/lookup", "See what an invitation's link leads to", look_up::look_up)
        .post("/api/v2/invitations/accept", "Accept an invitation", accept::accept)
        .get("/api/v2/invitations/{id}", "Read an invitation", read::read)
        .delete("/api/v2/invitations/{id}", "Withdraw an invitation", revoke::revoke)
        .post("/api/v2/invitations/{id}/resend", "Send an invitation again, with a new link", resend::resend)
}
