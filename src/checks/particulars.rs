//! Asks whether a text gives a particular of a company: its name, form, number, address, telephone.
//!
//! With `near = "host"` only the lines from the first word about a host on count. Shapes only: whether a
//! number is somebody's, or a telephone answers, it cannot see.

use crate::finding::{Measure, Reason};
use crate::lexicon::Sense;
use crate::model::{PageModel, Passage, Where};

use super::{Answer, Check, Observed, Subject, SubjectKind};

const PARTICULARS: [&str; 8] = [
    "company_name",
    "legal_form",
    "registration_number",
    "vat_number",
    "any_number",
    "postal_address",
    "phone",
    "email",
];
/// Lines after the first word about the host that still speak of it.
const HOST_LINES: usize = 6;

pub static CHECK: Check = Check {
    id: "particulars",
    subjects: &[SubjectKind::Form],
    values: &["where", "quote"],
    build: |parameters| {
        parameters.only(&["gives", "in", "near"])?;
        let wanted = parameters.one_of("gives", &PARTICULARS)?;
        let places = parameters.places("in")?;
        let host = parameters.word("near")? == "host";
        if places.is_empty() {
            return Err("`in` must say where to look".into());
        }
        parameters.asking(move |subject: &Subject| ask(subject, &wanted, &places, host))
    },
};

fn ask(subject: &Subject, wanted: &str, places: &[Where], host: bool) -> Answer {
    let mut unread = false;
    let mut document = None;
    for &place in places {
        let text = subject.text(place);
        unread |= text.unread;
        for (page, passages) in text.read {
            document = document.or((place > Where::Page).then_some(page));
            let lines = if host { about_host(passages) } else { passages };
            let found = lines
                .iter()
                .find_map(|line| Some((line, given(subject, page, line, wanted)?)));
            if let Some((line, quote)) = found {
                let mut seen = subject.see_passage(line);
                seen.quote = Some(quote.clone());
                let observed = Observed::default()
                    .with("where", Measure::Word(place.as_str()))
                    .with("quote", Measure::Text(quote));
                return Answer::Yes(observed.seeing(seen));
            }
        }
    }
    if unread {
        return Answer::unknown(Reason::NotSeen, "linked_pages_unread", Observed::default());
    }
    let seen = document.map_or_else(|| subject.see_form(), |page| subject.see_page(page));
    let observed = Observed::default().seeing(seen);
    match places.iter().any(|place| *place <= Where::Page) {
        true => Answer::absent(subject, observed),
        false => Answer::No(observed),
    }
}

/// The lines from the first word about the host on.
fn about_host(passages: &[Passage]) -> &[Passage] {
    let first = passages
        .iter()
        .position(|line| line.reading.has(Sense::Host));
    first.map_or(&[], |at| &passages[at..passages.len().min(at + HOST_LINES)])
}

/// The words of a line that give the particular.
fn given(subject: &Subject, page: &PageModel, line: &Passage, wanted: &str) -> Option<String> {
    let text = line.text.as_str();
    let whole = || text.to_string();
    let number = |fits: fn(&str) -> bool| {
        let numbers = subject.entities.numbers(text);
        let found = numbers.into_iter().find(|number| fits(&number.kind))?;
        Some(format!("{} {}", found.name, found.written))
    };
    match wanted {
        "company_name" => {
            let named = page
                .parties
                .iter()
                .any(|named| named.place.locator == line.place.locator);
            let named = named || line.reading.has(Sense::CompanyBefore);
            (named || legal_form(subject, line).is_some()).then(whole)
        }
        "legal_form" => legal_form(subject, line),
        "registration_number" => number(|kind| !kind.ends_with("_vat")),
        "vat_number" => number(|kind| kind.ends_with("_vat")),
        "any_number" => number(|_| true),
        "postal_address" => has_address(line).then(whole),
        "phone" => phone(subject, line),
        "email" => email(text),
        _ => None,
    }
}

