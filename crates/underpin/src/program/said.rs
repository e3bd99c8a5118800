//! What a program has written to its standard error, as much of it as is worth repeating. Nothing of it is
//! shown before somebody has taken the credentials out of it.

use std::{
    process::ExitStatus,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::io::{AsyncRead, AsyncReadExt as _};

/// How many characters of what a program has said are repeated.
const WORDS: usize = 600;

/// How many bytes of it are kept, so that one that never stops talking takes no memory.
const KEPT: usize = 64 * 1_024;

/// What a program has said, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    bytes: Vec<u8>,
    /// How it ended, for one that has said nothing.
    status: String,
    code: Option<i32>,
}

impl Said {
    pub(super) fn new(bytes: Vec<u8>, status: ExitStatus) -> Self {
        Self { bytes, status: status.to_string(), code: status.code() }
    }

    /// Whether it ended with this status.
    pub(super) fn is_status(&self, code: i32) -> bool {
        self.code == Some(code)
    }

    /// The end of what it has said, as it was said. Whoever shows it has to know that no credentials are in it.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How it ended, in words: `ended with exit code 3`.
    pub(crate) fn ending(&self) -> String {
        match self.code {
            Some(code) => format!("ended with exit code {code}"),
            None => format!("was ended: {}", self.status),
        }
    }

    /// The end of what it has said, in one line, or how it ended. `redact` takes out what is nobody's
    /// business; it sees all of it, since half a password is one that it would not know. That a program does not know
    /// an option that was given only to those who do is left out.
    pub(crate) fn words(&self, redact: impl Fn(&str) -> String) -> String {
        let text = redact(&String::from_utf8_lossy(&self.bytes));
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let lines: Vec<&str> = lines.filter(|line| !line.contains("unknown variable 'loose-")).collect();
        let text = lines.join("; ");
        let skipped = text.chars().count().saturating_sub(WORDS);
        match text.is_empty() {
            true => self.status.clone(),
            false => text.chars().skip(skipped).collect(),
        }
    }
}

/// What is being said: written by who listens, read by who has waited for the end.
#[derive(Clone, Debug, Default)]
pub(super) struct Saying(Arc<Mutex<Vec<u8>>>);

impl Saying {
    /// Listens until nobody can say anything any more.
    pub(super) async fn listen(self, pipe: Option<impl AsyncRead + Unpin>) {
        let Some(mut pipe) = pipe else { return };
        let mut buffer = vec![0; 8_192];
        while let Ok(count @ 1..) = pipe.read(&mut buffer).await {
            let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            bytes.extend_from_slice(&buffer[..count]);
            let superfluous = bytes.len().saturating_sub(KEPT);
            bytes.drain(..superfluous);
        }
    }

    /// What was said until now.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_across_the_cut_is_not_half_shown() {
        let text = format!("password s3cret-of-mine {}", "x".repeat(WORDS - 10));
        let said = Said::new(text.into_bytes(), ExitStatus::default());
        let words = said.words(|text| text.replace("s3cret-of-mine", "***"));
        assert!(!words.contains("of-mine") && !words.contains("mine"), "{words}");
        assert!(words.chars().count() == WORDS, "{words}");
    }

    #[tokio::test]
    async fn of_one_that_never_stops_the_end_is_kept() {
        let saying = Saying::default();
        let text = [vec![b'a'; 3 * KEPT], b"the end".to_vec()].concat();
        saying.clone().listen(Some(&text[..])).await;
        let bytes = saying.bytes();
        assert!(bytes.len() == KEPT && bytes.ends_with(b"the end"));
    }
}
