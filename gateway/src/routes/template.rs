//! Path templates: `/api/v2/leads/{id}`, with literal text around a parameter where there is some (`{token}.gif`).

/// One segment of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Exactly this.
    Literal(Box<str>),
    /// Anything between this start and this end, and at least one character of it.
    Parameter {
        /// Its name.
        name: Box<str>,
        /// What stands before it.
        prefix: Box<str>,
        /// What stands after it.
        suffix: Box<str>,
    },
}

impl Segment {
    /// Whether a segment of a path fits.
    pub fn fits(&self, segment: &str) -> bool {
        match self {
            Self::Literal(text) => **text == *segment,
            Self::Parameter { prefix, suffix, .. } => segment
                .strip_prefix(&**prefix)
                .and_then(|rest| rest.strip_suffix(&**suffix))
                .is_some_and(|value| !value.is_empty()),
        }
    }
}

/// The segments of a template; none if it is not of a form that can be matched.
pub fn parse(template: &str) -> Option<Vec<Segment>> {
    template.strip_prefix('/')?.split('/').map(segment).collect()
}

fn segment(text: &str) -> Option<Segment> {
    let Some((prefix, rest)) = text.split_once('{') else {
        let plain = !text.is_empty() && !text.contains('}');
        return plain.then(|| Segment::Literal(text.into()));
    };
    let (name, suffix) = rest.split_once('}')?;
    let sane = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !prefix.contains('}')
        && !suffix.contains(['{', '}']);
    sane.then(|| Segment::Parameter { name: name.into(), prefix: prefix.into(), suffix: suffix.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_takes_one_whole_segment_or_what_is_between_its_neighbours() {
        let segments = parse("/t/o/{token}.gif").unwrap();
        assert!(segments[2].fits("abc.gif"));
        assert!(!segments[2].fits(".gif"));
        assert!(!segments[2].fits("abc.png"));
        assert!(segments[0].fits("t") && !segments[0].fits("x"));
    }

    #[test]
    fn what_cannot_be_matched_is_refused() {
        for template in ["", "api", "/a//b", "/a/{}", "/a/{b", "/a/b}", "/a/{b}{c}", "/a/{b:.*}", "/"] {
            assert_eq!(parse(template), None, "{template}");
        }
    }
}
