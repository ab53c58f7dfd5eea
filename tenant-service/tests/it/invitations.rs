//! Invitations: sent, and accepted once by the invited person.

use contracts::{
    identity::PlatformRole,
    internal::{
        InternalCall,
        users::{ClaimAccount, FindUser},
    },
};
use futures::future::join_all;
use platform::http::problem::Problem;
use serde_json::{Value, json};
use testkit::{Caller, Reply};
use wiremock::{Mock, ResponseTemplate, matchers::path};

use crate::world::{World, id, person_of};

pub const PASSWORD: &str = "correct horse battery";

pub async fn try_inviting(inviter: &Caller, body: &Value) -> Reply {
    inviter.post(&format!("/api/v2/tenants/{}/invite_user", inviter.tenant()), body).await
}

pub async fn invite(inviter: &Caller, email: &str, role: &str) -> Value {
    try_inviting(inviter, &json!({ "email": email, "role": role })).await.expect(201)
}

pub fn token(sent: &Value) -> String {
    sent["accept_url"].as_str().unwrap().split_once("?token=").unwrap().1.to_owned()
}

/// Invites an address. Gives the token of the mail.
pub async fn invite_by_mail(world: &World, inviter: &Caller, email: &str, role: &str) -> String {
    invite(inviter, email, role).await;
    world.mailed_token(email).await
}

pub async fn accept(world: &World, token: &str) -> Reply {
    let body = json!({ "token": token, "password": PASSWORD, "first_name": "Grace" });
    world.app.anonymous().post("/api/v2/invitations/accept", &body).await
}

pub async fn look_up(world: &World, token: &str) -> Reply {
    world.app.anonymous().get(&format!("/api/v2/invitations/lookup?token={token}")).await
}

#[actix_web::test]
async fn whoever_is_invited_gets_a_link_by_mail_and_joins_with_a_password_of_their_own() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let above = world.membership_of(&admin).await;
    let body = json!({
        "email": "New.Grace@Acme.example", "role": "manager", "department": "Sales", "reports_to": above,
    });

    let sent = try_inviting(&admin, &body).await.expect(201);

    assert_eq!((&sent["email"], &sent["role"]), (&json!("new.grace@acme.example"), &json!("manager")));
    assert_eq!((&sent["status"], &sent["invited_by"]), (&json!("pending"), &json!(admin.user())));
    let expires_at: chrono::DateTime<chrono::Utc> = sent["expires_at"].as_str().unwrap().parse().unwrap();
    let hours = (expires_at - chrono::Utc::now()).num_hours();
    assert!((167..=168).contains(&hours), "{hours}");
    let mailed = world.mailed_token("new.grace@acme.example").await;
    let preview = look_up(&world, &mailed).await.expect(200);
    assert_eq!(
        (&preview["email"], &preview["client_id"], &preview["role"], &preview["requires"]),
        (&json!("new.grace@acme.example"), &json!("acme"), &json!("manager"), &json!("password"))
    );

    let accepted = accept(&world, &mailed).await.expect(200);

    let user = person_of("new.grace@acme.example");
    assert_eq!((&accepted["user_id"], &accepted["client_id"]), (&json!(user), &json!("acme")));
    let path = format!("/api/v2/tenant-users/{}", accepted["membership_id"].as_str().unwrap());
    let member = admin.get(&path).await.expect(200);
    assert_eq!((&member["role"], &member["department"]), (&json!("manager"), &json!("Sales")));
    assert_eq!((&member["reports_to"], &member["invited_by"]), (&json!(above), &json!(admin.user())));
    let below = admin.get(&format!("/api/v2/tenant-users/{above}/subordinates")).await.expect(200);
    assert_eq!(below["results"][0]["id"], member["id"]);
    assert_eq!(
        world.event_types(id(&sent)).await,
        ["Invitation.CREATE", "Invitation.status.UPDATE", "Invitation.UPDATE"]
    );
    assert_eq!(world.event_types(id(&member)).await, ["Membership.CREATE"]);
    let claimed = world.auth.received_requests().await.unwrap();
    let claimed = claimed.iter().filter(|request| request.url.path() == ClaimAccount::TEMPLATE);
    let chosen: Vec<String> =
        claimed.filter_map(|call| call.body_json::<ClaimAccount>().unwrap().password).collect();
    assert_eq!(chosen, [PASSWORD]);
    assert_eq!(accept(&world, &mailed).await.problem(), (410, "invitation_accepted"));
    assert_eq!(look_up(&world, &mailed).await.problem(), (410, "invitation_accepted"));
}

