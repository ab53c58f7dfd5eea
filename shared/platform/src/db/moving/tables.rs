//! Tables to move: the tenant-owned tables of both places, according to PostgreSQL's catalogue.
//!
//! Statements name the tenant although the owner's policy does, too: that one does not hold for a superuser.

use contracts::TenantId;
use diesel::{
    QueryableByName,
    sql_types::{Array, Bool, Text},
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

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Bool)]
    is_shared: bool,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Array<Text>)]
    key: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    written: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    all_columns: Vec<String>,
}

impl Row {
    /// Whether it is the same table in the other place.
    fn is_like(&self, other: &Self) -> bool {
        (&self.name, &self.key, &self.written, &self.all_columns)
            == (&other.name, &other.key, &other.written, &other.all_columns)
    }
}

/// The tables to move between `public` and `schema`.
///
/// # Errors
/// 503 when the two differ, because one of them is just being migrated; 500 when a table has no primary key.
pub async fn of(connection: &mut AsyncPgConnection, schema: &str) -> Result<Vec<Table>, Problem> {
    let (shared, own): (Vec<Row>, Vec<Row>) =
        describe(connection, schema).await?.into_iter().partition(|row| row.is_shared);
    let is_same = |(one, other): (&Row, &Row)| one.is_like(other);
    if shared.len() != own.len() || !shared.iter().zip(&own).all(is_same) {
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

/// The tables to move of `public` and of `schema`, in one answer.
async fn describe(connection: &mut AsyncPgConnection, schema: &str) -> Result<Vec<Row>, Problem> {
    // In an order of their own: columns that came later stand in any order.
    let rows = diesel::sql_query(
        "SELECT n.nspname = 'public' AS is_shared, c.relname::text AS name, \
         ARRAY(SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid \
         AND a.attnum = ANY(i.indkey) WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY a.attname) AS key, \
         ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 \
         AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attname) AS written, \
         ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 \
         AND NOT a.attisdropped ORDER BY a.attname) AS all_columns \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname IN ('public', $1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition \
         AND c.relname IN (SELECT public.moved_tables()) ORDER BY c.relname",
    )
    .bind::<Text, _>(schema)
    .load(connection)
    .await?;
    Ok(rows)
}

/// Statements that make the target's rows of these tables the source's, each ending in a semicolon.
pub fn even_out(tables: &[&Table], tenant: TenantId, source: &str, target: &str) -> String {
    let deleted = tables.iter().map(|table| table.delete_stale(tenant, source, target));
    let inserted = tables.iter().map(|table| table.insert_missing(tenant, source, target));
    deleted.chain(inserted).map(|statement| format!("{statement};")).collect()
}

/// Selects number and digest of the tenant's rows of each of these tables, in their order.
pub fn sums(tables: &[&Table], tenant: TenantId, place: &str) -> String {
    let sum = |(number, table): (usize, &&Table)| {
        format!("SELECT {number} AS place, ({}) AS sum", table.sum(tenant, place))
    };
    let sums: Vec<String> = tables.iter().enumerate().map(sum).collect();
    format!("SELECT sum FROM ({}) sums ORDER BY place", sums.join(" UNION ALL "))
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

    /// Selects the number of the tenant's rows and the sum of their digests, as one text.
    fn sum(&self, tenant: TenantId, place: &str) -> String {
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
