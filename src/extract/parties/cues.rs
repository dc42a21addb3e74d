//! The words that tie a name to its sentence: who collects, who writes or calls, who is given the data, whose
//! something is, and who has another part (host, processor, director of publication).

use crate::lexicon::{Hit, Reading, Sense, Word};
use crate::model::Passage;

use super::super::names::{Name, NameKind};
use super::super::voice::Voice;
use super::sentence_of;

/// How a name is tied to its sentence, from the weakest to the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cue {
    /// Something belongs to it or is about it: "terms of", "… newsletter".
    Owner,
    /// It is given the data: "shared with".
    Receiver,
    /// It writes or calls: "offers from", "… may contact me".
    Sender,
    /// It collects, uses or answers for the data: "the controller is", "… collects".
    Responsible,
}

/// Cues with the words before and after a name that give them, strongest first.
const CUES: [(Cue, &[Sense], &[Sense]); 4] = [
    (
        Cue::Responsible,
        &[Sense::ControllerBefore],
        &[Sense::ControllerAfter],
    ),
    (Cue::Sender, &[Sense::SenderBefore], &[Sense::SenderAfter]),
    (Cue::Receiver, &[Sense::ReceiverBefore], &[]),
    (Cue::Owner, &[Sense::OwnerBefore], &[Sense::OwnerAfter]),
];

/// Words that may stand between a cue and the name it points at.
const BETWEEN: usize = 3;
/// What makes two cues, or two names, one.
const AND: [&str; 16] = [
    "et", "and", "und", "y", "e", "ed", "&", "/", "et/ou", "ou", "or", "oder", "o", "ainsi",
    "sowie", "nonché",
];
/// What may stand between "and" and the second of two names: "to A Ltd and to B Ltd", "ainsi qu'à B SAS".
const AGAIN: [&str; 30] = [
    "à", "a", "au", "aux", "de", "du", "d", "par", "avec", "qu", "que", "la", "le", "les", "l",
    "to", "with", "by", "from", "the", "an", "mit", "von", "die", "der", "das", "al", "alla", "da",
    "con",
];

/// A name's tie to its sentence.
#[derive(Debug, Clone, Copy)]
pub struct Tie {
    pub cue: Option<Cue>,
    /// It is given the data, whatever else it does: "passed to A Ltd, who may call you".
    pub receives: bool,
    /// Where the first of the names stands that are listed with it.
    head: (usize, usize),
}

/// The strongest cue of each name. Names that stand side by side share theirs: "called by A Ltd and B Ltd".
pub fn of_names(passage: &Passage, names: &[Name], voice: &Voice) -> Vec<Tie> {
    let mut cues: Vec<Option<Cue>> = names
        .iter()
        .map(|name| match called_partner(passage, name, voice) {
            true => Some(Cue::Receiver),
            false => strongest(&passage.reading, name, voice),
        })
        .collect();
    let beside = |at: usize| {
        let between = passage.text.get(names[at].end..names[at + 1].start);
        between.is_some_and(is_joint)
    };
    let joined: Vec<usize> = (0..names.len().saturating_sub(1))
        .filter(|&at| beside(at))
        .collect();
    for &at in &joined {
        cues[at + 1] = cues[at + 1].or(cues[at]);
    }
    for &at in joined.iter().rev() {
        cues[at] = cues[at].or(cues[at + 1]);
    }
    let receiver = |name: &Name| {
        let at = (name.start, name.end);
        pointing_at(
            &passage.reading,
            at,
            BETWEEN,
            voice,
            &[Sense::ReceiverBefore],
        )
        .next()
        .is_some()
    };
    let (mut head, mut receives) = ((0, 0), false);
    let ties = cues.into_iter().enumerate().map(|(at, cue)| {
        let listed = at.checked_sub(1).is_some_and(|last| joined.contains(&last));
        if !listed {
            head = (names[at].start, names[at].end);
        }
        receives = receiver(&names[at]) || (listed && receives);
        Tie {
            cue,
            receives,
            head,
        }
    });
    ties.collect()
}