#[actix_web::test]
async fn the_link_is_shown_once_and_stored_nowhere() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let sent = invite(&admin, "ada@people.example", "user").await;
    let shown = token(&sent);

    let listed = admin.get("/api/v2/invitations?status=pending").await;
    let read = admin.get(&format!("/api/v2/invitations/{}", id(&sent))).await;

    assert_eq!(listed.body["results"][0]["id"], sent["id"]);
    assert!(!listed.text.contains("accept_url") && !listed.text.contains(&shown), "{}", listed.text);
    assert!(!read.text.contains("accept_url") && !read.text.contains(&shown), "{}", read.text);
    for table in ["invitations", "mails", "events"] {
        let sql = format!("SELECT count(*) AS number FROM {table}");
        assert!(world.app.database.number(&sql).await > 0, "{table}");
    }
    world.app.database.execute("CREATE TABLE kept_mails AS SELECT * FROM mails").await;
    for token in [shown, world.mailed_token("ada@people.example").await] {
        for table in ["invitations", "kept_mails", "events"] {
            // As text, and as the bytes that texts show in hex.
            let sql = format!(
                "SELECT count(*) AS number FROM {table} t WHERE t::text LIKE '%{token}%' \
                 OR t::text LIKE '%' || encode('{token}', 'hex') || '%'"
            );
            assert_eq!(world.app.database.number(&sql).await, 0, "{table}");
        }
    }
}

#[actix_web::test]
async fn a_token_lets_one_of_many_in() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let token = invite_by_mail(&world, &admin, "new@acme.example", "user").await;

    let replies = join_all((0..10).map(|_| accept(&world, &token))).await;

    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![200], vec![410; 9]].concat());
    assert_eq!(admin.get("/api/v2/tenant-users").await.expect(200)["count"], 2);
}

#[actix_web::test]
async fn an_expired_invitation_is_gone_until_it_is_sent_again_with_another_link() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let sent = invite(&admin, "new@acme.example", "user").await;
    let old = world.mailed_token("new@acme.example").await;
    world.app.database.execute("UPDATE invitations SET expires_at = now() - interval '1 second'").await;

    assert_eq!(accept(&world, &old).await.problem(), (410, "invitation_expired"));
    assert_eq!(look_up(&world, &old).await.problem(), (410, "invitation_expired"));
    assert_eq!(admin.get("/api/v2/invitations?status=expired").await.expect(200)["count"], 1);
    let path = format!("/api/v2/invitations/{}/resend", id(&sent));
    let again = admin.post(&path, &json!({})).await.expect(200);

    assert_eq!((&again["id"], &again["status"]), (&sent["id"], &json!("pending")));
    assert_ne!(token(&again), token(&sent));
    for replaced in [&old, &token(&sent)] {
        assert_eq!(accept(&world, replaced).await.problem(), (410, "invitation_replaced"));
    }
    let mailed = world.mailed_token("new@acme.example").await;
    assert_ne!(mailed, old);
    accept(&world, &mailed).await.expect(200);
    assert_eq!(admin.post(&path, &json!({})).await.problem(), (409, "invitation_closed"));
}

#[actix_web::test]
async fn somebody_whose_invitation_expired_can_be_invited_anew() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let first = invite(&admin, "new@acme.example", "user").await;
    let mailed_first = world.mailed_token("new@acme.example").await;
    let body = json!({ "email": "NEW@acme.example", "role": "user" });
    let twice = try_inviting(&admin, &body).await;
    assert_eq!(twice.problem(), (409, "already_invited"));
    assert_eq!(twice.body["invitation_id"], first["id"]);
    world.app.database.execute("UPDATE invitations SET expires_at = now() - interval '1 second'").await;

    try_inviting(&admin, &body).await.expect(201);

    let mailed_second = world.mailed_token("new@acme.example").await;
    assert_eq!(accept(&world, &mailed_first).await.problem(), (410, "invitation_expired"));
    accept(&world, &mailed_second).await.expect(200);
}

