//! List of the caller's notifications.

use actix_web::web::Data;
use contracts::permissions::NotificationsRead;
use platform::{
    Problem,
    http::{Allowed, List, list::Rows},
};

use crate::{
    deps::Deps,
    notifications::{api::NotificationView, store},
};

/// The caller's own, independent of the data scope; `unread` is the number of unread ones.
pub async fn list(
    caller: Allowed<NotificationsRead>,
    list: List<NotificationView>,
    deps: Data<Deps>,
) -> Result<Rows<NotificationView>, Problem> {
    let ((total, rows), unread) = deps
        .db
        .read(caller.tenant(), async |tx| {
            let page = store::page(tx, &list, caller.user()).await?;
            Ok::<_, Problem>((page, store::unread(tx, caller.user()).await?))
        })
        .await?;
    Ok(list.answer(total, rows).with("unread", unread))
}
