//! Takes mails of other services.

use actix_web::web::Data;
use contracts::{
    internal::mails::{QueueMail, QueuedMail},
    problem::FieldError,
};
use platform::{
    Problem,
    http::{Internal, InternalJson, body::InternalReply},
    values,
};

use super::{
    domain::{Letter, NewMail},
    store,
};
use crate::deps::Deps;

/// Stored when it answers.
pub async fn take(
    _caller: Internal,
    call: InternalJson<QueueMail>,
    deps: Data<Deps>,
) -> Result<InternalReply<QueuedMail>, Problem> {
    let InternalJson(QueueMail { id, to, mail }) = call;
    let invalid =
        || Problem::invalid(vec![FieldError::new("to", "invalid_email", "is not an e-mail address")]);
    let to = values::email(&to).ok_or_else(invalid)?;
    let letter = Letter::Other(mail);
    let new = NewMail { id, user: None, to: &to, letter: &letter };
    let is_new = deps.db.in_global(async |tx| store::queue(tx, &deps.sealing, &new).await).await?;
    Ok(InternalReply(QueuedMail { is_new }))
}
