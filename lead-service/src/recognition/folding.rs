//! Folding of names and words: case, accents, punctuation and joints do not count.

/// The letters and digits of a text, in lower case and without accents: `E-Mail` and `email`, `Téléphone` and `telephone`,
/// `firstName` and `First Name` are one.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        push(&mut folded, c);
    }
    folded
}

fn push(folded: &mut String, c: char) {
    match c {
        'a'..='z' | '0'..='9' => folded.push(c),
        'A'..='Z' => folded.push(c.to_ascii_lowercase()),
        c if c.is_ascii() => {}
        c => match base(c) {
            Some(letters) => folded.push_str(letters),
            None if c.is_alphanumeric() => folded.extend(c.to_lowercase()),
            None => {}
        },
    }
}

/// The plain letters of an accented one; none for letters of other alphabets, nothing for an accent that stands alone.
fn base(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{300}'..='\u{36f}' => "",
        'à'..='å' | 'À'..='Å' | 'ā' | 'Ā' | 'ă' | 'Ă' | 'ą' | 'Ą' => "a",
        'æ' | 'Æ' => "ae",
        'ç' | 'Ç' | 'ć' | 'Ć' | 'č' | 'Č' => "c",
        'ď' | 'Ď' | 'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'è'..='ë' | 'È'..='Ë' | 'ē' | 'Ē' | 'ė' | 'Ė' | 'ę' | 'Ę' | 'ě' | 'Ě' => "e",
        'ğ' | 'Ğ' => "g",
        'ì'..='ï' | 'Ì'..='Ï' | 'ī' | 'Ī' | 'į' | 'Į' | 'ı' | 'İ' => "i",
        'ł' | 'Ł' | 'ľ' | 'Ľ' => "l",
        'ñ' | 'Ñ' | 'ń' | 'Ń' | 'ň' | 'Ň' => "n",
        'ò'..='ö' | 'Ò'..='Ö' | 'ø' | 'Ø' | 'ō' | 'Ō' | 'ő' | 'Ő' => "o",
        'œ' | 'Œ' => "oe",
        'ř' | 'Ř' => "r",
        'ś' | 'Ś' | 'š' | 'Š' | 'ş' | 'Ş' | 'ș' | 'Ș' => "s",
        'ß' | 'ẞ' => "ss",
        'ť' | 'Ť' | 'ţ' | 'Ţ' | 'ț' | 'Ț' => "t",
        'þ' | 'Þ' => "th",
        'ù'..='ü' | 'Ù'..='Ü' | 'ū' | 'Ū' | 'ů' | 'Ů' | 'ű' | 'Ű' => "u",
        'ý' | 'ÿ' | 'Ý' | 'Ÿ' => "y",
        'ź' | 'Ź' | 'ž' | 'Ž' | 'ż' | 'Ż' => "z",
        _ => return None,
    })
}

/// The words of a name, each folded: `linkedInProfileUrl` has four, `E-mail 1 - Value` has four, `What's your e-mail?` has
/// five.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before: Option<char> = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_accent = matches!(c, '\u{300}'..='\u{36f}');
        if !c.is_alphanumeric() && !is_accent {
            finish(&mut word, &mut words);
            before = None;
            continue;
        }
        if let Some(before) = before.filter(|_| !is_accent) {
            let rises = before.is_lowercase() && c.is_uppercase();
            let ends_acronym = before.is_uppercase()
                && c.is_uppercase()
                && rest.peek().is_some_and(|next| next.is_lowercase());
            let counts = before.is_numeric() != c.is_numeric();
            if rises || ends_acronym || counts {
                finish(&mut word, &mut words);
            }
        }
        push(&mut word, c);
        if !is_accent {
            before = Some(c);
        }
    }
    finish(&mut word, &mut words);
    words
}

fn finish(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_of_one_name_fold_to_one() {
        for name in ["E-Mail", "email", " e_mail: ", "E Mail *", "EMail"] {
            assert_eq!(fold(name), "email", "{name}");
        }
        assert_eq!(fold("Téléphone"), fold("te\u{301}le\u{301}phone"));
        assert_eq!(fold("Straße"), "strasse");
        assert_eq!(fold("Imię i nazwisko"), "imieinazwisko");
        assert_eq!(fold("?"), "");
    }

    #[test]
    fn words_are_found_however_they_are_joined() {
        assert_eq!(words("linkedInProfileUrl"), ["linked", "in", "profile", "url"]);
        assert_eq!(words("E-mail 1 - Value"), ["e", "mail", "1", "value"]);
        assert_eq!(words("URLName"), ["url", "name"]);
        assert_eq!(words("Phone2"), ["phone", "2"]);
        assert_eq!(words("What's your email?"), ["what", "s", "your", "email"]);
        assert_eq!(words("property_email"), ["property", "email"]);
    }
}
