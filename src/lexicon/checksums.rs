//! The arithmetic of registration numbers, by the name that `rules/entities.toml` gives it.
//!
//! Each function takes digits and capitals without separators or the country's prefix, and says whether
//! the check digits hold; `None` where the number has none that are public.

/// Says whether a number's check digits hold.
pub type Check = fn(&str) -> Option<bool>;

const CHECKS: [(&str, Check); 13] = [
    ("fr_siren", fr_siren),
    ("fr_siret", fr_siret),
    ("fr_vat", fr_vat),
    ("uk_vat", uk_vat),
    ("ie_vat", ie_vat),
    ("de_vat", de_vat),
    ("at_vat", at_vat),
    ("ch_uid", ch_uid),
    ("es_nif", es_nif),
    ("it_piva", it_piva),
    ("be_kbo", be_kbo),
    ("nl_vat", nl_vat),
    ("lu_vat", lu_vat),
];

/// The check of a name.
pub fn named(name: &str) -> Option<Check> {
    CHECKS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, check)| *check)
}

/// La Poste has more establishments than its numbers by the rule would reach.
const LA_POSTE: &str = "356000000";
const LA_POSTE_HEAD_OFFICE: &str = "35600000000048";

/// SIREN: Luhn, as Insee's documentation of the Sirene register says (ISO/IEC 7812-1, annex B).
fn fr_siren(text: &str) -> Option<bool> {
    let digits = digits::<9>(text)?;
    Some(luhn(&digits) && digits != [0; 9])
}

/// SIRET: Luhn over SIREN and establishment; those of La Poste but its head office hold where the sum
/// of the digits is a multiple of five (Insee, documentation of the Sirene register).
fn fr_siret(text: &str) -> Option<bool> {
    let digits = digits::<14>(text)?;
    if text.starts_with(LA_POSTE) && text != LA_POSTE_HEAD_OFFICE {
        return Some(digits.iter().sum::<u32>().is_multiple_of(5));
    }
    Some(fr_siren(&text[..9])? && luhn(&digits))
}

/// French VAT: the key is (12 + 3 × (SIREN mod 97)) mod 97 (Bulletin officiel des finances publiques,
/// BOI-TVA-DECLA-20-10-20). Keys with letters have no public rule; numbers of Monaco hold no SIREN.
fn fr_vat(text: &str) -> Option<bool> {
    let (key, siren) = text.split_at_checked(2)?;
    let value: u64 = siren.parse().ok()?;
    let of_monaco = siren.starts_with("000");
    let siren_holds = of_monaco || fr_siren(siren)?;
    match key.parse::<u64>() {
        Ok(key) => Some(siren_holds && key == (12 + 3 * (value % 97)) % 97),
        Err(_) if siren_holds => None,
        Err(_) => Some(false),
    }
}

/// UK VAT: weights 8 to 2 and the two check digits make a multiple of 97, or 55 less since 2009
/// ("9755"; HMRC, VAT registration manual); 55 over is met in numbers in use.
fn uk_vat(text: &str) -> Option<bool> {
    let digits = digits::<9>(text.get(..9)?)?;
    if !matches!(text.len(), 9 | 12) {
        return None;
    }
    let sum = weighted(&digits, &[8, 7, 6, 5, 4, 3, 2, 10, 1]);
    Some(digits[..7] != [0; 7] && matches!(sum % 97, 0 | 42 | 55))
}

/// Irish VAT: weights 8 to 2, nine times a second letter, modulo 23 (Revenue, Tax and Duty Manual on
/// VAT registration; OECD, tax identification numbers, Ireland). Old numbers have a letter or sign second.
fn ie_vat(text: &str) -> Option<bool> {
    const LETTERS: &str = "WABCDEFGHIJKLMNOPQRSTUV";
    let value = |letter: char| LETTERS.find(letter);
    let body: String = match text.get(1..2)? {
        second if second.bytes().all(|b| b.is_ascii_digit()) => text.get(..7)?.to_string(),
        _ => format!("0{}{}", text.get(2..7)?, text.get(..1)?),
    };
    let mut letters = text.get(7..)?.chars();
    let check = value(letters.next()?)?;
    let second = letters.next().map_or(Some(0), value)?;
    let sum = weighted(&digits::<7>(&body)?, &[8, 7, 6, 5, 4, 3, 2]) as usize + 9 * second;
    Some(sum % 23 == check)
}

/// German VAT: ISO/IEC 7064, MOD 11,10 (Bundeszentralamt für Steuern).
fn de_vat(text: &str) -> Option<bool> {
    let digits = digits::<9>(text)?;
    let mut product = 10;
    for digit in &digits[..8] {
        let sum = match (digit + product) % 10 {
            0 => 10,
            sum => sum,
        };
        product = 2 * sum % 11;
    }
    Some(digits[0] != 0 && (11 - product) % 10 == digits[8])
}

