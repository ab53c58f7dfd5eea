//! Finds leads that seem to be the same person.

use actix_web::web::Data;
use contracts::permissions::LeadsRead;
use platform::{
    Problem,
    http::{Allowed, Body, Query},
};

use super::{
    api::{DuplicateGroup, DuplicatesQuery, DuplicatesView, Reason},
    domain::likeness,
    store::{self, By},
};
use crate::{deps::Deps, people::LeadView};

const PAGE_SIZE: i64 = 50;
/// How alike names at one company must be.
const ALIKE: f64 = 0.6;

/// Among those the caller sees. Leads that one reason has brought together are not named again for a weaker one.
pub async fn duplicates(
    caller: Allowed<LeadsRead>,
    query: Query<DuplicatesQuery>,
    deps: Data<Deps>,
) -> Result<Body<DuplicatesView>, Problem> {
    let Query(query) = query;
    let visibility = caller.visibility();
    let most = query.page_size.unwrap_or(PAGE_SIZE);
    let mut results: Vec<DuplicateGroup> = Vec::new();
    let reasons = [
        (Reason::Email, By::Email),
        (Reason::LinkedinUrl, By::Linkedin),
        (Reason::Phone, By::Phone),
        (Reason::NameAndCompany, By::Name),
    ];
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            for (reason, by) in reasons {
                if query.reason.is_some_and(|wanted| wanted != reason) {
                    continue;
                }
                for leads in store::groups(tx, by, &visibility, most).await? {
                    let similarity =
                        if reason == Reason::NameAndCompany { least_likeness(&leads) } else { 1.0 };
                    let is_news = !results.iter().any(|known| covers(&known.leads, &leads));
                    if similarity >= ALIKE && is_news {
                        results.push(DuplicateGroup { reason, similarity, leads });
                    }
                }
            }
            Ok::<_, Problem>(())
        })
        .await?;
    results.sort_by(|one, other| other.similarity.total_cmp(&one.similarity));
    Ok(Body::new(DuplicatesView { results }))
}

fn covers(known: &[LeadView], leads: &[LeadView]) -> bool {
    leads.iter().all(|lead| known.iter().any(|other| other.id == lead.id))
}

/// How alike the names of a group are to the name of its oldest lead, at the least.
fn least_likeness(leads: &[LeadView]) -> f64 {
    let name = |lead: &LeadView| {
        [lead.first_name.as_deref(), lead.last_name.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    };
    let Some(first) = leads.first().map(name) else { return 0.0 };
    leads.iter().skip(1).map(|lead| likeness(&first, &name(lead))).fold(1.0, f64::min)
}
