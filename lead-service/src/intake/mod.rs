//! Intake: leads that forms and programs send, with the keys, the mappings of forms and the ledger of submissions.

mod api_keys;
mod form_mappings;
mod ingest;
mod ingests;

pub use api_keys::{DuplicatePolicy, cache::KeyCache, usage::run as run_key_usage};
pub use ingest::{Entrance, NewSubmission, Prepared, batcher::Batcher, resolve, sent as sent_fields};

use platform::http::Routes;

/// The routes of the context, slice by slice.
pub fn routes() -> Routes {
    api_keys::routes().and(form_mappings::routes()).and(ingest::routes()).and(ingests::routes())
}
