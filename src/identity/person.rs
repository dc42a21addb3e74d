//! One invented person, and which of its values identify it.

use serde::Deserialize;
use time::Date;

use crate::leaks::{Field, Needles};

use super::file;

/// The person of a country.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The country, as ISO 3166-1 names it: the person's name in the file.
    #[serde(skip)]
    pub code: String,
    /// Ends of host names that say this country: `uk`.
    pub domains: Vec<String>,
    /// Languages that are spoken there, the first one being the person's own.
    #[serde(deserialize_with = "file::not_empty")]
    pub speaks: Vec<String>,
    /// Languages that say this country where nothing else does.
    pub default_for: Vec<String>,
    /// The country's names.
    #[serde(deserialize_with = "file::not_empty")]
    pub country: Vec<String>,
    /// Mr/Ms, in the spellings that forms offer, the usual one first.
    #[serde(deserialize_with = "file::not_empty")]
    pub title: Vec<String>,
    #[serde(deserialize_with = "file::not_empty")]
    pub gender: Vec<String>,
    #[serde(deserialize_with = "file::rare_name")]
    pub first_name: String,
    #[serde(deserialize_with = "file::rare_name")]
    pub last_name: String,
    #[serde(deserialize_with = "file::reserved_email")]
    pub email: String,
    pub house_number: String,
    /// The street without the house number.
    pub street: String,
    /// Both, in the country's order.
    pub address: String,
    pub postcode: String,
    pub city: String,
    #[serde(deserialize_with = "file::not_empty")]
    pub region: Vec<String>,
    #[serde(deserialize_with = "file::adult")]
    pub birth_date: Date,
    /// How dates are written: the order of day, month and year, and what stands between them.
    #[serde(deserialize_with = "file::date_orders")]
    pub dates: Vec<(String, char)>,
    pub company: String,
    pub job: String,
    /// A year, in the country's currency.
    pub income: u32,
    /// A short word that says nothing.
    pub word: String,
    /// Texts that ask to disregard what is sent, longest first.
    #[serde(deserialize_with = "file::not_empty")]
    pub message: Vec<String>,
    pub mobile: Number,
    pub landline: Number,
}

/// A telephone number that reaches nobody.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "file::NumberFile")]
pub struct Number {
    /// The country's calling code, without `+`.
    pub code: String,
    /// The digits after it.
    pub significant: String,
    /// As it is dialled within the country.
    pub national: String,
    /// With `+` and spaces.
    pub international: String,
    /// Where it is known from that it reaches nobody.
    pub source: String,
}

impl Number {
    /// As ITU-T E.164 has it: `+33639984726`.
    pub fn e164(&self) -> String {
        format!("+{}{}", self.code, self.significant)
    }

    /// The digits that are dialled within the country.
    pub fn digits(&self) -> String {
        self.national.chars().filter(char::is_ascii_digit).collect()
    }
}

impl Person {
    /// The country's usual way to write the whole name.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// The values that must not leave the machine. Company, job, income, postcode and city identify
    /// nobody.
    pub fn identifying(&self) -> Vec<(Field, String)> {
        let mut out = vec![
            (Field::FirstName, self.first_name.clone()),
            (Field::LastName, self.last_name.clone()),
            (Field::FullName, self.full_name()),
            (
                Field::FullName,
                format!("{} {}", self.last_name, self.first_name),
            ),
            (Field::Email, self.email.clone()),
            (Field::Street, self.address.clone()),
            (
                Field::Street,
                format!("{} {}", self.house_number, self.street),
            ),
            (
                Field::Street,
                format!("{} {}", self.street, self.house_number),
            ),
            (Field::Street, self.street.clone()),
            (Field::BirthDate, self.birth_date.to_string()),
        ];
        for number in [&self.mobile, &self.landline] {
            out.push((Field::Phone, number.national.clone()));
            out.push((Field::Phone, number.international.clone()));
        }
        out
    }

    /// What finds these values in a request.
    pub fn needles(&self) -> Needles {
        let values = self.identifying();
        let values: Vec<(Field, &str)> = values
            .iter()
            .map(|(field, value)| (*field, value.as_str()))
            .collect();
        Needles::new(&values)
    }
}
