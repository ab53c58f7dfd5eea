//! Text that is in UTF-8 but for some of its bytes.

use std::io::{self, Read};

use encoding_rs::WINDOWS_1252;

/// Bytes that are read in one go.
const PIECE: usize = 32 << 10;
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Counts, over the pieces of a file, the characters that UTF-8 writes with several bytes, and the bytes that are no UTF-8.
#[derive(Debug, Default)]
pub struct Census {
    cut: Vec<u8>,
    characters: u64,
    strays: u64,
}

impl Census {
    /// Looks at the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.cut.is_empty() {
            if !bytes.is_ascii() {
                self.count(bytes);
            }
            return;
        }
        let mut joined = std::mem::take(&mut self.cut);
        joined.extend_from_slice(bytes);
        self.count(&joined);
    }

    fn count(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        loop {
            let Err(error) = std::str::from_utf8(rest) else {
                self.characters += leading(rest);
                return;
            };
            let (text, tail) = rest.split_at_checked(error.valid_up_to()).unwrap_or((rest, &[]));
            self.characters += leading(text);
            let Some(length) = error.error_len() else {
                self.cut = tail.to_vec();
                return;
            };
            self.strays += 1;
            rest = tail.get(length..).unwrap_or_default();
        }
    }

    /// Places that are no UTF-8, all bytes seen.
    fn strays(&self) -> u64 {
        self.strays + u64::from(!self.cut.is_empty())
    }

    /// Whether the text is in UTF-8 but for some places.
    pub fn is_mostly_utf8(&self) -> bool {
        self.characters > 2 * self.strays()
    }

    /// Whether some of it, and more than chance would bring, is in UTF-8, and some is not.
    pub fn is_mixed(&self) -> bool {
        const BY_CHANCE: u64 = 200;
        self.strays() > 0 && self.characters > 0 && self.characters * BY_CHANCE > self.strays()
    }
}

/// The number of characters that are written with several bytes.
fn leading(text: &[u8]) -> u64 {
    let leading = text.iter().filter(|byte| **byte >= 0xc0).count();
    u64::try_from(leading).unwrap_or(u64::MAX)
}

/// UTF-8 without its byte order mark. Bytes that are none are read as Windows-1252, in which programs write that know no
/// UTF-8: nothing is lost.
pub struct Lenient<R> {
    source: R,
    /// The beginning of a character with its end in the next bytes.
    cut: Vec<u8>,
    text: io::Cursor<Vec<u8>>,
    is_begun: bool,
    is_over: bool,
}

impl<R: Read> Lenient<R> {
    /// The text of this source.
    pub fn new(source: R) -> Self {
        Self { source, cut: Vec::new(), text: io::Cursor::default(), is_begun: false, is_over: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut bytes = std::mem::take(&mut self.cut);
        let begun = bytes.len();
        bytes.resize(begun + PIECE, 0);
        let read = self.source.read(bytes.get_mut(begun..).unwrap_or_default())?;
        bytes.truncate(begun + read);
        self.is_over = read == 0;
        if !self.is_begun {
            if !self.is_over && bytes.len() < MARK.len() {
                self.cut = bytes;
                return Ok(());
            }
            self.is_begun = true;
            if bytes.starts_with(MARK) {
                bytes.drain(..MARK.len());
            }
        }
        let mut text = std::mem::take(&mut self.text).into_inner();
        text.clear();
        let used = append(&mut text, &bytes, self.is_over);
        bytes.drain(..used);
        (self.cut, self.text) = (bytes, io::Cursor::new(text));
        Ok(())
    }
}

/// Appends what these bytes say. Gives how many were used: a character may be cut at the end, unless that is the last one.
fn append(text: &mut Vec<u8>, bytes: &[u8], is_last: bool) -> usize {
    let mut used = 0;
    while let Some(rest) = bytes.get(used..).filter(|rest| !rest.is_empty()) {
        let Err(error) = std::str::from_utf8(rest) else {
            text.extend_from_slice(rest);
            return bytes.len();
        };
        let valid = error.valid_up_to();
        text.extend(rest.iter().take(valid));
        used += valid;
        let strays = match error.error_len() {
            Some(length) => length,
            None if is_last => rest.len() - valid,
            None => break,
        };
        let strays = rest.get(valid..valid + strays).unwrap_or_default();
        let (read, _) = WINDOWS_1252.decode_without_bom_handling(strays);
        text.extend_from_slice(read.as_bytes());
        used += strays.len();
    }
    used
}

impl<R: Read> Read for Lenient<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.text.read(buffer)?;
            if read > 0 || buffer.is_empty() || self.is_over {
                return Ok(read);
            }
            self.refill()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A source that gives so many bytes at a time.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(self.0.len()).min(buffer.len());
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    #[test]
    fn stray_bytes_are_read_and_characters_may_be_cut_anywhere() {
        let mixed = b"\xef\xbb\xbfZo\xc3\xab;M\xfcller;\xe2\x82\xac;Gr\xf6\xdfe;\xc3";
        for drops in [1, 2, 3, 64] {
            let mut text = String::new();
            Lenient::new(Drops(mixed, drops)).read_to_string(&mut text).unwrap();
            assert_eq!(text, "Zoë;Müller;€;Größe;Ã", "{drops} bytes at a time");
        }
        let mut nothing = String::new();
        Lenient::new(Drops(b"", 1)).read_to_string(&mut nothing).unwrap();
        assert_eq!(nothing, "");
    }

    #[test]
    fn a_census_tells_utf8_with_strays_from_other_character_sets() {
        let census = |bytes: &[u8]| {
            let mut census = Census::default();
            bytes.chunks(1).for_each(|piece| census.feed(piece));
            (census.is_mostly_utf8(), census.is_mixed())
        };
        assert_eq!(census("Zoë Jörg Größe".as_bytes()), (true, false));
        assert_eq!(census(b"Zo\xc3\xab J\xc3\xb6rg Gr\xc3\xb6\xc3\x9fe M\xfcller"), (true, true));
        assert_eq!(census(b"Zo\xeb J\xf6rg M\xfcller"), (false, false));
        assert_eq!(census(b"Zo\xeb J\xf6rg M\xfcller und Zo\xc3\xab"), (false, true));
        assert_eq!(census(b"plain"), (false, false));
    }
}
