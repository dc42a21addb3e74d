//! Words that have a capital for another reason than being a name: documents, channels, places, days,
//! departments, fields.

use crate::lexicon::{Entities, Lexicon, Reading, Sense, Word};

/// What a name is not about, in most of its words.
const COMMON: [Sense; 22] = [
    Sense::Privacy,
    Sense::Terms,
    Sense::Newsletter,
    Sense::Marketing,
    Sense::Email,
    Sense::Sms,
    Sense::Phone,
    Sense::Submit,
    Sense::Consent,
    Sense::LinkPrivacy,
    Sense::LinkLegal,
    Sense::LinkTerms,
    Sense::Partners,
    Sense::FieldName,
    Sense::FieldFirstName,
    Sense::FieldLastName,
    Sense::FieldPhone,
    Sense::FieldEmail,
    Sense::FieldTitle,
    Sense::FormLogin,
    Sense::ControllerBefore,
    Sense::OtherRole,
];

/// What may stand with a name and is no part of it: "Conditions of Example", "Example Newsletter".
const DOCUMENTS: [Sense; 6] = [
    Sense::Privacy,
    Sense::Terms,
    Sense::Newsletter,
    Sense::LinkPrivacy,
    Sense::LinkLegal,
    Sense::LinkTerms,
];

fn within(reading: &Reading, word: &Word, senses: &[Sense]) -> bool {
    let hits = senses.iter().flat_map(|&sense| reading.hits(sense));
    hits.into_iter()
        .any(|hit| hit.start <= word.start && word.end <= hit.end)
}

/// Whether words written as a name are none.
pub fn is_common(name: &str, lexicon: Option<&Lexicon>, entities: &Entities) -> bool {
    let Some(lexicon) = lexicon else {
        return false;
    };
    // Where every noun has a capital, only unusual writing marks a name.
    if lexicon.capital_nouns {
        let odd = |word: &str| word.chars().skip(1).any(char::is_uppercase) || word.contains('&');
        // "Haustier-Themen" are two nouns.
        if !name.split([' ', '-', '\u{a0}']).any(odd) {
            return true;
        }
    }
    let reading = lexicon.read(name);
    // "RCS Lyon" is a register.
    let register = reading.words.first();
    register.is_some_and(|word| !word.little && entities.is_particular(&word.plain))
        || names_nobody(&reading, entities)
        || is_mostly_common(&reading)
}

/// Whether each of the words is a place, a day, a department, a word of a trade: "England and Wales",
/// "Black Friday", "Customer Services".
fn names_nobody(reading: &Reading, entities: &Entities) -> bool {
    let nobody = |word: &Word| {
        word.little
            || within(reading, word, &[Sense::NoName])
            || within(reading, word, &COMMON)
            || entities.is_generic(&word.plain)
    };
    !reading.words.is_empty() && reading.words.iter().all(nobody)
}

fn is_mostly_common(reading: &Reading) -> bool {
    let common = |word: &&Word| word.little || within(reading, word, &COMMON);
    let (covered, all) = (
        reading.words.iter().filter(common).count(),
        reading.words.len(),
    );
    // "Gruppo Sole" is one, "Partner Newsletter" is none.
    let group = all == 2 && reading.has(Sense::Partners);
    2 * covered > all || (2 * covered == all && all <= 2 && !group)
}

/// How many of a name's first words belong to a document of its bearer ("Conditions générales de"): those
/// before a word of `of`, where they name documents alone.
pub fn head(reading: &Reading, of: &[&str]) -> usize {
    let words = &reading.words;
    let document = |word: &Word| word.little || within(reading, word, &DOCUMENTS);
    (1..words.len().saturating_sub(1))
        .filter(|&at| of.contains(&&*words[at].plain) && words[..at].iter().all(document))
        .map(|at| at + 1)
        .max()
        .unwrap_or(0)
}

/// How many of a name's last words are a document or a mailing of its bearer: "Example Newsletter".
pub fn tail(reading: &Reading) -> usize {
    let words = &reading.words;
    let document = |word: &Word| word.little || within(reading, word, &DOCUMENTS);
    let kept = words.iter().rposition(|word| !document(word));
    kept.map_or(0, |last| words.len() - last - 1)
}
