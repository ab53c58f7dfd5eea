//! Amounts, currencies and percentages as people write them.

use rust_decimal::Decimal;
use serde_json::Value;

use super::Reading;
use crate::money::Money;

/// An amount: `1,250.50`, `1.250,50`, `1'250.50`, `$5,000`, `EUR 20k`.
pub fn amount(cell: &str) -> Reading<Money> {
    let text = cell.trim();
    if text.is_empty() {
        return Reading::BLANK;
    }
    let money =
        decimal(text).and_then(|amount| serde_json::from_value(Value::String(amount.to_string())).ok());
    match money {
        Some(money) => Reading::whole(money),
        None => Reading::unreadable(cell, "invalid_money"),
    }
}

/// The number in a text that may say a currency beside it.
fn decimal(text: &str) -> Option<Decimal> {
    if let Ok(plain) = text.parse::<Decimal>()
        && plain.normalize().scale() <= 2
    {
        return Some(plain);
    }
    let first = text.find(|c: char| c.is_ascii_digit())?;
    let last = text.rfind(|c: char| c.is_ascii_digit())?;
    let (before, number, after) = (text.get(..first)?, text.get(first..=last)?, text.get(last + 1..)?);
    let negative =
        before.contains('-') || before.contains('\u{2212}') || (before.contains('(') && after.contains(')'));
    let words =
        |part: &str| -> String { part.chars().filter(|c| !"-\u{2212}+()., \u{a0}'".contains(*c)).collect() };
    let (before, after) = (words(before), words(after));
    let (times, unit) = multiple(&after);
    if !is_currency(&before) || !is_currency(unit) {
        return None;
    }
    let amount = grouped(number)?.checked_mul(Decimal::from(times))?;
    Some(if negative { -amount } else { amount })
}

/// `k` and `m`, with what stands behind them.
fn multiple(after: &str) -> (i64, &str) {
    for (mark, times) in [
        ("k", 1_000),
        ("K", 1_000),
        ("Mio", 1_000_000),
        ("mio", 1_000_000),
        ("M", 1_000_000),
        ("m", 1_000_000),
    ] {
        if let Some(rest) = after.strip_prefix(mark)
            && (rest.is_empty() || (is_currency(rest) && !rest.starts_with(char::is_alphabetic)))
        {
            return (times, rest);
        }
    }
    (1, after)
}

/// A number with its digits in groups, whichever sign groups them.
fn grouped(number: &str) -> Option<Decimal> {
    let bare: String = number.chars().filter(|c| !" \u{a0}\u{2009}\u{202f}'\u{2019}_".contains(*c)).collect();
    if !bare.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',') {
        return None;
    }
    let Some(last_sign) = bare.rfind(['.', ',']) else { return bare.parse().ok() };
    let sign = bare.get(last_sign..=last_sign)?;
    let tail = bare.len() - last_sign - 1;
    let both = bare.contains('.') && bare.contains(',');
    let repeated = bare.matches(sign).count() > 1;
    // One sign with three digits behind it groups them, unless nothing but a zero stands before it.
    let groups = repeated || (!both && tail == 3 && !bare.starts_with('0'));
    let text: String = if groups {
        bare.chars().filter(char::is_ascii_digit).collect()
    } else {
        let (whole, fraction) = bare.split_at(last_sign);
        let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
        format!("{whole}.{}", fraction.get(1..)?)
    };
    text.parse().ok()
}

/// Signs of currencies. A bare dollar sign is that of the United States; `kr` names no single currency.
const SIGNS: [(&str, &str); 14] = [
    ("US$", "USD"),
    ("A$", "AUD"),
    ("AU$", "AUD"),
    ("C$", "CAD"),
    ("CA$", "CAD"),
    ("R$", "BRL"),
    ("$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("₹", "INR"),
    ("zł", "PLN"),
    ("Fr.", "CHF"),
    ("₺", "TRY"),
];

fn is_currency(text: &str) -> bool {
    text.is_empty()
        || currency(text).is_some()
        || ["kr", "Fr", "SFr", "Kč", "Euro", "euro", "EURO", "Dollar", "dollars"].contains(&text)
}

/// The currency that a text names: its ISO 4217 code, its sign, or either beside an amount.
pub fn currency(cell: &str) -> Option<String> {
    let text: String =
        cell.chars().filter(|c| !c.is_ascii_digit() && !"., \u{a0}'-+()".contains(*c)).collect();
    if let Some((_, code)) = SIGNS.iter().find(|(sign, _)| sign.trim_end_matches('.') == text) {
        return Some((*code).to_owned());
    }
    (text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .then(|| text.to_ascii_uppercase())
}

/// A score or share: `87`, `87%`, `8,5`.
pub fn score(cell: &str) -> Option<f64> {
    let text = cell.trim().trim_end_matches('%').trim().replace(',', ".");
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_whichever_sign_groups_their_digits() {
        for (cell, expected) in [
            ("1250.5", "1250.50"),
            ("1,250.50", "1250.50"),
            ("1.250,50", "1250.50"),
            ("1 250,50", "1250.50"),
            ("1'250.50", "1250.50"),
            ("$5,000", "5000.00"),
            ("$5000", "5000.00"),
            ("1.250.000", "1250000.00"),
            ("1.250 €", "1250.00"),
            ("12,5", "12.50"),
            ("EUR 20k", "20000.00"),
            ("-3,50", "-3.50"),
        ] {
            let read = amount(cell).value.map(|money| serde_json::to_value(money).unwrap());
            assert_eq!(read, Some(Value::String(expected.to_owned())), "{cell}");
        }
        for cell in ["many", "10k-20k", "1.2.3,4,5x", "12 months"] {
            assert_eq!(amount(cell).warning, Some("invalid_money"), "{cell}");
        }
    }

    #[test]
    fn a_currency_is_named_by_code_or_sign() {
        for (cell, code) in [("€", "EUR"), ("eur", "EUR"), ("$5,000", "USD"), ("US$ 5", "USD"), ("zł", "PLN")]
        {
            assert_eq!(currency(cell).as_deref(), Some(code), "{cell}");
        }
        assert_eq!(currency("12"), None);
    }

    #[test]
    fn a_score_may_be_a_share() {
        assert_eq!(score("87%"), Some(87.0));
        assert_eq!(score("8,5"), Some(8.5));
        assert_eq!(score("many"), None);
    }
}
