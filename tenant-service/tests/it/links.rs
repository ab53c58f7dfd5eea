//! The two links of an invitation, and what each of them proves.

use contracts::internal::{
    InternalCall,
    users::{ClaimAccount, UserSummary},
};
use serde_json::json;

use crate::{
    invitations::{PASSWORD, accept, invite, invite_by_mail, look_up, token},
    world::{World, describe, describe_people, id, summary},
};

#[actix_web::test]
async fn the_link_in_the_answer_is_another_than_the_mailed_one_and_proves_nothing() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    for email in ["new@acme.example", "unproven@acme.example", "known@acme.example"] {
        let shown = token(&invite(&admin, email, "user").await);
        assert_ne!(shown, world.mailed_token(email).await);
        assert_eq!(look_up(&world, &shown).await.expect(200)["requires"], "sign_in", "{email}");

        let with_password = accept(&world, &shown).await;
        let body = json!({ "token": shown });
        let bare = world.app.anonymous().post("/api/v2/invitations/accept", &body).await;

        assert_eq!(with_password.problem(), (401, "sign_in_required"), "{email}");
        assert_eq!(bare.problem(), (401, "sign_in_required"), "{email}");
    }
    let unproven = world.signed_in_as("unproven@acme.example").await;
    let resent = admin.get("/api/v2/invitations?email=unproven@acme.example").await.expect(200);
    let path = format!("/api/v2/invitations/{}/resend", id(&resent["results"][0]));
    let shown = token(&admin.post(&path, &json!({})).await.expect(200));
    let body = json!({ "token": shown, "password": PASSWORD });

    let refused = unproven.post("/api/v2/invitations/accept", &body).await;

    assert_eq!(refused.problem(), (403, "address_unproven"));
    let asked = world.auth.received_requests().await.unwrap();
    assert!(!asked.iter().any(|request| request.url.path() == ClaimAccount::TEMPLATE));
    assert_eq!(admin.get("/api/v2/tenant-users").await.expect(200)["count"], 1);
    // It waits until the address is proven.
    let proven =
        UserSummary { email_verified: true, ..summary(unproven.user(), "unproven@acme.example".into()) };
    world.auth.reset().await;
    describe_people(&world.auth).await;
    describe(&world.auth, proven).await;
    unproven.post("/api/v2/invitations/accept", &body).await.expect(200);
}

#[actix_web::test]
async fn the_mailed_link_asks_for_a_password_while_the_address_is_not_proven() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let mailed = invite_by_mail(&world, &admin, "unproven@acme.example", "user").await;
    let bare = json!({ "token": mailed });

    assert_eq!(look_up(&world, &mailed).await.expect(200)["requires"], "password");
    for caller in [world.app.anonymous(), world.signed_in_as("unproven@acme.example").await] {
        let refused = caller.post("/api/v2/invitations/accept", &bare).await;
        assert_eq!(refused.faults(), [("password".to_owned(), "required".to_owned())]);
    }

    accept(&world, &mailed).await.expect(200);
}

#[actix_web::test]
async fn a_link_from_before_links_were_told_apart_proves_nothing() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let sent = token(&invite(&admin, "known@acme.example", "user").await);
    world.app.database.execute("UPDATE invitations SET mailed_token_hash = NULL").await;

    assert_eq!(accept(&world, &sent).await.problem(), (401, "sign_in_required"));
    let known = world.signed_in_as("known@acme.example").await;
    known.post("/api/v2/invitations/accept", &json!({ "token": sent })).await.expect(200);
}

#[actix_web::test]
async fn whose_address_is_proven_needs_the_mailed_link_alone() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let known = invite_by_mail(&world, &admin, "known@acme.example", "user").await;
    let new = invite_by_mail(&world, &admin, "new@acme.example", "user").await;
    let by_link = async |token: &str| {
        world.app.anonymous().post("/api/v2/invitations/accept", &json!({ "token": token })).await
    };

    assert_eq!(look_up(&world, &known).await.expect(200)["requires"], "nothing");
    by_link(&known).await.expect(200);
    assert_eq!(by_link(&new).await.faults(), [("password".to_owned(), "required".to_owned())]);
    let other_end = if new.ends_with('A') { "B" } else { "A" };
    for never in ["nonsense", &known[1..], &format!("{}{other_end}", &new[..new.len() - 1])] {
        assert_eq!(by_link(never).await.problem(), (404, "not_found"), "{never}");
        assert_eq!(look_up(&world, never).await.problem(), (404, "not_found"), "{never}");
    }
}
