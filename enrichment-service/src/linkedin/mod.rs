//! Activities of a person on LinkedIn, read from pages that were handed in.
//!
//! Pages are tokenised and never built into a tree. Their markup changes often: an item is found by the few marks that
//! stay (an activity's urn, an article), and what is not found is left out.

mod page;

use serde_json::{Value, json};

pub use page::Activity;

/// Most activities of one page.
const MOST: usize = 500;

/// The pages that were handed in, each with its kind of activity.
const PAGES: [(&str, &str); 3] =
    [("posts_html", "post"), ("comments_html", "comment"), ("reactions_html", "reaction")];

/// Every activity of the pages that a job was started with.
pub fn activities(input: &Value) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for (name, kind) in PAGES {
        let Some(html) = input.get(name).and_then(Value::as_str) else { continue };
        for activity in page::read(html).into_iter().take(MOST) {
            found.push(activity.shown(kind));
        }
    }
    found
}

/// Whether any page was handed in.
pub fn has_pages(input: &Value) -> bool {
    PAGES
        .iter()
        .any(|(name, _)| input.get(*name).and_then(Value::as_str).is_some_and(|html| !html.trim().is_empty()))
}

impl Activity {
    fn shown(self, kind: &str) -> Value {
        let mut shown = json!({ "kind": kind, "text": self.text });
        for (name, value) in [("url", self.url), ("author", self.author), ("at", self.at)] {
            if let (Some(value), Some(members)) = (value, shown.as_object_mut()) {
                members.insert(name.to_owned(), value.into());
            }
        }
        shown
    }
}
