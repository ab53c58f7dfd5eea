//! Estimate of a waterfall: the providers that would be asked, and the cost at most.

use contracts::internal::enrichments::EnrichmentType;
use platform::{Problem, db::TenantTx};
use rust_decimal::Decimal;

use super::api::{EstimateView, ProviderEstimate, WaterfallView};
use crate::{
    adapters::Question,
    asking,
    deps::Deps,
    money::Amount,
    providers::{self, domain::Provider},
};

/// A provider of a waterfall with what it must be sure of.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The provider.
    pub provider: Provider,
    /// Least confidence.
    pub min_confidence: f64,
}

/// All that can be asked about a type, in the order of being added.
pub async fn covering(
    tx: &mut TenantTx<'_>,
    deps: &Deps,
    kind: EnrichmentType,
) -> Result<Vec<Asked>, Problem> {
    let all = providers::store::all_to_ask(tx).await?;
    let covers = |provider: &Provider| provider.enabled && deps.adapters.covers(provider).contains(&kind);
    Ok(all.into_iter().filter(covers).map(|provider| Asked { provider, min_confidence: 0.0 }).collect())
}

/// Those who are asked, in order: those of the steps, or all that cover the type. Those that are switched off or deleted
/// are passed over.
pub async fn steps(
    tx: &mut TenantTx<'_>,
    deps: &Deps,
    waterfall: &WaterfallView,
) -> Result<Vec<Asked>, Problem> {
    let covering = covering(tx, deps, waterfall.enrichment_type.kind()).await?;
    let named = waterfall.steps();
    if named.is_empty() {
        return Ok(covering);
    }
    let step = |step: super::api::Step| {
        let asked = covering.iter().find(|asked| asked.provider.id == step.provider_id)?.clone();
        Some(Asked { min_confidence: step.min_confidence.unwrap_or(0.0), ..asked })
    };
    Ok(named.into_iter().filter_map(step).collect())
}

/// The most that so many records take: a cap on a record's cost counts.
pub fn estimate(records: i64, waterfall: &WaterfallView, steps: &[Asked]) -> EstimateView {
    let count = Decimal::from(records);
    let by_provider: Vec<ProviderEstimate> = steps
        .iter()
        .map(|step| {
            let price = asking::price(&step.provider, &Question::default());
            ProviderEstimate {
                provider_id: step.provider.id,
                name: step.provider.name.clone(),
                max_calls: records,
                max_cost: Amount::rounded(price.0 * count),
            }
        })
        .collect();
    let all: Amount = by_provider.iter().map(|one| one.max_cost).sum();
    let capped = waterfall.max_cost_per_record.map(|cap| Amount::rounded(cap.0 * count));
    EstimateView {
        records,
        max_calls: by_provider.iter().map(|one| one.max_calls).sum(),
        max_cost: capped.map_or(all, |cap| cap.min(all)),
        by_provider,
    }
}
