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
