//! Invitations end with the right of who gave them.

use contracts::{identity::PlatformRole, internal::users::UserSummary};
use serde_json::json;
use testkit::Caller;

use crate::{
    invitations::{accept, invite, look_up},
    world::{World, describe, id, summary},
};

/// What becomes of an invitation by this person once `change` has happened: in the list, and when it is accepted.
async fn ended_by(change: impl AsyncFnOnce(&World, &Caller, &Caller, uuid::Uuid)) -> (String, String) {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (membership, manager) = world.member(&admin, "manager").await;
    let sent = invite(&manager, "new@acme.example", "user").await;
    let mailed = world.mailed_token("new@acme.example").await;
    look_up(&world, &mailed).await.expect(200);

    change(&world, &admin, &manager, membership).await;

    let (looked, accepted) = (look_up(&world, &mailed).await, accept(&world, &mailed).await);
    assert_eq!(looked.problem(), accepted.problem());
    assert_eq!(accepted.status, 410, "{}", accepted.text);
    let shown = admin.get(&format!("/api/v2/invitations/{}", id(&sent))).await.expect(200);
    (shown["status"].as_str().unwrap().to_owned(), accepted.problem().1.to_owned())
}

#[actix_web::test]
async fn an_invitation_ends_with_its_givers_right_to_give_it() {
    let withdrawn = ("revoked".to_owned(), "invitation_revoked".to_owned());
    let path = |membership: uuid::Uuid| format!("/api/v2/tenant-users/{membership}");

    let removed = ended_by(async |_, admin, _, membership| {
        assert_eq!(admin.delete(&path(membership)).await.status, 204);
    });
    assert_eq!(removed.await, withdrawn);
    let demoted = ended_by(async |_, admin, _, membership| {
        let body = json!({ "role": "user" });
        admin.patch(&format!("{}/update_role", path(membership)), &body).await.expect(200);
    });
    assert_eq!(demoted.await, withdrawn);
    let switched_off = ended_by(async |_, admin, _, membership| {
        admin.patch(&path(membership), &json!({ "status": "inactive" })).await.expect(200);
    });
    assert_eq!(switched_off.await, withdrawn);
    let suspended = ended_by(async |world, _, manager, _| {
        let email = format!("{}@people.example", manager.user());
        describe(&world.auth, UserSummary { active: false, ..summary(manager.user(), email) }).await;
    });
    assert_eq!(suspended.await, ("pending".to_owned(), "invitation_ended".to_owned()));
    // Whatever the reason why nothing withdrew it, it is looked at when it is accepted.
    let past_every_rule = ended_by(async |world, _, _, membership| {
        let gone = format!("UPDATE memberships SET deleted_at = now() WHERE id = '{membership}'");
        world.app.database.execute(&gone).await;
    });
    assert_eq!(past_every_rule.await, ("pending".to_owned(), "invitation_ended".to_owned()));
}

#[actix_web::test]
async fn an_invitation_ends_when_its_givers_role_allows_less_than_it_gives() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let role = json!({ "name": "Recruiter", "data_scope": "all", "level": 70 });
    let role = admin.post("/api/v2/roles", &role).await.expect(201);
    let grants = format!("/api/v2/roles/{}/permissions", id(&role));
    let given = admin.get("/api/v2/roles?name=user").await.expect(200)["results"][0]["permissions"].clone();
    let mut held = given.as_array().unwrap().clone();
    held.push(json!("tenant_users:invite"));
    admin.put(&grants, &json!({ "permissions": held })).await.expect(200);
    let (_, recruiter) = world.member(&admin, "Recruiter").await;
    let (kept, lost) = ("new.kept@acme.example", "new.lost@acme.example");
    let sent = invite(&recruiter, kept, "user").await;
    let kept = world.mailed_token(kept).await;
    admin.put(&grants, &json!({ "permissions": held })).await.expect(200);
    accept(&world, &kept).await.expect(200);
    invite(&recruiter, lost, "user").await;
    let lost = world.mailed_token(lost).await;

    held.retain(|code| code != "leads:update");
    admin.put(&grants, &json!({ "permissions": held })).await.expect(200);

    assert_eq!(accept(&world, &lost).await.problem(), (410, "invitation_revoked"));
    let shown = admin.get(&format!("/api/v2/invitations/{}", id(&sent))).await.expect(200);
    assert_eq!(shown["status"], "accepted");
}

#[actix_web::test]
async fn what_platform_staff_sent_ends_with_their_role_on_the_platform() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let staff = world.app.user(admin.tenant()).with_platform_role(PlatformRole::InternalAdmin);
    let as_staff = |platform_role| UserSummary {
        platform_role,
        ..summary(staff.user(), format!("{}@people.example", staff.user()))
    };
    describe(&world.auth, as_staff(PlatformRole::InternalAdmin)).await;
    invite(&staff, "new@acme.example", "tenant_admin").await;
    let mailed = world.mailed_token("new@acme.example").await;
    look_up(&world, &mailed).await.expect(200);

    world.auth.reset().await;
    crate::world::describe_people(&world.auth).await;
    describe(&world.auth, as_staff(PlatformRole::None)).await;

    assert_eq!(accept(&world, &mailed).await.problem(), (410, "invitation_ended"));
}

#[actix_web::test]
async fn whoever_sends_an_invitation_again_is_its_giver_from_then_on() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (membership, manager) = world.member(&admin, "manager").await;
    let sent = invite(&manager, "new@acme.example", "user").await;

    let path = format!("/api/v2/invitations/{}/resend", id(&sent));
    let again = admin.post(&path, &json!({})).await.expect(200);
    assert_eq!(admin.delete(&format!("/api/v2/tenant-users/{membership}")).await.status, 204);

    assert_eq!(again["invited_by"], json!(admin.user()));
    let mailed = world.mailed_token("new@acme.example").await;
    accept(&world, &mailed).await.expect(200);
}
