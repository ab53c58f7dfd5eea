//! Users with a proven e-mail address, as published by auth-service, and tenants that send nothing out because none of
//! their admins has one.

mod handlers;
pub mod store;

use contracts::internal::tenants::NoteProof;
use platform::http::Routes;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("internal")
        .internal::<NoteProof, _, _>("Record that a person's address is verified", handlers::note)
}
