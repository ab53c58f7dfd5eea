//! Phone numbers: E.164 by the numbering plan, with the extension where there is one (RFC 3966, `;ext=`).

use std::str::FromStr;

use phonenumber::{
    country,
    metadata::{DATABASE, Metadata},
};

use super::composed;

/// Digits that a number in international form has, its country's code included (E.164).
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;
/// Longest extension, and longest one that no word says to be one.
const EXTENSION_DIGITS: (usize, usize) = (11, 6);
/// How many expressions of numbering plans are kept ready. Compiling one takes longer than reading a number.
const EXPRESSIONS: usize = 600;

/// Words for an extension, in the languages that callers write.
const EXTENSION_WORDS: [&str; 18] = [
    "ext",
    "extn",
    "extension",
    "xtn",
    "xt",
    "x",
    "ex",
    "int",
    "interno",
    "interne",
    "poste",
    "anexo",
    "durchwahl",
    "dw",
    "nebenstelle",
    "toestel",
    "wew",
    "доб",
];

/// A phone number in E.164, read as of `country` (ISO 3166-1 alpha-2) when it has no country code of its own. An extension
/// goes with it, as in `+12025550143;ext=12`: who shares a number, but not the extension, is not the same person.
pub fn phone(text: &str, country: Option<&str>) -> Option<String> {
    let Dialled { is_international, digits, extension } = dialled(text)?;
    let number = if is_international {
        international(digits.strip_prefix("00").unwrap_or(&digits))
    } else {
        national(&digits, country).or_else(|| international(digits.strip_prefix("00")?))
    }?;
    Some(match extension {
        Some(extension) => format!("{number};ext={extension}"),
        None => number,
    })
}

/// The number in a text from which a form's decoder has taken the plus sign: there is a blank where it was. Only a number
/// that some country has is taken for one.
pub fn lost_plus(text: &str) -> Option<String> {
    let rest = text.strip_prefix(' ').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))?;
    let Dialled { digits, extension, .. } = dialled(rest)?;
    let number = by_plan(&digits).filter(|number| is_valid(number))?;
    Some(match extension {
        Some(extension) => format!("{number};ext={extension}"),
        None => number,
    })
}

/// Makes ready what reading phone numbers needs. It takes a tenth of a second, for which the first request with a phone number
/// would wait, and every other one on the same thread.
pub fn prepare_phones() {
    if let Ok(mut expressions) = DATABASE.cache().lock() {
        expressions.set_capacity(EXPRESSIONS);
    }
    // No number, and not needed to be one.
    let _ = phonenumber::parse(None, "-");
}

/// What a caller would dial.
struct Dialled {
    /// Whether a plus sign says that it begins with the code of a country.
    is_international: bool,
    digits: String,
    extension: Option<String>,
}

/// Takes a number apart; none for what holds anything else, or two numbers.
fn dialled(text: &str) -> Option<Dialled> {
    let text = composed(text.trim());
    let text = unlabelled(&text);
    let (mut is_international, mut digits) = (false, String::with_capacity(16));
    for (place, c) in text.char_indices() {
        match c {
            '+' | '\u{ff0b}' if digits.is_empty() => is_international = true,
            c if is_separator(c) => {}
            c => match digit(c) {
                Some(digit) => digits.push(digit),
                None => {
                    let rest = text.get(place..)?;
                    let extension = if is_label(rest) { None } else { Some(extension(rest)?) };
                    return Some(Dialled { is_international, digits, extension });
                }
            },
        }
    }
    Some(Dialled { is_international, digits, extension: None })
}

/// Without words before the number, such as `Tel.` and `Mobile:`.
fn unlabelled(text: &str) -> &str {
    let starts = |c: char| digit(c).is_some() || matches!(c, '+' | '\u{ff0b}' | '(' | '[');
    let Some(start) = text.find(starts) else { return text };
    let (label, number) = text.split_at(start);
    let is_label = label.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | ':' | '-'));
    if is_label { number } else { text }
}

/// Words behind a number that say nothing about how to dial it, such as `(mobile)`.
fn is_label(text: &str) -> bool {
    let (word, _) = first_word(text.trim_start_matches([' ', ',']));
    !is_extension_word(word) && text.chars().all(|c| c.is_alphabetic() || is_separator(c) || c == ',')
}

fn first_word(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len()))
}

fn is_extension_word(word: &str) -> bool {
    EXTENSION_WORDS.contains(&word.to_lowercase().as_str())
}

