//! The default waterfalls that every tenant starts with.

use platform::{
    Problem,
    db::{
        TenantTx,
        outbox::{self, Change},
    },
};
use uuid::Uuid;

use super::{
    ENTITY,
    api::{Step, WriteWaterfall},
    domain::{Policy, Stop, WaterfallFields, WaterfallType},
    store,
};

/// Their names.
const FIRST: [(&str, WaterfallType); 3] = [
    ("Company information", WaterfallType::CompanyInfo),
    ("People of an account", WaterfallType::GenerateLeads),
    ("Contact data of leads", WaterfallType::LeadInfo),
];

/// Makes them: companies are read about on their websites, and every provider that covers people is asked about them.
pub async fn furnish(tx: &mut TenantTx<'_>, website: Uuid) -> Result<(), Problem> {
    for (name, kind) in FIRST {
        let steps = match kind {
            WaterfallType::CompanyInfo => vec![Step { provider_id: website, min_confidence: None }],
            _ => Vec::new(),
        };
        let write = WriteWaterfall {
            name: name.to_owned(),
            entity_type: kind.entity(),
            enrichment_type: kind,
            is_default: true,
            fields: None,
            steps,
            stop: Stop::First,
            agree: None,
            write_policy: Policy::FillIfEmpty,
            max_cost_per_record: None,
            max_cost_per_day: None,
            cache_hours: None,
            refresh_days: None,
        };
        let waterfall = store::insert(tx, &WaterfallFields::parse(write)?, None).await?;
        outbox::record(tx, vec![Change::created(ENTITY, waterfall.id, &waterfall)]).await?;
    }
    Ok(())
}
