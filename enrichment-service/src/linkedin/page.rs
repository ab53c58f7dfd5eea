//! One page, token by token.

use std::{
    cell::RefCell,
    time::{Duration, Instant},
};

use html5ever::{
    tendril::StrTendril,
    tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer},
};

/// Time limit of reading a page.
const PATIENCE: Duration = Duration::from_secs(2);
/// Bytes given to the tokeniser between two looks at the clock.
const STEP: usize = 16 * 1024;
/// Longest text of an activity, in characters.
const LONGEST: usize = 5_000;
/// Deepest nesting that is followed.
const DEEPEST: usize = 1_000;
/// Most items of a page.
const MOST: usize = 1_000;

/// Marks of the element with what was written.
const TEXT: &[&str] = &[
    "update-components-text",
    "feed-shared-text",
    "feed-shared-inline-show-more-text",
    "commentary",
    "comment-item__main-content",
    "comment-item-content-body",
    "attributed-text-segment-list",
];
/// Marks of the element with its author.
const AUTHOR: &[&str] = &[
    "actor__name",
    "actor__title",
    "comment-meta__description-title",
    "post-meta__name-text",
    "comment__author",
];
/// Elements without an end.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Something a person did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// The text.
    pub text: String,
    /// Where it is.
    pub url: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When, as the page says.
    pub at: Option<String>,
}

/// Every activity of a page, in its order.
pub fn read(html: &str) -> Vec<Activity> {
    let ends = Instant::now() + PATIENCE;
    let tokenizer = Tokenizer::new(Reader::default(), Default::default());
    let queue = BufferQueue::default();
    let mut rest = html;
    while !rest.is_empty() && Instant::now() < ends {
        let step = match rest.floor_char_boundary(STEP) {
            0 => rest.len(),
            step => step,
        };
        let (now, later) = rest.split_at(step);
        queue.push_back(StrTendril::from_slice(now));
        // The reader asks for no pause, so all of it is taken.
        let _all_taken = tokenizer.feed(&queue);
        rest = later;
    }
    tokenizer.end();
    let mut state = tokenizer.sink.0.into_inner();
    state.close_item();
    state.done
}

#[derive(Default)]
struct Reader(RefCell<State>);

#[derive(Default)]
struct State {
    done: Vec<Activity>,
    open: Vec<Element>,
    item: Option<Item>,
}

struct Element {
    name: String,
    role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    None,
    Item,
    Text,
    Author,
    Time,
    Hidden,
}

#[derive(Default)]
struct Item {
    written: String,
    all: String,
    author: String,
    time: String,
    activity: Activity,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => state.open(&tag),
            Token::TagToken(tag) => state.close(&tag.name),
            Token::CharacterTokens(text) => state.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

/// The urn of an activity.
fn urn(tag: &Tag) -> Option<&str> {
    let stated =
        ["data-urn", "data-id", "data-activity-urn"].into_iter().find_map(|name| attribute(tag, name))?;
    let is_activity = ["urn:li:activity:", "urn:li:ugcPost:", "urn:li:share:", "urn:li:comment:"];
    is_activity.iter().any(|kind| stated.starts_with(kind)).then_some(stated)
}

impl State {
    fn open(&mut self, tag: &Tag) {
        let name = tag.name.to_string();
        if name == "br" || name == "p" || name == "div" {
            self.text(" ");
        }
        let classes = attribute(tag, "class").unwrap_or_default();
        let has = |marks: &[&str]| marks.iter().any(|mark| classes.contains(mark));
        let mut role = Role::None;
        let starts = urn(tag).map(str::to_owned);
        if (starts.is_some() || name == "article") && self.done.len() < MOST {
            let is_inner = self.open.iter().any(|element| element.role == Role::Item);
            if !is_inner || starts.as_deref().is_some_and(|urn| urn.starts_with("urn:li:comment:")) {
                self.close_item();
                self.item = Some(Item::default());
                role = Role::Item;
            }
            if let (Some(item), Some(urn)) = (&mut self.item, starts) {
                let url = format!("https://www.linkedin.com/feed/update/{urn}/");
                item.activity.url.get_or_insert(url);
            }
        } else if has(TEXT) {
            role = Role::Text;
        } else if has(AUTHOR) {
            role = Role::Author;
        } else if name == "time" {
            role = Role::Time;
        } else if matches!(name.as_str(), "script" | "style" | "button" | "noscript")
            || has(&["visually-hidden"])
        {
            role = Role::Hidden;
        }
        if let Some(item) = &mut self.item {
            if name == "time" && item.activity.at.is_none() {
                item.activity.at =
                    attribute(tag, "datetime").map(|at| clean(at, 64)).filter(|at| !at.is_empty());
            }
            let address = if name == "a" { attribute(tag, "href") } else { None };
            let is_post = |href: &&str| {
                href.contains("linkedin.com/feed/update/") || href.contains("linkedin.com/posts/")
            };
            if let Some(href) = address.filter(is_post).filter(|href| href.starts_with("https://")) {
                item.activity.url.get_or_insert_with(|| clean(href, 500));
            }
        }
        if !tag.self_closing && !VOID.contains(&name.as_str()) && self.open.len() < DEEPEST {
            self.open.push(Element { name, role });
        }
    }

