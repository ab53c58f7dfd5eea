//! Leads interleaved by persona in asked proportions.

use actix_web::web::Data;
use contracts::{page::CursorPage, permissions::LeadsRead, problem::FieldError};
use platform::{
    Problem,
    db::Stored,
    http::{Allowed, Body, List, Query},
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    deps::Deps,
    lead_management::quotas::{GROUPS, Progress},
    people::LeadView,
};

/// Which leads in which proportion.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuotaQuery {
    /// Those of these accounts, comma-separated.
    #[serde(rename = "account_id__in")]
    pub accounts: Option<String>,
    /// Those for this product.
    pub product_id: Option<Uuid>,
    /// Share of buyers. Without any share given, the three are alike; with one given, the others are 0.
    #[schema(minimum = 0, maximum = 100)]
    pub buyer_percent: Option<u32>,
    /// Share of influencers.
    #[schema(minimum = 0, maximum = 100)]
    pub influencer_percent: Option<u32>,
    /// Share of end users.
    #[schema(minimum = 0, maximum = 100)]
    pub end_user_percent: Option<u32>,
    /// Leads of a page; 50 unless given.
    #[schema(minimum = 1, maximum = 200)]
    pub page_size: Option<u32>,
    /// Empty for the first leads, then `next_cursor`.
    pub cursor: Option<String>,
}

impl QuotaQuery {
    fn shares(&self) -> Result<[u32; 4], Problem> {
        let given = [self.buyer_percent, self.influencer_percent, self.end_user_percent];
        if given.iter().all(Option::is_none) {
            return Ok([1, 1, 1, 0]);
        }
        let [buyers, influencers, end_users] = given.map(Option::unwrap_or_default);
        match buyers + influencers + end_users {
            1..=100 => Ok([buyers, influencers, end_users, 0]),
            _ => {
                let message = "the shares together must be from 1 to 100";
                Err(Problem::invalid(vec![FieldError::new("buyer_percent", "out_of_range", message)]))
            }
        }
    }

    /// The list of one group, from where it goes on.
    fn group(&self, group: usize, progress: &Progress) -> Result<List<LeadView>, Problem> {
        let persona = GROUPS.get(group).copied().flatten();
        let mut pairs = vec![match persona {
            Some(persona) => ("persona", persona.word().to_owned()),
            None => ("persona__isnull", "true".to_owned()),
        }];
        pairs.push(("ordering", "-score".to_owned()));
        pairs.push(("page_size", self.page_size.unwrap_or(50).to_string()));
        pairs.push(("cursor", progress.cursors.get(group).cloned().unwrap_or_default()));
        pairs.extend(self.accounts.clone().map(|accounts| ("account_id__in", accounts)));
        pairs.extend(self.product_id.map(|product| ("product_id", product.to_string())));
        let query =
            serde_urlencoded::to_string(pairs).map_err(|fault| Problem::internal(fault.to_string()))?;
        List::parse(&query, "")
    }
}

/// Best score first within each group; a short group is filled up from the others.
pub async fn quota_distribution(
    caller: Allowed<LeadsRead>,
    query: Query<QuotaQuery>,
    deps: Data<Deps>,
) -> Result<Body<CursorPage<LeadView>>, Problem> {
    let (query, visibility) = (query.0, caller.visibility());
    let shares = query.shares()?;
    let cursor = query.cursor.as_deref().unwrap_or_default();
    let mut progress = Progress::read(cursor, shares).ok_or_else(|| {
        let message = "is not a cursor of this distribution";
        Problem::invalid(vec![FieldError::new("cursor", "invalid_cursor", message)])
    })?;
    let lists: Vec<List<LeadView>> =
        (0..GROUPS.len()).map(|group| query.group(group, &progress)).collect::<Result<_, _>>()?;
    let groups = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let mut groups = Vec::new();
            for list in &lists {
                groups.push(LeadView::page(tx, list, &visibility).await?.1.into_iter().peekable());
            }
            Ok::<_, Problem>(groups)
        })
        .await?;
    let Ok([mut buyers, mut influencers, mut end_users, mut others]) = <[_; 4]>::try_from(groups) else {
        return Err(Problem::internal("there are four groups"));
    };
    let mut results: Vec<LeadView> = Vec::new();
    let size = query.page_size.unwrap_or(50) as usize;
    let next_cursor = loop {
        let next = [buyers.peek(), influencers.peek(), end_users.peek(), others.peek()];
        let Some(group) = progress.choose(next) else { break None };
        if results.len() == size {
            break Some(progress.write());
        }
        let lead = match group {
            0 => buyers.next(),
            1 => influencers.next(),
            2 => end_users.next(),
            _ => others.next(),
        };
        let Some(lead) = lead else { break None };
        progress.take(group, lists.get(group).map(|list| list.cursor_after(&lead)));
        results.push(lead);
    };
    Ok(Body::new(CursorPage { results, next_cursor }))
}
