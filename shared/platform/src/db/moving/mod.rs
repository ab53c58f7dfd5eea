//! Moves a tenant's rows between `public` and a schema of its own, while the tenant is served.
//!
//! A move is three steps, each of which can be repeated any number of times and by any process: copy, switch, clear.
//! What is done is seen from where the tenant is served, so there is nothing to remember and nothing to recover.

mod mover;
mod tables;

use std::{sync::Arc, time::Duration};

use contracts::{
    TenantId,
    internal::tenants::{Isolation, MoveStep, MoveTenant},
};
use dashmap::DashMap;
use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};

use self::mover::Mover;
use super::{placement, schemas::TenantSchemas};
use crate::http::problem::Problem;

/// How long a caller waits for a step before the answer that it goes on.
const PATIENCE: Duration = Duration::from_millis(1_500);

type Running = Shared<BoxFuture<'static, Result<bool, Problem>>>;

/// The moves in which this process has a hand.
#[derive(Clone)]
pub struct Movers {
    schemas: TenantSchemas,
    running: Arc<DashMap<TenantId, (i64, MoveStep, Running)>>,
}

impl Movers {
    /// Moves tenants of the database with these schemas.
    pub fn new(schemas: TenantSchemas) -> Self {
        Self { schemas, running: Arc::default() }
    }

    /// The schemas of this database.
    pub fn schemas(&self) -> &TenantSchemas {
        &self.schemas
    }

    /// Takes a step, or waits a moment for one that was begun. Gives whether it is done.
    ///
    /// # Errors
    /// 404 for an unknown tenant, 409 for an order that is void, 422 `verification_failed`; 503 when it makes sense to
    /// ask again.
    pub async fn step(&self, order: MoveTenant) -> Result<bool, Problem> {
        let tenant = order.tenant_id;
        let wanted = (order.order, order.step);
        let known = self.running.get(&tenant).map(|known| known.clone());
        let running = match known {
            Some((of, step, running)) if (of, step) == wanted => running,
            // What was begun before has to end first.
            Some((_, _, other)) if other.peek().is_none() => return Ok(false),
            _ => {
                let running = self.begin(order);
                self.running.insert(tenant, (wanted.0, wanted.1, running.clone()));
                running
            }
        };
        let Ok(outcome) = tokio::time::timeout(PATIENCE, running).await else { return Ok(false) };
        self.running.remove_if(&tenant, |_, known| (known.0, known.1) == wanted);
        outcome
    }

    /// A task of its own: it goes on when its caller hangs up.
    fn begin(&self, order: MoveTenant) -> Running {
        let schemas = self.schemas.clone();
        let task = tokio::spawn(async move { take(&schemas, &order).await });
        let ended = async move {
            task.await.unwrap_or_else(|error| Err(Problem::internal(format!("a move broke off: {error}"))))
        };
        ended.boxed().shared()
    }
}

async fn take(schemas: &TenantSchemas, order: &MoveTenant) -> Result<bool, Problem> {
    let mut mover = match Mover::hold(schemas, order).await {
        Ok(Some(mover)) => mover,
        Ok(None) => return Ok(false),
        // An unknown tenant has no schema.
        Err(problem) if problem.status == 404 && order.to == Isolation::Pool => return Ok(true),
        Err(problem) => return Err(problem),
    };
    match (order.step, mover.is_there().await?) {
        (MoveStep::Copy, false) => {
            if order.to == Isolation::Schema {
                let schema = placement::schema_name(&order.client_id);
                let prepared = schemas.prepare(order.tenant_id, &schema).await;
                prepared.map_err(|error| Problem::unavailable(format!("{error:#}")))?;
            }
            mover.copy().await?;
            // What changed meanwhile is little: there is not much left for the step that follows.
            mover.copy().await?;
        }
        (MoveStep::Switch, false) => mover.switch().await?,
        (MoveStep::Copy | MoveStep::Switch, true) => {}
        (MoveStep::Clear, true) => mover.clear().await?,
        (MoveStep::Clear, false) => {
            return Err(Problem::conflict(
                "still_served",
                "The tenant is served from what was to be cleared.",
            ));
        }
    }
    Ok(true)
}
