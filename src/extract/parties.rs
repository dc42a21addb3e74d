//! Who is named as what in a text: the controller or sender, recipients, and the site's own brand.
//!
//! A name becomes a party by a cue beside it ("collected by", "… may contact me"), by being the site's
//! brand in a sentence about the data, or by a legal form. It must not judge whether that is enough.

use std::collections::{BTreeMap, HashSet};

use crate::artifact::Dom;
use crate::lexicon::{Entities, Hit, Reading, Sense, plain_words};
use crate::model::{Named, Party, Passage, Place, Where};

use super::names::{self, Name, NameKind};
use super::text::text_of;
use super::voice::Voice;

/// The parties of a passage, by the part they play.
#[derive(Debug, Default)]
pub struct Parties {
    pub controllers: Vec<Named>,
    pub recipients: Vec<Named>,
}

/// Names a site may give itself.
const MOST_BRANDS: usize = 40;
/// Words that may stand between a cue and the name it points at.
const BETWEEN: usize = 3;
/// Cues that a controller or sender is named after, and before.
const BEFORE: [Sense; 2] = [Sense::ControllerBefore, Sense::SenderBefore];
const AFTER: [Sense; 2] = [Sense::ControllerAfter, Sense::SenderAfter];
/// What makes two cues one.
const AND: [&str; 9] = ["et", "and", "und", "y", "e", "ed", "&", "/", "et/ou"];
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

/// Reads the parties of one passage. `brands` are the site's own names.
pub fn read(passage: &Passage, brands: &Brands, voice: &Voice, entities: &Entities) -> Parties {
    let mut parties = Parties::default();
    let names = names::find(&passage.text, &passage.reading.words, voice.own(), entities);
    for name in &names {
        if plays_other_part(passage, &names, (name.start, name.end), voice) {
            continue;
        }
        // "La S.A.S. Exemple" may look like two sentences.
        let sentences = [name.start, name.end].map(|at| sentence_of(&passage.reading, at));
        let says = |sense| {
            sentences
                .iter()
                .any(|&sentence| passage.reading.sentence_has(sentence, sense))
        };
        if name.kind == NameKind::Capitals && title_case(passage, name, sentences[0]) {
            continue;
        }
        // "Opt me in to receive …": the first word of a sentence is a name only right beside its cue.
        let most = match name.kind {
            NameKind::Capitals if name.opens => 0,
            _ => BETWEEN,
        };
        let at = (name.start, name.end);
        let cued = cued(&passage.reading, at, most, voice, &BEFORE, &AFTER);
        let is_brand = brands
            .names
            .iter()
            .any(|brand| same(brand, &name.party.name));
        if name.kind == NameKind::Capitals && !is_brand && brands.is_common(&name.party.name) {
            continue;
        }
        let about = ABOUT_DATA.iter().any(|&sense| says(sense));
        let controls = cued
            || (is_brand && about)
            || (name.kind == NameKind::Entity && about && !says(Sense::Partners));
        let named = || named(&name.party, passage, (name.start, name.end));
        if controls {
            parties.controllers.push(named());
        } else if name.kind == NameKind::Entity && says(Sense::Partners) {
            parties.recipients.push(named());
        }
    }
    for brand in &brands.names {
        let known = parties
            .controllers
            .iter()
            .any(|known| same(&known.party.name, brand));
        // The domain of an e-mail address names nobody.
        let at =
            brand_at(&passage.reading, brand).filter(|at| !passage.text[..at.0].ends_with('@'));
        if !known && let Some(at) = at {
            let sentence = sentence_of(&passage.reading, at.0);
            let about = ABOUT_DATA
                .iter()
                .any(|&sense| passage.reading.sentence_has(sentence, sense));
            if about && !plays_other_part(passage, &names, at, voice) {
                let party = Party {
                    name: passage.text[at.0..at.1].to_string(),
                    ..Party::default()
                };
                parties.controllers.push(named(&party, passage, at));
            }
        }
    }
    parties
}

