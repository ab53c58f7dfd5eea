//! Asks a provider once, to see whether it answers.

use actix_web::web::{Data, Path};
use contracts::{internal::enrichments::EnrichmentType, permissions::EnrichmentProvidersManage};
use platform::{
    Problem,
    http::{Allowed, Body, Json, WholeTenant},
};
use serde_json::{Value, json};
use std::time::Instant;
use uuid::Uuid;

use crate::{
    adapters::{
        Hit, Question,
        model::{Chat, Role},
    },
    asking::{Asked, Purpose, Refusal},
    deps::Deps,
    providers::{
        api::{TrialView, TryInput, TryProvider},
        domain::{Provider, ProviderKind},
        store,
    },
};

/// Writes nothing but the ledger.
pub async fn test(
    caller: Allowed<EnrichmentProvidersManage, WholeTenant>,
    id: Path<Uuid>,
    body: Json<TryProvider>,
    deps: Data<Deps>,
) -> Result<Body<TrialView>, Problem> {
    let tenant = caller.tenant();
    let provider =
        deps.db.in_tenant(tenant, async |tx| store::to_ask(tx, *id).await.map_err(Problem::from)).await?;
    let question = question(&provider, body.into_inner().input, &deps)?;
    let purpose = Purpose { is_trial: true, zone: caller.time_zone(), ..Purpose::of(tenant) };
    let began = Instant::now();
    let asked = deps.asking.ask(&deps, &provider, &question, &purpose).await;
    let latency_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(Body::new(match asked {
        Ok(asked) => view(asked, latency_ms),
        Err(Refusal::Problem(problem)) => return Err(problem),
        Err(refusal) => TrialView {
            ok: false,
            status: refusal.http_status(),
            latency_ms,
            cost: refusal.cost(),
            findings: Vec::new(),
            error: Some(refusal.failure().details()),
        },
    }))
}

fn view(asked: Asked, latency_ms: u64) -> TrialView {
    let findings = match asked.hit {
        Some(Hit::Fields(found)) => found.fields.into_iter().map(|finding| json!(finding)).collect(),
        Some(Hit::People(found)) => found.people.into_iter().map(Value::Object).collect(),
        Some(Hit::Text(written)) => vec![json!({ "text": written.text, "model": written.model })],
        None => Vec::new(),
    };
    TrialView { ok: true, status: asked.http_status, latency_ms, cost: asked.cost, findings, error: None }
}

fn question(provider: &Provider, input: TryInput, deps: &Deps) -> Result<Question, Problem> {
    let covered = deps.adapters.covers(provider);
    let is_lead = input.lead.is_some();
    let wanted = if is_lead { EnrichmentType::LeadInfo } else { EnrichmentType::CompanyInfo };
    let kind = if covered.contains(&wanted) { Some(wanted) } else { covered.first().copied() };
    let chat = (provider.kind == ProviderKind::Model).then(|| Chat {
        system: "Answer with a JSON object.".to_owned(),
        turns: vec![(Role::User, "Say that you are there.".to_owned())],
        schema: json!({
            "type": "object", "additionalProperties": false, "required": ["text"],
            "properties": { "text": { "type": "string" } },
        }),
        max_output_tokens: 50,
        ..Chat::default()
    });
    let mut account = input.account.unwrap_or_default();
    crate::asking::add_domain(&mut account);
    let job = serde_json::Map::from_iter([("page".to_owned(), json!(1)), ("page_size".to_owned(), json!(5))]);
    Ok(Question { kind, account, lead: input.lead.unwrap_or_default(), job, chat, ..Question::default() })
}
