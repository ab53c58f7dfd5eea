//! PostgreSQL: pools, the tenant transaction, lists, migrations, and the outbox and inbox that make events reliable.

mod cached;
mod conditions;
mod entered;
pub mod error;
pub mod gauges;
pub mod housekeeping;
pub mod inbox;
pub mod json;
pub mod list;
pub mod migrate;
pub mod moving;
pub mod outbox;
pub mod placement;
mod places;
pub mod plans;
pub mod pool;
pub mod reachable;
pub mod schemas;
mod search;
pub mod stored;
mod text_enum;
pub mod threads;
pub mod tx;
pub mod value;

pub use cached::Cacheable;
pub use pool::Db;
pub use stored::Stored;
pub use tx::{GlobalTx, SystemTx, TenantTx, Visibility};
