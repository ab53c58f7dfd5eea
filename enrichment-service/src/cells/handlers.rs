//! Lists answers, and writes one by hand.

use actix_web::web::{Data, Path};
use contracts::{
    internal::records::Choice,
    permissions::{AccountsRead, AccountsUpdate, EnrichmentRead, LeadsRead, LeadsUpdate, Permission},
    problem::FieldError,
};
use platform::{
    Problem,
    db::{
        Stored, Visibility,
        outbox::{self, Change},
        value::Bound,
    },
    http::{
        Allowed, Body, IfMatch, Json, List, Needs, Record, Shown, Shows,
        access::TenantCaller,
        list::{Condition, Op, Rows},
    },
};
use uuid::Uuid;

use super::{
    api::{AccountCellView, LeadCellView, WriteCell},
    store,
};
use crate::{
    columns::{self, answer, api::CustomColumnView, domain, handlers::Contexts},
    deps::Deps,
    records,
    waterfalls::domain::EntityType,
};

/// An answer about one kind of record.
pub trait Cell: Stored + Record + Clone {
    /// Lets people read such records.
    type Seeing: Permission;
    /// Lets people change such records.
    type Update: Permission;
    /// Its subject.
    const ENTITY: EntityType;
    /// The column that names the record.
    const RECORD: &'static str;
    /// Its name in events.
    const NAME: &'static str;

    /// The record.
    fn record(&self) -> Uuid;
    /// The column.
    fn column(&self) -> Uuid;
    /// Its version.
    fn version(&self) -> i32;
}

impl Cell for LeadCellView {
    type Seeing = LeadsRead;
    type Update = LeadsUpdate;
    const ENTITY: EntityType = EntityType::Lead;
    const RECORD: &'static str = "lead_id";
    const NAME: &'static str = "LeadColumnValue";

    fn record(&self) -> Uuid {
        self.lead_id
    }

    fn column(&self) -> Uuid {
        self.column_id
    }

    fn version(&self) -> i32 {
        self.version
    }
}

impl Cell for AccountCellView {
    type Seeing = AccountsRead;
    type Update = AccountsUpdate;
    const ENTITY: EntityType = EntityType::Account;
    const RECORD: &'static str = "account_id";
    const NAME: &'static str = "AccountColumnValue";

    fn record(&self) -> Uuid {
        self.account_id
    }

    fn column(&self) -> Uuid {
        self.column_id
    }

    fn version(&self) -> i32 {
        self.version
    }
}

/// The columns with answers that a caller may see.
async fn readable(deps: &Deps, caller: &TenantCaller) -> Result<Vec<CustomColumnView>, Problem> {
    let all = deps
        .db
        .in_tenant(caller.tenant(), async |tx| columns::store::all(tx).await.map_err(Problem::from))
        .await?;
    Ok(all.into_iter().filter(|column| domain::is_readable(column, caller)).collect())
}

fn one_of(column: &'static str, ids: impl IntoIterator<Item = Uuid>) -> Condition {
    let values = ids.into_iter().map(Bound::Uuid).collect();
    Condition { column, member: None, op: Op::In, values }
}

/// A caller who sees some records sees the answers about those only.
pub async fn list<C: Cell>(
    caller: Allowed<EnrichmentRead, (Needs<C::Seeing>, Contexts)>,
    list: List<C>,
    deps: Data<Deps>,
) -> Result<Rows<C>, Problem> {
    let columns = readable(&deps, &caller).await?;
    let mut conditions = vec![one_of("column_id", columns.into_iter().map(|column| column.id))];
    if !caller.sees_all() {
        let seen = records::select(&deps, &caller, C::ENTITY, Choice::default(), None).await?;
        conditions.push(one_of(C::RECORD, seen));
    }
    let list = list.narrowed(C::LISTING.path, conditions);
    let (total, rows) = C::look_up_page(&deps.db, caller.tenant(), &list, &Visibility::All).await?;
    Ok(list.answer(total, rows))
}

/// Effects of writing a cell: the record and the column's context are seen.
type Writing<C> = (Needs<<C as Cell>::Seeing>, Shows<EnrichmentRead>, Contexts);

/// 400 when the value is not of the column's type; 404 for an answer about a record that the caller does not see.
pub async fn write<C: Cell>(
    caller: Allowed<<C as Cell>::Update, Writing<C>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteCell>,
    deps: Data<Deps>,
) -> Result<Body<Shown<C>>, Problem> {
    let cell = C::look_up(&deps.db, caller.tenant(), *id, &Visibility::All).await?;
    let columns = readable(&deps, &caller).await?;
    let column =
        columns.into_iter().find(|column| column.id == cell.column()).ok_or_else(Problem::not_found)?;
    let only = Choice { ids: Some(vec![cell.record()]), ..Choice::default() };
    if records::select(&deps, &caller, C::ENTITY, only, Some(1)).await?.is_empty() {
        return Err(Problem::not_found());
    }
    let value = match body.0.value {
        value if value.is_null() => None,
        value => Some(
            answer::checked(&column, &value)
                .map_err(|fault| Problem::invalid(vec![FieldError::new("value", "wrong_type", fault)]))?,
        ),
    };
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let before = C::lock(tx, *id, &Visibility::All).await?;
            if_match.check(before.version())?;
            store::pin(tx, &column, *id, value.as_ref(), caller.user().0).await?;
            let after = C::find(tx, *id, &Visibility::All).await?;
            outbox::record(tx, Change::updated(C::NAME, *id, &before, &after, &[])).await?;
            Ok(Body::shown(&caller, after))
        })
        .await
}
