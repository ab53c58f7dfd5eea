//! The rows of a list after a place in it, as stretches of its ordering.

use diesel::{QueryResult, pg::Pg, query_builder::AstPass};

use super::{list::id_descends, value::Bound};
use crate::http::list::Criteria;

/// Rows that follow a place, beside each other in the ordering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// In how many columns, from the first, they equal the place.
    equal: usize,
    /// Whether they have nothing in the next one, rather than something beyond the place.
    is_empty: bool,
}

/// The stretches after `place`, the nearest first. Every row after it is in exactly one.
pub(super) fn stretches(criteria: &Criteria, place: &[Bound]) -> Vec<Stretch> {
    let stretch = |equal, is_empty| Stretch { equal, is_empty };
    let mut all = vec![stretch(criteria.ordering.len(), false)];
    for (equal, (by, value)) in criteria.ordering.iter().zip(place).enumerate().rev() {
        let is_nothing = matches!(value, Bound::Null);
        // Descending, nothing comes last; ascending, first.
        if !(is_nothing && by.descending) {
            all.push(stretch(equal, false));
        }
        if by.descending && !is_nothing {
            all.push(stretch(equal, true));
        }
    }
    all
}

impl Stretch {
    /// Writes `AND …` for the rows of the stretch.
    pub(super) fn push<'b>(
        self,
        criteria: &'b Criteria,
        place: &'b [Bound],
        out: &mut AstPass<'_, 'b, Pg>,
    ) -> QueryResult<()> {
        for (by, value) in criteria.ordering.iter().zip(place).take(self.equal) {
            out.push_sql(" AND ");
            out.push_identifier(by.column.name)?;
            match value {
                Bound::Null => out.push_sql(" IS NULL"),
                value => {
                    out.push_sql(" = ");
                    value.push(out)?;
                }
            }
        }
        let Some(value) = place.get(self.equal) else { return Ok(()) };
        out.push_sql(" AND ");
        let Some(by) = criteria.ordering.get(self.equal) else {
            out.push_sql(if id_descends(criteria) { "id < " } else { "id > " });
            return value.push(out);
        };
        out.push_identifier(by.column.name)?;
        match value {
            _ if self.is_empty => out.push_sql(" IS NULL"),
            Bound::Null => out.push_sql(" IS NOT NULL"),
            value => {
                out.push_sql(if by.descending { " < " } else { " > " });
                value.push(out)?;
            }
        }
        Ok(())
    }
}
