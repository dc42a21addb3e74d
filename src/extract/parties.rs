//! Who is named as what in a text: the controller or sender, recipients, and the site's own brand.
//!
//! A name becomes a party by a cue beside it ("collected by", "… may contact me"), by being the site's
//! brand in a sentence about the data, or by a legal form. It must not judge whether that is enough.

mod brands;
mod cues;
#[cfg(test)]
mod tests;

use crate::lexicon::{Entities, Reading, Sense, Word};
use crate::model::{Named, Part, Party, Passage, Where};

use super::names::{self, Name, NameKind};
use super::voice::Voice;

pub use brands::{Brands, brands, hints};

use cues::Cue;

/// The parties of a passage, by the part they play.
#[derive(Debug, Default)]
pub struct Parties {
    pub controllers: Vec<Named>,
    pub recipients: Vec<Named>,
}

/// Sentences about data, mailings or the other party: a brand named in one is a party.
const ABOUT_DATA: [Sense; 10] = [
    Sense::Consent,
    Sense::Marketing,
    Sense::Newsletter,
    Sense::Purpose,
    Sense::Privacy,
    Sense::AcceptTerms,
    Sense::Bundle,
    Sense::Transfer,
    Sense::ControllerBefore,
    Sense::ControllerAfter,
];
/// The same where a company stands anywhere on a page: an article speaks of offers and purposes too.
const ON_PAGE: [Sense; 7] = [
    Sense::Consent,
    Sense::Privacy,
    Sense::AcceptTerms,
    Sense::Bundle,
    Sense::Transfer,
    Sense::ControllerBefore,
    Sense::ControllerAfter,
];

/// A name of a passage.
struct Candidate {
    name: Name,
    /// It is the site's own.
    own: bool,
}

/// Reads the parties of one passage. `brands` are the site's own names.
pub fn read(passage: &Passage, brands: &Brands, voice: &Voice, entities: &Entities) -> Parties {
    let candidates = candidates(passage, brands, voice, entities);
    let names: Vec<Name> = candidates.iter().map(|c| c.name.clone()).collect();
    let cues = cues::of_names(passage, &names, voice);
    let reader = Reader {
        passage,
        brands,
        voice,
    };
    let mut parties = Parties::default();
    for (candidate, tie) in candidates.iter().zip(cues) {
        let (name, cue) = (&candidate.name, tie.cue);
        let at = (name.start, name.end);
        if cues::plays_other_part(passage, &names, (at, tie), voice)
            || reader.only_written_so(candidate, cue)
        {
            continue;
        }
        if let Some(part) = reader.part(candidate, cue) {
            // One that is given the data and writes or calls is both.
            let near = passage.nearness != Where::Page;
            if part == Part::Sender && tie.receives && near {
                let party = named(&name.party, Part::Receiver, passage, at);
                parties.recipients.push(party);
            }
            let list = match part {
                Part::Receiver => &mut parties.recipients,
                _ => &mut parties.controllers,
            };
            list.push(named(&name.party, part, passage, at));
        }
    }
    parties
}

/// The names of a passage, and the site's own where no other name stands.
fn candidates(
    passage: &Passage,
    brands: &Brands,
    voice: &Voice,
    entities: &Entities,
) -> Vec<Candidate> {
    let text = &passage.text;
    let found = names::find(text, &passage.reading.words, voice.own(), entities);
    let places = brands.places(text, &passage.reading, voice);
    let within = |name: &Name, at: &(usize, usize)| name.start <= at.0 && at.1 <= name.end;
    let mut out: Vec<Candidate> = Vec::new();
    for name in found {
        // "Example Policies and Notes": the site's name, and what the page calls something of its own.
        let inside = places.iter().find(|at| within(&name, at));
        let joined = name.party.name.contains(" and ") || name.party.name.contains(" & ");
        let shorter = inside.filter(|_| name.kind == NameKind::Capitals && joined);
        let own = inside.is_some() || brands.agree(&name.party.name);
        let name = match shorter {
            Some(&at) if !brands.agree(&name.party.name) => brand_name(text, at),
            _ => name,
        };
        out.push(Candidate { name, own });
    }
    for at in places {
        if !out.iter().any(|known| within(&known.name, &at)) {
            out.push(Candidate {
                name: brand_name(text, at),
                own: true,
            });
        }
    }
    out.sort_by_key(|candidate| candidate.name.start);
    out
}

fn brand_name(text: &str, at: (usize, usize)) -> Name {
    Name {
        party: Party {
            name: text[at.0..at.1].to_string(),
            ..Party::default()
        },
        start: at.0,
        end: at.1,
        kind: NameKind::Capitals,
        opens: false,
    }
}

fn named(party: &Party, part: Part, passage: &Passage, at: (usize, usize)) -> Named {
    let quote = passage
        .reading
        .sentence_range(sentence_of(&passage.reading, at.0))
        .and_then(|(from, to)| passage.text.get(from..to.max(at.1)))
        .unwrap_or(&passage.text);
    Named {
        party: party.clone(),
        part,
        quote: quote.to_string(),
        nearness: passage.nearness,
        place: passage.place.clone(),
    }
}

fn sentence_of(reading: &Reading, at: usize) -> u32 {
    reading
        .words
        .iter()
        .take_while(|word| word.start <= at)
        .last()
        .map_or(0, |word| word.sentence)
}

