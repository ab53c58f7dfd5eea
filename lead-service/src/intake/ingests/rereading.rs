//! Fields of a lead after the submission that made it was read again by a better mapping.

use serde_json::{Map, Value};

/// Fields that a submission feeds, each by itself.
const FIELDS: [&str; 11] = [
    "first_name",
    "last_name",
    "email",
    "phone",
    "company_name",
    "role_title",
    "linkedin_url",
    "notes",
    "source",
    "product_id",
    "account_id",
];
/// Addresses, by which a person is known.
const ADDRESSES: [&str; 3] = ["email", "phone", "linkedin_url"];
/// Fields with members.
const OBJECTS: [&str; 3] = ["custom_fields", "utm", CONSENT];
/// A consent is added to, and never taken back or changed by reading again.
const CONSENT: &str = "consent";
/// An amount belongs to its currency.
const AMOUNT: [&str; 2] = ["estimated_value", "currency"];

/// A submission that is read again.
pub struct Rereading<'a> {
    /// Its lead as it was when the submission had made it; empty where it did not make it.
    pub then: &'a Map<String, Value>,
    /// Its fields as they are read now.
    pub read: &'a Map<String, Value>,
    /// Whether its addresses may become those of the lead.
    pub may_identify: bool,
}

fn value<'a>(members: &'a Map<String, Value>, name: &str) -> &'a Value {
    members.get(name).unwrap_or(&Value::Null)
}

impl Rereading<'_> {
    /// The fields of the lead with what is read now. What has changed since the submission made it stays; what the
    /// submission filled, it may fill otherwise; what is empty is filled.
    pub fn fields(&self, now: &Map<String, Value>) -> Map<String, Value> {
        let mut fields = now.clone();
        for name in FIELDS {
            let is_untouched = value(now, name) == value(self.then, name);
            if is_untouched && (self.may_identify || !ADDRESSES.contains(&name)) {
                fields.insert(name.to_owned(), value(self.read, name).clone());
            }
        }
        if AMOUNT.iter().all(|name| value(now, name).is_null()) {
            for name in AMOUNT {
                fields.insert(name.to_owned(), value(self.read, name).clone());
            }
        }
        for name in OBJECTS {
            let members = self.members(name, value(now, name));
            if members != members_of(value(now, name)) {
                fields.insert(name.to_owned(), Value::Object(members));
            }
        }
        fields
    }

    fn members(&self, name: &str, now: &Value) -> Map<String, Value> {
        let (then, read) = (members_of(value(self.then, name)), members_of(value(self.read, name)));
        let mut members = members_of(now);
        let may_change = name != CONSENT;
        let is_own = |member: &str, members: &Map<String, Value>| {
            may_change && then.contains_key(member) && then.get(member) == members.get(member)
        };
        let gone: Vec<&String> = then.keys().filter(|member| !read.contains_key(*member)).collect();
        for member in gone {
            if is_own(member, &members) {
                members.remove(member);
            }
        }
        for (member, value) in read {
            if members.get(&member).is_none_or(Value::is_null) || is_own(&member, &members) {
                members.insert(member, value);
            }
        }
        members
    }
}

/// A lead as submissions made it: when it was made, with what it was given when they were read again.
pub fn then(made: Map<String, Value>, filled: &Map<String, Value>) -> Map<String, Value> {
    let mut then = made;
    for (name, given) in filled {
        let mut members = members_of(value(&then, name));
        match given {
            Value::Object(given) if OBJECTS.contains(&name.as_str()) => {
                members.extend(given.clone());
                then.insert(name.clone(), Value::Object(members));
            }
            given => drop(then.insert(name.clone(), given.clone())),
        }
    }
    then
}

/// Fields that a lead was given by reading again, this time and before.
pub fn filled(
    before: Map<String, Value>,
    now: &Map<String, Value>,
    fields: &Map<String, Value>,
) -> Map<String, Value> {
    let mut filled = before;
    for (name, given) in fields.iter().filter(|(name, given)| value(now, name) != *given) {
        let given = match given {
            Value::Object(members) if OBJECTS.contains(&name.as_str()) => {
                let had = members_of(value(now, name));
                let mut known = members_of(value(&filled, name));
                let new = members.iter().filter(|(member, value)| had.get(*member) != Some(*value));
                known.extend(new.map(|(member, value)| (member.clone(), value.clone())));
                Value::Object(known)
            }
            given => given.clone(),
        };
        filled.insert(name.clone(), given);
    }
    filled
}

