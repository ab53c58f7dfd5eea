//! Which rows, as SQL: whose they are, and what is asked of them. Names come from the resource's listing; values are bound.

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::AstPass,
    sql_types::{Array, Text, Uuid as SqlUuid},
};
use uuid::Uuid;

use super::{tx::Visibility, value::Bound};
use crate::http::list::{Condition, Op, Tree};

/// `AND (owner = ANY(…) OR …)`, nothing for those who see all. An owner `column->table.owner` is that of the row of
/// `table` whose id stands in `column`.
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

pub(super) fn push_contains<'b>(text: &'b String, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    // The caller's % and _ mean themselves.
    out.push_sql(" ILIKE '%' || replace(replace(replace(");
    out.push_bind_param::<Text, _>(text)?;
    out.push_sql(", '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'");
    Ok(())
}

pub(super) fn push_condition<'b>(condition: &'b Condition, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    if let Some(member) = &condition.member {
        out.push_sql("(");
        out.push_identifier(condition.column)?;
        out.push_sql(" ->> ");
        out.push_bind_param::<Text, _>(member)?;
        out.push_sql(")");
    } else {
        out.push_identifier(condition.column)?;
    }
    let first = condition.values.as_slice().first();
    match (condition.op, first) {
        (Op::IsNull, Some(Bound::Bool(true))) => out.push_sql(" IS NULL"),
        (Op::IsNull, _) => out.push_sql(" IS NOT NULL"),
        (Op::In, _) => {
            out.push_sql(" IN (NULL");
            for value in &condition.values {
                out.push_sql(", ");
                value.push(out)?;
            }
            out.push_sql(")");
        }
        (Op::Contains, Some(Bound::Text(text))) => push_contains(text, out)?,
        (op, Some(value)) => {
            out.push_sql(match op {
                Op::Gt => " > ",
                Op::Gte => " >= ",
                Op::Lt => " < ",
                Op::Lte => " <= ",
                _ => " = ",
            });
            value.push(out)?;
        }
        (_, None) => out.push_sql(" IS NULL"),
    }
    Ok(())
}

pub(super) fn push_tree<'b>(tree: &'b Tree, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    let (parts, word) = match tree {
        Tree::Is(condition) => return push_condition(condition, out),
        Tree::Not(part) => {
            out.push_sql("((");
            push_tree(part, out)?;
            out.push_sql(") IS NOT TRUE)");
            return Ok(());
        }
        Tree::All(parts) => (parts, " AND "),
        Tree::Any(parts) => (parts, " OR "),
    };
    out.push_sql("(");
    for (index, part) in parts.iter().enumerate() {
        out.push_sql(if index == 0 { "" } else { word });
        push_tree(part, out)?;
    }
    out.push_sql(")");
    Ok(())
}
