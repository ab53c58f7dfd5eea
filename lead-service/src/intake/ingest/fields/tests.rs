//! Fields of forms.

use contracts::problem::FieldError;
use serde_json::json;
use uuid::Uuid;

use super::*;

fn parse(value: Value) -> Result<NewSubmission, Problem> {
    let Value::Object(sent) = value else { panic!("an object") };
    NewSubmission::parse(sent)
}

fn warned(submission: &NewSubmission) -> Vec<(&str, &str)> {
    submission.warnings.iter().map(|warning| (warning.field.as_str(), warning.code.as_str())).collect()
}

#[test]
fn known_fields_are_normalised_and_the_rest_is_kept() {
    let submission = parse(json!({
        "name": "Ada King Lovelace", "email": " Ada@Example.COM ", "phone": "+44 20 7946 0958",
        "company": "Analytical Engines", "message": "Hello", "budget": "10k", "utm_source": "x", "gclid": "1"
    }))
    .unwrap();

    assert_eq!(submission.first_name.as_deref(), Some("Ada"));
    assert_eq!(submission.last_name.as_deref(), Some("King Lovelace"));
    assert_eq!(submission.email.as_deref(), Some("ada@example.com"));
    assert_eq!(submission.phone.as_deref(), Some("+442079460958"));
    assert_eq!(submission.company_name.as_deref(), Some("Analytical Engines"));
    assert_eq!(submission.utm, Some(json!({"source": "x", "gclid": "1"})));
    assert_eq!(submission.raw_payload, Some(json!({"budget": "10k"})));
    assert_eq!(submission.source, LeadSource::Website);
    assert_eq!(submission.warnings, []);
}

#[test]
fn when_it_was_sent_and_whether_it_is_a_test_is_read_where_it_can_be() {
    let sent = json!({"email": "a@example.com", "submitted_at": "2026-01-02T03:04:05Z", "is_test": "1", "consent": "on"});
    let submission = parse(sent).unwrap();
    assert_eq!(submission.submitted_at.unwrap().to_rfc3339(), "2026-01-02T03:04:05+00:00");
    assert_eq!((submission.is_test, &submission.raw_payload), (true, &None));
    assert_eq!(submission.consent, Some(json!({"given": true})));
    let dated = parse(json!({"email": "a@example.com", "submitted_at": "2026-01-02 03:04"})).unwrap();
    assert_eq!(dated.submitted_at.unwrap().to_rfc3339(), "2026-01-02T03:04:00+00:00");
    let vague = json!({"submitted_at": "yesterday", "is_test": "maybe"});
    let mut sent = vague.clone();
    sent["email"] = json!("a@example.com");
    let submission = parse(sent).unwrap();
    assert_eq!((submission.submitted_at, submission.is_test), (None, false));
    assert_eq!(warned(&submission), [("submitted_at", "invalid_datetime"), ("is_test", "invalid_boolean")]);
    assert_eq!(submission.raw_payload, Some(vague));
}

#[test]
fn the_first_name_of_a_field_that_is_not_blank_counts() {
    for (sent, phone, rest) in [
        (json!({"phone": " ", "mobile": "+4917612345678"}), "+4917612345678", Value::Null),
        (json!({"phone": [], "phone_number": null, "tel": "+4917612345678"}), "+4917612345678", Value::Null),
        (
            json!({"phone": "+4930901820", "mobile": "+4917612345678", "tel": ""}),
            "+4930901820",
            json!({"mobile": "+4917612345678"}),
        ),
    ] {
        let submission = parse(sent.clone()).unwrap();
        assert_eq!(submission.phone.as_deref(), Some(phone), "{sent}");
        assert_eq!(submission.raw_payload.unwrap_or_default(), rest, "{sent}");
    }
    let sent = json!({"email": "", "email_address": "a@example.com", "company": "", "organization": "Acme",
        "message": "\n", "comments": "Hi", "title": "CTO", "job_title": ""});
    let submission = parse(sent).unwrap();
    assert_eq!(submission.email.as_deref(), Some("a@example.com"));
    assert_eq!(submission.company_name.as_deref(), Some("Acme"));
    assert_eq!((submission.notes.as_deref(), submission.role_title.as_deref()), (Some("Hi"), Some("CTO")));
    assert_eq!(submission.raw_payload, None);
}

