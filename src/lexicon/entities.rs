//! How companies are written: the legal forms of each country, from `rules/entities.toml`.
//!
//! Shapes only: whether a company exists, or a number belongs to a name, is another question.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;
use toml::Spanned;

use super::load::{LexiconError, place};
use super::registration::{Kind, KindFile, Number};
use super::words::plain_words;

/// Legal forms, the words that stand with names, and the kinds of registration numbers.
#[derive(Debug, Default)]
pub struct Entities {
    /// Longest first, so that "GmbH & Co. KG" is not read as "GmbH".
    pub(super) forms: Vec<Form>,
    /// The forms by the letter they begin with, and by the one they end with, in lower case.
    beginning: HashMap<char, Vec<usize>>,
    ending: HashMap<char, Vec<usize>>,
    /// The forms by their normalised words, for names whose writing says nothing.
    pub(super) by_words: HashMap<Vec<String>, Vec<usize>>,
    pub(super) words: NameWords,
    pub(super) kinds: Vec<Kind>,
    eea: HashSet<String>,
}

/// One legal form.
#[derive(Debug)]
pub(super) struct Form {
    written: String,
    pub(super) countries: Vec<String>,
    /// Stands before names too: "la SARL Exemple".
    pub(super) either: bool,
    /// A form of several words is known in any case; "SA" is a form only in capitals.
    any_case: bool,
    /// It is a word as well; one of these after it says that it is used as one.
    word_before: Option<HashSet<String>>,
}

/// Words that stand in and around names, normalised.
#[derive(Debug, Default)]
pub(super) struct NameWords {
    pub joiners: HashSet<String>,
    pub particles: HashSet<String>,
    pub articles: HashSet<String>,
    pub group: HashSet<String>,
    pub generic: HashSet<String>,
    pub introducers: HashSet<String>,
    pub particulars: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    eea: String,
    words: WordsFile,
    forms: BTreeMap<String, FormsFile>,
    #[serde(default)]
    words_too: HashMap<String, String>,
    #[serde(default)]
    number: Vec<Spanned<KindFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsFile {
    joiners: String,
    particles: String,
    articles: String,
    group: String,
    generic: String,
    introducers: String,
    particulars: String,
}

/// The forms of one country.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormsFile {
    #[serde(default)]
    either: Vec<String>,
    #[serde(default)]
    after: Vec<String>,
}

/// The country of forms that Union law gives.
const UNION: &str = "eu";
/// What may open a name after its form: "la SAS « Exemple »".
const QUOTES: [char; 4] = ['«', '"', '“', '„'];
/// A form of several words and more bytes than this is known in any case.
const SPELLED_OUT: usize = 8;

impl Entities {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it, with line and column.
    pub fn load(name: &str, text: &str) -> Result<Entities, LexiconError> {
        let fail = |at: usize, problem: String| {
            let (line, column) = place(text, at);
            LexiconError {
                file: name.to_string(),
                line,
                column,
                problem,
            }
        };
        let file: File = toml::from_str(text)
            .map_err(|e| fail(e.span().unwrap_or_default().start, e.message().to_string()))?;
        if file.format != 1 {
            return Err(fail(0, "this version reads entities of format 1".into()));
        }
        let kinds = file
            .number
            .into_iter()
            .map(|kind| {
                let at = kind.span().start;
                Kind::compile(kind.into_inner()).map_err(|problem| fail(at, problem))
            })
            .collect::<Result<_, _>>()?;
        let forms = forms(file.forms, &file.words_too);
        Ok(Entities {
            beginning: indexed(&forms, |form| lower(form.written.chars().next())),
            ending: indexed(&forms, |form| lower(form.written.chars().next_back())),
            by_words: indexed(&forms, |form| plain_words(&form.written)),
            forms,
            words: NameWords::from(file.words),
            kinds,
            eea: set(&file.eea),
        })
    }

