//! Rows of a listed table by id: read, locked, deleted softly and brought back, as far as the asker sees.

use std::{marker::PhantomData, sync::Arc};

use chrono::{DateTime, Utc};
use diesel::{
    Expression, QueryableByName, Selectable,
    dsl::AsSelect,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{Array, Nullable, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, methods::LoadQuery};
use futures::future::LocalBoxFuture;

use super::{
    Cacheable, Db,
    conditions::push_visibility,
    entered::Entered,
    list::columns,
    tx::{TenantTx, Visibility},
};
use crate::http::{
    list::{Criteria, Listed, Listing},
    problem::Problem,
};

// What `stored!` names in other crates.
#[doc(hidden)]
pub use contracts::TenantId;
#[doc(hidden)]
pub use diesel::QueryResult;
#[doc(hidden)]
pub use uuid::Uuid;
#[doc(hidden)]
pub type Boxed<'a, T> = LocalBoxFuture<'a, T>;
#[doc(hidden)]
pub type Time = DateTime<Utc>;

/// Rows of one stretch of a list, with how many match in all where that was asked for.
pub type Stretch<R> = (Option<i64>, Vec<R>);

/// What a listed wire type that is also a row can do with its table; [`stored!`](crate::stored) implements it.
///
/// Futures are boxed and the implementation is written out for each type, because a blanket implementation makes the compiler
/// prove everything that diesel asks of a row of fifty columns in each function that names one.
pub trait Stored: Listed + Sized {
    /// One stretch of the list and, where asked for, how many match in all.
    fn page<'a>(
        tx: &'a mut TenantTx<'_>,
        criteria: &'a Arc<Criteria>,
        visibility: &'a Visibility,
    ) -> Boxed<'a, Result<Stretch<Self>, Problem>>;

    /// As [`Stored::page`], outside any transaction.
    fn look_up_page<'a>(
        db: &'a Db,
        tenant: TenantId,
        criteria: &'a Arc<Criteria>,
        visibility: &'a Visibility,
    ) -> Boxed<'a, Result<Stretch<Self>, Problem>>;

    /// Reads one that the caller may see, outside any transaction. As in the next two, the id of one that was merged into
    /// another is that of the other.
    fn look_up<'a>(
        db: &'a Db,
        tenant: TenantId,
        id: Uuid,
        visibility: &'a Visibility,
    ) -> Boxed<'a, Result<Self, Problem>>;

    /// Reads one that the caller may see.
    fn find<'a>(
        tx: &'a mut TenantTx<'_>,
        id: Uuid,
        visibility: &'a Visibility,
    ) -> Boxed<'a, QueryResult<Self>>;

    /// Reads one that the caller may see and is about to change.
    fn lock<'a>(
        tx: &'a mut TenantTx<'_>,
        id: Uuid,
        visibility: &'a Visibility,
    ) -> Boxed<'a, QueryResult<Self>>;

    /// Reads a deleted one that the caller might see and is about to restore.
    fn lock_deleted<'a>(
        tx: &'a mut TenantTx<'_>,
        id: Uuid,
        visibility: &'a Visibility,
    ) -> Boxed<'a, QueryResult<Self>>;

    /// Deletes one softly, or brings it back.
    fn set_deleted<'a>(
        tx: &'a mut TenantTx<'_>,
        id: Uuid,
        at: Option<DateTime<Utc>>,
    ) -> Boxed<'a, QueryResult<Self>>;
}

