//! What the persons are, whose turn it is, and what they answer.

mod limits;
mod persons;
mod texts;

use time::macros::date;

use super::*;

fn identities() -> Identities {
    Identities::parse(include_str!("../../../rules/identity.toml"))
        .unwrap_or_else(|e| panic!("{e}"))
}

const TODAY: Date = date!(2026 - 10 - 05);

/// What the person of a country answers first.
fn answer(country: &str, prompt: &Prompt) -> Option<Answer> {
    let all = identities();
    all.answer(all.of(country).unwrap(), prompt, TODAY)
}

fn typed(country: &str, prompt: &Prompt) -> String {
    match answer(country, prompt) {
        Some(Answer::Type(text)) => text,
        other => panic!("{other:?} for {prompt:?}"),
    }
}

/// A field of text.
fn field(category: Category) -> Prompt {
    Prompt::of(category, "text")
}

fn with_pattern(category: Category, pattern: &str) -> Prompt {
    Prompt {
        pattern: Some(pattern.to_string()),
        ..field(category)
    }
}

/// A select or a radio group, each option with a value of its own.
fn offering(category: Category, kind: &str, labels: &[&str]) -> Prompt {
    let option = |(at, label): (usize, &&str)| Choice {
        label: label.to_string(),
        value: if label.is_empty() || label.ends_with('…') {
            String::new()
        } else {
            format!("v{at}")
        },
        disabled: false,
    };
    Prompt {
        options: labels.iter().enumerate().map(option).collect(),
        ..Prompt::of(category, kind)
    }
}

fn chosen(country: &str, prompt: &Prompt) -> String {
    match answer(country, prompt) {
        Some(Answer::Choose(at)) => prompt.options[at].label.clone(),
        other => panic!("{other:?} for {prompt:?}"),
    }
}
