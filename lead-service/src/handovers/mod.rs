//! Handovers: what a member who left holds goes to others, by the rules or to their manager, and can come back.

mod api;
mod handlers;
mod members;
mod records;
mod routes;
mod store;
mod worker;

pub use members::{
    Members, ask as ask_members, changes_due_times, concerns as concerns_members,
    take_down as take_down_members,
};
pub use routes::routes;
pub use store::look_again;
pub use worker::run as run_worker;
