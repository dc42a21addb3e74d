//! Asks whether the controller can be reached: an e-mail address, a telephone, a postal address or a
//! link to a contact page, on the form's page or in its notices.
//!
//! `outside_eu` tells that the one named has a legal form of countries outside the European Economic
//! Area only, and that no representative is named. Whether somebody answers there it cannot see.

use crate::finding::{Measure, Reason};
use crate::lexicon::{Phrases, Sense};
use crate::model::{Passage, Where};

use super::particulars::{email, has_address, phone};
use super::{Answer, Check, Observed, Subject, SubjectKind};

/// Where contact data counts, the nearest first.
const PLACES: [Where; 4] = [
    Where::Form,
    Where::Page,
    Where::PrivacyNotice,
    Where::LegalNotice,
];
/// A link's words, not a sentence's.
const LINK_WORDS: usize = 6;
/// The label of a field, not of a consent.
const LABEL_WORDS: usize = 12;

pub static CHECK: Check = Check {
    id: "controller-contact",
    subjects: &[SubjectKind::Form],
    values: &["where", "quote", "means", "outside_eu", "language"],
    build: |parameters| {
        parameters.only(&["link"])?;
        let link = parameters.phrases("link")?.unwrap_or_default();
        parameters.asking(move |subject: &Subject| ask(subject, &link))
    },
};

fn ask(subject: &Subject, link: &Phrases) -> Answer {
    let mut unread = false;
    let mut represented = false;
    let mut outside = None;
    let mut found = None;
    let written = subject.page.links.iter().find_map(|link| {
        let scheme = link.raw.to_ascii_lowercase();
        let means = match scheme.split_once(':')?.0 {
            "mailto" => "email",
            "tel" => "phone",
            _ => return None,
        };
        Some((means, link))
    });
    for place in PLACES {
        let text = subject.text(place);
        unread |= text.unread;
        for (page, passages) in text.read {
            let parties = subject.form.controllers.iter().chain(&page.parties);
            outside = outside.or(parties.clone().find(|named| {
                let form = named.party.legal_form.as_deref();
                form.is_some_and(|form| subject.entities.outside_eea(form))
            }));
            let language = page.language.as_deref();
            for line in passages {
                represented |= line.reading.has(Sense::LegalRepresentative);
                if found.is_none()
                    && let Some((means, quote)) = contact(subject, line, language, link)
                {
                    found = Some((place, line, means, quote));
                }
            }
        }
    }
    let outside = outside.filter(|_| !represented);
    if let Some(named) = outside.filter(|_| !unread) {
        let observed = Observed::default()
            .with("outside_eu", Measure::Bool(true))
            .with("quote", Measure::Text(named.quote.clone()));
        return Answer::absent(subject, observed.seeing(subject.see_named(named)));
    }
    if let Some((place, line, means, quote)) = found {
        let mut seen = subject.see_passage(line);
        seen.quote = Some(quote.clone());
        let observed = Observed::default()
            .with("where", Measure::Word(place.as_str()))
            .with("means", Measure::Word(means))
            .with("quote", Measure::Text(quote));
        return Answer::Yes(observed.seeing(seen));
    }
    if let Some((means, link)) = written {
        let observed = Observed::default()
            .with("where", Measure::Word("page"))
            .with("means", Measure::Word(means))
            .with("quote", Measure::Text(link.raw.clone()));
        return Answer::Yes(observed.seeing(subject.see(&link.text, &link.place)));
    }
    if !subject.form.understood {
        return Answer::no_lexicon(subject);
    }
    let observed = Observed::default().seeing(subject.see_form());
    if unread {
        return Answer::unknown(Reason::NotSeen, "linked_pages_unread", observed);
    }
    Answer::absent(subject, observed)
}

fn contact(
    subject: &Subject,
    line: &Passage,
    language: Option<&str>,
    link: &Phrases,
) -> Option<(&'static str, String)> {
    let words = line.reading.words.len();
    // "name@example.com" at a field shows how to write an address, not where to write to.
    if line.labels_control && words <= LABEL_WORDS {
        return None;
    }
    if let Some(address) = email(&line.text) {
        return Some(("email", address));
    }
    if let Some(number) = phone(subject, line) {
        return Some(("phone", number));
    }
    if has_address(line) {
        return Some(("post", line.text.clone()));
    }
    let short = words <= LINK_WORDS;
    let leads = short && language.is_some_and(|l| link.find(l, &line.reading).is_some());
    leads.then(|| ("contact_page", line.text.clone()))
}
