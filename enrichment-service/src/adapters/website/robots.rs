//! robots.txt (RFC 9309): which pages of a site may be read.

/// Name under which we ask.
const AGENT: &str = "leadstream";
/// Most of a file that is read, in bytes.
const LONGEST: usize = 500 * 1024;
/// Most rules that are kept.
const MOST_RULES: usize = 2_000;

/// The rules for us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Robots(Vec<Rule>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    allows: bool,
    pattern: String,
}

impl Robots {
    /// Reads a file: the groups that name us, or else those for all.
    pub fn parse(file: &str) -> Self {
        let file = file.get(..file.floor_char_boundary(LONGEST)).unwrap_or_default();
        let (mut own, mut common) = (Vec::new(), Vec::new());
        let (mut is_own, mut is_common, mut names_us, mut in_names) = (false, false, false, false);
        for line in file.trim_start_matches('\u{feff}').lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((name, value)) = line.split_once(':') else { continue };
            let (name, value) = (name.trim().to_lowercase(), value.trim());
            match name.as_str() {
                "user-agent" => {
                    if !in_names {
                        (is_own, is_common) = (false, false);
                    }
                    in_names = true;
                    is_common |= value == "*";
                    if value.split('/').next().is_some_and(|agent| agent.eq_ignore_ascii_case(AGENT)) {
                        is_own = true;
                        names_us = true;
                    }
                }
                "allow" | "disallow" => {
                    in_names = false;
                    if value.is_empty() {
                        continue;
                    }
                    let rule = Rule { allows: name == "allow", pattern: value.to_owned() };
                    if is_own && own.len() < MOST_RULES {
                        own.push(rule.clone());
                    }
                    if is_common && common.len() < MOST_RULES {
                        common.push(rule);
                    }
                }
                _ => {}
            }
        }
        Self(if names_us { own } else { common })
    }

    /// Whether a path with its query may be read: the longest pattern decides, and permission between equals.
    pub fn allows(&self, path: &str) -> bool {
        let matching = self.0.iter().filter(|rule| matches(&rule.pattern, path));
        matching.max_by_key(|rule| (rule.pattern.len(), rule.allows)).is_none_or(|rule| rule.allows)
    }
}

/// `*` stands for anything, `$` at the end for the end.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, to_the_end) = pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| path.strip_prefix(first)) else { return false };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, between)) = pieces.split_last() else { return !to_the_end || rest.is_empty() };
    for piece in between {
        let Some(place) = rest.find(piece) else { return false };
        rest = rest.get(place + piece.len()..).unwrap_or_default();
    }
    if to_the_end { rest.ends_with(last) } else { rest.contains(last) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_pattern_decides_and_permission_between_equals() {
        let robots = Robots::parse(
            "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /c$\nDisallow: /*.pdf$\nAllow: /same\nDisallow: /same",
        );
        for (path, allowed) in [
            ("/", true),
            ("/a", false),
            ("/a/x", false),
            ("/a/b/c", true),
            ("/c", false),
            ("/cd", true),
            ("/x/y.pdf", false),
            ("/x/y.pdf?z", true),
            ("/same", true),
        ] {
            assert_eq!(robots.allows(path), allowed, "{path}");
        }
    }

    #[test]
    fn a_group_of_our_own_comes_before_the_one_for_all() {
        let file = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: LeadStream/1.0\nDisallow: /private # us\n";
        let robots = Robots::parse(file);
        assert!(robots.allows("/") && !robots.allows("/private/x"));
        assert!(!Robots::parse("User-agent: *\nDisallow: /").allows("/"));
        assert!(Robots::parse("User-agent: leadstream\nDisallow:\nUser-agent: *\nDisallow: /").allows("/x"));
    }

    #[test]
    fn what_is_no_robots_file_forbids_nothing() {
        for file in
            ["", "<html><body>Not found</body></html>", "Disallow: /", "Sitemap: https://x.example/map.xml"]
        {
            assert!(Robots::parse(file).allows("/"), "{file}");
        }
    }
}
