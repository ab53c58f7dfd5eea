//! A mailbox for development: what would have been sent, as a page and as JSON, at an address of this machine only.
//!
//! It shows all mails to every caller, so it exists only where `MAILBOX_ADDR` names a loopback address, and
//! answers only requests that name it as this machine: a website that lets its own name point here gets nothing.

use std::net::SocketAddr;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, http::StatusCode, web};
use chrono::{DateTime, Utc};
use platform::{Problem, http::query, worker::Shutdown};
use serde::Serialize;
use uuid::Uuid;

use super::{
    content::escaped,
    domain::Content,
    store::{self, MailRow},
};
use crate::deps::Deps;

/// Most mails shown.
const SHOWN: i64 = 200;

/// A mail as it is shown.
#[derive(Serialize)]
struct MailView {
    id: Uuid,
    to: String,
    template: String,
    status: String,
    subject: Option<String>,
    text: Option<String>,
    created_at: DateTime<Utc>,
}

#[derive(Serialize)]
struct MailsView {
    results: Vec<MailView>,
}

/// Serves it until the process ends.
///
/// # Errors
/// When the address cannot be listened on.
pub fn start(deps: web::Data<Deps>, addr: SocketAddr, mut shutdown: Shutdown) -> std::io::Result<()> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(deps.clone())
            .route("/", web::get().to(page))
            .route("/mails", web::get().to(json))
            .default_service(web::to(|| async { HttpResponse::NotFound().finish() }))
    })
    .workers(1)
    .disable_signals()
    .bind(addr)?
    .run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    actix_web::rt::spawn(async move {
        shutdown.triggered().await;
        handle.stop(false).await;
    });
    Ok(())
}

async fn json(request: HttpRequest, deps: web::Data<Deps>) -> HttpResponse {
    match mails(&request, &deps).await {
        Ok(results) => HttpResponse::Ok().json(MailsView { results }),
        Err(problem) => problem.response(Some(request.path()), None),
    }
}

async fn page(request: HttpRequest, deps: web::Data<Deps>) -> HttpResponse {
    let mails = match mails(&request, &deps).await {
        Ok(mails) => mails,
        Err(problem) => return problem.response(Some(request.path()), None),
    };
    let mut html = String::from(
        "<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"5\"><title>Mailbox</title>\
         <body style=\"font-family:sans-serif;max-width:50em;margin:2em auto\"><h1>Mailbox</h1>\
         <p>Mails that would have been sent, newest first. As JSON: <a href=\"/mails\">/mails</a>, \
         <code>/mails?to=ada@example.com</code></p>",
    );
    for mail in mails {
        html.push_str(&format!(
            "<hr><p><b>{}</b><br>to {} · {} · {}</p><pre style=\"white-space:pre-wrap\">{}</pre>",
            escaped(mail.subject.as_deref().unwrap_or(&mail.template)),
            escaped(&mail.to),
            mail.created_at.format("%H:%M:%S"),
            escaped(&mail.status),
            linked(mail.text.as_deref().unwrap_or("(sent: what it said is forgotten)")),
        ));
    }
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header(("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'"))
        .insert_header(("referrer-policy", "no-referrer"))
        .body(html)
}

/// Text as HTML in which a line that is an address is a link.
fn linked(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let line = escaped(line);
        let is_link = line.starts_with("http://") || line.starts_with("https://");
        if is_link { format!("<a href=\"{line}\">{line}</a>") } else { line }
    });
    lines.collect::<Vec<_>>().join("\n")
}

async fn mails(request: &HttpRequest, deps: &Deps) -> Result<Vec<MailView>, Problem> {
    if !names_this_machine(request.connection_info().host()) {
        return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "misdirected", "This is not that host."));
    }
    let pairs = query::pairs(request.query_string())?;
    let to = pairs.iter().find(|(name, _)| name == "to").map(|(_, address)| address.trim().to_lowercase());
    let rows = deps
        .db
        .in_system(async |tx| store::newest(tx, to.as_deref(), SHOWN).await.map_err(Problem::from))
        .await?;
    rows.into_iter().map(|row| view(deps, row)).collect()
}

fn view(deps: &Deps, row: MailRow) -> Result<MailView, Problem> {
    let content: Option<Content> =
        row.content.map(|sealed| store::open(&deps.sealing, row.id, &sealed)).transpose()?;
    let (subject, text) = content.map(|content| (content.subject, content.text)).unzip();
    Ok(MailView {
        id: row.id,
        to: row.recipient,
        template: row.template,
        status: row.status,
        subject,
        text,
        created_at: row.created_at,
    })
}

fn names_this_machine(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for host in ["localhost", "localhost:9000", "127.0.0.1:9000", "[::1]:9000"] {
            assert!(names_this_machine(host), "{host}");
        }
        for host in ["evil.example", "127.0.0.1.evil.example:9000", "localhost.evil.example", ""] {
            assert!(!names_this_machine(host), "{host}");
        }
    }

    #[test]
    fn links_are_links_and_text_stays_text() {
        assert_eq!(
            linked("<i>\nhttps://x.example/?a=1&b=2"),
            "&lt;i&gt;\n<a href=\"https://x.example/?a=1&amp;b=2\">https://x.example/?a=1&amp;b=2</a>"
        );
    }
}
