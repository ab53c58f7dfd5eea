//! Paths of ingest.

use platform::http::Routes;

use super::{addresses, batches, handlers, limit::WITH_FILES};

/// The slice's routes. Forms that cannot know of versions post to the path without one.
pub fn routes() -> Routes {
    Routes::tagged("Lead intake")
        .post("/api/leads/ingest", "Submit a lead", handlers::one)
        .body_limit(WITH_FILES)
        .named("submit_lead")
        .about(
            "Known fields are recognised and normalised; everything else is kept in `raw_payload`. \
             201: a new lead; 200: a person already known (`duplicate`, `attached`, …); 202: held for \
             review. A 2xx response means that the submission is stored durably. JSON, form-encoded \
             and multipart bodies are taken, with CORS for the origins of the key.",
        )
        .post("/api/v2/leads/ingest", "Submit a lead (v2 path)", handlers::one)
        .body_limit(WITH_FILES)
        .named("submit_lead_v2")
        .about("The same as `POST /api/leads/ingest`.")
        .post("/api/leads/ingest/batch", "Submit up to 1,000 leads", batches::batch)
        .named("submit_leads")
        .about("Valid items are stored, the others are listed in `errors` with their index.")
        .post("/api/v2/leads/ingest/batch", "Submit up to 1,000 leads (v2 path)", batches::batch)
        .named("submit_leads_v2")
        .about("The same as `POST /api/leads/ingest/batch`.")
        .get("/api/leads/ingest/{address_token}", "Check an address", addresses::look)
        .named("check_lead_address")
        .about("Answers 200 for an address that takes submissions.")
        .post("/api/leads/ingest/{address_token}", "Submit a lead to an address", addresses::submit)
        .body_limit(WITH_FILES)
        .named("submit_lead_to_address")
        .about(
            "For senders that cannot send a header: the address of an API key takes what `POST /api/leads/ingest` takes. \
             The answer is `{\"status\":\"received\"}` whether the person was known or not.",
        )
}
