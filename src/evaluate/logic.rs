//! Three-valued logic, fixed once for all rules.
//!
//! `when` is all-of: a No makes the outcome inapplicable, else an Unknown makes it cant_tell. `all`: a
//! No fails, else an Unknown is cant_tell. `any`: a Yes passes, else an Unknown is cant_tell, else it
//! fails. `none`: a Yes fails, else an Unknown is cant_tell. The worst list wins.

use crate::checks::{Answer, Observed, Subject};
use crate::finding::{Measure, Outcome, Reason};
use crate::ruleset::{Condition, GradeFile, Rule};

/// What a rule decided about a subject.
#[derive(Debug, Clone)]
pub struct Decision {
    pub outcome: Outcome,
    pub reason: Option<Reason>,
    /// The explanation's name in `rules/words.toml`.
    pub because: Option<&'static str>,
    pub observed: Observed,
}

impl Decision {
    fn of(outcome: Outcome, observed: Observed) -> Self {
        Decision {
            outcome,
            reason: None,
            because: None,
            observed,
        }
    }
}

pub fn decide(rule: &Rule, subject: &Subject) -> Decision {
    if let Some(stopped) = applicability(&rule.when, subject) {
        return stopped;
    }
    let mut lists = Vec::new();
    lists.extend(rule.all.iter().map(|condition| {
        from_answer(condition.ask.ask(subject), Outcome::Passed, Outcome::Failed)
    }));
    lists.extend(rule.none.iter().map(|condition| {
        from_answer(condition.ask.ask(subject), Outcome::Failed, Outcome::Passed)
    }));
    lists.extend(best_of(&rule.any, subject));
    let worst = lists
        .iter()
        .map(|decision| decision.outcome)
        .max()
        .unwrap_or(Outcome::Passed);
    // Everything that speaks for the outcome is shown; what speaks for another is not.
    let mut result = Decision::of(worst, Observed::default());
    for decision in lists.into_iter().filter(|d| d.outcome == worst) {
        result.reason = result.reason.or(decision.reason);
        result.because = result.because.or(decision.because);
        result
            .observed
            .observations
            .extend(decision.observed.observations);
        result.observed.values.extend(decision.observed.values);
    }
    result
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

fn best_of(any: &[Condition], subject: &Subject) -> Option<Decision> {
    any.iter()
        .map(|condition| from_answer(condition.ask.ask(subject), Outcome::Passed, Outcome::Failed))
        .min_by_key(|decision| decision.outcome)
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
            outcome: Outcome::CantTell,
            reason: Some(reason),
            because: Some(because),
            observed,
        },
    }
}

/// The first grade whose value the checks gave. Grades change failures only.
pub fn grade<'a>(grades: &'a [GradeFile], decision: &Decision) -> Option<&'a GradeFile> {
    if decision.outcome != Outcome::Failed {
        return None;
    }
    grades.iter().find(|grade| {
        decision
            .observed
            .values
            .get(grade.value.as_str())
            .is_some_and(|given| equals(given, &grade.is))
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
