//! Asks whether the controller can be reached: an e-mail address, a telephone, a postal address or a
//! link to a contact page, on the form's page or in its notices.
//!
//! `outside_eu` tells that the one named has a legal form of countries outside the European Economic
//! Area only, and that no representative is named. Whether somebody answers there it cannot see.

use crate::finding::{Measure, Reason};
use crate::lexicon::{Phrases, Sense};
use crate::model::{Link, Named, PageModel, Passage, Where};

use super::particulars::{email, has_address, phone};
use super::whose::{Owner, Piece, spans};
use super::{Answer, Check, Observed, Part, Subject, SubjectKind};

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
        let wanted = Wanted {
            question: parameters.question("controller-contact"),
            link: parameters.phrases("link")?.unwrap_or_default(),
        };
        parameters.asking(move |subject: &Subject| ask(subject, &wanted))
    },
};

/// What leads to somebody.
struct Wanted {
    /// All of it as one text.
    question: String,
    /// What a link to a contact page says.
    link: Phrases,
}

fn ask(subject: &Subject, wanted: &Wanted) -> Answer {
    let mut unread = false;
    let mut represented = false;
    let mut outside = subject
        .form
        .controllers
        .iter()
        .find(|n| is_outside(subject, n));
    let mut found = None;
    for place in PLACES {
        let text = subject.text(place);
        unread |= text.unread;
        for part in text.read {
            outside = outside.or_else(|| outside_party(subject, part.page));
            let speaks = |line: &Passage| line.reading.has(Sense::LegalRepresentative);
            represented |= subject.first_line(part, "represented", speaks).is_some();
            if found.is_none() {
                let contact = contact(subject, part, wanted);
                found = contact.map(|(line, means, quote)| (place, line, means, quote));
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
    if let Some((means, link)) = by_link(subject) {
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

fn is_outside(subject: &Subject, named: &Named) -> bool {
    let form = named.party.legal_form.as_deref();
    form.is_some_and(|form| subject.entities.outside_eea(form))
}

/// The first party of a page whose form is of countries outside the EEA only.
fn outside_party<'a>(subject: &Subject<'a>, page: &'a PageModel) -> Option<&'a Named> {
    let at = subject.once(page, "parties outside the EEA", |page| {
        page.parties
            .iter()
            .position(|named| is_outside(subject, named))
    });
    page.parties.get((*at)?)
}

/// A link of the page that writes or calls.
fn by_link<'a>(subject: &Subject<'a>) -> Option<(&'static str, &'a Link)> {
    let found = subject.once(subject.page, "links that write or call", |page| {
        page.links.iter().enumerate().find_map(|(at, link)| {
            let scheme = link.raw.to_ascii_lowercase();
            let means = match scheme.split_once(':')?.0 {
                "mailto" => "email",
                "tel" => "phone",
                _ => return None,
            };
            Some((means, at))
        })
    });
    let (means, at) = (*found)?;
    Some((means, subject.page.links.get(at)?))
}

/// The first line of a text that tells a way to reach the one who publishes it.
fn contact<'a>(
    subject: &Subject<'a>,
    part: Part<'a>,
    wanted: &Wanted,
) -> Option<(&'a Passage, &'static str, String)> {
    let spans = spans(subject, part);
    let found = subject.of(part, &wanted.question, |lines| {
        let own = |owner: Owner| matches!(owner, Owner::Publisher | Owner::Director);
        let spans = spans.iter().filter(|span| own(span.owner));
        let mut pieces = spans.filter_map(|span| Some((span.line, Piece::of(lines, span)?)));
        pieces.find_map(|(at, piece)| {
            let (means, quote) = way(subject, part.page, &piece, &wanted.link)?;
            Some((at, means, quote))
        })
    });
    let (at, means, quote) = (*found).clone()?;
    Some((subject.line(part, at)?, means, quote))
}

fn way(
    subject: &Subject,
    page: &PageModel,
    piece: &Piece,
    link: &Phrases,
) -> Option<(&'static str, String)> {
    let words = piece.line.reading.words.len();
    // "name@example.com" at a field shows how to write an address, not where to write to.
    if piece.line.labels_control && words <= LABEL_WORDS {
        return None;
    }
    if let Some(address) = email(piece.text()) {
        return Some(("email", address));
    }
    if let Some(number) = phone(piece, subject.entities) {
        return Some(("phone", number));
    }
    if has_address(piece) {
        return Some(("post", piece.text().trim().to_string()));
    }
    let language = page.language.as_deref();
    let reading = &piece.line.reading;
    let leads = words <= LINK_WORDS && language.is_some_and(|l| link.find(l, reading).is_some());
    leads.then(|| ("contact_page", piece.line.text.clone()))
}