fn digit(c: char) -> Option<char> {
    let value = match c {
        '0'..='9' => return Some(c),
        '\u{ff10}'..='\u{ff19}' => u32::from(c) - 0xff10,
        '\u{660}'..='\u{669}' => u32::from(c) - 0x660,
        '\u{6f0}'..='\u{6f9}' => u32::from(c) - 0x6f0,
        '\u{966}'..='\u{96f}' => u32::from(c) - 0x966,
        _ => return None,
    };
    char::from_digit(value, 10)
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '.' | '(' | ')' | '/' | '[' | ']' | '~' | '\u{ad}' | '\u{2212}' | '\u{feff}')
        || matches!(c, '\u{2010}'..='\u{2015}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{ff08}' | '\u{ff09}' | '\u{ff0d}'..='\u{ff0f}')
}

/// The extension that follows a number: `;ext=12`, `ext. 12`, `x34`, `#34`, `, 12`.
fn extension(text: &str) -> Option<String> {
    let text = text.trim_start_matches([' ', ',', ';', '-']);
    let (word, rest) = first_word(text);
    let is_known = word.is_empty() || is_extension_word(word);
    let digits = rest.trim_start_matches([' ', '.', ':', '=', '#', '\u{d7}', '-', '\u{a0}']);
    let digits = digits.trim_end_matches([' ', '.', '#', ')', ']']);
    let longest = if word.is_empty() { EXTENSION_DIGITS.1 } else { EXTENSION_DIGITS.0 };
    let is_extension =
        is_known && (1..=longest).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_extension.then(|| digits.to_owned())
}

/// A number that its country's plan has, written as of that country.
fn national(digits: &str, country: Option<&str>) -> Option<String> {
    let country = country::Id::from_str(country?).ok()?;
    DATABASE.by_id(country.as_ref())?;
    let number = phonenumber::parse(Some(country), digits).ok()?;
    number.is_valid().then(|| number.format().mode(phonenumber::Mode::E164).to_string())
}

/// A number that begins with the code of a country. One that no plan has is taken as it is, if it may be one at all: plans
/// change, and forms are tried out with made-up numbers.
fn international(digits: &str) -> Option<String> {
    if digits.starts_with('0') {
        return None;
    }
    let number = by_plan(digits).unwrap_or_else(|| format!("+{digits}"));
    DIGITS.contains(&(number.len() - 1)).then_some(number)
}

/// The number without what is dialled within its country only, such as the zero in `+44 (0)20 7946 0123`. Italy keeps its zero:
/// the country's plan decides.
fn by_plan(digits: &str) -> Option<String> {
    let (code, national, plan) = (1..=3).find_map(|length| {
        let (code, national) = digits.split_at_checked(length)?;
        Some((code, national, plan(code.parse().ok()?)?))
    })?;
    let fits = |number: &str| is_possible(plan, number) && plan.descriptors().general().is_match(number);
    let prefix = plan.national_prefix().filter(|prefix| !prefix.is_empty());
    let Some(rest) = prefix.and_then(|prefix| national.strip_prefix(prefix)) else {
        // No expression is asked: most numbers are written so.
        return if is_possible(plan, national) { Some(format!("+{digits}")) } else { parsed(digits) };
    };
    if fits(rest) && !fits(national) {
        return Some(format!("+{code}{rest}"));
    }
    if fits(national) {
        return Some(format!("+{digits}"));
    }
    // The zero before a number is not dialled from abroad, be it a number that the plan does not have.
    let bare = || format!("+{code}{}", rest.trim_start_matches('0'));
    parsed(digits).or_else(|| national.starts_with('0').then(bare))
}

/// Whether the plan has numbers of this length.
fn is_possible(plan: &Metadata, number: &str) -> bool {
    let kinds = plan.descriptors();
    let kinds = [
        kinds.fixed_line(),
        kinds.mobile(),
        kinds.toll_free(),
        kinds.premium_rate(),
        kinds.shared_cost(),
        kinds.personal_number(),
        kinds.voip(),
        kinds.pager(),
        kinds.uan(),
        kinds.voicemail(),
    ];
    let length = u16::try_from(number.len()).unwrap_or(u16::MAX);
    kinds.into_iter().flatten().any(|kind| kind.possible_length().contains(&length))
}

/// The plan of the country that has this code, of the largest one where several share it.
fn plan(code: u16) -> Option<&'static Metadata> {
    DATABASE.by_code(&code)?.into_iter().next()
}

/// What the plan makes of a number in which more than a prefix is to be changed, such as Argentina's mobile numbers.
fn parsed(digits: &str) -> Option<String> {
    let number = phonenumber::parse(None, format!("+{digits}")).ok()?;
    number.is_valid().then(|| number.format().mode(phonenumber::Mode::E164).to_string())
}

