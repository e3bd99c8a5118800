//! Views of views in a dump. The programs write views by name, and have put something in the place of each before, which
//! nobody can write to. A view that reads a later one is made on that: where it is checked (`CHECK OPTION`) the server
//! refuses it (error 1368), and MariaDB lets nobody write through it, also when the later one is there. So what reads a
//! later view, or is checked, is made once more at the end, behind what it reads.

use super::text::quoted_end;

/// How the definition of a view begins, how the line does with its name, and the last where it is checked, as both
/// programs write them.
const CREATE: &[u8] = b"/*!50001 CREATE ALGORITHM=";
const VIEW: &[u8] = b"/*!50001 VIEW `";
const OPTION: &[u8] = b"/*!50002 WITH ";
/// How a line begins that sets what a view is made with.
const SETTING: &[u8] = b"/*!50001 SET ";
/// How a statement ends that only some servers run.
const END: &[u8] = b"*/;";

/// Reads a dump, a line after the other, and knows what of its views is to be made once more.
///
/// ```
/// use underpin_core::dump::Views;
///
/// let mut views = Views::default();
/// let dump = ["/*!50001 CREATE ALGORITHM=UNDEFINED */\n", "/*!50001 VIEW `a` AS select 1 from `b` */\n"];
/// assert!(dump.iter().all(|line| views.line(line.as_bytes()) == line.as_bytes()));
/// assert_eq!(views.line(b"/*!50002 WITH CASCADED CHECK OPTION */;\n"), b";\n");
/// let end = String::from_utf8(views.end()).unwrap();
/// assert!(end.contains("CREATE OR REPLACE ALGORITHM") && end.ends_with("CASCADED CHECK OPTION */;\n"));
/// ```
#[derive(Debug, Default)]
pub struct Views {
    /// The settings right before.
    settings: Vec<u8>,
    /// The definition that has begun.
    begun: Vec<u8>,
    /// Its name, between backticks.
    name: Vec<u8>,
    made: Vec<View>,
}

/// A view that the dump makes.
#[derive(Debug)]
struct View {
    name: Vec<u8>,
    /// The settings that it is made with, and its definition.
    settings: Vec<u8>,
    definition: Vec<u8>,
    is_checked: bool,
}

impl Views {
    /// The next line as it may be run where it stands.
    pub fn line<'a>(&mut self, line: &'a [u8]) -> &'a [u8] {
        if line.starts_with(CREATE) {
            self.begun = line.to_vec();
            return line;
        }
        if self.begun.is_empty() {
            self.note_setting(line);
            return line;
        }
        self.begun.extend_from_slice(line);
        if line.starts_with(VIEW) {
            self.name = name(line).to_vec();
        }
        if !line.trim_ascii_end().ends_with(END) {
            return line;
        }
        let is_checked = line.starts_with(OPTION);
        self.made.push(View {
            name: std::mem::take(&mut self.name),
            settings: std::mem::take(&mut self.settings),
            definition: std::mem::take(&mut self.begun),
            is_checked,
        });
        if is_checked { b";\n" } else { line }
    }

    /// What is to be run behind the last line; nothing where no view is to be made once more.
    pub fn end(self) -> Vec<u8> {
        let mut order = Order { views: &self.made, seen: vec![None; self.made.len()], again: Vec::new() };
        for at in 0..self.made.len() {
            order.visit(at);
        }
        let mut text = Vec::new();
        for at in order.again {
            let view = &self.made[at];
            if text.is_empty() {
                // The last lines of a dump give the session its own mode back, which may read texts otherwise.
                text.extend_from_slice(b"SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';\n");
            }
            text.extend_from_slice(&view.settings);
            text.extend_from_slice(b"/*!50001 CREATE OR REPLACE ALGORITHM=");
            text.extend_from_slice(&view.definition[CREATE.len()..]);
        }
        text
    }

    /// A dump that is at hand as a whole, with what is made once more at its end.
    pub fn of_dump(dump: &[u8]) -> Vec<u8> {
        let mut views = Self::default();
        let mut text = Vec::with_capacity(dump.len());
        for line in dump.split_inclusive(|byte| *byte == b'\n') {
            text.extend_from_slice(views.line(line));
        }
        text.extend(views.end());
        text
    }

    fn note_setting(&mut self, line: &[u8]) {
        if line.starts_with(SETTING) {
            self.settings.extend_from_slice(line);
        } else {
            self.settings.clear();
        }
    }
}

