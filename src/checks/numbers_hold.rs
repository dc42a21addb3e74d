//! Asks whether the registration numbers of those who publish the form hold: their shape and check digits
//! fit, they do not contradict each other, and none stands with two companies.
//!
//! `problem` tells how not: `shape`, `check_digits`, `two_numbers` or `two_names`. Numbers of hosts,
//! agencies and processors are not judged. A page that speaks like a public service is for a person. That
//! a company exists, and is not struck off, only its register tells.

use std::rc::Rc;

use crate::finding::{Measure, Reason};
use crate::lexicon::{Entities, Likeness, Number, Sense};
use crate::model::{PageModel, Passage, Where};

use super::mentions::mentions;
use super::whose::{Owner, Piece, Span, spans};
use super::{Answer, Check, Observed, Part, Subject, SubjectKind};

const PLACES: [Where; 5] = [
    Where::Form,
    Where::Page,
    Where::LegalNotice,
    Where::PrivacyNotice,
    Where::Terms,
];
/// Kinds of which a company has one. A German company may stand in two registers, a Spanish number may be
/// its director's.
const ONE_EACH: [&str; 11] = [
    "fr_siren",
    "fr_siret",
    "fr_rcs",
    "fr_vat",
    "uk_company",
    "be_kbo",
    "de_vat",
    "at_vat",
    "ch_uid",
    "it_piva",
    "nl_kvk",
];
/// Lines after a name in which a number is still that company's.
const MOST_APART: usize = 4;
/// Different numbers of one text that are compared.
const MOST_NUMBERS: usize = 40;
/// Those of each text that are compared with those of other texts.
const MOST_ACROSS: usize = 12;

pub static CHECK: Check = Check {
    id: "numbers-hold",
    subjects: &[SubjectKind::Form],
    values: &["problem", "number", "names", "quote"],
    build: |parameters| parameters.none(ask),
};

/// A number with the company it stands with.
#[derive(Clone)]
struct Registered {
    line: usize,
    number: Number,
    company: Option<String>,
}

