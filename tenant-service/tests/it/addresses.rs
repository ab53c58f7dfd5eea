//! Invitations for addresses that can be written in several ways: each writing is the same address.

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use serde_json::json;
use testkit::Caller;

use crate::{
    invitations::{invite, look_up, token, try_inviting},
    world::{World, id},
};

const MIGRATION: &str = include_str!("../../migrations/00000000000100_addresses/up.sql");
/// One address: as people write it, with letters and marks apart, in capitals, and as mail servers write it.
const WRITINGS: [&str; 4] = ["ü@bücher.de", "u\u{308}@bu\u{308}cher.de", "Ü@BÜCHER.DE", "ü@xn--bcher-kva.de"];
const CANONICAL: &str = WRITINGS[3];

/// Writes the addresses of invitations as an earlier release did.
async fn rewrite(world: &World, from: &str, to: &str) {
    world
        .app
        .database
        .execute(&format!("UPDATE invitations SET email = '{to}' WHERE email = '{from}'"))
        .await;
}

async fn migrate(world: &World) {
    // The owner of the tables, which policies hold to one tenant at a time.
    let mut owner = AsyncPgConnection::establish(&world.app.database.owner_url()).await.unwrap();
    owner.batch_execute(MIGRATION).await.unwrap();
}

async fn open(admin: &Caller) -> Vec<String> {
    let list = admin.get("/api/v2/invitations?status=pending").await.expect(200);
    let rows = list["results"].as_array().unwrap().iter();
    rows.map(|row| row["email"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn an_invitation_and_the_account_of_its_address_meet_in_any_writing() {
    for (invited, signed_up) in [(0, 3), (1, 3), (2, 0), (3, 0), (3, 2)] {
        let (invited, signed_up) = (WRITINGS[invited], WRITINGS[signed_up]);
        let world = World::start().await;
        let admin = world.tenant("acme").await;
        let sent = invite(&admin, invited, "user").await;
        let twice = try_inviting(&admin, &json!({ "email": signed_up, "role": "user" })).await;
        let person = world.signed_in_as(signed_up).await;

        let joined = person.post("/api/v2/invitations/accept", &json!({ "token": token(&sent) })).await;

        assert_eq!(sent["email"], CANONICAL, "{invited}");
        assert_eq!(twice.problem(), (409, "already_invited"), "{invited} {signed_up}");
        assert_eq!(joined.expect(200)["email"], CANONICAL, "{invited} {signed_up}");
    }
}

#[actix_web::test]
async fn an_invitation_of_before_is_accepted_by_the_account_of_its_address() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let sent = token(&invite(&admin, CANONICAL, "user").await);
    rewrite(&world, CANONICAL, WRITINGS[0]).await;
    let (stranger, person) = (world.signed_in_as("ue@bucher.de").await, world.signed_in_as(CANONICAL).await);

    let refused = stranger.post("/api/v2/invitations/accept", &json!({ "token": sent })).await;

    assert_eq!(refused.problem(), (403, "invitation_for_another"));
    person.post("/api/v2/invitations/accept", &json!({ "token": sent })).await.expect(200);
}

#[actix_web::test]
async fn invitations_of_before_are_written_as_addresses_are_now() {
    for written in &WRITINGS[..2] {
        let world = World::start().await;
        let (admin, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
        for inviter in [&admin, &bolt] {
            invite(inviter, CANONICAL, "user").await;
        }
        invite(&admin, "plain@acme.example", "user").await;
        rewrite(&world, CANONICAL, written).await;

        migrate(&world).await;

        assert_eq!(open(&admin).await, ["plain@acme.example", CANONICAL], "{written}");
        assert_eq!(open(&bolt).await, [CANONICAL], "{written}");
        let again = try_inviting(&admin, &json!({ "email": WRITINGS[0], "role": "user" })).await;
        assert_eq!(again.problem(), (409, "already_invited"));
        let forced = "SELECT count(*) AS number FROM pg_class WHERE relforcerowsecurity \
                      AND relname IN ('invitations', 'branches', 'mails')";
        assert_eq!(world.app.database.number(forced).await, 3);
    }
}

#[actix_web::test]
async fn of_two_open_invitations_of_before_for_one_address_the_later_one_stays() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let earlier = invite(&admin, CANONICAL, "user").await;
    rewrite(&world, CANONICAL, WRITINGS[1]).await;
    let later = invite(&admin, CANONICAL, "manager").await;
    rewrite(&world, CANONICAL, WRITINGS[0]).await;

    migrate(&world).await;

    assert_eq!(open(&admin).await, [CANONICAL]);
    look_up(&world, &token(&later)).await.expect(200);
    assert_eq!(look_up(&world, &token(&earlier)).await.problem(), (410, "invitation_revoked"));
    let waiting = format!("SELECT count(*) AS number FROM mails WHERE subject_id = '{}'", id(&earlier));
    assert_eq!(world.app.database.number(&waiting).await, 0, "its mail is withdrawn");
}
