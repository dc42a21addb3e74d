//! What is typed into fields of text: each value in the spellings that forms accept, the usual first.

use crate::leaks::without_accents;

use super::Asked;
use super::person::Number;
use super::wanted::Wanted;
use super::{dates, numbers};

/// The texts for what a field wants; which of them it accepts is another question.
pub fn all(asked: &Asked) -> Vec<String> {
    let person = asked.person;
    let one = |text: &str| spelled(&[text.to_string()]);
    match asked.wanted {
        Wanted::Email => vec![person.email.clone()],
        Wanted::Phone => phone(asked),
        Wanted::PhoneCode => vec![
            format!("+{}", person.mobile.code),
            person.mobile.code.clone(),
        ],
        Wanted::Name => spelled(&[
            person.full_name(),
            format!("{} {}", person.last_name, person.first_name),
        ]),
        Wanted::FirstName => one(&person.first_name),
        Wanted::LastName => one(&person.last_name),
        Wanted::Title => spelled(&person.title),
        Wanted::Gender => spelled(&person.gender),
        Wanted::Address => one(&person.address),
        Wanted::HouseNumber => vec![person.house_number.clone()],
        Wanted::Region => spelled(&person.region),
        Wanted::Country => spelled(&person.country),
        Wanted::CountryCode => vec![person.code.clone()],
        Wanted::Postcode => postcode(&person.postcode),
        Wanted::City => one(&person.city),
        Wanted::BirthDate | Wanted::BirthDay | Wanted::BirthMonth | Wanted::BirthYear => {
            dates::birth(asked)
        }
        Wanted::Age => vec![asked.age().to_string()],
        Wanted::Company => cut(
            asked,
            spelled(&[person.company.clone(), person.word.clone()]),
        ),
        Wanted::Job => cut(asked, spelled(&[person.job.clone(), person.word.clone()])),
        Wanted::Income => vec![person.income.to_string()],
        Wanted::Password => asked.all.passwords.clone(),
        Wanted::Url => vec![
            "https://example.org/".to_string(),
            "https://example.org".to_string(),
        ],
        Wanted::Message => {
            let mut texts = person.message.clone();
            texts.push(person.word.clone());
            cut(asked, texts)
        }
        Wanted::Anything => anything(asked),
        Wanted::Nothing => Vec::new(),
    }
}

/// Each text as it is, without accents, and in capitals without accents; without what patterns of plain
/// letters refuse.
fn spelled(texts: &[String]) -> Vec<String> {
    let mut out = texts.to_vec();
    out.extend(texts.iter().map(|text| without_accents(text)));
    let letters = |text: &String| -> String {
        let plain = without_accents(text);
        plain
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
            .collect()
    };
    out.extend(texts.iter().map(letters));
    out.extend(
        texts
            .iter()
            .map(|text| without_accents(text).to_uppercase()),
    );
    out
}

/// A mobile number is asked for where nothing says otherwise: forms that take both take it, and those
/// that want to send a message take nothing else.
fn phone(asked: &Asked) -> Vec<String> {
    let (person, prompt) = (asked.person, asked.prompt);
    let words = &asked.all.words;
    let mut order = [&person.mobile, &person.landline];
    if prompt.says(&words.landline) && !prompt.says(&words.mobile) {
        order.reverse();
    }
    let abroad = prompt.placeholder.trim_start().starts_with('+');
    let mut out = Vec::new();
    for number in order {
        let mut spellings = spellings(number);
        if abroad {
            spellings.sort_by_key(|text| !text.starts_with('+'));
        }
        out.extend(spellings);
    }
    out
}

fn spellings(number: &Number) -> Vec<String> {
    let digits = number.digits();
    let groups: Vec<&str> = number
        .national
        .split(|c: char| !c.is_ascii_digit())
        .filter(|g| !g.is_empty())
        .collect();
    let mut out = vec![digits.clone(), number.national.clone()];
    out.extend([" ", "-", "."].map(|between| groups.join(between)));
    out.push(number.e164());
    out.push(number.international.clone());
    out.push(number.significant.clone());
    out.push(format!("00{}{}", number.code, number.significant));
    out.push(format!("{}{}", number.code, number.significant));
    out
}

fn postcode(written: &str) -> Vec<String> {
    let joined: String = written.chars().filter(|c| !c.is_whitespace()).collect();
    vec![
        written.to_string(),
        joined.clone(),
        written.to_lowercase(),
        joined.to_lowercase(),
    ]
}

/// A word that says nothing; where the field takes no word, a number or what else it may be made for.
fn anything(asked: &Asked) -> Vec<String> {
    let person = asked.person;
    let mut out = vec![person.word.clone()];
    out.extend(numbers::NEUTRAL.map(|number| number.to_string()));
    out.extend(["0000", "00000", "000000"].map(str::to_string));
    out.extend(postcode(&person.postcode));
    out.extend([person.word.to_uppercase(), person.word.to_lowercase()]);
    out.extend(dates::to_come(asked));
    out.extend(person.message.iter().rev().cloned());
    cut(asked, out)
}

/// With the start of the first text, where all are too long for the field.
fn cut(asked: &Asked, mut texts: Vec<String>) -> Vec<String> {
    let most = asked.prompt.maxlength.unwrap_or(usize::MAX);
    let short: Option<String> = texts.first().map(|text| text.chars().take(most).collect());
    texts.extend(short.filter(|text| !text.is_empty()));
    texts
}
