//! Registration numbers in texts: their shapes from `rules/entities.toml`, and whether they hold.
//!
//! A number that holds was not mistyped or made up carelessly; that it is somebody's, no arithmetic says.

use regex::Regex;
use serde::Deserialize;

use super::checksums::{self, Check};
use super::entities::Entities;
use super::words::plain_words;

/// A registration number in a text. Offsets are bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// `fr_siren`, `uk_vat`, …: the kinds of `rules/entities.toml`.
    pub kind: String,
    /// What people call it: `SIREN`.
    pub name: String,
    pub country: String,
    pub written: String,
    /// Digits and letters alone, in capitals, without the country's prefix.
    pub digits: String,
    /// The court or place of the register, where the number means nothing without.
    pub court: Option<String>,
    /// Whether its check digits hold; `None` where it has none that could be checked.
    pub holds: Option<bool>,
    pub start: usize,
    pub end: usize,
}

/// A kind of numbers.
#[derive(Debug)]
pub(super) struct Kind {
    kind: String,
    name: String,
    country: String,
    check: Option<Check>,
    prefixes: Vec<String>,
    leave_out: Vec<String>,
    length: usize,
    shapes: Vec<Regex>,
    /// What stands where a number of this kind is announced, whatever its length.
    loose: Vec<Regex>,
    lengths: Vec<usize>,
}

/// A kind as the file declares it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindFile {
    kind: String,
    name: String,
    country: String,
    check: Option<String>,
    #[serde(default)]
    prefixes: Vec<String>,
    #[serde(default)]
    leave_out: Vec<String>,
    #[serde(default)]
    length: usize,
    shapes: Vec<String>,
    #[serde(default)]
    loose: Vec<String>,
    #[serde(default)]
    lengths: Vec<usize>,
}

/// The register whose numbers mean nothing without their court.
const KEPT_BY_COURTS: &str = "de_register";
/// Numbers of one shape in a text, at most.
const MOST_NUMBERS: usize = 50;
/// Longer texts are read up to here.
const READ_LIMIT: usize = 400_000;

impl Kind {
    /// Compiles what the file declares.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub(super) fn compile(file: KindFile) -> Result<Kind, String> {
        let check = match file.check {
            None => None,
            Some(name) => {
                Some(checksums::named(&name).ok_or(format!("there is no check called `{name}`"))?)
            }
        };
        let compile = |shapes: &[String]| {
            shapes
                .iter()
                .map(|shape| {
                    // Boundaries of ASCII words: texts with accents are searched many times slower otherwise.
                    let ascii = shape.replace(r"\b", r"(?-u:\b)");
                    let regex = Regex::new(&ascii).map_err(|e| e.to_string())?;
                    let named = regex.capture_names().flatten().any(|name| name == "number");
                    named
                        .then_some(regex)
                        .ok_or(format!("`{shape}` has no group `number`"))
                })
                .collect::<Result<Vec<Regex>, String>>()
        };
        let (shapes, loose) = (compile(&file.shapes)?, compile(&file.loose)?);
        Ok(Kind {
            kind: file.kind,
            name: file.name,
            country: file.country,
            check,
            prefixes: file.prefixes,
            leave_out: file.leave_out,
            length: file.length,
            shapes,
            loose,
            lengths: file.lengths,
        })
    }

    /// The numbers of this kind in a text, some of them perhaps twice.
    fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Number> + 'a {
        let found = |shape: &'a Regex| shape.captures_iter(text).take(MOST_NUMBERS);
        // Most shapes are not there, and that is told sooner than what they would hold.
        let there = self.shapes.iter().filter(|shape| shape.is_match(text));
        there.flat_map(found).filter_map(|captures| {
            let number = captures.name("number")?;
            let written = number.as_str().trim();
            let digits = self.digits(written);
            Some(Number {
                kind: self.kind.clone(),
                name: self.name.clone(),
                country: self.country.clone(),
                written: written.to_string(),
                holds: self.check.and_then(|check| check(&digits)),
                digits,
                court: captures
                    .name("court")
                    .map(|court| court.as_str().to_string()),
                start: number.start(),
                end: number.start() + written.len(),
            })
        })
    }

    /// What the arithmetic needs of a number.
    fn digits(&self, written: &str) -> String {
        let mut digits: String = written
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '*'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        for left_out in &self.leave_out {
            digits = digits.replace(left_out, "");
        }
        if let Some(rest) = self
            .prefixes
            .iter()
            .find_map(|prefix| digits.strip_prefix(prefix.as_str()))
        {
            digits = rest.to_string();
        }
        let missing = self.length.saturating_sub(digits.len());
        let numeric = digits.bytes().all(|b| b.is_ascii_digit());
        if missing > 0 && numeric {
            digits.insert_str(0, &"0".repeat(missing));
        }
        digits
    }
}