    /// A legal form at the start of the text (after a space, a comma or an opening bracket), and how
    /// many bytes it takes with what stands before it.
    pub fn form_at_start(&self, text: &str) -> Option<(&str, usize)> {
        let trimmed = text.trim_start_matches([' ', ',', '\u{a0}', '(']);
        let skipped = text.len() - trimmed.len();
        if skipped == 0 || skipped > 3 {
            return None;
        }
        self.beginning_like(trimmed).find_map(|form| {
            let taken = form.starts(trimmed)?;
            let rest = &trimmed[taken..];
            (ends_word(rest) && !form.is_word_before(rest, &self.words.particulars))
                .then_some((form.written.as_str(), skipped + taken))
        })
    }

    /// A legal form that ends the text ("la société anonyme ", "SAS "), for forms written before names,
    /// and where it starts.
    pub fn form_at_end(&self, text: &str) -> Option<(&str, usize)> {
        let trimmed = text.trim_end_matches(|c: char| c.is_whitespace() || QUOTES.contains(&c));
        let like = self.ending.get(&lower(trimmed.chars().next_back()));
        like.into_iter()
            .flatten()
            .map(|&form| &self.forms[form])
            .filter(|form| form.either)
            .filter_map(|form| Some((form, form.ends(trimmed)?)))
            .find(|(form, start)| form.may_follow(&trimmed[..*start]))
            .map(|(form, start)| (form.written.as_str(), start))
    }

    /// Where a form ends that stands at `at` before a capitalised name: the form is no part of it.
    pub fn form_before_name(&self, text: &str, at: usize) -> Option<usize> {
        let (before, here) = (text.get(..at)?, text.get(at..)?);
        let mut forms = self.beginning_like(here).filter(|form| form.either);
        forms.find_map(|form| {
            let taken = form.starts(here)?;
            let rest = here[taken..].strip_prefix([' ', '\u{a0}'])?;
            let name = rest.trim_start_matches(|c: char| c.is_whitespace() || QUOTES.contains(&c));
            (name.starts_with(char::is_uppercase) && form.may_follow(before)).then_some(at + taken)
        })
    }

    /// The forms that begin with the letter that this text begins with.
    fn beginning_like(&self, text: &str) -> impl Iterator<Item = &Form> {
        let like = self.beginning.get(&lower(text.chars().next()));
        like.into_iter().flatten().map(|&form| &self.forms[form])
    }

    /// The countries whose companies have the form, as [`Self::form_at_start`] gives it; `eu` for a
    /// form of Union law.
    pub fn countries(&self, form: &str) -> &[String] {
        self.forms
            .iter()
            .find(|known| known.written == form)
            .map_or(&[], |form| &form.countries)
    }

    /// Whether only countries outside the European Economic Area have the form.
    pub fn outside_eea(&self, form: &str) -> bool {
        let countries = self.countries(form);
        !countries.is_empty() && countries.iter().all(|country| !self.eea.contains(country))
    }

    /// The first registration number in the text, as written.
    pub fn registration(&self, text: &str) -> Option<String> {
        let first = self.numbers(text).into_iter().next()?;
        Some(first.written)
    }

    /// The country of a company with this form and number, where they leave one.
    pub fn country(&self, form: &str, number: Option<&Number>) -> Option<String> {
        let countries = self.countries(form);
        if let [one] = countries
            && one != UNION
        {
            return Some(one.clone());
        }
        let of_number = &number?.country;
        countries
            .iter()
            .any(|country| country == of_number || country == UNION)
            .then(|| of_number.clone())
    }
}

/// The forms of all countries, longest first, each once with all its countries.
fn forms(file: BTreeMap<String, FormsFile>, words_too: &HashMap<String, String>) -> Vec<Form> {
    let mut known: BTreeMap<String, (Vec<String>, bool)> = BTreeMap::new();
    for (country, forms) in file {
        let either = forms.either.into_iter().map(|form| (form, true));
        let after = forms.after.into_iter().map(|form| (form, false));
        for (form, both) in either.chain(after) {
            let (countries, either) = known.entry(form).or_default();
            if !countries.contains(&country) {
                countries.push(country.clone());
            }
            *either |= both;
        }
    }
    let mut forms: Vec<Form> = known
        .into_iter()
        .map(|(written, (countries, either))| Form {
            any_case: written.contains(' ') && written.len() > SPELLED_OUT,
            word_before: words_too.get(&written).map(|words| set(words)),
            written,
            countries,
            either,
        })
        .collect();
    forms.sort_by_key(|form| std::cmp::Reverse(form.written.len()));
    forms
}

