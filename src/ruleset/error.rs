//! What is wrong with a rules folder, and where.

use std::ops::Range;

use crate::lexicon::LexiconError;

/// One problem, at one place.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}:{column}: {problem}")]
pub struct RulesError {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub problem: String,
}

impl RulesError {
    /// A problem at a byte range of a file's text.
    pub fn at(file: &str, text: &str, span: Range<usize>, problem: impl Into<String>) -> Self {
        let before = text.get(..span.start).unwrap_or(text);
        RulesError {
            file: file.to_string(),
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1,
            problem: problem.into(),
        }
    }
}

impl From<LexiconError> for RulesError {
    fn from(error: LexiconError) -> Self {
        RulesError {
            file: error.file,
            line: error.line,
            column: error.column,
            problem: error.problem,
        }
    }
}