impl Number {
    /// The register the number belongs to, and what stands for the company in it: a SIRET, an RCS
    /// entry and a French VAT number all hold a SIREN. Two numbers compare only within one register.
    pub fn register(&self) -> (&str, &str) {
        let part = match self.kind.as_str() {
            "fr_siret" => self.digits.get(..9).map(|siren| ("fr_siren", siren)),
            "fr_vat" => self.digits.get(2..).map(|siren| ("fr_siren", siren)),
            "fr_rcs" => Some(("fr_siren", self.digits.as_str())),
            "it_fiscal" => Some(("it_piva", self.digits.as_str())),
            "uk_vat" => self.digits.get(..9).map(|trader| ("uk_vat", trader)),
            _ => None,
        };
        part.unwrap_or((&self.kind, &self.digits))
    }

    /// Whether two numbers are of the same company; `None` where they cannot be compared.
    pub fn same_company(&self, other: &Number) -> Option<bool> {
        let (one, two) = (self.register(), other.register());
        if one.0 != two.0 {
            return None;
        }
        let courts = match (&self.court, &other.court) {
            (Some(one), Some(two)) => Some(plain_words(one) == plain_words(two)),
            // Every court counts from one: without it the number may be anybody's.
            _ if one.0 == KEPT_BY_COURTS && one.1 == two.1 => None,
            _ => Some(true),
        };
        courts.map(|same_court| same_court && one.1 == two.1)
    }
}

impl Entities {
    /// What is announced as a registration number and has not as many signs as one: its name and its
    /// words.
    pub fn malformed(&self, text: &str) -> Vec<String> {
        if !text.bytes().any(|b| b.is_ascii_digit()) {
            return Vec::new();
        }
        let text = text.get(..READ_LIMIT).unwrap_or(text);
        let loose = self
            .kinds
            .iter()
            .flat_map(|kind| kind.loose.iter().map(move |shape| (kind, shape)));
        let found = loose.flat_map(|(kind, shape)| {
            let numbers = shape.captures_iter(text).take(MOST_NUMBERS);
            numbers.filter_map(move |captures| Some((kind, captures.name("number")?)))
        });
        let mut wrong = found
            .filter(|(kind, number)| {
                let signs = number.as_str().chars().filter(char::is_ascii_alphanumeric);
                !kind.lengths.contains(&signs.count())
            })
            .peekable();
        if wrong.peek().is_none() {
            return Vec::new();
        }
        let numbers = self.numbers(text);
        wrong
            .filter(|(_, found)| {
                let mut numbers = numbers.iter();
                !numbers.any(|number| number.start < found.end() && found.start() < number.end)
            })
            .map(|(kind, found)| format!("{} {}", kind.name, found.as_str().trim()))
            .collect()
    }

    /// Whether a number that was given with a company's name holds; `None` where nothing tells what kind of
    /// number it is, or it has no check digits.
    pub fn number_holds(&self, company: &str, number: &str) -> Option<bool> {
        let digits = number.chars().filter(char::is_ascii_digit).count();
        let bare = number
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.'));
        let words: Vec<&str> = company.split_whitespace().collect();
        let french = words
            .iter()
            .any(|word| self.countries(word).iter().any(|c| c == "fr"));
        let written = match (bare && french, digits) {
            (true, 9) => format!("SIREN {number}"),
            (true, 14) => format!("SIRET {number}"),
            _ => number.to_string(),
        };
        self.numbers(&written).first()?.holds
    }

