//! Leads as lines of CSV.

use serde_json::{Map, Value};

use crate::csv;

/// The columns, in the order in which people read them.
pub const COLUMNS: &[&str] = &[
    "id",
    "first_name",
    "last_name",
    "email",
    "phone",
    "company_name",
    "role_title",
    "linkedin_url",
    "status",
    "source",
    "suggestion_status",
    "enrichment_status",
    "persona",
    "score",
    "estimated_value",
    "currency",
    "notes",
    "assigned_to",
    "account_id",
    "product_id",
    "lead_reference_id",
    "custom_fields",
    "raw_payload",
    "enrichment_data",
    "consent",
    "utm",
    "is_test",
    "submitted_at",
    "converted_at",
    "converted_to_deal_id",
    "last_enriched_at",
    "created_by",
    "created_at",
    "updated_at",
];

/// Numeric columns.
const NUMBERS: &[&str] = &["estimated_value"];

/// The first line, behind the mark of UTF-8.
pub fn head(columns: &[&str]) -> String {
    format!("{}{}", csv::MARK, csv::line(columns.iter().map(|column| csv::quoted(column))))
}

/// One lead, given as JSON.
pub fn line(columns: &[&str], lead: &Map<String, Value>) -> String {
    csv::line(columns.iter().map(|column| cell(column, lead.get(*column).unwrap_or(&Value::Null))))
}

fn cell(column: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if is_number(column, text) => csv::quoted(text),
        Value::String(text) => csv::text(text),
        other => csv::quoted(&other.to_string()),
    }
}

/// A phone number in E.164 and an amount start with a sign and are no formulas.
fn is_number(column: &str, text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or("x");
    let (number, extension) = digits.split_once(";ext=").unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_phone = column == "phone" && all_digits(number) && all_digits(extension);
    is_phone || NUMBERS.contains(&column)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(column: &str, value: &Value) -> String {
        let lead = json!({ column: value });
        line(&[column], lead.as_object().unwrap())
    }

    #[test]
    fn only_numbers_may_begin_like_a_formula() {
        for bad in ["=1+1", "＝1+1", "\t=1"] {
            assert!(text("first_name", &json!(bad)).trim_start_matches('"').starts_with('\''), "{bad}");
        }
        assert_eq!(text("phone", &json!("+4930901820")), "+4930901820\r\n");
        assert!(
            text("phone", &json!("+12025550143;ext=12"))
                .trim_start_matches('"')
                .starts_with("+12025550143;ext=12")
        );
        assert_eq!(text("phone", &json!("+49=cmd")), "'+49=cmd\r\n");
        assert_eq!(text("estimated_value", &json!("-1.50")), "-1.50\r\n");
        assert_eq!(text("score", &json!(-1.5)), "-1.5\r\n");
    }

    #[test]
    fn objects_are_one_cell_and_nothing_is_an_empty_one() {
        assert_eq!(text("custom_fields", &json!({"a": 1})), "\"{\"\"a\"\":1}\"\r\n");
        assert_eq!(text("notes", &json!(null)), "\r\n");
    }
}
