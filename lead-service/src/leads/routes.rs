//! Paths of leads.

use platform::http::Routes;

use super::{api::LeadView, handlers};
use crate::{entities, timelines};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("leads")
        .get("/api/v2/leads", "List leads", entities::list::<LeadView>)
        .post("/api/v2/leads", "Add a lead", handlers::create::create)
        .post("/api/v2/leads/bulk_create", "Add many leads", handlers::bulk_create::bulk_create)
        .post("/api/v2/leads/generate", "Have people found at an account", handlers::generate::generate)
        .put("/api/v2/leads/upsert", "Add a lead or change the known one", handlers::upsert::upsert)
        .post("/api/v2/leads/search", "Find leads by conditions combined", handlers::search::search)
        .get(
            "/api/v2/leads/quota_distribution",
            "Leads interleaved by persona, best first",
            handlers::quota::quota_distribution,
        )
        .get("/api/v2/leads/export", "All leads that a list would show, as a file", handlers::export::export)
        .get("/api/v2/leads/{id}", "Read a lead", handlers::read::read)
        .put("/api/v2/leads/{id}", "Replace a lead", entities::replace::<LeadView>)
        .patch("/api/v2/leads/{id}", "Change a lead", entities::update::<LeadView>)
        .delete("/api/v2/leads/{id}", "Delete a lead", entities::archive::<LeadView>)
        .post("/api/v2/leads/{id}/restore", "Restore a deleted lead", entities::restore::<LeadView>)
        .post("/api/v2/leads/{id}/convert", "Make a deal of a lead", handlers::convert::convert)
        .post("/api/v2/leads/{id}/assign", "Give a lead to somebody", handlers::step::assign)
        .post("/api/v2/leads/{id}/approve", "Take a suggested lead on", handlers::step::approve)
        .post("/api/v2/leads/{id}/reject", "Turn a suggested lead down", handlers::step::reject)
        .post(
            "/api/v2/leads/{id}/enrich_linkedin_activity",
            "Have a lead's doings on LinkedIn looked at",
            handlers::research::enrich_linkedin_activity,
        )
        .get("/api/v2/leads/{id}/timeline", "What happened to a lead", timelines::timeline::<LeadView>)
        .get("/api/v2/leads/{id}/as_of", "Read a lead as it was", handlers::as_of::as_of)
}
