//! The adapter of each kind.

use contracts::internal::enrichments::EnrichmentType;
use platform::egress::Egress;

use super::{
    Adapter,
    http::Http,
    model::Model,
    vendors::{apollo::Apollo, hunter::Hunter, pdl::Pdl},
    website::{Website, manners::Manners},
};
use crate::{
    asking::setup_of,
    providers::domain::{Provider, ProviderKind},
};

/// All adapters.
pub struct Adapters {
    website: Website,
    http: Http,
    apollo: Apollo,
    pdl: Pdl,
    hunter: Hunter,
    model: Model,
}

impl Adapters {
    /// Adapters that ask through this client, with these manners towards websites.
    pub fn new(egress: &Egress, manners: Manners) -> Self {
        Self {
            website: Website::new(egress.clone(), manners),
            http: Http::new(egress.clone()),
            apollo: Apollo::new(egress.clone()),
            pdl: Pdl::new(egress.clone()),
            hunter: Hunter::new(egress.clone()),
            model: Model::new(egress.clone()),
        }
    }

    /// That of a kind.
    pub fn of(&self, kind: ProviderKind) -> &dyn Adapter {
        match kind {
            ProviderKind::Website => &self.website,
            ProviderKind::Http => &self.http,
            ProviderKind::Apollo => &self.apollo,
            ProviderKind::Pdl => &self.pdl,
            ProviderKind::Hunter => &self.hunter,
            ProviderKind::Model => &self.model,
        }
    }

    /// Types that a provider can be asked about.
    pub fn covers(&self, provider: &Provider) -> Vec<EnrichmentType> {
        self.of(provider.kind).covers(&setup_of(provider, serde_json::Map::new()))
    }
}
