//! Adds many entities with one request: good ones are kept, bad ones named.

use std::marker::PhantomData;

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use contracts::{TenantId, problem::FieldError};
use futures::future::LocalBoxFuture;
use platform::{
    Problem,
    db::{
        TenantTx,
        outbox::{self, Change},
    },
    http::{
        Answer, Body, Json, Record, Shown, access::TenantCaller, body, openapi::Operation, routes::Input,
    },
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{deps::Deps, entities::references};

/// Entities to add, each as it is written alone.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    /// The entities.
    #[schema(min_items = 1, max_items = 1_000)]
    pub items: Vec<Value>,
}

/// The body of a bulk creation as the document has it: its items are what one creation takes.
#[derive(Clone, Debug, ToSchema)]
#[expect(
    dead_code,
    reason = "only its schema is used: items are read one by one, so that one costs the others nothing"
)]
struct BulkCreate<W> {
    /// The entities.
    #[schema(min_items = 1, max_items = 1_000)]
    items: Vec<W>,
}

/// A body of items each of which is meant to be a `W`.
#[derive(Clone, Debug)]
pub struct BulkOf<W>(pub Bulk, PhantomData<W>);

impl<W: 'static> FromRequest for BulkOf<W> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let reading = Json::<Bulk>::from_request(request, payload);
        Box::pin(async move { Ok(Self(reading.await?.into_inner(), PhantomData)) })
    }
}

impl<W: ToSchema + 'static> Input for BulkOf<W> {
    fn describe(operation: &mut Operation) {
        // A generic type adds what its parts are made of, but not its parts.
        operation.schemas.add::<W>();
        let schema = operation.schemas.add::<BulkCreate<W>>();
        operation.bodies.push(("application/json", schema));
    }
}

/// What became of them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BulkView<T> {
    /// Those that were added, in their order.
    pub created: Vec<Shown<T>>,
    /// Those that were not.
    pub errors: Vec<BulkFault>,
}

/// One that was not added.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BulkFault {
    /// Its place among the items, from 0.
    pub index: usize,
    /// All that is wrong with it.
    pub errors: Vec<FieldError>,
}

/// Adds each by `add`; one that fails leaves nothing behind and does not hold up the others. The changes that `told`
/// makes of the added ones are recorded together. The answer has them as far as the caller may read them.
///
/// # Errors
/// When something fails on our side: then nothing is added.
pub async fn add_all<W, T>(
    deps: &Deps,
    caller: &TenantCaller,
    bulk: Bulk,
    add: impl AsyncFn(&mut TenantTx<'_>, W) -> Result<T, Problem>,
    told: impl Fn(&T) -> Change,
) -> Result<Answer<Body<BulkView<T>>>, Problem>
where
    W: DeserializeOwned + ToSchema + 'static,
    T: Record,
{
    let tenant = caller.tenant();
    let strangers = strangers(deps, tenant, &bulk.items).await?;
    deps.db
        .once(tenant, async |tx| {
            let (mut added, mut errors) = (Vec::new(), Vec::new());
            for (index, item) in bulk.items.into_iter().enumerate() {
                let outcome = match known_assignee(&item, &strangers).and_then(|()| body::decode::<W>(item)) {
                    Ok(write) => tx.attempt(async |tx| add(tx, write).await).await,
                    Err(problem) => Err(problem),
                };
                match outcome {
                    Ok(entity) => added.push(entity),
                    Err(problem) if problem.status.is_server_error() => return Err(problem),
                    Err(problem) => errors.push(BulkFault { index, errors: faults(problem) }),
                }
            }
            outbox::record(tx, added.iter().map(&told).collect()).await?;
            let created = added.into_iter().map(|entity| Shown::to(caller, entity)).collect();
            Ok(Body::new(BulkView { created, errors }))
        })
        .await
}

fn faults(problem: Problem) -> Vec<FieldError> {
    if problem.errors.is_empty() {
        vec![FieldError::new("", problem.code, problem.detail)]
    } else {
        problem.errors
    }
}

fn assignee(item: &Value) -> Option<Uuid> {
    item.get("assigned_to")?.as_str()?.parse().ok()
}

/// Those the items are given to who are not members of the tenant.
async fn strangers(deps: &Deps, tenant: TenantId, items: &[Value]) -> Result<Vec<Uuid>, Problem> {
    let mut people: Vec<Uuid> = items.iter().filter_map(assignee).collect();
    people.sort_unstable();
    people.dedup();
    references::strangers(deps, tenant, people).await
}

fn known_assignee(item: &Value, strangers: &[Uuid]) -> Result<(), Problem> {
    let stranger = assignee(item).is_some_and(|person| strangers.contains(&person));
    if stranger { Err(references::unknown("assigned_to")) } else { Ok(()) }
}
