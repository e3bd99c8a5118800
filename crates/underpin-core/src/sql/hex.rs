//! Thirty-two bytes as hexadecimal text and back. Not a hash.

use std::fmt;

/// A text that is not 64 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a checksum: expected 64 hexadecimal digits")]
pub struct InvalidHex(pub String);

pub(super) fn format(bytes: &[u8; 32], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [0; 64];
    for (pair, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
    }
    f.pad(str::from_utf8(&text).unwrap_or_default())
}

pub(super) fn parse(text: &str) -> Result<[u8; 32], InvalidHex> {
    let invalid = || InvalidHex(text.to_owned());
    let mut bytes = [0; 32];
    if text.len() != 64 {
        return Err(invalid());
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().as_chunks::<2>().0) {
        *byte = digit(pair[0]).zip(digit(pair[1])).map(|(high, low)| high << 4 | low).ok_or_else(invalid)?;
    }
    Ok(bytes)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Text and serde forms for a newtype of thirty-two bytes.
macro_rules! hex_forms {
    ($type:ident) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                super::hex::format(&self.0, f)
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($type), "({})"), self)
            }
        }

        impl std::str::FromStr for $type {
            type Err = super::hex::InvalidHex;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                super::hex::parse(text).map(Self)
            }
        }

        impl TryFrom<String> for $type {
            type Error = super::hex::InvalidHex;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.to_string()
            }
        }
    };
}

pub(super) use hex_forms;