/// The numbers of a text.
#[derive(Default)]
struct Numbers {
    /// Each once, with each company.
    all: Vec<Registered>,
    /// The first that cannot be: its line, its words, what is wrong with it.
    wrong: Option<(usize, String, &'static str)>,
    /// The first two that contradict each other.
    conflict: Option<(usize, usize, &'static str)>,
}

fn ask(subject: &Subject) -> Answer {
    let mut unread = false;
    let mut texts: Vec<(Part, Rc<Numbers>)> = Vec::new();
    for place in PLACES {
        let text = subject.text(place);
        unread |= text.unread;
        texts.extend(
            text.read
                .into_iter()
                .map(|part| (part, numbers(subject, part))),
        );
    }
    if let Some(observed) = texts.iter().find_map(|(part, found)| {
        let (line, words, problem) = found.wrong.as_ref()?;
        let observed = about(subject, subject.line(*part, *line)?, words);
        Some(observed.with("problem", Measure::Word(problem)))
    }) {
        return Answer::No(observed);
    }
    if let Some(observed) = contradiction(subject, &texts) {
        return Answer::No(observed);
    }
    let posing = |line: &Passage| line.reading.has(Sense::PublicService);
    let at_form = subject.form.passages.iter().find(|line| posing(line));
    if let Some(line) = at_form.or_else(|| subject.heading("public service", posing)) {
        let observed = about(subject, line, &line.text);
        return Answer::unknown(Reason::NeedsPerson, "public_service_words", observed);
    }
    let held = texts.iter().find_map(|(part, found)| {
        let first = found.all.first()?;
        Some(about(
            subject,
            subject.line(*part, first.line)?,
            &written(first),
        ))
    });
    match held {
        Some(observed) => Answer::Yes(observed),
        None if unread => {
            Answer::unknown(Reason::NotSeen, "linked_pages_unread", Observed::default())
        }
        None => Answer::No(Observed::default()),
    }
}

fn about(subject: &Subject, line: &Passage, words: &str) -> Observed {
    Observed::default()
        .with("number", Measure::Text(words.to_string()))
        .seeing(subject.see_passage(line))
}

fn written(registered: &Registered) -> String {
    format!("{} {}", registered.number.name, registered.number.written)
}

/// Two numbers that contradict each other, in one text or between two.
fn contradiction(subject: &Subject, texts: &[(Part, Rc<Numbers>)]) -> Option<Observed> {
    let within = texts.iter().find_map(|(part, found)| {
        let (one, other, problem) = found.conflict?;
        let (one, other) = (found.all.get(one)?, found.all.get(other)?);
        Some(((*part, one), (*part, other), problem))
    });
    let all = |texts: &'_ [(Part<'_>, Rc<Numbers>)]| -> Vec<(usize, usize)> {
        let counted = texts.iter().enumerate();
        let places = counted.map(|(at, (_, found))| (at, found.all.len().min(MOST_ACROSS)));
        places
            .flat_map(|(at, count)| (0..count).map(move |number| (at, number)))
            .collect()
    };
    let places = all(texts);
    let at = |(text, number): (usize, usize)| {
        let (part, found) = &texts[text];
        (*part, &found.all[number])
    };
    let across = || {
        places.iter().enumerate().find_map(|(position, &other)| {
            let earlier = places[..position].iter().filter(|one| one.0 != other.0);
            earlier.copied().find_map(|one| {
                let (one, other) = (at(one), at(other));
                let problem = conflict(subject.entities, one.1, other.1)?;
                Some((one, other, problem))
            })
        })
    };
    let ((one_part, one), (other_part, other), problem) = within.or_else(across)?;
    let names: Vec<String> = match problem {
        "two_names" => [one, other]
            .iter()
            .filter_map(|r| r.company.clone())
            .collect(),
        _ => one.company.iter().cloned().collect(),
    };
    let numbers = match problem {
        "two_names" => written(one),
        _ => format!("{}, {}", written(one), written(other)),
    };
    let observed = Observed::default()
        .with("problem", Measure::Word(problem))
        .with("number", Measure::Text(numbers))
        .with("names", Measure::List(names));
    let lines = [(one_part, one), (other_part, other)];
    let lines = lines
        .iter()
        .filter_map(|(part, r)| subject.line(*part, r.line));
    Some(lines.fold(observed, |observed, line| {
        observed.seeing(subject.see_passage(line))
    }))
}

/// How two numbers contradict each other, where they do.
fn conflict(entities: &Entities, one: &Registered, other: &Registered) -> Option<&'static str> {
    let compared = |r: &Registered| ONE_EACH.contains(&r.number.kind.as_str());
    match (
        one.number.same_company(&other.number)?,
        &one.company,
        &other.company,
    ) {
        (true, Some(left), Some(right)) => {
            let different = entities.same_company(left, right) == Likeness::Different;
            different.then_some("two_names")
        }
        (false, Some(left), Some(right)) if compared(one) && compared(other) => {
            let same = entities.same_company(left, right) == Likeness::Same;
            same.then_some("two_numbers")
        }
        _ => None,
    }
}

/// The numbers of a text, found once for a whole page.
fn numbers<'a>(subject: &Subject<'a>, part: Part<'a>) -> Rc<Numbers> {
    let spans = spans(subject, part);
    let (page, entities) = (part.page, subject.entities);
    subject.of(part, "numbers-hold", |lines| {
        let own = |span: &&Span| matches!(span.owner, Owner::Publisher | Owner::Director);
        let piece = |span: &Span| Piece::of(lines, span).filter(|_| own(&span));
        let numbers = |piece: Piece| entities.numbers(piece.text());
        let numbers = spans.iter().map(|span| piece(span).map(numbers));
        let numbers: Vec<Option<Vec<Number>>> = numbers.collect();
        let some = |numbers: &Option<Vec<Number>>| numbers.as_ref().is_some_and(|n| !n.is_empty());
        let numbered = spans.iter().zip(&numbers).filter(|(_, n)| some(n));
        let numbered: Vec<usize> = numbered.map(|(span, _)| span.line).collect();
        let mut reader = Reader {
            page,
            entities,
            found: Numbers::default(),
            holder: None,
        };
        for (span, numbers) in spans.iter().zip(numbers) {
            let (Some(piece), Some(numbers)) = (piece(span), numbers) else {
                reader.holder = None;
                continue;
            };
            reader.judge(span, &piece, &numbers);
            // Names matter where a number follows soon.
            let next = numbered.get(numbered.partition_point(|line| *line < span.line));
            if next.is_some_and(|line| line - span.line <= MOST_APART) {
                reader.read(span, &piece, numbers);
            }
        }
        let mut found = reader.found;
        found.conflict = first_conflict(entities, &found.all);
        found
    })
}

