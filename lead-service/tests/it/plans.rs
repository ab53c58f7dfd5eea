//! Every list has the indexes that its default form and its filters need: nothing reads a whole table.

use std::{fmt::Write, sync::Arc};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use contracts::TenantId;
use diesel::{
    QueryableByName,
    sql_types::{Integer, Jsonb, Text},
};
use diesel_async::RunQueryDsl;
use lead_service::LeadService;
use platform::{
    Problem,
    command::App,
    db::{TenantTx, Visibility, plans, value::Kind},
    http::list::{Criteria, Listing},
};
use serde_json::Value;
use testkit::TestDatabase;
use uuid::Uuid;

use crate::arrange::Leads;

/// Rows of a list that grows as people work, and of one that somebody sets up.
const ROWS: [usize; 2] = [200_000, 20_000];
/// Tenants in turn, so that the rows of each are everywhere in the table.
const TENANTS: usize = 20;

/// Every list that the service declares.
fn listings() -> Vec<&'static Listing> {
    let mut listings: Vec<&Listing> = Vec::new();
    for route in LeadService::routes().iter() {
        if let Some(listing) = (route.operation)().listing
            && listings.iter().all(|known| known.table != listing.table)
        {
            listings.push(listing);
        }
    }
    listings
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Integer)]
    longest: i32,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Jsonb)]
    row: Value,
}

/// What stands in a column of row `n`; None for what keeps its default.
fn cell(listing: &Listing, Column { name, kind, longest }: &Column) -> Option<String> {
    let listed = listing.columns.iter().find(|column| column.name == name);
    if let Some(Kind::Choice(words)) = listed.map(|column| column.kind) {
        let words = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ");
        return Some(format!("(ARRAY[{words}])[1 + n * 7919 / 20 % {}]", words.split(", ").count()));
    }
    Some(match (name.as_str(), kind.as_str()) {
        ("id", _) => "gen_random_uuid()".to_owned(),
        ("tenant_id", _) => format!("md5((n % {TENANTS})::text)::uuid"),
        ("deleted_at" | "merged_into", _) => return None,
        // Of these, a tenant may have one that is so.
        ("is_default", _) => "false".to_owned(),
        (_, "character varying" | "text") => format!("left(md5(n::text), {longest})"),
        ("user_id", _) => "md5(n::text)::uuid".to_owned(),
        (_, "uuid") => "md5((n / 20 % 500)::text)::uuid".to_owned(),
        (_, "timestamp with time zone") => "now() - random() * interval '730 days'".to_owned(),
        (_, "date") => "(now() - random() * interval '730 days')::date".to_owned(),
        (_, "integer" | "bigint" | "numeric") => "n / 20 % 1000".to_owned(),
        (_, "double precision") => "random() * 100".to_owned(),
        (_, "boolean") => "random() < 0.5".to_owned(),
        (_, "jsonb") => "'{}'".to_owned(),
        (_, "bytea") => "decode(md5(n::text), 'hex')".to_owned(),
        (_, "ARRAY") => "'{}'".to_owned(),
        (name, kind) => panic!("what to put into {name} of type {kind}?"),
    })
}

/// Fills the table of a list with rows that make no sense and have the spread of real ones.
async fn fill(database: &TestDatabase, listing: &Listing) {
    let columns: Vec<Column> = diesel::sql_query(
        "SELECT column_name::text AS name, data_type::text AS kind, \
         least(coalesce(character_maximum_length, 6), 6)::integer AS longest FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name = $1",
    )
    .bind::<Text, _>(listing.table)
    .load(&mut database.superuser().await)
    .await
    .unwrap();
    let filled: Vec<(&str, String)> =
        columns.iter().filter_map(|column| Some((column.name.as_str(), cell(listing, column)?))).collect();
    let (names, cells): (Vec<_>, Vec<_>) =
        filled.iter().map(|(name, cell)| (format!("\"{name}\""), cell.as_str())).unzip();
    let (table, names, cells) = (listing.table, names.join(", "), cells.join(", "));
    let rows = if listing.cursor { ROWS[0] } else { ROWS[1] };
    // References and triggers are out of the way, and what rows must be is not what this is about. Indexes are made
    // faster when the rows are there.
    let mut sql = "SET session_replication_role = replica; SET maintenance_work_mem = '256MB'; ".to_owned();
    write!(
        sql,
        "CREATE TEMP TABLE indexes AS SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition \
         FROM pg_index WHERE indrelid = '{table}'::regclass AND NOT indisunique; \
         DO $$ DECLARE i record; BEGIN FOR i IN SELECT name FROM indexes LOOP EXECUTE 'DROP INDEX ' || i.name; \
         END LOOP; END $$; \
         DO $$ DECLARE c record; BEGIN FOR c IN SELECT conname FROM pg_constraint WHERE conrelid = '{table}'::regclass \
         AND contype = 'c' LOOP EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', c.conname); END LOOP; END $$; \
         INSERT INTO {table} ({names}) SELECT {cells} FROM generate_series(0, {rows} - 1) AS n ON CONFLICT DO NOTHING; \
         DO $$ DECLARE i record; BEGIN FOR i IN SELECT definition FROM indexes LOOP EXECUTE i.definition; \
         END LOOP; END $$; \
         VACUUM ANALYZE {table}"
    )
    .unwrap();
    for statement in sql.split("; VACUUM") {
        let statement = if statement.starts_with(" ANALYZE") {
            format!("VACUUM{statement}")
        } else {
            statement.to_owned()
        };
        TestDatabase::execute(database, &statement).await;
    }
}

