//! The character set of a file, found from its bytes, and the file's text in UTF-8.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::utf8::{Census, Lenient};

/// Bytes of the beginning that are kept.
const HEAD: usize = 64 << 10;
/// Bytes that a character takes at most, with what the decoder may want to write beside.
const WHOLE: usize = 16;

/// Looks at all bytes of a file as they come by.
pub struct Detector {
    head: Vec<u8>,
    detector: EncodingDetector,
    census: Census,
    is_ascii: bool,
    last: u8,
    mac: usize,
    windows: usize,
}

/// The findings about a file's characters.
#[derive(Clone, Debug)]
pub struct Found {
    /// The character set, by the name of the Encoding Standard.
    pub charset: &'static str,
    /// The beginning of the file.
    pub head: Vec<u8>,
    /// Whether parts of it are in UTF-8 and others are not.
    pub is_mixed: bool,
}

impl Detector {
    /// One that has seen nothing.
    pub fn new() -> Self {
        let detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        let census = Census::default();
        Self { head: Vec::new(), detector, census, is_ascii: true, last: b' ', mac: 0, windows: 0 }
    }

    /// Looks at the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        let room = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend(bytes.iter().take(room));
        if !bytes.is_ascii() {
            self.is_ascii = false;
            self.look_for_mac(bytes);
        }
        self.last = bytes.last().copied().unwrap_or(self.last);
        self.census.feed(bytes);
        self.detector.feed(bytes, false);
    }

    /// Letters of Mac Roman stand where Windows has signs that no word holds, and the other way round.
    fn look_for_mac(&mut self, bytes: &[u8]) {
        let mut before = self.last;
        for byte in bytes {
            if before.is_ascii_alphabetic() {
                match byte {
                    // Quotes, dashes and dots of Windows stand beside letters too.
                    0x85 | 0x91..=0x97 | 0x99 => {}
                    0x80..=0x9f => self.mac += 1,
                    0xc0..=0xff => self.windows += 1,
                    _ => {}
                }
            }
            before = *byte;
        }
    }

    /// The findings, all bytes seen.
    pub fn finish(mut self) -> Found {
        let charset = self.charset();
        // Of others, bytes may look like UTF-8 by chance.
        let may_be = charset == UTF_8.name() || charset == WINDOWS_1252.name();
        Found { charset, is_mixed: may_be && self.census.is_mixed(), head: self.head }
    }

    fn charset(&mut self) -> &'static str {
        if let Some((encoding, _)) = Encoding::for_bom(&self.head) {
            return encoding.name();
        }
        if let Some(encoding) = without_mark(&self.head) {
            return encoding.name();
        }
        if self.is_ascii || self.census.is_mostly_utf8() {
            return UTF_8.name();
        }
        self.detector.feed(b"", true);
        let guess = self.detector.guess(None, Utf8Detection::Allow);
        if guess != UTF_8 && !guess.name().starts_with("windows-1251") && self.mac > 3 * self.windows {
            return MACINTOSH.name();
        }
        guess.name()
    }
}

/// UTF-16 without a byte order mark: every other byte of Latin text is zero.
fn without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len().min(4 << 10) / 2;
    if pairs < 2 {
        return None;
    }
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).take(pairs).filter(|b| **b == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    if second * 10 > pairs * 7 && first * 10 < pairs {
        return Some(UTF_16LE);
    }
    (first * 10 > pairs * 7 && second * 10 < pairs).then_some(UTF_16BE)
}

/// The text of a file that begins so, without what is cut in the middle of a character.
pub fn beginning(head: &[u8], charset: &str) -> String {
    let encoding = Encoding::for_label(charset.as_bytes()).unwrap_or(UTF_8);
    let mut text = String::with_capacity(head.len() * 3 + 16);
    let _cut = encoding.new_decoder_with_bom_removal().decode_to_string(head, &mut text, false);
    text
}

/// The name of a character set as a person writes it, such as `latin1` or `cp1252`.
pub fn named(label: &str) -> Option<&'static str> {
    let label = label.trim().to_ascii_lowercase().replace('_', "-");
    let known = match label.as_str() {
        "mac" | "macroman" | "mac-roman" | "x-macroman" => Some(MACINTOSH),
        "utf-16" | "utf16" => Some(UTF_16LE),
        "utf8" => Some(UTF_8),
        label => Encoding::for_label(label.as_bytes()),
    };
    known
        .or_else(|| {
            label
                .strip_prefix("cp")
                .and_then(|page| Encoding::for_label(format!("windows-{page}").as_bytes()))
        })
        .map(Encoding::name)
}

/// The character set that a label means for a file with bytes that speak for `found`: UTF-16 comes in two orders of bytes.
pub fn of_file(label: &str, found: &str) -> Option<&'static str> {
    let named = named(label)?;
    let says_order = label.to_ascii_lowercase().ends_with("le");
    Some(if named == UTF_16LE.name() && found == UTF_16BE.name() && !says_order {
        UTF_16BE.name()
    } else {
        named
    })
}

/// The text of a file in this character set, in UTF-8 and without its byte order mark. UTF-8 unless one is given.
pub fn decoded<'a>(source: impl Read + 'a, charset: Option<&str>) -> Box<dyn Read + 'a> {
    match charset.and_then(|name| Encoding::for_label(name.as_bytes())) {
        Some(encoding) if encoding != UTF_8 => Box::new(Decoded::new(source, encoding)),
        _ => Box::new(Lenient::new(source)),
    }
}

