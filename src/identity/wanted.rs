//! Which of a person's values a field wants: its category, and what its autofill name and its words add.

use crate::model::Category;

use super::prompt::Prompt;
use super::words::Words;

/// One of a person's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Email,
    Phone,
    /// The country's calling code alone.
    PhoneCode,
    Name,
    FirstName,
    LastName,
    Title,
    Gender,
    Address,
    HouseNumber,
    Region,
    Country,
    CountryCode,
    Postcode,
    City,
    BirthDate,
    BirthDay,
    BirthMonth,
    BirthYear,
    Age,
    Company,
    Job,
    Income,
    Password,
    Url,
    Message,
    /// Nobody knows what: a word that says nothing, a number in range.
    Anything,
    /// No answer: a second line of an address, a middle name.
    Nothing,
}

/// What a field wants.
pub fn of(prompt: &Prompt, words: &Words) -> Wanted {
    let kind = prompt.kind.to_ascii_lowercase();
    if let Some(wanted) = by_autofill(&prompt.token()) {
        return wanted;
    }
    match (prompt.category, kind.as_str()) {
        (Category::Email, _) | (Category::Other, "email") => Wanted::Email,
        (Category::Phone, _) | (Category::Other, "tel") => Wanted::Phone,
        (_, "password") => Wanted::Password,
        (Category::Name, _) => Wanted::Name,
        (Category::FirstName, _) => Wanted::FirstName,
        (Category::LastName, _) => Wanted::LastName,
        (Category::Title, _) => Wanted::Title,
        (Category::Gender, _) => Wanted::Gender,
        (Category::PostalAddress, _) => address(prompt, words),
        (Category::Postcode, _) => Wanted::Postcode,
        (Category::City, _) => Wanted::City,
        (Category::BirthDate, "date" | "month" | "week" | "datetime-local") => Wanted::BirthDate,
        (Category::BirthDate, _) => birth(prompt, words),
        (Category::Age, _) => Wanted::Age,
        (Category::Company, _) => Wanted::Company,
        (Category::Job, _) => Wanted::Job,
        (Category::Income, _) => Wanted::Income,
        (Category::FreeText, _) | (Category::Other | Category::Health, "textarea") => {
            Wanted::Message
        }
        (Category::Other, "url") => Wanted::Url,
        (Category::Other, _) if prompt.says(&words.country) => Wanted::Country,
        (Category::Other, _) if prompt.says(&words.region) => Wanted::Region,
        (Category::Other, _) if prompt.inputmode == "email" => Wanted::Email,
        (Category::Other, _) if prompt.inputmode == "tel" => Wanted::Phone,
        (Category::Health | Category::Other, _) => Wanted::Anything,
    }
}

/// HTML's autofill names, where they say more than a category does (WHATWG HTML, "Autofill").
fn by_autofill(token: &str) -> Option<Wanted> {
    Some(match token {
        "name" => Wanted::Name,
        "given-name" => Wanted::FirstName,
        "family-name" => Wanted::LastName,
        "additional-name" | "honorific-suffix" | "address-line2" | "address-line3"
        | "tel-extension" => Wanted::Nothing,
        "honorific-prefix" => Wanted::Title,
        "email" | "username" => Wanted::Email,
        "new-password" | "current-password" => Wanted::Password,
        "tel" | "tel-national" => Wanted::Phone,
        "tel-country-code" => Wanted::PhoneCode,
        "street-address" | "address-line1" => Wanted::Address,
        "address-level1" => Wanted::Region,
        "address-level2" => Wanted::City,
        "postal-code" => Wanted::Postcode,
        "country" => Wanted::CountryCode,
        "country-name" => Wanted::Country,
        "bday" => Wanted::BirthDate,
        "bday-day" => Wanted::BirthDay,
        "bday-month" => Wanted::BirthMonth,
        "bday-year" => Wanted::BirthYear,
        "sex" => Wanted::Gender,
        "organization" => Wanted::Company,
        "organization-title" => Wanted::Job,
        "url" => Wanted::Url,
        _ => return None,
    })
}

fn address(prompt: &Prompt, words: &Words) -> Wanted {
    if prompt.says(&words.second_line) {
        Wanted::Nothing
    } else if prompt.says(&words.house_number) {
        Wanted::HouseNumber
    } else if prompt.says(&words.region) {
        Wanted::Region
    } else {
        Wanted::Address
    }
}

/// Forms with a birth date in parts ask for day, month and year each on its own.
fn birth(prompt: &Prompt, words: &Words) -> Wanted {
    let parts = [
        (&words.day, Wanted::BirthDay),
        (&words.month, Wanted::BirthMonth),
        (&words.year, Wanted::BirthYear),
    ];
    let mut said = parts.into_iter().filter(|(words, _)| prompt.says(words));
    let first = said.next();
    if said.next().is_some() {
        return Wanted::BirthDate;
    }
    let by_words = first.map(|(_, part)| part);
    by_words
        .or_else(|| by_options(prompt))
        .or_else(|| by_limits(prompt))
        .unwrap_or(Wanted::BirthDate)
}

fn by_options(prompt: &Prompt) -> Option<Wanted> {
    let number = |text: &String| text.trim().parse::<u32>().ok();
    let options = prompt.options.iter();
    let numbers =
        options.filter_map(|option| number(&option.label).or_else(|| number(&option.value)));
    match (numbers.max()?, prompt.options.len()) {
        (1900.., _) => Some(Wanted::BirthYear),
        (28..=31, _) => Some(Wanted::BirthDay),
        (12, 12..=13) => Some(Wanted::BirthMonth),
        _ => None,
    }
}

fn by_limits(prompt: &Prompt) -> Option<Wanted> {
    let max: Option<u32> = prompt.max.as_ref().and_then(|max| max.trim().parse().ok());
    match (max, prompt.maxlength) {
        (Some(31), _) => Some(Wanted::BirthDay),
        (Some(12), _) => Some(Wanted::BirthMonth),
        (Some(1900..=2200), _) | (_, Some(4)) => Some(Wanted::BirthYear),
        _ => None,
    }
}