/// A legal form that stands in the line, with the word before it.
fn legal_form(subject: &Subject, line: &Passage) -> Option<String> {
    line.reading
        .words
        .iter()
        .find_map(|word| {
            let after = line.text.get(word.end..)?;
            if let Some((_, taken)) = subject.entities.form_at_start(after) {
                return line.text.get(word.start..word.end + taken);
            }
            let before = line.text.get(..word.end)?;
            let (_, start) = subject.entities.form_at_end(before)?;
            line.text.get(start..word.end)
        })
        .map(str::to_string)
}

/// A postcode of five digits or two groups of a British one, with a place name after it, or a street
/// with a number before a postcode.
pub(super) fn has_address(line: &Passage) -> bool {
    let words = &line.reading.words;
    let text = |at: usize| words.get(at).map_or("", |w| &line.text[w.start..w.end]);
    let capital = |at: usize| text(at).starts_with(char::is_uppercase);
    (0..words.len()).any(|at| {
        let word = text(at);
        let digits = word.len() == 5 && word.bytes().all(|b| b.is_ascii_digit());
        let street = words.get(..at).is_some_and(|before| !before.is_empty());
        (digits && street && capital(at + 1)) || british_postcode(word, text(at + 1))
    })
}

/// "SW1A 1AA", as two words.
fn british_postcode(outward: &str, inward: &str) -> bool {
    let capitals = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
    };
    let inward_fits = inward.len() == 3
        && inward.as_bytes()[0].is_ascii_digit()
        && inward.bytes().skip(1).all(|b| b.is_ascii_uppercase());
    (2..=4).contains(&outward.len())
        && outward.starts_with(|c: char| c.is_ascii_uppercase())
        && outward.ends_with(|c: char| c.is_ascii_alphanumeric())
        && outward.bytes().any(|b| b.is_ascii_digit())
        && capitals(outward)
        && inward_fits
}

/// A telephone number: international, French, or any that words about telephones stand with.
pub(super) fn phone(subject: &Subject, line: &Passage) -> Option<String> {
    let told = line.reading.has_any(&[Sense::Phone, Sense::FieldPhone]);
    let registered = subject.entities.numbers(&line.text);
    let joins =
        |c: char| c.is_ascii_digit() || matches!(c, ' ' | '\u{a0}' | '.' | '-' | '/' | '(' | ')');
    let starts = line.text.char_indices().filter(|(at, c)| {
        let before = line.text[..*at].chars().next_back();
        (c.is_ascii_digit() || *c == '+')
            && !before.is_some_and(|b| b.is_alphanumeric() || b == '+')
    });
    for (at, first) in starts {
        let rest = &line.text[at + first.len_utf8()..];
        let length = rest.find(|c| !joins(c)).unwrap_or(rest.len());
        let run = line.text[at..at + first.len_utf8() + length].trim_end();
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        let fits = match first {
            '+' => (8..=15).contains(&digits),
            '0' => digits == 10 || (told && (8..=13).contains(&digits)),
            _ => told && (8..=13).contains(&digits),
        };
        if fits
            && !registered
                .iter()
                .any(|number| number.start < at + run.len() && at < number.end)
        {
            return Some(run.to_string());
        }
    }
    None
}

/// An e-mail address, also one written against robots: "info [at] example.org".
pub(super) fn email(text: &str) -> Option<String> {
    let plain = text.split_whitespace().find(|word| {
        let parts = word.split_once('@');
        parts.is_some_and(|(name, host)| {
            name.ends_with(char::is_alphanumeric) && host.trim_end_matches('.').contains('.')
        })
    });
    let hidden = ["[at]", "(at)", "[email"];
    let hidden = || hidden.iter().any(|sign| text.to_lowercase().contains(sign));
    match plain {
        Some(word) => Some(word.to_string()),
        None => hidden().then(|| text.to_string()),
    }
}
