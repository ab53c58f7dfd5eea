//! Every list has the indexes that its default form and its filters need: nothing reads a whole table.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use contracts::TenantId;
use diesel::{
    Queryable, QueryableByName, Selectable,
    dsl::sql,
    expression::SqlLiteral,
    pg::Pg,
    sql_types::{BigInt, Bool, Integer, Jsonb, Text, Uuid as SqlUuid},
};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use lead_service::LeadService;
use platform::{
    Problem,
    command::App,
    db::{TenantTx, Visibility, list, plans, value::Kind},
    http::list::{Criteria, Listing},
};
use serde_json::Value;
use testkit::TestDatabase;
use uuid::Uuid;

use crate::arrange::Leads;

/// Rows of a growing list, and of a configuration list.
const ROWS: [usize; 2] = [100_000, 20_000];
/// Tenants in turn, so that the rows of each are everywhere in the table.
const TENANTS: usize = 20;

/// Orderings beside their own that lists are read in: by what something is worth.
const RANKED: [(&str, &str); 3] =
    [("customers", "-lifetime_value"), ("deals", "-value"), ("orders", "-total_amount")];
/// What people are called that no index orders by: it would be written with every lead that comes in.
const UNORDERED: [(&str, &str); 2] = [("leads", "first_name"), ("leads", "company_name")];
/// Texts that are searched in, of each column.
const WORDS: usize = 5_000;

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
    #[diesel(sql_type = Bool)]
    is_unique: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Jsonb)]
    row: Value,
}

