//! Streams with duplicate, unordered and unreadable entries.

use std::time::Duration;

use anyhow::Result;
use rand::RngExt;
use rand::seq::SliceRandom;
use serde_json::{Value, json};

use super::super::trial::Trial;
use super::Scenario;

/// lead-service's stream.
const STREAM: &str = "leadstream:{events:lead}";
const BLOWS: u64 = 20;
/// Entries per batch.
const TAKEN: usize = 100;

/// All entries of the stream are added again, in another order.
pub(super) const DISORDER: Scenario =
    Scenario::of("stream-disorder", "entries of the stream repeated and shuffled", disorder);
/// Entries that are no events.
pub(super) const POISON: Scenario =
    Scenario::of("stream-poison", "entries that are no events, huge, or of an unknown version", poison);

fn disorder(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    let redis = trial.stage.redis()?;
    let mut repeated = 0;
    for _ in 0..trial.strikes(BLOWS) {
        trial.calm(Duration::from_millis(500))?;
        trial.strike(|trial| {
            let mut entries = redis.entries(STREAM, TAKEN)?;
            entries.shuffle(&mut trial.random);
            for entry in entries.iter().chain(entries.iter().rev()) {
                redis.append(STREAM, &entry.event)?;
                repeated += 1;
            }
            Ok(())
        })?;
    }
    trial.notes.push(format!("{repeated} entries were repeated out of order"));
    trial.calm_of_some_length()
}

fn poison(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    let redis = trial.stage.redis()?;
    for _ in 0..trial.strikes(BLOWS / 4) {
        trial.calm_of_some_length()?;
        let (unreadable, unknown) = (unreadable(trial), unknown_but_readable());
        trial.unreadable += u64::try_from(unreadable.len() + 1)?;
        trial.strike(|_| {
            for event in unreadable.iter().chain(&unknown) {
                redis.append(STREAM, event)?;
            }
            // An entry without the field that holds the event.
            redis.command(&["XADD", STREAM, "*", "another", "field"]).map(drop)
        })?;
    }
    trial.calm_of_some_length()
}

fn unreadable(trial: &mut Trial<'_>) -> Vec<String> {
    let garbage: String = (0..64).map(|_| char::from(trial.random.random_range(b'!'..b'~'))).collect();
    vec![
        String::new(),
        garbage,
        "null".to_owned(),
        "[".repeat(10_000),
        format!("\"{}\"", "x".repeat(1 << 20)),
        "{\"id\":\"\u{0}\"}".to_owned(),
        json!({"version": 99, "body": {}}).to_string(),
        json!({"id": "not-a-uuid", "tenant_id": 7}).to_string(),
    ]
}

/// Well-formed event of an unknown type and tenant: consumers skip it.
fn unknown_but_readable() -> Vec<String> {
    let id = || {
        let bits: u128 = rand::random();
        let text = format!("{bits:032x}");
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
        format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
    };
    let event = |kind: &str, state: Value| {
        json!({
            "id": id(), "tenant_id": id(), "event_type": format!("{kind}.CREATE"), "entity_type": kind, "entity_id": id(),
            "action": "CREATE", "previous_state": null, "current_state": state, "changed_fields": [],
            "actor": {"kind": "service", "name": "lead"}, "request_id": null, "traceparent": null,
            "occurred_at": "2026-01-01T00:00:00Z", "version": 99,
        })
        .to_string()
    };
    vec![event("Spaceship", json!({"crew": [1, 2, 3]})), event("Lead", json!("not an object"))]
}
