//! Three-valued logic, fixed once for all rules.
//!
//! `when` is all-of: a No makes the outcome inapplicable, else an Unknown makes it cant_tell. `all`: a
//! No fails, else an Unknown is cant_tell. `any`: a Yes passes, else an Unknown is cant_tell, else it
//! fails. `none`: a Yes fails, else an Unknown is cant_tell. The worst list wins.

use std::collections::BTreeMap;

use crate::checks::{Answer, Observed, Subject};
use crate::finding::{ItemOutcome, Measure, Outcome, Reason, Severity};
use crate::ruleset::{Condition, GradeFile, Item, Rule, within};

/// What a rule decided about a subject.
#[derive(Debug, Clone)]
pub struct Decision {
    pub outcome: Outcome,
    pub reason: Option<Reason>,
    /// The explanation's name in `rules/words.toml`.
    pub because: Option<&'static str>,
    pub observed: Observed,
    /// The severity of the worst missing item.
    pub severity: Option<Severity>,
}

impl Decision {
    fn of(outcome: Outcome, observed: Observed) -> Self {
        Decision {
            outcome,
            reason: None,
            because: None,
            observed,
            severity: None,
        }
    }

    /// The same, where it turns out not to matter.
    pub fn inapplicable(self) -> Self {
        Decision::of(Outcome::Inapplicable, self.observed)
    }
}

pub fn decide(rule: &Rule, subject: &Subject) -> Decision {
    if let Some(stopped) = applicability(&rule.when, subject) {
        return stopped;
    }
    let mut lists = answers(&rule.all, &rule.any, &rule.none, subject);
    if !rule.items.is_empty() {
        lists.push(items(rule, subject));
    }
    worst(lists)
}

/// The answers to three flat lists of checks, each as the outcome it stands for.
fn answers(
    all: &[Condition],
    any: &[Condition],
    none: &[Condition],
    subject: &Subject,
) -> Vec<Decision> {
    let ask = |condition: &Condition, yes, no| from_answer(condition.ask.ask(subject), yes, no);
    let all = all.iter().map(|c| ask(c, Outcome::Passed, Outcome::Failed));
    let none = none
        .iter()
        .map(|c| ask(c, Outcome::Failed, Outcome::Passed));
    all.chain(none).chain(best_of(any, subject)).collect()
}

/// The worst outcome. Everything that speaks for it is shown; what speaks for another is not.
fn worst(lists: Vec<Decision>) -> Decision {
    let worst = lists.iter().map(|decision| decision.outcome).max();
    let worst = worst.unwrap_or(Outcome::Passed);
    let mut result = Decision::of(worst, Observed::default());
    for decision in lists.into_iter().filter(|d| d.outcome == worst) {
        result.reason = result.reason.or(decision.reason);
        result.because = result.because.or(decision.because);
        result.severity = result.severity.max(decision.severity);
        result
            .observed
            .observations
            .extend(decision.observed.observations);
        result
            .observed
            .values
            .extend_from_litemap(decision.observed.values);
    }
    result
}

/// Observations that one finding over many items shows.
const MOST_SHOWN: usize = 6;

/// Judges a rule's items one by one. Lesser ones may be missing up to the rule's tolerance.
fn items(rule: &Rule, subject: &Subject) -> Decision {
    let judged: Vec<(&Item, Decision)> = rule
        .items
        .iter()
        .map(|item| {
            let stopped = applicability(&item.when, subject);
            let decided = || worst(answers(&item.all, &item.any, &item.none, subject));
            (item, stopped.unwrap_or_else(decided))
        })
        .collect();
    let severity = |item: &Item| item.severity.unwrap_or(rule.severity);
    let missing = || judged.iter().filter(|(_, d)| d.outcome == Outcome::Failed);
    let grave = missing().any(|(item, _)| severity(item) > Severity::Minor);
    let outcome = if grave || missing().count() > rule.tolerate {
        Outcome::Failed
    } else if judged.iter().any(|(_, d)| d.outcome == Outcome::CantTell) {
        Outcome::CantTell
    } else {
        Outcome::Passed
    };
    let mut result = Decision::of(outcome, Observed::default());
    for (item, decision) in judged.iter().filter(|(_, d)| d.outcome == outcome) {
        result.reason = result.reason.or(decision.reason);
        result.because = result.because.or(decision.because);
        if outcome == Outcome::Failed {
            result.severity = result.severity.max(Some(severity(item)));
        }
        for seen in &decision.observed.observations {
            let shown = &mut result.observed.observations;
            if shown.len() < MOST_SHOWN && !shown.contains(seen) {
                shown.push(seen.clone());
            }
        }
    }
    let rows = judged
        .iter()
        .map(|(item, decision)| item_outcome(item, decision, severity(item)))
        .collect();
    result.observed = result.observed.with("items", Measure::Items(rows));
    result
}

