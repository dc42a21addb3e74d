//! Names of companies compared: in a form, a notice, a legal notice, a list of recipients.
//!
//! Case, accents, punctuation, legal forms and "&" do not count. It compares writing and knows nobody: two
//! companies of one name, or one of two names, it cannot tell.

use super::entities::Entities;
use super::words::{Word, plain_words, split};

/// How alike two names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Nothing says that they are the same company: a trade name and a legal name, two sisters.
    Different,
    /// One holds the other, or their legal forms are of different countries: "AXA" and "AXA Banque".
    /// Who is meant needs the exact name or a number.
    Near,
    Same,
}

/// A name, taken apart to be compared.
#[derive(Debug)]
pub struct CompanyName {
    written: String,
    core: Core,
}

/// What of a name counts.
#[derive(Debug)]
struct Core {
    words: Vec<String>,
    /// Countries of its legal form, where it has one.
    countries: Vec<String>,
}

/// A stretch of text in which a name is sought.
struct Stretch<'a> {
    text: &'a str,
    words: Vec<Word>,
    /// All in one case: capitals say nothing about where names end.
    flat: bool,
    /// Nothing but a name: a line of a list.
    all_name: bool,
}

/// Longer names are cut: nobody is called so.
const LONGEST_NAME: usize = 300;
/// Longer texts are read up to here.
const LONGEST_TEXT: usize = 200_000;
/// Legal forms that may stand with one name: "Exemple SRL (BV)".
const MOST_FORMS: usize = 3;
/// What ends a name in a line.
const BREAKS: [char; 20] = [
    ',', ';', ':', '(', ')', '[', ']', '|', '•', '·', '\n', '\t', '"', '«', '»', '“', '”', '„',
    '!', '?',
];
/// The same, between spaces.
const SPACED_BREAKS: [&str; 4] = [" - ", " – ", " — ", " / "];

impl Entities {
    /// Compares two names, as a form and a notice may write them. A name and its group are the same:
    /// "Groupe Exemple" for "Exemple SAS" contradicts nothing.
    pub fn same_company(&self, one: &str, other: &str) -> Likeness {
        self.same_name(&self.company_name(one), &self.company_name(other))
    }

    /// A name taken apart once, where it is compared with many.
    pub fn company_name(&self, written: &str) -> CompanyName {
        CompanyName {
            written: written.trim().to_string(),
            core: self.without_group(self.core(written)),
        }
    }

    /// [`Self::same_company`] for names that were taken apart.
    pub fn same_name(&self, one: &CompanyName, other: &CompanyName) -> Likeness {
        if one.written == other.written {
            return Likeness::Same;
        }
        self.compare(&one.core, &other.core)
    }

    /// Whether a line of a list, or a text, names exactly this company. Its group's name, or a sister's
    /// that begins with it, is only near.
    pub fn names_company(&self, line: &str, wanted: &str) -> Likeness {
        let wanted = self.core(wanted);
        if wanted.words.is_empty() {
            return Likeness::Different;
        }
        let line = cut(line, LONGEST_TEXT);
        // A name may hold what ends others: "Exemple, Fils & Cie".
        if line.len() < LONGEST_NAME && self.compare(&self.core(line), &wanted) == Likeness::Same {
            return Likeness::Same;
        }
        line.split(BREAKS)
            .flat_map(|part| SPACED_BREAKS.iter().fold(vec![part], split_each))
            .filter(|part| part.contains(char::is_alphanumeric))
            .map(|part| self.stretch_names(&self.stretch(part), &wanted))
            .max()
            .unwrap_or(Likeness::Different)
    }

    /// Whether a line holds this registration number, however it is spaced, or a number that contains
    /// it as a SIRET and a VAT number contain a SIREN.
    pub fn names_number(&self, line: &str, wanted: &str) -> bool {
        let wanted: String = alphanumerics(wanted).collect();
        if wanted.len() < 6 {
            return false;
        }
        let line = cut(line, LONGEST_TEXT);
        self.numbers(line)
            .iter()
            .any(|number| number.digits == wanted || number.register().1 == wanted)
            || written_in(line, &wanted)
    }

