//! Names in running text: companies by their legal form, sites by their domain, brands by their
//! capitals.
//!
//! It says where a name stands, never what part the named one plays.

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
const JOINERS: [&str; 22] = [
    "de", "du", "des", "d", "la", "le", "les", "l", "et", "of", "the", "and", "und", "y", "e",
    "di", "del", "della", "von", "van", "en", "for",
];

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
        let end = name_end(text, words, at, entities);
        // A legal form belongs to one name, and is none itself.
        let free = names.last().map_or(0, |last| last.end);
        let name = finish(text, words, (at, end), free, lexicon, entities)
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

/// A name's last word, from its first: capitalised words, with joiners between them.
fn name_end(text: &str, words: &[Word], start: usize, entities: &Entities) -> usize {
    let mut end = start;
    for at in start + 1..words.len().min(start + LONGEST_NAME) {
        let between = &text[words[at - 1].end..words[at].start];
        if between.contains([
            '.', ',', ';', ':', '(', ')', '\n', '"', '«', '»', '!', '?', '|', '/',
        ]) && !(between == "." && words[at].end - words[at].start > 1)
        {
            break;
        }
        // The legal form ends the name.
        if entities.form_at_start(&text[words[at - 1].end..]).is_some() {
            break;
        }
        if capitalised(text, &words[at]) {
            end = at;
        } else if !JOINERS.contains(&&*words[at].plain) {
            break;
        }
    }
    end
}

/// Where every noun has a capital, the name inside "Angebote von ENERGA" or "SeeBlick Newsletter": the
/// one word that is written unlike a noun.
fn within(
    text: &str,
    words: &[Word],
    (start, end): (usize, usize),
    free: usize,
    lexicon: Option<&Lexicon>,
    entities: &Entities,
) -> Option<Name> {
    lexicon.filter(|lexicon| lexicon.capital_nouns)?;
    (start..=end).find_map(|at| finish(text, words, (at, at), free, lexicon, entities))
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
    if kind == NameKind::Capitals && is_common(name, lexicon) {
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

/// Words that have a capital for other reasons: buttons, documents, channels, fields.
fn is_common(name: &str, lexicon: Option<&Lexicon>) -> bool {
    let Some(lexicon) = lexicon else {
        return false;
    };
    // Where every noun has a capital, only unusual writing marks a name.
    if lexicon.capital_nouns {
        let odd = |word: &str| word.chars().skip(1).any(char::is_uppercase) || word.contains('&');
        if !name.split_whitespace().any(odd) {
            return true;
        }
    }
    let reading = lexicon.read(name);
    let covered = reading.words.iter().filter(|word| {
        let senses = COMMON.iter().flat_map(|&sense| reading.hits(sense));
        lexicon.is_little(&word.plain)
            || senses
                .into_iter()
                .any(|hit| hit.start <= word.start && word.end <= hit.end)
    });
    2 * covered.count() >= reading.words.len()
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
    let verb = opens
        && lexicon.is_some_and(|lexicon| {
            lexicon
                .read(&text[word.start..word.end])
                .has(Sense::Consent)
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
