//! Reads, checks and compiles `rules/`: the rules, the packs that bind them to law, the lexicons and
//! the words of reports.
//!
//! It gets texts and gives a [`Ruleset`]; it reads no file. Everything that can be wrong with a rule
//! file is found here, with line and column, before the first page is judged.
#![deny(clippy::disallowed_methods)]

mod compile;
mod error;
mod schema;

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::checks::Ask;
use crate::finding::Severity;
use crate::identity::Identities;
use crate::lexicon::{Entities, Lexicons};

use crate::model::{Decided, Question, Tracker};

pub use error::RulesError;
pub use schema::{
    ExampleFile, GradeFile, InstrumentFile, LaterFile, MessageFile, QuestionFile, RequestFile,
    Seen, SettingFile, Status, Text,
};

pub use crate::checks::SubjectKind;

/// A file of the rules folder: its path below it, and its text.
pub type RuleSource = (String, String);

/// Everything that judging needs.
pub struct Ruleset {
    /// By code.
    pub rules: Vec<Rule>,
    /// By jurisdiction.
    pub packs: BTreeMap<String, Pack>,
    pub words: Words,
    /// Questions that a lead may have to answer, by id.
    pub questions: BTreeMap<String, QuestionFile>,
    pub lexicons: Lexicons,
    pub entities: Entities,
    /// Who the scanner is when it fills in forms.
    pub identities: Identities,
    /// Public decisions against companies that trade or buy leads.
    pub decisions: Vec<Decided>,
    /// Services that need a choice before they may read or write on a device.
    pub trackers: Vec<Tracker>,
    /// Over every file's path and text.
    pub sha256: String,
    /// The user's own files that were laid over the built-in ones.
    pub own: Vec<OwnFile>,
}

/// A rule file of the user's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFile {
    pub path: String,
    /// It stands in place of a built-in file.
    pub replaces: bool,
}

/// One rule, with its law per jurisdiction.
pub struct Rule {
    pub id: String,
    /// The file that it stands in, below the rules folder.
    pub file: String,
    pub code: String,
    pub status: Status,
    pub subject: SubjectKind,
    pub severity: Severity,
    pub title: Text,
    pub why: Text,
    pub remedy: Text,
    pub known_gaps: Vec<Text>,
    pub message: MessageFile,
    pub when: Vec<Condition>,
    pub all: Vec<Condition>,
    pub any: Vec<Condition>,
    pub none: Vec<Condition>,
    pub items: Vec<Item>,
    /// Lesser items that may be missing without a failure.
    pub tolerate: usize,
    pub grades: Vec<GradeFile>,
    pub examples: Vec<ExampleFile>,
    /// The values that its checks may give.
    pub values: BTreeSet<&'static str>,
    pub bindings: BTreeMap<String, Binding>,
}

/// A check with its accepted parameters.
pub struct Condition {
    pub check: &'static str,
    pub ask: Box<dyn Ask>,
}

/// One part of what a rule asks.
pub struct Item {
    pub id: String,
    pub title: Text,
    pub severity: Option<Severity>,
    pub when: Vec<Condition>,
    pub all: Vec<Condition>,
    pub any: Vec<Condition>,
    pub none: Vec<Condition>,
}

/// A rule's law in one jurisdiction.
#[derive(Debug, Clone)]
pub struct Binding {
    pub severity: Option<Severity>,
    /// The severity at most, where leads are businesses.
    pub business: Option<Severity>,
    pub grades: Vec<GradeFile>,
    pub basis: Vec<Provision>,
}

/// A provision of a declared instrument.
#[derive(Debug, Clone)]
pub struct Provision {
    pub instrument: InstrumentFile,
    pub provision: Text,
    pub severity: Option<Severity>,
    /// Where the fact was read, for what no official text confirmed yet.
    pub source: Option<String>,
    /// Values that checks give, each with those that the provision is about.
    pub about: BTreeMap<String, Vec<toml::Value>>,
}

impl Provision {
    /// Whether its instrument is in force on a day (`YYYY-MM-DD`).
    pub fn in_force(&self, day: &str) -> bool {
        within(
            self.instrument.from.as_deref(),
            self.instrument.until.as_deref(),
            day,
        )
    }
}

/// Whether a day lies between two, each where it is given.
pub fn within(from: Option<&str>, until: Option<&str>, day: &str) -> bool {
    from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until)
}

/// One jurisdiction.
#[derive(Debug, Clone)]
pub struct Pack {
    pub jurisdiction: String,
    pub name: Text,
    /// Another jurisdiction whose law binds here too.
    pub within: Option<String>,
    pub instruments: Vec<InstrumentFile>,
    pub settings: Vec<SettingFile>,
}

/// The words of reports for values and reasons that checks give.
#[derive(Debug, Default)]
pub struct Words {
    words: BTreeMap<String, Text>,
    because: BTreeMap<String, Text>,
    measures: BTreeMap<String, Text>,
}

impl Ruleset {
    /// Compiles the files of a rules folder.
    ///
    /// # Errors
    /// The first thing that is wrong, with file, line and column.
    pub fn load(files: &[RuleSource]) -> Result<Ruleset, RulesError> {
        compile::ruleset(files)
    }

    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// A question of the library, with words of one's own besides; or one of one's own words alone.
    ///
    /// # Errors
    /// Where there is neither, or a phrase is wrong.
    pub fn question(
        &self,
        id: &str,
        own: &BTreeMap<String, Vec<String>>,
    ) -> Result<Question, String> {
        let known = self.questions.get(id);
        let mut phrases = known.map_or_else(BTreeMap::new, |known| known.phrases.clone());
        for (language, words) in own {
            let all: &mut Vec<String> = phrases.entry(language.clone()).or_default();
            all.extend(words.iter().cloned());
        }
        if phrases.is_empty() {
            let known: Vec<&str> = self.questions.keys().map(String::as_str).collect();
            return Err(format!(
                "the question `{id}` has no words; those built in are {}",
                known.join(", ")
            ));
        }
        let phrases = self.lexicons.phrases(&phrases);
        Ok(Question {
            id: id.to_string(),
            phrases: phrases.map_err(|problem| format!("the question `{id}`: {problem}"))?,
        })
    }
}

impl Words {
    /// A value's word in a language; the value itself where none is declared.
    pub fn word<'a>(&'a self, value: &'a str, language: &str) -> &'a str {
        self.words
            .get(value)
            .map_or(value, |text| in_language(text, language))
    }

    /// What a measured value is called; its own name where none is declared.
    pub fn measure<'a>(&'a self, name: &'a str, language: &str) -> &'a str {
        self.measures
            .get(name)
            .map_or(name, |text| in_language(text, language))
    }

    /// The sentence that explains why something cannot be told.
    pub fn because<'a>(&'a self, code: &'a str, language: &str) -> &'a str {
        self.because
            .get(code)
            .map_or(code, |text| in_language(text, language))
    }
}

/// A text in a language, in English where it has none.
pub fn in_language<'a>(text: &'a Text, language: &str) -> &'a str {
    text.get(language)
        .or_else(|| text.get("en"))
        .map_or("", String::as_str)
}

fn digest(files: &[RuleSource]) -> String {
    let mut sorted: Vec<&RuleSource> = files.iter().collect();
    sorted.sort();
    let mut hash = Sha256::new();
    for (path, text) in sorted {
        hash.update(path.as_bytes());
        hash.update([0]);
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}
