//! The page that an invitation's link leads to.

use serde_json::json;

use crate::{
    invitations::{invite, invite_by_mail},
    world::{World, describe_people, mailed_links, make_room},
};

const PAGE: &str = "/invitations/accept";

/// The service with these addresses, among others that do as they are asked.
async fn reached_at(addresses: &[(&str, &str)]) -> World {
    let world = World::start_with(addresses).await;
    for server in [&world.lead, &world.enrichment, &world.integration] {
        make_room(server).await;
    }
    describe_people(&world.auth).await;
    world
}

#[actix_web::test]
async fn an_invitations_link_leads_to_a_page_whose_form_accepts_it() {
    let world = reached_at(&[("PUBLIC_URL", "https://leads.example")]).await;
    let admin = world.tenant("acme").await;
    let token = invite_by_mail(&world, &admin, "new.ada@people.example", "user").await;
    let link = mailed_links(&world.auth, "new.ada@people.example").await.remove(0);

    let page = world.app.anonymous().get(link.strip_prefix("https://leads.example").unwrap()).await;

    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let attribute = |name: &str| {
        let (_, rest) = page.text.split_once(&format!("{name}=\"")).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    let shows = format!("{}?token={token}", attribute("data-shows"));
    let shown = world.app.anonymous().get(&shows).await.expect(200);
    for member in page.text.split("data-member=\"").skip(1) {
        let name = member.split_once('"').unwrap().0;
        assert!(shown[name].is_string(), "{name}: {shown}");
    }
    for requirement in ["password", "nothing", "sign_in"] {
        assert!(page.text.contains(requirement), "{requirement}");
    }
    let body =
        json!({ "token": token, "first_name": "Ada", "last_name": "L", "password": "correct horse battery" });
    for name in body.as_object().unwrap().keys().filter(|name| *name != "token") {
        assert!(page.text.contains(&format!("name=\"{name}\"")), "{name}");
    }
    world.app.anonymous().post(&attribute("data-sends"), &body).await.expect(200);
}

#[actix_web::test]
async fn an_invitations_link_leads_to_a_front_end_where_there_is_one() {
    let settings =
        [("PUBLIC_URL", "https://api.leads.example"), ("FRONTEND_URL", "https://app.leads.example/")];
    let world = reached_at(&settings).await;
    let admin = world.tenant("acme").await;

    let sent = invite(&admin, "ada@people.example", "user").await;

    let link = sent["accept_url"].as_str().unwrap();
    assert!(link.starts_with(&format!("https://app.leads.example{PAGE}?token=")), "{link}");
}
