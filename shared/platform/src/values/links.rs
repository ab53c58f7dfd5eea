//! Web addresses.

use url::{Host, Url};

use super::composed;

/// A web address with scheme and host; `https://` is assumed where the scheme is missing, and the host must have a dot then,
/// so that no path and no handle is taken for one.
pub fn web_url(text: &str) -> Option<Url> {
    let text = composed(text.trim());
    let scheme = text.split_once("://").filter(|(scheme, _)| is_scheme(scheme));
    let rest = scheme.map_or(&*text, |(_, rest)| rest);
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    let url = match scheme {
        Some(_) => Url::parse(&text),
        None => Url::parse(&format!("https://{text}")),
    };
    let url = url.ok()?;
    let sane = matches!(url.scheme(), "http" | "https")
        && !authority.contains('@')
        && url.host_str().is_some_and(|host| !host.is_empty())
        && (scheme.is_some() || is_full_host(url.host().as_ref(), authority));
    sane.then_some(url)
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

fn is_full_host(host: Option<&Host<&str>>, written: &str) -> bool {
    match host {
        Some(Host::Domain(name)) => *name == "localhost" || name.trim_matches('.').contains('.'),
        // A number alone is an address for browsers only.
        Some(Host::Ipv4(_)) => written.contains('.'),
        Some(Host::Ipv6(_)) => true,
        None => false,
    }
}

/// What LinkedIn's addresses of people and organisations begin with, behind the host.
const LINKEDIN_PAGES: [&str; 6] = ["in/", "pub/", "company/", "school/", "showcase/", "sales/"];

/// The address of a page at LinkedIn. `in/ada` and the like are taken for what they leave out; addresses elsewhere and bare
/// handles, which may belong to any site, are none.
pub fn linkedin_url(text: &str) -> Option<Url> {
    let text = text.trim();
    let path = text.trim_start_matches('/');
    let is_path = LINKEDIN_PAGES.iter().any(|page| {
        path.get(..page.len()).is_some_and(|start| start.eq_ignore_ascii_case(page))
            && path.len() > page.len()
    });
    let url = if is_path { web_url(&format!("www.linkedin.com/{path}"))? } else { web_url(text)? };
    let at_linkedin =
        |host: &str| matches!(host, "linkedin.com" | "lnkd.in") || host.ends_with(".linkedin.com");
    url.host_str().is_some_and(at_linkedin).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_address_gets_a_scheme_and_carries_no_password() {
        assert_eq!(web_url("example.com").unwrap().as_str(), "https://example.com/");
        assert_eq!(web_url("http://127.0.0.1:9000/x").unwrap().as_str(), "http://127.0.0.1:9000/x");
        assert_eq!(web_url("localhost:9000").unwrap().as_str(), "https://localhost:9000/");
        assert_eq!(web_url("x.example/?to=http://y").unwrap().as_str(), "https://x.example/?to=http://y");
        for bad in ["", "ftp://example.com", "javascript:alert(1)", "https://user:pw@example.com", "https://"]
        {
            assert!(web_url(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_path_and_a_handle_are_no_web_address() {
        for bad in ["in/abc", "@handle", "https://@handle", "abc", "12345", "a b.example", "user@example.com"]
        {
            assert!(web_url(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn writings_of_one_name_are_one_address() {
        let one = web_url("https://köln.example/x").unwrap();
        for other in ["https://ko\u{308}ln.example/x", "https://KÖLN.example/x", "xn--kln-sna.example/x"] {
            assert_eq!(web_url(other).unwrap(), one, "{other}");
        }
    }

    #[test]
    fn a_page_at_linkedin_is_found_by_address_or_path() {
        for (written, url) in [
            ("https://www.linkedin.com/in/ada", "https://www.linkedin.com/in/ada"),
            ("linkedin.com/in/ada", "https://linkedin.com/in/ada"),
            ("de.linkedin.com/pub/ada/1/2/3", "https://de.linkedin.com/pub/ada/1/2/3"),
            ("in/ada", "https://www.linkedin.com/in/ada"),
            ("/in/ada", "https://www.linkedin.com/in/ada"),
            ("company/acme", "https://www.linkedin.com/company/acme"),
            ("https://lnkd.in/x", "https://lnkd.in/x"),
        ] {
            assert_eq!(linkedin_url(written).map(String::from).as_deref(), Some(url), "{written}");
        }
        for bad in [
            "",
            "@ada",
            "ada",
            "in/",
            "https://example.com/in/ada",
            "https://evil-linkedin.com/in/ada",
            "https://linkedin.com.evil.example/in/ada",
            "https://evil.example/linkedin.com",
        ] {
            assert_eq!(linkedin_url(bad), None, "{bad}");
        }
    }
}
