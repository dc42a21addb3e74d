//! A form as a person meets it: what it asks, what it says, what can be pressed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::lexicon::{Reading, Sense};

use super::control::{Control, ControlKind, Role};
use super::look::Look;
use super::page::Link;
use super::party::Named;
use super::place::{Place, Seen, Where};
use super::trial::Trial;

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
    /// It stands in a `<nav>`: titles of pages, which state nothing.
    pub navigation: bool,
    pub place: Place,
    pub seen: Seen,
    /// How its words were painted, where they ask for consent.
    pub look: Option<Box<Look>>,
}

/// Something to press that sends the form or goes on without it.
#[derive(Debug, Clone)]
pub struct Button {
    pub label: String,
    pub reading: Reading,
    /// A link in running text rather than a button.
    pub is_link: bool,
    /// It leads on without consent.
    pub refuses: bool,
    /// Its own words consent to marketing or transfer.
    pub consents: bool,
    /// Pressing it consents to marketing or transfer, by its own words or by a text of the form, and no
    /// control of its own asks for that.
    pub carries_consent: bool,
    pub place: Place,
    pub seen: Seen,
    pub look: Option<Box<Look>>,
}

/// The form as it was painted, as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scene {
    /// Width and height of the window.
    pub window: (f64, f64),
    /// The size of the letters of its labels and answers, the middle one.
    pub letters: Option<f64>,
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
    /// Its markup would put the answers in the address.
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
    /// The step that completes it, from 1: a form may ask over several.
    pub step: u32,
    /// What came of using it; `None` where it was only looked at.
    pub trial: Option<Trial>,
    /// `None` where no layout was recorded.
    pub scene: Option<Scene>,
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
            control.role.is_marketing()
                && !matches!(
                    control.kind,
                    ControlKind::Hidden | ControlKind::Button | ControlKind::Link
                )
        })
    }

    /// Whether a control's own words have one of the senses; `None` where no text of the form holds them.
    /// Labels that flow in one line share a text, so only the label's part of it counts.
    pub fn label_has(&self, control: &Control, senses: &[Sense]) -> Option<bool> {
        Some(self.label_hits(control, senses)?.next().is_some())
    }

    /// Where in a control's own words the senses are found: bytes of the label.
    pub fn label_hits<'a>(
        &'a self,
        control: &'a Control,
        senses: &'a [Sense],
    ) -> Option<impl Iterator<Item = usize> + 'a> {
        let label = control.label.as_str();
        let (passage, start) = self
            .passages
            .iter()
            .filter(|passage| passage.labels_control && !label.is_empty())
            .find_map(|passage| Some((passage, passage.text.find(label)?)))?;
        let within = start..start + label.len();
        let hits = senses.iter().flat_map(|&sense| passage.reading.hits(sense));
        let inside = hits.filter(move |hit| within.contains(&hit.start));
        Some(inside.map(move |hit| hit.start - start))
    }

    /// A control whose wording is a picture that nobody read: it may ask for consent.
    pub fn pictured_control(&self) -> Option<&Control> {
        let silent = |role| matches!(role, Role::Preference | Role::Other);
        let mut controls = self.controls.iter();
        controls.find(|control| control.pictured && silent(control.role))
    }

    /// The texts that turn the main button into consent.
    pub fn consent_passages(&self) -> impl Iterator<Item = &Passage> {
        self.passages.iter().filter(|p| self.consents_by(p))
    }

    /// Whether a text turns the main button into consent.
    pub fn consents_by(&self, passage: &Passage) -> bool {
        let newsletter = self.service == Service::Newsletter;
        !passage.labels_control
            && self.accepting().is_some()
            && (passage.bundling(newsletter, false).is_some() || passage.asks_for_consent())
    }

    /// The button whose pressing is the consent.
    pub fn accepting(&self) -> Option<&Button> {
        self.buttons.iter().find(|button| button.carries_consent)
    }

    /// The button that a refusal stands against: the consenting one, the one that turns on every box or,
    /// where data of other people is asked for, the one that hands it over.
    pub fn agreeing(&self) -> Option<&Button> {
        let skippable = || {
            self.refusing().is_some()
                && self.consent_controls().next().is_none()
                && self
                    .passages
                    .iter()
                    .any(|p| p.reading.has(Sense::OtherPerson))
        };
        let main =
            |button: &&Button| !button.is_link && !button.refuses && !button.label.is_empty();
        let all = || self.buttons.iter().find(|button| button.accepts_all());
        self.accepting()
            .or_else(|| all().filter(|_| self.refusing().is_some()))
            .or_else(|| self.buttons.iter().find(main).filter(|_| skippable()))
    }

    /// What is pressed to go on without consent: a button rather than a link.
    pub fn refusing(&self) -> Option<&Button> {
        let refusals = || self.buttons.iter().filter(|button| button.refuses);
        refusals()
            .find(|button| !button.is_link)
            .or_else(|| refusals().next())
    }
}

impl Button {
    /// Whether it turns on every control for consent at once.
    pub fn accepts_all(&self) -> bool {
        !self.refuses && !self.is_link && self.reading.has(Sense::AcceptAll)
    }
}

impl Passage {
    /// Whether it lets data be used for mailings or handed to others.
    pub fn asks_for_consent(&self) -> bool {
        self.reading.together(Sense::Consent, Sense::Marketing)
            || self.reading.together(Sense::Consent, Sense::Partners)
    }

    /// The first and the last sentence of the words that turn the main action into consent to marketing
    /// or transfer: the last one says to what ("By clicking I agree to the terms. I also agree to receive
    /// offers").
    ///
    /// `mailing_settled` and `partners_settled` say that own mailings and transfers are decided elsewhere.
    pub fn bundling(&self, mailing_settled: bool, partners_settled: bool) -> Option<(u32, u32)> {
        let reading = &self.reading;
        let object = |sentence: u32| {
            let has = |sense| reading.sentence_has(sentence, sense);
            let partners = !partners_settled
                && has(Sense::Partners)
                && (has(Sense::Marketing) || has(Sense::Transfer));
            let own = !mailing_settled && (has(Sense::Marketing) || has(Sense::Newsletter));
            partners || own
        };
        reading.hits(Sense::Bundle).find_map(|hit| {
            let next = hit.sentence + 1;
            if object(hit.sentence) {
                Some((hit.sentence, hit.sentence))
            } else if object(next) && reading.sentence_has(next, Sense::Consent) {
                Some((hit.sentence, next))
            } else {
                None
            }
        })
    }

    /// The words from one sentence to another.
    pub fn sentences(&self, (first, last): (u32, u32)) -> Option<&str> {
        let (start, _) = self.reading.sentence_range(first)?;
        let (_, end) = self.reading.sentence_range(last)?;
        self.text.get(start..end)
    }
}
