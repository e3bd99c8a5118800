//! The form of a new revision's file: how it is called, and what its text is made from. Not what the
//! revision does.

use jiff::Timestamp;
use underpin_core::{
    diagnostic::Diagnostic,
    revision::{Language, RevisionId},
};

use super::file_template::FileTemplate;
#[cfg(feature = "templates")]
use super::template::{Facts, RevisionTemplate, TemplateKind};

/// The form of the files of new revisions; without anything said, the built-in one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileForm {
    name: FileTemplate,
    #[cfg(feature = "templates")]
    templates: Vec<RevisionTemplate>,
    #[cfg(feature = "templates")]
    author: Option<String>,
}

impl FileForm {
    /// The built-in form.
    pub fn new() -> Self {
        Self::default()
    }

    /// How the file is named.
    #[must_use]
    pub fn file_template(mut self, name: FileTemplate) -> Self {
        self.name = name;
        self
    }

    /// What the text of a file of this kind is made from.
    #[cfg(feature = "templates")]
    #[must_use]
    pub fn template(mut self, template: RevisionTemplate) -> Self {
        self.templates.retain(|other| other.kind() != template.kind());
        self.templates.push(template);
        self
    }

    /// Who writes it, for a template that says so.
    #[cfg(feature = "templates")]
    #[must_use]
    pub fn author(mut self, author: impl Into<String>) -> Self {
        self.author = Some(author.into());
        self
    }

    pub(super) fn name(&self, id: &RevisionId, message: &str, now: Timestamp, language: Language) -> String {
        self.name.name(id, message, now, language)
    }

    /// The text of the file: the built-in one, or what the template makes of the same facts. Whether
    /// statements are `open` says that nobody has said yet what they are to be; of a file in Rust, `code` has
    /// the bodies of its functions.
    ///
    /// # Errors
    /// A template that can't be used, or that makes another revision.
    #[cfg(feature = "templates")]
    pub(super) fn text(
        &self,
        file: &str,
        built_in: String,
        open: bool,
        code: Option<&[String; 2]>,
    ) -> Result<String, Diagnostic> {
        let intended = underpin_core::revision::RevisionFile::parse(file, &built_in)?;
        let kind = TemplateKind::of(intended.language);
        let Some(template) = self.templates.iter().find(|template| template.kind() == kind) else {
            return Ok(built_in);
        };
        let text = template.render(&Facts::of(&intended, self.author.as_deref(), code))?;
        template.refuse_another(&intended, &text, open)?;
        Ok(text)
    }

    /// The text of the file, which is always the built-in one without the feature `templates`.
    #[cfg(not(feature = "templates"))]
    pub(super) fn text(
        &self,
        _file: &str,
        built_in: String,
        _open: bool,
        _code: Option<&[String; 2]>,
    ) -> Result<String, Diagnostic> {
        Ok(built_in)
    }
}
