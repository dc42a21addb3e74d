//! What a field asks for: from `autocomplete` and `type`, which say so outright, then from the words
//! a person reads, then from its name and id.
//!
//! It must not know what the form does with the answer.

use crate::artifact::{Dom, NodeId};
use crate::lexicon::{Lexicon, Reading, Sense};
use crate::model::Category;

use super::attributes;
use super::labels::Label;
use super::regions::input_type;
use super::voice::Voice;

/// Field senses with their category. Where two phrases start at the same word and are equally long,
/// the earlier line wins: the more telling category stands first.
const FIELDS: [(Sense, Category); 20] = [
    (Sense::FieldOther, Category::Other),
    (Sense::FieldEmail, Category::Email),
    (Sense::FieldPhone, Category::Phone),
    (Sense::FieldBirthDate, Category::BirthDate),
    (Sense::FieldFirstName, Category::FirstName),
    (Sense::FieldLastName, Category::LastName),
    (Sense::FieldCompany, Category::Company),
    (Sense::FieldPostcode, Category::Postcode),
    (Sense::FieldCity, Category::City),
    (Sense::FieldTitle, Category::Title),
    (Sense::FieldGender, Category::Gender),
    (Sense::FieldAddress, Category::PostalAddress),
    (Sense::FieldJob, Category::Job),
    (Sense::FieldIncome, Category::Income),
    (Sense::FieldHealth, Category::Health),
    (Sense::FieldName, Category::Name),
    (Sense::FieldAge, Category::Age),
    (Sense::FieldFreeText, Category::FreeText),
    (Sense::FormSearch, Category::Other),
    (Sense::FormReset, Category::Other),
];

/// The category of a text field, select or text area.
pub fn category(dom: &Dom, id: NodeId, label: &Label, voice: &Voice) -> Category {
    let node = dom.node(id);
    let mut own = [
        label.text.as_str(),
        node.filled("placeholder").unwrap_or_default(),
        node.filled("aria-label").unwrap_or_default(),
        node.filled("title").unwrap_or_default(),
    ];
    if own.iter().any(|text| is_trap(text, voice)) {
        return Category::Other;
    }
    if let Some(category) = node.filled("autocomplete").and_then(by_autocomplete) {
        return category;
    }
    // What stands beside a field may belong to its neighbour; what stands in it does not.
    if label.guessed {
        own.rotate_left(1);
    }
    let by_words = own
        .iter()
        .filter(|text| !text.is_empty())
        .find_map(|text| by_people(text, voice));
    let by_attributes = || by_names(dom, id, voice);
    if node.name() == "input" {
        match input_type(dom, id).as_str() {
            "email" => return Category::Email,
            // Digits of any kind are typed on a telephone's keys: a card's, a postcode's.
            "tel" => {
                let said = by_words.or_else(by_attributes);
                return said
                    .filter(|c| DIALLED.contains(c))
                    .unwrap_or(Category::Phone);
            }
            "password" | "search" | "url" | "file" | "color" | "range" => return Category::Other,
            _ => {}
        }
    }
    let found = match by_words {
        // "Name" on a page that asks the parts of it separately is settled by the field's own name.
        Some(Category::Name) | None => by_attributes().or(by_words),
        Some(Category::Other) if label.guessed => by_attributes().or(by_words),
        found => found,
    };
    let captcha = ["name", "id"].iter().any(|name| {
        node.filled(name)
            .is_some_and(|value| value.to_ascii_lowercase().contains("captcha"))
    });
    match found {
        _ if captcha => Category::Other,
        Some(category) if node.name() == "select" && !CHOSEN.contains(&category) => Category::Other,
        Some(category) => category,
        None if node.name() == "textarea" => Category::FreeText,
        None => Category::Other,
    }
}

/// What the names that its makers gave a field say.
fn by_names(dom: &Dom, id: NodeId, voice: &Voice) -> Option<Category> {
    ["name", "id"]
        .iter()
        .filter_map(|name| dom.node(id).filled(name))
        .map(attributes::words)
        .find_map(|words| {
            voice
                .for_attributes()
                .find_map(|lexicon| by_tail(&words, lexicon))
        })
}

/// What a field for telephone numbers may ask for instead.
const DIALLED: [Category; 5] = [
    Category::Other,
    Category::Postcode,
    Category::BirthDate,
    Category::Age,
    Category::Income,
];

