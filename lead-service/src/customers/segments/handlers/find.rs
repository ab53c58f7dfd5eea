//! Lists segments and reads one, with how many customers belong.

use actix_web::web::{Data, Path};
use contracts::permissions::CustomersRead;
use platform::{
    Problem,
    db::{Stored, Visibility},
    http::{Allowed, Body, Fields, List, list::Rows},
};
use uuid::Uuid;

use crate::{
    customers::segments::{api::SegmentView, store},
    deps::Deps,
};

/// The tenant's; counted are the customers that the caller sees.
pub async fn list(
    caller: Allowed<CustomersRead>,
    list: List<SegmentView>,
    deps: Data<Deps>,
) -> Result<Rows<SegmentView>, Problem> {
    let (visibility, zone) = (caller.visibility(), caller.time_zone());
    let (total, rows) = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let (total, mut rows) = SegmentView::page(tx, &list, &Visibility::All).await?;
            for segment in &mut rows {
                segment.member_count = Some(store::count(tx, &segment.criteria, &visibility, zone).await?);
            }
            Ok::<_, Problem>((total, rows))
        })
        .await?;
    Ok(list.answer(total, rows))
}

/// One with its version.
pub async fn read(
    caller: Allowed<CustomersRead>,
    id: Path<Uuid>,
    fields: Fields<SegmentView>,
    deps: Data<Deps>,
) -> Result<Body<SegmentView>, Problem> {
    let (visibility, zone) = (caller.visibility(), caller.time_zone());
    let segment = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let mut segment = SegmentView::find(tx, *id, &Visibility::All).await?;
            segment.member_count = Some(store::count(tx, &segment.criteria, &visibility, zone).await?);
            Ok::<_, Problem>(segment)
        })
        .await?;
    let version = segment.version;
    Ok(Body::versioned(segment, version).trimmed(fields.names))
}
