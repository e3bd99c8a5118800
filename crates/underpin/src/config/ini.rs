//! Reading the form of Python's `configparser` ("Supported INI File Structure" in its manual): sections, values of
//! several lines, `[DEFAULT]`, and `%(name)s` for other values. What the values mean is none of its business.

use std::collections::BTreeMap;

/// The section whose values every other section has, too.
const DEFAULT: &str = "DEFAULT";
/// How deep values may refer to each other (`MAX_INTERPOLATION_DEPTH`).
const DEPTH: usize = 10;

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Ini {
    defaults: Section,
    sections: BTreeMap<String, Section>,
}

/// The values of a section by their names in lower case, as `configparser` compares them.
type Section = BTreeMap<String, Entry>;

/// A value as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The lines of the value; `%` is still doubled.
    pub(super) value: String,
    /// The line that it begins on, counted from 1.
    pub(super) line: usize,
}

impl Ini {
    /// Reads a text. Lines that assign nothing are left out.
    pub(super) fn parse(text: &str) -> Self {
        let mut reader = Reader::default();
        for (index, line) in text.lines().enumerate() {
            reader.line(line, index + 1);
        }
        reader.end_value();
        reader.ini
    }

    /// The names of the sections, without that of the defaults.
    pub(super) fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.keys().map(String::as_str)
    }

    /// A value of a section, or else the default.
    pub(super) fn get(&self, section: &str, name: &str) -> Option<&Entry> {
        let own = self.sections.get(section).and_then(|section| section.get(name));
        own.or_else(|| self.defaults.get(name))
    }

    /// A value with everything replaced that the section, the defaults or `outer` have.
    pub(super) fn interpolated(
        &self,
        section: &str,
        value: &str,
        outer: &dyn Fn(&str) -> Option<String>,
    ) -> String {
        let lookup =
            |name: &str| self.get(section, name).map(|entry| entry.value.clone()).or_else(|| outer(name));
        interpolate(value, &lookup)
    }
}

/// Replaces `%(name)s` by what `lookup` has under the name in lower case, and `%%` by `%`. What there is nothing for
/// stays as it is.
pub(super) fn interpolate(value: &str, lookup: &dyn Fn(&str) -> Option<String>) -> String {
    replaced(value, lookup, DEPTH)
}

fn replaced(value: &str, lookup: &dyn Fn(&str) -> Option<String>, depth: usize) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('%') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(behind) = rest.strip_prefix("%%") {
            text.push('%');
            rest = behind;
        } else if let Some((name, behind)) = rest.strip_prefix("%(").and_then(|inner| inner.split_once(")s"))
            && depth > 0
            && let Some(found) = lookup(&name.to_lowercase())
        {
            text.push_str(&replaced(&found, lookup, depth - 1));
            rest = behind;
        } else {
            text.push('%');
            rest = &rest[1..];
        }
    }
    text + rest
}

#[derive(Default)]
struct Reader {
    ini: Ini,
    section: Option<String>,
    /// The value that is being read: its name and its lines.
    open: Option<(String, Vec<String>, usize)>,
    /// How far the line was indented that the value began on; lines that are indented more belong to it.
    indent: usize,
}

impl Reader {
    fn line(&mut self, line: &str, number: usize) {
        let content = line.trim();
        if content.starts_with(['#', ';']) {
            return;
        }
        if content.is_empty() {
            if let Some((_, lines, _)) = &mut self.open {
                lines.push(String::new());
            }
            return;
        }
        let indent = line.chars().take_while(|c| c.is_whitespace()).count();
        if let Some((_, lines, _)) = self.open.as_mut().filter(|_| indent > self.indent) {
            lines.push(content.to_owned());
            return;
        }
        self.end_value();
        self.indent = indent;
        if let Some(name) = content.strip_prefix('[').and_then(|rest| Some(rest.rsplit_once(']')?.0)) {
            if name != DEFAULT {
                self.ini.sections.entry(name.to_owned()).or_default();
            }
            self.section = Some(name.to_owned());
        } else if let Some((name, value)) = content.split_once(['=', ':']) {
            self.open = Some((name.trim().to_lowercase(), vec![value.trim().to_owned()], number));
        }
    }

    fn end_value(&mut self) {
        let (Some((name, lines, line)), Some(section)) = (self.open.take(), &self.section) else { return };
        let entry = Entry { value: lines.join("\n").trim().to_owned(), line };
        let section = match section.as_str() {
            DEFAULT => &mut self.ini.defaults,
            section => self.ini.sections.entry(section.to_owned()).or_default(),
        };
        section.insert(name, entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, section: &str, name: &str) -> Option<String> {
        let ini = Ini::parse(text);
        let entry = ini.get(section, name)?;
        Some(ini.interpolated(section, &entry.value, &|name| (name == "here").then(|| "/p".to_owned())))
    }

    // What is expected here, `configparser.ConfigParser({"here": "/p"})` of Python 3.11 says.

    #[test]
    fn a_value_goes_on_where_lines_are_indented_more() {
        let text = "[a]\nx = 1\n   2\n\n   # no part of it\n   3\ny: 4\n  [b]\n  z = 5\n  w = 6\n";
        assert_eq!(value(text, "a", "x").as_deref(), Some("1\n2\n\n3"));
        assert_eq!(value(text, "a", "y").as_deref(), Some("4\n[b]\nz = 5\nw = 6"));
        assert_eq!(Ini::parse(text).get("a", "x").map(|entry| entry.line), Some(2));
        let text = "  [b]\n  z = 5\n  W = 6\n";
        assert_eq!(
            (value(text, "b", "z").as_deref(), value(text, "b", "w").as_deref()),
            (Some("5"), Some("6"))
        );
    }

    #[test]
    fn names_are_replaced_by_values_of_the_section_or_by_defaults() {
        let text = "[DEFAULT]\nhost = db\nport = 5432\n[a]\nHost = own\nu = p://%(USER)s@%(host)s:%(port)s/%(here)s\n\
                    user = %(name)s%%40\nname = ada\nlost = %(nobody)s 5%\nloop = %(loop)s\n[c]\n";
        assert_eq!(value(text, "a", "u").as_deref(), Some("p://ada%40@own:5432//p"));
        assert_eq!(value(text, "c", "host").as_deref(), Some("db"));
        // Python refuses these; here they stay as they are written.
        assert_eq!(value(text, "a", "lost").as_deref(), Some("%(nobody)s 5%"));
        assert_eq!(value(text, "a", "loop").as_deref(), Some("%(loop)s"));
        assert_eq!(Ini::parse(text).sections().collect::<Vec<_>>(), ["a", "c"]);
    }
}