/// Text of another character set than UTF-8.
struct Decoded<R> {
    source: R,
    decoder: Decoder,
    raw: Vec<u8>,
    used: usize,
    is_last: bool,
    is_over: bool,
    /// Text that a small buffer had no room for.
    waiting: io::Cursor<Vec<u8>>,
}

impl<R: Read> Decoded<R> {
    fn new(source: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        let waiting = io::Cursor::default();
        Self { source, decoder, raw: Vec::new(), used: 0, is_last: false, is_over: false, waiting }
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut raw = vec![0; 32 << 10];
        let read = self.source.read(&mut raw)?;
        raw.truncate(read);
        (self.raw, self.used, self.is_last) = (raw, 0, read == 0);
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.waiting.read(buffer)?;
        if read > 0 || buffer.is_empty() {
            return Ok(read);
        }
        if buffer.len() < WHOLE {
            // The decoder wants room for a whole character.
            let mut room = vec![0; WHOLE];
            let read = self.read(&mut room)?;
            room.truncate(read);
            self.waiting = io::Cursor::new(room);
            return self.waiting.read(buffer);
        }
        while !self.is_over {
            if self.used >= self.raw.len() && !self.is_last {
                self.refill()?;
            }
            let rest = self.raw.get(self.used..).unwrap_or_default();
            let (outcome, read, written, _) = self.decoder.decode_to_utf8(rest, buffer, self.is_last);
            self.used += read;
            self.is_over = self.is_last && outcome == encoding_rs::CoderResult::InputEmpty;
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bytes: &[u8]) -> &'static str {
        let mut detector = Detector::new();
        bytes.chunks(5).for_each(|piece| detector.feed(piece));
        detector.finish().charset
    }

    fn text(bytes: &[u8], charset: &str) -> String {
        let mut text = String::new();
        let mut decoded = io::BufReader::new(decoded(bytes, Some(charset)));
        decoded.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn character_sets_are_found_and_read() {
        let sentence = "Vorname;Straße\nJörg;Grüner Weg über die Brücke\nZoë;Königsallee\n";
        let (latin, _, _) = WINDOWS_1252.encode(sentence);
        let (mac, utf16): (Vec<u8>, Vec<u8>) = (
            b"Vorname;Stra\xa7e\rJ\x9arg;Gr\x9fner Weg \x9fber die Br\x9fcke\rZo\x91;K\x9anigsallee\r"
                .to_vec(),
            sentence.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        );
        let marked: Vec<u8> = [b"\xff\xfe".as_slice(), &utf16].concat();

        assert_eq!(found(sentence.as_bytes()), "UTF-8");
        assert_eq!(found(b"name,email"), "UTF-8");
        assert_eq!(found(&latin), "windows-1252");
        assert_eq!(text(&latin, "windows-1252"), sentence);
        assert_eq!(found(&mac), "macintosh");
        assert_eq!(text(&mac, "macintosh"), sentence.replace('\n', "\r"));
        assert_eq!((found(&utf16), found(&marked)), ("UTF-16LE", "UTF-16LE"));
        assert_eq!(text(&marked, "UTF-16LE"), sentence);
        assert_eq!(text("\u{feff}a".as_bytes(), "UTF-8"), "a");
    }

    #[test]
    fn a_file_of_two_character_sets_is_told_from_one_in_either() {
        let is_mixed = |bytes: &[u8]| {
            let mut detector = Detector::new();
            detector.feed(bytes);
            let found = detector.finish();
            (found.charset, found.is_mixed)
        };
        let names = "Zoë\nJörg\nGrüner Weg\n";
        let (latin, _, _) = WINDOWS_1252.encode("Müller wohnt über der Brücke in Köln, Söhne nicht\n");

        let mostly_utf8 = [names.repeat(20).as_bytes(), &latin[..]].concat();
        let mostly_latin = [latin.repeat(20).as_slice(), names.as_bytes()].concat();

        assert_eq!(is_mixed(names.as_bytes()), ("UTF-8", false));
        assert_eq!(is_mixed(&latin.repeat(20)), ("windows-1252", false));
        assert_eq!(is_mixed(&mostly_utf8), ("UTF-8", true));
        assert_eq!(is_mixed(&mostly_latin), ("windows-1252", true));
        assert!(
            text(&mostly_utf8, "UTF-8")
                .ends_with("Jörg\nGrüner Weg\nMüller wohnt über der Brücke in Köln, Söhne nicht\n")
        );
    }

    #[test]
    fn names_of_character_sets_are_read_as_people_write_them() {
        assert_eq!(named("Latin1"), Some("windows-1252"));
        assert_eq!(named("cp1250"), Some("windows-1250"));
        assert_eq!(named("MacRoman"), Some("macintosh"));
        assert_eq!(named("utf16"), Some("UTF-16LE"));
        assert_eq!(of_file("utf-16", "UTF-16BE"), Some("UTF-16BE"));
        assert_eq!(of_file("utf-16le", "UTF-16BE"), Some("UTF-16LE"));
        assert_eq!(of_file("latin1", "UTF-16BE"), Some("windows-1252"));
        assert_eq!(named("klingon"), None);
    }
}
