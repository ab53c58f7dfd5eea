//! Reads the context.

use actix_web::web::Data;
use platform::{
    Problem,
    http::{Body, Member, Query},
};

use super::{
    api::{ContextExplanation, ContextView, ReadContext},
    domain::{Layer, merge},
};
use crate::{
    deps::Deps,
    settings::{self, configs},
};

/// What holds for the caller in the tenant.
pub async fn read(
    caller: Member,
    query: Query<ReadContext>,
    deps: Data<Deps>,
) -> Result<Body<ContextView>, Problem> {
    let (configs, settings) = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let configs = configs::store::all_for(tx, caller.user()).await?;
            let settings = settings::store::all_for(tx, caller.user()).await?;
            Ok::<_, Problem>((configs, settings))
        })
        .await?;
    let (configs, config_origins) = merge(configs.into_iter().map(Layer::from).collect());
    let (settings, setting_origins) = merge(settings.into_iter().map(Layer::from).collect());
    let explain =
        query.0.explain.then_some(ContextExplanation { configs: config_origins, settings: setting_origins });
    Ok(Body::new(ContextView { configs, settings, explain }))
}
