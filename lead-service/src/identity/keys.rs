//! Identity keys of a person, in canonical form.

use platform::values;

use super::SourceKey;

/// Kinds of identity keys, in order of trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An e-mail address.
    Email,
    /// A LinkedIn profile.
    Linkedin,
    /// A phone number.
    Phone,
    /// The sender's own id for a submission that was attached to a known lead.
    Reference,
}

impl Kind {
    /// The word in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Linkedin => "linkedin",
            Self::Phone => "phone",
            Self::Reference => "reference",
        }
    }

    /// The kind of that word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Email, Self::Linkedin, Self::Phone, Self::Reference]
            .into_iter()
            .find(|kind| kind.word() == word)
    }

    /// The field of a lead that it is read from.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Linkedin => "linkedin_url",
            Self::Reference => "lead_reference_id",
            Self::Email | Self::Phone => self.word(),
        }
    }
}

/// One address in its canonical form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdentityKey {
    /// Of what kind.
    pub kind: Kind,
    /// Canonical form.
    pub value: String,
}

impl IdentityKey {
    /// The key under which a lead has a reference of this source. One of another source never has the same.
    pub fn reference(source: &SourceKey, reference: &str) -> Self {
        let value =
            if source.is_api() { reference.to_owned() } else { format!("{} {reference}", source.as_str()) };
        Self { kind: Kind::Reference, value }
    }
}

/// Role mailboxes: they identify a company, not a person.
const ROLES: [&str; 40] = [
    "abuse",
    "accounting",
    "accounts",
    "admin",
    "administration",
    "billing",
    "booking",
    "careers",
    "contact",
    "contacto",
    "customerservice",
    "enquiries",
    "enquiry",
    "feedback",
    "finance",
    "hello",
    "help",
    "helpdesk",
    "hi",
    "hr",
    "info",
    "inquiries",
    "invoices",
    "jobs",
    "kontakt",
    "mail",
    "marketing",
    "no-reply",
    "noreply",
    "office",
    "orders",
    "postmaster",
    "press",
    "reception",
    "sales",
    "secretary",
    "service",
    "support",
    "team",
    "webmaster",
];

/// Domains with mailboxes that ignore what follows a plus sign.
const TAGGING: [&str; 11] = [
    "fastmail.com",
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "me.com",
    "outlook.com",
    "pm.me",
    "proton.me",
    "protonmail.com",
];

/// The identity keys for these addresses. A role mailbox identifies a person only together with a name.
pub fn keys(
    email: Option<&str>,
    phone: Option<&str>,
    linkedin_url: Option<&str>,
    name: &str,
) -> Vec<IdentityKey> {
    let email = email.and_then(|text| canonical_email(text, name)).map(|value| (Kind::Email, value));
    let linkedin = linkedin_url.and_then(linkedin_handle).map(|value| (Kind::Linkedin, value));
    // Only a number that says its country tells a person, and only together with its extension.
    let phone = phone.and_then(|text| values::phone(text, None)).map(|value| (Kind::Phone, value));
    [email, linkedin, phone].into_iter().flatten().map(|(kind, value)| IdentityKey { kind, value }).collect()
}

fn canonical_email(text: &str, name: &str) -> Option<String> {
    let text = values::email_or_text(text);
    let (local, domain) = text.rsplit_once('@')?;
    let domain = domain.trim_end_matches('.');
    let domain = if domain == "googlemail.com" { "gmail.com" } else { domain };
    let mailbox = if TAGGING.contains(&domain) { local.split('+').next().unwrap_or(local) } else { local };
    let mailbox = if domain == "gmail.com" { mailbox.replace('.', "") } else { mailbox.to_owned() };
    if mailbox.is_empty() {
        return None;
    }
    if !ROLES.contains(&local.split('+').next().unwrap_or(local)) {
        return Some(format!("{mailbox}@{domain}"));
    }
    let name = values::composed(name);
    let name = name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then(|| format!("{mailbox}@{domain} ({name})"))
}