fn item_outcome(item: &Item, decision: &Decision, severity: Severity) -> ItemOutcome {
    let told = matches!(decision.outcome, Outcome::Passed | Outcome::Failed);
    let first = decision.observed.observations.first().filter(|_| told);
    ItemOutcome {
        item: item.id.clone(),
        outcome: decision.outcome,
        severity,
        quote: first
            .and_then(|seen| seen.quote.clone())
            .filter(|_| decision.outcome == Outcome::Passed),
        place: match decision.observed.values.get("where") {
            Some(Measure::Word(place)) => Some(place),
            _ => None,
        },
        because: decision.because,
    }
}

/// A failure with what another opening of the page shows of the same.
pub fn shown_too(mut decision: Decision, other: Decision) -> Decision {
    decision.severity = decision.severity.max(other.severity);
    for seen in other.observed.observations {
        let shown = &mut decision.observed.observations;
        let known = shown.iter().any(|known| {
            (&known.quote, &known.locator, &known.capture)
                == (&seen.quote, &seen.locator, &seen.capture)
        });
        if shown.len() < MOST_SHOWN && !known {
            shown.push(seen);
        }
    }
    decision
}

/// The decision of a rule none of whose law is in force.
pub fn not_in_force() -> Decision {
    let observed = Observed::default().with("because", Measure::Word("not_in_force"));
    Decision::of(Outcome::Inapplicable, observed)
}

fn applicability(when: &[Condition], subject: &Subject) -> Option<Decision> {
    let mut unknown = None;
    for condition in when {
        match condition.ask.ask(subject) {
            Answer::Yes(_) => {}
            Answer::No(_) => {
                return Some(Decision::of(Outcome::Inapplicable, Observed::default()));
            }
            answer @ Answer::Unknown { .. } => {
                unknown.get_or_insert(from_answer(answer, Outcome::Passed, Outcome::Failed));
            }
        }
    }
    unknown
}

/// The best outcome, with everything that speaks for it.
fn best_of(any: &[Condition], subject: &Subject) -> Option<Decision> {
    let decided = any
        .iter()
        .map(|condition| from_answer(condition.ask.ask(subject), Outcome::Passed, Outcome::Failed));
    let decided: Vec<Decision> = decided.collect();
    let best = decided.iter().map(|decision| decision.outcome).min()?;
    let best = decided.into_iter().filter(|d| d.outcome == best);
    Some(worst(best.collect()))
}

fn from_answer(answer: Answer, yes: Outcome, no: Outcome) -> Decision {
    match answer {
        Answer::Yes(observed) => Decision::of(yes, observed),
        Answer::No(observed) => Decision::of(no, observed),
        Answer::Unknown {
            reason,
            because,
            observed,
        } => Decision {
            reason: Some(reason),
            because: Some(because),
            ..Decision::of(Outcome::CantTell, observed)
        },
    }
}

/// The first grade in force whose value the checks gave. Grades change failures only.
pub fn grade<'a>(grades: &'a [GradeFile], decision: &Decision, day: &str) -> Option<&'a GradeFile> {
    if decision.outcome != Outcome::Failed {
        return None;
    }
    grades.iter().find(|grade| {
        let given = decision.observed.values.get(grade.value.as_str());
        within(grade.from.as_deref(), grade.until.as_deref(), day)
            && given.is_some_and(|given| equals(given, &grade.is))
    })
}

/// Whether a provision is about what the checks gave. What is about some values only is not about a failure
/// that gave none.
pub fn concerns(about: &BTreeMap<String, Vec<toml::Value>>, decision: &Decision) -> bool {
    about.iter().all(|(name, wanted)| {
        let given = decision.observed.values.get(name.as_str());
        match given {
            Some(given) => wanted.iter().any(|wanted| equals(given, wanted)),
            None => decision.outcome != Outcome::Failed,
        }
    })
}

fn equals(given: &Measure, wanted: &toml::Value) -> bool {
    match (given, wanted) {
        (Measure::Bool(given), toml::Value::Boolean(wanted)) => given == wanted,
        (Measure::Number(given), toml::Value::Integer(wanted)) => *given == *wanted as f64,
        (Measure::Number(given), toml::Value::Float(wanted)) => given == wanted,
        (Measure::Text(given), toml::Value::String(wanted)) => given == wanted,
        (Measure::Word(given), toml::Value::String(wanted)) => given == wanted,
        _ => false,
    }
}
