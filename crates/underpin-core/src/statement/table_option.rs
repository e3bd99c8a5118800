//! Options of a table that MySQL and MariaDB write behind it. Not those of partitions.

use super::cursor::Cursor;

/// An option of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableOption {
    /// `ENGINE`.
    Engine(String),
    /// `ROW_FORMAT`.
    RowFormat(String),
    /// `DEFAULT CHARACTER SET`, `COLLATE`: what new columns get; the character set or collation in upper case.
    Charset(String),
    /// `AUTO_INCREMENT = n`.
    AutoIncrement,
    /// `COMMENT`.
    Comment,
    /// `KEY_BLOCK_SIZE`, which decides how rows are stored.
    KeyBlockSize,
    /// `TABLESPACE`.
    Tablespace,
    /// `ENCRYPTION`, whether it is switched on (MySQL).
    Encryption(bool),
    /// `ENCRYPTED`, `PAGE_COMPRESSED` and whatever else changes the files.
    Storage(String),
    /// Statistics and other settings that change no row; its name in upper case.
    Setting(String),
}

const STORAGE: &[&str] =
    &["ENCRYPTED", "ENCRYPTION_KEY_ID", "PAGE_COMPRESSED", "PAGE_COMPRESSION_LEVEL", "COMPRESSION"];

const SETTINGS: &[&str] = &[
    "STATS_PERSISTENT",
    "STATS_AUTO_RECALC",
    "STATS_SAMPLE_PAGES",
    "MAX_ROWS",
    "MIN_ROWS",
    "AVG_ROW_LENGTH",
    "CHECKSUM",
    "DELAY_KEY_WRITE",
    "PACK_KEYS",
    "CONNECTION",
    "SECONDARY_ENGINE",
    "SECONDARY_ENGINE_ATTRIBUTE",
    "ENGINE_ATTRIBUTE",
    "AUTOEXTEND_SIZE",
    "INSERT_METHOD",
    "UNION",
];

impl TableOption {
    /// Reads an option, if one stands here.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        let mut ahead = cursor.clone();
        ahead.eat("DEFAULT");
        if ahead.eat("CHARACTER SET") || ahead.eat("CHARSET") || ahead.eat("COLLATE") {
            let charset = value(&mut ahead);
            *cursor = ahead;
            return Some(Self::Charset(charset));
        }
        let mut ahead = cursor.clone();
        let word = ahead.word()?;
        let option = match word.as_str() {
            "ENGINE" => Self::Engine(value(&mut ahead)),
            "ROW_FORMAT" => Self::RowFormat(value(&mut ahead)),
            "AUTO_INCREMENT" => plain(Self::AutoIncrement, &mut ahead),
            "COMMENT" => plain(Self::Comment, &mut ahead),
            "KEY_BLOCK_SIZE" => plain(Self::KeyBlockSize, &mut ahead),
            "ENCRYPTION" => Self::Encryption(value(&mut ahead) == "Y"),
            "TABLESPACE" => plain(Self::Tablespace, &mut ahead),
            storage if STORAGE.contains(&storage) => plain(Self::Storage(word), &mut ahead),
            setting if SETTINGS.contains(&setting) => plain(Self::Setting(word), &mut ahead),
            _ => return None,
        };
        *cursor = ahead;
        Some(option)
    }
}

fn plain(option: TableOption, cursor: &mut Cursor<'_>) -> TableOption {
    value(cursor);
    option
}

/// `= value` or `value`, in upper case.
fn value(cursor: &mut Cursor<'_>) -> String {
    cursor.eat_operator("=");
    if cursor.is_operator("(") {
        cursor.parenthesised();
        return String::new();
    }
    cursor
        .advance()
        .map(|code| code.text.trim_matches(['\'', '"', '`']).to_ascii_uppercase())
        .unwrap_or_default()
}
