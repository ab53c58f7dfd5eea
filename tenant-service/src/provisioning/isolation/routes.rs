//! Paths of isolation.

use platform::http::Routes;

use super::handlers::{read, start};

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Tenants")
        .get("/api/v2/tenants/{id}/isolation", "Get the isolation of a tenant", read::current)
        .about("Whether its rows are in the pool or in a schema of its own.")
        .post("/api/v2/tenants/{id}/isolation", "Change the isolation of a tenant", start::start)
        .named("change_tenant_isolation")
        .about("Moves the rows of the live tenant; reads go on meanwhile.")
        .get("/api/v2/tenants/{id}/isolation/{move_id}", "Get the progress of a tenant's move", read::one)
        .named("get_tenant_move")
}