/// What stands in a column of row `n`; None for what keeps its default.
fn cell(listing: &Listing, Column { name, kind, longest, is_unique }: &Column) -> Option<String> {
    let listed = listing.columns.iter().find(|column| column.name == name);
    let matters = listed.is_some()
        || listing.search.contains(&name.as_str())
        || listing.owners.contains(&name.as_str());
    if let Some(Kind::Choice(words)) = listed.map(|column| column.kind) {
        let words = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ");
        return Some(format!("(ARRAY[{words}])[1 + n * 7919 / 20 % {}]", words.split(", ").count()));
    }
    Some(match (name.as_str(), kind.as_str()) {
        ("id", _) => "gen_random_uuid()".to_owned(),
        ("tenant_id", _) => format!("md5((n % {TENANTS})::text)::uuid"),
        // Of the imports of a tenant, one may be held by a worker.
        ("deleted_at" | "merged_into" | "worker", _) => return None,
        // Of these, a tenant may have one that is so.
        ("is_default", _) => "false".to_owned(),
        // What is searched in is said by several, as names are, which makes its index in a fraction of the time.
        (name, "character varying" | "text") if listing.search.contains(&name) && !is_unique => {
            format!("left(md5((n % {WORDS})::text), {longest})")
        }
        (_, "character varying" | "text") => format!("left(md5(n::text), {longest})"),
        // What is neither filtered nor ordered by only makes rows as wide as they are.
        ("user_id", _) => "md5(n::text)::uuid".to_owned(),
        (_, "uuid") if !matters => "'cfcd2084-95d5-65ef-66e7-dff9f98764da'::uuid".to_owned(),
        (_, "timestamp with time zone" | "date") if !matters => "now()".to_owned(),
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
         least(coalesce(character_maximum_length, 6), 6)::integer AS longest, EXISTS (SELECT FROM pg_index \
         WHERE indrelid = $1::regclass AND indisunique AND pg_get_indexdef(indexrelid) ~ ('\\m' || column_name || '\\M')) \
         AS is_unique FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER'",
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
    // faster when the rows are there, and nothing of it has to outlive a crash.
    let statements = [
        "SET session_replication_role = replica; SET maintenance_work_mem = '256MB'".to_owned(),
        format!(
            "CREATE TEMP TABLE indexes AS SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition \
             FROM pg_index WHERE indrelid = '{table}'::regclass AND NOT indisunique"
        ),
        each("name", "FROM indexes", "'DROP INDEX ' || one.name"),
        each(
            "conname AS name",
            &format!("FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = 'c'"),
            &format!("format('ALTER TABLE {table} DROP CONSTRAINT %I', one.name)"),
        ),
        format!("ALTER TABLE {table} SET UNLOGGED"),
        format!(
            "INSERT INTO {table} ({names}) SELECT {cells} FROM generate_series(0, {rows} - 1) AS n ON CONFLICT DO NOTHING"
        ),
        each("definition", "FROM indexes", "one.definition"),
        format!("VACUUM ANALYZE {table}"),
    ];
    let mut connection = database.superuser().await;
    for statement in &statements {
        let done = connection.batch_execute(statement).await;
        done.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    let made = database.number(&format!("SELECT count(*) AS number FROM {table}")).await;
    assert!(usize::try_from(made).unwrap() > rows * 3 / 4, "{made} rows of {table}");
}

/// A block that executes, for each row, what an expression of it says.
fn each(columns: &str, from: &str, executed: &str) -> String {
    format!(
        "DO $$ DECLARE one record; BEGIN FOR one IN SELECT {columns} {from} LOOP EXECUTE {executed}; END LOOP; END $$"
    )
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

/// Orderings beside its own that a list is read in: by what something is worth, and by what it is called.
fn orderings(listing: &Listing) -> Vec<String> {
    let ranked = RANKED.iter().filter(|(table, _)| *table == listing.table);
    let mut orderings: Vec<String> = ranked.map(|(_, ordering)| (*ordering).to_owned()).collect();
    for column in listing.columns.iter().filter(|column| column.kind == Kind::Text) {
        let is_name = matches!(column.name, "name" | "title") || column.name.ends_with("_name");
        if is_name && !UNORDERED.contains(&(listing.table, column.name)) {
            orderings.extend([column.name.to_owned(), format!("-{}", column.name)]);
        }
    }
    orderings
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

/// A row's id, for any table.
#[derive(Queryable)]
struct Id {
    _id: Uuid,
}

impl Selectable<Pg> for Id {
    type SelectExpression = (SqlLiteral<SqlUuid>,);

    fn construct_selection() -> Self::SelectExpression {
        (sql("id"),)
    }
}

#[derive(QueryableByName)]
struct Scans {
    #[diesel(sql_type = BigInt)]
    scans: i64,
}

/// How often this transaction has read a whole table.
async fn scans(tx: &mut TenantTx<'_>, table: &str) -> Result<i64, Problem> {
    let sql = "SELECT seq_scan AS scans FROM pg_stat_xact_user_tables WHERE relname = $1";
    let scans: Scans = diesel::sql_query(sql).bind::<Text, _>(table).get_result(&mut **tx).await?;
    Ok(scans.scans)
}

/// Whether a page and its count, done for real, read the whole table.
async fn reads_all(
    tx: &mut TenantTx<'_>,
    listing: &'static Listing,
    query: &str,
    visibility: &Visibility,
) -> Result<bool, Problem> {
    let criteria =
        Arc::new(Criteria::of(listing, query).unwrap_or_else(|problem| panic!("{query}: {problem:?}")));
    let before = scans(tx, listing.table).await?;
    let (count, _) = list::load::<Id>(tx, &criteria, visibility).await?;
    assert!(count.is_some(), "{query} is counted");
    Ok(scans(tx, listing.table).await? > before)
}

/// The forms of a list that read more than they need.
async fn wasteful(tx: &mut TenantTx<'_>, listing: &'static Listing) -> Result<Vec<String>, Problem> {
    let mut queries = vec![String::new()];
    queries.extend(filters(tx, listing).await?);
    if !listing.search.is_empty() {
        // What people look for is rare.
        queries.push("search=unknown%20has".to_owned());
    }
    let mut bad = Vec::new();
    for query in queries {
        let nodes = planned(tx, listing, &query, "Node Type").await;
        let whole = nodes.iter().any(|node| node.contains("Seq Scan"));
        let sorted = query.is_empty() && nodes.iter().any(|node| node.contains("Sort"));
        if whole || sorted {
            bad.push(format!("{} ?{query}: {}", listing.table, nodes.join(" < ")));
        }
        if reads_all(tx, listing, &query, &Visibility::All).await? {
            bad.push(format!("{} ?{query} is counted by reading everything", listing.table));
        }
    }
    if !listing.owners.is_empty() {
        let one_person = Visibility::Of(vec!["cfcd2084-95d5-65ef-66e7-dff9f98764da".parse().unwrap()]);
        if reads_all(tx, listing, "", &one_person).await? {
            bad.push(format!("{} of one person is counted by reading everything", listing.table));
        }
    }
    for ordering in orderings(listing) {
        let nodes = planned(tx, listing, &format!("ordering={ordering}"), "Node Type").await;
        if nodes.iter().any(|node| node.contains("Sort")) {
            bad.push(format!("{} by {ordering}: {}", listing.table, nodes.join(" < ")));
        }
    }
    if listing.cursor {
        let query = midst(tx, listing).await?;
        let conditions = planned(tx, listing, &query, "Index Cond").await;
        let column = listing.ordering.trim_start_matches('-');
        let goes_on = |condition: &String| condition.contains(&format!("{column} <="));
        if !conditions.iter().any(goes_on) {
            let nodes = planned(tx, listing, &query, "Node Type").await;
            bad.push(format!(
                "{} reads from its beginning at a cursor: {conditions:?} {nodes:?}",
                listing.table
            ));
        }
    }
    Ok(bad)
}

#[actix_web::test]
async fn no_list_reads_a_whole_table_whatever_it_is_filtered_by() {
    let app = Leads::start().await;
    let listings = listings();
    assert!(listings.len() >= 20, "the lists are found: {}", listings.len());
    // Tables that outlive a crash cannot refer to those that don't.
    let alone = each(
        "conrelid::regclass AS owner, conname AS name",
        "FROM pg_constraint WHERE contype = 'f' AND conparentid = 0",
        "format('ALTER TABLE %s DROP CONSTRAINT %I', one.owner, one.name)",
    );
    TestDatabase::execute(&app.database, &alone).await;
    let tenant = TenantId("cfcd2084-95d5-65ef-66e7-dff9f98764da".parse::<Uuid>().unwrap());

    let mut bad = Vec::new();
    for listing in listings {
        fill(&app.database, listing).await;
        bad.extend(app.base.db.in_tenant(tenant, async |tx| wasteful(tx, listing).await).await.unwrap());
        TestDatabase::execute(&app.database, &format!("TRUNCATE {} CASCADE", listing.table)).await;
    }

    assert!(bad.is_empty(), "{} forms of lists:\n{}", bad.len(), bad.join("\n"));
}

#[actix_web::test]
async fn each_search_gets_a_plan_of_its_own() {
    let app = Leads::start().await;
    let tenant = app.tenant().await;
    let listing = listings().into_iter().find(|listing| listing.table == "leads").unwrap();
    let kept = |query: &'static str, part: &'static str| {
        let criteria = Arc::new(Criteria::of(listing, query).unwrap());
        app.base.db.in_tenant(tenant, async move |tx| {
            // PostgreSQL begins to keep one plan for all values after the fifth time.
            for _ in 0..7 {
                list::load::<Id>(tx, &criteria, &Visibility::All).await?;
            }
            let sql = "SELECT count(*) AS scans FROM pg_prepared_statements WHERE statement LIKE $1";
            let kept: Scans = diesel::sql_query(sql).bind::<Text, _>(part).get_result(&mut **tx).await?;
            Ok::<_, Problem>(kept.scans)
        })
    };

    assert!(kept("status=new", "%FROM \"leads\"%status%").await.unwrap() > 0);
    assert_eq!(kept("search=ada", "%FROM \"leads\"%ILIKE%").await.unwrap(), 0);
    // So does a page that many rows come before, and its count; one that few come before is read like the first.
    let count = "SELECT count(*) FROM \"leads\" WHERE deleted_at IS NULL";
    assert_eq!(kept("page=30&page_size=50", "%FROM \"leads\"%OFFSET 1450").await.unwrap(), 0);
    assert_eq!(kept("page=30&page_size=50", count).await.unwrap(), 0);
    assert!(kept("page=3&page_size=50", "%FROM \"leads\"%OFFSET 100").await.unwrap() > 0);
    assert!(kept("page=3&page_size=50", count).await.unwrap() > 0);
    // What follows in the transaction is planned for all tenants again.
    let criteria = Arc::new(Criteria::of(listing, "search=ada").unwrap());
    let plans = app.base.db.in_tenant(tenant, async |tx| {
        list::load::<Id>(tx, &criteria, &Visibility::All).await?;
        let sql = "SELECT (current_setting('app.plans', true) = 'tenant')::integer::bigint AS scans";
        Ok::<Scans, Problem>(diesel::sql_query(sql).get_result(&mut **tx).await?)
    });
    assert_eq!(plans.await.unwrap().scans, 0);
}