#[actix_web::test]
async fn a_withdrawn_invitation_is_gone_with_its_mail() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let sent = invite(&admin, "new@acme.example", "user").await;
    let path = format!("/api/v2/invitations/{}", id(&sent));

    assert_eq!(admin.delete(&path).await.status.as_u16(), 204);

    assert_eq!(accept(&world, &token(&sent)).await.problem(), (410, "invitation_revoked"));
    assert_eq!(admin.get(&path).await.expect(200)["status"], "revoked");
    assert_eq!(admin.delete(&path).await.problem(), (409, "invitation_closed"));
    assert_eq!(admin.post(&format!("{path}/resend"), &json!({})).await.problem(), (409, "invitation_closed"));
    assert_eq!(world.app.database.number("SELECT count(*) AS number FROM mails").await, 0);
    invite(&admin, "new@acme.example", "user").await;
}

#[actix_web::test]
async fn only_whoever_is_invited_accepts() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (invited, other) = (world.app.signed_in(PlatformRole::None), world.app.signed_in(PlatformRole::None));
    let sent = invite(&admin, &format!("{}@people.example", invited.user()), "user").await;
    let body = json!({ "token": token(&sent) });

    let refused = other.post("/api/v2/invitations/accept", &body).await;

    assert_eq!(refused.problem(), (403, "invitation_for_another"));
    let accepted = invited.post("/api/v2/invitations/accept", &body).await.expect(200);
    assert_eq!(accepted["user_id"], json!(invited.user()));
}

#[actix_web::test]
async fn what_auth_service_has_against_a_password_is_passed_on_and_spends_nothing() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let token = invite_by_mail(&world, &admin, "new@acme.example", "user").await;
    let fault = contracts::problem::FieldError::new("password", "too_common", "is too common");
    let body = Problem::invalid(vec![fault]).body(None, None);
    Mock::given(path(ClaimAccount::TEMPLATE))
        .respond_with(ResponseTemplate::new(400).set_body_json(body))
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&world.auth)
        .await;

    let refused = accept(&world, &token).await;

    assert_eq!(refused.faults(), [("password".to_owned(), "too_common".to_owned())]);
    accept(&world, &token).await.expect(200);
}

#[actix_web::test]
async fn nobody_invites_to_more_than_they_may_do_themselves() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (_, manager) = world.member(&admin, "manager").await;
    let sent = invite(&admin, "boss@acme.example", "tenant_admin").await;

    for role in ["tenant_admin", "ceo"] {
        let refused = try_inviting(&manager, &json!({ "email": "x@acme.example", "role": role })).await;
        assert_eq!(refused.problem(), (403, "permission_denied"), "{role}");
    }
    let path = format!("/api/v2/invitations/{}", id(&sent));
    let resent = manager.post(&format!("{path}/resend"), &json!({})).await;
    assert_eq!(resent.problem(), (403, "permission_denied"), "the answer would hold the link");
    assert_eq!(manager.delete(&path).await.problem(), (403, "permission_denied"));
    invite(&manager, "x@acme.example", "user").await;
}

#[actix_web::test]
async fn roles_superiors_and_people_are_checked_by_name() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (_, member) = world.member(&admin, "user").await;
    let refused = async |body: Value| {
        let reply = try_inviting(&admin, &body).await;
        (reply.problem().0, reply.problem().1.to_owned(), reply.faults())
    };
    let fault = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];

    let email = format!("{}@people.example", member.user());
    let (status, code, _) = refused(json!({ "email": email, "role": "user" })).await;
    assert_eq!((status, code.as_str()), (409, "already_member"));
    for role in ["boss", "internal_admin"] {
        let (status, _, faults) = refused(json!({ "email": "x@acme.example", "role": role })).await;
        assert_eq!((status, faults), (400, fault("role", "unknown_role")));
    }
    let (_, _, faults) = refused(json!({ "email": "nobody", "role": "user", "x": 1 })).await;
    assert_eq!(faults, [fault("email", "invalid_email"), fault("x", "unknown_field")].concat());
    let bolt = world.tenant("bolt").await;
    let foreign = world.membership_of(&bolt).await;
    let body = json!({ "email": "x@acme.example", "role": "user", "reports_to": foreign });
    let (status, _, faults) = refused(body).await;
    assert_eq!((status, faults), (422, fault("reports_to", "unknown_reference")));
}

