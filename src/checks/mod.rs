//! Typed questions about one form or one control. Rules name them; one file each.
//!
//! A check answers Yes, No or Unknown with what it saw. It knows no law, no severity and no
//! jurisdiction, and it reads no file.
#![deny(clippy::disallowed_methods)]

mod acceptance_repeated;
mod asked_again;
mod asks_for;
mod authority_fits;
mod buyer_named;
mod buyers_given;
mod call_consent_act;
mod callers_named;
mod calls_announced;
mod calls_intended;
mod channels_named;
mod choice_by_button;
mod choice_concealed;
mod choice_labels;
mod choice_pair;
mod closing_date_passed;
mod company_named;
mod consent_by_submission;
mod consent_left_free;
mod consent_sent_unasked;
mod consent_sought;
mod consent_text_contrast;
mod consent_text_long;
mod consent_text_place;
mod consent_text_size;
mod contact_given;
mod control_polarity;
mod control_required;
mod control_role;
mod controller_contact;
mod controller_named;
mod controllers_agree;
mod document_linked;
mod documents_merged;
mod dpo_contact;
mod entries_linked;
mod faces_differ;
mod faces_seen;
mod field_asked;
mod fields_beyond_promise;
mod form_promises;
mod group_named;
mod hidden_consent;
mod legal_entity_named;
mod links_distinct;
mod links_in_text;
mod looks;
mod marketing_announced;
mod memo;
mod mentions;
mod not_captured;
mod notice_read;
mod numbers_hold;
mod opt_out_wording;
mod other_person_asked;
mod own_and_partners_together;
mod parameters;
mod particulars;
mod partners_announced;
mod privacy_notice_linked;
mod product_questions_asked;
mod product_requested;
mod purpose_specific;
mod purpose_stated;
mod questions_off_topic;
mod recipient_list_dated;
mod recipient_list_linked;
mod recipient_list_reachable;
mod recipient_lists_consistent;
mod recipient_lists_linked;
mod recipients_bounded;
mod recipients_described;
mod recipients_identified;
mod recipients_named;
mod refusal_as_easy;
mod refusal_button;
mod refusal_fill;
mod refusal_in_text;
mod refusal_leads_on;
mod refusal_size;
mod refusal_type;
mod required_fields_marked;
mod retention_concrete;
mod sanctions_listed;
mod says;
mod sectors_coherent;
mod selected_before_act;
mod sensitive_asked;
mod sensitive_consented;
mod sent_before_choice;
mod sent_securely;
mod separate_act;
mod site;
mod subject;
mod target_announces;
mod topic_is;
mod trackers_before_choice;
mod transfer_announced;
mod whose;
mod withdrawal_easy;

use crate::finding::{Measure, Measures, Observation, Reason};

pub use parameters::Parameters;
pub use site::{FormLinks, LinkedPage, PageView, Site};
pub use subject::{Part, Subject, SubjectKind};

/// Fewer words than this are a caption and state nothing.
const STATEMENT_WORDS: usize = 5;

/// What a check saw.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observed {
    pub observations: Vec<Observation>,
    pub values: Measures,
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
    &acceptance_repeated::CHECK,
    &asked_again::CHECK,
    &asks_for::CHECK,
    &authority_fits::CHECK,
    &buyer_named::CHECK,
    &buyers_given::CHECK,
    &call_consent_act::CHECK,
    &callers_named::CHECK,
    &calls_announced::CHECK,
    &calls_intended::CHECK,
    &channels_named::CHECK,
    &choice_by_button::CHECK,
    &choice_concealed::CHECK,
    &choice_labels::CHECK,
    &choice_pair::CHECK,
    &closing_date_passed::CHECK,
    &company_named::CHECK,
    &consent_by_submission::CHECK,
    &consent_left_free::CHECK,
    &consent_sent_unasked::CHECK,
    &consent_sought::CHECK,
    &consent_text_contrast::CHECK,
    &consent_text_long::CHECK,
    &consent_text_place::CHECK,
    &consent_text_size::CHECK,
    &contact_given::CHECK,
    &control_polarity::CHECK,
    &control_required::CHECK,
    &control_role::CHECK,
    &controller_contact::CHECK,
    &controller_named::CHECK,
    &controllers_agree::CHECK,
    &document_linked::CHECK,
    &documents_merged::CHECK,
    &dpo_contact::CHECK,
    &faces_differ::CHECK,
    &faces_seen::CHECK,
    &entries_linked::CHECK,
    &field_asked::CHECK,
    &fields_beyond_promise::CHECK,
    &form_promises::CHECK,
    &group_named::CHECK,
    &hidden_consent::CHECK,
    &legal_entity_named::CHECK,
    &links_distinct::CHECK,
    &links_in_text::CHECK,
    &marketing_announced::CHECK,
    &not_captured::CHECK,
    &notice_read::CHECK,
    &numbers_hold::CHECK,
    &opt_out_wording::CHECK,
    &other_person_asked::CHECK,
    &own_and_partners_together::CHECK,
    &particulars::CHECK,
    &partners_announced::CHECK,
    &privacy_notice_linked::CHECK,
    &product_questions_asked::CHECK,
    &product_requested::CHECK,
    &purpose_specific::CHECK,
    &purpose_stated::CHECK,
    &questions_off_topic::CHECK,
    &recipient_list_dated::CHECK,
    &recipient_list_linked::CHECK,
    &recipient_list_reachable::CHECK,
    &recipient_lists_consistent::CHECK,
    &recipient_lists_linked::CHECK,
    &recipients_bounded::CHECK,
    &recipients_described::CHECK,
    &recipients_identified::CHECK,
    &recipients_named::CHECK,
    &refusal_as_easy::CHECK,
    &refusal_button::CHECK,
    &refusal_fill::CHECK,
    &refusal_in_text::CHECK,
    &refusal_leads_on::CHECK,
    &refusal_size::CHECK,
    &refusal_type::CHECK,
    &required_fields_marked::CHECK,
    &retention_concrete::CHECK,
    &sanctions_listed::CHECK,
    &says::CHECK,
    &sectors_coherent::CHECK,
    &selected_before_act::CHECK,
    &sensitive_asked::CHECK,
    &sensitive_consented::CHECK,
    &sent_before_choice::CHECK,
    &sent_securely::CHECK,
    &separate_act::CHECK,
    &target_announces::CHECK,
    &topic_is::CHECK,
    &trackers_before_choice::CHECK,
    &transfer_announced::CHECK,
    &withdrawal_easy::CHECK,
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

    /// The same answer, with the page's words that it is about.
    pub fn quoting(self, words: &str) -> Answer {
        let quote = crate::finding::Measure::Text(words.to_string());
        match self {
            Answer::Yes(observed) => Answer::Yes(observed.with("quote", quote)),
            Answer::No(observed) => Answer::No(observed.with("quote", quote)),
            unknown @ Answer::Unknown { .. } => unknown,
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
            .filter(|name| {
                !matches!(
                    name.as_str(),
                    "mod"
                        | "subject"
                        | "site"
                        | "memo"
                        | "parameters"
                        | "mentions"
                        | "whose"
                        | "looks"
                )
            })
            .map(|name| name.replace('_', "-"))
            .collect();
        files.sort();
        let mut ids: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
        ids.sort_unstable();
        assert_eq!(files, ids);
    }
}
