//! Routing of leads: what scores them, and who gets them.

mod assignment_rules;
mod assignments;
mod playbooks;
mod portrait;
mod scores;
mod scoring_models;

pub use assignments::{
    Newcomer, Placed, Placing,
    departures::{give_away, hold_rules, note_members, people_concerned},
};
pub use playbooks::{current as current_playbook, known as known_playbook};
pub use scores::{
    Scored,
    engagements::{NewEngagement, record as record_engagements},
    of_change as score_of_change, of_changed as score_changed,
    rescoring::run as run_rescoring,
};

use platform::http::Routes;

/// The routes of the context, slice by slice.
pub fn routes() -> Routes {
    assignment_rules::routes().and(assignments::routes()).and(scores::routes()).and(scoring_models::routes())
}

/// What other services ask.
pub fn internal_routes() -> Routes {
    scores::internal_routes()
}
