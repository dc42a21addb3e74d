//! Names in running text: companies by their legal form, sites by their domain, brands by their
//! capitals.
//!
//! It says where a name stands, never what part the named one plays.

mod common;

use crate::lexicon::{Entities, Lexicon, Sense, Word};
use crate::model::Party;

/// A name in a text, with the legal form that stands before or after it. Offsets are bytes.
#[derive(Debug, Clone)]
pub struct Name {
    pub party: Party,
    pub start: usize,
    pub end: usize,
    pub kind: NameKind,
    /// One word at the start of a sentence: its capital says nothing.
    pub opens: bool,
}

/// How sure the name is to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    /// A legal form stands with it.
    Entity,
    /// A site's name: `exemple.fr`.
    Domain,
    /// Capitals, nothing more: only a cue beside it makes it a name.
    Capitals,
}

/// Words of a name at most.
const LONGEST_NAME: usize = 8;
/// A registration number is looked for this many bytes after a name.
const NUMBER_REACH: usize = 220;
/// Lower-case words that may stand inside a name.
const JOINERS: [&str; 30] = [
    "de", "du", "des", "d", "la", "le", "les", "l", "et", "of", "the", "and", "und", "y", "e",
    "di", "del", "della", "van", "en", "for", "degli", "dei", "delle", "dell", "dello", "los",
    "las", "von", "fur",
];

/// Those that come before the last name of a list.
const AND: [&str; 5] = ["et", "and", "und", "y", "e"];

/// Those that make one name of two words: "Mutuelle du Lac".
const OF: [&str; 15] = [
    "de", "du", "des", "d", "of", "di", "del", "della", "degli", "dei", "delle", "dell", "dello",
    "von", "by",
];

/// Articles that a name may begin with: "La Poste", "The Points Guy".
const ARTICLES: [&str; 9] = ["la", "le", "les", "el", "los", "las", "il", "gli", "the"];

/// Finds the names of a text.
pub fn find(
    text: &str,
    words: &[Word],
    lexicon: Option<&Lexicon>,
    entities: &Entities,
) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if let Some(end) = domain_at(text, words, at) {
            names.push(Name {
                party: Party {
                    name: text[words[at].start..words[end].end].to_string(),
                    ..Party::default()
                },
                start: words[at].start,
                end: words[end].end,
                kind: NameKind::Domain,
                opens: false,
            });
            at = end + 1;
            continue;
        }
        // "SAS Exemple": the form is no part of the name.
        if let Some(form_end) = entities.form_before_name(text, words[at].start) {
            at = first_from(words, at + 1, form_end);
            continue;
        }
        if !starts_name(text, words, at, lexicon) {
            at += 1;
            continue;
        }
        let (at_first, mut end) = extent(text, words, at, lexicon, entities);
        if let Some(last) = names.last() {
            end = end_in_list(text, words, (at_first, end), last.end);
        }
        // A legal form belongs to one name, and is none itself.
        let free = names.last().map_or(0, |last| last.end);
        let name = finish(text, words, (at_first, end), free, lexicon, entities)
            .or_else(|| within(text, words, (at, end), free, lexicon, entities));
        let taken = name.as_ref().map_or(0, |name| name.end);
        names.extend(name);
        at = first_from(words, end + 1, taken);
    }
    register(text, &mut names, entities);
    names
}

/// The first word, from `at` on, that does not start before a place in the text.
fn first_from(words: &[Word], at: usize, place: usize) -> usize {
    (at..)
        .find(|&next| words.get(next).is_none_or(|word| word.start >= place))
        .unwrap_or(at)
}

/// The last word of a name within a list: after a comma, "B and C" are two names.
fn end_in_list(text: &str, words: &[Word], (first, end): (usize, usize), before: usize) -> usize {
    let listed = text
        .get(before..words[first].start)
        .is_some_and(|between| between.trim() == ",");
    let and = (first + 1..end).find(|&at| AND.contains(&&*words[at].plain));
    and.filter(|_| listed).map_or(end, |and| and - 1)
}

/// Gives companies the registration number after them, up to the next company.
fn register(text: &str, names: &mut [Name], entities: &Entities) {
    let mut next = text.len();
    for name in names.iter_mut().rev() {
        let Some(form) = name.party.legal_form.as_deref() else {
            continue;
        };
        let mut reach = (name.end + NUMBER_REACH).min(next);
        while !text.is_char_boundary(reach) {
            reach -= 1;
        }
        let after = text.get(name.end..reach).unwrap_or_default();
        let number = entities.numbers(after).into_iter().next();
        name.party.country = entities.country(form, number.as_ref());
        name.party.registration = number.map(|number| number.written);
        next = name.start;
    }
}

