//! Orderings, and the rows behind a place in one, as SQL that an index serves.

use diesel::{QueryResult, pg::Pg, query_builder::AstPass};

use super::{conditions::FOR_PEOPLE, value::Bound};
use crate::http::list::{Criteria, OrderBy, Window};

/// Columns that are never empty.
const ALWAYS_FILLED: [&str; 2] = ["created_at", "updated_at"];

/// Writes the ordering; the id always follows last.
pub(super) fn push_order(criteria: &Criteria, out: &mut AstPass<'_, '_, Pg>) -> QueryResult<()> {
    out.push_sql(" ORDER BY ");
    for by in &criteria.ordering {
        push_ordered(by, out)?;
        // One index serves both directions this way.
        out.push_sql(if by.descending { " DESC NULLS LAST, " } else { " ASC NULLS FIRST, " });
    }
    out.push_sql(if id_descends(criteria) { "id DESC" } else { "id ASC" });
    Ok(())
}

/// The column as it is ordered by: texts as people expect it.
fn push_ordered(by: &OrderBy, out: &mut AstPass<'_, '_, Pg>) -> QueryResult<()> {
    out.push_identifier(by.column.name)?;
    out.push_sql(if by.column.kind.is_text() { FOR_PEOPLE } else { "" });
    Ok(())
}

/// Writes the limit: one more than the page's size, to know whether there are more.
pub(super) fn push_limit(criteria: &Criteria, out: &mut AstPass<'_, '_, Pg>) {
    out.push_sql(" LIMIT ");
    out.push_sql(&(criteria.size + 1).to_string());
    if matches!(criteria.window, Window::Page(_)) {
        out.push_sql(" OFFSET ");
        out.push_sql(&criteria.skips().to_string());
    }
}

fn id_descends(criteria: &Criteria) -> bool {
    criteria.ordering.last().is_some_and(|by| by.descending)
}

/// A part of the rows behind a place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part<'b> {
    /// Those that have a value in the ordering's first column if the place has one, and none otherwise.
    After(&'b [Bound]),
    /// Those that have none there.
    Empty,
    /// Those that have one.
    Filled,
}

/// The rows behind a place that [`Part::After`] leaves out; none when there can be none.
pub(super) fn part_behind(criteria: &Criteria, place: &[Bound]) -> Option<Part<'static>> {
    let by = criteria.ordering.first()?;
    match (place.first()?, by.descending) {
        (Bound::Null, true) => None,
        (Bound::Null, false) => Some(Part::Filled),
        (_, true) if ALWAYS_FILLED.contains(&by.column.name) => None,
        (_, true) => Some(Part::Empty),
        (_, false) => None,
    }
}

impl<'b> Part<'b> {
    /// Writes the condition.
    pub(super) fn push(self, criteria: &'b Criteria, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let first = criteria.ordering.first();
        match (self, first) {
            (Self::After(place), Some(by)) => {
                // The range that the index is read in; the rest is left out of it row by row.
                if let Some(value) = place.first().filter(|value| !matches!(value, Bound::Null)) {
                    push_ordered(by, out)?;
                    out.push_sql(if by.descending { " <= " } else { " >= " });
                    value.push(out)?;
                    out.push_sql(" AND ");
                }
                push_after(criteria, place, 0, out)
            }
            (Self::After(place), None) => push_after(criteria, place, 0, out),
            (Self::Empty, Some(by)) => push_emptiness(by, " IS NULL", out),
            (Self::Filled, Some(by)) => push_emptiness(by, " IS NOT NULL", out),
            (Self::Empty | Self::Filled, None) => {
                out.push_sql("false");
                Ok(())
            }
        }
    }
}

fn push_emptiness(by: &OrderBy, words: &str, out: &mut AstPass<'_, '_, Pg>) -> QueryResult<()> {
    out.push_identifier(by.column.name)?;
    out.push_sql(words);
    Ok(())
}

/// The rows behind `place`: later in the column at `index`, or equal there and later in the rest. Of the first column,
/// only those on the place's side of emptiness.
fn push_after<'b>(
    criteria: &'b Criteria,
    place: &'b [Bound],
    index: usize,
    out: &mut AstPass<'_, 'b, Pg>,
) -> QueryResult<()> {
    let Some(value) = place.get(index) else {
        out.push_sql("true");
        return Ok(());
    };
    let Some(by) = criteria.ordering.get(index) else {
        out.push_sql(if id_descends(criteria) { "id < " } else { "id > " });
        return value.push(out);
    };
    let name = by.column.name;
    out.push_sql("(");
    match (value, by.descending) {
        (Bound::Null, true) => out.push_sql("false"),
        (Bound::Null, false) if index == 0 => out.push_sql("false"),
        (Bound::Null, false) => push_emptiness(by, " IS NOT NULL", out)?,
        (value, descending) => {
            push_ordered(by, out)?;
            out.push_sql(if descending { " < " } else { " > " });
            value.push(out)?;
            if descending && index > 0 {
                out.push_sql(" OR ");
                push_emptiness(by, " IS NULL", out)?;
            }
        }
    }
    out.push_sql(" OR (");
    out.push_identifier(name)?;
    if matches!(value, Bound::Null) {
        out.push_sql(" IS NULL");
    } else {
        out.push_sql(" = ");
        value.push(out)?;
    }
    out.push_sql(" AND ");
    push_after(criteria, place, index + 1, out)?;
    out.push_sql("))");
    Ok(())
}
