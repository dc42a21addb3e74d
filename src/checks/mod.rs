//! Typed questions about one form or one control. Rules name them; one file each.
//!
//! A check answers Yes, No or Unknown with what it saw. It knows no law, no severity and no
//! jurisdiction, and it reads no file.
#![deny(clippy::disallowed_methods)]

mod consent_by_submission;
mod control_polarity;
mod control_required;
mod control_role;
mod controller_named;
mod documents_merged;
mod legal_entity_named;
mod marketing_announced;
mod opt_out_wording;
mod partners_announced;
mod privacy_notice_linked;
mod purpose_stated;
mod recipients_identified;
mod selected_before_act;
mod sent_securely;
mod separate_act;
mod subject;

use std::collections::BTreeMap;

use crate::finding::{Measure, Observation, Reason};

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
pub trait Check: Sync {
    /// The name rules use; the file's name with hyphens.
    fn id(&self) -> &'static str;
    /// What it can be asked about.
    fn subjects(&self) -> &'static [SubjectKind];
    /// The values it may give, which messages and grades may name.
    fn values(&self) -> &'static [&'static str];
    /// Takes the parameters a rule gives it.
    ///
    /// # Errors
    /// A sentence naming the parameter that is wrong.
    fn build(&self, parameters: &toml::Table) -> Result<Box<dyn Ask>, String>;
}

/// A check whose parameters were accepted.
pub trait Ask: Send + Sync {
    fn ask(&self, subject: &Subject) -> Answer;
}

/// Every check.
pub static CHECKS: &[&dyn Check] = &[
    &consent_by_submission::ConsentBySubmission,
    &control_polarity::ControlPolarity,
    &control_required::ControlRequired,
    &control_role::ControlRole,
    &controller_named::ControllerNamed,
    &documents_merged::DocumentsMerged,
    &legal_entity_named::LegalEntityNamed,
    &marketing_announced::MarketingAnnounced,
    &opt_out_wording::OptOutWording,
    &partners_announced::PartnersAnnounced,
    &privacy_notice_linked::PrivacyNoticeLinked,
    &purpose_stated::PurposeStated,
    &recipients_identified::RecipientsIdentified,
    &selected_before_act::SelectedBeforeAct,
    &separate_act::SeparateAct,
    &sent_securely::SentSecurely,
];

/// The check of that name.
pub fn find(id: &str) -> Option<&'static dyn Check> {
    CHECKS.iter().copied().find(|check| check.id() == id)
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

/// For checks that take no parameters.
fn no_parameters(parameters: &toml::Table) -> Result<(), String> {
    match parameters.keys().next() {
        Some(key) => Err(format!("there is no parameter `{key}`")),
        None => Ok(()),
    }
}

/// The words of a parameter that is a list of names, each one of `known`.
fn names(parameters: &toml::Table, key: &str, known: &[&str]) -> Result<Vec<String>, String> {
    if let Some(other) = parameters.keys().find(|other| *other != key) {
        return Err(format!("there is no parameter `{other}`"));
    }
    let list = parameters
        .get(key)
        .and_then(toml::Value::as_array)
        .ok_or_else(|| format!("`{key}` must be a list of names"))?;
    list.iter()
        .map(|value| {
            let name = value.as_str().unwrap_or_default();
            if known.contains(&name) {
                Ok(name.to_string())
            } else {
                Err(format!("`{name}` is none of {}", known.join(", ")))
            }
        })
        .collect()
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
            .filter(|name| !matches!(name.as_str(), "mod" | "subject"))
            .map(|name| name.replace('_', "-"))
            .collect();
        files.sort();
        let mut ids: Vec<&str> = CHECKS.iter().map(|check| check.id()).collect();
        ids.sort_unstable();
        assert_eq!(files, ids);
    }
}