fn is_valid(number: &str) -> bool {
    phonenumber::parse(None, number).is_ok_and(|number| number.is_valid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_becomes_e164() {
        assert_eq!(phone("+49 (30) 901820", None), Some("+4930901820".into()));
        assert_eq!(phone("030 901820", Some("DE")), Some("+4930901820".into()));
        assert_eq!(phone("(415) 555-2671", Some("US")), Some("+14155552671".into()));
        for bad in ["", "12", "call me", "+0123456789", "555-2671", "+49 30 901820 / +49 30 901821", "+1"] {
            assert_eq!(phone(bad, None), None, "{bad}");
        }
    }

    #[test]
    fn what_is_dialled_within_the_country_only_is_left_out() {
        for (written, number) in [
            ("+44 (0)20 7946 0123", "+442079460123"),
            ("+44 020 7946 0123", "+442079460123"),
            ("+49 (0)30 901820", "+4930901820"),
            ("+49 030 901820", "+4930901820"),
            ("+49(0)170/1234567", "+491701234567"),
            ("(+49) 30 901820", "+4930901820"),
            ("0049 30 901820", "+4930901820"),
            ("0049 (0)30 901820", "+4930901820"),
            ("00 44 20 7946 0123", "+442079460123"),
            ("+0049 30 901820", "+4930901820"),
            ("+33 (0)6 12 34 56 78", "+33612345678"),
            ("+36 06 1 234 5678", "+3612345678"),
            ("+7 8 (812) 123-45-67", "+78121234567"),
            ("+7 812 123-45-67", "+78121234567"),
            ("+1 1 202 555 0143", "+12025550143"),
            ("+39 06 1234 5678", "+390612345678"),
            ("+39 (0)6 1234 5678", "+390612345678"),
            ("+54 9 11 2345 6789", "+5491123456789"),
            ("\u{ff0b}49 30 \u{ff19}01820", "+4930901820"),
            ("+49\u{a0}30\u{2011}901820", "+4930901820"),
            ("Tel.: +49 30 901820", "+4930901820"),
            ("tel:+49-30-901820", "+4930901820"),
            ("+49 30 901820 (mobile)", "+4930901820"),
        ] {
            assert_eq!(phone(written, None).as_deref(), Some(number), "{written}");
            assert_eq!(phone(number, None).as_deref(), Some(number), "{number} is read again as it is");
        }
    }

    #[test]
    fn a_number_that_no_plan_has_is_kept_if_it_may_be_one() {
        for (written, number) in [
            ("+49 30 1", None),
            ("+15550100", Some("+15550100")),
            ("+999 123 456 789", Some("+999123456789")),
        ] {
            assert_eq!(phone(written, None).as_deref(), number, "{written}");
        }
    }

    #[test]
    fn an_extension_goes_with_its_number() {
        let number = "+12025550143;ext=12";
        for written in [
            "+1 202 555 0143 ext. 12",
            "+1 202 555 0143 Ext 12",
            "+1 (202) 555-0143 x12",
            "+1-202-555-0143x12",
            "+1 202 555 0143 #12",
            "+1 202 555 0143, 12",
            "+1 202 555 0143 (ext. 12)",
            "+1 202 555 0143 extension 12",
            "tel:+1-202-555-0143;ext=12",
            "001 202 555 0143 Durchwahl 12",
            number,
        ] {
            assert_eq!(phone(written, None).as_deref(), Some(number), "{written}");
        }
        assert_eq!(phone("(202) 555-0143 x012", Some("US")).as_deref(), Some("+12025550143;ext=012"));
        for bad in [
            "+1 202 555 0143 ext. many",
            "+1 202 555 0143 room 12",
            "+1 202 555 0143 x123456789012",
            "+1 202 555 0143, 2025550144",
        ] {
            assert_eq!(phone(bad, None), None, "{bad}");
        }
    }

    #[test]
    fn a_blank_before_a_number_in_international_form_was_a_plus() {
        assert_eq!(lost_plus(" 1 202 555 0143").as_deref(), Some("+12025550143"));
        assert_eq!(lost_plus(" 49 30 901820 ext. 7").as_deref(), Some("+4930901820;ext=7"));
        for other in
            ["1 202 555 0143", " 030 901820", " 12", "  1 202 555 0143", " 12345678901234567", " Ada"]
        {
            assert_eq!(lost_plus(other), None, "{other:?}");
        }
    }
}
