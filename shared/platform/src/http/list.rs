//! Lists: pages, cursors, filters, orderings, search and trimmed answers, the same for every resource.
//!
//! A resource names its columns once ([`Listing`]); what a caller may filter, order and trim by follows from that, and
//! anything else is refused by name.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
    sync::Arc,
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::StatusCode};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as B64};
use contracts::{page::CursorPage, page::Page, problem::FieldError};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{
    context::RequestContext,
    openapi::{Operation, Schemas},
    problem::Problem,
    query,
    reply::{Parts, Reply, trimmed},
    routes::Input,
};
use crate::db::value::{Bound, Kind};

/// Most rows a page may have.
pub const PAGE_SIZE_LIMIT: i64 = 200;
/// Rows of a page unless asked otherwise.
pub const PAGE_SIZE_DEFAULT: i64 = 50;

/// One column that callers may filter and order by.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name on the wire and in the table.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// A column of that name and kind.
pub const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind }
}

/// What a resource's list offers.
#[derive(Debug)]
pub struct Listing {
    /// Path of the list, for the links to its other pages.
    pub path: &'static str,
    /// Table it reads.
    pub table: &'static str,
    /// Columns to filter and order by.
    pub columns: &'static [Column],
    /// Text columns that `search` looks into.
    pub search: &'static [&'static str],
    /// JSON object column whose members can be filtered by as `name.KEY`.
    pub json: Option<&'static str>,
    /// Columns that say whose a row is; a caller who sees only their own sees rows where one of them is theirs.
    pub owners: &'static [&'static str],
    /// Ordering when none is asked for.
    pub ordering: &'static str,
    /// Whether rows have a `deleted_at`.
    pub soft_delete: bool,
    /// Whether it can be read by cursor.
    pub cursor: bool,
}

/// A wire type that is listed.
pub trait Listed: Serialize + ToSchema + 'static {
    /// What its list offers.
    const LISTING: Listing;
}

/// How a column is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Equal.
    Eq,
    /// One of several.
    In,
    /// At least.
    Gte,
    /// At most.
    Lte,
    /// Empty or not.
    IsNull,
    /// Contains, whatever the case.
    Contains,
}

/// One condition on a column or on a member of the JSON column.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Column as SQL.
    pub column: &'static str,
    /// Member of the JSON column.
    pub member: Option<String>,
    /// Comparison.
    pub op: Op,
    /// What to compare with.
    pub values: Vec<Bound>,
}

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
    /// Text to look for.
    pub search: Option<String>,
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
    query: Vec<(String, String)>,
}

/// The list request of a resource, as a handler's parameter.
#[derive(Clone, Debug)]
pub struct List<V>(pub Arc<Criteria>, PhantomData<V>);

impl<V> std::ops::Deref for List<V> {
    type Target = Arc<Criteria>;
    fn deref(&self) -> &Arc<Criteria> {
        &self.0
    }
}

impl<V: Listed> List<V> {
    /// Parses a query string. `origin` is scheme and host for the links.
    pub fn parse(query: &str, origin: &str) -> Result<Self, Problem> {
        let listing: &'static Listing = &V::LISTING;
        let schema = super::body::compiled::<V>();
        let members: Vec<&str> = schema.members().collect();
        Criteria::parse(listing, &members, query, origin).map(|criteria| Self(Arc::new(criteria), PhantomData))
    }

    /// The answer with these rows; `total` is the number of matching rows where it was asked for.
    pub fn answer(&self, total: Option<i64>, rows: Vec<V>) -> Rows<V> {
        Rows { criteria: Arc::clone(&self.0), total, rows, extra: Vec::new() }
    }
}

impl<V: Listed> FromRequest for List<V> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let context = request.extensions().get::<Arc<RequestContext>>().cloned();
        let origin = context.and_then(|context| context.origin.clone()).unwrap_or_default();
        ready(Self::parse(request.query_string(), &origin))
    }
}

impl<V: Listed> Input for List<V> {
    fn describe(operation: &mut Operation) {
        let mut add = |name: &str, schema: Value, about: &str| {
            operation
                .parameters
                .push(json!({ "name": name, "in": "query", "required": false, "schema": schema, "description": about }));
        };
        let listing = &V::LISTING;
        add("page", json!({"type": "integer", "minimum": 1}), "Number of the page, from 1.");
        add("page_size", json!({"type": "integer", "minimum": 1, "maximum": PAGE_SIZE_LIMIT}), "Rows of a page.");
        add("count", json!({"type": "string", "enum": ["exact", "estimated", "none"]}), "How matching rows are counted.");
        add("ordering", json!({"type": "string"}), &format!("Columns, `-` for descending. Default: {}.", listing.ordering));
        add("fields", json!({"type": "string"}), "Members of a row to answer with, comma-separated.");
        if listing.cursor {
            add("cursor", json!({"type": "string"}), "Reads by cursor: empty for the first rows, then `next_cursor`.");
        }
        if !listing.search.is_empty() {
            add("search", json!({"type": "string"}), &format!("Text to look for in: {}.", listing.search.join(", ")));
        }
        for column in listing.columns {
            add(column.name, column.kind.schema(), "Filter; also with __in, __gte, __lte, __isnull, __icontains where it makes sense.");
        }
    }
}

