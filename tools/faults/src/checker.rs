//! Checker of the guarantees: acknowledged ⊆ stored ⊆ acknowledged ∪ indeterminate, each lead once, in its
//! own tenant, and published.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::ledger::{Attempt, Fate};
use super::listeners::{Listeners, Receipts};
use super::load::Log;
use super::receiver::Told;
use super::report::Line;
use super::stage::Stage;
use devstack::waiting::{Cancel, pause};

/// Deadline for publishing everything that was stored; a lease of 30 s may have to run out twice.
const PATIENCE: Duration = Duration::from_secs(100);
const LOOK: Duration = Duration::from_millis(500);
/// Examples per fault in the report.
const EXAMPLES: usize = 5;

/// State of the platform after a scenario.
#[derive(Debug, Default)]
struct Picture {
    /// The tenants of each stored lead, one entry per row.
    stored: BTreeMap<String, Vec<String>>,
    /// Webhooks that the receiver accepted.
    told: HashMap<String, Told>,
    /// Numbers of events and deliveries that wait or were given up.
    unfinished: BTreeMap<&'static str, u64>,
    /// Users with two notifications of the same lead.
    notified_twice: u64,
    /// Leads without a notification.
    unnotified: u64,
    /// Received notifications, compared with the expected ones.
    receipts: Receipts,
}

/// Inputs of the check.
pub(super) struct Sought<'a> {
    /// The platform.
    pub(super) stage: &'a Stage,
    /// Outcomes of the load's requests.
    pub(super) log: &'a Log,
    /// Clients of notification streams.
    pub(super) listeners: &'a Listeners,
    /// Prefix of the names of this load's leads.
    pub(super) marker: &'a str,
    /// Expected number of stream entries that were set aside as unreadable.
    pub(super) unreadable: u64,
}

impl Sought<'_> {
    /// Waits until all work is finished, with a deadline, and adds the findings to the report.
    pub(super) fn check(&self, cancel: &Cancel, line: &mut Line) -> Result<()> {
        let begun = Instant::now();
        let attempts = self.log.ledger.all();
        let tenants: Vec<String> = self.stage.tenants.iter().map(|tenant| tenant.id.clone()).collect();
        let mut picture;
        loop {
            picture = self.look()?;
            if Findings::of(&attempts, &tenants, &picture).stuck.is_empty() {
                // A post without an answer may still be on its way to the disk.
                pause(LOOK);
                let again = self.look()?;
                if again.stored.len() == picture.stored.len() {
                    picture = again;
                    break;
                }
                continue;
            }
            if cancel.is_raised() {
                bail!("interrupted");
            }
            if begun.elapsed() > PATIENCE {
                break;
            }
            hurry(self.stage)?;
            pause(LOOK);
        }
        line.told_within = begun.elapsed();
        let findings = Findings::of(&attempts, &tenants, &picture);
        let count = |fate| attempts.values().filter(|attempt| attempt.fate == fate).count();
        line.acknowledged = count(Fate::Acknowledged);
        line.indeterminate = count(Fate::Indeterminate);
        line.rejected = count(Fate::Rejected);
        let mut wrong = findings.wrong;
        wrong.extend(self.log.strange());
        for (count, what, examples) in [
            (&mut line.lost, "lost", findings.lost),
            (&mut line.duplicated, "duplicated", findings.duplicated),
            (&mut line.wrong_tenant, "wrong tenant", wrong),
            (&mut line.stuck, "stuck", findings.stuck),
        ] {
            *count = examples.len();
            let examples = examples.into_iter().take(EXAMPLES);
            line.notes.extend(examples.map(|example| format!("{what}: {example}")));
        }
        let again: u32 = picture.told.values().map(|told| told.times.saturating_sub(1)).sum();
        if again > 0 {
            line.notes.push(format!("{again} deliveries were repeated under their own id"));
        }
        self.stage.receiver.forget();
        Ok(())
    }

    fn look(&self) -> Result<Picture> {
        let Self { stage, marker, unreadable, .. } = *self;
        let mut stored: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let leads =
            format!("select split_part(email, '@', 1), tenant_id from leads where email like '{marker}-%'");
        for row in stage.sql("lead")?.rows(&leads)? {
            if let [lead, tenant] = row.as_slice() {
                stored.entry(lead.clone()).or_default().push(tenant.clone());
            }
        }
        let mut unfinished = BTreeMap::new();
        let mut count = |database: &str, what: &'static str, condition: &str, expected: u64| -> Result<()> {
            let found = stage.sql(database)?.number(&format!("select count(*) from {condition}"))?;
            if found != expected {
                unfinished.insert(what, found.max(1));
            }
            Ok(())
        };
        count("lead", "events wait in lead-service's outbox", "outbox", 0)?;
        count("integration", "entries of streams are set aside", "dead_letters", unreadable)?;
        for (database, what) in [
            ("integration", "events wait in integration-service's inbox"),
            ("enrichment", "events wait in enrichment-service's inbox"),
        ] {
            count(
                database,
                what,
                "inbox where status <> 'COMPLETED' and tenant_id in (select tenant_id from tenant_states)",
                0,
            )?;
        }
        let undelivered = format!(
            "deliveries where status <> 'succeeded' and payload #>> '{{data,email}}' like '{marker}-%'"
        );
        count("integration", "deliveries are not finished", &undelivered, 0)?;
        let people = "select entity_id, count(*) c, count(distinct user_id) p from notifications where entity_type = 'Lead' group by 1";
        let integration = stage.sql("integration")?;
        let notified_twice = integration.number(&format!("select count(*) from ({people}) n where c > p"))?;
        let notified = integration.number(&format!("select count(*) from ({people}) n"))?;
        let all = stage.sql("lead")?.number("select count(*) from leads")?;
        Ok(Picture {
            stored,
            told: stage.receiver.told(),
            unfinished,
            notified_twice,
            unnotified: all.saturating_sub(notified),
            receipts: self.listeners.receipts(stage)?,
        })
    }
}

