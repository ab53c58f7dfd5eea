//! The words of a search as SQL: each in any of the texts, without case, accents and punctuation.
//!
//! Tables that grow keep their searched texts folded in a column of their own, which has the index; the texts of small
//! ones are folded as they are read. See docs/decisions/0043-searches-read-folded-texts.md.

use diesel::{QueryResult, pg::Pg, query_builder::AstPass};

use super::conditions::{push_contains, push_has_folded};
use crate::http::list::{Listing, Word, Words};

/// ` AND (…)`: what must hold of a row for its texts to have the words.
pub(super) fn push_search<'b>(
    listing: &Listing,
    words: &'b Words,
    out: &mut AstPass<'_, 'b, Pg>,
) -> QueryResult<()> {
    out.push_sql(" AND ((");
    for (index, word) in words.words.iter().enumerate() {
        out.push_sql(if index == 0 { "" } else { " AND " });
        push_word(listing, word, out)?;
    }
    out.push_sql(")");
    if let Some(digits) = &words.digits {
        out.push_sql(" OR ");
        push_has(listing, digits, out)?;
    }
    out.push_sql(")");
    Ok(())
}

fn push_word<'b>(listing: &Listing, word: &'b Word, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    match word {
        Word::Folded { whole, parts } if parts.is_empty() => push_has(listing, whole, out),
        Word::Folded { whole, parts } => {
            out.push_sql("(");
            push_has(listing, whole, out)?;
            for (index, part) in parts.iter().enumerate() {
                out.push_sql(if index == 0 { " OR (" } else { " AND " });
                push_has(listing, part, out)?;
            }
            out.push_sql("))");
            Ok(())
        }
        Word::Literal(text) => {
            out.push_sql("(");
            for (index, column) in listing.search.iter().enumerate() {
                out.push_sql(if index == 0 { "" } else { " OR " });
                out.push_identifier(column)?;
                push_contains(text, out)?;
            }
            out.push_sql(")");
            Ok(())
        }
    }
}

/// Whether the folded texts have the folded word.
fn push_has<'b>(listing: &Listing, word: &'b String, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    if let Some(column) = listing.search_text {
        out.push_identifier(column)?;
    } else {
        out.push_sql("folded(concat_ws(' '");
        for column in listing.search {
            out.push_sql(", ");
            out.push_identifier(column)?;
        }
        out.push_sql("))");
    }
    push_has_folded(word, out)
}