/// Words around a name that tell how its sentence is written.
const TELLING: usize = 4;
/// More words than this are more than a field's or a button's caption.
const CAPTION_WORDS: usize = 3;
/// So many words in capitals are shouted, not named.
const SHOUTED_WORDS: usize = 3;

/// What the names of one passage are judged with.
struct Reader<'a> {
    passage: &'a Passage,
    brands: &'a Brands,
    voice: &'a Voice<'a>,
}

impl Reader<'_> {
    /// The part that a name plays, `None` where it is only a name.
    fn part(&self, candidate: &Candidate, cue: Option<Cue>) -> Option<Part> {
        let name = &candidate.name;
        let near = self.passage.nearness != Where::Page;
        let says = |sense| self.says(name, sense);
        let about = || {
            let senses: &[Sense] = if near { &ABOUT_DATA } else { &ON_PAGE };
            senses.iter().any(|&sense| says(sense))
        };
        if candidate.own {
            let about = ABOUT_DATA.iter().any(|&sense| says(sense));
            return (cue.is_some() || about).then_some(Part::Responsible);
        }
        let told = match cue {
            Some(Cue::Responsible) => Some(Part::Responsible),
            Some(Cue::Sender) => Some(Part::Sender),
            Some(Cue::Receiver) => Some(Part::Receiver),
            Some(Cue::Owner) => Some(Part::Mentioned),
            None => None,
        };
        match name.kind {
            NameKind::Entity if near => told.or_else(|| {
                let partners = says(Sense::Partners);
                let part = if partners {
                    Part::Receiver
                } else {
                    Part::Sender
                };
                (partners || about()).then_some(part)
            }),
            NameKind::Entity => match told {
                Some(Part::Receiver) => None,
                Some(part) => Some(part),
                None => (about() && !says(Sense::Partners)).then_some(Part::Sender),
            },
            // Outside a form, a name without a legal form that others give data to may be anything, and so
            // may one that something belongs to.
            _ => told.filter(|&part| match part {
                Part::Responsible => true,
                Part::Sender => near,
                Part::Mentioned => near && (self.passage.labels_control || about()),
                Part::Receiver => near,
            }),
        }
    }

    /// Whether the sentence of a name has a sense. "La S.A.S. Exemple" may look like two sentences.
    fn says(&self, name: &Name, sense: Sense) -> bool {
        let reading = &self.passage.reading;
        [name.start, name.end]
            .map(|at| sentence_of(reading, at))
            .iter()
            .any(|&sentence| reading.sentence_has(sentence, sense))
    }

    /// Whether words have their capitals for another reason than being a name: a title's, a caption's, a
    /// sentence's. The site's own name has them by right.
    fn only_written_so(&self, candidate: &Candidate, cue: Option<Cue>) -> bool {
        let name = &candidate.name;
        if candidate.own || name.kind != NameKind::Capitals {
            return false;
        }
        let capital_nouns = self.voice.own().is_some_and(|own| own.capital_nouns);
        let written = &name.party.name;
        let opens = || {
            let rest = self.passage.text[name.end..].trim_start();
            name.opens
                && (self.is_caption(name) || rest.starts_with(',') || cue == Some(Cue::Owner))
        };
        (!capital_nouns && self.title_case(name))
            || self.brands.is_common(written)
            || self.is_words(name, cue)
            || is_shouted(written)
            || opens()
    }

    /// Whether most words around the name have a capital too: then its own says nothing.
    fn title_case(&self, name: &Name) -> bool {
        let sentence = sentence_of(&self.passage.reading, name.start);
        let around = self.passage.reading.words.iter().filter(|word| {
            word.sentence == sentence && (word.end <= name.start || word.start >= name.end)
        });
        let (mut capital, mut all) = (0, 0);
        for word in around {
            let text = &self.passage.text[word.start..word.end];
            all += 1;
            capital += usize::from(text.starts_with(char::is_uppercase));
        }
        all >= TELLING && 2 * capital > all
    }

    /// "Repeat email": a caption that speaks of no newsletter.
    fn is_caption(&self, name: &Name) -> bool {
        let reading = &self.passage.reading;
        let sentence = sentence_of(reading, name.start);
        let words = reading.words.iter().filter(|w| w.sentence == sentence);
        words.count() <= CAPTION_WORDS && !reading.sentence_has(sentence, Sense::Newsletter)
    }

    /// Whether a name is words of the language and no more: "Leggi l'informativa". Several of them are a
    /// name where they are said to do something.
    fn is_words(&self, name: &Name, cue: Option<Cue>) -> bool {
        let Some(own) = self.voice.own() else {
            return false;
        };
        let words: Vec<&Word> = self
            .passage
            .reading
            .words
            .iter()
            .filter(|word| word.start >= name.start && word.end <= name.end)
            .collect();
        let known = words.iter().all(|word| word.little || own.knows(word));
        known && (words.len() == 1 || cue == Some(Cue::Owner))
    }
}

/// "AVVISO RITIRO PRODOTTO": words in capitals throughout.
fn is_shouted(name: &str) -> bool {
    let shouted = |word: &&str| word.chars().count() > 1 && !word.contains(char::is_lowercase);
    let words = name.split_whitespace();
    words.clone().count() >= SHOUTED_WORDS && words.into_iter().all(|word| shouted(&word))
}
