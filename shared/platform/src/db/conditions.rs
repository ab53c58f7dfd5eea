//! Conditions of a list as SQL: data scope and filters. Names come from the resource's listing; values are bound.

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::AstPass,
    sql_types::{Array, Integer, Text, Timestamptz, Uuid as SqlUuid},
};
use uuid::Uuid;

use super::{
    list::Restriction,
    tx::Visibility,
    value::{Bound, Near},
};
use crate::http::list::{Condition, Linked, Listing, Op, Tree};

/// The collation in which texts are ordered and compared by order: as people expect it in most languages.
pub(super) const FOR_PEOPLE: &str = " COLLATE \"und-x-icu\"";
/// What a number looks like that is kept as text.
const NUMBER: &str = "'^\\s*[-+]?[0-9]{1,30}([.][0-9]{1,30})?\\s*$'";
/// Fewest letters and digits of a text that the index of searches can find: it keeps groups of three.
const LETTERS: usize = 3;
/// What a day looks like, alone or before a time.
const DAY: &str = "'^[0-9]{4}-[0-9]{2}-[0-9]{2}'";

/// `AND (owner = ANY(…) OR …)`, nothing for those who see all. An owner `column->table.owner` is that of the row of
/// `table` with the id in `column`.
pub(super) fn push_visibility<'b>(
    owners: &[&str],
    visibility: &'b Visibility,
    out: &mut AstPass<'_, 'b, Pg>,
) -> QueryResult<()> {
    let Visibility::Of(people) = visibility else { return Ok(()) };
    if owners.is_empty() {
        return Ok(());
    }
    out.push_sql(" AND (");
    for (index, owner) in owners.iter().enumerate() {
        out.push_sql(if index == 0 { "" } else { " OR " });
        let through =
            owner.split_once("->").and_then(|(column, owned)| Some((column, owned.split_once('.')?)));
        if let Some((column, (table, owner))) = through {
            out.push_identifier(column)?;
            out.push_sql(" IN (SELECT id FROM ");
            out.push_identifier(table)?;
            out.push_sql(" WHERE ");
            out.push_identifier(owner)?;
        } else {
            out.push_identifier(owner)?;
        }
        out.push_sql(" = ANY(");
        out.push_bind_param::<Array<SqlUuid>, Vec<Uuid>>(people)?;
        out.push_sql(if through.is_some() { "))" } else { ")" });
    }
    out.push_sql(")");
    Ok(())
}

/// A pattern's text in which the caller's % and _ mean themselves.
fn push_pattern<'b>(text: &'b String, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    out.push_sql("replace(replace(replace(");
    out.push_bind_param::<Text, _>(text)?;
    out.push_sql(", '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'");
    Ok(())
}

pub(super) fn push_contains<'b>(text: &'b String, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    out.push_sql(" ILIKE '%' || ");
    push_pattern(text, out)
}

pub(super) fn push_condition<'b>(
    listing: &Listing,
    condition: &'b Condition,
    out: &mut AstPass<'_, 'b, Pg>,
) -> QueryResult<()> {
    if condition.op == Op::IsNull {
        push_field(condition, out)?;
        let is_empty = condition.values.first() == Some(&Bound::Bool(true));
        out.push_sql(if is_empty { " IS NULL" } else { " IS NOT NULL" });
        return Ok(());
    }
    if matches!(condition.op, Op::HasAny | Op::HasAll) {
        return push_elements(condition, out);
    }
    let has_numbers = || condition.values.iter().any(|value| matches!(value, Bound::Decimal(_)));
    if matches!(condition.op, Op::Eq | Op::In) && condition.member.is_some() && has_numbers() {
        return push_among(condition, out);
    }
    if condition.op == Op::In && condition.values.iter().all(is_plain) {
        push_field(condition, out)?;
        out.push_sql(" IN (NULL");
        for value in &condition.values {
            out.push_sql(", ");
            value.push(out)?;
        }
        out.push_sql(")");
        return Ok(());
    }
    out.push_sql("(");
    for (index, value) in condition.values.iter().enumerate() {
        out.push_sql(if index == 0 { "" } else { " OR " });
        push_comparison(listing, condition, value, out)?;
    }
    out.push_sql(if condition.values.is_empty() { "false)" } else { ")" });
    Ok(())
}

/// Whether one comparison with the value says all.
fn is_plain(value: &Bound) -> bool {
    !matches!(value, Bound::Day(..) | Bound::Near(_))
}

