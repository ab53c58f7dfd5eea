//! Read-only transactions and cancelled transactions.

use std::time::{Duration, Instant};

use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use platform::Problem;

use crate::arrange::{Leads, product};

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    number: i64,
}

async fn products(app: &Leads, tenant: contracts::TenantId) -> i64 {
    let counted: Result<Number, Problem> = app
        .base
        .db
        .read(tenant, async |tx| {
            Ok(diesel::sql_query("SELECT count(*) AS number FROM products").get_result(&mut **tx).await?)
        })
        .await;
    counted.unwrap().number
}

#[actix_web::test]
async fn a_read_sees_its_tenant_alone_and_writes_nothing() {
    let app = Leads::start().await;
    let (ours, theirs) = (app.tenant().await, app.tenant().await);
    product(&app.user(ours)).await;

    let written: Result<(), Problem> = app
        .base
        .db
        .read(ours, async |tx| Ok(tx.batch_execute("UPDATE products SET name = 'changed'").await?))
        .await;

    assert!(written.is_err());
    // The connection that was refused is as good as any other afterwards.
    for _ in 0..20 {
        assert_eq!((products(&app, ours).await, products(&app, theirs).await), (1, 0));
    }
}

#[actix_web::test]
async fn a_read_in_one_statement_sees_its_tenant_alone_and_leaves_none_behind() {
    let app = Leads::start().await;
    let (ours, theirs) = (app.tenant().await, app.tenant().await);
    product(&app.user(ours)).await;
    let count = || diesel::sql_query("SELECT count(*) AS number FROM products");

    for _ in 0..20 {
        let (found, foreign) =
            futures::join!(app.base.db.look_up(ours, count()), app.base.db.look_up(theirs, count()));
        let number = |found: Result<Vec<Number>, Problem>| found.unwrap()[0].number;
        assert_eq!((number(found), number(foreign)), (1, 0));

        let after: Result<Number, Problem> =
            app.base.db.in_global(async |tx| Ok(count().get_result(&mut **tx).await?)).await;
        assert_eq!(after.unwrap().number, 0, "the connection still knows a tenant");
    }
}

#[actix_web::test]
async fn a_read_that_is_given_up_holds_nobody_up() {
    let app = Leads::start().await;
    let ours = app.tenant().await;
    let sleeping = (0..6).map(|_| {
        app.base.db.read(ours, async |tx| Ok::<_, Problem>(tx.batch_execute("SELECT pg_sleep(4)").await?))
    });
    let all = futures::future::join_all(sleeping);
    assert!(tokio::time::timeout(Duration::from_millis(300), all).await.is_err());

    let started = Instant::now();
    for _ in 0..6 {
        assert_eq!(products(&app, ours).await, 0);
    }

    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}
