//! Mails: queued with what causes them, sent until they are taken, never readable at rest.

use std::{
    net::TcpListener,
    sync::{Arc, Mutex},
    time::Duration,
};

use auth_service::mails::SendMail;
use contracts::Service;
use platform::jobs::run_due;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    task::JoinHandle,
};
use uuid::Uuid;

use crate::stage::{Stage, registration};

const MAILS: &str = "/internal/mails";

fn invitation(id: Uuid, to: &str) -> Value {
    json!({"id": id, "to": to, "mail": {
        "template": "invitation", "tenant": "Acme", "inviter": "Ada Lovelace", "role": "manager",
        "accept_url": "https://leads.example/accept?token=secret-token", "expires_at": "2999-01-01T00:00:00Z",
    }})
}

/// A mail server that answers the recipient with `verdict` and keeps what it took.
struct Server {
    url: String,
    taken: Arc<Mutex<Vec<String>>>,
    _serving: JoinHandle<()>,
}

impl Server {
    async fn start(verdict: &'static str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let taken = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&taken);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, verdict, Arc::clone(&kept)));
            }
        });
        Self { url, taken, _serving: serving }
    }
}

async fn converse(stream: tokio::net::TcpStream, verdict: &'static str, taken: Arc<Mutex<Vec<String>>>) {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 test\r\n").await.unwrap();
    let (mut mail, mut in_content) = (String::new(), false);
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = if in_content {
            mail.push_str(&line);
            mail.push('\n');
            if line != "." {
                continue;
            }
            in_content = false;
            taken.lock().unwrap().push(std::mem::take(&mut mail));
            "250 taken\r\n"
        } else if line.starts_with("RCPT") {
            verdict
        } else if line == "DATA" {
            in_content = true;
            "354 go on\r\n"
        } else if line == "QUIT" {
            "221 bye\r\n"
        } else {
            "250 fine\r\n"
        };
        if writer.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn status(stage: &Stage, status: &str) -> i64 {
    let sql = format!("SELECT count(*) AS number FROM mails WHERE status = '{status}'");
    stage.app.database.number(&sql).await
}

async fn send_due(stage: &Stage) -> usize {
    run_due::<SendMail>(&stage.app.deps).await.unwrap()
}

#[actix_web::test]
async fn a_mail_is_handed_to_the_server_once_and_what_it_said_is_forgotten() {
    let server = Server::start("250 fine\r\n").await;
    let stage =
        Stage::set_with(&[("SMTP_URL", &server.url), ("MAIL_FROM", "Acme <mail@acme.example>")]).await;
    let asking = stage.app.service(Service::Tenant);
    asking.put(MAILS, &invitation(Uuid::now_v7(), "bob@example.com")).await.expect(200);

    assert_eq!(send_due(&stage).await, 1);
    assert_eq!(send_due(&stage).await, 0);

    let taken = server.taken.lock().unwrap().clone();
    let [mail] = taken.as_slice() else { panic!("{taken:?}") };
    assert!(mail.contains("Subject: Invitation to Acme"), "{mail}");
    assert!(mail.contains("mail@acme.example") && mail.contains("bob@example.com"), "{mail}");
    let gone = "SELECT count(*) AS number FROM mails WHERE status = 'sent' AND content IS NULL";
    assert_eq!(stage.app.database.number(gone).await, 1);
}

#[actix_web::test]
async fn a_mail_queued_twice_under_one_id_is_one_mail() {
    let stage = Stage::set().await;
    let asking = stage.app.service(Service::Tenant);
    let mail = invitation(Uuid::now_v7(), "bob@example.com");

    let replies = futures::future::join_all((0..10).map(|_| asking.put(MAILS, &mail))).await;

    let new = replies.into_iter().filter(|reply| reply.body["is_new"] == json!(true)).count();
    assert_eq!((new, status(&stage, "queued").await), (1, 1));
}

#[actix_web::test]
async fn a_mail_that_is_not_taken_yet_is_tried_again_later() {
    let server = Server::start("451 busy\r\n").await;
    let stage = Stage::set_with(&[("SMTP_URL", &server.url)]).await;
    stage.register("ada@example.com").await;

    assert_eq!(send_due(&stage).await, 1);

    assert_eq!(send_due(&stage).await, 0, "not before its pause is over");
    stage.arrange("UPDATE mails SET next_attempt_at = now()").await;
    assert_eq!(send_due(&stage).await, 1);
    assert_eq!(status(&stage, "queued").await, 1);
}

#[actix_web::test]
async fn a_mail_that_will_never_be_taken_is_given_up_at_once_and_others_after_eight_tries() {
    let server = Server::start("550 no such user\r\n").await;
    let stage = Stage::set_with(&[("SMTP_URL", &server.url)]).await;
    stage.register("ada@example.com").await;
    assert_eq!(send_due(&stage).await, 1);
    assert_eq!(status(&stage, "failed").await, 1);

    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let away = Stage::set_with(&[("SMTP_URL", &format!("smtp://{nobody}"))]).await;
    away.register("ada@example.com").await;
    away.arrange("UPDATE mails SET attempts = 6").await;
    assert_eq!(send_due(&away).await, 1);
    assert_eq!(status(&away, "failed").await, 0);
    away.arrange("UPDATE mails SET next_attempt_at = now()").await;
    assert_eq!(send_due(&away).await, 1);
    assert_eq!(status(&away, "failed").await, 1);
}

#[actix_web::test]
async fn a_mail_whose_sender_died_is_sent_by_another_when_the_lease_ends() {
    let server = Server::start("250 fine\r\n").await;
    let stage = Stage::set_with(&[("SMTP_URL", &server.url)]).await;
    stage.register("ada@example.com").await;
    stage.arrange("UPDATE mails SET attempts = 1, next_attempt_at = now() + interval '1 minute'").await;

    assert_eq!(send_due(&stage).await, 0);
    stage.arrange("UPDATE mails SET next_attempt_at = now() - interval '1 second'").await;

    assert_eq!(send_due(&stage).await, 1);
    assert_eq!(status(&stage, "sent").await, 1);
}

#[actix_web::test]
async fn a_mail_whose_link_has_expired_is_not_sent() {
    let server = Server::start("250 fine\r\n").await;
    let stage = Stage::set_with(&[("SMTP_URL", &server.url)]).await;
    stage.register("ada@example.com").await;
    stage.arrange("UPDATE mails SET expires_at = now() - interval '1 second'").await;

    assert_eq!(send_due(&stage).await, 0);
    auth_service::housekeeping::clean(&stage.app.deps).await.unwrap();

    assert_eq!(status(&stage, "expired").await, 1);
}

#[actix_web::test]
async fn what_a_waiting_mail_says_is_not_readable_in_the_database() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    stage
        .app
        .service(Service::Tenant)
        .put(MAILS, &invitation(Uuid::now_v7(), "bob@example.com"))
        .await
        .expect(200);

    let readable = "SELECT count(*) AS number FROM mails m WHERE m::text LIKE '%token%' \
                    OR position('token'::bytea IN content) > 0 OR position('lsv_'::bytea IN content) > 0";

    assert_eq!(stage.app.database.number(readable).await, 0);
    assert_eq!(status(&stage, "queued").await, 2);
}

