//! Paths of invitations.

use platform::http::Routes;

use super::{
    domain::PAGE_PATH,
    handlers::{accept, invite, list, look_up, read, resend, revoke},
};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Invitations")
        .post("/api/v2/tenants/{id}/invite_user", "Invite a member", invite::invite)
        .named("invite_member")
        .about(
            "Mails an invitation. `accept_url` can be passed on to the person, who accepts it with \
             the account of that address.",
        )
        .get("/api/v2/invitations", "List invitations", list::list)
        .get(PAGE_PATH, "Show the page for accepting an invitation", accept::page)
        .named("show_invitation_page")
        .about("An invitation's link leads here.")
        .get("/api/v2/invitations/lookup", "Look up an invitation by its token", look_up::look_up)
        .named("look_up_invitation")
        .post("/api/v2/invitations/accept", "Accept an invitation", accept::accept)
        .named("accept_invitation")
        .about("Takes the token of the invitation's link.")
        .get("/api/v2/invitations/{id}", "Get an invitation", read::read)
        .delete("/api/v2/invitations/{id}", "Revoke an invitation", revoke::revoke)
        .named("revoke_invitation")
        .post("/api/v2/invitations/{id}/resend", "Resend an invitation", resend::resend)
        .about("With a new link; the old one becomes invalid.")
}
