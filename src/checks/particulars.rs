//! Asks whether a text gives a particular of a company: its name, form, number, address, telephone.
//!
//! `of` tells whose: `publisher` or `host`; anybody's without it. Shapes and words only: whether a number is
//! somebody's, or a telephone answers, it cannot see.

use crate::finding::{Measure, Reason};
use crate::lexicon::{Entities, Phrases, Sense, Word};
use crate::model::{PageModel, Passage, Where};

use super::whose::{Owner, Piece, spans};
use super::{Answer, Check, Observed, Parameters, Part, Subject, SubjectKind};

const PARTICULARS: [&str; 10] = [
    "company_name",
    "legal_form",
    "share_capital",
    "registration_number",
    "vat_number",
    "any_number",
    "office",
    "postal_address",
    "phone",
    "email",
];

pub static CHECK: Check = Check {
    id: "particulars",
    subjects: &[SubjectKind::Form],
    values: &["where", "quote"],
    build: |parameters| {
        let wanted = Wanted::new(parameters)?;
        parameters.asking(move |subject: &Subject| ask(subject, &wanted))
    },
};

/// What is looked for, where, and whose.
struct Wanted {
    /// All of it as one text.
    question: String,
    gives: String,
    places: Vec<Where>,
    of: String,
    /// Words that do as well: "sole trader" for a legal form.
    phrases: Phrases,
}

impl Wanted {
    fn new(parameters: &Parameters) -> Result<Wanted, String> {
        parameters.only(&["gives", "in", "of", "phrases"])?;
        let places = parameters.places("in")?;
        if places.is_empty() {
            return Err("`in` must say where to look".into());
        }
        let of = parameters.word("of")?;
        if !["", "publisher", "host"].contains(&of.as_str()) {
            return Err("`of` must be publisher or host".into());
        }
        Ok(Wanted {
            question: parameters.question("particulars"),
            gives: parameters.one_of("gives", &PARTICULARS)?,
            places,
            of,
            phrases: parameters.phrases("phrases")?.unwrap_or_default(),
        })
    }

    /// Whether somebody's particulars are those that are looked for.
    fn concerns(&self, owner: Owner) -> bool {
        let names = matches!(self.gives.as_str(), "company_name" | "legal_form");
        match self.of.as_str() {
            "host" => owner == Owner::Host,
            // Its director's telephone is the publisher's; a company that they also direct is not.
            "publisher" => owner == Owner::Publisher || (owner == Owner::Director && !names),
            _ => true,
        }
    }
}