/// The first and the last word of the name that a capital at `at` begins: without the document or the mailing
/// of its bearer, with the article that belongs to it.
fn extent(
    text: &str,
    words: &[Word],
    at: usize,
    lexicon: Option<&Lexicon>,
    entities: &Entities,
) -> (usize, usize) {
    let capital_nouns = lexicon.is_some_and(|lexicon| lexicon.capital_nouns);
    let end_from = |first| name_end(text, words, first, capital_nouns, entities);
    let (mut first, mut end) = (at, end_from(at));
    if let Some(lexicon) = lexicon {
        let read =
            |first: usize, end: usize| lexicon.read(&text[words[first].start..words[end].end]);
        first += common::head(&read(first, end), &OF);
        while first < end && !capitalised(text, &words[first]) {
            first += 1;
        }
        end = end_from(first);
        let free = entities.form_at_start(&text[words[end].end..]).is_none();
        end -= common::tail(&read(first, end)).min(if free { end - first } else { 0 });
    }
    let article = !capital_nouns && takes_article(text, words, (first, end), lexicon);
    (first - usize::from(article), end)
}

/// "La Poste" within a sentence. At its start the article is the name's where one word follows that is none
/// of the language.
fn takes_article(
    text: &str,
    words: &[Word],
    (first, end): (usize, usize),
    lexicon: Option<&Lexicon>,
) -> bool {
    let Some(before) = first.checked_sub(1) else {
        return false;
    };
    let article = &words[before];
    let beside = article.sentence == words[first].sentence
        && ARTICLES.contains(&&*article.plain)
        && capitalised(text, article)
        && text.get(article.end..words[first].start) == Some(" ");
    let opens = before
        .checked_sub(1)
        .is_none_or(|last| words[last].sentence != article.sentence);
    let known = || lexicon.is_some_and(|lexicon| lexicon.knows(&words[first]));
    beside && (!opens || (first == end && !known()))
}

/// A name's last word, from its first: capitalised words, with joiners between them.
fn name_end(
    text: &str,
    words: &[Word],
    start: usize,
    capital_nouns: bool,
    entities: &Entities,
) -> usize {
    let mut end = start;
    for at in start + 1..words.len().min(start + LONGEST_NAME) {
        let between = &text[words[at - 1].end..words[at].start];
        let apart = between.contains([
            '.', ',', ';', ':', '(', ')', '\n', '"', '«', '»', '“', '”', '„', '!', '?', '|', '/',
            '*',
        ]) && !(between == "." && words[at].end - words[at].start > 1);
        // "Tessel' Terms", "mein Kind 'Mein Film'": an apostrophe between words is none within one.
        let quoted = between.contains(['\'', '’', '‘']) && between.contains(char::is_whitespace);
        if apart || quoted {
            break;
        }
        // The legal form ends the name.
        if entities.form_at_start(&text[words[at - 1].end..]).is_some() {
            break;
        }
        // "Angebote von Muster GmbH": where nouns have capitals, what stands before "von" is no name.
        let joins =
            JOINERS.contains(&&*words[at].plain) && !(capital_nouns && &*words[at].plain == "von");
        if capitalised(text, &words[at]) {
            end = at;
        } else if !joins {
            break;
        }
    }
    end
}

/// Where every noun has a capital, the name inside "Angebote von ENERGA" or "SeeBlick Newsletter": the
/// one word that is written unlike a noun, or stands where a noun has an article.
fn within(
    text: &str,
    words: &[Word],
    (start, end): (usize, usize),
    free: usize,
    lexicon: Option<&Lexicon>,
    entities: &Entities,
) -> Option<Name> {
    let known = lexicon.filter(|lexicon| lexicon.capital_nouns)?;
    (start..=end).find_map(|at| {
        let proper = stands_as_name(text, words, at, known);
        // Nothing but its place makes the word a name: no lexicon judges its writing.
        let judge = lexicon.filter(|_| !proper);
        finish(text, words, (at, at), free, judge, entities)
    })
}

