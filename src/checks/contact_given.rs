//! Asks whether the privacy notice gives a way to reach somebody: an e-mail address, a form, a postal
//! address. Whether anybody answers there it cannot know.

use crate::finding::{Measure, Reason};
use crate::lexicon::Sense;
use crate::model::{PageModel, Passage, Where};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "contact-given",
    subjects: &[SubjectKind::Form],
    values: &["problem"],
    build: |parameters| parameters.none(ask),
};

/// Links of one page that count as a way to reach somebody.
const MOST_WAYS: usize = 100;

fn ask(subject: &Subject) -> Answer {
    let text = subject.text(Where::PrivacyNotice);
    let found = text.read.iter().find_map(|&notice| {
        let found = subject.of(notice, "contact-given", |lines| {
            let ways = ways(notice.page);
            lines.iter().position(|line| contact(line, &ways))
        });
        subject.line(notice, (*found)?)
    });
    if let Some(passage) = found {
        return Answer::Yes(Observed::default().seeing(subject.see_passage(passage)));
    }
    let none = Observed::default().with("problem", Measure::Word("no_contact"));
    match text.read.first() {
        _ if text.unread => {
            Answer::unknown(Reason::NotSeen, "linked_pages_unread", Observed::default())
        }
        Some(notice) => Answer::No(none.seeing(subject.see_page(notice.page))),
        None => Answer::No(none.seeing(subject.see_form())),
    }
}

/// Whether a passage gives a way to reach somebody.
pub(super) fn contact(passage: &Passage, ways: &[String]) -> bool {
    let text = passage.text.to_lowercase();
    let written = ["@", "[at]", "(at)", "[email", " arobase "];
    written.iter().any(|sign| text.contains(sign))
        || passage.reading.has(Sense::RegisteredOffice)
        || postal(&passage.text)
        || ways.iter().any(|words| text.contains(words))
}

/// The words of a page's links that are an e-mail or lead to a contact form.
pub(super) fn ways(page: &PageModel) -> Vec<String> {
    let contact = [
        "mailto:",
        "contact",
        "kontakt",
        "contatt",
        "dpo",
        "formulaire",
        "formular",
    ];
    let leads = |raw: &str| {
        let raw = raw.to_ascii_lowercase();
        contact.iter().any(|part| raw.contains(part))
    };
    let links = page.links.iter().filter(|link| leads(&link.raw));
    links
        .map(|link| link.text.to_lowercase())
        .filter(|words| !words.is_empty())
        .take(MOST_WAYS)
        .collect()
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
