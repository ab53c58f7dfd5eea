//! Every route of the service.

use platform::{http::Routes, provision};

use crate::{
    accounts, activities, api_keys, assignment_rules, assignments, contacts, customer_interactions,
    customer_segments, customer_side, customer_tags, customers, deals, deps::Deps, form_mappings, handovers,
    imports, ingest, ingests, issues, leads, merges, orders, owners, pipelines, products, provenance,
    reports, scores, scoring_models, stages, tasks,
};

/// The routes, by slice.
pub fn routes() -> Routes {
    ingest::routes()
        .and(ingests::routes())
        .and(imports::routes())
        .and(merges::routes())
        .and(leads::routes())
        .and(accounts::routes())
        .and(products::routes())
        .and(provenance::routes())
        .and(contacts::routes())
        .and(pipelines::routes())
        .and(stages::routes())
        .and(deals::routes())
        .and(reports::routes())
        .and(activities::routes())
        .and(tasks::routes())
        .and(api_keys::routes())
        .and(form_mappings::routes())
        .and(scores::routes())
        .and(scoring_models::routes())
        .and(assignments::routes())
        .and(assignment_rules::routes())
        .and(handovers::routes())
        .and(customers::routes())
        .and(customer_tags::routes())
        .and(customer_segments::routes())
        .and(orders::routes())
        .and(customer_interactions::routes())
        .and(issues::routes())
        .and(customer_side::routes())
        .and(accounts::internal_routes())
        .and(scores::internal_routes())
        .and(owners::internal_routes())
        .and(provenance::internal_routes())
        .and(provision::routes::<Deps>())
}
