//! Text from outside, made fit to be stored and shown.

/// `text` without control characters and with single spaces, cut to `length` characters.
pub(super) fn clean(text: &str, length: usize) -> String {
    let mut cleaned = String::with_capacity(text.len().min(length * 4));
    let mut characters = 0;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if characters > 0 {
            cleaned.push(' ');
            characters += 1;
        }
        for c in word.chars() {
            if characters >= length {
                return cleaned.trim_end().to_owned();
            }
            cleaned.push(c);
            characters += 1;
        }
    }
    cleaned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_and_control_characters_become_single_spaces() {
        assert_eq!(clean("  a\u{0}\n\tb \u{7f}c ", 100), "a b c");
        assert_eq!(clean(" \n ", 100), "");
    }

    #[test]
    fn text_is_cut_between_characters() {
        assert_eq!(clean("äöü", 2), "äö");
        assert_eq!(clean("ab cd", 3), "ab");
    }
}