/// Violations, each with an example.
#[derive(Debug, Default, PartialEq, Eq)]
struct Findings {
    lost: Vec<String>,
    duplicated: Vec<String>,
    wrong: Vec<String>,
    stuck: Vec<String>,
}

impl Findings {
    fn of(attempts: &HashMap<String, Attempt>, tenants: &[String], picture: &Picture) -> Self {
        let mut found = Self::default();
        for (lead, attempt) in attempts {
            if attempt.fate == Fate::Acknowledged && !picture.stored.contains_key(lead) {
                found.lost.push(lead.clone());
            }
        }
        for (lead, places) in &picture.stored {
            let attempt = attempts.get(lead);
            let own = attempt.and_then(|attempt| tenants.get(attempt.tenant));
            if places.len() > 1 {
                found.duplicated.push(format!("{lead} is stored {} times", places.len()));
            }
            match attempt.map(|attempt| attempt.fate) {
                None => found.duplicated.push(format!("{lead} is stored and was never sent")),
                Some(Fate::Rejected) => found.duplicated.push(format!("{lead} is stored and was refused")),
                Some(Fate::Acknowledged | Fate::Indeterminate) => {}
            }
            if places.iter().any(|place| own != Some(place)) {
                found.wrong.push(format!("{lead} is stored in {}", places.join(", ")));
            }
            if !picture.told.contains_key(lead) {
                found.stuck.push(format!("{lead} is stored and was not delivered"));
            }
        }
        found.judge_told(attempts, picture);
        found.stuck.extend(picture.unfinished.iter().map(|(what, count)| format!("{count} {what}")));
        if picture.notified_twice > 0 {
            found.duplicated.push(format!("{} notifications were made twice", picture.notified_twice));
        }
        if picture.unnotified > 0 {
            found.stuck.push(format!("{} leads have no notification", picture.unnotified));
        }
        let Receipts { missed, twice, foreign } = picture.receipts;
        if missed > 0 {
            found.stuck.push(format!("{missed} notifications were not streamed to who listened"));
        }
        if twice > 0 {
            found.duplicated.push(format!("{twice} notifications were streamed twice"));
        }
        if foreign > 0 {
            found.wrong.push(format!("{foreign} notifications were streamed to who they are not for"));
        }
        found
    }

