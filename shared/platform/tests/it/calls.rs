//! Calls between services: how often each kind is sent.

use contracts::{
    Service,
    internal::{CallKind, InternalCall},
};
use platform::client::CallError;
use serde::{Deserialize, Serialize};
use testkit::TestApp;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

use crate::letters::PostOffice;

macro_rules! call {
    ($name:ident, $kind:ident) => {
        #[derive(Serialize, Deserialize)]
        struct $name {}

        impl InternalCall for $name {
            type Answer = u32;
            const SERVICE: Service = Service::Tenant;
            const KIND: CallKind = CallKind::$kind;
            const TEMPLATE: &'static str = "/internal/bell";
        }
    };
}
call!(Asked, Ask);
call!(PutThere, Put);
call!(RungOnce, Once);

/// A service that gives these answers in turn.
async fn answering(answers: &[ResponseTemplate]) -> (MockServer, TestApp<PostOffice>) {
    let server = MockServer::start().await;
    for answer in answers {
        let bell = Mock::given(path("/internal/bell")).respond_with(answer.clone());
        bell.up_to_n_times(1).mount(&server).await;
    }
    let app = TestApp::start_with(&[("TENANT_URL", &server.uri())]).await;
    (server, app)
}

async fn sent(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    requests.iter().map(|request| request.method.to_string()).collect()
}

#[actix_web::test]
async fn a_call_that_may_be_repeated_is_sent_again_while_its_service_is_away() {
    let away = || ResponseTemplate::new(503);
    let answer = || ResponseTemplate::new(200).set_body_json(7);

    let (server, app) = answering(&[away(), away(), answer()]).await;
    assert_eq!(app.base.peers.call(&Asked {}).await.unwrap(), 7);
    assert_eq!(sent(&server).await, ["POST", "POST", "POST"]);

    let (server, app) = answering(&[away(), answer()]).await;
    assert_eq!(app.base.peers.call(&PutThere {}).await.unwrap(), 7);
    assert_eq!(sent(&server).await, ["PUT", "PUT"]);
}

#[actix_web::test]
async fn a_call_that_may_do_its_work_twice_is_sent_once() {
    let (server, app) =
        answering(&[ResponseTemplate::new(503), ResponseTemplate::new(200).set_body_json(7)]).await;

    let outcome = app.base.peers.call(&RungOnce {}).await;

    assert!(matches!(outcome, Err(CallError::Away(Service::Tenant, _))), "{outcome:?}");
    assert_eq!(sent(&server).await, ["POST"]);
}

#[actix_web::test]
async fn a_call_that_was_carried_out_is_not_sent_again_because_its_answer_cannot_be_read() {
    let unreadable = || ResponseTemplate::new(200).set_body_string("seven");
    let (server, app) = answering(&[unreadable(), unreadable()]).await;

    let outcome = app.base.peers.call(&PutThere {}).await;

    assert!(matches!(outcome, Err(CallError::Away(..))), "{outcome:?}");
    assert_eq!(sent(&server).await, ["PUT"]);
}
