//! Paths of provenance, and what enrichment-service asks.

use contracts::internal::records::{
    FillRecord, FindProduct, ForgetProvider, MergeLinkedin, ReadRecords, SelectRecords, SuggestLeads,
};
use platform::http::Routes;

use super::handlers::{asked, enrich, read, steps};
use crate::people::{AccountView, LeadView};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Provenance")
        .get(
            "/api/v2/accounts/{id}/provenance",
            "Get where an account's values came from",
            read::read::<AccountView>,
        )
        .named("get_account_provenance")
        .post(
            "/api/v2/accounts/{id}/fields/{field}/pin",
            "Pin a field of an account",
            steps::pin::<AccountView>,
        )
        .named("pin_account_field")
        .about("No enrichment changes a pinned field. What people write is pinned by itself.")
        .post(
            "/api/v2/accounts/{id}/fields/{field}/unpin",
            "Unpin a field of an account",
            steps::unpin::<AccountView>,
        )
        .named("unpin_account_field")
        .post(
            "/api/v2/accounts/{id}/fields/{field}/revert",
            "Revert a field of an account",
            steps::revert::<AccountView>,
        )
        .named("revert_account_field")
        .about("The value before comes back, with its provenance.")
        .post(
            "/api/v2/accounts/{id}/fields/{field}/accept",
            "Accept a candidate for a field of an account",
            steps::accept::<AccountView>,
        )
        .named("accept_account_candidate")
        .post("/api/v2/accounts/{id}/enrich", "Enrich an account", enrich::account)
        .named("enrich_account")
        .get("/api/v2/leads/{id}/provenance", "Get where a lead's values came from", read::read::<LeadView>)
        .named("get_lead_provenance")
        .post("/api/v2/leads/{id}/fields/{field}/pin", "Pin a field of a lead", steps::pin::<LeadView>)
        .named("pin_lead_field")
        .about("No enrichment changes a pinned field. What people write is pinned by itself.")
        .post("/api/v2/leads/{id}/fields/{field}/unpin", "Unpin a field of a lead", steps::unpin::<LeadView>)
        .named("unpin_lead_field")
        .post(
            "/api/v2/leads/{id}/fields/{field}/revert",
            "Revert a field of a lead",
            steps::revert::<LeadView>,
        )
        .named("revert_lead_field")
        .about("The value before comes back, with its provenance.")
        .post(
            "/api/v2/leads/{id}/fields/{field}/accept",
            "Accept a candidate for a field of a lead",
            steps::accept::<LeadView>,
        )
        .named("accept_lead_candidate")
        .post("/api/v2/leads/{id}/enrich", "Enrich a lead", enrich::lead)
        .named("enrich_lead")
}

/// Calls of enrichment-service.
pub fn internal_routes() -> Routes {
    Routes::tagged("internal")
        .internal::<SelectRecords, _, _>("Choose records", asked::select)
        .internal::<ReadRecords, _, _>("Read records with what hangs on them", asked::read)
        .internal::<FindProduct, _, _>("Find a product", asked::product)
        .internal::<FillRecord, _, _>("Write what was found about a record", asked::fill)
        .internal::<SuggestLeads, _, _>("Suggest people as leads", asked::suggest)
        .internal::<MergeLinkedin, _, _>("Merge a person's doings on LinkedIn", asked::linkedin)
        .internal::<ForgetProvider, _, _>("Remove what a provider gave", asked::forget)
}
