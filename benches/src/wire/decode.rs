//! What a client says in the protocols of PostgreSQL and of MySQL, as far as it is wanted here: whether it is still
//! connecting, which statements it sends, and whether it says goodbye.
//!
//! "Message Formats" in PostgreSQL's manual; "Client/Server Protocol" in MySQL's.

use underpin_tests::Engine;

/// What was in some bytes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// Nothing but connecting.
    pub(super) handshake: bool,
    /// Nothing but goodbye.
    pub(super) goodbye: bool,
    /// Statements, and the names of commands without one.
    pub(super) texts: Vec<String>,
}

/// Cuts the client's side of one connection into messages.
#[derive(Debug)]
pub(super) struct Decoder {
    postgres: bool,
    bytes: Vec<u8>,
    /// On PostgreSQL the first messages have no type.
    begun: bool,
}

impl Decoder {
    pub(super) fn new(engine: Engine) -> Self {
        Self { postgres: engine == Engine::Postgres, bytes: Vec::new(), begun: false }
    }

    /// Takes bytes as they come and tells what was in the messages that they complete.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Asked {
        self.bytes.extend_from_slice(bytes);
        let mut asked = Asked { handshake: true, goodbye: true, texts: Vec::new() };
        let mut any = false;
        while let Some(message) = self.message() {
            any = true;
            asked.handshake &= matches!(message, Message::Handshake);
            asked.goodbye &= matches!(message, Message::Goodbye);
            if let Message::Text(text) = message {
                asked.texts.push(text);
            }
        }
        Asked { handshake: asked.handshake && any, goodbye: asked.goodbye && any, ..asked }
    }

    fn message(&mut self) -> Option<Message> {
        let (message, length) = if self.postgres { self.postgres()? } else { self.mysql()? };
        self.bytes.drain(..length);
        Some(message)
    }

    fn postgres(&mut self) -> Option<(Message, usize)> {
        const REQUESTS: [u32; 2] = [80_877_103, 80_877_104];
        if !self.begun {
            let length = number(self.bytes.get(..4)?);
            let code = number(self.bytes.get(4..8)?);
            self.bytes.get(..length as usize)?;
            // A request for encryption is followed by another first message.
            self.begun = !REQUESTS.contains(&code);
            return Some((Message::Handshake, length as usize));
        }
        let length = 1 + number(self.bytes.get(1..5)?) as usize;
        let body = self.bytes.get(5..length)?;
        let message = match self.bytes[0] {
            b'Q' => Message::Text(text(body)),
            // The name of the statement stands before its text.
            b'P' => Message::Text(format!("prepare: {}", text(body.split(|&byte| byte == 0).nth(1)?))),
            b'E' => Message::Text("execute".to_owned()),
            b'p' => Message::Handshake,
            b'X' => Message::Goodbye,
            _ => Message::Other,
        };
        Some((message, length))
    }

    fn mysql(&mut self) -> Option<(Message, usize)> {
        let &[a, b, c, number] = self.bytes.first_chunk()?;
        let length = 4 + u32::from_le_bytes([a, b, c, 0]) as usize;
        let body = self.bytes.get(4..length)?;
        let message = match (number, body.first()) {
            (0, Some(0x01)) => Message::Goodbye,
            (0, Some(0x03)) => Message::Text(text(&body[1..])),
            (0, Some(0x16)) => Message::Text(format!("prepare: {}", text(&body[1..]))),
            (0, Some(0x17)) => Message::Text("execute".to_owned()),
            (0, Some(0x0e)) => Message::Text("ping".to_owned()),
            (0, _) => Message::Other,
            // Only an answer to the server has another number.
            (_, _) => Message::Handshake,
        };
        Some((message, length))
    }
}

enum Message {
    Handshake,
    Text(String),
    Other,
    Goodbye,
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, &byte| number << 8 | u32::from(byte))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_of_postgresql_is_read_also_in_two_pieces() {
        let mut decoder = Decoder::new(Engine::Postgres);
        assert!(decoder.read(&[0, 0, 0, 8, 4, 210, 22, 47]).handshake);
        assert!(decoder.read(&[0, 0, 0, 9, 0, 3, 0, 0, 0]).handshake);
        assert_eq!(decoder.read(b"Q\0\0"), Asked::default());
        assert_eq!(decoder.read(b"\0\x0dSELECT 1\0").texts, ["SELECT 1"]);
        assert!(decoder.read(b"X\0\0\0\x04").goodbye);
    }

    #[test]
    fn a_query_of_mysql_is_told_from_the_handshake() {
        let mut decoder = Decoder::new(Engine::Mysql);
        assert!(decoder.read(&[2, 0, 0, 1, 3, 3]).handshake);
        assert_eq!(decoder.read(b"\x09\0\0\0\x03SELECT 1").texts, ["SELECT 1"]);
        assert!(decoder.read(&[1, 0, 0, 0, 1]).goodbye);
    }
}
