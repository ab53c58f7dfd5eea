//! Paths without the secrets in them.

use std::borrow::Cow;

/// A part of a path that is as long as this, and of letters and digits alone, is a secret: ids have hyphens.
const SECRET: usize = 40;
const MASK: &str = "***";

fn is_secret(part: &str) -> bool {
    part.len() >= SECRET && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The path as it may be shown and stored: a secret that is a part of it, such as the token of an address, is masked.
pub fn masked(path: &str) -> Cow<'_, str> {
    if !path.split('/').any(is_secret) {
        return Cow::Borrowed(path);
    }
    let parts = path.split('/').map(|part| if is_secret(part) { MASK } else { part });
    Cow::Owned(parts.collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_and_ids_are_not() {
        let token = "a2".repeat(26);
        assert_eq!(masked(&format!("/api/leads/ingest/{token}")), "/api/leads/ingest/***");
        for path in ["/api/v2/leads/0198b2f3-0000-7000-8000-000000000000", "/api/leads/ingest/batch", "/"] {
            assert_eq!(masked(path), path);
        }
    }
}
