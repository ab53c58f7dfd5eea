//! Reading of a submission by a form's mapping, and of what that does not name by names and values.

use std::collections::BTreeMap;

use contracts::problem::FieldError;
use platform::Problem;
use serde_json::{Map, Value, json};

use super::{CUSTOM, Form, is_path};
use crate::{
    intake::ingest::{NewSubmission, listed, message},
    recognition::{self, Asked, Door, Recognised, TRUSTED},
};

/// What was sent, as far as the mapping names it.
#[derive(Default)]
struct Mapped {
    /// What it feeds, and where.
    asked: Asked,
    /// The tenant's own fields.
    custom: Map<String, Value>,
    /// What feeds nothing, whatever it is called.
    kept: Map<String, Value>,
    /// The form's field, or the path to it, to the known one that it fed.
    applied: BTreeMap<String, String>,
    /// All that it does not name.
    rest: Map<String, Value>,
}

/// Reads a submission by the form's mapping, where it has one, and what that does not name by its names and values. Gives
/// also which of its fields fed which known one, where these are called otherwise.
///
/// # Errors
/// All that is wrong with it, by the names that the form uses.
pub fn read(
    form: Option<&Form>,
    sent: Map<String, Value>,
    door: Door,
) -> Result<(NewSubmission, Option<Value>), Problem> {
    let mapped = match form {
        Some(form) => form.mapped(sent),
        None => Mapped { rest: sent, ..Mapped::default() },
    };
    let Mapped { asked, custom, mut kept, mut applied, rest } = mapped;
    let recognised = recognition::read(rest, &asked, door);
    let Recognised { mut known, kept: unknown, applied: guessed, sender, is_cut } = recognised;
    kept.extend(unknown);
    applied.extend(guessed);
    // What feeds a known field by the mapping prevails over what is only called so.
    for (name, value) in asked.fed {
        if recognition::is_blank(&value) && known.contains_key(&name) {
            continue;
        }
        if let Some(displaced) = known.insert(name.clone(), value) {
            kept.insert(name, displaced);
        }
    }
    if door != Door::Trusted {
        for field in TRUSTED {
            let Some(value) = known.remove(field) else { continue };
            let own = applied.iter().find(|(_, fed)| *fed == field).map(|(own, _)| own.clone());
            let own = own.unwrap_or_else(|| field.to_owned());
            applied.remove(&own);
            kept.insert(own, value);
        }
    }
    if !custom.is_empty() {
        match known.get_mut("custom_fields") {
            Some(Value::Object(members)) => members.extend(custom),
            _ => drop(known.insert("custom_fields".to_owned(), Value::Object(custom))),
        }
    }
    let mut submission = parse(form, known, &kept, &applied)?;
    if is_cut {
        let message = message("", "partly_recognised");
        submission.warnings.push(FieldError::new("", "partly_recognised", message));
    }
    if !kept.is_empty() {
        let mut rest = match submission.raw_payload.take() {
            Some(Value::Object(members)) => members,
            _ => Map::new(),
        };
        rest.extend(kept);
        submission.raw_payload = Some(Value::Object(rest));
    }
    let is_noted = form.is_some() || !applied.is_empty();
    Ok((NewSubmission { sender, ..submission }, is_noted.then(|| json!(applied))))
}

/// Reads known fields; faults are named as the form names its fields.
fn parse(
    form: Option<&Form>,
    known: Map<String, Value>,
    kept: &Map<String, Value>,
    applied: &BTreeMap<String, String>,
) -> Result<NewSubmission, Problem> {
    let own_name = |field: &str| {
        let known = |(_, known): &(&String, &String)| known.as_str() == field;
        applied.iter().find(known).map_or_else(|| field.to_owned(), |(own, _)| own.clone())
    };
    let lacks_consent = form.is_some_and(|form| form.consent_required)
        && !known.get("consent").is_some_and(recognition::is_given);
    let fault = lacks_consent.then(|| FieldError::new(own_name("consent"), "required", "must be given"));
    match (NewSubmission::parse(known), fault) {
        (Ok(mut submission), None) => {
            submission.name_as(own_name);
            Ok(submission)
        }
        (Ok(_), Some(fault)) => Err(Problem::invalid(vec![fault])),
        (Err(problem), fault) => {
            let mut faults = problem.errors;
            for fault in &mut faults {
                let (field, own) = (fault.field.clone(), own_name(&fault.field));
                if fault.code == "required" && !kept.is_empty() {
                    fault.message = format!("{}; what was sent is: {}", fault.message, listed(kept.keys()));
                } else if fault.message == message(&field, &fault.code) {
                    fault.message = message(&own, &fault.code);
                }
                fault.field = own;
            }
            faults.extend(fault);
            Err(Problem::invalid(faults))
        }
    }
}

impl Form {
    /// Takes what the mapping names: a field at the top is taken away, one at a path stays in its document.
    fn mapped(&self, mut sent: Map<String, Value>) -> Mapped {
        let mut mapped = Mapped::default();
        for name in [&self.honeypot_field, &self.started_field].into_iter().flatten() {
            sent.remove(name);
        }
        let is_nested = |name: &String| is_path(name) && !sent.contains_key(name);
        let tree =
            if self.fields.keys().any(is_nested) { recognition::payload_tree(&sent) } else { Map::new() };
        for (name, known) in &self.fields {
            let (value, at_top) = match sent.remove(name) {
                Some(value) => (value, true),
                None => match recognition::payload_at(&tree, name) {
                    Some(value) => (value.clone(), false),
                    None => continue,
                },
            };
            mapped.asked.paths.push(name.clone());
            match known.as_ref().map(|known| (known, known.strip_prefix(CUSTOM))) {
                None if at_top => drop(mapped.kept.insert(name.clone(), value)),
                None => {}
                Some((known, own)) => {
                    mapped.applied.insert(name.clone(), known.clone());
                    match own {
                        Some(own) => drop(mapped.custom.insert(own.to_owned(), value)),
                        None => drop(mapped.asked.fed.insert(known.clone(), value)),
                    }
                }
            }
        }
        Mapped { rest: sent, ..mapped }
    }

    /// What the mapping says of a payload, for its guesses to be explained.
    pub fn asked(&self, sent: Map<String, Value>) -> Asked {
        self.mapped(sent).asked
    }
}
