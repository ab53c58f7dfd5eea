//! Says where each value of a record came from.

use actix_web::web::{Data, Path};
use platform::{
    Problem,
    http::{Allowed, Body, Record},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    insight::provenance::{
        api::{FieldProvenance, ProvenanceView},
        enriched::{self, Enriched},
        filling,
    },
};

/// Of every field that people write, and that has a value or a candidate.
pub async fn read<E: Enriched>(
    caller: Allowed<<E as Record>::Read>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<ProvenanceView>, Problem> {
    let visibility = caller.visibility();
    let standing = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let record = E::find(tx, *id, &visibility).await?;
            let known = enriched::members(&record)?;
            let fields = enriched::writable::<E>();
            let names: Vec<&str> = fields.iter().map(String::as_str).collect();
            filling::of_record(tx, &record, &known, &names).await
        })
        .await?;
    Ok(Body::new(ProvenanceView { results: standing.into_iter().map(FieldProvenance::from).collect() }))
}
