//! Query parameters of a list as the document has them: each filter with its comparisons, types and choices.

use serde_json::{Value, json};

use super::{Column, Listing, Op, PAGE_SIZE_DEFAULT, PAGE_SIZE_LIMIT, filter::ENDS};
use crate::db::value::Kind;

/// All parameters of a list. `members` are those of its rows.
pub fn of_list(listing: &Listing, members: &[&str]) -> Vec<Value> {
    let mut all = vec![
        query(
            "page",
            json!({ "type": "integer", "minimum": 1, "maximum": 1_000_000_000, "default": 1 }),
            "Number of the page, from 1.",
        ),
        query(
            "page_size",
            json!({ "type": "integer", "minimum": 1, "maximum": PAGE_SIZE_LIMIT, "default": PAGE_SIZE_DEFAULT }),
            "Rows of a page.",
        ),
        query(
            "count",
            json!({ "type": "string", "enum": ["exact", "estimated", "none"], "default": "exact" }),
            "How `count` is found: exactly, by the planner's estimate, or not at all.",
        ),
    ];
    if listing.cursor {
        all.push(query(
            "cursor",
            json!({ "type": "string" }),
            "Reads by cursor instead of pages: empty for the first rows, then `next_cursor` of the response before.",
        ));
    }
    all.extend(of_file(listing, members));
    all
}

/// The parameters of a file that holds all rows of a list.
pub fn of_file(listing: &Listing, members: &[&str]) -> Vec<Value> {
    let ordered: Vec<String> = listing
        .columns
        .iter()
        .filter(|column| column.kind.is_ordered())
        .flat_map(|column| [column.name.to_owned(), format!("-{}", column.name)])
        .collect();
    let mut all = vec![
        several(
            "ordering",
            json!({ "type": "string", "enum": ordered }),
            &format!(
                "Columns to order by, separated by commas, `-` for descending. Default: `{}`.",
                listing.ordering
            ),
        ),
        fields(members),
    ];
    if !listing.search.is_empty() {
        let about = format!(
            "Words to look for, each in any of {}. Case, accents and punctuation do not matter.",
            listing.search.join(", ")
        );
        all.push(query("search", json!({ "type": "string" }), &about));
    }
    for column in listing.columns {
        let about = |op| about(column, op);
        all.push(query(column.name, column.kind.schema(), &about(Op::Eq)));
        for (end, op) in ENDS.into_iter().filter(|(_, op)| column.kind.takes(*op)) {
            let (name, about) = (format!("{}__{end}", column.name), about(op));
            all.push(match op {
                Op::In => several(&name, column.kind.schema(), &about),
                Op::IsNull => query(&name, json!({ "type": "boolean" }), &about),
                Op::Contains | Op::StartsWith => query(&name, json!({ "type": "string" }), &about),
                _ => query(&name, column.kind.schema(), &about),
            });
        }
    }
    all
}

/// The parameter that trims an answer to some of its members.
pub fn fields(members: &[&str]) -> Value {
    let about = "Members to answer with, separated by commas; all of them unless given.";
    several("fields", json!({ "type": "string", "enum": members }), about)
}

/// What a filter asks of a column.
fn about(column: &Column, op: Op) -> String {
    let asks = match op {
        Op::In => "is one of these, separated by commas",
        Op::Gt => "is more than this",
        Op::Gte => "is at least this",
        Op::Lt => "is less than this",
        Op::Lte => "is at most this",
        Op::IsNull => "is empty (`true`) or not (`false`)",
        Op::Contains => "contains this, in any case",
        Op::StartsWith => "begins with this",
        _ => "is this",
    };
    let days = match (column.kind, op) {
        (Kind::Time, Op::Eq | Op::In | Op::Gt | Op::Gte | Op::Lt | Op::Lte) => {
            " A plain date stands for the whole day in the tenant's time zone."
        }
        _ => "",
    };
    format!("Only rows in which `{}` {asks}.{days}", column.name)
}

#[expect(clippy::needless_pass_by_value, reason = "it is made for this call")]
fn query(name: &str, schema: Value, about: &str) -> Value {
    json!({ "name": name, "in": "query", "required": false, "schema": schema, "description": about })
}

/// A list of values in one parameter. Servers of ours also read it where it is given several times.
#[expect(clippy::needless_pass_by_value, reason = "it is made for this call")]
fn several(name: &str, item: Value, about: &str) -> Value {
    json!({
        "name": name, "in": "query", "required": false, "style": "form", "explode": false,
        "schema": { "type": "array", "items": item }, "description": about,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::list::column;

    const COLUMNS: &[Column] = &[
        column("status", Kind::Choice(&["new", "won"])),
        column("created_at", Kind::Time),
        column("email", Kind::Text),
    ];

    #[test]
    fn every_filter_is_a_parameter_with_its_type_and_choices() {
        let listing = Listing {
            path: "/api/v2/leads",
            table: "leads",
            columns: COLUMNS,
            search: &["email"],
            search_text: None,
            json: None,
            owners: &[],
            ordering: "-created_at",
            soft_delete: true,
            cursor: true,
        };

        let parameters = of_list(&listing, &["id", "email"]);

        let find = |name: &str| parameters.iter().find(|one| one["name"] == name);
        let schema = |name: &str| &find(name).unwrap_or_else(|| panic!("{name}"))["schema"];
        assert_eq!(schema("status")["enum"], json!(["new", "won"]));
        assert_eq!(schema("status__in")["items"]["enum"], json!(["new", "won"]));
        assert_eq!(find("status__in").unwrap()["explode"], false);
        assert_eq!(schema("created_at__gte")["format"], "date-time");
        assert_eq!(schema("created_at__isnull")["type"], "boolean");
        assert_eq!(schema("email__icontains")["type"], "string");
        assert_eq!(schema("fields")["items"]["enum"], json!(["id", "email"]));
        assert_eq!(schema("ordering")["items"]["enum"][1], "-status");
        for none in ["status__gte", "created_at__icontains", "email__like"] {
            assert!(find(none).is_none(), "{none}");
        }
    }
}
