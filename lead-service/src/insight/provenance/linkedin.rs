//! Activities of a person on LinkedIn, merged into those known: nothing doubled, nothing lost.

use std::collections::HashSet;

use contracts::{
    Service,
    events::Actor,
    internal::records::{MergeLinkedin, MergedLinkedin},
};
use platform::{
    Problem,
    db::{
        Stored, TenantTx, Visibility,
        outbox::{self, Change},
    },
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::store;
use crate::{entities::Entity, people::LeadView};

/// Most activities that are kept of a person, the newest.
const MOST: usize = 2_000;

/// Merges them under the lead's lock.
pub async fn merge(tx: &mut TenantTx<'_>, call: &MergeLinkedin) -> Result<MergedLinkedin, Problem> {
    let before = LeadView::lock(tx, call.lead_id, &Visibility::All).await?;
    let shown = serde_json::to_value(&before).map_err(|error| Problem::internal(error.to_string()))?;
    let mut findings = shown.get("enrichment_data").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut linkedin = findings.get("linkedin").and_then(Value::as_object).cloned().unwrap_or_default();
    let (activities, added) = merged(&linkedin, &call.activities);
    let total = activities.len();
    linkedin.insert("activities".to_owned(), Value::Array(activities));
    match &call.insights {
        Some(insights) => drop(linkedin.insert("insights".to_owned(), insights.clone())),
        None => drop(linkedin.entry("insights").or_insert(Value::Null)),
    }
    linkedin.insert("metadata".to_owned(), call.metadata.clone());
    findings.insert("linkedin".to_owned(), Value::Object(linkedin));
    store::set_findings(tx, before.id, &Value::Object(findings)).await?;
    let after = LeadView::find(tx, before.id, &Visibility::All).await?;
    let mut changes = Change::updated(LeadView::NAME, before.id, &before, &after, LeadView::TRACKED);
    for change in &mut changes {
        if let Some(Value::Object(state)) = &mut change.current_state {
            state.insert("enrichment_job_id".to_owned(), json!(call.job_id));
        }
    }
    outbox::record_as(tx, &Actor::Service { name: Service::Enrichment }, changes).await?;
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    Ok(MergedLinkedin { added: number(added), total: number(total) })
}

/// The identity of an activity: kind and address, or else kind and text.
fn key(activity: &Value) -> String {
    let text = |name: &str| activity.get(name).and_then(Value::as_str).unwrap_or_default().trim();
    let rest = match text("url") {
        "" => Sha256::digest(text("text")).iter().map(|byte| format!("{byte:02x}")).collect(),
        url => url.to_owned(),
    };
    format!("{} {rest}", text("kind"))
}

fn merged(linkedin: &Map<String, Value>, new: &[Value]) -> (Vec<Value>, usize) {
    let known = linkedin.get("activities").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut keys: HashSet<String> = known.iter().map(key).collect();
    let mut all: Vec<Value> = new.iter().filter(|activity| keys.insert(key(activity))).cloned().collect();
    let added = all.len();
    all.extend(known);
    all.truncate(MOST);
    (all, added)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_doubled_and_nothing_lost() {
        let post = |text: &str, url: Option<&str>| json!({ "kind": "post", "text": text, "url": url });
        let first = [post("a", Some("https://x/1")), post("b", None)];
        let (once, added) = merged(&Map::new(), &first);
        assert_eq!((once.len(), added), (2, 2));
        let linkedin = Map::from_iter([("activities".to_owned(), json!(once))]);
        let again = [post("a, edited", Some("https://x/1")), post("b", None), post("c", None)];
        let (twice, added) = merged(&linkedin, &again);
        assert_eq!((twice.len(), added), (3, 1));
        let comment = json!({ "kind": "comment", "text": "b" });
        assert_eq!(merged(&linkedin, &[comment]).1, 1, "another kind is another activity");
    }
}
