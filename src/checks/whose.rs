//! Whose particulars the lines of a notice give: the publisher's, its host's, or those of others such as the
//! agency that made the site or a processor.
//!
//! A heading or a label about somebody holds for the lines under it, a sentence for itself. It goes by
//! words about roles; what no word gives to another is the publisher's.

use std::rc::Rc;

use crate::lexicon::{Entities, Sense, Word};
use crate::model::Passage;

use super::particulars::{has_address, has_form, phone};
use super::{Part, Subject};

/// Somebody whose particulars a legal page gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Publisher,
    /// Who answers for the content, or for data: a person of the publisher's.
    Director,
    Host,
    Other,
}

/// A piece of a line, all of it about one owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub line: usize,
    /// Bytes of the line.
    pub from: usize,
    pub to: usize,
    pub owner: Owner,
}

/// A piece of a line to look at.
#[derive(Clone, Copy)]
pub(super) struct Piece<'a> {
    pub line: &'a Passage,
    pub from: usize,
    pub to: usize,
}

/// Lines after one about somebody that may still be about them.
const MOST_FOLLOWING: usize = 6;
/// A label has no more words: "Host:", "Our hosting provider".
const LABEL_WORDS: usize = 4;
/// Words about roles, and whom they stand for.
const CUES: [(Sense, Owner); 5] = [
    (Sense::CompanyBefore, Owner::Publisher),
    (Sense::PublicationDirector, Owner::Director),
    (Sense::Dpo, Owner::Director),
    (Sense::Host, Owner::Host),
    (Sense::OtherRole, Owner::Other),
];

/// The pieces of a text with their owners, found once for a whole page.
pub(super) fn spans<'a>(subject: &Subject<'a>, part: Part<'a>) -> Rc<Vec<Span>> {
    let entities = subject.entities;
    subject.of(part, "whose", |lines| split(lines, entities))
}

impl<'a> Piece<'a> {
    pub fn of(lines: &'a [Passage], span: &Span) -> Option<Piece<'a>> {
        let line = lines.get(span.line)?;
        Some(Piece {
            line,
            from: span.from,
            to: span.to,
        })
    }

    pub fn text(&self) -> &'a str {
        self.line.text.get(self.from..self.to).unwrap_or_default()
    }

    pub fn words(&self) -> impl Iterator<Item = &'a Word> + use<'a> {
        let (from, to) = (self.from, self.to);
        let words = self.line.reading.words.iter();
        words.filter(move |word| from <= word.start && word.end <= to)
    }

    pub fn has(&self, sense: Sense) -> bool {
        let mut hits = self.line.reading.hits(sense);
        hits.any(|hit| self.from <= hit.start && hit.end <= self.to)
    }
}

/// What lines are about while they are read one after the other.
struct Section {
    owner: Owner,
    /// A heading opened it: it lasts until the next one.
    headed: bool,
    /// Lines since it was opened.
    lines: usize,
    gave: Given,
}

/// What a section gave so far.
#[derive(Clone, Copy, Default)]
struct Given {
    form: bool,
    address: bool,
    phone: bool,
}

fn split(lines: &[Passage], entities: &Entities) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut section = Section::of(Owner::Publisher, true);
    for (at, line) in lines.iter().enumerate() {
        let mut cues = cues(line);
        cues.retain(|cue| section.may_become(cue.owner));
        let first = cues.first().map(|cue| cue.owner);
        let label = line.reading.words.len() <= LABEL_WORDS && line.text.trim_end().ends_with(':');
        match first {
            _ if line.heading => section = Section::of(first.unwrap_or(Owner::Publisher), true),
            Some(owner) if label => section = Section::of(owner, false),
            _ => {
                spans.extend(section.read(line, at, &cues, entities));
                continue;
            }
        }
        spans.push(whole(line, at, section.owner));
    }
    spans
}

impl Section {
    fn of(owner: Owner, headed: bool) -> Section {
        Section {
            owner,
            headed,
            lines: 0,
            gave: Given::default(),
        }
    }

    /// Whether a word about an owner begins something else. Right under "Host", "Company name:" is the
    /// host's.
    fn may_become(&self, owner: Owner) -> bool {
        !(self.owner == Owner::Host && owner == Owner::Publisher && self.lines == 0)
    }

