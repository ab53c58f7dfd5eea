//! Logical lines of a vCard: what begins with a blank continues the line before, and so does what follows a `=` at the end
//! of a quoted-printable one.

use std::io::{BufRead, Read};

use crate::imports::files::Broken;

/// Most bytes of a logical line that are kept.
const KEPT: usize = 256 << 10;

/// A line, or as much of it as is kept.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The line of the file on which it begins, from 1.
    pub place: u64,
    /// Its text.
    pub text: String,
    /// Whether it is longer than what is kept of it.
    pub is_cut: bool,
}

/// The logical lines of a text.
pub struct Unfolded<R> {
    text: R,
    /// Whether a line begins what is passed over but for its own beginning.
    is_skipped: fn(&str) -> bool,
    next: Option<Line>,
    place: u64,
}

impl<R: BufRead> Unfolded<R> {
    /// Those of this text. Of those that begin with what is skipped only the first line is kept.
    pub fn new(text: R, is_skipped: fn(&str) -> bool) -> Self {
        Self { text, is_skipped, next: None, place: 0 }
    }

    /// The next physical line, in bounded memory whatever its length.
    fn physical(&mut self) -> Result<Option<Line>, Broken> {
        if let Some(line) = self.next.take() {
            return Ok(Some(line));
        }
        let mut line = Vec::new();
        let most = u64::try_from(KEPT).unwrap_or(u64::MAX);
        let read = self.text.by_ref().take(most).read_until(b'\n', &mut line).map_err(|_| Broken::Cut)?;
        if read == 0 {
            return Ok(None);
        }
        self.place += 1;
        let is_cut = !line.ends_with(b"\n") && self.pass()? > 0;
        let text = String::from_utf8_lossy(&line);
        // Of a character in the middle of which it is cut, nothing is kept.
        let text = if is_cut { text.trim_end_matches(char::REPLACEMENT_CHARACTER) } else { &text };
        let text = text.trim_end_matches(['\r', '\n']).to_owned();
        Ok(Some(Line { place: self.place, text, is_cut }))
    }

    /// Passes over the rest of a physical line. Gives how many bytes those were.
    fn pass(&mut self) -> Result<usize, Broken> {
        let mut passed = 0;
        loop {
            let bytes = self.text.fill_buf().map_err(|_| Broken::Cut)?;
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let length = end.map_or(bytes.len(), |end| end + 1);
            self.text.consume(length);
            passed += length;
            if end.is_some() || length == 0 {
                return Ok(passed);
            }
        }
    }

    /// The next line.
    ///
    /// # Errors
    /// Why there are no more.
    pub fn next(&mut self) -> Result<Option<Line>, Broken> {
        let Some(mut line) = self.physical()? else { return Ok(None) };
        let is_skipped = (self.is_skipped)(&line.text);
        line.is_cut &= !is_skipped;
        let head = line.text.split(':').next().unwrap_or_default();
        let is_quoted = head.to_ascii_uppercase().contains("QUOTED-PRINTABLE");
        let mut is_soft = is_quoted && line.text.ends_with('=');
        while let Some(more) = self.physical()? {
            let (is_folded, is_continued) =
                (more.text.starts_with([' ', '\t']), std::mem::take(&mut is_soft));
            // Old programs do not indent what they encode, and no name has a place in it.
            let is_encoded = is_skipped && !more.text.is_empty() && !more.text.contains(':');
            if !is_folded && !is_continued && !is_encoded {
                self.next = Some(more);
                break;
            }
            is_soft = is_quoted && more.text.ends_with('=');
            if is_skipped {
                continue;
            }
            if is_continued && !line.is_cut {
                line.text.pop();
            }
            let rest = match more.text.strip_prefix([' ', '\t']) {
                _ if is_continued => more.text.trim_start(),
                Some(rest) => rest,
                None => &more.text,
            };
            line.is_cut |= more.is_cut || line.text.len() + rest.len() > KEPT;
            if line.text.len() + rest.len() <= KEPT {
                line.text.push_str(rest);
            }
        }
        Ok(Some(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Line> {
        let mut unfolded = Unfolded::new(text.as_bytes(), |line| line.starts_with("PHOTO"));
        std::iter::from_fn(|| unfolded.next().unwrap()).collect()
    }

    #[test]
    fn folded_and_soft_line_ends_are_taken_out() {
        let text = "A:1\r\n 2\r\n\t3\r\nB;QUOTED-PRINTABLE:x=\r\n  y=\r\nz\r\n\r\nC:w=\r\nD:\r\n";

        let texts: Vec<String> = lines(text).into_iter().map(|line| line.text).collect();

        assert_eq!(texts, ["A:123", "B;QUOTED-PRINTABLE:xyz", "", "C:w=", "D:"]);
        assert_eq!(lines(text).iter().map(|line| line.place).collect::<Vec<_>>(), [1, 4, 7, 8, 9]);
    }

    #[test]
    fn lines_of_any_length_are_kept_up_to_a_bound() {
        let one = lines(&format!("A:{}\nB:1\n", "x".repeat(3 << 20)));
        assert_eq!((one[0].text.len(), one[0].is_cut, one[1].text.as_str()), (KEPT, true, "B:1"));
        assert_eq!(one[1].place, 2);
        let folded = lines(&format!("A:\n{}B:1\n", format!(" {}\n", "x".repeat(75)).repeat(50_000)));
        assert!(folded[0].text.len() <= KEPT && folded[0].is_cut && folded[1].text == "B:1");
        let quoted = lines(&format!(
            "A;QUOTED-PRINTABLE:=\n{}y\nB:1\n",
            format!("{}=\n", "x".repeat(75)).repeat(50_000)
        ));
        assert!(quoted[0].text.len() <= KEPT && quoted[0].is_cut && quoted[1].text == "B:1");
        let skipped = lines(&format!("PHOTO:{}\n AAAA\nBBBB\nB:1\n", "x".repeat(3 << 20)));
        assert_eq!((skipped.len(), skipped[0].is_cut, skipped[1].text.as_str()), (2, false, "B:1"));
    }
}
