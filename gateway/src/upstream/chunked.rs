//! Decodes a chunked body (RFC 9112, section 7.1). Trailers are read and dropped.

use bytes::{Buf, Bytes, BytesMut};

/// Longest line: a chunk's size with extensions, or a trailer.
const LINE_LIMIT: usize = 4_096;
/// Most trailer lines.
const TRAILER_LIMIT: u32 = 64;

#[derive(Clone, Copy, Debug)]
enum State {
    Size,
    Data(u64),
    DataEnd,
    Trailers(u32),
    Done,
}

/// Where in a chunked body we are.
#[derive(Debug)]
pub struct Decoder(State);

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub enum Decoded {
    /// A piece of the body.
    Data(Bytes),
    /// Nothing until more has been read.
    More,
    /// The end.
    End,
}

/// The body is not chunked as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl Default for Decoder {
    fn default() -> Self {
        Self(State::Size)
    }
}

impl Decoder {
    /// Takes the next piece out of what was read.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn decode(&mut self, buffer: &mut BytesMut) -> Result<Decoded, Malformed> {
        loop {
            match self.0 {
                State::Size => {
                    let Some(line) = take_line(buffer)? else { return Ok(Decoded::More) };
                    let size = size(&line)?;
                    self.0 = if size == 0 { State::Trailers(0) } else { State::Data(size) };
                }
                State::Data(left) => {
                    if buffer.is_empty() {
                        return Ok(Decoded::More);
                    }
                    let here = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
                    let left = left.saturating_sub(u64::try_from(here).unwrap_or(u64::MAX));
                    self.0 = if left == 0 { State::DataEnd } else { State::Data(left) };
                    return Ok(Decoded::Data(buffer.split_to(here).freeze()));
                }
                State::DataEnd => match buffer.first_chunk::<2>() {
                    Some(b"\r\n") => {
                        buffer.advance(2);
                        self.0 = State::Size;
                    }
                    Some(_) => return Err(Malformed),
                    None => return Ok(Decoded::More),
                },
                State::Trailers(count) => {
                    let Some(line) = take_line(buffer)? else { return Ok(Decoded::More) };
                    self.0 = match line.is_empty() {
                        true => State::Done,
                        false if count < TRAILER_LIMIT => State::Trailers(count + 1),
                        false => return Err(Malformed),
                    };
                }
                State::Done => return Ok(Decoded::End),
            }
        }
    }
}

/// The next line without its end, if it has arrived.
fn take_line(buffer: &mut BytesMut) -> Result<Option<BytesMut>, Malformed> {
    let searched = buffer.get(..LINE_LIMIT.min(buffer.len())).unwrap_or_default();
    let Some(end) = searched.iter().position(|byte| *byte == b'\n') else {
        return if buffer.len() >= LINE_LIMIT { Err(Malformed) } else { Ok(None) };
    };
    let mut line = buffer.split_to(end + 1);
    let text =
        line.len().checked_sub(2).filter(|length| line.get(*length) == Some(&b'\r')).ok_or(Malformed)?;
    line.truncate(text);
    Ok(Some(line))
}

fn size(line: &[u8]) -> Result<u64, Malformed> {
    let digits = line.split(|byte| *byte == b';').next().unwrap_or_default();
    let digits = std::str::from_utf8(digits).map_err(|_| Malformed)?.trim_end_matches([' ', '\t']);
    let plain = (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if plain { u64::from_str_radix(digits, 16).map_err(|_| Malformed) } else { Err(Malformed) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decode(pieces: &[&[u8]]) -> Result<(Vec<u8>, bool, usize), Malformed> {
        let (mut decoder, mut buffer, mut body) = (Decoder::default(), BytesMut::new(), Vec::new());
        for piece in pieces {
            buffer.extend_from_slice(piece);
            loop {
                match decoder.decode(&mut buffer)? {
                    Decoded::Data(data) => body.extend_from_slice(&data),
                    Decoded::More => break,
                    Decoded::End => return Ok((body, true, buffer.len())),
                }
            }
        }
        Ok((body, false, buffer.len()))
    }

    #[test]
    fn chunks_extensions_and_trailers_are_understood() {
        let wire = b"3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nX-Y: z\r\n\r\nrest";
        assert_eq!(decode(&[wire]), Ok((b"abc0123456789".to_vec(), true, 4)));
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for wire in [
            &b"\r\n"[..],
            b"x\r\n",
            b"-1\r\n",
            b"+1\r\n",
            b"3\nabc",
            b"3\r\nabcd\r\n",
            b"fffffffffffffffff\r\n",
            b" 3\r\n",
        ] {
            assert_eq!(decode(&[wire]), Err(Malformed), "{wire:?}");
        }
        assert_eq!(decode(&[&[b'1'; LINE_LIMIT]]), Err(Malformed));
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_body(body in prop::collection::vec(any::<u8>(), 0..200), cuts in prop::collection::vec(1..9_usize, 1..80)) {
            let mut wire = Vec::new();
            for chunk in body.chunks(7) {
                wire.extend_from_slice(format!("{:X}\r\n", chunk.len()).as_bytes());
                wire.extend_from_slice(chunk);
                wire.extend_from_slice(b"\r\n");
            }
            wire.extend_from_slice(b"0\r\n\r\n");
            let (mut rest, mut pieces) = (wire.as_slice(), Vec::new());
            for cut in cuts.iter().cycle() {
                if rest.is_empty() { break; }
                let (piece, tail) = rest.split_at((*cut).min(rest.len()));
                pieces.push(piece);
                rest = tail;
            }
            prop_assert_eq!(decode(&pieces), Ok((body, true, 0)));
        }
    }
}
