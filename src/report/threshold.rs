//! Which findings count against a scan. The exit code and the failures of JUnit both follow it; the
//! verdict does not.

use crate::finding::{Outcome, PersonsWord, Severity};

use super::document::{Finding, Verdict};

/// What `--fail-on` and `--fail-on-cant-tell` ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    /// The least severity that counts; `None` where none does.
    pub least: Option<Severity>,
    /// What could not be told counts as well.
    pub cant_tell: bool,
}

impl Threshold {
    pub fn counts(&self, finding: &Finding) -> bool {
        match finding.outcome {
            Outcome::Failed if finding.word.as_ref().is_some_and(PersonsWord::accepts) => false,
            Outcome::Failed => self.least.is_some_and(|least| finding.severity >= least),
            Outcome::CantTell => self.cant_tell,
            Outcome::Passed | Outcome::Inapplicable => false,
        }
    }

    /// The severity as `--fail-on` is written.
    pub fn least_word(&self) -> &'static str {
        self.least.map_or("never", Severity::as_str)
    }
}

impl Verdict {
    /// Nothing failed there, but nothing could be judged either.
    pub fn is_incomplete(self) -> bool {
        matches!(self, Verdict::NotAssessed | Verdict::NoForm)
    }
}