    /// The words of a name that count.
    fn core(&self, name: &str) -> Core {
        let mut words = plain_words(cut(name, LONGEST_NAME));
        let mut countries = Vec::new();
        for _ in 0..MOST_FORMS {
            let Some((forms, start, end)) = self.form_in(&words) else {
                break;
            };
            if countries.is_empty() {
                countries = self.countries_of(forms);
            }
            words.drain(start..end);
        }
        let joins = |at: usize| {
            let long = |at: usize| words.get(at).is_some_and(|word| word.chars().count() > 1);
            // "S.N.E.X." has no "e" for "and".
            self.words.joiners.contains(&words[at])
                && (long(at) || at.checked_sub(1).is_some_and(long) && long(at + 1))
        };
        let last = words.len().saturating_sub(1);
        let words = (0..words.len())
            .filter(|&at| at == 0 || at == last || !joins(at))
            .map(|at| words[at].clone())
            .collect();
        Core { words, countries }
    }

    /// The longest legal form that ends these words or may begin them, and leaves some of them.
    fn form_in(&self, words: &[String]) -> Option<(&[usize], usize, usize)> {
        (1..words.len()).find_map(|kept| {
            let taken = words.len() - kept;
            if let Some(forms) = self.by_words.get(&words[kept..]) {
                return Some((forms.as_slice(), kept, words.len()));
            }
            let forms = self.by_words.get(&words[..taken])?;
            let before = forms.iter().any(|&form| self.forms[form].either);
            before.then_some((forms.as_slice(), 0, taken))
        })
    }

    fn countries_of(&self, forms: &[usize]) -> Vec<String> {
        forms
            .iter()
            .flat_map(|&form| self.forms[form].countries.iter().cloned())
            .collect()
    }

    fn without_group(&self, mut core: Core) -> Core {
        let is_group = |word: Option<&String>| {
            word.is_some_and(|word| self.words.group.contains(word.as_str()))
        };
        if core.words.len() > 1 && is_group(core.words.first()) {
            core.words.remove(0);
        }
        if core.words.len() > 1 && is_group(core.words.last()) {
            core.words.pop();
        }
        core
    }

    fn compare(&self, one: &Core, other: &Core) -> Likeness {
        if one.words.is_empty() || other.words.is_empty() {
            return Likeness::Different;
        }
        // "Le Bon Coin" and "LeBonCoin".
        if one.words.concat() == other.words.concat() {
            return if apart(&one.countries, &other.countries) {
                Likeness::Near
            } else {
                Likeness::Same
            };
        }
        let (short, long) = if one.words.len() < other.words.len() {
            (&one.words, &other.words)
        } else {
            (&other.words, &one.words)
        };
        let held = long.windows(short.len()).any(|window| window == short);
        if held && self.distinctive(short) {
            Likeness::Near
        } else {
            Likeness::Different
        }
    }

    /// Whether a word (in lower case, without accents) is one of a trade, a place or a group: it names nobody
    /// by itself.
    pub fn is_generic(&self, word: &str) -> bool {
        self.words.generic.contains(word) || self.words.group.contains(word)
    }

    /// Whether a word (in lower case, without accents) opens what a company must say of itself: "RCS",
    /// "registered".
    pub fn is_particular(&self, word: &str) -> bool {
        self.words.particulars.contains(word)
    }

    /// Whether the words name somebody at all: "Assurance" and "La" do not.
    fn distinctive(&self, words: &[String]) -> bool {
        let known = &self.words;
        words.iter().any(|word| {
            word.chars().count() > 1
                && [
                    &known.generic,
                    &known.group,
                    &known.joiners,
                    &known.particles,
                    &known.articles,
                    &known.introducers,
                ]
                .iter()
                .all(|set| !set.contains(word))
        })
    }