/// A filter on each column, with the value of some row of the tenant.
async fn filters(tx: &mut TenantTx<'_>, listing: &'static Listing) -> Result<Vec<String>, Problem> {
    let sql = format!("SELECT to_jsonb(t) AS row FROM {} t LIMIT 1", listing.table);
    let Row { row } = diesel::sql_query(sql).get_result(&mut **tx).await?;
    let value = |name: &str| match &row[name] {
        Value::String(text) => text.replace('+', "%2B"),
        other => other.to_string(),
    };
    let filters = listing.columns.iter().map(|column| format!("{}={}", column.name, value(column.name)));
    Ok(filters.collect())
}

/// The query of a stretch that begins in the midst of the list.
async fn midst(tx: &mut TenantTx<'_>, listing: &'static Listing) -> Result<String, Problem> {
    let (name, descending) =
        listing.ordering.strip_prefix('-').map_or((listing.ordering, false), |name| (name, true));
    let way = if descending { "DESC NULLS LAST" } else { "ASC NULLS FIRST" };
    let sql = format!(
        "SELECT to_jsonb(t) AS row FROM {} t ORDER BY \"{name}\" {way} OFFSET 100 LIMIT 1",
        listing.table
    );
    let Row { row } = diesel::sql_query(sql).get_result(&mut **tx).await?;
    let place = serde_json::json!([listing.ordering, [row[name], row["id"]]]);
    Ok(format!("cursor={}", BASE64_URL_SAFE_NO_PAD.encode(place.to_string())))
}

/// What stands under this name in the nodes of a plan.
fn all(name: &str, node: &Value, found: &mut Vec<String>) {
    found.extend(node[name].as_str().map(str::to_owned));
    for part in node["Plans"].as_array().into_iter().flatten() {
        all(name, part, found);
    }
}

/// What stands under this name in the nodes of the plan for a query.
async fn planned(tx: &mut TenantTx<'_>, listing: &'static Listing, query: &str, name: &str) -> Vec<String> {
    let criteria = Criteria::of(listing, query).unwrap_or_else(|problem| panic!("{query}: {problem:?}"));
    let plan = plans::plan(tx, &Arc::new(criteria), &Visibility::All).await.unwrap();
    let mut found = Vec::new();
    all(name, &plan[0]["Plan"], &mut found);
    found
}

/// The forms of a list that read more than they need.
async fn wasteful(tx: &mut TenantTx<'_>, listing: &'static Listing) -> Result<Vec<String>, Problem> {
    let mut queries = vec![String::new()];
    queries.extend(filters(tx, listing).await?);
    if !listing.search.is_empty() {
        // What people look for is rare.
        queries.push("search=nobody%20has".to_owned());
    }
    let mut bad = Vec::new();
    for query in queries {
        let nodes = planned(tx, listing, &query, "Node Type").await;
        let whole = nodes.iter().any(|node| node.contains("Seq Scan"));
        let sorted = query.is_empty() && nodes.iter().any(|node| node.contains("Sort"));
        if whole || sorted {
            bad.push(format!("{} ?{query}: {}", listing.table, nodes.join(" < ")));
        }
    }
    if listing.cursor {
        let query = midst(tx, listing).await?;
        let conditions = planned(tx, listing, &query, "Index Cond").await;
        let column = listing.ordering.trim_start_matches('-');
        let goes_on = |condition: &String| condition.contains(&format!("{column} <="));
        if !conditions.iter().any(goes_on) {
            bad.push(format!("{} begins anew at a cursor: {conditions:?}", listing.table));
        }
    }
    Ok(bad)
}

#[actix_web::test]
async fn no_list_reads_a_whole_table_whatever_it_is_filtered_by() {
    let app = Leads::start().await;
    let listings = listings();
    assert!(listings.len() >= 20, "the lists are found: {}", listings.len());
    let tenant = TenantId("cfcd2084-95d5-65ef-66e7-dff9f98764da".parse::<Uuid>().unwrap());

    let mut bad = Vec::new();
    for listing in listings {
        fill(&app.database, listing).await;
        bad.extend(app.base.db.in_tenant(tenant, async |tx| wasteful(tx, listing).await).await.unwrap());
        TestDatabase::execute(&app.database, &format!("TRUNCATE {} CASCADE", listing.table)).await;
    }

    assert!(bad.is_empty(), "{} forms of lists:\n{}", bad.len(), bad.join("\n"));
}
