//! Bounds of a workbook once it is unpacked, checked before it is read: what reads it keeps some of its parts whole, and each
//! of its texts.

use std::io::{Cursor, Read};

use crate::imports::files::Broken;

/// Bounds of a workbook.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    /// Most parts.
    parts: usize,
    /// Most bytes of all parts.
    all: u64,
    /// Most bytes of a sheet.
    sheet: u64,
    /// Most bytes of the texts that sheets share, which are kept.
    texts: u64,
    /// Most bytes of a part that is kept: styles, names, relationships.
    index: u64,
    /// Most bytes of a part that is no XML: a picture.
    foreign: u64,
    /// Most bytes between two angle brackets, which are kept.
    token: usize,
    /// Most bytes of a cell, and most of what stands before its end.
    cell: usize,
    /// Most cells.
    cells: u64,
    /// Most texts that sheets share.
    shared: u64,
}

const BOUNDS: Bounds = Bounds {
    parts: 10_000,
    all: 1 << 30,
    sheet: 512 << 20,
    texts: 128 << 20,
    index: 32 << 20,
    foreign: 64 << 20,
    token: 16 << 20,
    cell: 4 << 20,
    cells: 20_000_000,
    shared: 2_000_000,
};

/// Unpacks everything once, because what an archive says of its sizes may be wrong.
///
/// # Errors
/// Why the workbook is not read.
pub fn check(packed: &[u8]) -> Result<(), Broken> {
    check_within(packed, &BOUNDS)
}

fn check_within(packed: &[u8], bounds: &Bounds) -> Result<(), Broken> {
    let unreadable = |error: &dyn std::error::Error| Broken::Workbook(error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(packed)).map_err(|error| unreadable(&error))?;
    if archive.len() > bounds.parts {
        return Err(Broken::Unpacked("The workbook has more than 10,000 parts."));
    }
    // Which of them is read would be up to the reader.
    if archive.has_duplicate_names() {
        return Err(Broken::Unpacked("The workbook has several parts of one name."));
    }
    let (mut room, mut totals) = (bounds.all, Totals::default());
    let mut buffer = vec![0; 64 << 10];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| unreadable(&error))?;
        let mut gauge = Gauge::new(&String::from_utf8_lossy(part.name_raw()), bounds);
        loop {
            let length = part.read(&mut buffer).map_err(|error| unreadable(&error))?;
            let Some(bytes) = buffer.get(..length).filter(|bytes| !bytes.is_empty()) else { break };
            let whole = Broken::Unpacked("The workbook unpacks to more than a gigabyte.");
            room = u64::try_from(length).ok().and_then(|length| room.checked_sub(length)).ok_or(whole)?;
            gauge.take(bytes, &mut totals)?;
        }
    }
    Ok(())
}

/// Counts over all parts.
#[derive(Debug, Default)]
struct Totals {
    cells: u64,
    shared: u64,
}

/// The size of one part, and of what is in it.
struct Gauge<'a> {
    bounds: &'a Bounds,
    room: u64,
    excess: &'static str,
    is_picture: bool,
    tokens: Option<Tokens>,
    is_begun: bool,
}

impl<'a> Gauge<'a> {
    fn new(name: &str, bounds: &'a Bounds) -> Self {
        let name = name.to_ascii_lowercase();
        let of = |ending: &str| name.ends_with(ending);
        let (room, excess) = if of("sharedstrings.xml") {
            (bounds.texts, "The texts of the workbook unpack to more than 128 megabytes.")
        } else if of("styles.xml") || of("workbook.xml") || of(".rels") {
            (bounds.index, "The styles or names of the workbook unpack to more than 32 megabytes.")
        } else {
            (bounds.sheet, "A sheet of the workbook unpacks to more than 512 megabytes.")
        };
        Self { bounds, room, excess, is_picture: of(".svg"), tokens: None, is_begun: false }
    }

    fn take(&mut self, bytes: &[u8], totals: &mut Totals) -> Result<(), Broken> {
        if !self.is_begun {
            self.is_begun = true;
            let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            if text.trim_ascii_start().starts_with(b"<") && !self.is_picture {
                self.tokens = Some(Tokens::default());
            } else {
                self.room = self.room.min(self.bounds.foreign);
                self.excess = "A part of the workbook that is no sheet unpacks to more than 64 megabytes.";
            }
        }
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.room = self.room.checked_sub(length).ok_or(Broken::Unpacked(self.excess))?;
        match &mut self.tokens {
            Some(tokens) => bytes.iter().try_for_each(|byte| tokens.take(*byte, self.bounds, totals)),
            None => Ok(()),
        }
    }
}

