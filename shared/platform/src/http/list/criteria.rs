//! A list request, parsed: every fault of the query at once, names from the resource's listing, values typed.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as B64};
use contracts::problem::FieldError;
use serde_json::{Value, json};

use super::{
    Column, Condition, Listing, Op, PAGE_SIZE_DEFAULT, PAGE_SIZE_LIMIT, Tree, Words,
    condition::ALL_VALUES_LIMIT, filter,
};
use crate::{
    db::value::{Bound, Kind},
    http::{problem::Problem, query},
    zones::Tz,
};

/// Rows before a numbered page, from which on they are many.
const FAR: i64 = 1_000;

/// One column of an ordering.
#[derive(Clone, Copy, Debug)]
pub struct OrderBy {
    /// The column.
    pub column: Column,
    /// Largest first, empty last; otherwise empty first.
    pub descending: bool,
}

/// Which stretch of the list.
#[derive(Clone, Debug)]
pub enum Window {
    /// A numbered page.
    Page(i64),
    /// The rows after these values of the ordering's columns and the id; none for the first rows.
    After(Option<Vec<Bound>>),
}

/// How the number of matching rows is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Counted.
    Exact,
    /// As the planner thinks.
    Estimated,
    /// Not at all.
    None,
}

/// A parsed list request.
#[derive(Clone, Debug)]
pub struct Criteria {
    /// What the list offers.
    pub listing: &'static Listing,
    /// Conditions, all of which must hold.
    pub conditions: Vec<Condition>,
    /// What must hold besides, where conditions are combined.
    pub tree: Option<Tree>,
    /// Words to look for.
    pub search: Option<Words>,
    /// Ordering; the id always follows last.
    pub ordering: Vec<OrderBy>,
    /// Stretch.
    pub window: Window,
    /// Rows of a page.
    pub size: i64,
    /// How to count.
    pub count: Count,
    /// Members of a row to answer with; all when none.
    pub fields: Option<Vec<String>>,
    origin: String,
    path: String,
    query: Vec<(String, String)>,
}

pub(super) fn fault(name: &str, code: &str, message: impl Into<String>) -> FieldError {
    FieldError::new(name, code, message)
}

impl Criteria {
    pub(super) fn parse(
        listing: &'static Listing,
        members: &[&str],
        query: &str,
        origin: &str,
        zone: Tz,
    ) -> Result<Self, Problem> {
        let pairs = query::joined(query::pairs(query)?);
        let mut faults = Vec::new();
        let mut criteria = Self {
            listing,
            conditions: Vec::new(),
            tree: None,
            search: None,
            ordering: Vec::new(),
            window: Window::Page(1),
            size: PAGE_SIZE_DEFAULT,
            count: Count::Exact,
            fields: None,
            origin: origin.to_owned(),
            path: listing.path.to_owned(),
            query: pairs.clone(),
        };
        let ordering = pairs
            .iter()
            .find(|(name, _)| name == "ordering")
            .map_or(listing.ordering, |(_, text)| text.as_str());
        criteria.ordering = orderings(listing, ordering, &mut faults);
        let mut seen: Vec<&str> = Vec::new();
        let mut values = 0;
        for (name, text) in &pairs {
            if seen.contains(&name.as_str()) {
                faults.push(fault(name, "ambiguous", "is given more than once"));
                continue;
            }
            seen.push(name);
            match name.as_str() {
                "ordering" => {}
                "page" => match text.parse::<i64>() {
                    Ok(number) if (1..=1_000_000_000).contains(&number) => {
                        if matches!(criteria.window, Window::Page(_)) {
                            criteria.window = Window::Page(number);
                        }
                    }
                    _ => faults.push(fault(name, "out_of_range", "must be a number from 1")),
                },
                "page_size" => match text.parse::<i64>() {
                    Ok(size) if (1..=PAGE_SIZE_LIMIT).contains(&size) => criteria.size = size,
                    _ => faults.push(fault(
                        name,
                        "out_of_range",
                        format!("must be a number from 1 to {PAGE_SIZE_LIMIT}"),
                    )),
                },
                "count" => match text.as_str() {
                    "exact" => criteria.count = Count::Exact,
                    "estimated" => criteria.count = Count::Estimated,
                    "none" => criteria.count = Count::None,
                    _ => faults.push(fault(name, "not_allowed", "must be one of: exact, estimated, none")),
                },
                "fields" => criteria.fields = Some(fields(members, text, &mut faults)),
                "search" if !listing.search.is_empty() => match Words::read(text) {
                    Ok(words) => criteria.search = words,
                    Err(message) => faults.push(fault(name, "too_many", message)),
                },
                "cursor" if listing.cursor => match after(&criteria.ordering, text) {
                    Some(window) => criteria.window = window,
                    None => faults.push(fault(
                        name,
                        "invalid_cursor",
                        "is not a cursor of this list in this ordering",
                    )),
                },
                _ => match filter::read(listing, name, text, zone) {
                    Ok((condition, number)) => {
                        values += number;
                        if values > ALL_VALUES_LIMIT {
                            let message =
                                format!("all filters together must name at most {ALL_VALUES_LIMIT} values");
                            faults.push(fault(name, "too_many", message));
                        } else {
                            criteria.conditions.push(condition);
                        }
                    }
                    Err(fault) => faults.push(fault),
                },
            }
        }
        if faults.is_empty() { Ok(criteria) } else { Err(Problem::invalid(faults)) }
    }

