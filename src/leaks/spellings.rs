//! The usual spellings of a value: what pages make of it before they send it.
//!
//! A value that is too short to identify anybody has none. Case of plain letters is not varied here:
//! the search does not regard it.

use time::Date;
use time::macros::format_description;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Field;

/// What must not stand beside a spelling, so that chance finds it nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bounds {
    Free,
    /// Another digit.
    Number,
    /// Another letter or digit.
    Word,
}

/// A name with fewer letters than this identifies nobody.
const LEAST_NAME: usize = 5;
/// A name with fewer letters than this is part of other words ("Martin", "Martinique").
const RARE_NAME: usize = 7;
/// Names and streets with fewer characters than this identify nobody.
const LEAST_TEXT: usize = 8;
/// Digits that make a telephone number, and those that chance does not make.
const LEAST_DIGITS: usize = 8;
const RARE_DIGITS: usize = 10;
/// What stands between the groups of a number.
const BETWEEN_GROUPS: [&str; 6] = ["", " ", ".", "-", "/", "\u{a0}"];
/// What stands between the words of a name or a street.
const BETWEEN_WORDS: [&str; 5] = ["", " ", ".", "-", "_"];

/// The spellings of a value, each with what must not stand beside it.
pub fn plain(field: Field, value: &str) -> Vec<(String, Bounds)> {
    let value = value.trim();
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    match field {
        Field::FirstName | Field::LastName if letters < LEAST_NAME => Vec::new(),
        Field::FirstName | Field::LastName => {
            let bounds = if letters < RARE_NAME {
                Bounds::Word
            } else {
                Bounds::Free
            };
            with(bounds, accents(&[value.to_string()]))
        }
        Field::FullName | Field::Street if letters < LEAST_TEXT => Vec::new(),
        Field::FullName | Field::Street => with(Bounds::Free, accents(&words(value))),
        Field::Email if !value.contains('@') || value.len() < LEAST_TEXT => Vec::new(),
        Field::Email => with(Bounds::Free, accents(&[value.to_string()])),
        Field::Phone => phone(value),
        Field::BirthDate => birth_date(value),
    }
}

/// The spellings that pages hash: those above in lower and upper case, as typed, and letters and digits
/// alone.
pub fn hashed(field: Field, value: &str) -> Vec<String> {
    let plain = plain(field, value);
    if plain.is_empty() {
        return Vec::new();
    }
    let mut out = vec![value.to_string()];
    for (text, _) in plain {
        let lower = text.to_lowercase();
        out.push(lower.chars().filter(|c| c.is_alphanumeric()).collect());
        out.extend([text.to_uppercase(), lower, text]);
    }
    sorted(out)
}

/// The bytes of a text in the encodings that pages use: UTF-8 composed and decomposed, and Latin-1.
pub fn bytes(text: &str) -> Vec<Vec<u8>> {
    let mut out = vec![text.as_bytes().to_vec()];
    if !text.is_ascii() {
        out.push(text.nfd().collect::<String>().into_bytes());
        let latin: Option<Vec<u8>> = text
            .nfc()
            .map(|c| u8::try_from(u32::from(c)).ok())
            .collect();
        out.extend(latin);
    }
    out
}

/// A text without accents and ligatures: "Œuvre Élevée" gives "Oeuvre Elevee".
pub fn without_accents(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ß' => out.push_str("ss"),
            'œ' => out.push_str("oe"),
            'Œ' => out.push_str("Oe"),
            'æ' => out.push_str("ae"),
            'Æ' => out.push_str("Ae"),
            'ø' => out.push('o'),
            'Ø' => out.push('O'),
            c => out.push(c),
        }
    }
    out
}

/// As German is written without its own letters: "Müßig" gives "Muessig".
fn transliterated(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfc() {
        match c {
            'ä' => out.push_str("ae"),
            'ö' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'Ä' => out.push_str("Ae"),
            'Ö' => out.push_str("Oe"),
            'Ü' => out.push_str("Ue"),
            c => out.push(c),
        }
    }
    without_accents(&out)
}

