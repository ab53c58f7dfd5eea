//! People who may buy, and the companies and contacts known: records, what they refer to, and the conversion of leads.

mod accounts;
mod contacts;
mod leads;

pub use accounts::{
    adding::{add as add_account, told as account_created},
    api::{AccountView, WriteAccount},
    check_account,
    domain::{AccountFields, name_key as account_name_key},
    store::named as account_named,
};
pub use contacts::{
    api::{ContactView, WriteContact},
    domain::ContactFields,
    store::of_person as contact_of_person,
};
pub use leads::{
    api::{LeadView, WriteLead},
    assigning::{check_change as check_assignment, check_new as check_new_assignment},
    contribution::Contribution,
    conversion::{
        Conversion, MadeDeal, agreeing as agreeing_with_conversion, begin_again as begin_conversions_again,
        check_status as check_conversion_status, follow_deal, forget as forget_conversions,
        lock_leads as lock_leads_of_deal, note_status as note_status_on_deal, set as set_conversion,
        stands as conversion_stands, status_before as status_before_conversion,
        summary as conversion_summary, told as conversion_changes,
    },
    domain::{LeadEnrichmentStatus, LeadFields, LeadSource, LeadStatus, Persona, SuggestionStatus},
    events::{ENTITY as LEAD_ENTITY, TRACKED as LEAD_TRACKED},
    following::{following_merges, following_merges_in},
    merged::{
        check_not_merged, stored as stored_fields, unmerged as unmerged_members, written as written_members,
    },
    store::{LeadStep, step as take_step},
};

use platform::http::Routes;

/// The routes of the context, slice by slice.
pub fn routes() -> Routes {
    accounts::routes().and(contacts::routes())
}

/// What other services ask.
pub fn internal_routes() -> Routes {
    accounts::internal_routes()
}