/// A comma, an "and", or both, and the preposition again: ", and to".
fn is_joint(between: &str) -> bool {
    let words = between.trim().trim_start_matches(',').trim();
    let comma = between.trim_start().starts_with(',');
    let lower = words.to_lowercase();
    let mut words = lower
        .split([' ', '\'', '’'])
        .filter(|word| !word.is_empty());
    let first = words.next();
    let and = first.is_none_or(|first| AND.contains(&first));
    let again = words.take(AGAIN.len()).all(|word| AGAIN.contains(&word));
    (comma || first.is_some()) && and && again
}

/// "Our partners A Ltd and B Ltd", "sponsors: A Ltd": right before the name stands that it is another's
/// partner. An article or the kind of company may stand between, a preposition may not: partners of A Ltd are
/// others than A Ltd.
fn called_partner(passage: &Passage, name: &Name, voice: &Voice) -> bool {
    let reading = &passage.reading;
    hits_in(reading, &[Sense::Partners], name.start).any(|hit| {
        let between = passage.text.get(hit.end..name.start);
        let plain = between.is_some_and(|between| {
            !between.contains([',', ';', '.', '/', ')', '–'])
                && !between
                    .split_whitespace()
                    .any(|word| is_preposition(&word.to_lowercase()))
        });
        !hit.negated && plain && joins(reading, voice, hit.end, name.start, BETWEEN)
    })
}

fn is_preposition(word: &str) -> bool {
    const ARTICLES: [&str; 12] = [
        "la", "le", "les", "l", "the", "die", "der", "das", "il", "lo", "el", "los",
    ];
    AGAIN.contains(&word) && !ARTICLES.contains(&word)
}

fn strongest(reading: &Reading, name: &Name, voice: &Voice) -> Option<Cue> {
    // "Opt me in to receive …": the first word of a sentence is a name only right beside its cue.
    let most = match name.kind {
        NameKind::Capitals if name.opens => 0,
        _ => BETWEEN,
    };
    let at = (name.start, name.end);
    CUES.iter()
        .find(|(_, before, after)| cued(reading, at, most, voice, before, after))
        .map(|(cue, _, _)| *cue)
}

/// Whether one of these cues stands right before or right after the name.
fn cued(
    reading: &Reading,
    at: (usize, usize),
    most: usize,
    voice: &Voice,
    before: &[Sense],
    after: &[Sense],
) -> bool {
    pointing_at(reading, at, most, voice, before)
        .next()
        .is_some()
        || hits_in(reading, after, at.1).any(|hit| joins(reading, voice, at.1, hit.start, most))
}

/// The cues of these senses that stand right before a name.
fn pointing_at<'a>(
    reading: &'a Reading,
    at: (usize, usize),
    most: usize,
    voice: &'a Voice,
    senses: &'a [Sense],
) -> impl Iterator<Item = Hit> + 'a {
    hits_in(reading, senses, at.0).filter(move |hit| joins(reading, voice, hit.end, at.0, most))
}

fn hits_in<'a>(
    reading: &'a Reading,
    senses: &'a [Sense],
    at: usize,
) -> impl Iterator<Item = Hit> + 'a {
    let sentence = sentence_of(reading, at);
    senses
        .iter()
        .flat_map(|&sense| reading.hits(sense))
        .filter(move |hit| hit.sentence == sentence)
}

/// Whether only little words, or the kind of the one named ("collected by the association X"), stand between
/// two places. An "and" begins something else.
fn joins(reading: &Reading, voice: &Voice, from: usize, to: usize, most: usize) -> bool {
    let little = |word: &Word| {
        let own = voice.own();
        own.is_some_and(|own| own.is_little(&word.plain)) && !AND.contains(&&*word.plain)
    };
    let kind = |word: &Word| {
        reading
            .hits(Sense::FieldCompany)
            .any(|hit| hit.start <= word.start && word.end <= hit.end)
    };
    let between = reading
        .words
        .iter()
        .filter(|word| word.start >= from && word.end <= to);
    from <= to
        && between.clone().count() <= most
        && between.into_iter().all(|word| little(word) || kind(word))
}

