//! Tables to move: the tenant-owned tables of both places, according to PostgreSQL's catalogue.
//!
//! Statements name the tenant although the owner's policy does, too: that one does not hold for a superuser.

use contracts::TenantId;
use diesel::{
    QueryableByName,
    sql_types::{Array, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::super::placement::quoted;
use crate::http::problem::Problem;

/// A table of both places.
pub struct Table {
    /// Its name.
    pub name: String,
    /// Columns of its primary key.
    key: Vec<String>,
    /// Columns that are written; the others follow from them.
    written: Vec<String>,
    /// All columns.
    all: Vec<String>,
}

#[derive(QueryableByName, PartialEq, Eq)]
struct Row {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Array<Text>)]
    key: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    written: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    all_columns: Vec<String>,
}

/// The tables to move between `public` and `schema`.
///
/// # Errors
/// 503 when the two differ, because one of them is just being migrated; 500 when a table has no primary key.
pub async fn of(connection: &mut AsyncPgConnection, schema: &str) -> Result<Vec<Table>, Problem> {
    let shared = describe(connection, "public").await?;
    let own = describe(connection, schema).await?;
    if shared != own {
        return Err(Problem::unavailable(format!("the tables of public and {schema} are not the same now")));
    }
    let keyless: Vec<&str> =
        own.iter().filter(|table| table.key.is_empty()).map(|table| table.name.as_str()).collect();
    if !keyless.is_empty() {
        return Err(Problem::internal(format!("tables without a primary key: {}", keyless.join(", "))));
    }
    let table = |row: Row| Table { name: row.name, key: row.key, written: row.written, all: row.all_columns };
    Ok(own.into_iter().map(table).collect())
}

async fn describe(connection: &mut AsyncPgConnection, schema: &str) -> Result<Vec<Row>, Problem> {
    // In an order of their own: columns that came later stand in any order.
    let rows = diesel::sql_query(
        "SELECT c.relname::text AS name, \
         ARRAY(SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid \
         AND a.attnum = ANY(i.indkey) WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY a.attname) AS key, \
         ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 \
         AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attname) AS written, \
         ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 \
         AND NOT a.attisdropped ORDER BY a.attname) AS all_columns \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition \
         AND c.relname IN (SELECT public.moved_tables()) ORDER BY c.relname",
    )
    .bind::<Text, _>(schema)
    .load(connection)
    .await?;
    Ok(rows)
}

fn list(columns: &[String], of: &str) -> String {
    columns.iter().map(|column| format!("{of}{}", quoted(column))).collect::<Vec<_>>().join(", ")
}

/// Rows are compared as text, since not every type can be compared.
fn row(columns: &[String], of: &str) -> String {
    format!("ROW({})::text", list(columns, of))
}

impl Table {
    fn in_place(&self, place: &str) -> String {
        format!("{}.{}", quoted(place), quoted(&self.name))
    }

    fn same_key(&self) -> String {
        let same = |column: &String| format!("s.{0} = t.{0}", quoted(column));
        self.key.iter().map(same).collect::<Vec<_>>().join(" AND ")
    }

    /// Deletes what the target has of the tenant and the source has not, or not like that.
    pub fn delete_stale(&self, tenant: TenantId, source: &str, target: &str) -> String {
        format!(
            "DELETE FROM {target} t WHERE t.tenant_id = '{tenant}' AND NOT EXISTS (\
             SELECT FROM {source} s WHERE s.tenant_id = '{tenant}' AND {same} AND {ours} = {theirs})",
            target = self.in_place(target),
            source = self.in_place(source),
            same = self.same_key(),
            ours = row(&self.written, "s."),
            theirs = row(&self.written, "t."),
        )
    }

    /// Copies what the target has not.
    pub fn insert_missing(&self, tenant: TenantId, source: &str, target: &str) -> String {
        format!(
            "INSERT INTO {target} ({columns}) SELECT {from} FROM {source} s WHERE s.tenant_id = '{tenant}' \
             AND NOT EXISTS (SELECT FROM {target} t WHERE t.tenant_id = '{tenant}' AND {same})",
            target = self.in_place(target),
            source = self.in_place(source),
            columns = list(&self.written, ""),
            from = list(&self.written, "s."),
            same = self.same_key(),
        )
    }

    /// Number of the tenant's rows, and the sum of their digests, as one text.
    pub fn sum(&self, tenant: TenantId, place: &str) -> String {
        format!(
            "SELECT count(*) || ' rows, digest ' || \
             coalesce(sum(hashtextextended({row}, 0)::numeric), 0) AS sum FROM {place} s WHERE s.tenant_id = '{tenant}'",
            row = row(&self.all, "s."),
            place = self.in_place(place),
        )
    }

    /// Deletes all of the tenant's rows.
    pub fn clear(&self, tenant: TenantId, place: &str) -> String {
        format!("DELETE FROM {} WHERE tenant_id = '{tenant}'", self.in_place(place))
    }
}
