//! A load that goes on and on: leads come in at a pace that the disk stands for hours, and are read as fast as that goes.

use anyhow::Result;

use super::ingest::{self, Pace};
use super::question::Question;
use super::read;
use crate::measure::Measure;
use crate::stage::Stage;

const PACE: Pace = Pace { connections: 16, per_second: 150 };
const READERS: usize = 8;

/// Makes requests for so many seconds.
pub(crate) type Load<'s> = Box<dyn Fn(u64) -> Result<Measure> + Send + Sync + 's>;

/// All that work at once. Their tokens are good for some minutes.
pub(crate) fn loads<'s>(stage: &'s Stage<'_>) -> Result<Vec<Load<'s>>> {
    let (_, script) = ingest::script(stage, 1, Some(PACE))?;
    let (wrk, url) = (stage.wrk(), stage.platform.base_url());
    let pages = Question {
        name: "steady pages",
        path: "/api/v2/leads?status=new&page_size=50&count=none",
        body: None,
    };
    Ok(vec![
        Box::new(move |seconds| wrk.run(&script, &url, PACE.connections, seconds)),
        Box::new(read::asked(stage, READERS)?),
        Box::new(pages.asked(stage, READERS)?),
    ])
}
