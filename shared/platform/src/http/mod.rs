//! HTTP as every service speaks it: routes declared once, typed access, strict bodies and queries, problems, lists.

pub mod access;
pub mod body;
pub mod context;
pub mod effects;
pub mod etag;
pub mod events;
pub mod health;
pub mod idempotency;
pub mod leaving;
pub mod list;
pub mod meters;
mod numbers;
pub mod openapi;
pub mod page;
pub mod patch;
pub mod problem;
pub mod query;
pub mod reply;
pub mod routes;
pub mod rule;
pub mod schema;
pub mod secrets;
pub mod server;
pub mod shown;

pub use access::{
    Allowed, AllowedOn, ApiKey, Internal, Member, PlatformAllowed, Public, Signed, SignedIn, Visitor,
};
pub use body::{InternalJson, Json};
pub use effects::{Effects, May, Needs, Shows, WholeTenant};
pub use etag::IfMatch;
pub use events::{EventStream, LastEventId};
pub use idempotency::Answer;
pub use list::{Fields, List, Listed};
pub use meters::Meters;
pub use page::Page;
pub use patch::MergePatch;
pub use problem::Problem;
pub use query::Query;
pub use reply::{Accepted, Body, Created, NoContent, Reply, Streamed};
pub use routes::Routes;
pub use shown::{Outline, Record, Shown};
