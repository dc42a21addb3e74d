//! The names that a site gives itself: in its title, logo, copyright line, metadata and address.
//!
//! None of them says that somebody is responsible; they tell which of the names in a text is the site's own.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::artifact::{Dom, NodeId};
use crate::lexicon::{Reading, Sense, plain_words};
use crate::model::{Named, Part, Party, Place, Where};

use super::super::text::text_of;
use super::super::voice::Voice;

/// Names a site may give itself.
const MOST_BRANDS: usize = 40;
/// Elements of a page that are looked at.
const MOST_ELEMENTS: usize = 20_000;
/// What a title's part or a logo's text is about where it is no name.
const GENERIC: [Sense; 12] = [
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
];

/// The names the site gives itself. None of them says that somebody is responsible.
#[derive(Debug, Default)]
pub struct Brands {
    /// All of them: `og:site_name`, logo, copyright line, the title's parts, the domain.
    pub names: Vec<String>,
    /// Those a visitor can read on the page: logo and copyright line.
    readable: Vec<String>,
    /// Words that the page writes small as often as not: a capital does not make them a name.
    common: HashSet<String>,
}

impl Brands {
    pub fn is_common(&self, name: &str) -> bool {
        self.common.contains(&name.to_lowercase())
    }

    /// Whether a name is one of the site's, however its words are joined.
    pub fn agree(&self, name: &str) -> bool {
        let wanted = plain_words(name).concat();
        let same = |brand: &String| plain_words(brand).concat() == wanted;
        !wanted.is_empty() && self.names.iter().any(same)
    }

    /// Where a text writes one of the site's names: with a capital or, where the site writes it without one
    /// too, as a word of no language.
    pub fn places(&self, text: &str, reading: &Reading, voice: &Voice) -> Vec<(usize, usize)> {
        let mut places: Vec<(usize, usize)> = self
            .names
            .iter()
            .filter_map(|brand| place(text, reading, brand, voice))
            .collect();
        // Of two names at one place the longer one is meant.
        places.sort_unstable_by_key(|&(start, end)| (start, std::cmp::Reverse(end)));
        let mut taken = 0;
        places.retain(|&(start, end)| {
            start >= taken && {
                taken = end;
                true
            }
        });
        places
    }
}

/// Where a text writes one name of the site's.
fn place(text: &str, reading: &Reading, brand: &str, voice: &Voice) -> Option<(usize, usize)> {
    let wanted: Vec<String> = plain_words(brand);
    if wanted.is_empty() {
        return None;
    }
    let is_word = |plain: &str| {
        let known = |own: &crate::lexicon::Lexicon| {
            let read = own.read(plain);
            read.words.iter().all(|word| word.little || own.knows(word))
        };
        voice.own().is_some_and(known)
    };
    let named = |from: usize, to: usize| {
        let written = text.get(from..to).unwrap_or_default();
        // The domain of an e-mail address names nobody.
        let address = text[..from].ends_with('@');
        let small = wanted.len() == 1 && !brand.contains(char::is_uppercase) && !is_word(brand);
        !address && (small || written.contains(|c: char| c.is_uppercase() || c.is_numeric()))
    };
    reading
        .words
        .windows(wanted.len())
        .filter(|window| {
            let mut pairs = window.iter().zip(&wanted);
            pairs.all(|(word, wanted)| *word.plain == **wanted)
        })
        .map(|window| (window[0].start, window[window.len() - 1].end))
        .find(|&(from, to)| named(from, to))
}

/// Words of a page that are looked at.
const MOST_WORDS: usize = 50_000;

/// The words that a page writes small as often as with a capital; addresses hold none.
fn small_words(dom: &Dom) -> HashSet<String> {
    let mut written: HashMap<String, (usize, usize)> = HashMap::new();
    let texts = (0..dom.nodes.len()).filter_map(|id| dom.node(id).text());
    let words = texts
        .flat_map(str::split_whitespace)
        .take(MOST_WORDS)
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().all(char::is_alphabetic));
    for word in words {
        let (small, capital) = written.entry(word.to_lowercase()).or_default();
        *small += usize::from(word.starts_with(char::is_lowercase));
        *capital += usize::from(word.starts_with(char::is_uppercase));
    }
    written.retain(|_, (small, capital)| *small > 0 && *small >= *capital);
    written.into_keys().collect()
}

/// The site's names as they are met.
struct Found<'a> {
    voice: &'a Voice<'a>,
    /// Each with whether a visitor can read it.
    names: BTreeMap<String, bool>,
}