fn fault(name: &str, code: &str, message: impl Into<String>) -> FieldError {
    FieldError::new(name, code, message)
}

impl Criteria {
    fn parse(listing: &'static Listing, members: &[&str], query: &str, origin: &str) -> Result<Self, Problem> {
        let pairs = query::pairs(query)?;
        let mut faults = Vec::new();
        let mut criteria = Self {
            listing,
            conditions: Vec::new(),
            search: None,
            ordering: Vec::new(),
            window: Window::Page(1),
            size: PAGE_SIZE_DEFAULT,
            count: Count::Exact,
            fields: None,
            origin: origin.to_owned(),
            query: pairs.clone(),
        };
        let ordering = pairs.iter().find(|(name, _)| name == "ordering").map_or(listing.ordering, |(_, text)| text.as_str());
        criteria.ordering = orderings(listing, ordering, &mut faults);
        let mut seen: Vec<&str> = Vec::new();
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
                    _ => faults.push(fault(name, "out_of_range", format!("must be a number from 1 to {PAGE_SIZE_LIMIT}"))),
                },
                "count" => match text.as_str() {
                    "exact" => criteria.count = Count::Exact,
                    "estimated" => criteria.count = Count::Estimated,
                    "none" => criteria.count = Count::None,
                    _ => faults.push(fault(name, "not_allowed", "must be one of: exact, estimated, none")),
                },
                "fields" => criteria.fields = Some(fields(members, text, &mut faults)),
                "search" if !listing.search.is_empty() => {
                    let text = text.trim();
                    criteria.search = (!text.is_empty()).then(|| text.to_owned());
                }
                "cursor" if listing.cursor => match after(&criteria.ordering, text) {
                    Some(window) => criteria.window = window,
                    None => faults.push(fault(name, "invalid_cursor", "is not a cursor of this list in this ordering")),
                },
                _ => match condition(listing, name, text) {
                    Ok(condition) => criteria.conditions.push(condition),
                    Err(fault) => faults.push(fault),
                },
            }
        }
        if faults.is_empty() { Ok(criteria) } else { Err(Problem::invalid(faults)) }
    }

    /// The members of a row to answer with.
    pub fn trimmed_fields(&self) -> Option<&[String]> {
        self.fields.as_deref()
    }

    fn link(&self, number: i64) -> String {
        let mut pairs: Vec<(&str, String)> = self
            .query
            .iter()
            .filter(|(name, _)| name != "page")
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        pairs.push(("page", number.to_string()));
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        format!("{}{}?{query}", self.origin, self.listing.path)
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
                faults.push(fault("ordering", "unknown_ordering", format!("{name} cannot be ordered by; known are: {known}")));
            }
        }
    }
    ordering
}

