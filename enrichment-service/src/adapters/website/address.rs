//! Addresses found on a page: mail, phone, pictures, other sites.

use platform::values;
use url::Url;

/// Endings of file names that look like mail addresses, such as `logo@2x.png`.
const FILES: &[&str] =
    &["png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico", "css", "js", "woff", "woff2"];

/// Whether `other` is on the site of `page`.
pub(super) fn same_site(page: &Url, other: &str) -> bool {
    let own = page.host_str().map(bare);
    own.is_some() && page.join(other).is_ok_and(|other| other.host_str().map(bare) == own)
}

fn bare(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

/// A mail address, with or without `mailto:` and its parameters; none of a file.
pub(super) fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let text = match text.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => text.get(7..).unwrap_or_default(),
        _ => text,
    };
    let first = text.split(['?', ',', ';']).next().unwrap_or_default();
    let address = values::email(&first.replace("%40", "@").replace("%20", " "))?;
    let ending = address.rsplit('.').next().unwrap_or_default();
    (!FILES.contains(&ending)).then_some(address)
}

/// The mail address that people are asked to write to: on the page's own domain rather than another.
pub(super) fn contact_email(page: &Url, anchors: &[String]) -> Option<String> {
    let is_mail =
        |href: &&String| href.trim().get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    let all: Vec<String> = anchors.iter().filter(is_mail).filter_map(|href| email(href)).collect();
    let host = page.host_str().map(bare).unwrap_or_default();
    let own = all.iter().find(|address| {
        let domain = address.rsplit('@').next().unwrap_or_default();
        host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
    });
    own.or(all.first()).cloned()
}

/// The first phone number to call, in E.164.
pub(super) fn contact_phone(anchors: &[String], country: Option<&str>) -> Option<String> {
    anchors.iter().find_map(|href| {
        let (scheme, number) = href.trim().split_once(':')?;
        let number = number.split([';', '?']).next().unwrap_or_default();
        let number =
            number.trim_start_matches('/').replace("%20", " ").replace("%2B", "+").replace("%2b", "+");
        let is_number = scheme.eq_ignore_ascii_case("tel") && number.len() <= 64;
        is_number.then(|| values::phone(&number, country)).flatten()
    })
}

/// A web address relative to the page, if it is short enough to be kept.
pub(super) fn resolve(page: &Url, reference: &str) -> Option<String> {
    let url = page.join(reference.trim()).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https");
    Some(String::from(url)).filter(|url| is_web && url.len() <= 512)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Url {
        "https://www.acme.example/about/".parse().unwrap()
    }

    #[test]
    fn mail_addresses_lose_their_scheme_and_parameters() {
        assert_eq!(email("MAILTO:Info@Acme.example?subject=x"), Some("info@acme.example".into()));
        assert_eq!(email("info%40acme.example"), Some("info@acme.example".into()));
        for none in ["", "mailto:", "mailto:?subject=x", "logo@2x.png", "mailto:icon@3x.svg", "ä", "äääääää"]
        {
            assert_eq!(email(none), None, "{none}");
        }
    }

    #[test]
    fn a_mail_address_of_the_site_is_taken_before_others() {
        let anchors = ["mailto:agency@other.example", "mailto:hi@acme.example", "/x"].map(str::to_owned);
        assert_eq!(contact_email(&page(), &anchors), Some("hi@acme.example".into()));
        assert_eq!(contact_email(&page(), &anchors[..1]), Some("agency@other.example".into()));
        assert_eq!(contact_email(&page(), &anchors[2..]), None);
    }

    #[test]
    fn phone_numbers_are_read_from_links() {
        let anchors = ["tel:", "tel:123", "TEL:+49%2030%20901820"].map(str::to_owned);
        assert_eq!(contact_phone(&anchors, None), Some("+4930901820".into()));
        assert_eq!(contact_phone(&["tel:030-901820".to_owned()], Some("DE")), Some("+4930901820".into()));
    }

    #[test]
    fn references_are_resolved_against_the_page() {
        assert_eq!(resolve(&page(), "../logo.png"), Some("https://www.acme.example/logo.png".into()));
        assert_eq!(resolve(&page(), "//cdn.example/l.png"), Some("https://cdn.example/l.png".into()));
        for none in ["data:image/png;base64,AAAA", "javascript:x", "http://"] {
            assert_eq!(resolve(&page(), none), None, "{none}");
        }
    }

    #[test]
    fn a_site_is_the_same_with_and_without_www() {
        assert!(same_site(&page(), "http://acme.example/x"));
        assert!(same_site(&page(), "/relative"));
        assert!(!same_site(&page(), "https://shop.acme.example/"));
    }
}