/// The place in a part's XML that its next byte is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum In {
    #[default]
    Text,
    Tag,
    /// A value of a tag, in these quotation marks.
    Quoted(u8),
    /// `<?…?>`
    Instruction,
    Comment,
    /// Text in which angle brackets stand for themselves.
    Data,
}

/// Most bytes of a tag that are looked at.
const HEAD: usize = 16 << 10;

/// Tags of a part, as far as bounds go.
#[derive(Debug, Default)]
struct Tokens {
    place: In,
    length: usize,
    /// The beginning of the tag.
    head: Vec<u8>,
    /// The last two bytes.
    last: [u8; 2],
    /// Bytes of the present cell, within one.
    cell: Option<usize>,
}

impl Tokens {
    fn take(&mut self, byte: u8, bounds: &Bounds, totals: &mut Totals) -> Result<(), Broken> {
        self.length += 1;
        if self.length > bounds.token {
            return Err(Broken::Unpacked("A text of the workbook has more than 16 megabytes."));
        }
        if let Some(cell) = &mut self.cell {
            *cell += 1;
            if *cell > bounds.cell {
                return Err(Broken::Unpacked("A cell of the workbook has more than 4 megabytes."));
            }
        }
        let last = self.last;
        self.last = [last[1], byte];
        match self.place {
            In::Text if byte == b'<' => {
                self.head.clear();
                self.begin(In::Tag);
            }
            In::Text => {}
            In::Quoted(mark) if byte == mark => {
                self.push(byte);
                self.place = In::Tag;
            }
            In::Tag if byte == b'>' => {
                self.begin(In::Text);
                return self.end_tag(last[1], bounds, totals);
            }
            In::Tag | In::Quoted(_) => {
                self.push(byte);
                self.place = match (self.place, self.head.as_slice()) {
                    (In::Tag, b"?") => In::Instruction,
                    (In::Tag, b"!--") => {
                        // Its end has dashes of its own.
                        self.last = [0; 2];
                        In::Comment
                    }
                    (In::Tag, b"![CDATA[") => In::Data,
                    (In::Tag, _) if matches!(byte, b'"' | b'\'') => In::Quoted(byte),
                    (place, _) => place,
                };
            }
            In::Comment if byte == b'>' && last == *b"--" => self.begin(In::Text),
            In::Data if byte == b'>' && last == *b"]]" => self.begin(In::Text),
            In::Instruction if byte == b'>' && last[1] == b'?' => self.begin(In::Text),
            In::Instruction | In::Comment | In::Data => {}
        }
        Ok(())
    }

    const fn begin(&mut self, place: In) {
        self.place = place;
        self.length = 0;
    }

    fn push(&mut self, byte: u8) {
        if self.head.len() < HEAD {
            self.head.push(byte);
        }
    }

    fn end_tag(&mut self, last: u8, bounds: &Bounds, totals: &mut Totals) -> Result<(), Broken> {
        if self.head.starts_with(b"!") {
            // Such a declaration may define entities, and no program writes one into a workbook.
            return Err(Broken::Unpacked("The workbook declares a document type."));
        }
        let is_end = self.head.starts_with(b"/");
        let name = self.head.strip_prefix(b"/").unwrap_or(&self.head);
        let name = name.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next().unwrap_or_default();
        match name.rsplit(|byte| *byte == b':').next().unwrap_or_default() {
            b"c" if is_end => self.cell = None,
            b"c" => {
                totals.cells += 1;
                self.cell = (last != b'/').then_some(0);
            }
            b"si" if !is_end => totals.shared += 1,
            // Room is made for as many as are announced.
            b"sst" if !is_end && (self.head.len() >= HEAD || announced(&self.head) > bounds.shared) => {
                totals.shared = u64::MAX;
            }
            _ => {}
        }
        if totals.cells > bounds.cells {
            return Err(Broken::Unpacked("The workbook has more than 20 million cells."));
        }
        if totals.shared > bounds.shared {
            return Err(Broken::Unpacked("The workbook has more than 2 million different texts."));
        }
        Ok(())
    }
}