/// Whether the one named is a host, a processor, a director of publication, by the cue that reaches it.
///
/// Of cues before a name the nearest counts: "hosted by Host Ltd and published by Example Ltd". One after it
/// counts where it stands right beside it, or where nothing says who collects.
pub fn plays_other_part(
    passage: &Passage,
    names: &[Name],
    (at, tie): ((usize, usize), Tie),
    voice: &Voice,
) -> bool {
    let reading = &passage.reading;
    let sentences = [at.0, at.1].map(|at| sentence_of(reading, at));
    let hits = |sense| {
        reading
            .hits(sense)
            .filter(move |hit| sentences.contains(&hit.sentence))
    };
    // A cue that begins with the other's words and goes on: "processor of Example Ltd". Of names in a list,
    // the one before the first counts.
    let nearer = |other: Hit| {
        const SENSES: [Sense; 4] = [
            Sense::ControllerBefore,
            Sense::SenderBefore,
            Sense::ReceiverBefore,
            Sense::Partners,
        ];
        [at, tie.head].iter().any(|&at| {
            pointing_at(reading, at, BETWEEN, voice, &SENSES).any(|cue| cue.end > other.end)
        })
    };
    let told = || tie.cue.is_some_and(|cue| cue > Cue::Owner);
    // "Example Ltd and its processors".
    let followed_by_and = passage.text[at.1..]
        .split_whitespace()
        .next()
        .is_some_and(|next| AND.contains(&next));
    hits(Sense::OtherRole)
        // "Édité et hébergé par", "titolare e responsabile": one cue, and it says the controller.
        .filter(|other| !hits(Sense::ControllerBefore).any(|cue| coordinated(passage, cue, *other)))
        .any(|other| {
            if other.start < at.1 {
                !nearer(other)
            } else if apposed(passage, names, at.1, other) {
                !followed_by_and
            } else {
                !told() && !followed_by_and
            }
        })
}

/// Words between a name and what it is said to be: ", agissant en qualité de sous-traitant".
const APPOSED: usize = 4;
/// What says that the one before it is what follows.
const IS: [&str; 13] = [
    "is", "as", "est", "en", "agissant", "acting", "ist", "als", "es", "como", "e", "come", "in",
];

/// "A Ltd, hosted by B Ltd": what is told is the second one's.
const BY: [&str; 9] = [
    "by", "par", "von", "durch", "bei", "da", "dalla", "por", "chez",
];

/// Whether a part is told right after a name, and is not the caption of the next one ("Processor: Host Ltd").
fn apposed(passage: &Passage, names: &[Name], from: usize, other: Hit) -> bool {
    let words: Vec<&Word> = passage.reading.words.iter().collect();
    let between = |from: usize, to: usize| {
        let words = words.iter();
        words.filter(move |word| word.start >= from && word.end <= to)
    };
    let opens = passage.text[from..]
        .trim_start()
        .starts_with([',', '(', '–']);
    let is = between(from, other.start)
        .next()
        .is_some_and(|word| IS.contains(&&*word.plain));
    let next = names.iter().find(|name| name.start >= from);
    let captions = next.is_some_and(|next| {
        next.start < other.start
            || between(other.end, next.start).all(|word| BY.contains(&&*word.plain))
    });
    (opens || is) && between(from, other.start).count() <= APPOSED && !captions
}

/// Whether nothing but "and" stands between two cues.
fn coordinated(passage: &Passage, one: Hit, other: Hit) -> bool {
    let (first, second) = if one.end <= other.start {
        (one, other)
    } else {
        (other, one)
    };
    let between = passage.text.get(first.end..second.start);
    between.is_some_and(|between| AND.contains(&between.trim().to_lowercase().as_str()))
}
