//! Many submissions in one request; each stands for itself.

use std::collections::VecDeque;

use actix_web::web::Data;
use contracts::{TenantId, problem::FieldError};
use futures::future::join_all;
use platform::{
    Problem,
    db::{TenantTx, json::JsonText},
    http::{Answer, ApiKey, context::RequestContext},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::{
    batcher,
    body::{Exact, Unread},
    handlers::{admit, faults, note, prepare, reject, suspicion},
    limit, owners,
    reply::{BatchFault, BatchItem, BatchView, IngestView, IngestedBatch},
    store::{self, Prepared, Sent, Taken},
};
use crate::{
    deps::Deps,
    intake::{
        api_keys::{cache::CachedKey, usage},
        form_mappings,
        ingests::IngestOutcome,
    },
};

/// Items of a batch.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IngestBatch {
    /// Submissions, each as in a single one.
    #[schema(min_items = 1, max_items = 1_000, value_type = Vec<Object>)]
    pub items: Vec<Map<String, Value>>,
}

/// An item, read.
enum Item {
    /// To be stored.
    Ready(Box<Prepared>),
    /// Given to the batcher; this was sent.
    Submitted(Sent),
    /// It looks as if no person had sent it.
    Suspected(Sent, FieldError),
    /// It is faulty.
    Faulty(Sent, Problem),
}

/// What became of an item that was to be stored.
type Stored = Result<Taken, Problem>;

fn item(known: &CachedKey, fields: Map<String, Value>, context: &RequestContext) -> Result<Item, Problem> {
    let sent = store::sent(&fields)?;
    if sent.as_str().len() > limit::SUBMISSION {
        return Ok(Item::Faulty(store::sent(&Map::new())?, limit::too_large()));
    }
    if let Some(reason) = suspicion(known, &fields) {
        return Ok(Item::Suspected(sent, reason));
    }
    let read = form_mappings::read(known.form.as_ref(), fields, known.door())
        .and_then(|(submission, mapping)| Ok((submission.accepted(known.key.strict)?, mapping)));
    Ok(match read {
        Ok((submission, mapping)) => {
            Item::Ready(Box::new(prepare(known, submission, mapping, sent, context)))
        }
        Err(problem) => Item::Faulty(sent, problem),
    })
}

/// Up to a thousand submissions. With an Idempotency-Key they share one transaction with the kept answer.
pub async fn batch(
    caller: ApiKey,
    body: Unread<Exact<IngestBatch>>,
    deps: Data<Deps>,
) -> Result<Answer<IngestedBatch>, Problem> {
    let (known, origin) = admit(body.request(), &deps).await?;
    let sent = body.read().await?.0.items;
    take(caller.context(), sent, &deps, &known, origin).await
}

/// Submissions that came in one request. The key's rate counts each of them.
pub(super) async fn take(
    context: &RequestContext,
    sent: Vec<Map<String, Value>>,
    deps: &Deps,
    known: &CachedKey,
    origin: Option<String>,
) -> Result<Answer<IngestedBatch>, Problem> {
    let tenant = TenantId(known.key.tenant_id);
    known.owe(sent.len().saturating_sub(1));
    let mut items: Vec<Item> =
        sent.into_iter().map(|fields| item(known, fields, context)).collect::<Result<_, _>>()?;
    settle_owners(deps, tenant, &mut items).await?;
    let quiet = known.by_address;
    if context.idempotency_key.is_none() || quiet {
        let mut submitted = Vec::with_capacity(items.len());
        let submit = |item| match item {
            Item::Ready(prepared) => {
                let sent = Sent::clone(&prepared.sent);
                submitted.push(deps.batcher.submit(tenant, *prepared));
                Item::Submitted(sent)
            }
            other => other,
        };
        let items: Vec<Item> = items.into_iter().map(submit).collect();
        let stored: VecDeque<Stored> = join_all(submitted).await.into();
        if let Some(Err(problem)) = stored.iter().find(|stored| is_ours(stored)) {
            return Err(problem.clone());
        }
        for (sent, outcome, reasons) in unstored(&items, &stored) {
            match outcome {
                Ok(outcome) => note(deps, known, outcome, sent, &reasons).await?,
                Err(problem) => reject(deps, known, sent, problem).await?,
            }
        }
        let view = view(&items, stored, known);
        usage::count(known.key.id, i64::try_from(view.created.len()).unwrap_or(i64::MAX));
        return Ok(Answer::Fresh(IngestedBatch { view, origin, quiet }));
    }
    let answer = batcher::unless_raced(async || {
        let once = async |tx: &mut TenantTx<'_>| {
            let stored = write(tx, &items).await?;
            for (sent, outcome, reasons) in unstored(&items, &stored) {
                let outcome = outcome.unwrap_or(IngestOutcome::Rejected);
                store::note(tx, known.entry_source(), outcome, sent, &reasons).await?;
            }
            Ok(IngestedBatch { view: view(&items, stored, known), origin: origin.clone(), quiet })
        };
        deps.db.once(tenant, once).await
    });
    let answer = answer.await?;
    usage::count(known.key.id, i64::try_from(items.len()).unwrap_or(i64::MAX));
    Ok(answer)
}

