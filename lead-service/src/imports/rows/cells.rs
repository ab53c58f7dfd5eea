//! Reads cells, each for the field that its column feeds.

use platform::http::body;
use serde_json::{Value, json};

use super::{
    consents::{self, Said},
    fields::{Field, sentence},
    persons,
    reading::{Row, one_line},
    recipe::Given,
};
use crate::{
    identity::IdentityKey,
    imports::settings::DecimalSign,
    people::{LeadSource, LeadStatus, Persona, SuggestionStatus},
    recognition::{self, fold},
};

/// Words that people write where they know nothing, folded.
const PLACEHOLDERS: [&str; 13] = [
    "na",
    "none",
    "null",
    "nil",
    "unknown",
    "nan",
    "keine",
    "ka",
    "undefined",
    "noemail",
    "nophone",
    "notavailable",
    "",
];

impl<'a> Row<'a> {
    /// The first usable address counts; others are kept.
    pub(super) fn take_address(&mut self, field: &Field, given: &'a Given<'a>) {
        if PLACEHOLDERS.contains(&fold(&given.text).as_str()) {
            return self.keep_cell(given);
        }
        let (name, reading) = match field {
            Field::Email => ("email", recognition::read_emails(&given.text)),
            Field::Phone => ("phone", recognition::read_phones(&given.text, self.country.as_deref())),
            _ => ("linkedin_url", recognition::read_linkedin(&given.text)),
        };
        let Some(value) = reading.value else {
            self.is_unreadable = true;
            return self.refuse(name, reading.warning.unwrap_or("unreadable"), given);
        };
        match self.members.get(name).and_then(Value::as_str) {
            Some(known) if known == value => {}
            Some(_) => return self.keep_cell(given),
            None => self.set(name, Value::String(value), given),
        }
        if let Some(rest) = reading.rest {
            self.keep(&given.column, Value::String(rest));
        }
        if let Some(code) = reading.warning {
            self.warn(name, code, sentence(code));
        }
    }

    pub(super) fn take_line(&mut self, name: &'static str, most: usize, given: &'a Given<'a>) {
        let text = one_line(&given.text);
        if name == "role_title" && recognition::read_honorific(&text) {
            return self.keep_cell(given);
        }
        let place = match name {
            "first_name" => &mut self.person.first,
            "last_name" => &mut self.person.last,
            _ => {
                match self.members.get(name).and_then(Value::as_str) {
                    Some(known) if known == text => {}
                    Some(_) => self.keep_cell(given),
                    None => {
                        let text = self.cut(name, &text, most, given);
                        self.set(name, Value::String(text), given);
                    }
                }
                return;
            }
        };
        match place {
            Some(known) if *known == text => {}
            Some(_) => self.keep_cell(given),
            None => *place = Some(text),
        }
    }

    pub(super) fn take_name(&mut self, given: &'a Given<'a>) {
        if recognition::is_test(&given.text) {
            self.is_test = true;
            return self.keep_cell(given);
        }
        let text = one_line(&given.text);
        if !self.person.complete(&text, persons::is_last_first(&given.column)) {
            self.keep_cell(given);
        }
    }

    pub(super) fn take_notes(&mut self, given: &'a Given<'a>) {
        const MOST: usize = 20_000;
        if self.members.contains_key("notes") {
            return self.keep_cell(given);
        }
        let text: String =
            given.text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t')).collect();
        let text = self.cut("notes", text.trim(), MOST, given);
        self.set("notes", Value::String(text), given);
    }

    /// A text of at most so many characters; the whole one is kept beside.
    fn cut(&mut self, name: &str, text: &str, most: usize, given: &'a Given<'a>) -> String {
        if text.chars().count() <= most {
            return text.to_owned();
        }
        self.refuse(name, "too_long", given);
        text.chars().take(most).collect::<String>().trim_end().to_owned()
    }

    pub(super) fn take_object(&mut self, name: &'static str, given: &'a Given<'a>) {
        let parsed = given.value.clone().or_else(|| body::parse(given.text.as_bytes()).ok());
        let Some(Value::Object(members)) = parsed else { return self.refuse(name, "wrong_type", given) };
        let target = match name {
            "custom_fields" => &mut self.custom,
            "utm" => &mut self.utm,
            _ => &mut self.raw,
        };
        for (member, value) in members {
            target.entry(member).or_insert(value);
        }
    }

    pub(super) fn take_tags(&mut self, given: &'a Given<'a>) {
        let tags: Vec<Value> = given
            .text
            .split([',', ';', '|'])
            .map(str::trim)
            .filter(|tag| !tag.is_empty())
            .map(|tag| Value::String(tag.to_owned()))
            .collect();
        let known = self.custom.entry("tags").or_insert_with(|| json!([]));
        if let Value::Array(known) = known {
            known.extend(tags);
        }
    }

    /// No is always taken; yes only from a column that was mapped by hand, on the ground that the importer names. Without
    /// these it is kept as it stood, with a warning; that holds for consents that this service exported, too.
    pub(super) fn take_consent(&mut self, given: &'a Given<'a>) {
        let basis = self.recipe.settings.consent_basis.as_deref().filter(|_| given.is_asked);
        let whole = given.value.clone().or_else(|| body::parse(given.text.as_bytes()).ok());
        if let Some(Value::Object(members)) = whole {
            let (taken, is_less) = consents::of_object(members, basis);
            if !consents::add(&mut self.consent, taken) || is_less {
                self.withhold(given);
            }
            return;
        }
        let is_taken = match (consents::said(&given.text), basis) {
            (Said::No, _) => {
                consents::withdraw(&mut self.consent, &given.column);
                true
            }
            (Said::Unclear, Some(_)) => return self.refuse("consent", "unknown_word", given),
            (Said::Yes, Some(basis)) => consents::agree(&mut self.consent, None, basis),
            (Said::Text(text), Some(basis)) => consents::agree(&mut self.consent, Some(text), basis),
            (_, None) => false,
        };
        if !is_taken {
            self.withhold(given);
        }
    }

