//! Redis, auth-service or tenant-service is away: what is known goes on for a while, and nothing opens.

use std::time::{Duration, Instant};

use contracts::{Service, UserId};
use reqwest::Method;

use crate::{
    fake,
    line::Line,
    tokens::Person,
    world::{Answer, LEADS, World},
};

const ME: &str = "/api/v2/auth/me";

async fn status(world: &World, person: &Person, tenant: &str) -> u16 {
    world.as_person(person, Some(tenant), LEADS).await.status.as_u16()
}

async fn me(world: &World, person: &Person) -> Answer {
    Answer::read(world.request(Method::GET, ME).bearer_auth(person.token())).await
}

/// Seconds until something holds.
async fn until(what: &str, longest: Duration, test: impl AsyncFn() -> bool) -> f64 {
    let began = Instant::now();
    while !test().await {
        assert!(began.elapsed() < longest, "{what}: not within {longest:?}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    began.elapsed().as_secs_f64()
}

#[actix_web::test]
async fn without_redis_a_change_is_known_within_five_seconds() {
    for cut in [Line::cut, Line::freeze] {
        let line = Line::to_redis().await;
        let world = World::start_with(&[("REDIS_URL", &line.url())]).await;
        let (person, tenant) = world.member(&["leads:read"]);
        assert_eq!(status(&world, &person, &tenant.client_id).await, 200);

        cut(&line);
        world.grant(&person, &tenant, "active", &[]);

        let changed = async || status(&world, &person, &tenant.client_id).await == 403;
        let seconds = until("the change", Duration::from_millis(5_500), changed).await;
        assert!(seconds > 0.0, "nobody could have told");
    }
}

#[actix_web::test]
async fn what_was_missed_while_redis_was_away_is_made_up_for_when_it_is_back() {
    let line = Line::to_redis().await;
    let world = World::start_with(&[("REDIS_URL", &line.url())]).await;
    let (person, tenant) = world.member(&["leads:read"]);
    assert_eq!(status(&world, &person, &tenant.client_id).await, 200);

    line.cut();
    world.wait("nothing is heard", async || !world.gateway.access.is_told()).await;
    world.grant(&person, &tenant, "active", &[]);
    line.mend();
    world.wait("all is heard", async || world.gateway.access.is_told()).await;

    assert_eq!(status(&world, &person, &tenant.client_id).await, 403);
}

#[actix_web::test]
async fn while_tenant_service_is_away_access_goes_on_for_a_while_and_then_no_longer() {
    let world = World::start_with(&[("OUTAGE_GRACE_SECONDS", "2")]).await;
    let (person, tenant) = world.member(&["leads:read"]);
    assert_eq!(status(&world, &person, &tenant.client_id).await, 200);

    world.stop(Service::Tenant).await;

    let ended = async || {
        let answer = world.as_person(&person, Some(&tenant.client_id), LEADS).await;
        assert!([200, 503].contains(&answer.status.as_u16()), "{answer:?}");
        answer.status == 503
    };
    let seconds = until("the end", Duration::from_secs(4), ended).await;
    assert!((1.5..3.0).contains(&seconds), "access went on for {seconds} s");
}

#[actix_web::test]
async fn while_auth_service_is_away_sessions_go_on_for_a_while_and_then_no_longer() {
    let world = World::start_with(&[("OUTAGE_GRACE_SECONDS", "4")]).await;
    let (person, stranger) = (Person::new(), Person { id: UserId::new(), ..Person::new() });
    assert_eq!(me(&world, &person).await.status, 200);

    *world.script.internal_is_away.lock().unwrap() = true;

    let began = Instant::now();
    let ended = async || me(&world, &person).await.status == 503;
    until("the end", Duration::from_secs(7), ended).await;
    assert!(began.elapsed() > Duration::from_millis(1_900), "it went on for {:?}", began.elapsed());
    assert_eq!(me(&world, &stranger).await.problem(), (503, "unavailable"));
    assert!(me(&world, &person).await.header("retry-after").is_some());

    *world.script.internal_is_away.lock().unwrap() = false;
    world.wait("it goes on", async || me(&world, &person).await.status == 200).await;
}

#[actix_web::test]
async fn what_was_revoked_stays_revoked_while_auth_service_is_away() {
    let (world, person) = (World::start().await, Person::new());
    world.revoke(person.session, None);
    world.wait("the end", async || me(&world, &person).await.status == 401).await;

    *world.script.internal_is_away.lock().unwrap() = true;

    assert_eq!(me(&world, &person).await.problem(), (401, "token_revoked"));
}

#[actix_web::test]
async fn a_restarted_gateway_lets_nobody_in_while_auth_service_is_away() {
    let world = World::start().await;
    let person = Person::new();
    world.revoke(person.session, None);
    *world.script.internal_is_away.lock().unwrap() = true;

    let anew = World::start_on(std::sync::Arc::clone(&world.script), &[]).await;

    for somebody in [person, Person::new()] {
        assert_eq!(me(&anew, &somebody).await.status, 503);
    }
}

#[actix_web::test]
async fn when_tenant_service_is_back_access_is_asked_for_again() {
    let world = World::start_with(&[("OUTAGE_GRACE_SECONDS", "1")]).await;
    let (person, tenant) = world.member(&["leads:read"]);
    let (_, address, _) = world.addresses.iter().find(|(service, ..)| *service == Service::Tenant).unwrap();
    world.stop(Service::Tenant).await;
    world.wait("the outage", async || status(&world, &person, &tenant.client_id).await == 503).await;

    let at = address.trim_start_matches("http://");
    let (_, handle) = fake::start_at(at, Service::Tenant, &world.script, &world.keys);

    world.wait("the return", async || status(&world, &person, &tenant.client_id).await == 200).await;
    handle.stop(false).await;
}
