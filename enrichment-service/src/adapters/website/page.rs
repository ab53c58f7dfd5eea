//! A page taken apart into what we read from it.
//!
//! The page is tokenised, not built into a tree: a hostile page makes a tree of unbounded size and quadratic cost
//! (unclosed formatting elements, deep nesting), while tokens cost what they weigh. Where tokens too can be made
//! expensive (hundreds of thousands of attributes of one tag), the clock ends the reading.

use std::{
    cell::RefCell,
    time::{Duration, Instant},
};

use html5ever::{
    tendril::StrTendril,
    tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, states::RawKind},
};

/// Bytes given to the tokeniser between two looks at the clock.
const STEP: usize = 4 * 1024;
/// Most of anything kept from one page.
const MOST: usize = 5_000;
/// Longest text kept of one element, in bytes.
const LONGEST: usize = 512 * 1024;

/// What a page contains, in its order.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Text of the first title.
    pub(super) title: String,
    /// Name (or property) in lower case, and content of every meta element.
    pub(super) metas: Vec<(String, String)>,
    /// Relation in lower case and target of every link element.
    pub(super) links: Vec<(String, String)>,
    /// Target of every anchor.
    pub(super) anchors: Vec<String>,
    /// Source of every script.
    pub(super) scripts: Vec<String>,
    /// Text of every JSON-LD block.
    pub(super) json_ld: Vec<String>,
    /// Whether there is any sign of it being a page at all.
    pub(super) is_html: bool,
}

impl Page {
    /// Takes the page apart, for as long as `patience` lasts.
    pub(super) fn read(html: &str, patience: Duration) -> Self {
        let ends = Instant::now() + patience;
        let tokenizer = Tokenizer::new(Reader::default(), Default::default());
        let queue = BufferQueue::default();
        let mut rest = html;
        while !rest.is_empty() && Instant::now() < ends {
            let (step, later) = rest.split_at(step_of(rest));
            queue.push_back(StrTendril::from_slice(step));
            // The reader asks for no pause, so all of the step is taken.
            let _all_taken = tokenizer.feed(&queue);
            rest = later;
        }
        tokenizer.end();
        let mut reader = tokenizer.sink.0.into_inner();
        reader.close();
        reader.page
    }

    /// Content of the first meta element of that name that has one.
    pub(super) fn meta(&self, name: &str) -> Option<&str> {
        let named = self.metas.iter().filter(|(known, _)| known == name);
        named.map(|(_, content)| content.trim()).find(|content| !content.is_empty())
    }
}

fn step_of(rest: &str) -> usize {
    match rest.floor_char_boundary(STEP) {
        // No character is longer than a step.
        0 => rest.len(),
        step => step,
    }
}

#[derive(Default)]
struct Reader(RefCell<State>);

#[derive(Default)]
struct State {
    page: Page,
    within: Option<Within>,
    text: String,
}