impl View {
    /// Whether it may read another: its definition has that name somewhere.
    fn reads(&self, other: &Self) -> bool {
        !other.name.is_empty()
            && self.name != other.name
            && self.definition.windows(other.name.len()).any(|part| part == other.name)
    }
}

/// The views that are made once more, each behind those that it reads.
struct Order<'a> {
    views: &'a [View],
    /// Whether a view is made once more, as far as that is known.
    seen: Vec<Option<bool>>,
    again: Vec<usize>,
}

impl Order<'_> {
    fn visit(&mut self, at: usize) -> bool {
        if let Some(again) = self.seen[at] {
            return again;
        }
        // A column may be called like a view, so that two can seem to read each other.
        self.seen[at] = Some(false);
        let mut again = self.views[at].is_checked;
        for other in 0..self.views.len() {
            if self.views[at].reads(&self.views[other]) {
                again |= self.visit(other) || other > at;
            }
        }
        self.seen[at] = Some(again);
        if again {
            self.again.push(at);
        }
        again
    }
}

/// The name of a view, between backticks, in the line that has it.
fn name(line: &[u8]) -> &[u8] {
    let quoted = &line[VIEW.len() - 1..];
    let end = std::str::from_utf8(quoted).ok().and_then(quoted_end);
    &quoted[..end.unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(name: &str, of: &str, option: &str) -> String {
        let option =
            if option.is_empty() { "*/;\n".to_owned() } else { format!("*/\n/*!50002 {option} */;\n") };
        format!(
            "/*!50001 CREATE ALGORITHM=MERGE */\n/*!50001 VIEW `{name}` AS select 'a\nb' from `{of}` {option}"
        )
    }

    fn again(dump: &str) -> String {
        let text = String::from_utf8(Views::of_dump(dump.as_bytes())).unwrap();
        text.split_once("SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';\n")
            .map(|(_, end)| end.to_owned())
            .unwrap_or_default()
    }

    #[test]
    fn what_is_checked_is_made_once_more_and_as_it_was_set_up() {
        let settings = "/*!50001 SET collation_connection = latin1_bin */;\n";
        let (plain, checked) = (view("b", "t", ""), view("c", "b", "WITH LOCAL CHECK OPTION"));
        let dump = format!("{plain}DROP VIEW `c`;\n{settings}{checked}-- Dump completed\n");
        let unchecked = checked.replace("/*!50002 WITH LOCAL CHECK OPTION */;", ";");
        let expected = format!(
            "{plain}DROP VIEW `c`;\n{settings}{unchecked}-- Dump completed\n\
             SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';\n{settings}{}",
            checked.replace("CREATE", "CREATE OR REPLACE")
        );
        assert_eq!(String::from_utf8(Views::of_dump(dump.as_bytes())).unwrap(), expected);
        assert_eq!(Views::of_dump(plain.as_bytes()), plain.as_bytes());
    }

    #[test]
    fn what_reads_a_later_view_comes_once_more_behind_it() {
        let names = |dump: &str| -> Vec<String> {
            let text = again(dump);
            text.split("VIEW `")
                .skip(1)
                .filter_map(|rest| rest.split('`').next().map(str::to_owned))
                .collect()
        };
        let chain = [
            view("a", "m", "WITH CASCADED CHECK OPTION"),
            view("m", "z", ""),
            view("x", "t", ""),
            view("z", "x", ""),
        ];
        assert_eq!(names(&chain.concat()), ["m", "a"]);
        // Each seems to read the other; one of the two can't.
        assert_eq!(names(&[view("a", "b", ""), view("b", "a", "")].concat()), ["a"]);
        assert!(names(&[view("a", "t", ""), view("b", "a", "")].concat()).is_empty());
    }
}