    /// What `query` asks of a list that offers this, whatever is listed.
    ///
    /// # Errors
    /// 400 with every fault.
    pub fn of(listing: &'static Listing, query: &str) -> Result<Self, Problem> {
        Self::parse(listing, &[], query, "", Tz::UTC)
    }

    /// The members of a row to answer with.
    pub fn trimmed_fields(&self) -> Option<&[String]> {
        self.fields.as_deref()
    }

    /// Lets the links lead to `path`, where the same rows are listed below another entity or as a view.
    pub(super) fn at(&mut self, path: String) {
        self.path = path;
    }

    pub(super) fn link(&self, number: i64) -> String {
        let mut pairs: Vec<(&str, String)> = self
            .query
            .iter()
            .filter(|(name, _)| name != "page")
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        pairs.push(("page", number.to_string()));
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        format!("{}{}?{query}", self.origin, self.path)
    }
}

fn orderings(listing: &Listing, text: &str, faults: &mut Vec<FieldError>) -> Vec<OrderBy> {
    let mut ordering: Vec<OrderBy> = Vec::new();
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let (name, descending) = part.strip_prefix('-').map_or((part, false), |name| (name, true));
        match listing.columns.iter().find(|column| column.name == name && column.kind.is_ordered()) {
            Some(column) if ordering.iter().all(|given| given.column.name != name) => {
                ordering.push(OrderBy { column: *column, descending });
            }
            Some(_) => faults.push(fault("ordering", "ambiguous", format!("{name} is given more than once"))),
            None => {
                let known = listing.columns.iter().filter(|column| column.kind.is_ordered());
                let known = known.map(|column| column.name).collect::<Vec<_>>().join(", ");
                faults.push(fault(
                    "ordering",
                    "unknown_ordering",
                    format!("{name} cannot be ordered by; known are: {known}"),
                ));
            }
        }
    }
    ordering
}

pub(super) fn fields(members: &[&str], text: &str, faults: &mut Vec<FieldError>) -> Vec<String> {
    let mut fields = Vec::new();
    if text.split(',').all(str::is_empty) {
        let message = format!("must name at least one field; known are: {}", members.join(", "));
        faults.push(fault("fields", "required", message));
    }
    for name in text.split(',').filter(|name| !name.is_empty()) {
        if members.contains(&name) {
            fields.push(name.to_owned());
        } else {
            let message = format!("{name} is not a known field; known are: {}", members.join(", "));
            faults.push(fault("fields", "unknown_field", message));
        }
    }
    fields
}

fn signature(ordering: &[OrderBy]) -> String {
    let names =
        ordering.iter().map(|by| format!("{}{}", if by.descending { "-" } else { "" }, by.column.name));
    names.collect::<Vec<_>>().join(",")
}