impl Found<'_> {
    fn add(&mut self, text: &str, readable: bool) {
        let text = text.trim();
        let words = plain_words(text);
        let generic = self.voice.own().is_some_and(|lexicon| {
            let reading = lexicon.read(text);
            reading.has_any(&GENERIC) || names_nobody(&reading)
        });
        let length: usize = words.iter().map(String::len).sum();
        let room = self.names.len() < MOST_BRANDS || self.names.contains_key(text);
        if room && (1..=5).contains(&words.len()) && (3..=40).contains(&length) && !generic {
            *self.names.entry(text.to_string()).or_default() |= readable;
        }
    }

    /// The part of a title that may be the site's name. Words of the language alone are what the page is
    /// about, unless the site gives itself that name elsewhere.
    fn add_title(&mut self, part: &str) {
        let words = plain_words(part).concat();
        let elsewhere = self
            .names
            .keys()
            .any(|name| plain_words(name).concat() == words);
        let plain = self.voice.own().is_some_and(|lexicon| {
            let reading = lexicon.read(part);
            let mut all = reading.words.iter();
            all.all(|word| word.little || lexicon.knows(word))
        });
        if elsewhere || !plain {
            self.add(part, false);
        }
    }
}

/// Whether nothing but little words and words that name nobody stands in a text.
fn names_nobody(reading: &Reading) -> bool {
    let nobody = |start: usize, end: usize| {
        let mut hits = reading.hits(Sense::NoName);
        hits.any(|hit| hit.start <= start && end <= hit.end)
    };
    let mut words = reading.words.iter();
    words.all(|word| word.little || nobody(word.start, word.end))
}

/// Finds the site's names for itself.
pub fn brands(dom: &Dom, voice: &Voice) -> Brands {
    let mut found = Found {
        voice,
        names: BTreeMap::new(),
    };
    for id in dom.elements().take(MOST_ELEMENTS) {
        if let Some(name) = stated(dom, id) {
            found.add(name, false);
        }
        if let Some(name) = logo(dom, id).or_else(|| copyright_holder(dom, id)) {
            found.add(&name, true);
        }
    }
    if let Some(top) = dom.documents.first() {
        let label = site_label(&top.url).unwrap_or_default();
        if !label.is_empty() {
            found.add(&label, false);
        }
        let title = top.title.replace(" - ", "|");
        let parts = title.split(['|', '–', '—', '•', '·', ':', '»', '«']);
        let parts: Vec<&str> = parts.map(str::trim).filter(|p| !p.is_empty()).collect();
        // The last part of a title is the site, or the first where the address agrees; a single part
        // may be anything.
        if let [first, .., last] = parts[..] {
            found.add_title(last);
            let squashed = plain_words(first).concat();
            if !label.is_empty() && (squashed.contains(&label) || label.contains(&squashed)) {
                found.add_title(first);
            }
        }
    }
    let readable = found.names.iter().filter(|(_, readable)| **readable);
    Brands {
        readable: readable.map(|(name, _)| name.clone()).collect(),
        names: found.names.into_keys().collect(),
        common: small_words(dom),
    }
}

/// The name that a `<meta>` gives the site or its publisher.
fn stated(dom: &Dom, id: NodeId) -> Option<&str> {
    const KEYS: [&str; 5] = [
        "og:site_name",
        "application-name",
        "author",
        "publisher",
        "copyright",
    ];
    let node = dom.node(id);
    let mut keys = ["property", "name"]
        .iter()
        .filter_map(|key| node.filled(key));
    let names_site = node.name() == "meta" && keys.any(|key| KEYS.contains(&key));
    node.filled("content").filter(|_| names_site)
}

/// What a logo says.
fn logo(dom: &Dom, id: NodeId) -> Option<String> {
    let node = dom.node(id);
    let marked = |key: &&str| {
        node.filled(key)
            .is_some_and(|value| value.to_ascii_lowercase().contains("logo"))
    };
    let logo = node.name() == "img" && ["class", "id", "alt", "src"].iter().any(marked);
    let text = node.filled("alt").filter(|_| logo)?;
    Some(without_word(text, "logo"))
}

/// The registrable label of a host: `exemple` of `www.exemple.fr`.
fn site_label(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    let host = url.domain()?;
    let domain = psl::domain_str(host)?;
    domain.split('.').next().map(str::to_string)
}

fn copyright_holder(dom: &Dom, id: NodeId) -> Option<String> {
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
            part: Part::Mentioned,
            place: place.clone(),
        })
        .collect()
}
