//! Calls one after the other, laid out as rustfmt does: on one line where they are short.

/// How wide a line may be, with what stands around it left out.
pub(super) const WIDTH: usize = 84;

/// A builder: how it begins, and what is called on it.
pub(super) struct Chain {
    head: String,
    calls: Vec<String>,
    /// Whether each call has a line of its own in any case.
    tall: bool,
}

impl Chain {
    pub(super) const fn new(head: String) -> Self {
        Self { head, calls: Vec::new(), tall: false }
    }

    /// One in which each call has a line of its own.
    pub(super) const fn tall(head: String) -> Self {
        Self { head, calls: Vec::new(), tall: true }
    }

    /// Calls a method with these arguments.
    pub(super) fn call(&mut self, method: &str, arguments: &str) {
        self.calls.push(match arguments.contains('\n') {
            true => format!(".{method}(\n{},\n)", indented(arguments)),
            false => format!(".{method}({arguments})"),
        });
    }

    /// Calls a method without arguments where that is so.
    pub(super) fn flag(&mut self, is: bool, method: &str) {
        if is {
            self.calls.push(format!(".{method}()"));
        }
    }

    pub(super) fn text(&self) -> String {
        let inline = format!("{}{}", self.head, self.calls.concat());
        let is_short = inline.len() <= WIDTH && !inline.contains('\n');
        if self.calls.is_empty() || (is_short && !(self.tall && self.calls.len() > 1)) {
            return inline;
        }
        format!("{}\n{}", self.head, indented(&self.calls.join("\n")))
    }
}

/// The same, one step further in. No literal has a line end in it.
pub(super) fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