#[test]
fn what_cannot_be_read_of_a_side_field_is_kept_and_warned_of() {
    let unreadable = json!({
        "phone": "call me", "estimated_value": "a lot", "source": "mars", "linkedin_url": "@ada", "currency": "gold",
        "product_id": "7", "account_id": true, "submitted_at": "soon", "custom_fields": ["a"]
    });
    let mut sent = unreadable.clone();
    sent["email"] = json!("ada@example.com");

    let submission = parse(sent).unwrap();

    assert_eq!(submission.raw_payload, Some(unreadable));
    let mut warnings = warned(&submission);
    warnings.sort_unstable();
    let expected = [
        ("account_id", "invalid_uuid"),
        ("currency", "invalid_currency"),
        ("custom_fields", "wrong_type"),
        ("estimated_value", "invalid_money"),
        ("linkedin_url", "invalid_url"),
        ("phone", "invalid_phone"),
        ("product_id", "invalid_uuid"),
        ("source", "not_allowed"),
        ("submitted_at", "invalid_datetime"),
    ];
    assert_eq!(warnings, expected);
    assert_eq!(submission.source, LeadSource::Website);
    let refused = submission.accepted(true).unwrap_err();
    assert_eq!(refused.errors.len(), expected.len());
}

#[test]
fn what_was_not_used_of_a_field_is_kept() {
    let submission = parse(json!({
        "email": "Ada <ada@example.com>; a@b.example", "phone": ["+49 30 901820", "+49 30 901821"],
        "estimated_value": "$5,000"
    }))
    .unwrap();

    assert_eq!(submission.email.as_deref(), Some("ada@example.com"));
    assert_eq!(submission.phone.as_deref(), Some("+4930901820"));
    assert_eq!(submission.currency.as_deref(), Some("USD"));
    let rest = submission.raw_payload.clone().unwrap();
    assert!(rest["email"].as_str().unwrap().contains("a@b.example"), "{rest}");
    assert_eq!(rest["phone"], json!(["+49 30 901820", "+49 30 901821"]));
    assert_eq!(warned(&submission), [("email", "several_values"), ("phone", "several_values")]);
}

#[test]
fn what_is_too_long_is_cut_and_kept_whole() {
    let (long, longer) = ("x".repeat(101), "ä".repeat(300));
    let sent = json!({"email": "a@example.com", "first_name": long, "company": longer, "lead_reference_id": "1".repeat(256)});

    let submission = parse(sent.clone()).unwrap();

    assert_eq!(submission.first_name.as_deref(), Some(&long[..100]));
    assert_eq!(submission.company_name.unwrap().chars().count(), 255);
    assert_eq!(submission.lead_reference_id, None, "cut, it could be another one's");
    let rest = submission.raw_payload.unwrap();
    for name in ["first_name", "company", "lead_reference_id"] {
        assert_eq!(rest[name], sent[name]);
    }
    assert!(submission.warnings.iter().all(|warning| warning.code == "too_long"));
    let whole = format!("{long} {long}");
    let submission = parse(json!({"email": "a@example.com", "name": whole})).unwrap();
    assert_eq!(submission.last_name.as_deref(), Some(&long[..100]));
    assert_eq!(warned(&submission), [("name", "too_long")]);
    assert_eq!(submission.raw_payload, Some(json!({ "name": whole })));
}

#[test]
fn fields_of_one_line_have_no_line_breaks() {
    let submission = parse(json!({
        "first_name": "Ann\r\nBcc: x", "company": "A\tB\u{2028}C", "email": "a@example.com", "utm_source": "a\nb",
        "message": "one\ntwo"
    }))
    .unwrap();

    assert_eq!(submission.first_name.as_deref(), Some("Ann Bcc: x"));
    assert_eq!(submission.company_name.as_deref(), Some("A B C"));
    assert_eq!(submission.utm, Some(json!({"source": "a b"})));
    assert_eq!(submission.notes.as_deref(), Some("one\ntwo"));
    assert_eq!(submission.warnings, []);
}

#[test]
fn every_fault_is_found_at_once() {
    let problem = parse(json!({
        "email": "nope", "phone": "call me", "product_id": "7", "source": "mars", "first_name": "x".repeat(101)
    }))
    .unwrap_err();
    let mut fields: Vec<_> = problem.errors.iter().map(|fault| fault.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["email", "first_name", "phone", "product_id", "source"]);
}

#[test]
fn a_person_must_be_reachable() {
    for sent in [
        json!({"budget": "10k", "email": "  "}),
        json!({"name": "Ada"}),
        json!({"name": "Ada", "phone": "n/a"}),
        json!({"name": "Ada", "linkedin_url": "https://example.com/ada"}),
    ] {
        let refused = parse(sent.clone()).unwrap_err();
        assert!(refused.errors.iter().any(|fault| fault.code == "required"), "{sent}");
    }
    assert!(parse(json!({"email": "nope", "phone": "+4930901820"})).is_err(), "a malformed address");
    assert!(parse(json!({"linkedin_url": "https://linkedin.com/in/ada"})).is_ok());
    let named = parse(json!({"city": "Oslo", "budget": "10k"})).unwrap_err();
    assert!(named.errors[0].message.ends_with("beside it has: budget, city"), "{:?}", named.errors);
}