/// Implements [`Stored`](crate::db::Stored) for a type that is [`Listed`](crate::http::list::Listed) and `Selectable`.
#[macro_export]
macro_rules! stored {
    ($row:ty) => {
        impl $crate::db::Stored for $row {
            fn page<'a>(
                tx: &'a mut $crate::db::TenantTx<'_>,
                criteria: &'a ::std::sync::Arc<$crate::http::list::Criteria>,
                visibility: &'a $crate::db::Visibility,
            ) -> $crate::db::stored::Boxed<'a, Result<$crate::db::stored::Stretch<Self>, $crate::Problem>>
            {
                Box::pin($crate::db::list::load(tx, criteria, visibility))
            }

            fn look_up_page<'a>(
                db: &'a $crate::db::Db,
                tenant: $crate::db::stored::TenantId,
                criteria: &'a ::std::sync::Arc<$crate::http::list::Criteria>,
                visibility: &'a $crate::db::Visibility,
            ) -> $crate::db::stored::Boxed<'a, Result<$crate::db::stored::Stretch<Self>, $crate::Problem>>
            {
                Box::pin($crate::db::list::look_up(db, tenant, criteria, visibility))
            }

            fn look_up<'a>(
                db: &'a $crate::db::Db,
                tenant: $crate::db::stored::TenantId,
                id: $crate::db::stored::Uuid,
                visibility: &'a $crate::db::Visibility,
            ) -> $crate::db::stored::Boxed<'a, Result<Self, $crate::Problem>> {
                Box::pin($crate::db::stored::look_up(db, tenant, id, visibility))
            }

            fn find<'a>(
                tx: &'a mut $crate::db::TenantTx<'_>,
                id: $crate::db::stored::Uuid,
                visibility: &'a $crate::db::Visibility,
            ) -> $crate::db::stored::Boxed<'a, $crate::db::stored::QueryResult<Self>> {
                Box::pin($crate::db::stored::find(tx, id, visibility))
            }

            fn lock<'a>(
                tx: &'a mut $crate::db::TenantTx<'_>,
                id: $crate::db::stored::Uuid,
                visibility: &'a $crate::db::Visibility,
            ) -> $crate::db::stored::Boxed<'a, $crate::db::stored::QueryResult<Self>> {
                Box::pin($crate::db::stored::lock(tx, id, visibility))
            }

            fn lock_deleted<'a>(
                tx: &'a mut $crate::db::TenantTx<'_>,
                id: $crate::db::stored::Uuid,
                visibility: &'a $crate::db::Visibility,
            ) -> $crate::db::stored::Boxed<'a, $crate::db::stored::QueryResult<Self>> {
                Box::pin($crate::db::stored::lock_deleted(tx, id, visibility))
            }

            fn set_deleted<'a>(
                tx: &'a mut $crate::db::TenantTx<'_>,
                id: $crate::db::stored::Uuid,
                at: Option<$crate::db::stored::Time>,
            ) -> $crate::db::stored::Boxed<'a, $crate::db::stored::QueryResult<Self>> {
                Box::pin($crate::db::stored::set_deleted(tx, id, at))
            }
        }
    };
}

#[doc(hidden)]
pub async fn look_up<R>(db: &Db, tenant: TenantId, id: Uuid, visibility: &Visibility) -> Result<R, Problem>
where
    R: Listed + Selectable<Pg> + Send,
    FindQuery<R>: LoadQuery<'static, AsyncPgConnection, R>,
    Entered<FindQuery<R>>: LoadQuery<'static, AsyncPgConnection, R>,
{
    let query = FindQuery::new(id, visibility, State::Alive);
    match db.look_up(tenant, query).await?.pop() {
        Some(row) => Ok(row),
        // No row for the caller: it may be one that was merged.
        None if R::MERGED_INTO.is_some() => {
            db.read(tenant, async |tx| reach(tx, id, visibility, false).await.map_err(Problem::from)).await
        }
        None => Err(Problem::not_found()),
    }
}

/// Times that a row may be merged into another one between two statements.
const MERGES: usize = 8;