    fn stretch<'a>(&self, text: &'a str) -> Stretch<'a> {
        let words = split(text, None);
        let part_of_name = |word: &Word| {
            capitalised(text, word)
                || is_number(word)
                || self.words.joiners.contains(&*word.plain)
                || self.words.particles.contains(&*word.plain)
        };
        Stretch {
            text,
            flat: !(text.chars().any(char::is_lowercase) && text.chars().any(char::is_uppercase)),
            all_name: words.iter().all(part_of_name),
            words,
        }
    }

    /// Whether a stretch without breaks names exactly this company.
    fn stretch_names(&self, stretch: &Stretch, wanted: &Core) -> Likeness {
        let alike = match stretch.text.len() < LONGEST_NAME {
            true => self.compare(&self.core(stretch.text), wanted),
            false => Likeness::Different,
        };
        if alike == Likeness::Same {
            return alike;
        }
        let (whole, _) = self.best_place(stretch, &wanted.words, &wanted.countries);
        let best = whole.max(alike);
        if best > Likeness::Different {
            return best;
        }
        // "AXA may call you" for AXA Banque: the name it begins with, on its own.
        let named_in_part = (1..wanted.words.len())
            .map(|length| &wanted.words[..length])
            .filter(|part| self.distinctive(part))
            .any(|part| {
                let (likeness, capitals) = self.best_place(stretch, part, &wanted.countries);
                likeness == Likeness::Same && capitals
            });
        if named_in_part {
            Likeness::Near
        } else {
            Likeness::Different
        }
    }

    /// How exactly a stretch holds these words, and whether with a capital.
    fn best_place(
        &self,
        stretch: &Stretch,
        wanted: &[String],
        countries: &[String],
    ) -> (Likeness, bool) {
        let distinctive = self.distinctive(wanted);
        let mut best = (Likeness::Different, false);
        for (first, last) in self.places(&stretch.words, &wanted.concat()) {
            let capitals = capitalised(stretch.text, &stretch.words[first]);
            // "assurance santé" in a sentence is no company of that name.
            if !distinctive && !capitals {
                continue;
            }
            let alone =
                self.begins(stretch, first, countries) && self.ends(stretch, last, countries);
            let likeness = if alone {
                Likeness::Same
            } else {
                Likeness::Near
            };
            best = best.max((likeness, capitals));
        }
        best
    }

    /// Where words, joined, make up what is wanted: their first and last.
    fn places(&self, words: &[Word], wanted: &str) -> Vec<(usize, usize)> {
        let mut places = Vec::new();
        for first in 0..words.len() {
            let mut left = wanted;
            for (ahead, word) in words[first..].iter().enumerate() {
                if let Some(rest) = left.strip_prefix(&*word.plain) {
                    left = rest;
                } else if ahead == 0 || !self.words.joiners.contains(&*word.plain) {
                    break;
                }
                if left.is_empty() {
                    places.push((first, first + ahead));
                    break;
                }
            }
        }
        places
    }

    /// Whether a name that begins with this word is not the end of a longer one.
    fn begins(&self, stretch: &Stretch, first: usize, countries: &[String]) -> bool {
        let Some(before) = first.checked_sub(1) else {
            return true;
        };
        let word = &stretch.words[before];
        let between = &stretch.text[word.end..stretch.words[first].start];
        if !adjoins(between) {
            return true;
        }
        if let Some((form, _)) = self.form_at_end(&stretch.text[..stretch.words[first].start]) {
            return !apart(self.countries(form), countries);
        }
        let plain = &*word.plain;
        if self.words.introducers.contains(plain) {
            return true;
        }
        if self.words.joiners.contains(plain) || between.contains('&') {
            return !stretch.all_name;
        }
        if self.words.particles.contains(plain) && !stretch.flat {
            let further = before.checked_sub(1).map(|at| &stretch.words[at]);
            return !further.is_some_and(|word| capitalised(stretch.text, word));
        }
        !self.extends(stretch, word)
    }

    /// Whether a name that ends with this word is not the beginning of a longer one.
    fn ends(&self, stretch: &Stretch, last: usize, countries: &[String]) -> bool {
        let rest = &stretch.text[stretch.words[last].end..];
        if let Some((form, _)) = self.form_at_start(rest) {
            return !apart(self.countries(form), countries);
        }
        let Some(word) = stretch.words.get(last + 1) else {
            return true;
        };
        let between = &stretch.text[stretch.words[last].end..word.start];
        if !adjoins(between) {
            return true;
        }
        if between.contains('&') {
            return false;
        }
        if stretch.flat
            && let Some(forms) = self.form_words_at(&stretch.words[last + 1..])
        {
            return !apart(&self.countries_of(forms), countries);
        }
        let plain = &*word.plain;
        let next = stretch.words.get(last + 2);
        if self.words.particulars.contains(plain) {
            return true;
        }
        if is_number(word) {
            // "Exemple 2" is another than "Exemple"; "Exemple 12 rue …" is where it lives.
            let address =
                plain.len() > 3 || next.is_some_and(|next| !capitalised(stretch.text, next));
            return address;
        }
        if self.words.joiners.contains(plain) {
            return !stretch.all_name;
        }
        if self.words.particles.contains(plain) && !stretch.flat {
            return !next.is_some_and(|next| self.extends(stretch, next));
        }
        !self.extends(stretch, word)
    }

    /// The legal forms that these words begin with, whatever their case.
    fn form_words_at(&self, words: &[Word]) -> Option<&[usize]> {
        let longest = self.by_words.keys().map(Vec::len).max()?.min(words.len());
        (1..=longest).rev().find_map(|length| {
            let plain: Vec<String> = words[..length]
                .iter()
                .map(|w| w.plain.to_string())
                .collect();
            self.by_words.get(&plain).map(Vec::as_slice)
        })
    }

    /// Whether a word beside a name is part of a longer one.
    fn extends(&self, stretch: &Stretch, word: &Word) -> bool {
        stretch.flat
            || capitalised(stretch.text, word)
            || self.words.generic.contains(&*word.plain)
            || self.words.group.contains(&*word.plain)
    }
}

