//! Rows of a listed table by id: read, locked, deleted softly and brought back, as far as the asker sees.

use std::{marker::PhantomData, sync::Arc};

use chrono::{DateTime, Utc};
use contracts::TenantId;
use diesel::{
    Expression, QueryResult, Selectable,
    dsl::AsSelect,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{Nullable, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, methods::LoadQuery};
use uuid::Uuid;

use super::{
    Db,
    conditions::push_visibility,
    entered::Entered,
    list::{self, PageQuery, columns},
    tx::{TenantTx, Visibility},
};
use crate::http::{
    list::{Criteria, Listed, Listing},
    problem::Problem,
};

/// What every listed wire type that is also a row can do with its table. Nothing needs to be written for it.
pub trait Stored: Listed + Sized {
    /// One stretch of the list and, where asked for, how many match in all.
    fn page(
        tx: &mut TenantTx<'_>,
        criteria: &Arc<Criteria>,
        visibility: &Visibility,
    ) -> impl Future<Output = Result<(Option<i64>, Vec<Self>), Problem>>;

    /// As [`Stored::page`], outside any transaction.
    fn look_up_page(
        db: &Db,
        tenant: TenantId,
        criteria: &Arc<Criteria>,
        visibility: &Visibility,
    ) -> impl Future<Output = Result<(Option<i64>, Vec<Self>), Problem>>;

    /// Reads one that the caller may see, outside any transaction.
    fn look_up(
        db: &Db,
        tenant: TenantId,
        id: Uuid,
        visibility: &Visibility,
    ) -> impl Future<Output = Result<Self, Problem>>;

    /// Reads one that the caller may see.
    fn find(
        tx: &mut TenantTx<'_>,
        id: Uuid,
        visibility: &Visibility,
    ) -> impl Future<Output = QueryResult<Self>>;

    /// Reads one that the caller may see and is about to change.
    fn lock(
        tx: &mut TenantTx<'_>,
        id: Uuid,
        visibility: &Visibility,
    ) -> impl Future<Output = QueryResult<Self>>;

    /// Reads a deleted one that the caller might see and is about to restore.
    fn lock_deleted(
        tx: &mut TenantTx<'_>,
        id: Uuid,
        visibility: &Visibility,
    ) -> impl Future<Output = QueryResult<Self>>;

    /// Deletes one softly, or brings it back.
    fn set_deleted(
        tx: &mut TenantTx<'_>,
        id: Uuid,
        at: Option<DateTime<Utc>>,
    ) -> impl Future<Output = QueryResult<Self>>;
}

impl<R> Stored for R
where
    R: Listed + Selectable<Pg> + Send,
    PageQuery<R>: LoadQuery<'static, AsyncPgConnection, R>,
    Entered<PageQuery<R>>: LoadQuery<'static, AsyncPgConnection, R>,
    Entered<FindQuery<R>>: LoadQuery<'static, AsyncPgConnection, R>,
    FindQuery<R>: LoadQuery<'static, AsyncPgConnection, R>,
    DeletionQuery<R>: LoadQuery<'static, AsyncPgConnection, R>,
{
    async fn page(
        tx: &mut TenantTx<'_>,
        criteria: &Arc<Criteria>,
        visibility: &Visibility,
    ) -> Result<(Option<i64>, Vec<R>), Problem> {
        list::load(tx, criteria, visibility).await
    }

    async fn look_up_page(
        db: &Db,
        tenant: TenantId,
        criteria: &Arc<Criteria>,
        visibility: &Visibility,
    ) -> Result<(Option<i64>, Vec<R>), Problem> {
        list::look_up(db, tenant, criteria, visibility).await
    }

    async fn look_up(db: &Db, tenant: TenantId, id: Uuid, visibility: &Visibility) -> Result<R, Problem> {
        let query = FindQuery::new(id, visibility, State::Alive);
        db.look_up(tenant, query).await?.pop().ok_or_else(Problem::not_found)
    }

    async fn find(tx: &mut TenantTx<'_>, id: Uuid, visibility: &Visibility) -> QueryResult<R> {
        let query = FindQuery::new(id, visibility, State::Alive);
        RunQueryDsl::get_result(query, &mut **tx).await
    }

    async fn lock(tx: &mut TenantTx<'_>, id: Uuid, visibility: &Visibility) -> QueryResult<R> {
        let query = FindQuery::new(id, visibility, State::Alive).locked();
        RunQueryDsl::get_result(query, &mut **tx).await
    }

    async fn lock_deleted(tx: &mut TenantTx<'_>, id: Uuid, visibility: &Visibility) -> QueryResult<R> {
        let query = FindQuery::new(id, visibility, State::Deleted).locked();
        RunQueryDsl::get_result(query, &mut **tx).await
    }

    async fn set_deleted(tx: &mut TenantTx<'_>, id: Uuid, at: Option<DateTime<Utc>>) -> QueryResult<R> {
        let query = DeletionQuery { id, at, now: Utc::now(), row: PhantomData };
        RunQueryDsl::get_result(query, &mut **tx).await
    }
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

/// The SQL follows from the row's type and whose records are seen: statements are cached by their text.
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