/// The forms by something about them, in their order.
fn indexed<K: std::hash::Hash + Eq>(
    forms: &[Form],
    key: impl Fn(&Form) -> K,
) -> HashMap<K, Vec<usize>> {
    let mut index: HashMap<K, Vec<usize>> = HashMap::new();
    for (at, form) in forms.iter().enumerate() {
        index.entry(key(form)).or_default().push(at);
    }
    index
}

fn lower(letter: Option<char>) -> char {
    letter.map_or(' ', |letter| letter.to_lowercase().next().unwrap_or(letter))
}

impl Form {
    /// How many bytes the form takes at the start of the text.
    fn starts(&self, text: &str) -> Option<usize> {
        if !self.any_case {
            return text
                .starts_with(&self.written)
                .then_some(self.written.len());
        }
        let mut here = text.chars();
        for wanted in self.written.chars() {
            let c = here.next()?;
            let alike = c == wanted
                || (c.is_whitespace() && wanted.is_whitespace())
                || c.to_lowercase().eq(wanted.to_lowercase())
                || matches!((c, wanted), ('’', '\''));
            if !alike {
                return None;
            }
        }
        Some(text.len() - here.as_str().len())
    }

    /// Where the form starts that ends the text.
    fn ends(&self, text: &str) -> Option<usize> {
        let length = self.written.chars().count();
        let (start, _) = text.char_indices().rev().nth(length.checked_sub(1)?)?;
        let taken = self.starts(&text[start..])?;
        (start + taken == text.len()).then_some(start)
    }

    /// Whether the form is used as the word it also is: "Limited time", "DATA AS CONTROLLER".
    fn is_word_before(&self, rest: &str, particulars: &HashSet<String>) -> bool {
        let Some(words) = &self.word_before else {
            return false;
        };
        let Some(rest) = rest.strip_prefix([' ', '\u{a0}']) else {
            return false;
        };
        let end = rest
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(rest.len());
        let next = &rest[..end];
        let plain = plain_words(next).concat();
        words.contains(&plain)
            || (is_shouted(&self.written) && is_shouted(next) && !particulars.contains(&plain))
    }

    /// Whether the form, before a name, may stand after this text: not within a longer word, nor as a
    /// word in a run of capitals ("POUR SA FAMILLE").
    fn may_follow(&self, before: &str) -> bool {
        let whole = before
            .chars()
            .next_back()
            .is_none_or(|last| !last.is_alphanumeric() && last != '-');
        let last = before
            .strip_suffix([' ', '\u{a0}'])
            .and_then(|before| before.rsplit(|c: char| !c.is_alphanumeric()).next())
            .unwrap_or_default();
        whole && !(self.word_before.is_some() && is_shouted(last))
    }
}

/// Whether a word ends where this text begins: "AG-2R", "SE.com" and "S.A.S" go on.
fn ends_word(rest: &str) -> bool {
    let mut chars = rest.chars();
    match chars.next() {
        None => true,
        Some('-' | '.' | '\'' | '’' | '&' | '@' | '_') => {
            !chars.next().is_some_and(char::is_alphanumeric)
        }
        Some(c) => !c.is_alphanumeric(),
    }
}

/// Two letters or more, all of them capitals.
fn is_shouted(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(char::is_uppercase)
}

/// The words of a text, normalised.
fn set(words: &str) -> HashSet<String> {
    plain_words(words).into_iter().collect()
}