/// Whether legal forms are of different countries; a form of Union law is of every one.
fn apart(one: &[String], other: &[String]) -> bool {
    let everywhere = |countries: &[String]| countries.iter().any(|country| country == "eu");
    !one.is_empty()
        && !other.is_empty()
        && !everywhere(one)
        && !everywhere(other)
        && one.iter().all(|country| !other.contains(country))
}

/// Whether what stands between two words leaves them one name.
fn adjoins(between: &str) -> bool {
    between
        .chars()
        .all(|c| c.is_whitespace() || matches!(c, '-' | '&' | '\'' | '’' | '+'))
}

fn capitalised(text: &str, word: &Word) -> bool {
    text[word.start..word.end].starts_with(char::is_uppercase)
}

fn is_number(word: &Word) -> bool {
    word.plain.bytes().all(|b| b.is_ascii_digit())
}

/// Each part, cut again.
fn split_each<'a>(parts: Vec<&'a str>, at: &&str) -> Vec<&'a str> {
    parts.into_iter().flat_map(|part| part.split(*at)).collect()
}

fn cut(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Whether a number stands in a text on its own, its groups parted by single signs. Nine digits may
/// have the five of an establishment after them.
fn written_in(text: &str, wanted: &str) -> bool {
    let mut before = None;
    text.char_indices().any(|(at, c)| {
        let starts = c.is_ascii_alphanumeric() && !before.is_some_and(char::is_alphanumeric);
        before = Some(c);
        starts
            && after_number(&text[at..], wanted).is_some_and(|rest| {
                let more = rest.chars().take_while(char::is_ascii_digit).count();
                let ends = !rest.starts_with(char::is_alphanumeric);
                ends || (wanted.len() == 9 && more == 5)
            })
    })
}

/// What follows the number that a text begins with.
fn after_number<'a>(text: &'a str, wanted: &str) -> Option<&'a str> {
    let mut left = wanted.chars();
    let mut parted = false;
    for (at, c) in text.char_indices() {
        if c.is_ascii_alphanumeric() {
            match left.next() {
                None => return Some(&text[at..]),
                Some(wanted) if wanted == c.to_ascii_uppercase() => parted = false,
                Some(_) => return None,
            }
        } else if left.as_str().is_empty() {
            return Some(&text[at..]);
        } else if parted || !(c.is_whitespace() || matches!(c, '.' | '-')) {
            return None;
        } else {
            parted = true;
        }
    }
    left.as_str().is_empty().then_some("")
}

