//! One file per verb.

pub mod create;
pub mod errors;
pub mod find;
mod planning;
pub mod preview;
pub mod rows;
pub mod start;
pub mod undo;
mod upload;

use platform::{db::Visibility, http::access::TenantCaller};

/// The imports of which the caller sees the file and the rows: the caller's own, and all with the data scope `all`. They hold
/// what a person has in an address book, also of people who become no leads.
fn of_files(caller: &TenantCaller) -> Visibility {
    if caller.sees_all() { Visibility::All } else { Visibility::Of(vec![caller.user().0]) }
}