/// Reads one, by its own id or by that of one merged into it.
async fn reach<R>(tx: &mut TenantTx<'_>, id: Uuid, visibility: &Visibility, is_locked: bool) -> QueryResult<R>
where
    R: Listed + Selectable<Pg> + Send,
    FindQuery<R>: LoadQuery<'static, AsyncPgConnection, R>,
{
    let mut id = id;
    for _ in 0..MERGES {
        let query = FindQuery::new(id, visibility, State::Alive);
        let query = if is_locked { query.locked() } else { query };
        match RunQueryDsl::get_result(query, &mut **tx).await {
            Err(diesel::result::Error::NotFound) => {}
            found => return found,
        }
        match successors::<R>(tx, &[id]).await?.pop() {
            Some((_, winner)) => id = winner,
            None => break,
        }
    }
    Err(diesel::result::Error::NotFound)
}

/// Those of the rows that were merged, each with the one that it is now, at the end of however many merges.
///
/// # Errors
/// Those of the database.
pub async fn successors<R: Listed>(tx: &mut TenantTx<'_>, ids: &[Uuid]) -> QueryResult<Vec<(Uuid, Uuid)>> {
    #[derive(QueryableByName)]
    struct Merged {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
        #[diesel(sql_type = SqlUuid)]
        winner: Uuid,
    }
    let Some(column) = R::MERGED_INTO.filter(|_| !ids.is_empty()) else { return Ok(Vec::new()) };
    let table = R::LISTING.table;
    let merged: Vec<Merged> = diesel::sql_query(format!(
        "WITH RECURSIVE way(id, winner, step) AS (\
         SELECT id, {column}, 1 FROM {table} WHERE id = ANY($1) AND {column} IS NOT NULL \
         UNION ALL SELECT w.id, l.{column}, w.step + 1 FROM way w JOIN {table} l ON l.id = w.winner \
         WHERE l.{column} IS NOT NULL AND w.step < 100) \
         SELECT DISTINCT ON (id) id, winner FROM way ORDER BY id, step DESC"
    ))
    .bind::<Array<SqlUuid>, _>(ids)
    .cached()
    .load(&mut **tx)
    .await?;
    Ok(merged.into_iter().map(|Merged { id, winner }| (id, winner)).collect())
}

#[doc(hidden)]
pub async fn find<R>(tx: &mut TenantTx<'_>, id: Uuid, visibility: &Visibility) -> QueryResult<R>
where
    R: Listed + Selectable<Pg> + Send,
    FindQuery<R>: LoadQuery<'static, AsyncPgConnection, R>,
{
    reach(tx, id, visibility, false).await
}

#[doc(hidden)]
pub async fn lock<R>(tx: &mut TenantTx<'_>, id: Uuid, visibility: &Visibility) -> QueryResult<R>
where
    R: Listed + Selectable<Pg> + Send,
    FindQuery<R>: LoadQuery<'static, AsyncPgConnection, R>,
{
    reach(tx, id, visibility, true).await
}

#[doc(hidden)]
pub async fn lock_deleted<R>(tx: &mut TenantTx<'_>, id: Uuid, visibility: &Visibility) -> QueryResult<R>
where
    R: Listed + Selectable<Pg> + Send,
    FindQuery<R>: LoadQuery<'static, AsyncPgConnection, R>,
{
    RunQueryDsl::get_result(FindQuery::new(id, visibility, State::Deleted).locked(), &mut **tx).await
}

#[doc(hidden)]
pub async fn set_deleted<R>(tx: &mut TenantTx<'_>, id: Uuid, at: Option<DateTime<Utc>>) -> QueryResult<R>
where
    R: Listed + Selectable<Pg> + Send,
    DeletionQuery<R>: LoadQuery<'static, AsyncPgConnection, R>,
{
    let query = DeletionQuery { id, at, now: Utc::now(), row: PhantomData };
    RunQueryDsl::get_result(query, &mut **tx).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Alive,
    Deleted,
}

/// `SELECT columns FROM table WHERE id = … [FOR UPDATE]`.
pub struct FindQuery<R> {
    id: Uuid,
    visibility: Visibility,
    state: State,
    lock: bool,
    row: PhantomData<fn() -> R>,
}

impl<R> Clone for FindQuery<R> {
    fn clone(&self) -> Self {
        Self { visibility: self.visibility.clone(), row: PhantomData, ..*self }
    }
}

impl<R> FindQuery<R> {
    fn new(id: Uuid, visibility: &Visibility, state: State) -> Self {
        Self { id, visibility: visibility.clone(), state, lock: false, row: PhantomData }
    }

    fn locked(self) -> Self {
        Self { lock: true, ..self }
    }
}

impl<R> QueryFragment<Pg> for FindQuery<R>
where
    R: Listed + Selectable<Pg>,
    AsSelect<R, Pg>: QueryFragment<Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let listing: &Listing = &R::LISTING;
        out.push_sql("SELECT ");
        out.push_sql(&columns::<R>()?);
        out.push_sql(" FROM ");
        out.push_identifier(listing.table)?;
        out.push_sql(" WHERE id = ");
        out.push_bind_param::<SqlUuid, _>(&self.id)?;
        out.push_sql(match (listing.soft_delete, self.state) {
            (true, State::Alive) => " AND deleted_at IS NULL",
            (true, State::Deleted) => " AND deleted_at IS NOT NULL",
            (false, State::Alive) => "",
            (false, State::Deleted) => " AND false",
        });
        push_visibility(listing.owners, &self.visibility, &mut out)?;
        if self.lock {
            out.push_sql(" FOR UPDATE");
        }
        Ok(())
    }
}

/// `UPDATE table SET deleted_at = … WHERE id = … RETURNING columns`.
pub struct DeletionQuery<R> {
    id: Uuid,
    at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    row: PhantomData<fn() -> R>,
}

impl<R> QueryFragment<Pg> for DeletionQuery<R>
where
    R: Listed + Selectable<Pg>,
    AsSelect<R, Pg>: QueryFragment<Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("UPDATE ");
        out.push_identifier(R::LISTING.table)?;
        out.push_sql(" SET deleted_at = ");
        out.push_bind_param::<Nullable<Timestamptz>, _>(&self.at)?;
        out.push_sql(", updated_at = ");
        out.push_bind_param::<Timestamptz, _>(&self.now)?;
        out.push_sql(", version = version + 1 WHERE id = ");
        out.push_bind_param::<SqlUuid, _>(&self.id)?;
        out.push_sql(" RETURNING ");
        out.push_sql(&columns::<R>()?);
        Ok(())
    }
}

/// The SQL follows from the row's type and the data scope: statements are cached by their text.
macro_rules! rows_of {
    ($($query:ident),*) => {
        $(
            impl<R> Query for $query<R>
            where
                R: Selectable<Pg>,
                AsSelect<R, Pg>: Expression,
            {
                type SqlType = <AsSelect<R, Pg> as Expression>::SqlType;
            }

            impl<R> QueryId for $query<R> {
                type QueryId = ();
                const HAS_STATIC_QUERY_ID: bool = false;
            }
        )*
    };
}

rows_of!(FindQuery, DeletionQuery);