/// The number of texts that a tag announces.
fn announced(tag: &[u8]) -> u64 {
    const NAME: &[u8] = b"uniqueCount";
    let place = tag.windows(NAME.len()).position(|window| window == NAME);
    let behind = place.and_then(|place| tag.get(place + NAME.len()..)).unwrap_or_default();
    let digits =
        behind.iter().skip_while(|byte| !byte.is_ascii_digit()).take_while(|byte| byte.is_ascii_digit());
    digits.fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    const SMALL: Bounds = Bounds {
        parts: 4,
        all: 40_000,
        sheet: 20_000,
        texts: 10_000,
        index: 5_000,
        foreign: 8_000,
        token: 3_000,
        cell: 1_000,
        cells: 10,
        shared: 5,
    };
    const SHEET: &str = "xl/worksheets/sheet1.xml";
    const TEXTS: &str = "xl/sharedStrings.xml";

    fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(bytes).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    fn refused(parts: &[(&str, &[u8])]) -> Option<String> {
        check_within(&packed(parts), &SMALL).err().map(|broken| broken.sentence().into_owned())
    }

    #[track_caller]
    fn assert_refused(name: &str, text: &str, words: &str) {
        let sentence = refused(&[(name, text.as_bytes())]).unwrap_or_default();
        assert!(sentence.contains(words), "{words}: {sentence:?}");
    }

    #[test]
    fn a_plain_workbook_is_within_bounds() {
        let sheet =
            "<?xml version=\"1.0\"?><x:worksheet><x:c r=\"A1\"><x:v>a > b</x:v></x:c><x:c/></x:worksheet>";
        let texts = "<sst uniqueCount=\"1\"><si><t>x</t></si><!-- <si> --><![CDATA[ <c> <si> ]]></sst>";
        let picture = [0xff_u8; 7_000];
        let parts =
            [(SHEET, sheet.as_bytes()), (TEXTS, texts.as_bytes()), ("xl/media/a.png", picture.as_slice())];
        assert_eq!(refused(&parts), None);
        assert!(check(&packed(&parts)).is_ok());
        assert!(matches!(check(b"no archive"), Err(Broken::Workbook(_))));
    }

    #[test]
    fn parts_and_the_whole_are_bounded_in_size_and_number() {
        let rows = "<row></row>".repeat(2_000);
        assert_refused(SHEET, &rows, "A sheet of the workbook");
        assert_refused(TEXTS, &rows, "The texts of the workbook");
        assert_refused("XL/Styles.xml", &rows, "styles");
        assert_refused("xl/media/a.png", &"x".repeat(9_000), "no sheet");
        assert_refused("xl/media/a.svg", &rows, "no sheet");
        let half = "<row></row>".repeat(1_500);
        let all = [("a.xml", half.as_bytes()), ("b.xml", half.as_bytes()), ("c.xml", half.as_bytes())];
        assert!(refused(&all).unwrap().contains("gigabyte"));
        let names = ["a", "b", "c", "d", "e"].map(|name| (name, b"".as_slice()));
        assert!(refused(&names).unwrap().contains("parts"));
    }

    #[test]
    fn what_a_reader_keeps_is_bounded() {
        let long = "x".repeat(4_000);
        assert_refused(SHEET, &format!("<a>{long}</a>"), "A text");
        assert_refused(SHEET, &format!("<a b=\"{}\"/>", "<>".repeat(2_000)), "A text");
        assert_refused(SHEET, &format!("<!--{}-->", "<->".repeat(1_500)), "A text");
        assert_refused(SHEET, &format!("<![CDATA[{}]]>", "<]>".repeat(1_500)), "A text");
        assert_refused(SHEET, &format!("<c><is>{}</is></c>", "<r><t>x</t></r>".repeat(100)), "A cell");
        assert_refused(SHEET, &"<c r=\"A1\"/>".repeat(11), "million cells");
        assert_refused(TEXTS, &"<a:si/>".repeat(6), "different texts");
        assert_refused(TEXTS, &format!("<?x \"?>{}", "<si/>".repeat(6)), "different texts");
        assert_refused(SHEET, &format!("<!-->{}", "<a>".repeat(1_100)), "A text");
        assert_refused(TEXTS, "<sst count='1' uniqueCount = '99999999999999'></sst>", "different texts");
        assert_refused(SHEET, "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "document type");
    }
}