/// Whether a member is one of several values: the same text, or a number that is equal whatever its decimals. The member is
/// named three times, however many values there are.
fn push_among<'b>(condition: &'b Condition, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    out.push_sql("(");
    push_field(condition, out)?;
    out.push_sql(" IN (NULL");
    for value in &condition.values {
        out.push_sql(", ");
        match value {
            Bound::Decimal(text) => out.push_bind_param::<Text, _>(text)?,
            value => value.push(out)?,
        }
    }
    out.push_sql(") OR CASE WHEN ");
    push_is_number(condition, out)?;
    out.push_sql(" THEN ");
    push_field(condition, out)?;
    out.push_sql("::numeric IN (NULL");
    for value in condition.values.iter().filter(|value| matches!(value, Bound::Decimal(_))) {
        out.push_sql(", ");
        value.push(out)?;
    }
    out.push_sql(") END)");
    Ok(())
}

/// The column, or the member of it as text.
fn push_field<'b>(condition: &'b Condition, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    let Some(member) = &condition.member else {
        return out.push_identifier(condition.column);
    };
    out.push_sql("(");
    out.push_identifier(condition.column)?;
    out.push_sql(" ->> ");
    out.push_bind_param::<Text, _>(member)?;
    out.push_sql(")");
    Ok(())
}

fn push_comparison<'b>(
    listing: &Listing,
    condition: &'b Condition,
    value: &'b Bound,
    out: &mut AstPass<'_, 'b, Pg>,
) -> QueryResult<()> {
    match (condition.op, value, &condition.member) {
        (Op::Contains | Op::StartsWith, Bound::Text(text), _) => push_part(listing, condition, text, out),
        (_, Bound::Near(near), _) => push_near(condition, near, out),
        (op, Bound::Day(from, until), _) => {
            let (first, second) = match op {
                Op::Gt => ((" >= ", until), None),
                Op::Gte => ((" >= ", from), None),
                Op::Lt => ((" < ", from), None),
                Op::Lte => ((" < ", until), None),
                _ => ((" >= ", from), Some((" < ", until))),
            };
            for (index, (sign, at)) in std::iter::once(first).chain(second).enumerate() {
                out.push_sql(if index == 0 { "(" } else { " AND " });
                push_field(condition, out)?;
                out.push_sql(sign);
                out.push_bind_param::<Timestamptz, _>(at)?;
            }
            out.push_sql(")");
            Ok(())
        }
        (op, Bound::Decimal(_), Some(_)) => {
            out.push_sql("CASE WHEN ");
            push_is_number(condition, out)?;
            out.push_sql(" OR ");
            push_field(condition, out)?;
            out.push_sql(" ~ ");
            out.push_sql(NUMBER);
            out.push_sql(" THEN ");
            push_field(condition, out)?;
            out.push_sql("::numeric");
            push_sign(op, value, out)?;
            out.push_sql(" END");
            Ok(())
        }
        (op, value, _) => {
            push_field(condition, out)?;
            push_sign(op, value, out)
        }
    }
}

/// Whether the field contains the text, or begins with it.
///
/// A column that searches look into has its text folded in the listing's column as well, which the index serves; what is found
/// there is held against the column itself. As a `CASE`, because the planner takes conditions for independent: a second
/// `ILIKE` would make it believe in far fewer rows than there are, while it expects a `CASE` to let half of them through.
fn push_part<'b>(
    listing: &Listing,
    condition: &'b Condition,
    text: &'b String,
    out: &mut AstPass<'_, 'b, Pg>,
) -> QueryResult<()> {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    let is_searched = condition.member.is_none() && listing.search.contains(&condition.column);
    let folded = listing.search_text.filter(|_| is_searched && letters >= LETTERS);
    if let Some(column) = folded {
        out.push_sql("(");
        out.push_identifier(column)?;
        push_has_folded(text, out)?;
        out.push_sql(" AND CASE WHEN ");
    }
    push_field(condition, out)?;
    if condition.op == Op::Contains {
        push_contains(text, out)?;
    } else {
        out.push_sql(" ILIKE ");
        push_pattern(text, out)?;
    }
    out.push_sql(if folded.is_some() { " THEN true END)" } else { "" });
    Ok(())
}

/// Whether the folded texts before it have the text, folded. A folded text has no % and _.
pub(super) fn push_has_folded<'b>(text: &'b String, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    out.push_sql(" ILIKE '%' || folded(");
    out.push_bind_param::<Text, _>(text)?;
    out.push_sql(") || '%'");
    Ok(())
}

/// Whether the member is a JSON number.
fn push_is_number<'b>(condition: &'b Condition, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    push_type(condition, out)?;
    out.push_sql(" = 'number'");
    Ok(())
}

fn push_type<'b>(condition: &'b Condition, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    out.push_sql("jsonb_typeof(");
    push_json(condition, out)?;
    out.push_sql(")");
    Ok(())
}

