//! Looks at every row of an import, then writes them.

use std::sync::Arc;

use platform::{Problem, worker::Shutdown};

use super::{
    Stop,
    batches::Batches,
    lease,
    prepared::{Owners, Prepared},
    resolve::Policy,
    rights::Rights,
    rows::Rows,
    validate::validate,
    write::{self, Work},
};
use crate::{
    deps::Deps,
    imports::{
        outcomes,
        rows::Recipe,
        settings::DatesBegin,
        store::{self, Counts},
        taken::TakenImport,
    },
    lead_management,
};

/// Rows written in one transaction. A tenant's assignment rules are locked as long as that takes.
const BATCH: usize = 500;
/// Races that a batch may lose before it is given up.
const RACES: usize = 8;

/// Looks at all rows first, unless that was done; then writes those that have no outcome yet.
pub async fn run(
    deps: &Deps,
    import: &TakenImport,
    worker: &str,
    shutdown: &Shutdown,
    mut rights: Rights,
) -> Result<(), Stop> {
    rights.check_run(import)?;
    let Some(layout) = import.layout() else {
        return Err(Stop::Ended("An earlier release took it in; upload the file again.".into()));
    };
    let settings = import.settings();
    let runs_rules = settings.run_rules.unwrap_or_default();
    let dates = layout.date_order.unwrap_or(DatesBegin::Day);
    let recipe = Arc::new(Recipe::new(&import.columns(), &layout, settings, dates));
    if !import.is_running() && !validate(deps, import, (&layout, &recipe), worker, shutdown, &rights).await? {
        return Ok(());
    }
    let mut rows = Rows::open(import, &layout);
    rows.skip(deps, import.done).await?;
    let mut batches = Batches::new(rows, import, &recipe, BATCH);
    let mut owners = Owners::default();
    loop {
        let mut batch = batches.next(deps).await?;
        if batch.is_empty() {
            break;
        }
        if shutdown.is_triggered() {
            return Err(Stop::Elsewhere);
        }
        rights = rights.renewed(deps, import).await?;
        rights.check_run(import)?;
        let policy = Policy { update_by: import.update_by(), duplicates: import.policy() };
        let work = Work { import, policy, rights: &rights, source: &recipe.source, runs_rules };
        let mut reading = Reading { recipe: &recipe, owners: &mut owners };
        reading.owners.assign(deps, import, &rights, &mut batch).await?;
        match write(deps, worker, &work, &mut reading, &mut batch).await {
            Err(Stop::Failed(problem)) if !problem.status.is_server_error() => {
                // One of them is at fault: each is written alone, so that it fails alone.
                for row in &mut batch {
                    write_alone(deps, worker, &work, &mut reading, row).await?;
                }
            }
            done => done?,
        }
    }
    deps.db
        .in_tenant(import.tenant(), async |tx| {
            if !store::hold(tx, import.id, worker, lease()).await? {
                return Err(Stop::Elsewhere);
            }
            store::finish(tx, import.id, None).await?;
            Ok(())
        })
        .await
}

/// Reader of rows, with the owners found so far.
struct Reading<'a> {
    recipe: &'a Recipe,
    owners: &'a mut Owners,
}

impl Reading<'_> {
    /// Reads rows again that a try to write them has changed.
    async fn again(&mut self, deps: &Deps, work: &Work<'_>, rows: &mut [Prepared]) -> Result<(), Stop> {
        for row in &mut *rows {
            row.read_again(self.recipe, work.import.file_name());
        }
        self.owners.assign(deps, work.import, work.rights, rows).await
    }
}

/// Writes rows, their outcomes and the place reached in one transaction; again while others bring the same people at the
/// same moment, for afterwards they are known.
async fn write(
    deps: &Deps,
    worker: &str,
    work: &Work<'_>,
    reading: &mut Reading<'_>,
    rows: &mut [Prepared],
) -> Result<(), Stop> {
    let import = work.import;
    for race in 0.. {
        let written = deps.db.in_tenant(import.tenant(), async |tx| {
            if !store::hold(tx, import.id, worker, lease()).await? {
                return Err(Stop::Elsewhere);
            }
            write::write(tx, work, &mut *rows).await
        });
        match written.await {
            Err(Stop::Failed(problem)) if lead_management::is_raced(&problem) && race < RACES => {
                reading.again(deps, work, rows).await?;
            }
            done => return done,
        }
    }
    Err(Problem::internal("a race without an end").into())
}

/// Writes one row of a batch that could not be written; what keeps it from being written is its outcome.
async fn write_alone(
    deps: &Deps,
    worker: &str,
    work: &Work<'_>,
    reading: &mut Reading<'_>,
    row: &mut Prepared,
) -> Result<(), Stop> {
    let import = work.import;
    let rows = std::slice::from_mut(row);
    reading.again(deps, work, rows).await?;
    match write(deps, worker, work, reading, rows).await {
        Err(Stop::Failed(problem)) if !problem.status.is_server_error() => {
            row.read = Err(problem.clone());
            let outcome = write::refused(row, &problem);
            deps.db
                .in_tenant(import.tenant(), async |tx| {
                    if !store::hold(tx, import.id, worker, lease()).await? {
                        return Err(Stop::Elsewhere);
                    }
                    outcomes::keep_rows(tx, import.id, std::slice::from_ref(&outcome)).await?;
                    store::advance(tx, import.id, Counts { rows: 1, errors: 1, ..Counts::default() }).await?;
                    Ok(())
                })
                .await
        }
        done => done,
    }
}
