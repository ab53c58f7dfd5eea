//! Descriptions of operations: a route's own text, then sentences derived from its declaration.

use super::{super::routes::DeclaredRoute, Operation};
use crate::http::{list::Listing, reply::Keeping, rule::When};

const MIB: usize = 1 << 20;

/// The description of a route's operation.
pub fn description(route: &DeclaredRoute, operation: &Operation) -> String {
    let mut paragraphs: Vec<String> = route.about.map(str::to_owned).into_iter().collect();
    paragraphs.extend(operation.listing.map(listing));
    if route.method == "PATCH" {
        let merge = "JSON Merge Patch: members that are left out stay as they are, `null` removes a value.";
        paragraphs.push(merge.to_owned());
    }
    paragraphs.push(access(operation));
    let mut rest = Vec::new();
    if matches!(route.keeping, Some(Keeping::InTransaction | Keeping::AroundHandler)) {
        rest.push("Send an `Idempotency-Key` to retry safely.".to_owned());
    }
    if let Some(limit) = route.body_limit {
        rest.push(format!("The body may have up to {} MiB.", limit.div_ceil(MIB)));
    }
    if !rest.is_empty() {
        paragraphs.push(rest.join(" "));
    }
    paragraphs.join("\n\n")
}

fn listing(listing: &Listing) -> String {
    let mut sentences = vec![format!("Ordered by `{}` unless `ordering` says otherwise.", listing.ordering)];
    if !listing.search.is_empty() {
        sentences.push(format!("`search` looks into {}.", quoted(listing.search)));
    }
    if let Some(json) = listing.json {
        sentences.push(format!("`{json}.KEY=value` filters by a member of `{json}`, whatever its name is."));
    }
    if listing.cursor {
        sentences.push("With `cursor`, the response has `next_cursor` instead of numbered pages.".to_owned());
    }
    sentences.join(" ")
}

fn access(operation: &Operation) -> String {
    let rule = &operation.rule;
    let mut sentences = vec![match (rule.access, rule.permission) {
        ("permission", Some((code, _))) => format!("Requires the permission `{code}`."),
        ("public", _) => "Requires no sign-in.".to_owned(),
        ("optional", _) => "Sign-in is optional.".to_owned(),
        ("api_key", _) => "Requires an API key in `X-API-Key`.".to_owned(),
        ("signed", _) => {
            "The request proves by itself who sends it: by its signature or credentials.".to_owned()
        }
        ("internal", _) => "For the platform's own services only.".to_owned(),
        _ => "Requires sign-in.".to_owned(),
    }];
    let declared = (rule.declared)();
    let of = |when: When| -> Vec<&str> {
        declared.effects.iter().filter(|effect| effect.when == when).map(|effect| effect.permission).collect()
    };
    let (always, asked, shown) = (of(When::Always), of(When::Asked), of(When::Shown));
    if !always.is_empty() {
        sentences.push(format!("Also requires {}.", quoted(&always)));
    }
    if !asked.is_empty() {
        sentences.push(format!("What the request asks for may also require {}.", quoted(&asked)));
    }
    if !shown.is_empty() {
        sentences.push(format!(
            "Without {} the response has only `id` and `version` of the records.",
            quoted(&shown)
        ));
    }
    if declared.whole_tenant {
        sentences.push("Only for members with the data scope `all`.".to_owned());
    }
    sentences.join(" ")
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