    fn withhold(&mut self, given: &Given<'_>) {
        let message = "is granted only by a column that is mapped by hand, with a consent_basis, and by a row that does not \
                       withdraw it; it was kept as it is";
        self.warn("consent", "consent_not_granted", message);
        self.keep_cell(given);
    }

    pub(super) fn take_value(&mut self, field: &Field, given: &'a Given<'a>) {
        let text = given.text.as_ref();
        match field {
            Field::Status => self.take_status(given),
            Field::Source => {
                let meant = self.recipe.meant("source", &given.column, text);
                let known = meant.and_then(LeadSource::parse).or_else(|| recognition::read_source(text));
                self.take_word("source", known.map(LeadSource::word), given);
            }
            Field::Persona => {
                let meant = self.recipe.meant("persona", &given.column, text);
                let known = meant.and_then(Persona::parse).or_else(|| recognition::read_persona(text));
                self.take_word("persona", known.map(Persona::word), given);
            }
            Field::Suggestion => {
                let known = SuggestionStatus::parse(&fold(text)).map(SuggestionStatus::word);
                self.take_word("suggestion_status", known, given);
            }
            Field::Score => match recognition::read_score(text) {
                Some(score) => self.set_once("score", json!(score), given),
                None => self.refuse("score", "invalid_number", given),
            },
            Field::Amount => self.take_amount(given),
            Field::Currency => match recognition::read_currency(text) {
                Some(currency) => self.set_once("currency", Value::String(currency), given),
                None => self.refuse("currency", "invalid_currency", given),
            },
            Field::Reference => self.take_reference(given),
            &Field::Id(name) => match text.trim().parse::<uuid::Uuid>() {
                Ok(id) => self.set_once(name, json!(id), given),
                Err(_) => self.refuse(name, "invalid_uuid", given),
            },
            Field::SubmittedAt => match (self.submitted_at, self.recipe.dates.moment(text)) {
                (None, Some(at)) => self.submitted_at = Some(at),
                (Some(_), _) => self.keep_cell(given),
                (None, None) => self.refuse("submitted_at", "invalid_datetime", given),
            },
            Field::IsTest => match recognition::read_truth(&Value::String(text.to_owned())) {
                Some(truth) => self.is_test |= truth,
                None => self.keep_cell(given),
            },
            Field::Owner if self.owner.is_none() => self.owner = Some(text.to_owned()),
            _ => self.keep_cell(given),
        }
    }

    fn set_once(&mut self, field: &'static str, value: Value, given: &'a Given<'a>) {
        if self.members.contains_key(field) { self.keep_cell(given) } else { self.set(field, value, given) }
    }

    /// An unknown word leaves the field as it is.
    pub(super) fn take_word(&mut self, field: &'static str, word: Option<&str>, given: &'a Given<'a>) {
        match word {
            Some(word) => {
                let is_same = fold(word) == fold(&given.text);
                self.set_once(field, Value::String(word.to_owned()), given);
                if !is_same {
                    self.keep_cell(given);
                }
            }
            None => self.refuse(field, "unknown_word", given),
        }
    }

    pub(super) fn take_status(&mut self, given: &'a Given<'a>) {
        let meant = self.recipe.meant("status", &given.column, &given.text);
        let known = meant.and_then(LeadStatus::parse).or_else(|| recognition::read_status(&given.text));
        if known == Some(LeadStatus::Converted) {
            // Only the conversion into a deal makes one so.
            let message = "only a conversion makes a lead converted; it is kept as qualified";
            self.warn("status", "not_allowed", message);
        }
        let known = known.map(|status| match status {
            LeadStatus::Converted => LeadStatus::Qualified,
            status => status,
        });
        if consents::has_left(&given.text) {
            consents::withdraw(&mut self.consent, &given.column);
        }
        self.take_word("status", known.map(LeadStatus::word), given);
    }

    pub(super) fn take_amount(&mut self, given: &'a Given<'a>) {
        let text = given.text.as_ref();
        let plain = match self.recipe.settings.decimal {
            Some(_) if self.recipe.is_number(given) => text.to_owned(),
            Some(DecimalSign::Comma) => text.replace('.', "").replace(',', "."),
            Some(DecimalSign::Point) => text.replace(',', ""),
            None => text.to_owned(),
        };
        let reading = recognition::read_amount(&plain);
        let Some(amount) = reading.value else {
            return self.refuse("estimated_value", "invalid_money", given);
        };
        self.set_once("estimated_value", json!(amount), given);
        let is_plain = text.chars().all(|c| c.is_ascii_digit() || ".,- ".contains(c));
        if let Some(currency) = recognition::read_currency(text).filter(|_| !is_plain)
            && !self.members.contains_key("currency")
        {
            self.set("currency", Value::String(currency), given);
        }
    }

    pub(super) fn take_reference(&mut self, given: &'a Given<'a>) {
        let text: String = recognition::read_reference(&given.text).trim().chars().take(200).collect();
        if self.reference.is_some() || text.is_empty() {
            return self.keep_cell(given);
        }
        self.reference = Some(IdentityKey::reference(&self.recipe.source, &text));
        self.set("lead_reference_id", Value::String(text), given);
    }
}
