//! Marking of the caller's notifications as read.

use actix_web::web::{Data, Path};
use contracts::permissions::NotificationsRead;
use platform::{
    Problem,
    http::{Allowed, Answer, Body},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    notifications::{
        api::{MarkedRead, NotificationView},
        store,
    },
};

/// Marks one as read; a second call changes nothing.
pub async fn mark_read(
    caller: Allowed<NotificationsRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<NotificationView>>, Problem> {
    deps.db
        .once(caller.tenant(), async |tx| Ok(Body::new(store::mark_read(tx, *id, caller.user()).await?)))
        .await
}

/// Marks all as read.
pub async fn mark_all_read(
    caller: Allowed<NotificationsRead>,
    deps: Data<Deps>,
) -> Result<Answer<Body<MarkedRead>>, Problem> {
    deps.db
        .once(caller.tenant(), async |tx| {
            let updated = store::mark_all_read(tx, caller.user()).await?;
            Ok(Body::new(MarkedRead { updated }))
        })
        .await
}