fn members_of(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        let Value::Object(members) = value else { panic!("an object") };
        members
    }

    #[test]
    fn what_the_submission_filled_it_may_fill_otherwise_and_what_changed_since_stays() {
        let then = object(json!({
            "first_name": "Contact", "last_name": "Form", "email": "a@x.example", "source": "website", "notes": "Hi",
            "custom_fields": {"plan": "gold", "seats": 5}, "consent": {"given": true}
        }));
        let mut now = then.clone();
        now.insert("phone".to_owned(), Value::Null);
        now.insert("notes".to_owned(), json!("called"));
        now.insert("custom_fields".to_owned(), json!({"plan": "silver", "seats": 5, "own": 1}));
        let read = object(json!({
            "first_name": "Ada", "email": "a@x.example", "phone": "+4930901820", "source": "event", "notes": "Hello",
            "company_name": "Acme", "custom_fields": {"plan": "bronze", "tier": "x"}, "consent": {"marketing": true},
            "estimated_value": "5.00", "currency": "EUR"
        }));

        let fields = Rereading { then: &then, read: &read, may_identify: true }.fields(&now);

        let expected = object(json!({
            "first_name": "Ada", "last_name": null, "email": "a@x.example", "phone": "+4930901820", "source": "event",
            "notes": "called", "company_name": "Acme", "role_title": null, "linkedin_url": null, "product_id": null,
            "account_id": null, "custom_fields": {"plan": "silver", "own": 1, "tier": "x"},
            "consent": {"given": true, "marketing": true}, "estimated_value": "5.00", "currency": "EUR"
        }));
        assert_eq!(fields, expected);
        let again = Rereading { then: &then, read: &read, may_identify: true }.fields(&fields);
        assert_eq!(again["first_name"], "Ada");
        assert_eq!(again["custom_fields"], fields["custom_fields"], "twice is once");
    }

    #[test]
    fn what_reading_again_gave_the_next_reading_may_give_otherwise() {
        let made = object(json!({"first_name": "Contact", "custom_fields": {"a": 1}}));
        let first = object(json!({"first_name": "Form", "custom_fields": {"a": 1, "b": 2}}));
        let second = object(json!({"first_name": "Ada", "custom_fields": {"a": 1, "b": 3}}));
        let reread = |then: &Map<String, Value>, read: &Map<String, Value>, now: &Map<String, Value>| {
            Rereading { then, read, may_identify: true }.fields(now)
        };

        let once = reread(&then(made.clone(), &Map::new()), &first, &made);
        let given = filled(Map::new(), &made, &once);
        assert_eq!((&given["first_name"], &given["custom_fields"]), (&json!("Form"), &json!({"b": 2})));
        let twice = reread(&then(made.clone(), &given), &second, &once);

        assert_eq!(
            (&twice["first_name"], &twice["custom_fields"]),
            (&json!("Ada"), &json!({"a": 1, "b": 3}))
        );
        let by_hand = object(json!({"first_name": "Augusta", "custom_fields": {"a": 1, "b": 9}}));
        let kept = reread(&then(made, &given), &second, &by_hand);
        assert_eq!(
            (&kept["first_name"], &kept["custom_fields"]),
            (&json!("Augusta"), &json!({"a": 1, "b": 9}))
        );
    }

    #[test]
    fn of_a_lead_that_it_did_not_make_it_fills_what_is_empty() {
        let now =
            object(json!({"first_name": "Ada", "email": "a@x.example", "phone": null, "company_name": null}));
        let read = object(json!({"first_name": "Bob", "phone": "+4930901820", "company_name": "Acme"}));
        for (may_identify, phone) in [(true, json!("+4930901820")), (false, Value::Null)] {
            let fields = Rereading { then: &Map::new(), read: &read, may_identify }.fields(&now);
            assert_eq!((&fields["first_name"], &fields["company_name"]), (&json!("Ada"), &json!("Acme")));
            assert_eq!(fields["phone"], phone);
            assert_eq!(fields["email"], "a@x.example");
        }
    }
}