/// Each text with and without accents, in the cases that differ beyond plain letters.
fn accents(texts: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    for text in texts {
        out.push(text.clone());
        if !text.is_ascii() {
            out.extend([text.to_lowercase(), text.to_uppercase()]);
            out.extend([without_accents(text), transliterated(text)]);
        }
    }
    sorted(out)
}

/// The words of a value with each separator between them, and with a comma after or before one of them:
/// a house number, or a last name.
fn words(value: &str) -> Vec<String> {
    let cut = |c: char| c.is_whitespace() || matches!(c, ',' | '-' | '_' | '.');
    let words: Vec<&str> = value.split(cut).filter(|word| !word.is_empty()).collect();
    let mut out = vec![value.to_string()];
    out.extend(BETWEEN_WORDS.iter().map(|between| words.join(between)));
    if let (Some((first, rest)), Some((last, start))) = (words.split_first(), words.split_last()) {
        out.push(format!("{first}, {}", rest.join(" ")));
        out.push(format!("{}, {last}", start.join(" ")));
    }
    out
}

/// A number in its groups, with each separator, with and without the country's code and the zero.
fn phone(value: &str) -> Vec<(String, Bounds)> {
    let groups: Vec<&str> = value
        .split(|c: char| !c.is_ascii_digit())
        .filter(|g| !g.is_empty())
        .collect();
    let all = groups.concat();
    if all.len() < LEAST_DIGITS {
        return Vec::new();
    }
    let mut out = vec![value.to_string()];
    for between in BETWEEN_GROUPS {
        let joined = groups.join(between);
        if let (true, Some((code, rest))) = (value.starts_with('+'), groups.split_first()) {
            // "+33 639984726": the country's code apart, the rest in one.
            let apart = format!("{code}{between}{}", rest.concat());
            for start in ["+", "00", ""] {
                out.extend([format!("{start}{joined}"), format!("{start}{apart}")]);
            }
        } else {
            out.push(joined);
        }
    }
    // Without the zero that is dialled within the country only.
    let short = all
        .strip_prefix('0')
        .filter(|short| short.len() >= LEAST_DIGITS);
    out.extend(short.map(str::to_string));
    let mut out = with(Bounds::Number, sorted(out));
    for (text, bounds) in &mut out {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if digits < RARE_DIGITS && text.bytes().all(|b| b.is_ascii_digit()) {
            *bounds = Bounds::Word;
        }
    }
    out
}

/// A date (`YYYY-MM-DD`) as countries and programs write it.
fn birth_date(value: &str) -> Vec<(String, Bounds)> {
    let Ok(date) = Date::parse(value, format_description!("[year]-[month]-[day]")) else {
        return Vec::new();
    };
    let (y, m, d) = (date.year(), u8::from(date.month()), date.day());
    if y < 1000 {
        return Vec::new();
    }
    let mut separated = Vec::new();
    for s in ["-", "/", ".", " "] {
        separated.push(format!("{y}{s}{m:02}{s}{d:02}"));
        separated.push(format!("{y}{s}{m}{s}{d}"));
        separated.push(format!("{d:02}{s}{m:02}{s}{y}"));
        separated.push(format!("{d}{s}{m}{s}{y}"));
        separated.push(format!("{m:02}{s}{d:02}{s}{y}"));
        separated.push(format!("{m}{s}{d}{s}{y}"));
    }
    // Midnight in central Europe, as scripts write moments: in universal time it is the day before.
    if let Some(before) = date.previous_day() {
        let before = format!(
            "{}-{:02}-{:02}",
            before.year(),
            u8::from(before.month()),
            before.day()
        );
        separated.extend(["T23:00", "T22:00"].map(|hour| format!("{before}{hour}")));
    }
    let compact = [
        format!("{y}{m:02}{d:02}"),
        format!("{d:02}{m:02}{y}"),
        format!("{m:02}{d:02}{y}"),
    ];
    let mut out = with(Bounds::Number, sorted(separated));
    out.extend(with(Bounds::Word, sorted(compact.to_vec())));
    out
}

fn with(bounds: Bounds, texts: Vec<String>) -> Vec<(String, Bounds)> {
    texts.into_iter().map(|text| (text, bounds)).collect()
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts.dedup();
    texts
}