/// Austrian VAT: every second digit doubled and its own digits added, then 96 less the sum, modulo 10
/// (Bundesministerium für Finanzen, construction rules of UID numbers).
fn at_vat(text: &str) -> Option<bool> {
    let digits = digits::<8>(text)?;
    let sum: u32 = digits[..7]
        .iter()
        .enumerate()
        .map(|(at, &digit)| if at % 2 == 0 { digit } else { doubled(digit) })
        .sum();
    Some((96 - sum) % 10 == digits[7])
}

/// Swiss UID: weights 5 4 3 2 7 6 5 4, modulo 11 (Federal Statistical Office; eCH-0097).
fn ch_uid(text: &str) -> Option<bool> {
    let digits = digits::<9>(text)?;
    let sum = weighted(&digits[..8], &[5, 4, 3, 2, 7, 6, 5, 4]);
    // A check digit of 10 is never given out.
    Some((11 - sum % 11) % 11 == digits[8])
}

/// Spanish NIF of companies and persons: Luhn as a digit or as its letter, or the number modulo 23 as a
/// letter (Orden EHA/451/2008; Real Decreto 1065/2007, arts. 19 and 22). Which companies have the letter
/// is told in several ways: both are taken.
fn es_nif(text: &str) -> Option<bool> {
    const PERSON: &[u8] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    const COMPANY: &[u8] = b"JABCDEFGHI";
    let first = text.chars().next()?;
    let last = *text.as_bytes().last()?;
    let body = text.get(1..text.len().checked_sub(1)?)?;
    let leading = match first {
        '0'..='9' => Some(u64::from(first as u32 - '0' as u32)),
        'X' | 'K' | 'L' | 'M' => Some(0),
        'Y' => Some(1),
        'Z' => Some(2),
        _ => None,
    };
    let digits = digits::<7>(body)?;
    if let Some(leading) = leading {
        let number = leading * 10_000_000 + body.parse::<u64>().ok()?;
        return Some(PERSON[(number % 23) as usize] == last);
    }
    let sum: u32 = digits
        .iter()
        .enumerate()
        .map(|(at, &digit)| if at % 2 == 0 { doubled(digit) } else { digit })
        .sum();
    let check = (10 - sum % 10) % 10;
    Some(last == b'0' + check as u8 || last == COMPANY[check as usize])
}

/// Italian partita IVA: Luhn, digits 8 to 10 being a tax office (decreto ministeriale 23 December 1976).
/// A company's codice fiscale is one as well; associations' begin with 8 or 9.
fn it_piva(text: &str) -> Option<bool> {
    let digits = digits::<11>(text)?;
    Some(luhn(&digits) && digits[..7] != [0; 7])
}

/// Belgian enterprise number: 97 less the first eight digits modulo 97 (Royal Decree of 24 June 2003).
fn be_kbo(text: &str) -> Option<bool> {
    digits::<10>(text)?;
    let (body, check) = (text.get(..8)?, text.get(8..)?);
    let (body, check): (u64, u64) = (body.parse().ok()?, check.parse().ok()?);
    Some(body > 0 && text.starts_with(['0', '1']) && 97 - body % 97 == check)
}

/// Dutch VAT: of companies the eleven-test of the nine digits; of sole traders, since 2020, the whole
/// with its letters as numbers is 1 modulo 97 (Belastingdienst; ISO/IEC 7064, MOD 97-10).
fn nl_vat(text: &str) -> Option<bool> {
    let (body, suffix) = text.split_once('B')?;
    let digits = digits::<9>(body)?;
    let sum = weighted(&digits[..8], &[9, 8, 7, 6, 5, 4, 3, 2]);
    // N, L and B are 23, 21 and 11.
    let whole: u64 = format!("2321{body}11{suffix}").parse().ok()?;
    Some(digits != [0; 9] && (sum % 11 == digits[8] || whole % 97 == 1))
}

/// Luxembourg VAT: the first six digits modulo 89 (European Commission, VIES).
fn lu_vat(text: &str) -> Option<bool> {
    digits::<8>(text)?;
    let (body, check) = (text.get(..6)?, text.get(6..)?);
    let (body, check): (u64, u64) = (body.parse().ok()?, check.parse().ok()?);
    Some(body > 0 && body % 89 == check)
}

/// The digits of a text that holds exactly so many and nothing else.
fn digits<const N: usize>(text: &str) -> Option<[u32; N]> {
    let found: Vec<u32> = text
        .chars()
        .map(|c| c.to_digit(10))
        .collect::<Option<_>>()?;
    found.try_into().ok()
}

/// Every second digit from the right doubled, its own digits added: a multiple of ten.
fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, &digit)| if at % 2 == 1 { doubled(digit) } else { digit })
        .sum();
    sum.is_multiple_of(10)
}

/// Twice a digit, the digits of that added.
fn doubled(digit: u32) -> u32 {
    2 * digit / 10 + 2 * digit % 10
}

fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(d, w)| d * w).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Invented numbers whose check digits another program computed, and their check.
    const VALID: [(&str, &[&str]); 13] = [
        ("fr_siren", &["000000018", "123456782", LA_POSTE]),
        (
            "fr_siret",
            &[
                "00000001800010",
                "12345678200010",
                LA_POSTE_HEAD_OFFICE,
                "35600000000001",
                "35600000012346",
                "35600000099995",
            ],
        ),
        ("fr_vat", &["66000000018", "11123456782"]),
        (
            "uk_vat",
            &[
                "000000195",
                "100000132",
                "100000187",
                "123456727",
                "123456782",
                "123456782001",
            ],
        ),
        (
            "ie_vat",
            &[
                "0000001B",
                "1234567T",
                "0000001EH",
                "1234567WH",
                "1A00001E",
                "9+99999M",
                "1*23456W",
            ],
        ),
        ("de_vat", &["100000008", "123456788", "999999995"]),
        ("at_vat", &["00000015", "12345675", "99999993"]),
        ("ch_uid", &["000000017", "123456788", "000000106"]),
        (
            "es_nif",
            &[
                "B00000018",
                "B0000001H",
                "A12345674",
                "Q9999999G",
                "00000001R",
                "12345678Z",
                "X1234567L",
                "Y1234567X",
                "Z1234567R",
                "K1234567L",
            ],
        ),
        ("it_piva", &["00000010017", "12345671007", "99999999990"]),
        ("be_kbo", &["0000000196", "0123456749", "0999999922"]),
        (
            "nl_vat",
            &[
                "100000009B01",
                "123456782B01",
                "123456789B13",
                "000000001B64",
            ],
        ),
        ("lu_vat", &["10000053", "12345613", "99999984"]),
    ];

    #[test]
    fn numbers_with_right_check_digits_hold() {
        assert_eq!(VALID.len(), CHECKS.len());
        for (name, numbers) in VALID {
            let check = named(name).unwrap();
            for number in numbers {
                assert_eq!(check(number), Some(true), "{name} {number}");
            }
        }
    }

    #[test]
    fn one_wrong_digit_is_seen() {
        for (name, numbers) in VALID {
            let check = named(name).unwrap();
            // The sums of La Poste and the three series of the UK take some of them.
            let loose = |number: &str| name == "uk_vat" || number.starts_with(LA_POSTE);
            for number in numbers.iter().filter(|number| !loose(number)) {
                let last = number.rfind(|c: char| c.is_ascii_digit()).unwrap();
                for digit in ('0'..='9').filter(|&d| !number[last..].starts_with(d)) {
                    let mut other = (*number).to_string();
                    other.replace_range(last..=last, &digit.to_string());
                    // Two ways to hold leave room for one in ninety.
                    let by_the_other = name == "nl_vat" || number.starts_with("000000001B");
                    assert!(
                        check(&other) != Some(true) || by_the_other,
                        "{name} {other}"
                    );
                }
            }
        }
    }

    #[test]
    fn endings_that_hold_are_as_many_as_the_arithmetic_says() {
        let holding = |name: &str, body: &str, endings: u32, width: usize| {
            let check = named(name).unwrap();
            (0..endings)
                .filter(|ending| check(&format!("{body}{ending:0width$}")) == Some(true))
                .count()
        };
        assert_eq!(holding("fr_siren", "99999999", 10, 1), 1);
        assert_eq!(holding("fr_siret", "0000000180001", 10, 1), 1);
        assert_eq!(holding("fr_siret", "3560000000777", 10, 1), 2);
        assert_eq!(holding("uk_vat", "7654321", 100, 2), 3);
        assert_eq!(holding("de_vat", "76543210", 10, 1), 1);
        assert_eq!(holding("at_vat", "7654321", 10, 1), 1);
        assert_eq!(holding("it_piva", "7654321010", 10, 1), 1);
        assert_eq!(holding("be_kbo", "07654321", 100, 2), 1);
        assert_eq!(holding("lu_vat", "765432", 100, 2), 1);
    }

    #[test]
    fn numbers_without_check_digits_or_of_another_shape_are_left_open() {
        // A key with letters has no public rule; its SIREN has.
        assert_eq!(fr_vat("K7123456782"), None);
        assert_eq!(fr_vat("K7123456783"), Some(false));
        // A number of Monaco holds no SIREN.
        assert_eq!(fr_vat("12000000000"), Some(true));
        for (name, check) in CHECKS {
            for odd in ["", "1", "é", "12345678901234567890", "ABC", "١٢٣٤٥٦٧٨٩"] {
                assert_ne!(check(odd), Some(true), "{name} {odd}");
            }
        }
        assert_eq!(fr_siren("000000000"), Some(false));
        assert_eq!(be_kbo("0000000097"), Some(false));
    }
}
