//! Paths of tasks.

use platform::http::Routes;

use super::{api::TaskView, handlers};
use crate::entities;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Tasks")
        .get("/api/v2/tasks", "List tasks", entities::list::<TaskView>)
        .post("/api/v2/tasks", "Create a task", entities::create::<TaskView>)
        .get("/api/v2/tasks/overdue", "List overdue tasks", handlers::overdue)
        .named("list_overdue_tasks")
        .get("/api/v2/tasks/today", "List today's tasks", handlers::today)
        .named("list_tasks_due_today")
        .get("/api/v2/tasks/{id}", "Get a task", entities::read::<TaskView>)
        .put("/api/v2/tasks/{id}", "Replace a task", entities::replace::<TaskView>)
        .patch("/api/v2/tasks/{id}", "Update a task", entities::update::<TaskView>)
        .delete("/api/v2/tasks/{id}", "Delete a task", entities::archive::<TaskView>)
        .about("It can be restored.")
        .post("/api/v2/tasks/{id}/restore", "Restore a deleted task", entities::restore::<TaskView>)
}
