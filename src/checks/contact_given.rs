//! Asks whether the privacy notice gives a way to reach somebody: an e-mail address, a form, a postal
//! address. Whether anybody answers there it cannot know.

use crate::finding::Reason;
use crate::lexicon::Sense;
use crate::model::{PageModel, Passage, Where};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "contact-given",
    subjects: &[SubjectKind::Form],
    values: &[],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let text = subject.text(Where::PrivacyNotice);
    let found = text
        .read
        .iter()
        .find_map(|(page, passages)| passages.iter().find(|passage| contact(page, passage)));
    if let Some(passage) = found {
        return Answer::Yes(Observed::default().seeing(subject.see_passage(passage)));
    }
    match text.read.first() {
        _ if text.unread => {
            Answer::unknown(Reason::NotSeen, "linked_pages_unread", Observed::default())
        }
        Some((page, _)) => Answer::No(Observed::default().seeing(subject.see_page(page))),
        None => Answer::No(Observed::default().seeing(subject.see_form())),
    }
}

/// Whether a passage gives a way to reach somebody.
pub(super) fn contact(page: &PageModel, passage: &Passage) -> bool {
    let text = passage.text.to_lowercase();
    let written = ["@", "[at]", "(at)", "[email", " arobase "];
    written.iter().any(|sign| text.contains(sign))
        || passage.reading.has(Sense::RegisteredOffice)
        || postal(&passage.text)
        || page.links.iter().any(|link| leads_to_somebody(link, &text))
}

/// Whether one of a passage's links is an e-mail or leads to a contact form.
fn leads_to_somebody(link: &crate::model::Link, text: &str) -> bool {
    let raw = link.raw.to_ascii_lowercase();
    let contact = [
        "mailto:",
        "contact",
        "kontakt",
        "contatt",
        "dpo",
        "formulaire",
        "formular",
    ];
    let words = link.text.to_lowercase();
    !words.is_empty() && text.contains(&words) && contact.iter().any(|part| raw.contains(part))
}

/// A postcode with a town: digits before or after a word with a capital, or a British one.
fn postal(text: &str) -> bool {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | ';' | '(' | ')'))
        .filter(|word| !word.is_empty())
        .collect();
    words.windows(2).any(|pair| {
        let digits = pair[0].len() == 5 && pair[0].chars().all(|c| c.is_ascii_digit());
        let inward = pair[1].len() == 3
            && pair[1].starts_with(|c: char| c.is_ascii_digit())
            && pair[1][1..].chars().all(|c| c.is_ascii_uppercase());
        let outward = pair[0].starts_with(|c: char| c.is_ascii_uppercase())
            && pair[0].ends_with(|c: char| c.is_ascii_digit());
        (digits && pair[1].starts_with(char::is_uppercase)) || (inward && outward)
    })
}