    /// The registration numbers of a text, in order, none within another.
    pub fn numbers(&self, text: &str) -> Vec<Number> {
        // Most texts hold none.
        if !text.bytes().any(|b| b.is_ascii_digit()) {
            return Vec::new();
        }
        let mut end = READ_LIMIT.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let mut found: Vec<Number> = self
            .kinds
            .iter()
            .flat_map(|kind| kind.find(&text[..end]))
            .collect();
        // Stable: of equals, the kind declared first stays.
        found.sort_by_key(|number| (number.start, std::cmp::Reverse(number.end)));
        let mut taken = 0;
        found.retain(|number| {
            let free = number.start >= taken;
            if free {
                taken = number.end;
            }
            free
        });
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entities() -> Entities {
        Entities::load("entities.toml", include_str!("../../rules/entities.toml")).unwrap()
    }

    #[test]
    fn numbers_are_read_as_each_country_writes_them() {
        let entities = entities();
        let cases = [
            ("SIREN n° 123 456 782", "fr_siren", "123456782", Some(true)),
            (
                "numéro SIREN : 123.456.783",
                "fr_siren",
                "123456783",
                Some(false),
            ),
            (
                "SIRET 123 456 782 00010",
                "fr_siret",
                "12345678200010",
                Some(true),
            ),
            (
                "SIREN/SIRET : 12345678200010",
                "fr_siret",
                "12345678200010",
                Some(true),
            ),
            (
                "immatriculée au RCS de Lille Métropole sous le numéro 123 456 782",
                "fr_rcs",
                "123456782",
                Some(true),
            ),
            (
                "R.C.S. PARIS B 123 456 782",
                "fr_rcs",
                "123456782",
                Some(true),
            ),
            (
                "123 456 782 RCS Nanterre",
                "fr_rcs",
                "123456782",
                Some(true),
            ),
            (
                "TVA intracommunautaire : FR 11 123456782",
                "fr_vat",
                "11123456782",
                Some(true),
            ),
            ("RNA : W123456789", "fr_rna", "W123456789", None),
            (
                "registered in England and Wales under company number 01234567",
                "uk_company",
                "01234567",
                None,
            ),
            ("Company No. 1234567", "uk_company", "01234567", None),
            (
                "Registered in Scotland SC123456",
                "uk_company",
                "SC123456",
                None,
            ),
            (
                "Registered in England (No. 123456)",
                "uk_company",
                "00123456",
                None,
            ),
            ("VAT GB 123 4567 82", "uk_vat", "123456782", Some(true)),
            ("VAT no. 123 4567 83", "uk_vat", "123456783", Some(false)),
            (
                "Registered in Ireland, No. 123456",
                "ie_company",
                "123456",
                None,
            ),
            ("VAT IE1234567WH", "ie_vat", "1234567WH", Some(true)),
            (
                "Handelsregister: HRB 12345 B",
                "de_register",
                "HRB12345B",
                None,
            ),
            ("HRB-Nr. 12345", "de_register", "HRB12345", None),
            (
                "USt-IdNr.: DE 123 456 788",
                "de_vat",
                "123456788",
                Some(true),
            ),
            ("Firmenbuch: FN 123456 a", "at_register", "123456A", None),
            ("UID: ATU12345675", "at_vat", "12345675", Some(true)),
            ("CHE-123.456.788 MWST", "ch_uid", "123456788", Some(true)),
            ("con CIF B-12.345.674", "es_nif", "B12345674", Some(true)),
            ("N.I.F.: 12345678-Z", "es_nif", "12345678Z", Some(true)),
            (
                "P. IVA: IT12345671007",
                "it_piva",
                "12345671007",
                Some(true),
            ),
            (
                "C.F. e Partita IVA 12345671008",
                "it_piva",
                "12345671008",
                Some(false),
            ),
            (
                "Codice Fiscale 99999999990",
                "it_fiscal",
                "99999999990",
                Some(true),
            ),
            ("REA MI-1234567", "it_rea", "MI1234567", None),
            ("BCE 0123.456.749", "be_kbo", "0123456749", Some(true)),
            ("BTW BE 0123.456.748", "be_kbo", "0123456748", Some(false)),
            ("TVA BE 123.456.749", "be_kbo", "0123456749", Some(true)),
            ("KvK-nummer: 12345678", "nl_kvk", "12345678", None),
            ("BTW NL123456782B01", "nl_vat", "123456782B01", Some(true)),
            ("RCS Luxembourg B 123.456", "lu_register", "B123456", None),
            ("EIN: 12-3456789", "us_ein", "123456789", None),
            ("VAT PT123456789", "eu_vat", "PT123456789", None),
        ];
        for (text, kind, digits, holds) in cases {
            let found = entities.numbers(text);
            let read: Vec<_> = found
                .iter()
                .map(|n| (n.kind.as_str(), n.digits.as_str(), n.holds))
                .collect();
            assert_eq!(read, [(kind, digits, holds)], "{text}");
            assert_eq!(&text[found[0].start..found[0].end], found[0].written);
        }
    }

    #[test]
    fn other_numbers_are_none() {
        let entities = entities();
        for text in [
            "Appelez le 01 23 45 67 89 ou le +33 1 23 45 67 89",
            "capital de 123 456 789 €",
            "commande 123456789",
            "RCS Paris",
            "Call 0123 456 7890, order number 12345678",
            "HRB",
            "FN 12345 in Wien",
            "Offre FR123",
            "IBAN DE12345678901234567890",
        ] {
            assert_eq!(entities.numbers(text), [], "{text}");
        }
    }

    #[test]
    fn a_german_number_has_its_court() {
        let entities = entities();
        let court = |text: &str| entities.numbers(text).first()?.court.clone();
        let text = "Amtsgericht Bad Homburg, HRB 12345";
        assert_eq!(court(text).as_deref(), Some("Bad Homburg"));
        let text = "HRB 12345 B (Amtsgericht Charlottenburg)";
        assert_eq!(court(text).as_deref(), Some("Charlottenburg"));
        let text = "Amtsgericht Köln, VR 1234";
        assert_eq!(court(text).as_deref(), Some("Köln"));
        assert_eq!(court("HRB 12345"), None);
    }

    #[test]
    fn numbers_of_one_register_are_compared() {
        let entities = entities();
        let same = |one: &str, other: &str| {
            entities.numbers(one)[0].same_company(&entities.numbers(other)[0])
        };
        assert_eq!(same("SIREN 123456782", "FR 11 123456782"), Some(true));
        assert_eq!(
            same("SIRET 12345678200010", "RCS Lyon 123 456 782"),
            Some(true)
        );
        assert_eq!(same("SIREN 123456782", "SIREN 000000018"), Some(false));
        assert_eq!(same("SIREN 123456782", "DE123456788"), None);
        assert_eq!(
            same("AG Köln HRB 1234", "Amtsgericht Köln, HRB 1234"),
            Some(true)
        );
        assert_eq!(same("AG Köln HRB 1234", "AG Bonn HRB 1234"), Some(false));
        assert_eq!(same("AG Köln HRB 1234", "HRB 1234"), None);
        assert_eq!(same("AG Köln HRB 1234", "HRB 1235"), Some(false));
        assert_eq!(same("VAT BE0123456749", "KBO 0123.456.749"), Some(true));
    }

    #[test]
    fn numbers_given_with_a_name_are_checked() {
        let entities = entities();
        assert_eq!(
            entities.number_holds("Exemple SAS", "123456782"),
            Some(true)
        );
        assert_eq!(
            entities.number_holds("Exemple SAS", "123 456 783"),
            Some(false)
        );
        assert_eq!(
            entities.number_holds("Exemple SAS", "FR12123456782"),
            Some(false)
        );
        assert_eq!(entities.number_holds("Exemple GmbH", "123456783"), None);
        assert_eq!(entities.number_holds("Exemple Ltd", "01234567"), None);
    }

    #[test]
    fn numbers_of_a_wrong_length_are_malformed() {
        let entities = entities();
        let cases = [
            ("SIREN 123 456 78", Some("SIREN 123 456 78")),
            ("SIRET : 1234567820001", Some("SIRET 1234567820001")),
            ("RCS Lyon 123 456 78", Some("RCS 123 456 78")),
            ("n° de TVA : FR 11 123 456 78", Some("TVA FR 11 123 456 78")),
            ("company number 12345", Some("Company number 12345")),
            ("SIREN 123 456 782, 12 rue des Essais", None),
            ("SIRET 123 456 782", None),
            ("RCS Lyon 123 456 782", None),
            ("TVA non applicable, art. 293 B", None),
            ("IBAN FR76 3000 6000 0112 3456 7890 189", None),
        ];
        for (text, wanted) in cases {
            let found = entities.malformed(text).into_iter().next();
            assert_eq!(found.as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn files_that_are_wrong_are_refused() {
        let file = include_str!("../../rules/entities.toml");
        let unknown = file.replace("check = \"uk_vat\"", "check = \"no_such\"");
        let problem = Entities::load("entities.toml", &unknown).unwrap_err();
        assert!(problem.problem.contains("no_such"), "{problem}");
        let unnamed = file.replace("(?<number>FR", "(FR");
        let problem = Entities::load("entities.toml", &unnamed).unwrap_err();
        assert!(problem.problem.contains("group"), "{problem}");
    }
}