fn after(ordering: &[OrderBy], text: &str) -> Option<Window> {
    if text.is_empty() {
        return Some(Window::After(None));
    }
    let (stated, values): (String, Vec<Value>) = serde_json::from_slice(&B64.decode(text).ok()?).ok()?;
    if stated != signature(ordering) || values.len() != ordering.len() + 1 {
        return None;
    }
    let kinds = ordering.iter().map(|by| by.column.kind).chain([Kind::Uuid]);
    let bounds = kinds.zip(&values).map(|(kind, value)| kind.read_json(value)).collect::<Option<Vec<_>>>()?;
    Some(Window::After(Some(bounds)))
}

impl Criteria {
    /// Whether the best plan depends on how many rows the tenant has: to look for a text, to skip many rows, to estimate
    /// how many there are.
    pub fn needs_plan_of_its_own(&self) -> bool {
        self.count == Count::Estimated
            || self.skips() > FAR
            || self.search.is_some()
            || self.conditions.iter().any(|condition| condition.op == Op::Contains)
            || self.tree.as_ref().is_some_and(Tree::looks_for_texts)
    }

    /// How many rows come before a numbered page.
    pub fn skips(&self) -> i64 {
        match self.window {
            Window::Page(number) => (number - 1) * self.size,
            Window::After(_) => 0,
        }
    }

    /// The same list from behind this row, given as JSON.
    pub(super) fn following(&self, row: &Value) -> Option<Self> {
        let window = after(&self.ordering, &self.cursor_after(row))?;
        Some(Self { window, ..self.clone() })
    }

    /// The cursor after this row, given as JSON.
    pub(super) fn cursor_after(&self, row: &Value) -> String {
        let names = self.ordering.iter().map(|by| by.column.name).chain(["id"]);
        let values: Vec<Value> = names.map(|name| row.get(name).cloned().unwrap_or_default()).collect();
        B64.encode(json!([signature(&self.ordering), values]).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::list::column;

    const LISTING: Listing = Listing {
        path: "/api/v2/leads",
        table: "leads",
        columns: &[
            column("id", Kind::Uuid),
            column("name", Kind::Text),
            column("email", Kind::Email),
            column("score", Kind::Float),
        ],
        search: &["name"],
        search_text: None,
        json: Some("custom_fields"),
        owners: &[],
        ordering: "-score",
        soft_delete: true,
        cursor: true,
    };

    fn faults(query: &str) -> Vec<(String, String)> {
        let problem = Criteria::of(&LISTING, query).err();
        let errors = problem.into_iter().flat_map(|problem| {
            assert_eq!(problem.status, 400, "{problem}");
            problem.errors
        });
        errors.map(|fault| (fault.field, fault.code)).collect()
    }

    fn cursor(ordering: &str, values: &Value) -> String {
        format!("ordering={ordering}&cursor={}", B64.encode(json!([ordering, values]).to_string()))
    }

    #[test]
    fn a_cursor_with_what_the_database_cannot_hold_is_none() {
        let id = "0190a0a0-0000-7000-8000-000000000000";
        for ordering in ["name", "-email"] {
            let refused = faults(&cursor(ordering, &json!(["a\0b", id])));
            assert_eq!(refused, [("cursor".to_owned(), "invalid_cursor".to_owned())], "{ordering}");
            assert_eq!(faults(&cursor(ordering, &json!(["ab", id]))), [], "{ordering}");
        }
    }

    #[test]
    fn a_nul_is_a_fault_of_its_parameter() {
        let fault = |name: &str| (name.to_owned(), "nul_not_allowed".to_owned());
        for name in ["name", "name__in", "search", "cursor", "ordering", "custom_fields.tier", "fields"] {
            assert_eq!(faults(&format!("{name}=a%00b")), [fault(name)], "{name}");
        }
        assert_eq!(faults("name=a%00b&page=1&email=%00"), [fault("name"), fault("email")]);
    }

    #[test]
    fn the_values_of_all_filters_are_bounded_together() {
        let list = |name: &str| format!("{name}__in={}", vec!["a@b.example"; 1_000].join(","));
        let lists = |number: usize| {
            (0..number).map(|n| list(&format!("custom_fields.f{n}"))).collect::<Vec<_>>().join("&")
        };

        assert_eq!(faults(&lists(5)), []);
        assert_eq!(faults(&format!("{}&{}", lists(4), list("email"))), []);
        let refused = faults(&format!("{}&name=x", lists(5)));
        assert_eq!(refused, [("name".to_owned(), "too_many".to_owned())]);
    }
}
