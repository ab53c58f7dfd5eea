//! The company's pages on social networks.

use url::Url;

/// Key in `social_links`, hosts, host as written, and what the path of a profile begins with, if with something fixed.
struct Network {
    key: &'static str,
    hosts: &'static [&'static str],
    host: &'static str,
    sections: &'static [&'static str],
}

const NETWORKS: &[Network] = &[
    Network {
        key: "linkedin",
        hosts: &["linkedin.com"],
        host: "www.linkedin.com",
        sections: &["company", "school", "showcase"],
    },
    Network { key: "x", hosts: &["x.com", "twitter.com"], host: "x.com", sections: &[] },
    Network { key: "facebook", hosts: &["facebook.com", "fb.com"], host: "www.facebook.com", sections: &[] },
    Network { key: "instagram", hosts: &["instagram.com"], host: "www.instagram.com", sections: &[] },
    Network {
        key: "youtube",
        hosts: &["youtube.com"],
        host: "www.youtube.com",
        sections: &["channel", "c", "user", "@"],
    },
    Network { key: "github", hosts: &["github.com"], host: "github.com", sections: &[] },
    Network {
        key: "crunchbase",
        hosts: &["crunchbase.com"],
        host: "www.crunchbase.com",
        sections: &["organization", "company"],
    },
];

/// First parts of paths that are the networks' own pages, buttons for sharing above all.
const NOT_PROFILES: &[&str] = &[
    "share",
    "sharer",
    "sharer.php",
    "share.php",
    "intent",
    "home",
    "search",
    "hashtag",
    "dialog",
    "plugins",
    "tr",
    "login",
    "login.php",
    "signup",
    "watch",
    "embed",
    "policies",
    "policy",
    "privacy",
    "terms",
    "about",
    "legal",
    "explore",
    "p",
    "reel",
    "stories",
    "events",
    "groups",
    "profile.php",
    "i",
    "settings",
    "features",
    "pricing",
    "sponsors",
    "orgs",
    "marketplace",
    "topics",
    "help",
    "accounts",
    "widgets",
    "widgets.js",
    "shares",
    "feed",
];

/// Network and canonical address of a profile, if `address` is one.
pub(super) fn profile(page: &Url, address: &str) -> Option<(&'static str, String)> {
    let url = page.join(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?;
    let is_on =
        |known: &&str| host.strip_suffix(*known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let network = NETWORKS.iter().find(|network| network.hosts.iter().any(is_on))?;
    let parts: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    let (first, second) = (*parts.first()?, parts.get(1).copied());
    let path = if network.sections.is_empty() {
        let own = NOT_PROFILES.contains(&first.to_lowercase().as_str()) || first.starts_with('#');
        match (own, first, second) {
            (true, ..) => return None,
            (false, "pages", Some(name)) => {
                format!("pages/{name}{}", parts.get(2).map_or(String::new(), |id| format!("/{id}")))
            }
            _ => first.to_owned(),
        }
    } else if first.starts_with('@') && network.sections.contains(&"@") {
        first.to_owned()
    } else {
        network.sections.contains(&first).then_some(())?;
        format!("{first}/{}", second?)
    };
    let address = format!("https://{}/{path}", network.host);
    (address.len() <= 512).then_some((network.key, address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &str) -> Option<(&'static str, String)> {
        profile(&"https://acme.example/".parse().unwrap(), address)
    }

    #[test]
    fn profiles_are_recognised_and_written_alike() {
        for (address, key, canonical) in [
            (
                "http://de.linkedin.com/company/acme/about/?x=1",
                "linkedin",
                "https://www.linkedin.com/company/acme",
            ),
            ("//linkedin.com/school/acme", "linkedin", "https://www.linkedin.com/school/acme"),
            ("https://twitter.com/acme?lang=en", "x", "https://x.com/acme"),
            ("https://x.com/acme/", "x", "https://x.com/acme"),
            ("https://m.facebook.com/acme", "facebook", "https://www.facebook.com/acme"),
            ("https://facebook.com/pages/Acme/123", "facebook", "https://www.facebook.com/pages/Acme/123"),
            ("https://www.instagram.com/acme/", "instagram", "https://www.instagram.com/acme"),
            ("https://youtube.com/@acme", "youtube", "https://www.youtube.com/@acme"),
            ("https://www.youtube.com/channel/UC1/videos", "youtube", "https://www.youtube.com/channel/UC1"),
            ("https://github.com/acme/rocket", "github", "https://github.com/acme"),
            (
                "https://www.crunchbase.com/organization/acme",
                "crunchbase",
                "https://www.crunchbase.com/organization/acme",
            ),
        ] {
            assert_eq!(read(address), Some((key, canonical.to_owned())), "{address}");
        }
    }

    #[test]
    fn buttons_people_and_strangers_are_not() {
        for address in [
            "https://twitter.com/intent/tweet?text=x",
            "https://www.facebook.com/sharer/sharer.php?u=x",
            "https://www.linkedin.com/shareArticle?url=x",
            "https://www.linkedin.com/in/ada",
            "https://www.youtube.com/watch?v=x",
            "https://www.linkedin.com/company/",
            "https://x.com/",
            "https://notx.com/acme",
            "https://linkedin.com.evil.example/company/acme",
            "https://github.com/features",
            "/company/acme",
            "mailto:a@x.com",
            "",
            "http://[",
            "https://crunchbase.com/person/ada",
        ] {
            assert_eq!(read(address), None, "{address}");
        }
    }
}
