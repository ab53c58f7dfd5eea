//! Adds a contact.

use actix_web::web::Data;
use contracts::permissions::{ContactsCreate, ContactsRead};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Created, Json, Query, Shown, Shows},
};

use crate::{
    deps::Deps,
    duplicates::{self, CreateOptions},
    entities::{self, Added, Entity, Written, created},
    people::contacts::{
        api::{ContactView, WriteContact},
        store,
    },
};

/// 409 `possible_duplicate` with the candidates when the person is known, unless the caller insists.
pub async fn create(
    caller: Allowed<ContactsCreate, Shows<ContactsRead>>,
    options: Query<CreateOptions>,
    body: Json<WriteContact>,
    deps: Data<Deps>,
) -> Result<Answer<Created<Shown<ContactView>>>, Problem> {
    let write = body.into_inner();
    entities::check_assignee(&deps, caller.tenant(), write.assigned_to).await?;
    let mut fields = ContactView::parse(write)?;
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            ContactView::settle(tx, &mut fields, None, &visibility).await?;
            if !options.0.allow_duplicate {
                // Two who add one person at once wait for each other: looking afterwards sees both.
                duplicates::hold_keys(tx, "contact", &fields.keys()).await?;
                let alike = store::alike(tx, &fields).await?;
                let candidates: Vec<_> = alike.iter().map(|contact| fields.candidate(contact)).collect();
                duplicates::refuse::<ContactsRead>(&candidates, &caller)?;
            }
            let contact = ContactView::insert(tx, &fields, caller.user()).await?;
            outbox::record(tx, vec![Change::created(ContactView::NAME, contact.id, &contact)]).await?;
            Ok(created(&caller, contact))
        })
        .await
}