impl From<WordsFile> for NameWords {
    fn from(file: WordsFile) -> NameWords {
        NameWords {
            joiners: set(&file.joiners),
            particles: set(&file.particles),
            articles: set(&file.articles),
            group: set(&file.group),
            generic: set(&file.generic),
            introducers: set(&file.introducers),
            particulars: set(&file.particulars),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entities() -> Entities {
        Entities::load("entities.toml", include_str!("../../rules/entities.toml")).unwrap()
    }

    #[test]
    fn forms_of_every_country_are_read_after_names() {
        let entities = entities();
        for (text, form) in [
            (" SAS au capital de 1 000 €", "SAS"),
            (
                ", Société par Actions Simplifiée à associé unique, RCS",
                "société par actions simplifiée à associé unique",
            ),
            (", société\u{a0}anonyme,", "société anonyme"),
            (", association loi de 1901", "association loi de 1901"),
            (" EI, 1 rue", "EI"),
            (" Ltd. is", "Ltd."),
            (" LIMITED (company number", "LIMITED"),
            (", Inc.", "Inc."),
            (" L.L.C., a Delaware", "L.L.C."),
            (" GmbH & Co. KG,", "GmbH & Co. KG"),
            (" GMBH & CO. KG,", "GmbH & Co. KG"),
            (
                " UG (haftungsbeschränkt), Berlin",
                "UG (haftungsbeschränkt)",
            ),
            (" e. V.", "e. V."),
            (" e.U.,", "e.U."),
            (" AG in Zürich", "AG"),
            (" Sagl", "Sagl"),
            (" Genossenschaft,", "Genossenschaft"),
            (", S.L.U., con", "S.L.U."),
            (", sociedad limitada", "sociedad limitada"),
            (" S.p.A. con", "S.p.A."),
            (" S.r.l.s.", "S.r.l.s."),
            (" SA/NV", "SA/NV"),
            (" ASBL", "ASBL"),
            (" B.V. te", "B.V."),
            (" S.à r.l.", "S.à r.l."),
            (" SE & Co. KGaA", "SE & Co. KGaA"),
        ] {
            let found = entities.form_at_start(text).map(|(form, _)| form);
            assert_eq!(found, Some(form), "{text}");
        }
    }

    #[test]
    fn words_that_look_like_forms_are_none() {
        let entities = entities();
        for text in [
            " sa vie",
            " SA CHE I DATI",
            " AS CONTROLLER OF",
            " SE TRATAN CON",
            " AB SOFORT GRATIS",
            " Limited Time Offer",
            " Limited to 100 places",
            " AG-2R",
            " SE.com",
            " SASSENAGE",
            " Corporation tax",
            ". SA mère",
            " s.",
            "SAS",
        ] {
            assert_eq!(entities.form_at_start(text), None, "{text}");
        }
        // In capitals, what a company must say of itself still follows its form.
        assert!(entities.form_at_start(" SA AU CAPITAL DE").is_some());
        for text in ["POUR SA ", "l'Exemple Ltd ", "une vis-SA ", "the Limited "] {
            assert_eq!(entities.form_at_end(text), None, "{text}");
        }
        assert_eq!(entities.form_at_end("par la SAS « "), Some(("SAS", 7)));
        assert_eq!(
            entities.form_at_end("die Einzelunternehmen "),
            Some(("Einzelunternehmen", 4))
        );
    }

    #[test]
    fn a_form_knows_its_countries() {
        let entities = entities();
        assert_eq!(entities.countries("SAS"), ["fr"]);
        assert!(entities.countries("AG").contains(&"ch".to_string()));
        for outside in ["LLC", "Inc.", "LLP", "Sagl", "Pty Ltd"] {
            assert!(entities.outside_eea(outside), "{outside}");
        }
        // A Ltd may be Irish, an AG German.
        for inside in ["Ltd", "AG", "SA", "SE", "no form"] {
            assert!(!entities.outside_eea(inside), "{inside}");
        }
    }

    #[test]
    fn form_and_number_leave_one_country() {
        let entities = entities();
        let country =
            |form: &str, text: &str| entities.country(form, entities.numbers(text).first());
        assert_eq!(country("SAS", "").as_deref(), Some("fr"));
        assert_eq!(country("Ltd", "").as_deref(), None);
        assert_eq!(
            country("Ltd", "registered in England No. 01234567").as_deref(),
            Some("uk")
        );
        assert_eq!(country("AG", "CHE-123.456.788").as_deref(), Some("ch"));
        assert_eq!(country("AG", "KvK 12345678"), None);
        assert_eq!(country("SE", "HRB 12345").as_deref(), Some("de"));
    }
}
