pub(crate) fn stages(d: &crate::difference::Difference) -> Result<Vec<crate::difference::Stage>, crate::diagnostic::Diagnostic> { d.single_stage().map(|s| vec![s]) }
