//! A tenant has so many members at most.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::{
    invitations::{accept, invite, invite_by_mail, try_inviting},
    world::{World, id},
};

async fn seats(world: &World, most: i64) {
    world.app.database.execute(&format!("UPDATE tenants SET max_users = {most}")).await;
}

#[actix_web::test]
async fn of_many_who_want_the_last_seat_one_gets_it() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let emails: Vec<String> = (0..4).map(|number| format!("new{number}@acme.example")).collect();
    let mut tokens = Vec::new();
    for email in &emails {
        tokens.push(invite_by_mail(&world, &admin, email, "user").await);
    }
    seats(&world, 2).await;

    let replies = join_all(tokens.iter().map(|token| accept(&world, token))).await;

    let mut outcomes: Vec<u16> = replies.iter().map(|reply| reply.status.as_u16()).collect();
    outcomes.sort_unstable();
    assert_eq!(outcomes, [200, 422, 422, 422]);
    let refused = replies.iter().find(|reply| reply.status == 422).unwrap();
    assert_eq!(refused.problem(), (422, "user_limit_reached"));
    assert_eq!(admin.get("/api/v2/tenant-users").await.expect(200)["count"], 2);
}

#[actix_web::test]
async fn an_invitation_promises_a_seat() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    seats(&world, 3).await;
    let bodies: Vec<Value> = (0..5)
        .map(|number| json!({ "email": format!("new{number}@acme.example"), "role": "user" }))
        .collect();

    let replies = join_all(bodies.iter().map(|body| try_inviting(&admin, body))).await;

    let mut outcomes: Vec<u16> = replies.iter().map(|reply| reply.status.as_u16()).collect();
    outcomes.sort_unstable();
    assert_eq!(outcomes, [201, 201, 422, 422, 422]);
    let given = replies.into_iter().find(|reply| reply.status == 201).unwrap().body;
    admin.delete(&format!("/api/v2/invitations/{}", id(&given))).await;
    invite(&admin, "new9@acme.example", "user").await;
}

#[actix_web::test]
async fn somebody_who_was_deactivated_needs_a_seat_to_come_back() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (id, _) = world.member(&admin, "user").await;
    let path = format!("/api/v2/tenant-users/{id}");
    admin.patch(&path, &json!({ "status": "inactive" })).await.expect(200);
    seats(&world, 1).await;

    let refused = admin.patch(&path, &json!({ "status": "active" })).await;

    assert_eq!(refused.problem(), (422, "user_limit_reached"));
    seats(&world, 2).await;
    admin.patch(&path, &json!({ "status": "active" })).await.expect(200);
}
