//! JSONPath, the part of RFC 9535 that maps answers to fields: names, indexes, wildcards, descendants, and comparisons of
//! one member with a literal. Reading a document is bounded by the number of values looked at, whatever the path.

use serde_json::Value;

/// Longest path, in characters.
const LONGEST: usize = 300;
/// Most steps of a path.
const MOST_STEPS: usize = 16;
/// Most values looked at for one path.
const MOST_VISITS: usize = 100_000;

/// A parsed path.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonPath(Vec<Step>);

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Name(String),
    Index(i64),
    Every,
    Descendants,
    Where { names: Vec<String>, equals: Option<(bool, Value)> },
}

impl JsonPath {
    /// Reads a path.
    ///
    /// # Errors
    /// A sentence on what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.chars().count() > LONGEST {
            return Err(format!("is longer than {LONGEST} characters"));
        }
        let mut parser = Parser { rest: text.trim() };
        parser.rest = parser.rest.strip_prefix('$').ok_or("must begin with $")?;
        let mut steps = Vec::new();
        while !parser.rest.is_empty() {
            parser.step(&mut steps)?;
            if steps.len() > MOST_STEPS {
                return Err(format!("has more than {MOST_STEPS} steps"));
            }
        }
        if steps.iter().filter(|step| **step == Step::Descendants).count() > 1 {
            return Err("may have .. once only".to_owned());
        }
        Ok(Self(steps))
    }

    /// Every value that the path leads to, in the order of the document.
    pub fn all<'a>(&self, document: &'a Value) -> Vec<&'a Value> {
        let mut visits = 0;
        let mut found = vec![document];
        for step in &self.0 {
            let mut next = Vec::new();
            for value in found {
                if visits > MOST_VISITS {
                    return Vec::new();
                }
                step.follow(value, &mut next, &mut visits);
            }
            found = next;
        }
        found
    }

    /// The first value that the path leads to and that is not null.
    pub fn first<'a>(&self, document: &'a Value) -> Option<&'a Value> {
        self.all(document).into_iter().find(|value| !value.is_null())
    }

    /// The value at the path: a list where it can lead to several, one value otherwise.
    pub fn value(&self, document: &Value) -> Option<Value> {
        let plural =
            self.0.iter().any(|step| matches!(step, Step::Every | Step::Descendants | Step::Where { .. }));
        if !plural {
            return self.first(document).cloned();
        }
        let mut found: Vec<Value> =
            self.all(document).into_iter().filter(|value| !value.is_null()).cloned().collect();
        let is_one = found.len() == 1 && self.0.iter().any(|step| matches!(step, Step::Where { .. }));
        match found.len() {
            0 => None,
            1 if is_one => found.pop(),
            _ => Some(Value::Array(found)),
        }
    }
}

impl Step {
    fn follow<'a>(&self, value: &'a Value, into: &mut Vec<&'a Value>, visits: &mut usize) {
        *visits += 1;
        match self {
            Self::Name(name) => into.extend(value.get(name)),
            Self::Index(index) => {
                let Some(items) = value.as_array() else { return };
                let place = match usize::try_from(*index) {
                    Ok(index) => Some(index),
                    Err(_) => usize::try_from(index.unsigned_abs())
                        .ok()
                        .and_then(|back| items.len().checked_sub(back)),
                };
                into.extend(place.and_then(|place| items.get(place)));
            }
            Self::Every => children(value, into, visits),
            Self::Descendants => {
                let mut waiting = vec![value];
                while let Some(one) = waiting.pop() {
                    if *visits > MOST_VISITS {
                        return;
                    }
                    into.push(one);
                    let before = waiting.len();
                    children(one, &mut waiting, visits);
                    // The last one in is looked at first: turned round, the document's order stays.
                    if let Some(new) = waiting.get_mut(before..) {
                        new.reverse();
                    }
                }
            }
            Self::Where { names, equals } => {
                let mut all = Vec::new();
                children(value, &mut all, visits);
                into.extend(all.into_iter().filter(|child| holds(child, names, equals.as_ref())));
            }
        }
    }
}

fn children<'a>(value: &'a Value, into: &mut Vec<&'a Value>, visits: &mut usize) {
    match value {
        Value::Array(items) => {
            *visits += items.len();
            into.extend(items);
        }
        Value::Object(members) => {
            *visits += members.len();
            into.extend(members.values());
        }
        _ => {}
    }
}

