//! Who gets in, of every route there is.

use integration_service::Integration;
use platform::command::App;
use reqwest::Method;
use uuid::Uuid;

use crate::stage::Stage;

#[actix_web::test]
async fn nobody_calls_a_route_without_an_identity_or_without_its_permission() {
    let stage = Stage::set_quiet().await;
    let bystander = stage.caller.holding(&[]);

    for route in Integration::routes().iter() {
        let method: Method = route.method.parse().unwrap();
        let path = route.path.replace("{id}", &Uuid::now_v7().to_string());
        let status =
            async |caller: &testkit::Caller| caller.send(method.clone(), &path, None).await.status.as_u16();

        assert_eq!(status(&stage.app.nobody()).await, 401, "{} {}", route.method, route.path);
        assert_eq!(status(&stage.app.anonymous()).await, 401, "{} {}", route.method, route.path);
        let expected = if (route.operation)().rule.access == "internal" { 401 } else { 403 };
        assert_eq!(status(&bystander).await, expected, "{} {}", route.method, route.path);
    }
}

#[actix_web::test]
async fn every_post_gives_its_first_answer_again() {
    testkit::app::assert_posts_are_kept::<Integration>();
}
