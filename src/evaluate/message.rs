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
    let filler = Filler {
        rule,
        decision,
        ruleset,
        language,
    };
    let sentence = filler.whole(in_language(text, language));
    sentence.trim_start().to_string()
}

/// What the names between braces stand for.
struct Filler<'a> {
    rule: &'a Rule,
    decision: &'a Decision,
    ruleset: &'a Ruleset,
    language: &'a str,
}

impl Filler<'_> {
    /// The sentence with its values. A part between square brackets is left out where one of its values is
    /// missing.
    fn whole(&self, template: &str) -> String {
        let mut out = String::with_capacity(template.len() + 80);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('[') {
            let Some((part, after)) = after.split_once(']') else {
                break;
            };
            out.push_str(&self.filled(before).0);
            let (part, complete) = self.filled(part);
            if complete {
                out.push_str(&part);
            }
            rest = after;
        }
        out.push_str(&self.filled(rest).0);
        out
    }

    /// A piece with its values, and whether none was missing.
    fn filled(&self, template: &str) -> (String, bool) {
        let mut out = String::with_capacity(template.len() + 80);
        let mut complete = true;
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                break;
            };
            let value = match name {
                "missing" => self.titles(Outcome::Failed),
                "unclear" => self.titles(Outcome::CantTell),
                "found" => self.titles(Outcome::Passed),
                name => value(name, self.decision, self.ruleset, self.language),
            };
            complete &= value.is_some();
            out.push_str(value.as_deref().unwrap_or("–"));
            rest = after;
        }
        out.push_str(rest);
        (out, complete)
    }

    /// The titles of the items with an outcome, where there are any.
    fn titles(&self, outcome: Outcome) -> Option<String> {
        let Some(Measure::Items(items)) = self.decision.observed.values.get("items") else {
            return None;
        };
        let titles: Vec<&str> = items
            .iter()
            .filter(|judged| judged.outcome == outcome)
            .filter_map(|judged| self.rule.items.iter().find(|item| item.id == judged.item))
            .map(|item| in_language(&item.title, self.language))
            .collect();
        (!titles.is_empty()).then(|| titles.join(", "))
    }
}

fn value(name: &str, decision: &Decision, ruleset: &Ruleset, language: &str) -> Option<String> {
    if name == "because" {
        let code = decision.because.unwrap_or_default();
        let sentence = ruleset.words.because(code, language);
        return Some(sentence.replace("{language}", &language_of(decision)));
    }
    let value = match decision.observed.values.get(name) {
        None | Some(Measure::Items(_)) => return None,
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
    };
    (!value.is_empty()).then_some(value)
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