fn holds(value: &Value, names: &[String], equals: Option<&(bool, Value)>) -> bool {
    let found = names.iter().try_fold(value, |value, name| value.get(name));
    match (found, equals) {
        (Some(_), None) => true,
        (Some(found), Some((wanted, literal))) => (found == literal) == *wanted,
        (None, Some((wanted, _))) => !wanted,
        (None, None) => false,
    }
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn take(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, text: &str) -> Result<(), String> {
        if self.take(text) { Ok(()) } else { Err(format!("lacks {text} before {:?}", self.rest)) }
    }

    fn step(&mut self, steps: &mut Vec<Step>) -> Result<(), String> {
        if self.take("..") {
            steps.push(Step::Descendants);
            if self.rest.starts_with('[') {
                return Ok(());
            }
            let step = if self.take("*") { Step::Every } else { Step::Name(self.name()?) };
            steps.push(step);
            return Ok(());
        }
        if self.take(".") {
            let step = if self.take("*") { Step::Every } else { Step::Name(self.name()?) };
            steps.push(step);
            return Ok(());
        }
        self.expect("[")?;
        self.spaces();
        let step = if self.take("*") {
            Step::Every
        } else if self.take("?") {
            self.filter()?
        } else if self.rest.starts_with(['\'', '"']) {
            Step::Name(self.quoted()?)
        } else {
            let end = self.rest.find(']').ok_or("lacks ]")?;
            let (number, rest) = self.rest.split_at(end);
            self.rest = rest;
            let number = number.trim().parse().map_err(|_| format!("{:?} is no index", number.trim()))?;
            Step::Index(number)
        };
        self.spaces();
        self.expect("]")?;
        steps.push(step);
        Ok(())
    }

    fn filter(&mut self) -> Result<Step, String> {
        self.spaces();
        let bracketed = self.take("(");
        self.spaces();
        self.expect("@")?;
        let mut names = Vec::new();
        loop {
            if self.take(".") {
                names.push(self.name()?);
            } else if self.rest.starts_with("['") || self.rest.starts_with("[\"") {
                self.expect("[")?;
                names.push(self.quoted()?);
                self.expect("]")?;
            } else {
                break;
            }
        }
        if names.is_empty() {
            return Err("has a condition without a member".to_owned());
        }
        self.spaces();
        let wanted = if self.take("==") {
            Some(true)
        } else if self.take("!=") {
            Some(false)
        } else {
            None
        };
        let equals = match wanted {
            Some(wanted) => Some((wanted, self.literal()?)),
            None => None,
        };
        self.spaces();
        if bracketed {
            self.expect(")")?;
        }
        Ok(Step::Where { names, equals })
    }

    fn literal(&mut self) -> Result<Value, String> {
        self.spaces();
        if self.rest.starts_with(['\'', '"']) {
            return self.quoted().map(Value::String);
        }
        let end = self.rest.find([')', ']', ' ']).ok_or("has a condition without an end")?;
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        serde_json::from_str(word).map_err(|_| format!("{word:?} is no literal"))
    }

    fn quoted(&mut self) -> Result<String, String> {
        let mut letters = self.rest.chars();
        let quote = letters.next().ok_or("lacks a name")?;
        let mut name = String::new();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => name.extend(letters.next()),
                letter if letter == quote => {
                    self.rest = letters.as_str();
                    return Ok(name);
                }
                letter => name.push(letter),
            }
        }
        Err("has a quotation mark without another".to_owned())
    }

    fn name(&mut self) -> Result<String, String> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() {
            return Err(format!("lacks a name before {:?}", self.rest));
        }
        self.rest = rest;
        Ok(name.to_owned())
    }

    fn spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(path: &str, document: &Value) -> Option<Value> {
        JsonPath::parse(path).unwrap().value(document)
    }

    #[test]
    fn paths_lead_where_the_standard_says() {
        let document = json!({
            "person": { "name": "Ada", "e mail": "a@x.example", "none": null,
                "emails": [{ "type": "home", "value": "h@x.example" }, { "type": "work", "value": "w@x.example" }] },
            "tags": ["a", "b", "c"],
        });
        for (path, expected) in [
            ("$.person.name", Some(json!("Ada"))),
            ("$['person']['e mail']", Some(json!("a@x.example"))),
            ("$.person.none", None),
            ("$.person.absent.deeper", None),
            ("$.tags[0]", Some(json!("a"))),
            ("$.tags[-1]", Some(json!("c"))),
            ("$.tags[9]", None),
            ("$.tags", Some(json!(["a", "b", "c"]))),
            ("$.tags[*]", Some(json!(["a", "b", "c"]))),
            ("$.person.emails[*].value", Some(json!(["h@x.example", "w@x.example"]))),
            ("$.person.emails[?(@.type == 'work')].value", Some(json!("w@x.example"))),
            ("$.person.emails[?@.type!=\"work\"].value", Some(json!("h@x.example"))),
            ("$..value", Some(json!(["h@x.example", "w@x.example"]))),
            ("$.person.emails[?(@.absent)].value", None),
        ] {
            assert_eq!(value(path, &document), expected, "{path}");
        }
        assert_eq!(value("$", &json!(7)), Some(json!(7)));
    }

    #[test]
    fn what_is_no_path_is_refused_with_a_reason() {
        for path in [
            "",
            "person",
            "$person",
            "$.",
            "$[",
            "$[x]",
            "$['a",
            "$.a[?(@)]",
            "$.a[?(@.b == )]",
            "$..a..b",
            "$.a b",
            "$[?match(@.a, 'x')]",
            "$[?(@.a == 'b']",
        ] {
            assert!(JsonPath::parse(path).is_err(), "{path}");
        }
        assert!(JsonPath::parse(&format!("$.{}", "a".repeat(LONGEST))).is_err());
        assert!(JsonPath::parse(&format!("${}", ".a".repeat(MOST_STEPS + 1))).is_err());
    }

    #[test]
    fn a_document_of_any_size_is_looked_at_for_a_bounded_time() {
        let wide: Value = (0..400).map(|_| json!((0..400).collect::<Vec<_>>())).collect();
        let deep = json!([[wide.clone(), wide.clone()], [wide]]);
        let began = std::time::Instant::now();
        let _found = JsonPath::parse("$..*[*][*][*][*]").unwrap().all(&deep);
        assert!(began.elapsed() < std::time::Duration::from_secs(1), "{:?}", began.elapsed());
    }
}