fn named(party: &Party, passage: &Passage, at: (usize, usize)) -> Named {
    let quote = passage
        .reading
        .sentence_range(sentence_of(&passage.reading, at.0))
        .and_then(|(from, to)| passage.text.get(from..to.max(at.1)))
        .unwrap_or(&passage.text);
    Named {
        party: party.clone(),
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

/// Whether most words around the name have a capital too: then its own says nothing.
fn title_case(passage: &Passage, name: &Name, sentence: u32) -> bool {
    let around = passage.reading.words.iter().filter(|word| {
        word.sentence == sentence && (word.end <= name.start || word.start >= name.end)
    });
    let (mut capital, mut all) = (0, 0);
    for word in around {
        let text = &passage.text[word.start..word.end];
        all += 1;
        capital += usize::from(text.starts_with(char::is_uppercase));
    }
    all >= TELLING && 2 * capital > all
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
    let little = |plain: &str| voice.own().is_some_and(|lexicon| lexicon.is_little(plain));
    let between = |from: usize, to: usize| {
        let words: Vec<_> = reading
            .words
            .iter()
            .filter(|word| word.start >= from && word.end <= to)
            .collect();
        from <= to && words.len() <= most && words.iter().all(|word| little(&word.plain))
    };
    let hits = |senses: &[Sense], at: usize| {
        let sentence = sentence_of(reading, at);
        let hits = senses.iter().flat_map(|&sense| reading.hits(sense));
        hits.filter(move |hit| hit.sentence == sentence)
            .collect::<Vec<_>>()
    };
    hits(before, at.0).iter().any(|hit| between(hit.end, at.0))
        || hits(after, at.1).iter().any(|hit| between(at.1, hit.start))
}

/// Whether the one named is a host, a processor, a director of publication, by the cue that reaches it.
///
/// A cue before it does, unless another company is named in between and a controller's cue stands beside
/// this one: "hosted by Host Ltd and published by Example Ltd". One after it does, unless a controller's
/// cue stands beside it.
fn plays_other_part(passage: &Passage, names: &[Name], at: (usize, usize), voice: &Voice) -> bool {
    let reading = &passage.reading;
    let sentences = [at.0, at.1].map(|at| sentence_of(reading, at));
    let hits = |sense| {
        reading
            .hits(sense)
            .filter(move |hit| sentences.contains(&hit.sentence))
    };
    let controller_before = cued(reading, at, BETWEEN, voice, &[Sense::ControllerBefore], &[]);
    let controller = cued(reading, at, BETWEEN, voice, &BEFORE, &AFTER);
    // "Example Ltd and its processors".
    let followed_by_and = passage.text[at.1..]
        .split_whitespace()
        .next()
        .is_some_and(|next| AND.contains(&next));
    let another_since = |place: usize| {
        names
            .iter()
            .any(|name| name.kind == NameKind::Entity && place <= name.start && name.end < at.0)
    };
    hits(Sense::OtherRole)
        // "Édité et hébergé par", "titolare e responsabile": one cue, and it says the controller.
        .filter(|other| !hits(Sense::ControllerBefore).any(|cue| coordinated(passage, cue, *other)))
        .any(|other| {
            if other.start < at.1 {
                !(controller_before && another_since(other.end))
            } else {
                !controller && !followed_by_and
            }
        })
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

/// Where a brand stands in a text, whatever its case.
fn brand_at(reading: &Reading, brand: &str) -> Option<(usize, usize)> {
    let wanted: Vec<String> = plain_words(brand);
    if wanted.is_empty() {
        return None;
    }
    reading
        .words
        .windows(wanted.len())
        .find(|window| {
            window
                .iter()
                .zip(&wanted)
                .all(|(word, wanted)| *word.plain == **wanted)
        })
        .map(|window| (window[0].start, window[window.len() - 1].end))
}

fn same(one: &str, other: &str) -> bool {
    plain_words(one) == plain_words(other)
}

/// The names the site gives itself. None of them says that somebody is responsible.
#[derive(Debug, Default)]
pub struct Brands {
    /// All of them: `og:site_name`, logo, copyright line, the title's parts, the domain.
    pub names: Vec<String>,
    /// Those a visitor can read on the page: logo and copyright line.
    pub readable: Vec<String>,
    /// Words that the page writes small somewhere: a capital does not make them a name.
    common: HashSet<String>,
}

impl Brands {
    fn is_common(&self, name: &str) -> bool {
        self.common.contains(&name.to_lowercase())
    }
}

/// Words of a page that are looked at.
const MOST_WORDS: usize = 50_000;

/// The words that a page writes small; addresses hold none.
fn small_words(dom: &Dom) -> HashSet<String> {
    let texts = (0..dom.nodes.len()).filter_map(|id| dom.node(id).text());
    texts
        .flat_map(str::split_whitespace)
        .take(MOST_WORDS)
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| {
            word.starts_with(char::is_lowercase) && word.chars().all(char::is_alphabetic)
        })
        .map(str::to_string)
        .collect()
}

/// Finds the site's names for itself.
pub fn brands(dom: &Dom, voice: &Voice) -> Brands {
    let mut found: BTreeMap<String, bool> = BTreeMap::new();
    let mut add = |text: &str, readable: bool| {
        let text = text.trim();
        let words = plain_words(text);
        let generic = voice.own().is_some_and(|lexicon| {
            let reading = lexicon.read(text);
            reading.has_any(&[
                Sense::Newsletter,
                Sense::Marketing,
                Sense::LinkPrivacy,
                Sense::LinkLegal,
                Sense::LinkTerms,
                Sense::LinkCollection,
                Sense::FormLogin,
                Sense::FormRegister,
                Sense::FormContact,
                Sense::FormCheckout,
                Sense::FormSearch,
                Sense::Submit,
            ]) || reading.words.iter().all(|w| lexicon.is_little(&w.plain))
        });
        let length: usize = words.iter().map(String::len).sum();
        let room = found.len() < MOST_BRANDS || found.contains_key(text);
        if room && (1..=5).contains(&words.len()) && (3..=40).contains(&length) && !generic {
            *found.entry(text.to_string()).or_default() |= readable;
        }
    };
    for id in dom.elements().take(20_000) {
        let node = dom.node(id);
        match node.name() {
            "meta" => {
                let names_site = ["property", "name"].iter().any(|key| {
                    matches!(
                        node.filled(key),
                        Some(
                            "og:site_name"
                                | "application-name"
                                | "author"
                                | "publisher"
                                | "copyright"
                        )
                    )
                });
                if names_site && let Some(content) = node.filled("content") {
                    add(content, false);
                }
            }
            "img" => {
                let logo = ["class", "id", "alt", "src"].iter().any(|key| {
                    node.filled(key)
                        .is_some_and(|value| value.to_ascii_lowercase().contains("logo"))
                });
                if logo && let Some(alt) = node.filled("alt") {
                    add(&without_word(alt, "logo"), true);
                }
            }
            _ => {}
        }
        if let Some(holder) = copyright_holder(dom, id) {
            add(&holder, true);
        }
    }
    if let Some(top) = dom.documents.first() {
        let title = top.title.replace(" - ", "|");
        let parts = title.split(['|', '–', '—', '•', '·', ':', '»', '«']);
        let parts: Vec<&str> = parts.map(str::trim).filter(|p| !p.is_empty()).collect();
        // The last part of a title is the site, or the first where the address agrees; a single part
        // may be anything.
        let label = site_label(&top.url).unwrap_or_default();
        if let [first, .., last] = parts[..] {
            add(last, false);
            let squashed = plain_words(first).concat();
            if !label.is_empty() && (squashed.contains(&label) || label.contains(&squashed)) {
                add(first, false);
            }
        }
        if !label.is_empty() {
            add(&label, false);
        }
    }
    Brands {
        readable: found
            .iter()
            .filter(|(_, readable)| **readable)
            .map(|(name, _)| name.clone())
            .collect(),
        names: found.into_keys().collect(),
        common: small_words(dom),
    }
}

/// The registrable label of a host: `exemple` of `www.exemple.fr`.
fn site_label(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    let host = url.domain()?;
    let domain = psl::domain_str(host)?;
    domain.split('.').next().map(str::to_string)
}

fn copyright_holder(dom: &Dom, id: crate::artifact::NodeId) -> Option<String> {
    let node = dom.node(id);
    let holds = dom
        .children(id)
        .filter_map(|child| dom.node(child).text())
        .any(|text| text.contains('©') || text.contains("(c)") || text.contains("Copyright"));
    if !holds || matches!(node.name(), "script" | "style") {
        return None;
    }
    let text = text_of(dom, id);
    let at = text.find(['©']).map(|at| at + '©'.len_utf8());
    let at = at.or_else(|| text.find("Copyright").map(|at| at + "Copyright".len()))?;
    let rest = text[at..].trim_start_matches(|c: char| !c.is_alphabetic());
    let holder: String = rest
        .split(['.', ',', '|', '–', '-', '©', ';', '(', '\n', '—'])
        .next()?
        .chars()
        .take(60)
        .collect();
    Some(without_word(&holder, "copyright"))
}

fn without_word(text: &str, word: &str) -> String {
    text.split_whitespace()
        .filter(|part| !part.eq_ignore_ascii_case(word))
        .filter(|part| !part.chars().all(|c| c.is_ascii_digit()))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The readable brands as hints that somebody is there, for the report.
pub fn hints(brands: &Brands, place: &Place) -> Vec<Named> {
    brands
        .readable
        .iter()
        .map(|brand| Named {
            party: Party {
                name: brand.clone(),
                ..Party::default()
            },
            quote: brand.clone(),
            nearness: Where::Page,
            place: place.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicons;
    use crate::model::Seen;

    fn lexicons() -> Lexicons {
        Lexicons::load([
            ("de.toml", include_str!("../../rules/lexicon/de.toml")),
            ("en.toml", include_str!("../../rules/lexicon/en.toml")),
            ("es.toml", include_str!("../../rules/lexicon/es.toml")),
            ("fr.toml", include_str!("../../rules/lexicon/fr.toml")),
            ("it.toml", include_str!("../../rules/lexicon/it.toml")),
        ])
        .unwrap()
    }

    /// The names a sentence gives as controller or sender.
    fn controllers(voice: &Voice, entities: &Entities, text: &str) -> Vec<String> {
        let place = Place::default();
        let passage = Passage {
            text: text.to_string(),
            reading: voice.read(text),
            nearness: Where::Page,
            labels_control: false,
            navigation: false,
            heading: false,
            seen: Seen {
                capture: String::new(),
                visible: None,
                bounds: None,
            },
            place,
            look: None,
        };
        let found = read(&passage, &Brands::default(), voice, entities).controllers;
        found.into_iter().map(|named| named.party.name).collect()
    }

    fn check(cases: &[(&str, &str, &[&str])]) {
        let lexicons = lexicons();
        let entities =
            Entities::load("entities.toml", include_str!("../../rules/entities.toml")).unwrap();
        let wrong: Vec<String> = cases
            .iter()
            .filter_map(|(language, text, wanted)| {
                let voice = Voice::new(&lexicons, Some(language));
                let got = controllers(&voice, &entities, text);
                (got != *wanted).then(|| format!("{language}: {text}: {got:?}"))
            })
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn hosts_processors_and_directors_are_no_controllers() {
        check(&[
            (
                "fr",
                "Le site est hébergé par Nuage SAS, 2 rue des Exemples, 59000 Lille.",
                &[],
            ),
            (
                "fr",
                "Hébergeur : la société Nuage SAS, RCS Lille 123 456 782",
                &[],
            ),
            (
                "fr",
                "Directeur de la publication : Jean Exemple, SAS Exemple",
                &[],
            ),
            (
                "fr",
                "Vos données sont traitées par notre sous-traitant Routage SARL.",
                &[],
            ),
            (
                "fr",
                "Nuage SAS est l'hébergeur de ce site et traite des données.",
                &[],
            ),
            (
                "en",
                "This website is hosted by Cloudy Ltd, 1 Sample Street.",
                &[],
            ),
            ("en", "Our data processor is Mailing Example Inc.", &[]),
            ("en", "Payments are processed by Paying Example Ltd.", &[]),
            (
                "en",
                "Director of publication: Jane Sample, Sample Holding Ltd",
                &[],
            ),
            (
                "de",
                "Auftragsverarbeiter ist die Wolke GmbH, Musterstraße 1.",
                &[],
            ),
            ("de", "Das Hosting erfolgt durch die Wolke GmbH.", &[]),
            (
                "de",
                "Personenbezogene Daten werden auf Servern der Wolke AG verarbeitet.",
                &[],
            ),
            (
                "de",
                "Verantwortlich für den Inhalt nach § 18 MStV: Max Muster, Muster Verlag GmbH",
                &[],
            ),
            (
                "it",
                "Il responsabile del trattamento dei dati è Nuvola S.r.l.",
                &[],
            ),
            (
                "it",
                "Il sito è ospitato da Nuvola S.p.A. e tratta dati personali.",
                &[],
            ),
            (
                "it",
                "Direttore responsabile: Mario Esempio, Esempio Editore S.r.l.",
                &[],
            ),
            (
                "es",
                "El encargado del tratamiento de los datos es Nube S.L.",
                &[],
            ),
            ("es", "El sitio está alojado por la empresa Nube, S.L.", &[]),
            (
                "es",
                "Director de la publicación: Juan Ejemplo, Ejemplo S.A.",
                &[],
            ),
        ]);
    }

    #[test]
    fn controllers_beside_other_parts_are_found() {
        check(&[
            (
                "fr",
                "Ce site est édité par Exemple SAS et hébergé par Nuage SAS.",
                &["Exemple"],
            ),
            (
                "fr",
                "Ce site est édité et hébergé par Exemple SAS.",
                &["Exemple"],
            ),
            (
                "fr",
                "Site hébergé par Nuage SAS et édité par la SARL Exemple.",
                &["Exemple"],
            ),
            (
                "fr",
                "Le responsable du traitement est la S.A.S. Exemple.",
                &["Exemple"],
            ),
            (
                "fr",
                "Les données sont collectées par SAS EXEMPLE AUTO.",
                &["EXEMPLE AUTO"],
            ),
            (
                "en",
                "The data controller is Example Ltd and the site is hosted by Cloudy Ltd.",
                &["Example"],
            ),
            (
                "en",
                "Example Ltd and its processors use your data.",
                &["Example"],
            ),
            (
                "en",
                "Example Ltd. will use your data to contact you.",
                &["Example"],
            ),
            (
                "de",
                "Verantwortlicher im Sinne der DSGVO ist die Muster GmbH.",
                &["Muster"],
            ),
            (
                "de",
                "Die Muster GmbH verarbeitet Ihre Daten mit einem Auftragsverarbeiter.",
                &["Muster"],
            ),
            (
                "it",
                "Titolare del trattamento è Esempio S.r.l. con sede a Milano.",
                &["Esempio"],
            ),
            (
                "it",
                "Titolare e responsabile del trattamento è Esempio S.p.A., Milano.",
                &["Esempio"],
            ),
            (
                "it",
                "Esempio S.r.l. tratta i tuoi dati in qualità di titolare.",
                &["Esempio"],
            ),
            (
                "es",
                "El responsable del tratamiento es Ejemplo S.L., con CIF B00000018.",
                &["Ejemplo"],
            ),
            (
                "es",
                "Responsable y encargado del tratamiento: Ejemplo, S.L.U.",
                &["Ejemplo"],
            ),
        ]);
    }
}
