//! Reading of one of the caller's notifications.

use actix_web::web::{Data, Path};
use contracts::permissions::NotificationsRead;
use platform::{
    Problem,
    http::{Allowed, Body},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    notifications::{api::NotificationView, store},
};

/// Does not mark it as read.
pub async fn read(
    caller: Allowed<NotificationsRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<NotificationView>, Problem> {
    let notification = deps
        .db
        .read(caller.tenant(), async |tx| store::find(tx, *id, caller.user()).await.map_err(Problem::from))
        .await?;
    Ok(Body::new(notification))
}
