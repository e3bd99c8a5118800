//! The port that a service is told to listen on. Not a setting of ours: every platform that runs
//! services sets it.

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

const VARIABLE: &str = "PORT";

/// What `PORT` says; nothing if it is not set or empty.
///
/// # Errors
/// If it is no port.
pub(crate) fn port() -> Result<Option<u16>, Diagnostic> {
    read(std::env::var(VARIABLE).ok().as_deref())
}

fn read(value: Option<&str>) -> Result<Option<u16>, Diagnostic> {
    match value.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| {
            Diagnostic::new(ErrorKind::Configuration, format!("{VARIABLE} is {text:?}, which is no port"))
                .hint("set it to a number from 0 to 65535, or give --port")
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_number_or_not_said() {
        assert_eq!(read(None).ok(), Some(None));
        assert_eq!(read(Some(" ")).ok(), Some(None));
        assert_eq!(read(Some(" 8080")).ok(), Some(Some(8080)));
        for refused in ["http", "65536", "-1"] {
            assert_eq!(read(Some(refused)).expect_err("no port").kind, ErrorKind::Configuration);
        }
    }
}
