//! Routes for an account's enrichments, called by lead-service.

use contracts::internal::enrichments::ReadAccountEnrichment;
use platform::http::Routes;

use super::handlers::read;

/// The routes.
pub fn routes() -> Routes {
    Routes::tagged("internal").internal::<ReadAccountEnrichment, _, _>("Get an account's enrichments", read)
}
