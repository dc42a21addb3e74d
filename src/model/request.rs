//! What the user wants the leads for: whom to reach, how, for whom, with which questions answered.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::lexicon::Phrases;

use super::control::Channel;

/// Who is to be reached with the leads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    #[default]
    Consumer,
    Business,
}

/// A company that buys the leads: it must be named to the prospect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Buyer {
    pub name: String,
    /// Its registration number, as the user wrote it.
    pub registration: Option<String>,
}

impl Buyer {
    /// Reads `Name` or `Name=registration number`.
    pub fn parse(text: &str) -> Buyer {
        let (name, registration) = match text.rsplit_once('=') {
            Some((name, number)) => (name, Some(number.trim().to_string())),
            None => (text, None),
        };
        Buyer {
            name: name.trim().to_string(),
            registration: registration.filter(|number| !number.is_empty()),
        }
    }
}

impl std::fmt::Display for Buyer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.registration {
            Some(number) => write!(f, "{}={number}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// The purpose of a scan, as far as the user told it.
#[derive(Debug, Clone, Default)]
pub struct Request {
    pub audience: Audience,
    /// How prospects will be reached; empty where the user did not say.
    pub channels: Vec<Channel>,
    pub buyers: Vec<Buyer>,
    pub product: Option<Product>,
    /// The day that counts, `YYYY-MM-DD`.
    pub as_of: String,
}

/// A product with the questions that a well-targeted lead must have answered.
#[derive(Debug, Clone, Default)]
pub struct Product {
    pub name: String,
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Debug, Clone, Default)]
pub struct Question {
    pub id: String,
    /// How forms ask it.
    pub phrases: Phrases,
}
