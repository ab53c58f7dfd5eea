//! Mails that would have been sent, as auth-service's mailbox for development shows them.

use serde_json::{Value, json};

/// The kind of mail that proves an address.
pub const VERIFY: &str = "verify_email";
/// The kind of mail that invites into a tenant.
pub const INVITATION: &str = "invitation";

/// The token in the newest mail of that kind, in what the mailbox answers.
pub fn token_in(mailbox: &Value, template: &str) -> Option<String> {
    let mails = mailbox.get("results")?.as_array()?;
    let mail = mails.iter().find(|mail| mail.get("template") == Some(&json!(template)))?;
    let link = mail.get("text")?.as_str()?.lines().find(|line| line.contains("?token="))?;
    Some(link.split_once("?token=")?.1.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_of_the_newest_mail_of_its_kind_is_found() {
        let mail = |template: &str, token: &str| json!({"template": template, "text": format!("Hello,\n\nhttp://x.example/y?token={token}\n\nBye\n")});
        let mailbox = json!({"results": [mail(INVITATION, "i"), mail(VERIFY, "new"), mail(VERIFY, "old")]});

        assert_eq!(token_in(&mailbox, VERIFY).as_deref(), Some("new"));
        assert_eq!(token_in(&mailbox, INVITATION).as_deref(), Some("i"));
        assert_eq!(token_in(&mailbox, "welcome"), None);
        assert_eq!(token_in(&json!({}), VERIFY), None);
    }
}
