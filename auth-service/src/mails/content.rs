//! The words of every mail.
//!
//! A mail holds one address, the platform's own. Names that people chose for themselves, their tenants and roles are part
//! of mails to others, so they are shown as plain text that no mail program makes a link of: [`plain`].

use contracts::internal::mails::Mail;

use super::domain::{Content, EmailTemplate};

/// A mail's parts, of which text and HTML are both made.
struct Draft {
    subject: String,
    greeting: String,
    before: Vec<String>,
    action: Option<(&'static str, String)>,
    after: Vec<String>,
}

/// Characters of a name that are shown; the rest is left out.
const NAME_LENGTH: usize = 80;
const TIME: &str = "%-d %B %Y, %H:%M UTC";

/// Renders a template.
pub fn write(template: &EmailTemplate) -> Content {
    let draft = draft(template);
    Content { text: text(&draft), html: html(&draft), subject: draft.subject }
}

fn hello(first_name: Option<&String>) -> String {
    first_name.map_or_else(|| "Hello,".to_owned(), |name| format!("Hello {},", plain(name)))
}

fn draft(template: &EmailTemplate) -> Draft {
    match template {
        EmailTemplate::VerifyEmail { first_name, url, expires_at } => Draft {
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
        EmailTemplate::ResetPassword { first_name, url, expires_at } => Draft {
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
        EmailTemplate::PasswordChanged { first_name } => Draft {
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
        EmailTemplate::SecondFactorChanged { first_name, on } => Draft {
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
        EmailTemplate::Other(Mail::Invitation { tenant, inviter, role, accept_url, expires_at }, _) => {
            let (tenant, role) = (plain(tenant), plain(role));
            let who = inviter.as_deref().map_or_else(|| "You are invited".to_owned(), |name| {
                format!("{} invites you", plain(name))
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
        EmailTemplate::Other(Mail::Welcome { tenant, role }, _) => {
            let (tenant, role) = (plain(tenant), plain(role));
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

/// A name as plain text: on one line, not too long, without invisible characters, and with a space after every character
/// by which mail programs recognise an address: `evil.example/pay` becomes `evil. example/ pay`.
fn plain(name: &str) -> String {
    let visible = |c: &char| c.is_whitespace() || !(c.is_control() || is_invisible(*c));
    let words: String = name.chars().filter(visible).collect();
    let mut shown = String::with_capacity(words.len());
    let mut length = 0;
    for word in words.split_whitespace() {
        let mut characters = word.chars().peekable();
        if length > 0 {
            shown.push(' ');
        }
        while let Some(character) = characters.next() {
            if length == NAME_LENGTH {
                shown.push('…');
                return shown;
            }
            length += 1;
            shown.push(character);
            if joins_an_address(character) && characters.peek().is_some() {
                shown.push(' ');
            }
        }
    }
    shown
}

/// Dots in all scripts that domain names are written in, and what stands between the parts of an address.
fn joins_an_address(character: char) -> bool {
    matches!(
        character,
        '.' | '\u{3002}'
            | '\u{ff0e}'
            | '\u{ff61}'
            | '\u{2024}'
            | '@'
            | '\u{ff20}'
            | ':'
            | '\u{ff1a}'
            | '/'
            | '\u{ff0f}'
    )
}

/// What takes no room, or turns the direction of what follows.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

fn text(draft: &Draft) -> String {
    let action = draft.action.as_ref().map(|(_, url)| url.clone());
    let parts = std::iter::once(draft.greeting.clone()).chain(draft.before.clone()).chain(action);
    parts.chain(draft.after.clone()).chain(["Leadstream".to_owned()]).collect::<Vec<_>>().join("\n\n") + "\n"
}

fn html(draft: &Draft) -> String {
    let paragraph = |text: &String| format!("<p>{}</p>\n", escaped(text));
    let mut html = String::from(
        "<!doctype html>\n<html><head><meta name=\"format-detection\" content=\"telephone=no,date=no,address=no,email=no,url=no\">\
             </head><body style=\"font-family:sans-serif;color:#222\">\n",
    );
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
        let mail = Mail::Invitation {
            tenant: tenant.to_owned(),
            inviter: Some(tenant.to_owned()),
            role: tenant.to_owned(),
            accept_url: "https://x.example/accept?token=abc&x=1".to_owned(),
            expires_at: Utc::now(),
        };
        write(&EmailTemplate::Other(mail, None))
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

    #[test]
    fn a_name_holds_nothing_that_a_mail_program_makes_a_link_of() {
        for name in [
            "Your invoice https://evil.example/pay now",
            "evil.example",
            "www.evil.example",
            "e\u{200b}vil\u{2060}.exam\u{ad}ple",
            "pay@evil.example",
            "mailto:pay@evil.example",
            "evil\u{3002}example",
            "evil\u{ff0e}example\u{ff0f}pay",
        ] {
            let content = invitation(name);
            let shown = [content.subject, content.text, content.html].concat();
            let shown = shown.replace("https://x.example/", "");
            for link in [
                "evil.example",
                "evil\u{3002}example",
                "evil\u{ff0e}example",
                "pay@e",
                "://e",
                "www.e",
                "to:p",
            ] {
                assert!(!shown.contains(link), "{name}: {shown}");
            }
        }
        let template = EmailTemplate::PasswordChanged { first_name: Some("evil.example".to_owned()) };
        assert!(!write(&template).text.contains("evil.example"));
    }

    #[test]
    fn a_name_is_not_longer_than_a_name() {
        let content = invitation(&"x".repeat(255));

        assert!(content.subject.chars().count() < 100, "{}", content.subject);
        assert_eq!(plain("Node.js & Söhne  GmbH"), "Node. js & Söhne GmbH");
        assert_eq!(plain("Acme Inc."), "Acme Inc.");
    }
}