/// Whether words ask people to leave a field empty, in whatever language its makers wrote them.
fn is_trap(text: &str, voice: &Voice) -> bool {
    !text.is_empty()
        && voice
            .for_attributes()
            .any(|lexicon| lexicon.read(&start(text)).has(Sense::FieldTrap))
}

/// What words that people read ask for. "First/last name" asks for a part that the field's own name tells.
fn by_people(text: &str, voice: &Voice) -> Option<Category> {
    voice.for_people().find_map(|lexicon| {
        let category = by_reading(&start(text), lexicon)?;
        let reading = lexicon.read(&start(text));
        let both = reading.has(Sense::FieldLastName) && reading.has(Sense::FieldName);
        Some(match category {
            Category::FirstName if both => Category::Name,
            // "Company e-mail": what of the company is asked for.
            Category::Company if reading.has(Sense::FieldEmail) => Category::Email,
            Category::Company if reading.has(Sense::FieldPhone) => Category::Phone,
            category => category,
        })
    })
}

/// What can be asked by a choice between given answers.
const CHOSEN: [Category; 10] = [
    Category::Title,
    Category::Gender,
    Category::BirthDate,
    Category::Age,
    Category::Job,
    Category::Income,
    Category::Health,
    Category::Postcode,
    Category::City,
    Category::Other,
];

/// The category of a group of radio buttons or of a select, by its words and its options.
pub fn group_category(text: &str, options: &str, name: &str, voice: &Voice) -> Category {
    let words = attributes::words(name);
    voice
        .own()
        .into_iter()
        .flat_map(|lexicon| [text, options].map(|words| by_reading(&start(words), lexicon)))
        .chain(
            voice
                .for_attributes()
                .map(|lexicon| by_tail(&words, lexicon)),
        )
        .flatten()
        .find(|category| CHOSEN.contains(category))
        .unwrap_or(Category::Other)
}

/// HTML's autofill tokens (WHATWG HTML, "Autofill field names").
fn by_autocomplete(tokens: &str) -> Option<Category> {
    let token = tokens.split_whitespace().next_back()?.to_ascii_lowercase();
    Some(match token.as_str() {
        "email" => Category::Email,
        "name" | "cc-name" => Category::Name,
        "given-name" | "additional-name" | "cc-given-name" => Category::FirstName,
        "family-name" | "cc-family-name" => Category::LastName,
        "honorific-prefix" => Category::Title,
        "postal-code" => Category::Postcode,
        "address-level2" => Category::City,
        "street-address" | "address-line1" | "address-line2" | "address-line3"
        | "address-level1" | "address-level3" => Category::PostalAddress,
        "bday" | "bday-day" | "bday-month" | "bday-year" => Category::BirthDate,
        "sex" => Category::Gender,
        "organization" => Category::Company,
        "organization-title" => Category::Job,
        // "new-password" or "username" on a text field often only keeps browsers from filling it: its
        // words tell what it asks for.
        "country" | "country-name" => Category::Other,
        token if token.starts_with("tel") => Category::Phone,
        token if token.starts_with("cc-") => Category::Other,
        _ => return None,
    })
}

/// The first thing the words ask for; of phrases that start together, the longest.
fn by_reading(text: &str, lexicon: &Lexicon) -> Option<Category> {
    best(&lexicon.read(text), |hit_start, hit_end| {
        (hit_start, usize::MAX - hit_end)
    })
}

/// In a name the last word tells: `billingAddressPostcode`, `contact_email`.
fn by_tail(words: &str, lexicon: &Lexicon) -> Option<Category> {
    best(&lexicon.read(words), |hit_start, hit_end| {
        (usize::MAX - hit_end, hit_start)
    })
}

fn best(reading: &Reading, order: impl Fn(usize, usize) -> (usize, usize)) -> Option<Category> {
    FIELDS
        .iter()
        .enumerate()
        .flat_map(|(rank, (sense, category))| {
            reading.hits(*sense).map(move |hit| (hit, rank, *category))
        })
        .min_by_key(|(hit, rank, _)| (order(hit.start, hit.end), *rank))
        .map(|(_, _, category)| category)
}

/// A label's first words: what follows is explanation.
fn start(text: &str) -> String {
    text.split_whitespace()
        .take(12)
        .collect::<Vec<_>>()
        .join(" ")
}
