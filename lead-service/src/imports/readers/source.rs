//! The bytes of a file on the reader's thread, as they come from the database.

use std::io::{self, Read};

use tokio::sync::mpsc::Receiver;

/// A piece of a file.
#[derive(Debug)]
pub enum Piece {
    /// Bytes.
    Bytes(Vec<u8>),
    /// The file is over.
    End,
}

/// Pieces as one stream of bytes. Waits for each.
#[derive(Debug)]
pub struct Source {
    pieces: Receiver<Piece>,
    piece: io::Cursor<Vec<u8>>,
    is_over: bool,
}

impl Source {
    /// A file, read in pieces.
    pub fn new(pieces: Receiver<Piece>) -> Self {
        Self { pieces, piece: io::Cursor::default(), is_over: false }
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.piece.read(buffer)?;
            if read > 0 || buffer.is_empty() || self.is_over {
                return Ok(read);
            }
            match self.pieces.blocking_recv() {
                Some(Piece::Bytes(bytes)) => self.piece = io::Cursor::new(bytes),
                Some(Piece::End) => self.is_over = true,
                None => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
    }
}
