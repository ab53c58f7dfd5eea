//! A person's whole name beside the parts of it that were sent.

/// First and last name.
#[derive(Debug, PartialEq, Eq)]
pub struct Names {
    /// First name.
    pub first: Option<String>,
    /// Last name.
    pub last: Option<String>,
    /// Whether they say all that the whole name says.
    pub cover: bool,
}

/// Fills what of first and last name is empty with the whole name, given in one line.
pub fn completed(first: Option<String>, last: Option<String>, whole: &str) -> Names {
    let words: Vec<&str> = whole.split_whitespace().collect();
    let (first, last) = match (first, last) {
        (None, None) => (joined(words.get(..1)), joined(words.get(1..))),
        (Some(first), None) => {
            let behind = words.get(usize::from(words.len() > 1)..).unwrap_or_default();
            let rest = without(&words, &first).unwrap_or(behind);
            let last = joined(Some(rest));
            (Some(first), last)
        }
        (None, Some(last)) => {
            let rest = without(&words, &last).unwrap_or_else(|| words.get(..1).unwrap_or_default());
            let first = joined(Some(rest));
            (first, Some(last))
        }
        both => both,
    };
    let said: Vec<String> =
        [&first, &last].into_iter().flatten().flat_map(|name| name.split_whitespace().map(folded)).collect();
    let cover = words.iter().all(|word| said.contains(&folded(word)));
    Names { first, last, cover }
}

fn joined(words: Option<&[&str]>) -> Option<String> {
    let name = words.unwrap_or_default().join(" ");
    let name = name.trim_matches([',', ';']).trim();
    (!name.is_empty()).then(|| name.to_owned())
}

fn folded(word: &str) -> String {
    word.trim_matches([',', ';', '.']).to_lowercase()
}

/// The words that stand before or behind this name; none where it stands at neither end.
fn without<'w, 'a>(words: &'w [&'a str], name: &str) -> Option<&'w [&'a str]> {
    let name: Vec<String> = name.split_whitespace().map(folded).collect();
    let is_name = |part: &[&str]| part.iter().map(|word| folded(word)).eq(name.iter().cloned());
    let (start, end) = (name.len(), words.len().checked_sub(name.len())?);
    if is_name(words.get(..start)?) {
        return words.get(start..);
    }
    if is_name(words.get(end..)?) { words.get(..end) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(first: &str, last: &str, whole: &str) -> (String, String, bool) {
        let name = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let Names { first, last, cover } = completed(name(first), name(last), whole);
        (first.unwrap_or_default(), last.unwrap_or_default(), cover)
    }

    #[test]
    fn a_whole_name_fills_what_is_empty() {
        for (first, last, whole, names_then) in [
            ("", "", "Ada King Lovelace", ("Ada", "King Lovelace", true)),
            ("", "", "Ada", ("Ada", "", true)),
            ("Jane", "", "Doe", ("Jane", "Doe", true)),
            ("Jane", "", "Jane Doe", ("Jane", "Doe", true)),
            ("jane", "", "Doe, Jane", ("jane", "Doe", true)),
            ("Jane Ann", "", "Jane Ann Doe", ("Jane Ann", "Doe", true)),
            ("Jane", "", "Jane", ("Jane", "", true)),
            ("", "van der Berg", "Jan van der Berg", ("Jan", "van der Berg", true)),
            ("", "Doe", "Doe", ("", "Doe", true)),
            ("", "Doe", "Jane", ("Jane", "Doe", true)),
            ("Jane", "Doe", "JANE DOE", ("Jane", "Doe", true)),
            ("Jane", "Doe", "Jane", ("Jane", "Doe", true)),
        ] {
            let (first_then, last_then, cover) = names_then;
            assert_eq!(names(first, last, whole), (first_then.into(), last_then.into(), cover), "{whole}");
        }
    }

    #[test]
    fn a_whole_name_that_says_more_or_something_else_is_not_covered() {
        assert_eq!(names("Jane", "", "John Doe"), ("Jane".into(), "Doe".into(), false));
        assert_eq!(names("", "Doe", "John Smith"), ("John".into(), "Doe".into(), false));
        assert_eq!(names("Jane", "Doe", "Jane M. Doe"), ("Jane".into(), "Doe".into(), false));
    }
}
