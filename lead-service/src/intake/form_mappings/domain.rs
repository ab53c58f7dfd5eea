//! Form mappings: fields of a form to fields of a lead, and checks for submissions by bots.

mod reading;

use std::{borrow::Cow, collections::BTreeMap};

use chrono::{DateTime, TimeDelta, Utc};
use contracts::problem::FieldError;
use diesel::{AsChangeset, Insertable};
use platform::{Problem, values};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::api::WriteFormMapping;
use crate::{
    intake::api_keys::ApiKeyKind,
    recognition::{self, PAYLOAD_PATH as PATH, TRUSTED},
    schema::form_mappings,
};

pub use reading::read;

/// Fields that a form's field may feed, beside `custom_fields.NAME`.
const KNOWN: [&str; 34] = [
    "name",
    "first_name",
    "last_name",
    "email",
    "phone",
    "company_name",
    "role_title",
    "linkedin_url",
    "notes",
    "source",
    "lead_reference_id",
    "product_id",
    "account_id",
    "estimated_value",
    "currency",
    "consent",
    "submitted_at",
    "is_test",
    "custom_fields",
    "utm",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "fbclid",
    "msclkid",
    "ttclid",
    "twclid",
    "li_fat_id",
];
const CUSTOM: &str = "custom_fields.";
/// Most fields that a mapping names.
const MOST: usize = 200;

fn is_known(name: &str) -> bool {
    KNOWN.contains(&name) || name.strip_prefix(CUSTOM).is_some_and(|rest| !rest.is_empty())
}

/// What is known of a form, as ingest needs it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Form {
    fields: BTreeMap<String, Option<String>>,
    honeypot_field: Option<String>,
    started_field: Option<String>,
    min_fill_seconds: Option<i32>,
    consent_required: bool,
    /// Where a browser goes when all went well.
    pub redirect_url: Option<String>,
    /// Where it goes when the submission is refused.
    pub error_redirect_url: Option<String>,
}

/// A form as it is stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = form_mappings, treat_none_as_null = true)]
pub struct FormFields {
    fields: Value,
    honeypot_field: Option<String>,
    started_field: Option<String>,
    min_fill_seconds: Option<i32>,
    consent_required: bool,
    redirect_url: Option<String>,
    error_redirect_url: Option<String>,
}

impl From<Form> for FormFields {
    fn from(form: Form) -> Self {
        Self {
            fields: json!(form.fields),
            honeypot_field: form.honeypot_field,
            started_field: form.started_field,
            min_fill_seconds: form.min_fill_seconds,
            consent_required: form.consent_required,
            redirect_url: form.redirect_url,
            error_redirect_url: form.error_redirect_url,
        }
    }
}

/// The value of a name or a path.
fn value_of<'a>(sent: &'a Map<String, Value>, name: &str) -> Option<Cow<'a, Value>> {
    match sent.get(name) {
        Some(value) => Some(Cow::Borrowed(value)),
        None if is_path(name) => {
            recognition::payload_at(&recognition::payload_tree(sent), name).cloned().map(Cow::Owned)
        }
        None => None,
    }
}

fn is_path(name: &str) -> bool {
    name.contains(['.', '['])
}