#[test]
fn a_local_phone_number_is_kept_as_written() {
    assert_eq!(parse(json!({"phone": "030 901820"})).unwrap().phone.as_deref(), Some("030 901820"));
}

#[test]
fn a_reference_that_names_nothing_is_left_out_and_kept() {
    let product = Uuid::now_v7();
    let sent = json!({"email": "a@example.com", "product_id": product, "budget": "10k"});
    let mut submission = parse(sent).unwrap();
    let unknown = |field: &str| {
        let fault = FieldError::new(field, "unknown_reference", "names nothing that exists");
        Problem { errors: vec![fault], ..Problem::unprocessable("unknown_reference", "It names nothing.") }
    };

    let own_name = |field: &str| format!("Our {field}");
    assert!(!submission.leave_out(&unknown("account_id"), own_name));
    assert!(submission.leave_out(&unknown("product_id"), own_name));
    assert!(!submission.leave_out(&unknown("product_id"), own_name), "once");

    assert_eq!(submission.product_id, None);
    assert_eq!(submission.raw_payload, Some(json!({"budget": "10k", "Our product_id": product})));
    assert_eq!(warned(&submission), [("Our product_id", "unknown_reference")]);
}

#[test]
fn a_warning_speaks_of_the_field_by_the_name_that_the_form_gave_it() {
    let mut submission = parse(json!({"email": "a@example.com", "source": "mars"})).unwrap();
    assert_eq!(submission.warnings[0].message, "is not a value that source can have");

    submission.name_as(
        |field| if field == "source" { "How did you find us?".to_owned() } else { field.to_owned() },
    );

    assert_eq!(warned(&submission), [("How did you find us?", "not_allowed")]);
    assert_eq!(submission.warnings[0].message, "is not a value that How did you find us? can have");
    assert_eq!(submission.raw_payload, Some(json!({"How did you find us?": "mars"})));
}

#[test]
fn json_in_a_text_is_opened_within_the_bounds_of_a_body() {
    let opened = |text: &str| parse(json!({"email": "a@example.com", "custom_fields": text})).unwrap();
    let members = opened(r#"{"tier":"gold","order":6963887712520725123456}"#).custom_fields;
    assert_eq!(members, Some(json!({"tier": "gold", "order": "6963887712520725123456"})));
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(70), "]".repeat(70));
    for text in [r#"{"tier":"go\u0000ld"}"#, &deep, "{broken}"] {
        let submission = opened(text);
        assert_eq!(submission.custom_fields, None, "{text}");
        assert_eq!(submission.raw_payload, Some(json!({ "custom_fields": text })));
        assert_eq!(warned(&submission), [("custom_fields", "wrong_type")]);
    }
    let ticked = parse(json!({"email": "a@example.com", "consent": "I agree"})).unwrap();
    assert_eq!(ticked.consent, Some(json!({"text": "I agree"})));
}

#[test]
fn owner_status_and_tags_are_read_where_they_may_be_said() {
    let sent = json!({
        "email": "a@example.com", "status": "OPEN - Not contacted", "tags": "vip, fair 2026;vip", "assigned_to": " b@example.com ",
        "custom_fields": {"tier": "gold", "tags": ["old"]}
    });
    let submission = parse(sent).unwrap();
    assert_eq!((submission.status, submission.assigned_to), (Some(LeadStatus::New), None));
    assert_eq!(submission.owner.as_deref(), Some("b@example.com"));
    let members = json!({"tier": "gold", "tags": ["old", "vip", "fair 2026"]});
    assert_eq!(submission.custom_fields, Some(members));
    assert_eq!((submission.warnings, submission.raw_payload), (vec![], None));
    let wrong = json!({"status": "Converted", "tags": [["x"]]});
    let mut sent = wrong.clone();
    sent["email"] = json!("a@example.com");
    let submission = parse(sent).unwrap();
    assert_eq!((submission.status, &submission.custom_fields), (None, &None));
    let mut warnings = warned(&submission);
    warnings.sort_unstable();
    assert_eq!(warnings, [("status", "not_allowed"), ("tags", "wrong_type")]);
    assert_eq!(submission.raw_payload, Some(wrong));
}
