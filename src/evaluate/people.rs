//! What people said about findings: a failure that was accepted, an answer to what the scanner cannot
//! tell. Both stay in the report with their author, and both end on a day.
//!
//! It must not know where they are written down, nor what today is.

use crate::finding::{Finding, Outcome, PersonsWord};
use crate::target::page_key;

/// A person's word, as the configuration gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub rule: String,
    /// A page's address; with `*` at its end, every address that starts so.
    pub url: String,
    /// Only findings about a control whose label holds these words; any where empty.
    pub label: String,
    /// `None` accepts a failure; otherwise the outcome that the person gives to a `cant_tell`.
    pub answer: Option<Outcome>,
    pub reason: String,
    pub by: String,
    /// The last day on which it counts, `YYYY-MM-DD`.
    pub until: String,
}

impl Decided {
    fn concerns(&self, finding: &Finding, urls: &[&str], label: &str) -> bool {
        let here = |url: &&str| match self.url.strip_suffix('*') {
            Some(start) => url.starts_with(start),
            None => page_key(url) == page_key(&self.url),
        };
        self.rule == finding.rule
            && (self.label.is_empty() || label.contains(&self.label))
            && urls.iter().any(here)
    }

    fn word(&self, day: &str) -> PersonsWord {
        PersonsWord {
            answer: self.answer,
            reason: self.reason.clone(),
            by: self.by.clone(),
            until: self.until.clone(),
            expired: self.until.as_str() < day,
        }
    }
}

/// Puts people's words to the findings they concern. `urls` and `label` tell a finding's page and the
/// label of its control; `day` is the day of the capture. Gives those words that concern no finding.
pub fn put<'a, 'd>(
    findings: &mut [Finding],
    decided: &'d [Decided],
    day: &str,
    urls: impl Fn(&Finding) -> Vec<&'a str>,
    label: impl Fn(&Finding) -> &'a str,
) -> Vec<&'d Decided> {
    let mut used = vec![false; decided.len()];
    for finding in findings {
        let of_rule = |word: &Decided| word.rule == finding.rule;
        if !decided.iter().any(of_rule) {
            continue;
        }
        let (urls, label) = (urls(finding), label(finding));
        let fits = |word: &Decided| match (finding.outcome, word.answer) {
            (Outcome::Failed, None) | (Outcome::CantTell, Some(_)) => {
                word.concerns(finding, &urls, label)
            }
            _ => false,
        };
        for (used, word) in used.iter_mut().zip(decided) {
            *used |= fits(word);
        }
        // The one that counts longest, where several concern the same finding.
        let latest = decided
            .iter()
            .filter(|word| fits(word))
            .max_by(|a, b| a.until.cmp(&b.until));
        let Some(word) = latest.map(|latest| latest.word(day)) else {
            continue;
        };
        if let Some(answer) = word.answer.filter(|_| !word.expired) {
            finding.outcome = answer;
        }
        finding.word = Some(word);
    }
    let all = decided.iter().zip(used);
    all.filter(|(_, used)| !used)
        .map(|(word, _)| word)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(until: &str) -> Decided {
        Decided {
            rule: "consent-opt-in".to_string(),
            url: "https://www.devis-clair.example/*".to_string(),
            label: String::new(),
            answer: None,
            reason: "customers only".to_string(),
            by: "A. Martin".to_string(),
            until: until.to_string(),
        }
    }

    fn finding(rule: &str, outcome: Outcome) -> Finding {
        Finding {
            rule: rule.to_string(),
            outcome,
            page: "p1".to_string(),
            ..Finding::default()
        }
    }

    fn judged(outcome: Outcome, decided: &[Decided]) -> Finding {
        let mut findings = [finding("consent-opt-in", outcome)];
        let urls = |_: &Finding| vec!["https://www.devis-clair.example/form"];
        put(&mut findings, decided, "2026-11-24", urls, |_| "");
        let [finding] = findings;
        finding
    }

    #[test]
    fn an_acceptance_ends() {
        let counts = judged(Outcome::Failed, &[accepted("2026-11-24")]);
        assert!(counts.word.is_some_and(|word| !word.expired));
        let ended = judged(Outcome::Failed, &[accepted("2026-11-23")]);
        assert_eq!(ended.outcome, Outcome::Failed);
        assert!(ended.word.is_some_and(|word| word.expired));
    }

    #[test]
    fn a_word_that_concerns_nothing_is_given_back() {
        let words = [accepted("2027-01-01")];
        let urls = |_: &Finding| vec!["https://www.devis-clair.example/form"];
        let mut passed = [finding("consent-opt-in", Outcome::Passed)];
        assert_eq!(
            put(&mut passed, &words, "2026-11-24", urls, |_| "").len(),
            1
        );
        let mut failed = [finding("consent-opt-in", Outcome::Failed)];
        assert_eq!(
            put(&mut failed, &words, "2026-11-24", urls, |_| ""),
            [] as [&Decided; 0]
        );
    }

    #[test]
    fn an_answer_is_for_what_cannot_be_told() {
        let answer = Decided {
            answer: Some(Outcome::Passed),
            ..accepted("2027-01-01")
        };
        let open = judged(Outcome::CantTell, std::slice::from_ref(&answer));
        assert_eq!(open.outcome, Outcome::Passed);
        let failed = judged(Outcome::Failed, &[answer]);
        assert_eq!((failed.outcome, failed.word), (Outcome::Failed, None));
    }
}