/// Finds out who is named as an owner. A strict key refuses items that name no member.
async fn settle_owners(deps: &Deps, tenant: TenantId, items: &mut [Item]) -> Result<(), Problem> {
    let named = items.iter_mut().filter_map(|item| match item {
        Item::Ready(prepared) if prepared.submission.owner.is_some() => Some(&mut **prepared),
        _ => None,
    });
    owners::settle(deps, tenant, &mut named.collect::<Vec<_>>()).await?;
    for item in items {
        if let Item::Ready(prepared) = item
            && let Err(problem) = prepared.check()
        {
            *item = Item::Faulty(Sent::clone(&prepared.sent), problem);
        }
    }
    Ok(())
}

/// Whether it failed on our side: then the sender has to repeat the whole batch.
fn is_ours(stored: &Stored) -> bool {
    stored.as_ref().is_err_and(|problem| problem.status.is_server_error())
}

/// Stores what is ready, all at once; each alone when one of them is at fault.
async fn write(tx: &mut TenantTx<'_>, items: &[Item]) -> Result<VecDeque<Stored>, Problem> {
    let ready: Vec<&Prepared> = items
        .iter()
        .filter_map(|item| match item {
            Item::Ready(prepared) => Some(&**prepared),
            Item::Submitted(_) | Item::Suspected(..) | Item::Faulty(..) => None,
        })
        .collect();
    match tx.attempt(async |tx| store::insert(tx, &ready).await).await {
        Ok(taken) => return Ok(taken.into_iter().map(Ok).collect()),
        Err(problem) if problem.status.is_server_error() => return Err(problem),
        Err(_) => {}
    }
    let mut stored = VecDeque::with_capacity(ready.len());
    for prepared in ready {
        let outcome = tx.attempt(async |tx| store::take_in(tx, prepared).await).await;
        if is_ours(&outcome) {
            return outcome.map(|_| VecDeque::new());
        }
        stored.push_back(outcome);
    }
    Ok(stored)
}

/// What goes into the ledger of an item that was not stored: what was sent, the outcome, or the problem, and the reasons.
type Unstored<'a> = (&'a JsonText, Result<IngestOutcome, &'a Problem>, Value);

fn refused<'a>(sent: &'a JsonText, stored: Option<&'a Stored>) -> Option<Unstored<'a>> {
    let problem = stored?.as_ref().err()?;
    Some((sent, Err(problem), json!(faults(problem))))
}

fn unstored<'a>(items: &'a [Item], stored: &'a VecDeque<Stored>) -> Vec<Unstored<'a>> {
    let mut stored = stored.iter();
    let entry = |item: &'a Item| match item {
        Item::Suspected(sent, reason) => Some((&**sent, Ok(IngestOutcome::Quarantined), json!([reason]))),
        Item::Faulty(sent, problem) => Some((&**sent, Err(problem), json!(faults(problem)))),
        Item::Ready(prepared) => refused(&prepared.sent, stored.next()),
        Item::Submitted(sent) => refused(sent, stored.next()),
    };
    items.iter().filter_map(entry).collect()
}

/// Good items are kept, bad ones named, each by its place.
fn view(items: &[Item], mut stored: VecDeque<Stored>, known: &CachedKey) -> BatchView {
    let mut view = BatchView::default();
    for (index, item) in items.iter().enumerate() {
        let heard = match item {
            Item::Suspected(..) => Ok(IngestView::of_quarantined()),
            Item::Faulty(_, problem) => Err(faults(problem)),
            Item::Ready(_) | Item::Submitted(_) => match stored.pop_front() {
                Some(Ok(taken)) => Ok(IngestView::of(taken, &known.key)),
                Some(Err(problem)) => Err(faults(&problem)),
                None => continue,
            },
        };
        match heard {
            Ok(IngestView { id, status, warnings }) => {
                view.created.push(BatchItem { index, id, status, warnings });
            }
            Err(errors) => view.errors.push(BatchFault { index, errors }),
        }
    }
    view
}
