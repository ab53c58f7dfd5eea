//! JSON-LD blocks as objects, wherever in them those stand (schema.org, https://www.w3.org/TR/json-ld11/).

use serde_json::{Map, Value};

use super::text;

/// Most objects looked at on one page.
const MOST: usize = 2_000;

/// The blocks as values. Those that are no JSON are passed over.
pub(super) fn parse(blocks: &[String]) -> Vec<Value> {
    let mut parsed = Vec::with_capacity(blocks.len());
    for block in blocks {
        match serde_json::from_str(unwrapped(block)) {
            Ok(value) => parsed.push(value),
            Err(error) => tracing::debug!(%error, "a JSON-LD block cannot be read"),
        }
    }
    parsed
}

/// Every object in the values, outer ones before those within.
pub(super) fn objects(values: &[Value]) -> Vec<&Map<String, Value>> {
    let mut found = Vec::new();
    // serde_json gives up on nesting deeper than 128, so walking down is bounded as well.
    values.iter().for_each(|value| walk(value, &mut found));
    found
}

/// Some pages wrap the block for browsers that know no scripts.
fn unwrapped(block: &str) -> &str {
    let block = block.trim();
    let block = block.strip_prefix("<!--").unwrap_or(block);
    let block = block.strip_suffix("-->").unwrap_or(block).trim();
    let block =
        block.strip_prefix("//<![CDATA[").or_else(|| block.strip_prefix("<![CDATA[")).unwrap_or(block);
    block.strip_suffix("//]]>").or_else(|| block.strip_suffix("]]>")).unwrap_or(block).trim()
}

fn walk<'a>(value: &'a Value, found: &mut Vec<&'a Map<String, Value>>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
        Value::Object(members) if found.len() < MOST => {
            found.push(members);
            members.values().for_each(|value| walk(value, found));
        }
        _ => {}
    }
}

/// The types of an object, without the vocabulary they are from.
pub(super) fn types(object: &Map<String, Value>) -> Vec<&str> {
    let stated = object.get("@type").or_else(|| object.get("type"));
    let names = values(stated).into_iter().filter_map(Value::as_str);
    names.map(|name| name.rsplit(['/', ':', '#']).next().unwrap_or(name)).collect()
}

/// A value, or each of several.
pub(super) fn values(value: Option<&Value>) -> Vec<&Value> {
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => items.iter().collect(),
        Some(one) => vec![one],
    }
}

/// The first text among the values, cleaned and cut to `length` characters. Objects give their `@value`, `name` or `url`.
pub(super) fn text(value: Option<&Value>, length: usize) -> Option<String> {
    let found = values(value).into_iter().find_map(|value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(members) => ["@value", "name", "url", "@id"]
            .iter()
            .find_map(|name| members.get(*name)?.as_str())
            .map(str::to_owned),
        _ => None,
    })?;
    Some(text::clean(&found, length)).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(block: &str) -> Vec<String> {
        let parsed = parse(&[block.to_owned()]);
        objects(&parsed).iter().filter_map(|object| text(object.get("name"), 100)).collect()
    }

    #[test]
    fn objects_are_found_wherever_they_stand() {
        assert_eq!(names(r#"{"name": "a"}"#), ["a"]);
        assert_eq!(names(r#"[{"name": "a"}, [{"name": "b"}]]"#), ["a", "b"]);
        assert_eq!(names(r#"{"@graph": [{"name": "a", "publisher": {"name": "b"}}]}"#), ["a", "b"]);
        assert_eq!(names("<!-- {\"name\": \"a\"} -->"), ["a"]);
        assert_eq!(names("//<![CDATA[\n{\"name\": \"a\"}\n//]]>"), ["a"]);
    }

    #[test]
    fn what_is_no_json_is_passed_over() {
        for block in [
            "",
            "{",
            "{'name': 'a'}",
            "null",
            "[1, \"x\", null]",
            &"[".repeat(100_000),
            &"{\"a\":".repeat(5_000),
        ] {
            assert!(names(block).is_empty());
        }
    }

    #[test]
    fn floods_of_objects_are_bounded() {
        let flood = format!("[{}{{}}]", "{\"name\": \"a\"},".repeat(50_000));
        assert_eq!(objects(&parse(&[flood])).len(), MOST);
    }

    #[test]
    fn types_lose_their_vocabulary() {
        let object = json!({ "@type": ["https://schema.org/Organization", "schema:Corporation", 7, null] });
        assert_eq!(types(object.as_object().unwrap()), ["Organization", "Corporation"]);
        assert!(types(json!({ "@type": { "a": 1 } }).as_object().unwrap()).is_empty());
    }

    #[test]
    fn text_is_taken_from_whatever_form_it_has() {
        assert_eq!(text(Some(&json!(" a\n b ")), 9), Some("a b".into()));
        assert_eq!(text(Some(&json!([null, [], { "@value": "a" }])), 9), Some("a".into()));
        assert_eq!(text(Some(&json!(1998)), 9), Some("1998".into()));
        for nothing in [json!(null), json!(true), json!({}), json!([]), json!("  "), json!({ "name": 3 })] {
            assert_eq!(text(Some(&nothing), 9), None, "{nothing}");
        }
    }
}
