//! Lists: pages, cursors, filters, orderings, search and trimmed answers, the same for every resource.
//!
//! A resource names its columns once ([`Listing`]); what a caller may filter, order and trim by follows from that, and
//! anything else is refused by name.

pub mod condition;
mod criteria;
mod fields;
mod filter;
pub mod parameters;
mod rows;
mod search;
mod words;

use std::{
    future::{Ready, ready},
    marker::PhantomData,
    sync::Arc,
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use serde::Serialize;
use utoipa::ToSchema;

pub use self::{
    condition::{Condition, Link, Linked, Op, Tree, Vocabulary},
    criteria::{Count, Criteria, OrderBy, Window},
    fields::Fields,
    rows::Rows,
    search::Search,
    words::{Word, Words},
};
use super::{context::RequestContext, openapi::Operation, problem::Problem, routes::Input};
use crate::{db::value::Kind, zones::Tz};

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
    /// Column that keeps these texts folded, for the index of searches; none where the table stays small.
    pub search_text: Option<&'static str>,
    /// JSON object column with members that can be filtered by as `name.KEY`.
    pub json: Option<&'static str>,
    /// Owner columns; a caller with scope `own` sees rows where one of them is their id.
    /// `column->table.owner` names the owner of another row, by the id in the column.
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
    /// The column that names the row into which one was merged; none where rows are not merged. The id of a merged row
    /// is that of the other one wherever a row is read or locked by its id.
    const MERGED_INTO: Option<&'static str> = None;
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
    /// Parses a query string with dates as days of UTC. `origin` is scheme and host for the links.
    pub fn parse(query: &str, origin: &str) -> Result<Self, Problem> {
        Self::parse_in(query, origin, Tz::UTC)
    }

    /// Parses a query string with dates as days of `zone`.
    pub fn parse_in(query: &str, origin: &str, zone: Tz) -> Result<Self, Problem> {
        let listing: &'static Listing = &V::LISTING;
        let schema = super::body::compiled::<V>();
        let members: Vec<&str> = schema.members().collect();
        Criteria::parse(listing, &members, query, origin, zone)
            .map(|criteria| Self(Arc::new(criteria), PhantomData))
    }

    /// The same list at `path`, with only the rows that also meet `conditions`: a list below another entity, or a view.
    pub fn narrowed(
        mut self,
        path: impl Into<String>,
        conditions: impl IntoIterator<Item = Condition>,
    ) -> Self {
        let criteria = Arc::make_mut(&mut self.0);
        criteria.at(path.into());
        criteria.conditions.extend(conditions);
        self
    }

    /// The same list, of which the tree must hold besides.
    pub(super) fn meeting(mut self, tree: Option<Tree>) -> Self {
        Arc::make_mut(&mut self.0).tree = tree;
        self
    }

    /// The cursor that leads to the rows behind `row`.
    pub fn cursor_after(&self, row: &V) -> String {
        self.0.cursor_after(&serde_json::to_value(row).unwrap_or_default())
    }

    /// The same list, in stretches of at most `size` rows, from behind `row`, or from its beginning.
    pub fn stretch(&self, size: i64, row: Option<&V>) -> Option<Self> {
        let mut criteria = match row {
            Some(row) => self.0.following(&serde_json::to_value(row).ok()?)?,
            None => self.0.as_ref().clone(),
        };
        if row.is_none() {
            criteria.window = Window::After(None);
        }
        criteria.size = size;
        Some(Self(Arc::new(criteria), PhantomData))
    }

    /// The answer with these rows; `total` is the number of matching rows where it was asked for.
    pub fn answer(&self, total: Option<i64>, rows: Vec<V>) -> Rows<V> {
        Rows::new(Arc::clone(&self.0), total, rows)
    }
}

impl<V: Listed> FromRequest for List<V> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let context = request.extensions().get::<Arc<RequestContext>>().cloned();
        let origin = context.as_ref().and_then(|context| context.origin.clone()).unwrap_or_default();
        let zone = context.map_or(Tz::UTC, |context| context.time_zone());
        let list = Self::parse_in(request.query_string(), &origin, zone).map(|mut list| {
            // A list may be read under more paths than its own: the members of a segment are customers.
            if let Some(criteria) = Arc::get_mut(&mut list.0) {
                criteria.at(request.path().to_owned());
            }
            list
        });
        ready(list)
    }
}

impl<V: Listed> Input for List<V> {
    fn describe(operation: &mut Operation) {
        let listing: &'static Listing = &V::LISTING;
        let schema = super::body::compiled::<V>();
        let members: Vec<&str> = schema.members().collect();
        operation.parameters.extend(parameters::of_list(listing, &members));
        operation.listing = Some(listing);
    }
}
