//! Fills a rule's message with what its checks saw.

use crate::finding::{Measure, Outcome};
use crate::ruleset::{Rule, Ruleset, in_language};

use super::logic::{self, Decision};

/// Longer quotes are cut in messages; the observation keeps the whole.
const LONGEST_QUOTE: usize = 240;

/// The sentence for a decision, in a language.
pub fn message(
    rule: &Rule,
    decision: &Decision,
    ruleset: &Ruleset,
    language: &str,
    day: &str,
) -> String {
    let graded = logic::grade(&rule.grades, decision, day).and_then(|grade| grade.message.as_ref());
    let text = match decision.outcome {
        Outcome::Inapplicable => return String::new(),
        Outcome::Passed => &rule.message.passed,
        Outcome::Failed => graded.unwrap_or(&rule.message.failed),
        Outcome::CantTell => &rule.message.cant_tell,
    };
    let template = in_language(text, language);
    let mut out = String::with_capacity(template.len() + 80);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        out.push_str(&match name {
            "missing" => titles(rule, decision, Outcome::Failed, language),
            "unclear" => titles(rule, decision, Outcome::CantTell, language),
            "found" => titles(rule, decision, Outcome::Passed, language),
            name => value(name, decision, ruleset, language),
        });
        rest = after;
    }
    out.push_str(rest);
    out
}

fn value(name: &str, decision: &Decision, ruleset: &Ruleset, language: &str) -> String {
    if name == "because" {
        let code = decision.because.unwrap_or_default();
        let sentence = ruleset.words.because(code, language);
        return sentence.replace("{language}", &language_of(decision));
    }
    match decision.observed.values.get(name) {
        None | Some(Measure::Items(_)) => "–".to_string(),
        Some(Measure::Word(word)) => ruleset.words.word(word, language).to_string(),
        Some(Measure::Text(text)) => shortened(text),
        Some(Measure::Number(number)) => match language {
            "fr" => number.to_string().replace('.', ","),
            _ => number.to_string(),
        },
        Some(Measure::Bool(yes)) => {
            let word = if *yes { "yes" } else { "no" };
            ruleset.words.word(word, language).to_string()
        }
        Some(Measure::List(list)) => list
            .iter()
            .map(|word| ruleset.words.word(word, language))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// The titles of the items with an outcome.
fn titles(rule: &Rule, decision: &Decision, outcome: Outcome, language: &str) -> String {
    let Some(Measure::Items(items)) = decision.observed.values.get("items") else {
        return "–".to_string();
    };
    let titles: Vec<&str> = items
        .iter()
        .filter(|judged| judged.outcome == outcome)
        .filter_map(|judged| rule.items.iter().find(|item| item.id == judged.item))
        .map(|item| in_language(&item.title, language))
        .collect();
    titles.join(", ")
}

fn language_of(decision: &Decision) -> String {
    match decision.observed.values.get("language") {
        Some(Measure::Text(language)) if !language.is_empty() => language.clone(),
        _ => "?".to_string(),
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST_QUOTE {
        return text.to_string();
    }
    let cut: String = text.chars().take(LONGEST_QUOTE).collect();
    format!("{}…", cut.trim_end())
}