/// Endings of German nouns and of adjectives before a newsletter: no names.
const NOUN_ENDINGS: [&str; 20] = [
    "ung", "ungen", "heit", "heiten", "keit", "keiten", "schaft", "schaften", "tion", "tionen",
    "tät", "ismus", "en", "ern", "licher", "liche", "loser", "iger", "ischer", "gratis",
];

/// "von Zalando", "dass Zalando mich", "Zalando Newsletter": a word that no phrase names, without an article
/// after "von" or right before a newsletter, where a common noun would have one or a hyphen.
fn stands_as_name(text: &str, words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
    let word = &words[at];
    let written = &text[word.start..word.end];
    let spaced = |one: &Word, other: &Word| text.get(one.end..other.start) == Some(" ");
    let after_von = at.checked_sub(1).is_some_and(|before| {
        matches!(&*words[before].plain, "von" | "bei" | "dass" | "durch")
            && spaced(&words[before], word)
    });
    let before_newsletter = words.get(at + 1).is_some_and(|next| {
        spaced(word, next)
            && lexicon
                .read(&text[next.start..next.end])
                .has(Sense::Newsletter)
    });
    (after_von || before_newsletter)
        && written.starts_with(char::is_uppercase)
        && written.chars().count() > 2
        && !lexicon.knows(word)
        && !lexicon
            .read(written)
            .has_any(&[Sense::Newsletter, Sense::NoName])
        && !NOUN_ENDINGS
            .iter()
            .any(|ending| word.plain.ends_with(ending))
}

/// The name between two words, where it is one. Nothing before `free` belongs to it.
fn finish(
    text: &str,
    words: &[Word],
    (first, last): (usize, usize),
    free: usize,
    lexicon: Option<&Lexicon>,
    entities: &Entities,
) -> Option<Name> {
    let (from, to) = (words[first].start, words[last].end);
    let name = text.get(from..to)?;
    let after = entities.form_at_start(&text[to..]);
    let before = entities
        .form_at_end(text.get(free..from).unwrap_or_default())
        .filter(|_| after.is_none());
    let form = after.or(before).map(|(form, _)| form);
    let form_end = to + after.map_or(0, |(_, taken)| taken);
    let kind = if form.is_some() {
        NameKind::Entity
    } else {
        NameKind::Capitals
    };
    if kind == NameKind::Capitals && common::is_common(name, lexicon, entities) {
        return None;
    }
    Some(Name {
        party: Party {
            name: name.to_string(),
            legal_form: form.map(str::to_string),
            ..Party::default()
        },
        start: before.map_or(from, |(_, start)| free + start),
        end: form_end + genitive(&text[form_end..]),
        kind,
        opens: first == last
            && first
                .checked_sub(1)
                .is_none_or(|before| words[before].sentence != words[first].sentence),
    })
}

/// The length of an English genitive: "Tessel's terms".
fn genitive(rest: &str) -> usize {
    ["'s", "’s"]
        .iter()
        .find(|ending| {
            rest.strip_prefix(**ending)
                .is_some_and(|after| !after.starts_with(char::is_alphanumeric))
        })
        .map_or(0, |ending| ending.len())
}

fn starts_name(text: &str, words: &[Word], at: usize, lexicon: Option<&Lexicon>) -> bool {
    let word = &words[at];
    let little = lexicon.is_some_and(|lexicon| lexicon.is_little(&word.plain));
    let enough = word.plain.chars().count() > 1
        || words
            .get(at + 1)
            .is_some_and(|next| text[word.end..next.start].trim() == "&");
    // "Allow Brightwater to …": the verb is no part of the name.
    let opens = at
        .checked_sub(1)
        .is_none_or(|last| words[last].sentence != word.sentence);
    // "Receive offers by email": its capital is the sentence's.
    let of = words
        .get(at + 1)
        .is_some_and(|next| OF.contains(&&*next.plain));
    let followed = words
        .get(at + 1 + usize::from(of))
        .is_some_and(|next| next.sentence == word.sentence && capitalised(text, next));
    let verb = opens
        && lexicon.is_some_and(|lexicon| {
            let meant = lexicon.read(&text[word.start..word.end]);
            meant.has(Sense::Consent) || (!followed && lexicon.knows(word))
        });
    capitalised(text, word) && !little && enough && !verb
}