impl Form {
    /// The mapping of a key of this kind, checked; addresses are written canonically.
    pub fn parse(write: WriteFormMapping, kind: ApiKeyKind) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let mut fields: BTreeMap<String, Option<String>> = BTreeMap::new();
        if write.fields.len() > MOST {
            faults.push(FieldError::new("fields", "too_many", format!("must name at most {MOST} fields")));
        }
        for (name, known) in write.fields {
            let place = format!("fields.{name}");
            if name.len() > PATH {
                faults.push(FieldError::new(
                    "fields",
                    "too_long",
                    format!("has a name of over {PATH} bytes"),
                ));
                continue;
            }
            match known {
                Value::Null => drop(fields.insert(name, None)),
                Value::String(known) if TRUSTED.contains(&known.as_str()) && kind != ApiKeyKind::Server => {
                    let message = format!("{known} can be fed with a server key only");
                    faults.push(FieldError::new(&place, "not_allowed", message));
                }
                Value::String(known) if is_known(&known) || TRUSTED.contains(&known.as_str()) => {
                    if fields.values().flatten().any(|other| *other == known) {
                        faults.push(FieldError::new(&place, "ambiguous", "another field feeds this one"));
                    }
                    fields.insert(name, Some(known));
                }
                _ => {
                    let message = format!("must be null or one of: {}, custom_fields.NAME", KNOWN.join(", "));
                    faults.push(FieldError::new(&place, "unknown_field", message));
                }
            }
        }
        if write.min_fill_seconds.is_some() && write.started_field.is_none() {
            let message = "is required: without it nobody knows when the form was shown";
            faults.push(FieldError::new("started_field", "required", message));
        }
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        let url = |text: Option<String>| text.as_deref().and_then(values::web_url).map(String::from);
        Ok(Self {
            fields,
            honeypot_field: write.honeypot_field,
            started_field: write.started_field,
            min_fill_seconds: write.min_fill_seconds,
            consent_required: write.consent_required,
            redirect_url: url(write.redirect_url),
            error_redirect_url: url(write.error_redirect_url),
        })
    }

    /// The form mapping of this row, as JSON.
    pub fn stored(row: Value) -> Result<Self, Problem> {
        serde_json::from_value(row)
            .map_err(|error| Problem::internal(format!("a stored form mapping cannot be read: {error}")))
    }

    /// Why a submission that came at `now` looks as if no person had filled the form in.
    pub fn suspicion(&self, sent: &Map<String, Value>, now: DateTime<Utc>) -> Option<FieldError> {
        if let Some(name) = &self.honeypot_field
            && value_of(sent, name).is_some_and(|value| !recognition::is_blank(&value))
        {
            return Some(FieldError::new(name, "honeypot", "is filled in, and people do not see it"));
        }
        let (Some(name), Some(least)) = (&self.started_field, self.min_fill_seconds) else { return None };
        let shown = value_of(sent, name).and_then(|value| recognition::read_moment(&value));
        // A clock may be wrong a little; a form that says nothing, or was shown in the future, is no person's.
        let plausible = shown.is_some_and(|shown| now - shown >= TimeDelta::seconds(least.into()));
        if plausible {
            return None;
        }
        let message = format!("does not say that the form was shown at least {least} s before it was sent");
        Some(FieldError::new(name, "filled_too_fast", message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognition::Door;

    fn form(write: Value) -> Result<Form, Problem> {
        Form::parse(serde_json::from_value(write).unwrap(), ApiKeyKind::Browser)
    }

    fn object(value: Value) -> Map<String, Value> {
        let Value::Object(members) = value else { panic!("an object") };
        members
    }

    #[test]
    fn mapped_fields_feed_known_ones_and_the_rest_is_kept() {
        let fields = json!({"your-mail": "email", "title": null, "plan": "custom_fields.plan"});
        let form = form(json!({"fields": fields, "honeypot_field": "url2"})).unwrap();
        let sent = json!({
            "your-mail": "Ada@example.com", "email": "shop@example.com", "title": "Dr", "plan": "gold", "url2": "",
            "name": "Ada", "budget": "10k"
        });

        let (submission, applied) = read(Some(&form), object(sent), Door::Anonymous).unwrap();

        assert_eq!(submission.email.as_deref(), Some("ada@example.com"));
        assert_eq!((submission.first_name.as_deref(), submission.role_title), (Some("Ada"), None));
        assert_eq!(submission.custom_fields, Some(json!({"plan": "gold"})));
        let kept = json!({"email": "shop@example.com", "title": "Dr", "budget": "10k"});
        assert_eq!(submission.raw_payload, Some(kept));
        assert_eq!(applied, Some(json!({"your-mail": "email", "plan": "custom_fields.plan"})));
    }

    #[test]
    fn a_mapping_reaches_into_documents_by_paths() {
        let fields = json!({
            "form_response.answers[0].email": "email", "$.form_response.hidden.plan": "custom_fields.plan",
            "form_response.hidden.mobile": null
        });
        let form = form(json!({ "fields": fields })).unwrap();
        let sent = json!({"form_response": {
            "answers": [{"email": "Ada@example.com"}], "hidden": {"plan": "gold", "mobile": "+49 30 901820"}
        }});

        let (submission, applied) = read(Some(&form), object(sent.clone()), Door::Anonymous).unwrap();

        assert_eq!((submission.email.as_deref(), submission.phone), (Some("ada@example.com"), None));
        assert_eq!(submission.custom_fields, Some(json!({"plan": "gold"})));
        assert_eq!(submission.raw_payload, Some(sent));
        let expected = json!({
            "form_response.answers[0].email": "email", "$.form_response.hidden.plan": "custom_fields.plan"
        });
        assert_eq!(applied, Some(expected));
    }

    #[test]
    fn faults_are_named_as_the_form_names_its_fields() {
        let form =
            form(json!({"fields": {"mail": "email", "agb": "consent"}, "consent_required": true})).unwrap();
        let read = |sent: Value| read(Some(&form), object(sent), Door::Anonymous);
        let refused = read(json!({"mail": "nope", "agb": "off"})).unwrap_err();
        let faults: Vec<_> =
            refused.errors.iter().map(|fault| (fault.field.as_str(), fault.code.as_str())).collect();
        assert_eq!(faults, [("mail", "invalid_email"), ("agb", "required")]);
        let (submission, _) = read(json!({"mail": "a@example.com", "agb": "on"})).unwrap();
        assert_eq!(submission.consent, Some(json!({"given": true})));
    }

    #[test]
    fn owner_status_and_tags_are_for_server_keys() {
        let write = json!({"fields": {"who": "assigned_to", "stage": "status", "labels": "tags"}});
        let refused = form(write.clone()).unwrap_err();
        assert!(refused.errors.len() == 3 && refused.errors.iter().all(|fault| fault.code == "not_allowed"));
        let form = Form::parse(serde_json::from_value(write).unwrap(), ApiKeyKind::Server).unwrap();
        let sent = json!({"email": "a@x.example", "who": "b@x.example", "stage": "open", "labels": ["vip"]});
        let read = |door| read(Some(&form), object(sent.clone()), door).unwrap().0;

        let trusted = read(Door::Trusted);
        assert_eq!((trusted.owner.as_deref(), trusted.first_status()), (Some("b@x.example"), "new"));
        assert_eq!((trusted.custom_fields, trusted.raw_payload), (Some(json!({"tags": ["vip"]})), None));
        // The key may have been made one for browsers since.
        for door in [Door::Anonymous, Door::Server] {
            let submission = read(door);
            assert_eq!((submission.owner, submission.status, submission.custom_fields), (None, None, None));
            let kept = json!({"who": "b@x.example", "stage": "open", "labels": ["vip"]});
            assert_eq!(submission.raw_payload, Some(kept), "{door:?}");
        }
    }

    #[test]
    fn what_is_beyond_the_bounds_of_recognition_is_kept_and_warned_of() {
        let many: Map<String, Value> = (0..2_100).map(|n| (format!("f{n}"), json!("x"))).collect();
        let sent = json!({"email": "a@x.example", "form": many});
        let (submission, _) = read(None, object(sent.clone()), Door::Anonymous).unwrap();
        let codes: Vec<&str> = submission.warnings.iter().map(|warning| warning.code.as_str()).collect();
        assert_eq!(codes, ["partly_recognised"]);
        assert_eq!(submission.raw_payload.unwrap()["form"], sent["form"]);
    }

    #[test]
    fn what_no_person_sent_is_suspected() {
        let write = json!({"honeypot_field": "url2", "started_field": "shown", "min_fill_seconds": 3});
        let (form, now) = (form(write).unwrap(), Utc::now());
        let suspected = |sent: Value| form.suspicion(&object(sent), now).map(|fault| fault.code);
        let before = |seconds: i64| (now - TimeDelta::seconds(seconds)).to_rfc3339();

        assert_eq!(suspected(json!({"shown": before(4), "url2": " "})), None);
        assert_eq!(suspected(json!({"shown": (now.timestamp_millis() - 4_000).to_string()})), None);
        assert_eq!(suspected(json!({"shown": before(4), "url2": "x"})).as_deref(), Some("honeypot"));
        for shown in [json!(before(2)), json!(before(-60)), json!("soon"), Value::Null] {
            let sent = json!({ "shown": shown });
            assert_eq!(suspected(sent.clone()).as_deref(), Some("filled_too_fast"), "{sent}");
        }
        assert_eq!(suspected(json!({})).as_deref(), Some("filled_too_fast"));
    }

    #[test]
    fn a_mapping_that_makes_no_sense_is_refused_by_its_field() {
        let fields = json!({"a": "email", "b": "email", "c": "password", "d": 7, "e": "custom_fields."});
        let refused = form(json!({"fields": fields, "min_fill_seconds": 3})).unwrap_err();
        let faults: Vec<_> =
            refused.errors.iter().map(|fault| (fault.field.as_str(), fault.code.as_str())).collect();
        let expected = [
            ("fields.b", "ambiguous"),
            ("fields.c", "unknown_field"),
            ("fields.d", "unknown_field"),
            ("fields.e", "unknown_field"),
            ("started_field", "required"),
        ];
        assert_eq!(faults, expected);
    }
}