#[actix_web::test]
async fn a_registration_that_fails_leaves_no_mail() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;

    stage.app.anonymous().post("/api/v2/auth/register", &registration("ada@example.com")).await.expect(409);

    assert_eq!(status(&stage, "queued").await, 1);
}

#[actix_web::test]
async fn in_development_mails_are_read_at_an_address_of_this_machine() {
    let addr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let stage = Stage::set_with(&[("MAILBOX_ADDR", &addr.to_string())]).await;
    let stage = Stage { app: stage.app.with_background(), ..stage };
    stage.register("ada@example.com").await;
    stage.register("bob@example.com").await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;

    let mails = http.get(format!("http://{addr}/mails?to=ada@example.com")).send().await.unwrap();
    let mails: Value = mails.json().await.unwrap();
    let page = http.get(format!("http://{addr}/")).send().await.unwrap().text().await.unwrap();
    let foreign =
        http.get(format!("http://{addr}/mails")).header("host", "evil.example").send().await.unwrap();

    let [mail] = mails["results"].as_array().unwrap().as_slice() else { panic!("{mails}") };
    assert_eq!((&mail["to"], &mail["template"]), (&json!("ada@example.com"), &json!("verify_email")));
    assert!(mail["text"].as_str().unwrap().contains("/verify-email?token=lsv_"), "{mail}");
    assert!(page.contains("bob@example.com") && page.contains("Confirm your e-mail address"), "{page}");
    assert_eq!(foreign.status(), 421);
}