fn ask(subject: &Subject, wanted: &Wanted) -> Answer {
    let mut unread = false;
    let mut document = None;
    for &place in &wanted.places {
        let text = subject.text(place);
        unread |= text.unread;
        for part in text.read {
            document = document.or((place > Where::Page).then_some(part.page));
            if let Some((line, quote)) = found(subject, part, wanted) {
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
    match wanted.places.iter().any(|place| *place <= Where::Page) {
        true => Answer::absent(subject, observed),
        false => Answer::No(observed),
    }
}

/// The first line that gives the particular, with the words that do.
fn found<'a>(
    subject: &Subject<'a>,
    part: Part<'a>,
    wanted: &Wanted,
) -> Option<(&'a Passage, String)> {
    let spans = spans(subject, part);
    let found = subject.of(part, &wanted.question, |lines| {
        let own = spans.iter().filter(|span| wanted.concerns(span.owner));
        let pieces: Vec<(usize, Piece)> = own
            .filter_map(|span| Some((span.line, Piece::of(lines, span)?)))
            .collect();
        pieces.iter().enumerate().find_map(|(number, (at, piece))| {
            let quote = given(subject.entities, part.page, piece, wanted);
            let next = || {
                pieces
                    .get(number + 1)
                    .filter(|_| wanted.gives == "company_name")
            };
            let labelled = || next().filter(|(_, next)| is_label_of(piece, next));
            quote
                .map(|quote| (*at, quote))
                .or_else(|| labelled().map(|(at, next)| (*at, next.text().trim().to_string())))
        })
    });
    let (at, quote) = (*found).clone()?;
    Some((subject.line(part, at)?, quote))
}

/// The words of a piece that give the particular.
fn given(entities: &Entities, page: &PageModel, piece: &Piece, wanted: &Wanted) -> Option<String> {
    let text = piece.text();
    let whole = || text.trim().to_string();
    let number = |fits: fn(&str) -> bool| {
        let numbers = entities.numbers(text);
        let found = numbers.into_iter().find(|number| fits(&number.kind))?;
        Some(format!("{} {}", found.name, found.written))
    };
    let given = match wanted.gives.as_str() {
        "company_name" => {
            let told = named(page, piece) || has_form(piece, entities) || told_name(piece);
            told.then(whole)
        }
        "legal_form" => legal_form(piece, entities),
        "share_capital" => piece.has(Sense::ShareCapital).then(whole),
        "registration_number" => number(|kind| !kind.ends_with("_vat")),
        "vat_number" => {
            number(|kind| kind.ends_with("_vat")).or(piece.has(Sense::VatNumber).then(whole))
        }
        // One that is mistyped is one as well.
        "any_number" => number(|_| true).or_else(|| entities.malformed(text).into_iter().next()),
        "office" => (piece.has(Sense::RegisteredOffice) || has_address(piece)).then(whole),
        "postal_address" => has_address(piece).then(whole),
        "phone" => phone(piece, entities),
        "email" => email(text),
        _ => None,
    };
    given.or_else(|| says(page, piece, &wanted.phrases).then(whole))
}

/// Whether words such as "published by" stand before a word with a capital.
fn told_name(piece: &Piece) -> bool {
    let cue = piece.line.reading.hits(Sense::CompanyBefore);
    let cue = cue.filter(|hit| piece.from <= hit.start && hit.end <= piece.to);
    let after = cue.map(|hit| hit.end).min();
    after.is_some_and(|after| {
        let mut words = piece.words().filter(|word| after <= word.start);
        words.any(|word| piece.line.text[word.start..].starts_with(char::is_uppercase))
    })
}

/// Whether a heading or label such as "Publisher" stands before a line with a capital: a name without a form.
fn is_label_of(label: &Piece, next: &Piece) -> bool {
    let last = label.line.reading.hits(Sense::CompanyBefore).last();
    let ends = last.is_some_and(|hit| label.words().all(|word| word.start < hit.end));
    ends && next.text().trim_start().starts_with(char::is_uppercase)
}

/// Whether the page reads a party in the piece.
fn named(page: &PageModel, piece: &Piece) -> bool {
    let here = |locator: &str| locator == piece.line.place.locator;
    let mut parties = page.parties.iter();
    parties
        .any(|named| here(&named.place.locator) && piece.text().contains(named.party.name.as_str()))
}

/// Whether the piece has one of the phrases.
fn says(page: &PageModel, piece: &Piece, phrases: &Phrases) -> bool {
    let Some(language) = page.language.as_deref() else {
        return false;
    };
    let mut places = phrases.places(language, &piece.line.reading);
    places.any(|hit| piece.from <= hit.start && hit.end <= piece.to)
}

/// Whether a legal form stands in the piece.
pub(super) fn has_form(piece: &Piece, entities: &Entities) -> bool {
    legal_form(piece, entities).is_some()
}

/// A legal form that stands in the piece, with the word before it.
fn legal_form(piece: &Piece, entities: &Entities) -> Option<String> {
    let text = &piece.line.text;
    let found = piece.words().find_map(|word| {
        let after = text.get(word.end..piece.to)?;
        if let Some((_, taken)) = entities.form_at_start(after) {
            return text.get(word.start..word.end + taken);
        }
        let before = text.get(piece.from..word.end)?;
        let (_, start) = entities.form_at_end(before)?;
        before.get(start..)
    });
    found.map(str::to_string)
}

/// A postcode of five digits or two groups of a British one, with a place name after it, or a street
/// with a number before a postcode.
pub(super) fn has_address(piece: &Piece) -> bool {
    let words: Vec<&Word> = piece.words().collect();
    let text = |at: usize| {
        let word = words.get(at);
        word.and_then(|w| piece.line.text.get(w.start..w.end))
            .unwrap_or_default()
    };
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
pub(super) fn phone(piece: &Piece, entities: &Entities) -> Option<String> {
    let text = piece.text();
    let told = piece
        .line
        .reading
        .has_any(&[Sense::Phone, Sense::FieldPhone]);
    let joins =
        |c: char| c.is_ascii_digit() || matches!(c, ' ' | '\u{a0}' | '.' | '-' | '/' | '(' | ')');
    let starts = text.char_indices().filter(|(at, c)| {
        let before = text[..*at].chars().next_back();
        (c.is_ascii_digit() || *c == '+')
            && !before.is_some_and(|b| b.is_alphanumeric() || b == '+')
    });
    let mut runs = starts.filter_map(|(at, first)| {
        let rest = &text[at + first.len_utf8()..];
        let length = rest.find(|c| !joins(c)).unwrap_or(rest.len());
        let run = text[at..at + first.len_utf8() + length].trim_end();
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        let fits = match first {
            '+' => (8..=15).contains(&digits),
            '0' => digits == 10 || (told && (8..=13).contains(&digits)),
            _ => told && (8..=13).contains(&digits),
        };
        fits.then_some((at, run))
    });
    let first = runs.next()?;
    // A registration number is none; they are sought only where something looks like a telephone.
    let registered = entities.numbers(text);
    let free = |(at, run): &(usize, &str)| {
        let mut numbers = registered.iter();
        !numbers.any(|number| number.start < at + run.len() && *at < number.end)
    };
    std::iter::once(first)
        .chain(runs)
        .find(free)
        .map(|(_, run)| run.to_string())
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