    fn close(&mut self, name: &str) {
        let Some(place) = self.open.iter().rposition(|element| element.name == *name) else { return };
        let ends_item = self.open.iter().skip(place).any(|element| element.role == Role::Item);
        self.open.truncate(place);
        if ends_item {
            self.close_item();
        }
    }

    fn text(&mut self, text: &str) {
        let Some(item) = &mut self.item else { return };
        let within = |role: Role| self.open.iter().any(|element| element.role == role);
        if within(Role::Hidden) {
            return;
        }
        let target = if within(Role::Text) {
            &mut item.written
        } else if within(Role::Author) {
            &mut item.author
        } else if within(Role::Time) {
            &mut item.time
        } else {
            &mut item.all
        };
        if target.len() < LONGEST * 4 {
            target.push_str(text);
        }
    }

    fn close_item(&mut self) {
        let Some(item) = self.item.take() else { return };
        let Item { written, all, author, time, mut activity } = item;
        let written = clean(&written, LONGEST);
        activity.text = if written.is_empty() { clean(&all, LONGEST) } else { written };
        activity.author = Some(clean(&author, 200)).filter(|author| !author.is_empty());
        activity.at = activity.at.or_else(|| Some(clean(&time, 64)).filter(|time| !time.is_empty()));
        let is_new = !self.done.contains(&activity);
        if !activity.text.is_empty() && is_new && self.done.len() < MOST {
            self.done.push(activity);
        }
    }
}

/// Text with single spaces, cut to a length in characters.
fn clean(text: &str, length: usize) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSTS: &str = r#"<html><body><main>
      <div class="feed-shared-update-v2" data-urn="urn:li:activity:7001">
        <span class="update-components-actor__name"><span>Ada Lovelace</span></span>
        <time datetime="2026-10-01T08:00:00Z">8w</time>
        <div class="update-components-text"><span>Engines are <b>analytical</b>.<br>And fast.</span></div>
        <button>Like</button><span class="visually-hidden">Reactions: 12</span></div>
      <article><a href="https://www.linkedin.com/posts/ada_x-7002?x=1">Open</a><p>Second post</p></article>
    </main></body></html>"#;

    #[test]
    fn posts_are_read_with_author_time_and_address() {
        let found = read(POSTS);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(
            found[0],
            Activity {
                text: "Engines are analytical. And fast.".to_owned(),
                url: Some("https://www.linkedin.com/feed/update/urn:li:activity:7001/".to_owned()),
                author: Some("Ada Lovelace".to_owned()),
                at: Some("2026-10-01T08:00:00Z".to_owned()),
            }
        );
        assert_eq!(found[1].url.as_deref(), Some("https://www.linkedin.com/posts/ada_x-7002?x=1"));
    }

    #[test]
    fn what_is_no_activity_gives_none() {
        for html in [
            "",
            "<p>Hello</p>",
            "{\"a\":1}",
            "<div data-urn='urn:li:member:1'>x</div>",
            "<article></article>",
        ] {
            assert_eq!(read(html), [], "{html}");
        }
    }

    #[test]
    fn hostile_pages_are_read_in_bounded_time() {
        let began = Instant::now();
        let deep = format!("<article>{}", "<div>".repeat(200_000));
        let many = "<article>x</article>".repeat(100_000);
        for html in [deep, many, "<article ".repeat(100_000)] {
            let _found = read(&html);
        }
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    }
}