fn first_conflict(entities: &Entities, all: &[Registered]) -> Option<(usize, usize, &'static str)> {
    all.iter().enumerate().find_map(|(at, other)| {
        let mut earlier = all[..at].iter().enumerate();
        earlier.find_map(|(before, one)| Some((before, at, conflict(entities, one, other)?)))
    })
}

/// Reads the numbers of a text, piece by piece.
struct Reader<'a> {
    page: &'a PageModel,
    entities: &'a Entities,
    found: Numbers,
    /// The company named last, and its line.
    holder: Option<(String, usize)>,
}

impl Reader<'_> {
    /// Notes the first number that cannot be one.
    fn judge(&mut self, span: &Span, piece: &Piece, numbers: &[Number]) {
        if self.found.wrong.is_some() {
            return;
        }
        let broken = numbers.iter().find(|number| number.holds == Some(false));
        let broken = broken.map(|n| (format!("{} {}", n.name, n.written), "check_digits"));
        let malformed = || self.entities.malformed(piece.text()).into_iter().next();
        let wrong = broken.or_else(|| malformed().map(|words| (words, "shape")));
        self.found.wrong = wrong.map(|(words, problem)| (span.line, words, problem));
    }

    /// Reads a piece: each number belongs to the company named last before it, or to nobody known but those
    /// beside it.
    fn read(&mut self, span: &Span, piece: &Piece, numbers: Vec<Number>) {
        let named = names(self.page, piece, self.entities);
        let near = |(_, line): &(String, usize)| span.line - *line <= MOST_APART;
        let earlier = self.holder.take().filter(near);
        for number in numbers {
            let before = named
                .iter()
                .rfind(|(at, _)| *at <= piece.from + number.start);
            let company = before.map(|(_, name)| name.clone());
            let company = company.or_else(|| earlier.as_ref().map(|(name, _)| name.clone()));
            // Nobody is named: numbers of one line are still of one company.
            let company = company.or_else(|| named.first().map(|(_, name)| name.clone()));
            let company = company.or_else(|| Some(format!("\u{0}{}", span.line)));
            let new = Registered {
                line: span.line,
                number,
                company,
            };
            add(&mut self.found, new);
        }
        // A director's other company does not go on.
        let last = named.last().filter(|_| span.owner == Owner::Publisher);
        self.holder = last.map(|(_, name)| (name.clone(), span.line)).or(earlier);
    }
}

fn add(found: &mut Numbers, new: Registered) {
    let known = found.all.iter().any(|known| {
        known.number.register() == new.number.register() && known.company == new.company
    });
    if !known && found.all.len() < MOST_NUMBERS {
        found.all.push(new);
    }
}

/// The companies that a piece names, and where: with a legal form, or as parties of the page.
fn names(page: &PageModel, piece: &Piece, entities: &Entities) -> Vec<(usize, String)> {
    let words: Vec<_> = piece.words().collect();
    let mentions = mentions(&piece.line.text, &words, entities);
    let mut named: Vec<(usize, String)> = mentions
        .into_iter()
        .map(|mention| (mention.start, mention.name))
        .collect();
    let here = page.parties.iter();
    for party in here.filter(|named| named.place.locator == piece.line.place.locator) {
        let Some(at) = piece.text().find(party.party.name.as_str()) else {
            continue;
        };
        let at = piece.from + at;
        let within = |(start, name): &(usize, String)| *start <= at && at < start + name.len();
        if !named.iter().any(within) {
            named.push((at, party.party.name.clone()));
        }
    }
    named.sort();
    named
}
