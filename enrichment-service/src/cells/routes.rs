//! Paths of cells.

use platform::http::Routes;

use super::{
    api::{AccountCellView, LeadCellView},
    handlers,
};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Custom columns")
        .get("/api/v2/lead_column_values", "List answers about leads", handlers::list::<LeadCellView>)
        .about("Those about leads that the caller sees, of columns that show the model nothing that they may not read.")
        .patch("/api/v2/lead_column_values/{id}", "Write an answer about a lead", handlers::write::<LeadCellView>)
        .about("It is pinned: no model changes it.")
        .get("/api/v2/account_column_values", "List answers about accounts", handlers::list::<AccountCellView>)
        .about("Those about accounts that the caller sees, of columns that show the model nothing that they may not read.")
        .patch("/api/v2/account_column_values/{id}", "Write an answer about an account", handlers::write::<AccountCellView>)
        .about("It is pinned: no model changes it.")
}