fn alphanumerics(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::Likeness::{Different, Near, Same};
    use super::*;

    fn entities() -> Entities {
        Entities::load("entities.toml", include_str!("../../rules/entities.toml")).unwrap()
    }

    #[test]
    fn names_are_compared_without_their_dress() {
        let entities = entities();
        for (one, other, likeness) in [
            ("Exemple SAS", "EXEMPLE", Same),
            (
                "SAS Exemple",
                "Exemple, société par actions simplifiée",
                Same,
            ),
            ("Éxemple & Fils SARL", "Exemple et fils", Same),
            ("Beispiel GmbH & Co. KG", "BEISPIEL GMBH & CO KG", Same),
            ("S.N.E.X.", "SNEX", Same),
            ("Le Bon Exemple", "LeBonExemple SA", Same),
            ("Groupe Exemple", "Exemple", Same),
            ("Exemple Group Ltd", "exemple limited", Same),
            ("Exemple SA", "Exemple AG", Same),
            ("Exemple SE", "Exemple SAS", Same),
            ("Stichting Voorbeeld", "Voorbeeld", Same),
            ("Exemple", "Exemple Banque", Near),
            ("Exemple SAS", "Exemple France SAS", Near),
            ("Exemple SAS", "Exemple GmbH", Near),
            ("Exemple Banque", "Exemple Assurances", Different),
            ("Banque", "Exemple Banque", Different),
            ("Exemplaire", "Exemple", Different),
            ("Bons Plans du Jour", "Exemple Media SAS", Different),
            ("SAS", "SARL", Different),
            ("", "Exemple", Different),
            ("", "", Same),
        ] {
            assert_eq!(
                entities.same_company(one, other),
                likeness,
                "{one} | {other}"
            );
            assert_eq!(
                entities.same_company(other, one),
                likeness,
                "{other} | {one}"
            );
        }
    }

    #[test]
    fn the_exact_company_is_sought_in_lists() {
        let entities = entities();
        for (line, wanted, likeness) in [
            ("EXEMPLE", "Exemple SAS", Same),
            ("Exemple (SAS) – 123 456 782 – assurance", "Exemple", Same),
            ("Alpha, Exemple SAS, Omega", "Exemple", Same),
            ("12. Exemple SAS, 3 rue des Lilas", "Exemple SAS", Same),
            ("Exemple 3 rue des Lilas, 59000 Lille", "Exemple", Same),
            ("Exemple RCS Lille 123 456 782", "Exemple", Same),
            ("EXEMPLE SAS | Énergie", "Exemple", Same),
            ("Exemple, Fils & Cie", "Exemple, Fils & Cie SARL", Same),
            ("Bonnes Affaires (Exemple SAS)", "Exemple", Same),
            ("Exemple Banque", "Exemple", Near),
            ("exemple banque", "Exemple", Near),
            ("EXEMPLE BANQUE SA", "Exemple", Near),
            ("Exemple banque", "Exemple SA", Near),
            ("Groupe Exemple", "Exemple SAS", Near),
            ("Crédit d'Exemple", "Exemple SAS", Near),
            ("Exemple et Fils", "Exemple", Near),
            ("Exemple 2", "Exemple", Near),
            ("Exemple", "Exemple Banque SA", Near),
            ("Exemple Inc.", "Exemple SAS", Near),
            ("Exemple Assurances", "Exemple Banque SA", Different),
            ("Banque", "Exemple Banque SA", Different),
            ("Assurance, énergie, télécom", "Exemple Énergie", Different),
            ("Exemplaire", "Exemple", Different),
            ("", "Exemple", Different),
            ("Exemple", "", Different),
        ] {
            assert_eq!(
                entities.names_company(line, wanted),
                likeness,
                "{line} | {wanted}"
            );
        }
    }

    #[test]
    fn the_exact_company_is_sought_in_sentences() {
        let entities = entities();
        for (text, wanted, likeness) in [
            (
                "J'accepte que mes données soient transmises à Exemple SAS et à Alpha.",
                "Exemple",
                Same,
            ),
            (
                "Vos données iront à Exemple et Alpha pour leurs offres.",
                "Exemple",
                Same,
            ),
            ("La société Exemple vous appellera.", "Exemple SAS", Same),
            ("Die Muster GmbH darf mich anrufen.", "Muster GmbH", Same),
            (
                "I agree that Example Ltd. may call me.",
                "Example Limited",
                Same,
            ),
            ("Exemple Banque vous appellera.", "Exemple", Near),
            ("Exemple vous appellera.", "Exemple Banque SA", Near),
            ("Le Groupe Exemple vous appellera.", "Exemple", Near),
            ("Les Assurances Exemple vous appelleront.", "Exemple", Near),
            (
                "Nos partenaires de l'assurance santé vous appelleront.",
                "Assurance Santé",
                Different,
            ),
            (
                "Exemple Assurances vous appellera.",
                "Exemple Banque",
                Different,
            ),
            ("Un bon choix pour votre foyer.", "Bon Exemple", Different),
        ] {
            assert_eq!(
                entities.names_company(text, wanted),
                likeness,
                "{text} | {wanted}"
            );
        }
    }

    #[test]
    fn a_number_is_found_however_it_is_spaced() {
        let entities = entities();
        for line in [
            "Exemple - 123 456 782",
            "Exemple 123.456.782",
            "123456782",
            "SIRET 12345678200010",
            "n° 12345678200010",
            "FR11123456782",
            "FR 11 123 456 782",
        ] {
            assert!(entities.names_number(line, "123 456 782"), "{line}");
        }
        for line in [
            "1234567820",
            "9123456782",
            "123 456 783",
            "123 456",
            "12 34 56 78 2x",
            "",
        ] {
            assert!(!entities.names_number(line, "123456782"), "{line}");
        }
        assert!(!entities.names_number("1 2", "12"));
    }
}
