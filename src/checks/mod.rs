//! Typed questions about one form or one control. Rules name them; one file each.
//!
//! A check answers Yes, No or Unknown with what it saw. It knows no law, no severity and no
//! jurisdiction, and it reads no file.
#![deny(clippy::disallowed_methods)]

mod asks_for;
mod call_consent_act;
mod callers_named;
mod calls_announced;
mod calls_intended;
mod choice_by_button;
mod choice_labels;
mod choice_pair;
mod consent_by_submission;
mod consent_left_free;
mod consent_sought;
mod consent_text_long;
mod control_polarity;
mod control_required;
mod control_role;
mod controller_named;
mod documents_merged;
mod hidden_consent;
mod legal_entity_named;
mod marketing_announced;
mod not_captured;
mod opt_out_wording;
mod own_and_partners_together;
mod parameters;
mod partners_announced;
mod privacy_notice_linked;
mod purpose_stated;
mod recipients_identified;
mod refusal_button;
mod refusal_in_text;
mod says;
mod selected_before_act;
mod sent_securely;
mod separate_act;
mod subject;
mod topic_is;

use std::collections::BTreeMap;

use crate::finding::{Measure, Observation, Reason};

pub use parameters::Parameters;
pub use subject::{LinkedPage, PageView, Site, Subject, SubjectKind};

/// What a check saw.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observed {
    pub observations: Vec<Observation>,
    pub values: BTreeMap<&'static str, Measure>,
}

/// The answer to a check.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    Yes(Observed),
    No(Observed),
    /// Not to be told; `because` names the explanation in `rules/words.toml`.
    Unknown {
        reason: Reason,
        because: &'static str,
        observed: Observed,
    },
}

/// A question that rules may ask.
pub struct Check {
    /// The name rules use; the file's name with hyphens.
    pub id: &'static str,
    /// What it can be asked about.
    pub subjects: &'static [SubjectKind],
    /// The values it may give, which messages and grades may name.
    pub values: &'static [&'static str],
    /// Takes the parameters a rule gives it; the error is a sentence naming the one that is wrong.
    pub build: fn(&Parameters) -> Built,
}

/// A check whose parameters were accepted, or a sentence saying which one is wrong.
pub type Built = Result<Box<dyn Ask>, String>;

/// Answers a question about a subject.
pub trait Ask: Send + Sync {
    fn ask(&self, subject: &Subject) -> Answer;
}

impl<F: Fn(&Subject) -> Answer + Send + Sync> Ask for F {
    fn ask(&self, subject: &Subject) -> Answer {
        self(subject)
    }
}

/// Every check.
pub static CHECKS: &[&Check] = &[
    &asks_for::CHECK,
    &call_consent_act::CHECK,
    &callers_named::CHECK,
    &calls_announced::CHECK,
    &calls_intended::CHECK,
    &choice_by_button::CHECK,
    &choice_labels::CHECK,
    &choice_pair::CHECK,
    &consent_by_submission::CHECK,
    &consent_left_free::CHECK,
    &consent_sought::CHECK,
    &consent_text_long::CHECK,
    &control_polarity::CHECK,
    &control_required::CHECK,
    &control_role::CHECK,
    &controller_named::CHECK,
    &documents_merged::CHECK,
    &hidden_consent::CHECK,
    &legal_entity_named::CHECK,
    &marketing_announced::CHECK,
    &not_captured::CHECK,
    &opt_out_wording::CHECK,
    &own_and_partners_together::CHECK,
    &partners_announced::CHECK,
    &privacy_notice_linked::CHECK,
    &purpose_stated::CHECK,
    &recipients_identified::CHECK,
    &refusal_button::CHECK,
    &refusal_in_text::CHECK,
    &says::CHECK,
    &selected_before_act::CHECK,
    &sent_securely::CHECK,
    &separate_act::CHECK,
    &topic_is::CHECK,
];

/// The check of that name.
pub fn find(id: &str) -> Option<&'static Check> {
    CHECKS.iter().copied().find(|check| check.id == id)
}

impl Answer {
    pub fn unknown(reason: Reason, because: &'static str, observed: Observed) -> Answer {
        Answer::Unknown {
            reason,
            because,
            observed,
        }
    }

    /// The answer where something is not there: No, or Unknown where not all of the page was read.
    pub fn absent(subject: &Subject, observed: Observed) -> Answer {
        if subject.page.complete {
            Answer::No(observed)
        } else {
            Answer::unknown(Reason::NotSeen, "page_incomplete", observed)
        }
    }

    /// The answer for a form whose language has no lexicon.
    pub fn no_lexicon(subject: &Subject) -> Answer {
        let language = subject.form.language.clone().unwrap_or_default();
        Answer::unknown(
            Reason::NeedsPerson,
            "no_lexicon",
            Observed::default().with("language", Measure::Text(language)),
        )
    }
}

impl Observed {
    pub fn with(mut self, name: &'static str, value: Measure) -> Self {
        self.values.insert(name, value);
        self
    }

    pub fn seeing(mut self, observation: Observation) -> Self {
        self.observations.push(observation);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::CHECKS;

    #[test]
    fn the_list_is_the_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/checks");
        #[expect(clippy::disallowed_methods, reason = "a test may look at the folder")]
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("src/checks")
            .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().replace(".rs", "")))
            .filter(|name| !matches!(name.as_str(), "mod" | "subject" | "parameters"))
            .map(|name| name.replace('_', "-"))
            .collect();
        files.sort();
        let mut ids: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
        ids.sort_unstable();
        assert_eq!(files, ids);
    }
}
