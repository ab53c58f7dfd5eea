//! A manager with a team too large for the identity header sees the team's records.

use contracts::{
    UserId,
    identity::DataScope,
    internal::{InternalCall, tenants::ListTeam},
};
use serde_json::json;
use wiremock::{
    Mock, ResponseTemplate,
    matchers::{method, path},
};

use crate::arrange::{Leads, tenant_service};

#[actix_web::test]
async fn a_team_is_fetched_once_and_nobody_is_shown_less_while_it_cannot_be() {
    let tenants = tenant_service().await;
    let app = Leads::start_with(&[("TENANT_URL", &tenants.uri())]).await;
    let tenant = app.tenant().await;
    let (worker, stranger) = (app.user(tenant), app.user(tenant));
    for (person, name) in [(&worker, "Ada"), (&stranger, "Grace")] {
        person.post("/api/v2/leads", &json!({ "first_name": name })).await.expect(201);
    }
    let team: Vec<UserId> = (0..4_999).map(|_| UserId::new()).chain([worker.user()]).collect();
    let boss = app.user(tenant).scoped(DataScope::Team, &team);

    let away = boss.get("/api/v2/leads").await;
    assert_eq!((away.problem().0, away.header("retry-after")), (503, Some("1")));
    Mock::given(method("POST"))
        .and(path(ListTeam::TEMPLATE))
        .respond_with(ResponseTemplate::new(200).set_body_json(&team))
        .mount(&tenants)
        .await;
    for _ in 0..3 {
        let leads = boss.get("/api/v2/leads?fields=first_name").await.expect(200);
        assert_eq!((&leads["count"], &leads["results"][0]["first_name"]), (&json!(1), &json!("Ada")));
    }

    let asked = tenants.received_requests().await.unwrap();
    let answered = asked.iter().filter(|request| request.url.path() == ListTeam::TEMPLATE).count();
    // Three tries while it was away, then one that is remembered.
    assert_eq!(answered, 4);
}
