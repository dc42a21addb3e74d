//! Which lexicons a piece of a page is read with: the one of its language for what people read, and
//! English as well for names and ids, which developers everywhere write in English.

use crate::lexicon::{Lexicon, Lexicons, Reading};

/// The lexicons in force for one form or page.
#[derive(Clone, Copy)]
pub struct Voice<'a> {
    lexicons: &'a Lexicons,
    own: Option<&'a Lexicon>,
}

/// The language of technical names.
const TECHNICAL: &str = "en";

impl<'a> Voice<'a> {
    pub fn new(lexicons: &'a Lexicons, language: Option<&str>) -> Self {
        Voice {
            lexicons,
            own: language.and_then(|language| lexicons.get(language)),
        }
    }

    /// The lexicon of what people read here, `None` where the language has none.
    pub fn own(&self) -> Option<&'a Lexicon> {
        self.own
    }

    /// Reads a text in the language of the page.
    pub fn read(&self, text: &str) -> Reading {
        self.own.map_or_else(Reading::default, |own| own.read(text))
    }

    /// The lexicons for a few words that people read: the page's own; where its language is not known,
    /// every one, English first.
    pub fn for_people(&self) -> impl Iterator<Item = &'a Lexicon> {
        let most = match self.own {
            Some(_) => 1,
            None => usize::MAX,
        };
        self.for_attributes().take(most)
    }

    /// Reads a text in the language of the page; one that says nothing in it may be in another, as the
    /// words of a plug-in often are.
    pub fn read_any(&self, text: &str, says: impl Fn(&Reading) -> bool) -> Reading {
        let own = self.read(text);
        if self.own.is_none() || says(&own) {
            return own;
        }
        let other = self
            .lexicons
            .best_known(text)
            .and_then(|language| self.lexicons.get(&language));
        other
            .map(|lexicon| lexicon.read(text))
            .filter(says)
            .unwrap_or(own)
    }

    /// The lexicons for names and ids: the page's own, English, then every other.
    pub fn for_attributes(&self) -> impl Iterator<Item = &'a Lexicon> {
        let own = self.own.map(|own| own.language.as_str());
        let technical = self
            .lexicons
            .get(TECHNICAL)
            .filter(|_| own != Some(TECHNICAL));
        let others = self
            .lexicons
            .iter()
            .filter(move |l| l.language != TECHNICAL && Some(l.language.as_str()) != own);
        self.own.into_iter().chain(technical).chain(others)
    }

    /// Reads the words of a name or id in the page's language and in English.
    pub fn read_technical(&self, words: &str) -> Reading {
        let mut reading = self.read(words);
        let technical = self.lexicons.get(TECHNICAL);
        if let Some(technical) =
            technical.filter(|t| self.own.is_none_or(|own| own.language != t.language))
        {
            reading.merge(technical.read(words));
        }
        reading
    }
}