/// The handle in the address of a person's LinkedIn profile.
fn linkedin_handle(text: &str) -> Option<String> {
    let url = values::linkedin_url(text).filter(|url| url.host_str() != Some("lnkd.in"))?;
    let mut parts = url.path_segments()?;
    let page = parts.next()?;
    if !["in", "pub"].iter().any(|person| page.eq_ignore_ascii_case(person)) {
        return None;
    }
    let handle = values::composed(parts.next().map(percent_decoded)?.trim()).to_lowercase();
    // An encoded NUL is no letter of anyone's handle, and PostgreSQL cannot store it.
    (!handle.is_empty() && !handle.contains(char::is_control)).then_some(handle)
}

fn percent_decoded(text: &str) -> String {
    // One pair with an empty name: the value is decoded as in a query, where a plus sign is a space.
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(&format!("={}", text.replace('+', "%2B"))).unwrap_or_default();
    pairs.into_iter().next().map_or_else(|| text.to_owned(), |(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(text: &str) -> Option<String> {
        canonical_email(text, "")
    }

    fn phone(text: &str) -> Option<String> {
        keys(None, Some(text), None, "").into_iter().next().map(|key| key.value)
    }

    #[test]
    fn writings_of_one_address_are_one_key() {
        assert_eq!(email(" Ada@Example.COM "), Some("ada@example.com".into()));
        assert_eq!(email("A.d.a+news@GoogleMail.com"), Some("ada@gmail.com".into()));
        assert_eq!(
            email("ada+1@example.com"),
            Some("ada+1@example.com".into()),
            "another mailbox for all we know"
        );
        assert_eq!(email("a@köln.example"), email("A@xn--kln-sna.example"));
        assert_eq!(email("a@ko\u{308}ln.example"), email("a@köln.example"));
        for text in ["0049 30 901820", "+49 (30) 901-820", "+49 (0)30 901820", "+49 030 901820"] {
            assert_eq!(phone(text), Some("+4930901820".into()), "{text}");
        }
        assert_eq!(phone("030 901820"), None, "its country is not known");
        for text in [
            "in/ada-l",
            "https://www.linkedin.com/in/Ada-L/",
            "de.linkedin.com/in/ada%2Dl?x=1",
            "http://linkedin.com/in/ADA-l",
        ] {
            assert_eq!(linkedin_handle(text), Some("ada-l".into()), "{text}");
        }
    }

    #[test]
    fn a_handle_has_no_control_characters() {
        for text in ["https://linkedin.com/in/a%00b", "https://linkedin.com/in/a%0ab", "linkedin.com/in/%00"]
        {
            assert_eq!(linkedin_handle(text), None, "{text}");
        }
    }

    #[test]
    fn references_of_two_sources_are_two_keys() {
        let [one, other] = [uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2)];
        let sources = [
            SourceKey::api(),
            SourceKey::of_key(one),
            SourceKey::of_key(other),
            SourceKey::of_address(one),
            SourceKey::of_import("hubspot"),
        ];
        let keys: std::collections::HashSet<_> =
            sources.iter().map(|source| IdentityKey::reference(source, "7")).collect();
        assert_eq!(keys.len(), sources.len());
        assert_eq!(IdentityKey::reference(&SourceKey::api(), "7").value, "7");
    }

    #[test]
    fn one_number_with_two_extensions_is_two_people() {
        assert_ne!(phone("+1 202 555 0143 ext. 12"), phone("+1 202 555 0143 x34"));
        assert_ne!(phone("+1 202 555 0143 ext. 12"), phone("+1 202 555 0143"));
        assert_eq!(phone("+1 202 555 0143 ext. 12"), phone("+12025550143;ext=12"));
    }

    #[test]
    fn what_tells_a_company_tells_no_person() {
        assert_eq!(email("info@example.com"), None);
        assert_eq!(email("sales+eu@example.com"), None);
        assert_eq!(linkedin_handle("https://linkedin.com/company/acme"), None);
        assert_eq!(linkedin_handle("https://evil-linkedin.com/in/ada"), None);
    }

    #[test]
    fn readers_of_one_mailbox_are_told_apart_by_name() {
        let ada = canonical_email("info@example.com", "Ada  L");
        assert_eq!(ada, canonical_email("Info@Example.com", "ada l"));
        assert_ne!(ada, canonical_email("info@example.com", "Bob"));
    }
}