/// An element with text to collect.
enum Within {
    Title,
    JsonLd,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return state.open(&tag),
            Token::TagToken(_) => state.close(),
            Token::CharacterTokens(text)
                if state.within.is_some() && state.text.len() + text.len() <= LONGEST =>
            {
                state.text.push_str(&text);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

fn keep<T>(list: &mut Vec<T>, item: Option<T>) {
    if list.len() < MOST {
        list.extend(item);
    }
}

impl State {
    /// An element begins. Gives how the tokeniser reads what follows, as the HTML standard's tree builder would say.
    fn open(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let page = &mut self.page;
        match &*tag.name {
            "script" => {
                page.is_html = true;
                keep(&mut page.scripts, attribute(tag, "src").map(str::to_owned));
                let is_json_ld =
                    attribute(tag, "type").is_some_and(|kind| kind.to_lowercase().contains("ld+json"));
                self.within = is_json_ld.then_some(Within::JsonLd);
                return TokenSinkResult::RawData(RawKind::ScriptData);
            }
            "title" => {
                page.is_html = true;
                self.within = page.title.is_empty().then_some(Within::Title);
                return TokenSinkResult::RawData(RawKind::Rcdata);
            }
            "textarea" => return TokenSinkResult::RawData(RawKind::Rcdata),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
                return TokenSinkResult::RawData(RawKind::Rawtext);
            }
            "plaintext" => return TokenSinkResult::Plaintext,
            "meta" => {
                page.is_html = true;
                let name = attribute(tag, "property").or_else(|| attribute(tag, "name"));
                let meta = name.zip(attribute(tag, "content"));
                keep(
                    &mut page.metas,
                    meta.map(|(name, content)| (name.trim().to_lowercase(), content.to_owned())),
                );
            }
            "link" => {
                let link = attribute(tag, "rel").unwrap_or_default().to_lowercase();
                keep(&mut page.links, attribute(tag, "href").map(|href| (link, href.to_owned())));
            }
            "a" | "area" => keep(&mut page.anchors, attribute(tag, "href").map(str::to_owned)),
            "html" | "head" | "body" | "div" | "p" | "h1" | "main" | "frameset" => page.is_html = true,
            _ => {}
        }
        TokenSinkResult::Continue
    }

    /// Ends the collection, because the element or the page ends.
    fn close(&mut self) {
        let text = std::mem::take(&mut self.text);
        match self.within.take() {
            Some(Within::Title) => self.page.title = text,
            Some(Within::JsonLd) => keep(&mut self.page.json_ld, Some(text)),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Page {
        Page::read(html, Duration::from_secs(60))
    }

    /// Quadratic cost would take minutes, a busy machine and an unoptimised build take seconds.
    fn within_reason(read: impl FnOnce() -> Page) -> Page {
        let started = Instant::now();
        let page = read();
        assert!(started.elapsed() < Duration::from_secs(30), "took {:?}", started.elapsed());
        page
    }

    #[test]
    fn a_page_is_taken_apart() {
        let page = page(
            "<!doctype html><html><head><TITLE>Acme &amp; Co</TITLE><meta name=Description content=' Rockets. '>\
             <meta property='og:image' content=/a.png><link rel='shortcut ICON' href=/f.ico>\
             <script type='application/ld+json'>{\"a\": \"</b>\"}</script><script src=/x.js></script></head>\
             <body><a href='mailto:a@b.example'>m</a><area href=/map><svg><title>Icon</title></svg>",
        );

        assert_eq!(page.title, "Acme & Co");
        assert_eq!(page.meta("description"), Some("Rockets."));
        assert_eq!(page.meta("og:image"), Some("/a.png"));
        assert_eq!(page.links, [("shortcut icon".to_owned(), "/f.ico".to_owned())]);
        assert_eq!(page.json_ld, ["{\"a\": \"</b>\"}"]);
        assert_eq!(page.scripts, ["/x.js"]);
        assert_eq!(page.anchors, ["mailto:a@b.example", "/map"]);
        assert!(page.is_html);
    }

    #[test]
    fn what_stands_in_scripts_styles_and_comments_is_no_element() {
        let page = page(
            "<script>'<a href=1>'</script><style><a href=2></style><!-- <a href=3> --><textarea><a href=4></textarea>\
             <title>t <a href=5></title><iframe><a href=6></iframe><a href=7>",
        );
        assert_eq!(page.anchors, ["7"]);
    }

    #[test]
    fn broken_markup_gives_what_can_be_read() {
        let page = page("<meta name=description content='a'><a href=x<b<<</ <title>Never closed &am");
        assert_eq!(page.meta("description"), Some("a"));
        assert!(page.title.starts_with("Never closed") || page.title.is_empty());
    }

    #[test]
    fn what_is_no_page_is_seen_to_be_none() {
        for text in [
            "",
            "hello",
            "{\"a\": \"<b>\"}",
            "%PDF-1.7 \u{fffd}\u{fffd}",
            "1 < 2 and 3 > 2",
            "<?xml version='1.0'?><rss>",
        ] {
            assert!(!page(text).is_html, "{text}");
        }
    }

    #[test]
    fn a_page_nested_without_end_is_read() {
        let deep = format!("<title>x</title>{}<a href=end>", "<div>".repeat(400_000));
        let page = within_reason(|| page(&deep));
        assert_eq!((page.title.as_str(), page.anchors.len()), ("x", 1));
    }

    #[test]
    fn formatting_left_open_does_not_multiply() {
        let mut html = String::from("<title>x</title>");
        for id in 0..80_000 {
            html.push_str(&format!("<b id={id}>"));
        }
        html.push_str(&"<p>".repeat(200_000));
        assert_eq!(within_reason(|| page(&html)).title, "x");
    }

    #[test]
    fn attributes_without_end_are_given_up_and_what_came_before_stays() {
        let mut html = String::from("<title>x</title><a ");
        for number in 0..300_000 {
            html.push_str(&format!("a{number} "));
        }
        assert_eq!(within_reason(|| Page::read(&html, Duration::from_secs(1))).title, "x");
    }

    #[test]
    fn huge_texts_and_floods_of_elements_are_bounded() {
        let mut html = format!("<title>{}</title>", "x".repeat(1 << 20));
        html.push_str(&"<a href=x><meta name=a content=b>".repeat(30_000));
        let page = within_reason(|| page(&html));
        assert!(page.title.len() <= LONGEST);
        assert_eq!((page.anchors.len(), page.metas.len()), (MOST, MOST));
    }
}