/// The column, or the member of it as JSON.
fn push_json<'b>(condition: &'b Condition, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    out.push_identifier(condition.column)?;
    if let Some(member) = &condition.member {
        out.push_sql(" -> ");
        out.push_bind_param::<Text, _>(member)?;
    }
    Ok(())
}

fn push_sign<'b>(op: Op, value: &'b Bound, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    let sign = match op {
        Op::Gt => " > ",
        Op::Gte => " >= ",
        Op::Lt => " < ",
        Op::Lte => " <= ",
        _ => " = ",
    };
    let is_ordered = matches!(op, Op::Gt | Op::Gte | Op::Lt | Op::Lte);
    if is_ordered && matches!(value, Bound::Text(_)) {
        out.push_sql(FOR_PEOPLE);
    }
    out.push_sql(sign);
    value.push(out)
}

/// At most so many days before or after now. Members are held against days as they are written.
fn push_near<'b>(condition: &'b Condition, near: &'b Near, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    let is_text = condition.member.is_some();
    // Names of zones have letters, digits and signs that need no escape.
    let today = format!("(now() AT TIME ZONE '{}')::date", near.zone.name());
    if is_text {
        out.push_sql("CASE WHEN ");
        push_field(condition, out)?;
        out.push_sql(" ~ ");
        out.push_sql(DAY);
        out.push_sql(" THEN left(");
        push_field(condition, out)?;
        out.push_sql(", 10) COLLATE \"C\"");
    } else {
        push_field(condition, out)?;
    }
    for (word, sign) in [(" BETWEEN ", " - "), (" AND ", " + ")] {
        out.push_sql(word);
        if is_text {
            out.push_sql("to_char(");
        }
        out.push_sql(if near.by_day { today.as_str() } else { "now()" });
        out.push_sql(sign);
        out.push_bind_param::<Integer, _>(&near.days)?;
        if !near.by_day {
            out.push_sql(" * interval '1 day'");
        }
        if is_text {
            out.push_sql(", 'YYYY-MM-DD')");
        }
    }
    out.push_sql(if is_text { " END" } else { "" });
    Ok(())
}

/// The elements of a list, or the one value that stands for a list of one.
fn push_elements<'b>(condition: &'b Condition, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    out.push_sql("(");
    push_field(condition, out)?;
    out.push_sql(" IS NOT NULL AND CASE ");
    push_type(condition, out)?;
    out.push_sql(" WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text(");
    push_json(condition, out)?;
    out.push_sql(")) ELSE ARRAY[");
    push_field(condition, out)?;
    out.push_sql(if condition.op == Op::HasAny { "] END && ARRAY[" } else { "] END @> ARRAY[" });
    for (index, value) in condition.values.iter().enumerate() {
        out.push_sql(if index == 0 { "" } else { ", " });
        value.push(out)?;
    }
    out.push_sql("]::text[])");
    Ok(())
}

fn push_linked<'b>(linked: &'b Linked, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    let Linked { link, ids, names } = linked;
    out.push_sql("(id IN (");
    out.push_sql(link.sql);
    out.push_sql("(");
    out.push_sql(link.id);
    out.push_sql(" = ANY(");
    out.push_bind_param::<Array<SqlUuid>, Vec<Uuid>>(ids)?;
    out.push_sql(")");
    if let Some(label) = link.label {
        out.push_sql(" OR ");
        out.push_sql(label);
        out.push_sql(" = ANY(");
        out.push_bind_param::<Array<Text>, Vec<String>>(names)?;
        out.push_sql(")");
    }
    out.push_sql(")))");
    Ok(())
}

pub(super) fn push_tree<'b>(
    listing: &Listing,
    tree: &'b Tree,
    out: &mut AstPass<'_, 'b, Pg>,
) -> QueryResult<()> {
    let (parts, word, empty) = match tree {
        Tree::Is(condition) => return push_condition(listing, condition, out),
        Tree::Linked(linked) => return push_linked(linked, out),
        Tree::Not(part) => {
            out.push_sql("((");
            push_tree(listing, part, out)?;
            out.push_sql(") IS NOT TRUE)");
            return Ok(());
        }
        Tree::All(parts) => (parts, " AND ", "(true"),
        Tree::Any(parts) => (parts, " OR ", "(false"),
    };
    out.push_sql(if parts.is_empty() { empty } else { "(" });
    for (index, part) in parts.iter().enumerate() {
        out.push_sql(if index == 0 { "" } else { word });
        push_tree(listing, part, out)?;
    }
    out.push_sql(")");
    Ok(())
}

impl Restriction for Tree {
    fn push<'b>(&'b self, listing: &Listing, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        if self.looks_for_texts() {
            // As in every list's search: each text gets a plan of its own.
            out.unsafe_to_cache_prepared();
        }
        push_tree(listing, self, out)
    }
}