    /// Reads a line into pieces, and goes on from there.
    fn read(&mut self, line: &Passage, at: usize, cues: &[Cue], entities: &Entities) -> Vec<Span> {
        let spans = match cues.is_empty() {
            true => vec![whole(line, at, self.owner)],
            false => pieces(line, at, self.owner, cues, entities),
        };
        let last = spans.last().map_or(self.owner, |span| span.owner);
        if last != self.owner {
            // Of what a sentence says, only a host's particulars go on in the next lines.
            let host = last == Owner::Host;
            *self = Section::of(if host { last } else { Owner::Publisher }, false);
        }
        // What the publisher's lines and those under a heading give, ends nothing.
        let counts = self.owner != Owner::Publisher && !self.headed;
        let gives = match counts {
            true => Given::of(line, &spans, self.owner, entities),
            false => Given::default(),
        };
        if cues.is_empty() && self.ends_before(gives) {
            *self = Section::of(Owner::Publisher, false);
            return vec![whole(line, at, Owner::Publisher)];
        }
        self.lines += 1;
        self.gave = self.gave.and(gives);
        spans
    }

    /// Whether a line without a word about anybody is no longer of this section: too many lines went by,
    /// or it gives again what was given.
    fn ends_before(&self, gives: Given) -> bool {
        let most = match self.owner {
            Owner::Host => MOST_FOLLOWING,
            _ => 1,
        };
        let again = (gives.form && self.gave.form && self.gave.address)
            || (gives.address && self.gave.address)
            || (gives.phone && self.gave.phone);
        self.owner != Owner::Publisher && !self.headed && (again || self.lines >= most)
    }
}

impl Given {
    fn of(line: &Passage, spans: &[Span], owner: Owner, entities: &Entities) -> Given {
        let own = spans.iter().filter(|span| span.owner == owner);
        let pieces = own.map(|span| Piece {
            line,
            from: span.from,
            to: span.to,
        });
        pieces.fold(Given::default(), |given, piece| {
            given.and(Given {
                form: has_form(&piece, entities),
                address: has_address(&piece),
                phone: phone(&piece, entities).is_some(),
            })
        })
    }

    fn and(self, other: Given) -> Given {
        Given {
            form: self.form || other.form,
            address: self.address || other.address,
            phone: self.phone || other.phone,
        }
    }
}

/// A word about a role, and where it stands.
#[derive(Clone, Copy)]
struct Cue {
    start: usize,
    end: usize,
    sentence: u32,
    owner: Owner,
}

/// The words about roles of a line, in order; where several meet, the first of [`CUES`] counts.
fn cues(line: &Passage) -> Vec<Cue> {
    let mut found: Vec<Cue> = Vec::new();
    for (sense, owner) in CUES {
        for hit in line.reading.hits(sense) {
            let meets = |cue: &Cue| cue.start < hit.end && hit.start < cue.end;
            if !found.iter().any(meets) {
                found.push(Cue {
                    start: hit.start,
                    end: hit.end,
                    sentence: hit.sentence,
                    owner,
                });
            }
        }
    }
    found.sort_by_key(|cue| cue.start);
    found
}

/// The pieces of a line that has words about roles. Each word opens one; what stands before the first goes
/// on with what was said before.
fn pieces(
    line: &Passage,
    at: usize,
    before: Owner,
    cues: &[Cue],
    entities: &Entities,
) -> Vec<Span> {
    let end = line.text.len();
    let mut starts = vec![(0, before)];
    for (number, cue) in cues.iter().enumerate() {
        let next = cues.get(number + 1).map_or(end, |next| next.start);
        let (from, to) = line
            .reading
            .sentence_range(cue.sentence)
            .unwrap_or((cue.start, next));
        let rest = Piece {
            line,
            from: cue.start,
            to: to.min(next),
        };
        // "Exemple SAS, 1 rue …, hosts the site": the host stands before the word.
        let behind = cue.owner == Owner::Host
            && !has_form(&rest, entities)
            && !has_address(&rest)
            && !cues[..number]
                .iter()
                .any(|other| other.sentence == cue.sentence);
        let known = starts.last().map_or(0, |(start, _)| *start);
        let start = if behind { from } else { cue.start };
        starts.push((start.max(known), cue.owner));
        // What is said of others ends with its sentence.
        if matches!(cue.owner, Owner::Director | Owner::Other) && to < next {
            starts.push((to, Owner::Publisher));
        }
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([end]);
    starts
        .iter()
        .zip(ends)
        .filter(|((from, _), to)| from < to)
        .map(|(&(from, owner), to)| Span {
            line: at,
            from,
            to,
            owner,
        })
        .collect()
}

fn whole(line: &Passage, at: usize, owner: Owner) -> Span {
    Span {
        line: at,
        from: 0,
        to: line.text.len(),
        owner,
    }
}
