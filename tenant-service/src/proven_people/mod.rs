//! People whose e-mail address is proven, as auth-service says, and the tenants that send nothing out for want of such an
//! admin.

mod handlers;
pub mod store;

use contracts::internal::tenants::NoteProof;
use platform::http::Routes;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("internal")
        .internal::<NoteProof, _, _>("Record that a person's address is verified", handlers::note)
}
