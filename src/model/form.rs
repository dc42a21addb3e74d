//! A form as a person meets it: what it asks, what it says, what can be pressed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::lexicon::Reading;

use super::control::Control;
use super::page::Link;
use super::party::Named;
use super::place::{Place, Seen, Where};

/// What kind of form it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FormKind {
    /// Takes personal data from a visitor.
    Collection,
    Login,
    Search,
    Other,
}

/// What a field asks for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    Email,
    Phone,
    Name,
    FirstName,
    LastName,
    /// Mr/Ms.
    Title,
    PostalAddress,
    Postcode,
    City,
    BirthDate,
    Age,
    /// Sex asked as such.
    Gender,
    Company,
    Job,
    Income,
    Health,
    FreeText,
    Other,
}

impl Category {
    pub const ALL: [Category; 18] = [
        Category::Email,
        Category::Phone,
        Category::Name,
        Category::FirstName,
        Category::LastName,
        Category::Title,
        Category::PostalAddress,
        Category::Postcode,
        Category::City,
        Category::BirthDate,
        Category::Age,
        Category::Gender,
        Category::Company,
        Category::Job,
        Category::Income,
        Category::Health,
        Category::FreeText,
        Category::Other,
    ];

    /// The name that rules and reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Category::Email => "email",
            Category::Phone => "phone",
            Category::Name => "name",
            Category::FirstName => "first_name",
            Category::LastName => "last_name",
            Category::Title => "title",
            Category::PostalAddress => "postal_address",
            Category::Postcode => "postcode",
            Category::City => "city",
            Category::BirthDate => "birth_date",
            Category::Age => "age",
            Category::Gender => "gender",
            Category::Company => "company",
            Category::Job => "job",
            Category::Income => "income",
            Category::Health => "health",
            Category::FreeText => "free_text",
            Category::Other => "other",
        }
    }
}

/// What the visitor asks for by sending the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// A newsletter or mailing and nothing else.
    Newsletter,
    /// Anything else, or several things.
    Other,
}

/// What the form promises for the answers, by its headings, captions and names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    Newsletter,
    Contest,
    Quote,
    Contact,
    Account,
    Comment,
    Checkout,
    Unknown,
}

impl Promise {
    pub fn as_str(self) -> &'static str {
        match self {
            Promise::Newsletter => "newsletter",
            Promise::Contest => "contest",
            Promise::Quote => "quote",
            Promise::Contact => "contact",
            Promise::Account => "account",
            Promise::Comment => "comment",
            Promise::Checkout => "checkout",
            Promise::Unknown => "unknown",
        }
    }
}

/// One field.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub dom_id: String,
    /// The control's type: an input's `type`, `select`, `textarea`, `radio`.
    pub kind: String,
    pub category: Category,
    pub label: String,
    /// What stands in it before anything is typed.
    pub placeholder: String,
    /// The answers it offers, where it offers some.
    pub options: Vec<String>,
    /// What its label, its placeholder and its group's legend mean.
    pub asks: Reading,
    /// What the answers it offers mean.
    pub offers: Reading,
    /// What its name says: developers name what a label leaves to the context.
    pub named: Reading,
    pub required: bool,
    pub place: Place,
    pub seen: Vec<Seen>,
}

impl Field {
    /// Whether a person can see it, as far as captures tell.
    pub fn visible(&self) -> bool {
        self.seen.iter().all(|seen| seen.visible != Some(false))
    }
}

/// A piece of text in or around the form: a paragraph, a heading, a list item.
#[derive(Debug, Clone)]
pub struct Passage {
    pub text: String,
    pub reading: Reading,
    pub nearness: Where,
    /// It is the label of a control or a field.
    pub labels_control: bool,
    pub heading: bool,
    pub place: Place,
    pub seen: Seen,
}

/// Something to press that sends the form or goes on without it.
#[derive(Debug, Clone)]
pub struct Button {
    pub label: String,
    /// A link in running text rather than a button.
    pub is_link: bool,
    /// It leads on without consent.
    pub refuses: bool,
    /// Its own words consent to marketing or transfer.
    pub consents: bool,
    pub place: Place,
    pub seen: Seen,
}

/// A stated purpose.
#[derive(Debug, Clone, PartialEq)]
pub struct Purpose {
    /// `marketing`, `newsletter`, `transfer`, `request`.
    pub purpose: &'static str,
    pub quote: String,
    pub nearness: Where,
    pub place: Place,
}

/// One logical form.
#[derive(Debug, Clone)]
pub struct FormModel {
    /// Order in the received markup; `None` where there is no `<form>`.
    pub index: Option<u32>,
    /// The frame it stands in, `None` in the top document.
    pub frame_url: Option<String>,
    pub kind: FormKind,
    pub service: Service,
    pub promise: Promise,
    pub language: Option<String>,
    /// Whether the language has a lexicon; without one its words mean nothing to the scanner.
    pub understood: bool,
    /// Its markup asks for `method=get` outright: answers would stand in the address.
    pub sent_in_address: bool,
    /// Where it is sent, resolved; `None` where scripts decide.
    pub action: Option<String>,
    /// Where buttons send it instead (`formaction`), resolved.
    pub button_actions: Vec<String>,
    pub fields: Vec<Field>,
    pub controls: Vec<Control>,
    pub buttons: Vec<Button>,
    pub passages: Vec<Passage>,
    pub links: Vec<Link>,
    pub controllers: Vec<Named>,
    /// Only a logo, a copyright line or a site name hints at who it is.
    pub hints: Vec<Named>,
    pub purposes: Vec<Purpose>,
    pub recipients: Vec<Named>,
    pub privacy_notice: Option<Link>,
    pub recipient_list: Option<Link>,
    pub place: Place,
    pub seen: Seen,
    /// A layer that lay over the form when it was captured, by its first words.
    pub covered_by: Option<String>,
}

impl FormModel {
    /// The passages that are running text, not a control's own label.
    pub fn notices(&self) -> impl Iterator<Item = &Passage> {
        self.passages
            .iter()
            .filter(|passage| !passage.labels_control)
    }

    /// The controls that ask for marketing or transfer consent by a separate act.
    pub fn consent_controls(&self) -> impl Iterator<Item = &Control> {
        self.controls.iter().filter(|control| {
            control.role.is_marketing() && control.kind != super::ControlKind::Hidden
        })
    }
}
