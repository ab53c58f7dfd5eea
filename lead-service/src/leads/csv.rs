//! Leads as lines of CSV (RFC 4180) that a spreadsheet shows and does not run.

use serde_json::{Map, Value};

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

/// Columns whose texts are numbers.
const NUMBERS: &[&str] = &["estimated_value"];

/// The first line.
pub fn head(columns: &[&str]) -> String {
    format!("{}\r\n", columns.join(","))
}

/// One lead, given as JSON.
pub fn line(columns: &[&str], lead: &Map<String, Value>) -> String {
    let cells = columns.iter().map(|column| quoted(&cell(column, lead.get(*column).unwrap_or(&Value::Null))));
    format!("{}\r\n", cells.collect::<Vec<_>>().join(","))
}

fn cell(column: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if is_harmless(column, text) => text.clone(),
        Value::String(text) => format!("'{text}"),
        other => other.to_string(),
    }
}

/// Spreadsheets run what begins with one of these (OWASP, CSV injection). A phone number in E.164 and an amount are what
/// they seem to be.
fn is_harmless(column: &str, text: &str) -> bool {
    let begins_badly =
        text.trim_start().starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r', '\n']);
    let digits = text.strip_prefix('+').unwrap_or("x");
    let is_phone = column == "phone" && digits.bytes().all(|byte| byte.is_ascii_digit());
    !begins_badly || is_phone || NUMBERS.contains(&column)
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
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
    fn what_a_spreadsheet_would_run_is_kept_from_running() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1"] {
            assert!(text("first_name", &json!(bad)).starts_with('\''), "{bad}");
        }
        assert_eq!(text("phone", &json!("+4930901820")), "+4930901820\r\n");
        assert_eq!(text("phone", &json!("+49=cmd")), "'+49=cmd\r\n");
        assert_eq!(text("score", &json!(-1.5)), "-1.5\r\n");
    }

    #[test]
    fn cells_with_commas_quotes_and_lines_are_quoted() {
        assert_eq!(text("notes", &json!("a, \"b\"\nc")), "\"a, \"\"b\"\"\nc\"\r\n");
        assert_eq!(text("custom_fields", &json!({"a": 1})), "\"{\"\"a\"\":1}\"\r\n");
        assert_eq!(text("notes", &json!(null)), "\r\n");
    }
}
