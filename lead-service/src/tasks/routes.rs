//! Paths of tasks.

use platform::http::Routes;

use super::{api::TaskView, handlers};
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("tasks")
        .get("/api/v2/tasks", "List tasks", entities::list::<TaskView>)
        .post("/api/v2/tasks", "Add a task", entities::create::<TaskView>)
        .get("/api/v2/tasks/overdue", "List tasks that should be done already", handlers::overdue)
        .get("/api/v2/tasks/today", "List tasks that are due today, in UTC", handlers::today)
        .get("/api/v2/tasks/{id}", "Read a task", entities::read::<TaskView>)
        .put("/api/v2/tasks/{id}", "Replace a task", entities::replace::<TaskView>)
        .patch("/api/v2/tasks/{id}", "Change a task", entities::update::<TaskView>)
        .delete("/api/v2/tasks/{id}", "Delete a task", entities::archive::<TaskView>)
        .post("/api/v2/tasks/{id}/restore", "Restore a deleted task", entities::restore::<TaskView>)
}
