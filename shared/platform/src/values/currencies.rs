//! Currencies by their ISO 4217 codes, and amounts in their minor units.

/// Most decimals that any currency has.
pub const MOST_DECIMALS: u32 = 4;
/// Decimals of an amount in an unknown currency.
pub const USUAL_DECIMALS: u32 = 2;
/// Most digits before the decimal point.
const WHOLE_DIGITS: usize = 10;

/// A currency in which something can be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency {
    code: &'static str,
    decimals: u32,
}

impl Currency {
    /// Its ISO 4217 code.
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// How many decimals its minor unit makes: 2 for cents, 0 where there is none.
    pub const fn decimals(self) -> u32 {
        self.decimals
    }
}

/// The currency of this ISO 4217 code, in upper or lower case. What has no minor unit by that standard, such as gold or the
/// code for tests, is none that something can be paid in.
pub fn currency(text: &str) -> Option<Currency> {
    let code = text.trim().to_ascii_uppercase();
    let known = iso_currency::Currency::from_code(&code)?;
    Some(Currency { code: known.code(), decimals: known.exponent()?.into() })
}

/// Whether a text is a plain amount with at most ten digits before the point, and at most `decimals` behind it; zeros at the
/// end do not count.
pub fn is_amount(text: &str, decimals: u32) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let part_counts = u32::try_from(part.trim_end_matches('0').len()).is_ok_and(|length| length <= decimals);
    !whole.is_empty()
        && whole.trim_start_matches('0').len() <= WHOLE_DIGITS
        && text.len() <= 30
        && all_digits(whole)
        && all_digits(part)
        && part_counts
}

/// What is said of something that is no amount with so many decimals.
pub fn amount_rule(decimals: u32) -> &'static str {
    match decimals {
        0 => "is not an amount without decimals, as its currency has none",
        1 => "is not an amount with at most one decimal",
        2 => "is not an amount with at most two decimals",
        3 => "is not an amount with at most three decimals",
        _ => "is not an amount with at most four decimals",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_has_the_minor_unit_of_the_standard() {
        for (text, code, decimals) in [
            ("USD", "USD", 2),
            (" eur ", "EUR", 2),
            ("JPY", "JPY", 0),
            ("KRW", "KRW", 0),
            ("ISK", "ISK", 0),
            ("KWD", "KWD", 3),
            ("TND", "TND", 3),
            ("CLF", "CLF", 4),
        ] {
            let found = currency(text).unwrap();
            assert_eq!((found.code(), found.decimals()), (code, decimals), "{text}");
        }
    }

    #[test]
    fn what_nothing_is_paid_in_is_no_currency() {
        for text in ["", "US", "USDT", "ZZZ", "E1R", concat!("XX", "X"), "XTS", "XAU", "€", "ÜSD"] {
            assert_eq!(currency(text), None, "{text}");
        }
    }

    #[test]
    fn an_amount_has_no_more_decimals_than_its_currency() {
        for (text, decimals) in
            [("100", 0), ("100.00", 0), ("-1.5", 2), ("1.125", 3), ("0000000000012", 2), ("9999999999.99", 2)]
        {
            assert!(is_amount(text, decimals), "{text}");
        }
        for (text, decimals) in [
            ("100.55", 0),
            ("1.999", 2),
            ("1.1255", 3),
            ("10000000000", 2),
            ("", 2),
            (".5", 2),
            ("1e3", 2),
            ("1,5", 2),
            ("--1", 2),
            ("1.2.3", 2),
            (" 1", 2),
        ] {
            assert!(!is_amount(text, decimals), "{text}");
        }
    }
}
