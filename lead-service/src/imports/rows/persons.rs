//! Names of people as files have them: first, last, whole, in either order.

/// The parts of a name.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// First name.
    pub first: Option<String>,
    /// Last name.
    pub last: Option<String>,
}

impl Person {
    /// Fills what first and last name leave empty with a whole name. Gives whether all of it is there now.
    pub fn complete(&mut self, whole: &str, is_last_first: bool) -> bool {
        let whole = match whole.split_once(',') {
            Some((last, first)) if is_last_first && !first.contains(',') => {
                format!("{} {}", first.trim(), last.trim())
            }
            _ => whole.to_owned(),
        };
        match (&self.first, &self.last) {
            (None, None) => {
                let (first, last) = match whole.split_once(char::is_whitespace) {
                    Some((first, last)) => (first, Some(last.trim().to_owned())),
                    None => (whole.as_str(), None),
                };
                (self.first, self.last) = (Some(first.to_owned()), last.filter(|last| !last.is_empty()));
            }
            (Some(first), None) => {
                let rest = without(&whole, first, false);
                self.last = Some(rest.unwrap_or(whole)).filter(|rest| !rest.is_empty());
            }
            (None, Some(last)) => {
                let rest = without(&whole, last, true);
                self.first = Some(rest.unwrap_or(whole)).filter(|rest| !rest.is_empty());
            }
            (Some(first), Some(last)) => {
                let whole = whole.to_lowercase();
                return whole == format!("{first} {last}").to_lowercase()
                    || whole == format!("{last} {first}").to_lowercase()
                    || whole == format!("{last}, {first}").to_lowercase();
            }
        }
        true
    }
}

/// A whole name without the part at one of its ends; none where it does not stand there.
fn without(whole: &str, part: &str, at_end: bool) -> Option<String> {
    let (whole_words, part_words): (Vec<&str>, Vec<&str>) =
        (whole.split_whitespace().collect(), part.split_whitespace().collect());
    let split = if at_end { whole_words.len().checked_sub(part_words.len())? } else { part_words.len() };
    let (start, end) = whole_words.split_at_checked(split)?;
    let (found, rest) = if at_end { (end, start) } else { (start, end) };
    let same = found.join(" ").to_lowercase() == part_words.join(" ").to_lowercase();
    same.then(|| rest.join(" "))
}

/// Whether a heading says that the last name comes first.
pub fn is_last_first(column: &str) -> bool {
    let heading = crate::recognition::fold(column);
    let place = |words: &[&str]| words.iter().filter_map(|word| heading.find(word)).min();
    let last = place(&["last", "surname", "family", "nachname"]);
    let first = place(&["first", "given", "vorname"]);
    last.zip(first).is_some_and(|(last, first)| last < first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(first: Option<&str>, last: Option<&str>, whole: &str) -> (Option<String>, Option<String>) {
        let mut person = Person { first: first.map(str::to_owned), last: last.map(str::to_owned) };
        person.complete(whole, is_last_first("Name (last, first)") && whole.contains(','));
        (person.first, person.last)
    }

    #[test]
    fn a_whole_name_fills_what_the_others_leave_empty() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(completed(None, None, "Ada King Lovelace"), (text("Ada"), text("King Lovelace")));
        assert_eq!(completed(Some("Jane"), None, "Doe"), (text("Jane"), text("Doe")));
        assert_eq!(completed(Some("Jane"), None, "jane Doe"), (text("Jane"), text("Doe")));
        assert_eq!(completed(None, Some("Doe"), "Jane Doe"), (text("Jane"), text("Doe")));
        assert_eq!(completed(None, None, "King, Ada"), (text("Ada"), text("King")));
        assert_eq!(completed(None, None, "Cher"), (text("Cher"), None));
        assert!(!is_last_first("Full name"));
    }
}
