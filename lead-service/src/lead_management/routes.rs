//! Paths of leads.

use platform::http::Routes;

use super::handlers;
use crate::{entities, people::LeadView};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Leads")
        .get("/api/v2/leads", "List leads", entities::list::<LeadView>)
        .post("/api/v2/leads", "Create a lead", handlers::create::create)
        .about(
            "A person that is already known is 409 `possible_duplicate` with `candidates`; \
             `allow_duplicate=true` creates the lead all the same.",
        )
        .post("/api/v2/leads/bulk_create", "Create up to 1,000 leads", handlers::bulk_create::bulk_create)
        .about("Valid items are created, the others are listed in `errors` with their index.")
        .post("/api/v2/leads/generate", "Find leads at an account", handlers::generate::generate)
        .about("Starts an enrichment job that looks for people at the account.")
        .put("/api/v2/leads/upsert", "Create or update a lead", handlers::upsert::upsert)
        .named("upsert_lead")
        .about("Finds the lead by `match`; `outcome` says whether it was created or updated.")
        .post("/api/v2/leads/search", "Search leads", handlers::search::search)
        .about("Conditions are combined with `and`, `or` and `not`.")
        .get(
            "/api/v2/leads/quota_distribution",
            "List leads by persona quotas",
            handlers::quota::quota_distribution,
        )
        .named("list_leads_by_quota")
        .about("Leads interleaved by persona in the given shares, best score first within each.")
        .get("/api/v2/leads/export", "Export leads", handlers::export::export)
        .named("export_leads")
        .about("All leads that a list with the same filters would show, as a file of any size.")
        .get("/api/v2/leads/{id}", "Get a lead", entities::read::<LeadView>)
        .put("/api/v2/leads/{id}", "Replace a lead", entities::replace::<LeadView>)
        .patch("/api/v2/leads/{id}", "Update a lead", entities::update::<LeadView>)
        .delete("/api/v2/leads/{id}", "Delete a lead", entities::archive::<LeadView>)
        .about("It can be restored.")
        .post("/api/v2/leads/{id}/restore", "Restore a deleted lead", entities::restore::<LeadView>)
        .post("/api/v2/leads/{id}/convert", "Convert a lead", handlers::convert::convert)
        .about(
            "Creates a deal, a contact and an account in one transaction. A lead can be converted \
             once.",
        )
        .post("/api/v2/leads/{id}/assign", "Assign a lead", handlers::step::assign)
        .post("/api/v2/leads/{id}/approve", "Approve a suggested lead", handlers::step::approve)
        .post("/api/v2/leads/{id}/reject", "Reject a suggested lead", handlers::step::reject)
        .post(
            "/api/v2/leads/{id}/enrich_linkedin_activity",
            "Enrich a lead's LinkedIn activity",
            handlers::research::enrich_linkedin_activity,
        )
        .body_limit(8 << 20)
        .named("enrich_lead_linkedin_activity")
        .about("Starts an enrichment job with the pages that are sent.")
}
