//! A DNS server with configured TXT records.

use std::{
    collections::HashMap,
    net::UdpSocket,
    sync::{Arc, Mutex},
};

/// Answers as long as the test runs.
pub struct Dns {
    pub address: String,
    records: Arc<Mutex<HashMap<String, Vec<String>>>>,
}

impl Dns {
    pub fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap().to_string();
        let records: Arc<Mutex<HashMap<String, Vec<String>>>> = Arc::default();
        let known = Arc::clone(&records);
        std::thread::spawn(move || {
            let mut question = [0; 1_500];
            while let Ok((length, from)) = socket.recv_from(&mut question) {
                let answer = answer(&question[..length], &known.lock().unwrap());
                socket.send_to(&answer, from).unwrap();
            }
        });
        Self { address, records }
    }

    /// From now on the TXT records of a name say this.
    pub fn say(&self, name: &str, texts: &[&str]) {
        let texts = texts.iter().map(|&text| text.to_owned()).collect();
        self.records.lock().unwrap().insert(name.to_owned(), texts);
    }
}

/// The answer to a question (RFC 1035, section 4): records of the type TXT, or that there is no such name.
fn answer(question: &[u8], records: &HashMap<String, Vec<String>>) -> Vec<u8> {
    let (mut labels, mut end) = (Vec::new(), 12);
    while question[end] != 0 {
        let length = usize::from(question[end]);
        labels.push(String::from_utf8_lossy(&question[end + 1..=end + length]).to_lowercase());
        end += length + 1;
    }
    // Behind the name: its end, a type and a class.
    let asked = &question[12..end + 5];
    let is_txt = question[end + 1..end + 3] == [0, 16];
    let found = records.get(&labels.join("."));
    let texts = found.filter(|_| is_txt).cloned().unwrap_or_default();
    let code = if found.is_some() { 0 } else { 3 };
    let mut answer = question[..2].to_vec();
    answer.extend([0x81, 0x80 | code, 0, 1, 0, u8::try_from(texts.len()).unwrap(), 0, 0, 0, 0]);
    answer.extend(asked);
    for text in texts {
        // A record may hold several strings; together they are one text.
        let pieces: Vec<&[u8]> = text.as_bytes().chunks(40).collect();
        let length = u16::try_from(text.len() + pieces.len()).unwrap();
        answer.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
        answer.extend(length.to_be_bytes());
        for piece in pieces {
            answer.push(u8::try_from(piece.len()).unwrap());
            answer.extend(piece);
        }
    }
    answer
}
