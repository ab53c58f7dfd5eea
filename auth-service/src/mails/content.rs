//! The words of every mail.

use contracts::internal::mails::Mail;

use super::domain::{Content, Letter};

/// A mail's parts, of which text and HTML are both made.
struct Draft {
    subject: String,
    greeting: String,
    before: Vec<String>,
    action: Option<(&'static str, String)>,
    after: Vec<String>,
}

const TIME: &str = "%-d %B %Y, %H:%M UTC";

/// The letter in words.
pub fn write(letter: &Letter) -> Content {
    let draft = draft(letter);
    Content { text: text(&draft), html: html(&draft), subject: draft.subject }
}

fn hello(first_name: Option<&String>) -> String {
    first_name.map_or_else(|| "Hello,".to_owned(), |name| format!("Hello {},", one_line(name)))
}

fn draft(letter: &Letter) -> Draft {
    match letter {
        Letter::VerifyEmail { first_name, url, expires_at } => Draft {
            subject: "Confirm your e-mail address".to_owned(),
            greeting: hello(first_name.as_ref()),
            before: vec!["Please confirm that this e-mail address is yours:".to_owned()],
            action: Some(("Confirm address", url.clone())),
            after: vec![
                format!("The link works once, until {}.", expires_at.format(TIME)),
                "If you did not register with Leadstream, ignore this mail: nothing happens without the link."
                    .to_owned(),
            ],
        },
        Letter::ResetPassword { first_name, url, expires_at } => Draft {
            subject: "Choose a new password".to_owned(),
            greeting: hello(first_name.as_ref()),
            before: vec![
                "Somebody, probably you, asked for a new password for your Leadstream account. Choose it here:"
                    .to_owned(),
            ],
            action: Some(("Choose a password", url.clone())),
            after: vec![
                format!("The link works once, until {}.", expires_at.format(TIME)),
                "If it was not you, ignore this mail: your password stays as it is.".to_owned(),
            ],
        },
        Letter::PasswordChanged { first_name } => Draft {
            subject: "Your password was changed".to_owned(),
            greeting: hello(first_name.as_ref()),
            before: vec![
                "The password of your Leadstream account was changed just now, and your other sessions were ended."
                    .to_owned(),
            ],
            action: None,
            after: vec![
                "If it was not you, ask for a new password at once (\"Forgot password\") and tell your administrator."
                    .to_owned(),
            ],
        },
        Letter::SecondFactorChanged { first_name, on } => Draft {
            subject: if *on { "Two-step sign-in is on" } else { "Two-step sign-in is off" }.to_owned(),
            greeting: hello(first_name.as_ref()),
            before: vec![if *on {
                "Signing in to your Leadstream account needs a code from your authenticator app from now on."
            } else {
                "Signing in to your Leadstream account needs no code from an authenticator app any more."
            }
            .to_owned()],
            action: None,
            after: vec!["If it was not you, change your password at once and tell your administrator.".to_owned()],
        },
        Letter::Other(Mail::Invitation { tenant, inviter, role, accept_url, expires_at }) => {
            let (tenant, role) = (one_line(tenant), one_line(role));
            let who = inviter.as_deref().map_or_else(|| "You are invited".to_owned(), |name| {
                format!("{} invites you", one_line(name))
            });
            Draft {
                subject: format!("Invitation to {tenant}"),
                greeting: "Hello,".to_owned(),
                before: vec![format!("{who} to join {tenant} on Leadstream as {role}.")],
                action: Some(("Accept the invitation", accept_url.clone())),
                after: vec![
                    format!("The link works once, until {}.", expires_at.format(TIME)),
                    "If you do not know who this is from, ignore this mail.".to_owned(),
                ],
            }
        }
        Letter::Other(Mail::Welcome { tenant, role }) => {
            let (tenant, role) = (one_line(tenant), one_line(role));
            Draft {
                subject: format!("Welcome to {tenant}"),
                greeting: "Hello,".to_owned(),
                before: vec![format!("You can use {tenant} on Leadstream now, as {role}.")],
                action: None,
                after: vec![
                    "Sign in with this e-mail address. If you have no password yet, choose one by \"Forgot password\"."
                        .to_owned(),
                ],
            }
        }
    }
}

/// A name that somebody chose, without what would let it start a line or header of its own.
fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn text(draft: &Draft) -> String {
    let action = draft.action.as_ref().map(|(_, url)| url.clone());
    let parts = std::iter::once(draft.greeting.clone()).chain(draft.before.clone()).chain(action);
    parts.chain(draft.after.clone()).chain(["Leadstream".to_owned()]).collect::<Vec<_>>().join("\n\n") + "\n"
}

fn html(draft: &Draft) -> String {
    let paragraph = |text: &String| format!("<p>{}</p>\n", escaped(text));
    let mut html =
        String::from("<!doctype html>\n<html><body style=\"font-family:sans-serif;color:#222\">\n");
    html.push_str(&paragraph(&draft.greeting));
    draft.before.iter().for_each(|text| html.push_str(&paragraph(text)));
    if let Some((label, url)) = &draft.action {
        let url = escaped(url);
        html.push_str(&format!("<p><a href=\"{url}\">{label}</a></p>\n<p style=\"color:#666\">{url}</p>\n"));
    }
    draft.after.iter().for_each(|text| html.push_str(&paragraph(text)));
    html.push_str("<p>Leadstream</p>\n</body></html>\n");
    html
}

/// Text as HTML.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use chrono::Utc;

    use super::*;

    fn invitation(tenant: &str) -> Content {
        write(&Letter::Other(Mail::Invitation {
            tenant: tenant.to_owned(),
            inviter: Some("Ada".to_owned()),
            role: "manager".to_owned(),
            accept_url: "https://x.example/accept?token=abc&x=1".to_owned(),
            expires_at: Utc::now(),
        }))
    }

    #[test]
    fn the_link_stands_alone_on_its_line_of_the_text_and_whole_in_the_html() {
        let content = invitation("Acme");

        assert_eq!(content.subject, "Invitation to Acme");
        assert!(content.text.lines().any(|line| line == "https://x.example/accept?token=abc&x=1"));
        assert!(content.html.contains("href=\"https://x.example/accept?token=abc&amp;x=1\""));
    }

    #[test]
    fn a_name_starts_no_line_and_is_no_html() {
        let content = invitation("Acme\r\nBcc: all@example.com\n\n<b>click</b>");

        assert_eq!(content.subject.lines().count(), 1);
        assert!(!content.text.lines().any(|line| line.starts_with("Bcc")));
        assert!(!content.html.contains("<b>"));
    }
}