fn capitalised(text: &str, word: &Word) -> bool {
    // "iTec" and "myNord" have theirs inside.
    let written = &text[word.start..word.end];
    (written.starts_with(|first: char| first.is_ascii_digit())
        || written.chars().any(char::is_uppercase))
        && text[word.start..word.end].chars().any(char::is_alphabetic)
}

/// A domain name starting at a word: its last word.
fn domain_at(text: &str, words: &[Word], at: usize) -> Option<usize> {
    let mut end = at;
    while let Some(next) = words.get(end + 1) {
        if &text[words[end].end..next.start] != "." && &text[words[end].end..next.start] != "-" {
            break;
        }
        end += 1;
    }
    // An address of an e-mail is not the name of a site.
    if at > 0 && text[..words[at].start].ends_with('@') {
        return None;
    }
    let whole = text.get(words[at].start..words[end].end)?;
    let plausible =
        whole.is_ascii() && whole.contains('.') && !whole.starts_with(|c: char| c.is_ascii_digit());
    let suffix = whole.rsplit('.').next()?;
    let known = plausible
        && suffix.len() >= 2
        && (suffix.chars().all(|c| c.is_ascii_lowercase()) || whole == whole.to_ascii_uppercase())
        && psl::domain(whole.to_ascii_lowercase().as_bytes())
            .is_some_and(|domain| domain.suffix().is_known());
    (known || (plausible && suffix == "example")).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicons;

    /// The companies of a text: name, form, number, country.
    fn companies(language: &str, text: &str) -> Vec<[String; 4]> {
        let files = [
            ("de.toml", include_str!("../../rules/lexicon/de.toml")),
            ("en.toml", include_str!("../../rules/lexicon/en.toml")),
            ("fr.toml", include_str!("../../rules/lexicon/fr.toml")),
            ("it.toml", include_str!("../../rules/lexicon/it.toml")),
        ];
        let lexicons = Lexicons::load(files).unwrap();
        let lexicon = lexicons.get(language).unwrap();
        let file = include_str!("../../rules/entities.toml");
        let entities = Entities::load("entities.toml", file).unwrap();
        let words = lexicon.read(text).words;
        find(text, &words, Some(lexicon), &entities)
            .into_iter()
            .filter(|name| name.kind == NameKind::Entity)
            .map(|name| {
                let party = name.party;
                let or_none = |value: Option<String>| value.unwrap_or_default();
                let form = or_none(party.legal_form);
                let number = or_none(party.registration);
                [party.name, form, number, or_none(party.country)]
            })
            .collect()
    }

    #[test]
    fn companies_have_their_form_and_their_own_number() {
        let text = "Exemple SAS, Alpha SARL (SIREN 123 456 782) et la S.A. « Omega », RCS Lyon 000 000 018";
        assert_eq!(
            companies("fr", text),
            [
                ["Exemple", "SAS", "", "fr"],
                ["Alpha", "SARL", "123 456 782", "fr"],
                ["Omega", "S.A.", "000 000 018", "fr"],
            ]
        );
        let text = "SAS Exemple Auto, 1 rue X";
        assert_eq!(companies("fr", text), [["Exemple Auto", "SAS", "", "fr"]]);
        let text = "Muster Handels GmbH & Co. KG, Amtsgericht Köln HRA 1234";
        assert_eq!(
            companies("de", text),
            [["Muster Handels", "GmbH & Co. KG", "HRA 1234", "de"]]
        );
        let text = "Example Ltd, company number 1234567, registered in England";
        assert_eq!(companies("en", text), [["Example", "Ltd", "1234567", "uk"]]);
    }

    #[test]
    fn words_like_forms_make_no_company() {
        for (language, text) in [
            ("it", "SA che i suoi dati sono al sicuro? Esempio lo SA."),
            ("it", "IL CLIENTE SA CHE I DATI SONO TRATTATI"),
            ("fr", "POUR SA FAMILLE ET SA MAISON NEUVE"),
            ("en", "WE USE YOUR DATA AS CONTROLLER"),
            ("en", "Claim Your Limited Time Offer"),
            ("de", "GEWINNSPIEL AB SOFORT"),
        ] {
            assert_eq!(
                companies(language, text),
                Vec::<[String; 4]>::new(),
                "{text}"
            );
        }
        // What follows a company is not one because of its form.
        let names = companies("en", "Example Ltd Privacy Notice");
        assert_eq!(names.len(), 1);
        let names = companies("fr", "Exemple SAS Politique de Confidentialité");
        assert_eq!(names.len(), 1);
    }
}