#[actix_web::test]
async fn a_role_that_somebody_is_invited_to_cannot_be_deleted() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let role =
        admin.post("/api/v2/roles", &json!({ "name": "Auditor", "data_scope": "own" })).await.expect(201);
    let sent = invite(&admin, "x@acme.example", "auditor").await;
    let path = format!("/api/v2/roles/{}", id(&role));

    assert_eq!(admin.delete(&path).await.problem(), (409, "role_in_use"));
    admin.delete(&format!("/api/v2/invitations/{}", id(&sent))).await;
    assert_eq!(admin.delete(&path).await.status.as_u16(), 204);
}

#[actix_web::test]
async fn a_suspended_tenant_lets_nobody_in() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let token = invite_by_mail(&world, &admin, "new@acme.example", "user").await;
    let path = format!("/api/v2/tenants/{}", admin.tenant());
    world.staff().post(&format!("{path}/suspend"), &json!({})).await.expect(200);

    assert_eq!(look_up(&world, &token).await.problem(), (403, "tenant_inactive"));
    assert_eq!(accept(&world, &token).await.problem(), (403, "tenant_inactive"));

    world.staff().post(&format!("{path}/activate"), &json!({})).await.expect(200);
    accept(&world, &token).await.expect(200);
}

#[actix_web::test]
async fn inviting_and_accepting_happen_once_per_idempotency_key() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (keyed, body) =
        (admin.with("Idempotency-Key", "a"), json!({ "email": "new@acme.example", "role": "user" }));

    let (first, second) = (try_inviting(&keyed, &body).await, try_inviting(&keyed, &body).await);
    assert_eq!((second.status.as_u16(), second.header("idempotent-replayed")), (201, Some("true")));
    assert_eq!(first.body, second.body);
    let mailed = world.mailed_token("new@acme.example").await;
    let acceptance = json!({ "token": mailed, "password": PASSWORD });
    let invited = world.app.anonymous().with("Idempotency-Key", "b");
    let first = invited.post("/api/v2/invitations/accept", &acceptance).await;
    let second = invited.post("/api/v2/invitations/accept", &acceptance).await;
    assert_eq!((second.status.as_u16(), second.header("idempotent-replayed")), (200, Some("true")));
    assert_eq!(first.body, second.body);
}

#[actix_web::test]
async fn while_auth_service_is_away_nobody_is_invited_blindly() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    Mock::given(path(FindUser::TEMPLATE))
        .respond_with(ResponseTemplate::new(503))
        .up_to_n_times(3)
        .with_priority(1)
        .mount(&world.auth)
        .await;

    let reply = try_inviting(&admin, &json!({ "email": "new@acme.example", "role": "user" })).await;

    assert_eq!((reply.problem().0, reply.header("retry-after")), (503, Some("1")));
    invite(&admin, "new@acme.example", "user").await;
}

#[actix_web::test]
async fn another_tenants_invitation_is_like_one_that_does_not_exist() {
    let world = World::start().await;
    let (acme, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let sent = invite(&bolt, "x@bolt.example", "user").await;

    for id in [id(&sent), uuid::Uuid::now_v7()] {
        let path = format!("/api/v2/invitations/{id}");
        assert_eq!(acme.get(&path).await.problem(), (404, "not_found"));
        assert_eq!(acme.delete(&path).await.problem(), (404, "not_found"));
        assert_eq!(acme.post(&format!("{path}/resend"), &json!({})).await.problem(), (404, "not_found"));
    }
    assert_eq!(acme.get("/api/v2/invitations").await.expect(200)["count"], 0);
    let foreign = format!("/api/v2/tenants/{}/invite_user", bolt.tenant());
    let body = json!({ "email": "y@bolt.example", "role": "user" });
    assert_eq!(acme.post(&foreign, &body).await.problem(), (404, "not_found"));
}