    fn judge_told(&mut self, attempts: &HashMap<String, Attempt>, picture: &Picture) {
        for (lead, told) in picture.told.iter().filter(|(lead, _)| attempts.contains_key(*lead)) {
            if told.ids.len() > 1 {
                let ids: Vec<&str> = told.ids.iter().map(String::as_str).collect();
                self.duplicated.push(format!("{lead} was told as {}", ids.join(" and ")));
            }
            // The name of a lead contains the client id of its tenant, which is the path of its receiver.
            let foreign: BTreeSet<&String> =
                told.places.iter().filter(|place| !lead.contains(&format!("-{place}-"))).collect();
            if !foreign.is_empty() {
                self.wrong.push(format!("{lead} was told to {foreign:?}"));
            }
        }
    }
}

/// Number of stream entries that integration-service has set aside.
pub(super) fn set_aside(stage: &Stage) -> Result<u64> {
    stage.sql("integration")?.number("select count(*) from dead_letters")
}

/// Makes pending retries due now: only work without a retry is stuck.
fn hurry(stage: &Stage) -> Result<()> {
    let integration = "update deliveries set next_attempt_at = now() where status = 'pending' and next_attempt_at > now();\
                       update inbox set next_attempt_at = now() where status = 'PENDING' and next_attempt_at > now();";
    stage.sql("integration")?.rows(integration)?;
    let enrichment =
        "update inbox set next_attempt_at = now() where status = 'PENDING' and next_attempt_at > now();";
    stage.sql("enrichment")?.rows(enrichment).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "id-of-a";

    fn picture(lead: &str, places: &[&str], told: &[(&str, &str)]) -> Picture {
        let stored =
            BTreeMap::from([(lead.to_owned(), places.iter().map(|place| (*place).to_owned()).collect())]);
        let mut all = Told::default();
        for (place, id) in told {
            all.places.insert((*place).to_owned());
            all.ids.insert((*id).to_owned());
        }
        Picture { stored, told: HashMap::from([(lead.to_owned(), all)]), ..Picture::default() }
    }

    fn findings(fate: Fate, picture: &Picture) -> [usize; 4] {
        let attempts = HashMap::from([("m-a-1".to_owned(), Attempt { tenant: 0, fate })]);
        let found = Findings::of(&attempts, &[OWN.to_owned()], picture);
        [found.lost.len(), found.duplicated.len(), found.wrong.len(), found.stuck.len()]
    }

    #[test]
    fn what_is_stored_once_in_its_tenant_and_told_once_is_well() {
        let well = picture("m-a-1", &[OWN], &[("a", "1")]);

        assert_eq!(findings(Fate::Acknowledged, &well), [0; 4]);
        assert_eq!(findings(Fate::Indeterminate, &well), [0; 4]);
        assert_eq!(findings(Fate::Indeterminate, &Picture::default()), [0; 4]);
        assert_eq!(findings(Fate::Rejected, &Picture::default()), [0; 4]);
    }

    #[test]
    fn every_broken_promise_is_found() {
        assert_eq!(findings(Fate::Acknowledged, &Picture::default()), [1, 0, 0, 0], "lost");
        assert_eq!(
            findings(Fate::Rejected, &picture("m-a-1", &[OWN], &[("a", "1")])),
            [0, 1, 0, 0],
            "refused"
        );
        assert_eq!(
            findings(Fate::Acknowledged, &picture("m-a-1", &[OWN, OWN], &[("a", "1")])),
            [0, 1, 0, 0],
            "twice"
        );
        let twice = picture("m-a-1", &[OWN], &[("a", "1"), ("a", "2")]);
        assert_eq!(findings(Fate::Acknowledged, &twice), [0, 1, 0, 0], "two events");
        assert_eq!(
            findings(Fate::Acknowledged, &picture("m-a-1", &["other"], &[("a", "1")])),
            [0, 0, 1, 0],
            "elsewhere"
        );
        assert_eq!(
            findings(Fate::Acknowledged, &picture("m-a-1", &[OWN], &[("b", "1")])),
            [0, 0, 1, 0],
            "told elsewhere"
        );
        let untold = Picture { told: HashMap::new(), ..picture("m-a-1", &[OWN], &[]) };
        assert_eq!(findings(Fate::Acknowledged, &untold), [0, 0, 0, 1], "not told");
        let waiting =
            Picture { unfinished: BTreeMap::from([("x", 3)]), ..picture("m-a-1", &[OWN], &[("a", "1")]) };
        assert_eq!(findings(Fate::Acknowledged, &waiting), [0, 0, 0, 1], "waiting");
    }
}
