//! Counts uses of keys in memory and writes them down every few seconds, never on a submission's path.

use std::{sync::LazyLock, time::Duration};

use chrono::{DateTime, Utc};
use dashmap::DashMap;
use platform::{Problem, db::Db, worker::Shutdown};
use uuid::Uuid;

use super::store;

static COUNTED: LazyLock<DashMap<Uuid, (i64, DateTime<Utc>)>> = LazyLock::new(DashMap::new);

/// Counts `uses` of a key.
pub fn count(key: Uuid, uses: i64) {
    let now = Utc::now();
    let mut counted = COUNTED.entry(key).or_insert((0, now));
    counted.0 += uses;
    counted.1 = now;
}

/// Writes down what was counted, until the process ends and once more then.
pub async fn run(db: Db, mut shutdown: Shutdown) {
    let mut going = true;
    while going {
        going = shutdown.sleep(Duration::from_secs(2)).await;
        let ids: Vec<Uuid> = COUNTED.iter().map(|entry| *entry.key()).collect();
        let counted: Vec<_> =
            ids.iter().filter_map(|id| COUNTED.remove(id)).map(|(id, (uses, at))| (id, uses, at)).collect();
        if counted.is_empty() {
            continue;
        }
        let written =
            db.in_system(async |tx| store::add_usage(tx, &counted).await.map_err(Problem::from)).await;
        if let Err(problem) = written {
            tracing::warn!(%problem, "uses of API keys are counted again later");
            for (id, uses, at) in counted {
                let mut again = COUNTED.entry(id).or_insert((0, at));
                again.0 += uses;
            }
        }
    }
}