fn fields(members: &[&str], text: &str, faults: &mut Vec<FieldError>) -> Vec<String> {
    let mut fields = Vec::new();
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

fn condition(listing: &'static Listing, name: &str, text: &str) -> Result<Condition, FieldError> {
    if let Some((json, member)) = listing.json.and_then(|json| Some((json, name.strip_prefix(json)?.strip_prefix('.')?))) {
        let values = vec![Bound::Text(text.to_owned())];
        return Ok(Condition { column: json, member: Some(member.to_owned()), op: Op::Eq, values });
    }
    let (base, op) = match name.rsplit_once("__") {
        Some((base, "in")) => (base, Op::In),
        Some((base, "gte")) => (base, Op::Gte),
        Some((base, "lte")) => (base, Op::Lte),
        Some((base, "isnull")) => (base, Op::IsNull),
        Some((base, "icontains")) => (base, Op::Contains),
        _ => (name, Op::Eq),
    };
    let column = listing.columns.iter().find(|column| column.name == base).filter(|column| column.kind.takes(op));
    let Some(column) = column else {
        let known = listing.columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
        return Err(fault(name, "unknown_filter", format!("is not a known filter; known are: {known}")));
    };
    let read = |text: &str| column.kind.read(text).map_err(|(code, message)| fault(name, code, message));
    let values = match op {
        Op::In => {
            let values: Vec<Bound> = text.split(',').filter(|part| !part.is_empty()).map(read).collect::<Result<_, _>>()?;
            if values.len() > 1_000 {
                return Err(fault(name, "too_many", "must name at most 1000 values"));
            }
            values
        }
        Op::IsNull => match text {
            "true" | "1" => vec![Bound::Bool(true)],
            "false" | "0" => vec![Bound::Bool(false)],
            _ => return Err(fault(name, "wrong_type", "must be true or false")),
        },
        Op::Contains => vec![Bound::Text(text.to_owned())],
        Op::Eq | Op::Gte | Op::Lte => vec![read(text)?],
    };
    Ok(Condition { column: column.name, member: None, op, values })
}

fn signature(ordering: &[OrderBy]) -> String {
    let names = ordering.iter().map(|by| format!("{}{}", if by.descending { "-" } else { "" }, by.column.name));
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

/// A list's answer: a page with its links, or a stretch with its cursor.
#[derive(Debug)]
pub struct Rows<V> {
    criteria: Arc<Criteria>,
    total: Option<i64>,
    rows: Vec<V>,
    extra: Vec<(&'static str, Value)>,
}

impl<V> Rows<V> {
    /// Adds a member beside `count`.
    pub fn with(mut self, member: &'static str, value: impl Into<Value>) -> Self {
        self.extra.push((member, value.into()));
        self
    }
}

impl<V: Listed> Rows<V> {
    fn next_cursor(&mut self) -> Option<String> {
        let size = usize::try_from(self.criteria.size).unwrap_or(usize::MAX);
        if self.rows.len() <= size {
            return None;
        }
        self.rows.truncate(size);
        let last = serde_json::to_value(self.rows.last()?).ok()?;
        let names = self.criteria.ordering.iter().map(|by| by.column.name).chain(["id"]);
        let values: Vec<Value> = names.map(|name| last.get(name).cloned().unwrap_or_default()).collect();
        Some(B64.encode(json!([signature(&self.criteria.ordering), values]).to_string()))
    }
}

impl<V: Listed> Reply for Rows<V> {
    const STATUS: u16 = 200;

    fn schema(schemas: &mut Schemas) -> Option<Value> {
        let row = schemas.add::<V>();
        let page = json!({
            "type": "object", "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": { "type": ["integer", "null"] }, "next": { "type": ["string", "null"] },
                "previous": { "type": ["string", "null"] }, "results": { "type": "array", "items": row },
            },
        });
        if !V::LISTING.cursor {
            return Some(page);
        }
        let stretch = json!({
            "type": "object", "required": ["results", "next_cursor"],
            "properties": { "results": { "type": "array", "items": row }, "next_cursor": { "type": ["string", "null"] } },
        });
        Some(json!({ "oneOf": [page, stretch] }))
    }

    fn into_parts(mut self) -> Parts {
        let body = match self.criteria.window {
            Window::After(_) => {
                let next_cursor = self.next_cursor();
                match self.criteria.trimmed_fields() {
                    None => serde_json::to_vec(&CursorPage { results: self.rows, next_cursor }),
                    Some(fields) => {
                        let results = self.rows.iter().map(|row| trimmed(row, fields)).collect();
                        serde_json::to_vec(&CursorPage { results, next_cursor })
                    }
                }
            }
            Window::Page(number) => {
                let size = usize::try_from(self.criteria.size).unwrap_or(usize::MAX);
                let more = self.rows.len() > size;
                self.rows.truncate(size);
                let next = more.then(|| self.criteria.link(number + 1));
                let previous = (number > 1).then(|| self.criteria.link(number - 1));
                let count = self.total;
                if self.criteria.fields.is_none() && self.extra.is_empty() {
                    serde_json::to_vec(&Page { count, next, previous, results: self.rows })
                } else {
                    let row = |row: &V| match self.criteria.trimmed_fields() {
                        Some(fields) => trimmed(row, fields),
                        None => serde_json::to_value(row).unwrap_or_default(),
                    };
                    let results: Vec<Value> = self.rows.iter().map(row).collect();
                    let mut page = json!(Page { count, next, previous, results });
                    if let Some(members) = page.as_object_mut() {
                        members.extend(self.extra.into_iter().map(|(name, value)| (name.to_owned(), value)));
                    }
                    serde_json::to_vec(&page)
                }
            }
        };
        let body = body.unwrap_or_default();
        Parts { status: StatusCode::OK, headers: vec![], content_type: Some("application/json"), body }
    }
}
