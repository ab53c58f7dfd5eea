//! Adds an account.

use actix_web::web::Data;
use contracts::permissions::AccountsCreate;
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Created, Json},
};
use serde_json::{Map, Value, json};

use crate::{
    accounts::{
        api::{AccountView, NewAccountView, WriteAccount},
        domain::{AccountFields, started_jobs},
        store,
    },
    deps::{Deps, SERVICE},
    entities::Entity,
    references,
};

/// The jobs' ids are made here and travel in the account's event, so that a crash neither loses nor doubles them.
pub async fn create(
    caller: Allowed<AccountsCreate>,
    body: Json<WriteAccount>,
    deps: Data<Deps>,
) -> Result<Answer<Created<NewAccountView>>, Problem> {
    let fields = AccountFields::from(body.into_inner());
    let enrichment_jobs = started_jobs();
    let sources: Map<String, Value> = enrichment_jobs
        .iter()
        .map(|job| (job.kind.name().to_owned(), json!({ "job_id": job.job_id })))
        .collect();
    deps.db
        .once(caller.tenant(), async |tx| {
            references::check_product(tx, Some(fields.product_id)).await?;
            let account = store::insert(tx, &fields, &Value::Object(sources), caller.user()).await?;
            let view = NewAccountView { account, enrichment_jobs };
            outbox::record(tx, SERVICE, vec![Change::created(AccountView::NAME, view.account.id, &view)])
                .await?;
            let (location, version) = (format!("/api/v2/accounts/{}", view.account.id), view.account.version);
            Ok(Created::at(location, view).version(version))
        })
        .await
}
