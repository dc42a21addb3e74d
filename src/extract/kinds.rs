//! What kind of form it is and what the visitor asks for with it, from fields, captions and names.

use std::collections::BTreeSet;

use crate::artifact::NodeId;
use crate::lexicon::{Reading, Sense};
use crate::model::{Button, Category, Control, Field, FormKind, Passage, Promise, Role, Service};

use super::attributes;
use super::controls::{FormReader, Found};
use super::regions::input_type;

/// Everything the decision rests on.
pub struct Signs {
    categories: BTreeSet<Category>,
    text_fields: usize,
    passwords: usize,
    /// Captions of buttons.
    captions: Reading,
    /// The form's own id, class, name, action and role.
    technical: Reading,
    /// Headings and the first passages.
    headings: Reading,
    /// Names of fields and boxes.
    members: Reading,
    /// Placeholders and labels of the fields.
    prompts: Reading,
    search_input: bool,
    marketing: bool,
    /// A box offers to stay signed in.
    remembers: bool,
}

/// Categories that identify or reach a person.
const PERSONAL: [Category; 8] = [
    Category::Email,
    Category::Phone,
    Category::Name,
    Category::FirstName,
    Category::LastName,
    Category::PostalAddress,
    Category::BirthDate,
    Category::Health,
];

impl Signs {
    pub fn new(
        reader: &FormReader,
        fields: &[Found<Field>],
        buttons: &[Button],
        headings: &str,
    ) -> Self {
        let dom = reader.dom;
        let inputs: Vec<NodeId> = reader
            .region
            .members
            .iter()
            .copied()
            .filter(|&id| matches!(dom.node(id).name(), "input" | "textarea"))
            .collect();
        let of_type = |kind: &str| {
            inputs
                .iter()
                .filter(|&&id| dom.node(id).name() == "input" && input_type(dom, id) == kind)
                .count()
        };
        let root = dom.node(reader.region.root);
        let technical = [
            "id",
            "class",
            "name",
            "action",
            "role",
            "aria-label",
            "data-form-type",
        ]
        .iter()
        .filter_map(|name| root.filled(name))
        .map(attributes::words)
        .collect::<Vec<_>>()
        .join(" \n ");
        let captions: Vec<&str> = buttons
            .iter()
            .filter(|button| !button.is_link)
            .map(|button| button.label.as_str())
            .collect();
        let prompts: Vec<&str> = fields.iter().map(|f| f.item.label.as_str()).collect();
        let names: Vec<String> = reader
            .region
            .members
            .iter()
            .filter_map(|&id| dom.node(id).filled("name"))
            .take(60)
            .map(attributes::words)
            .collect();
        let named_search = inputs.iter().any(|&id| {
            matches!(
                dom.node(id).filled("name"),
                Some("q" | "s" | "query" | "search" | "keywords" | "keyword")
            )
        });
        Signs {
            categories: fields.iter().map(|f| f.item.category).collect(),
            text_fields: fields
                .iter()
                .filter(|f| {
                    matches!(
                        f.item.kind.as_str(),
                        "text" | "email" | "tel" | "textarea" | "search" | "number" | "url"
                    )
                })
                .count(),
            passwords: of_type("password"),
            captions: reader.voice.read_technical(&captions.join("\n")),
            technical: reader.voice.read_technical(&technical),
            headings: reader.voice.read(headings),
            members: reader.voice.read_technical(&names.join(" \n ")),
            prompts: reader.voice.read(&prompts.join("\n")),
            search_input: root.filled("role") == Some("search")
                || of_type("search") > 0
                || named_search,
            marketing: false,
            remembers: false,
        }
    }

    /// Takes into account whether a control or a sentence asks for marketing consent.
    pub fn with_consent(mut self, controls: &[Found<Control>], passages: &[Passage]) -> Self {
        let asks = |reading: &Reading| {
            reading.has(Sense::Bundle) && reading.has_any(&[Sense::Marketing, Sense::Partners])
        };
        self.remembers = controls
            .iter()
            .any(|found| found.item.role == Role::RememberMe);
        self.marketing = controls.iter().any(|found| found.item.role.is_marketing())
            || passages.iter().any(|passage| asks(&passage.reading));
        self
    }

    fn has(&self, category: Category) -> bool {
        self.categories.contains(&category)
    }

    fn personal(&self) -> usize {
        PERSONAL.iter().filter(|&&c| self.has(c)).count()
    }

    /// Any of the form's own words.
    fn says(&self, sense: Sense) -> bool {
        self.captions.has(sense) || self.technical.has(sense) || self.headings.has(sense)
    }

    /// The kind of form.
    pub fn kind(&self) -> FormKind {
        let only_one = self.text_fields <= 1;
        let reaches = self.has(Category::Email) || self.has(Category::Phone);
        if !reaches
            && only_one
            && (self.search_input || self.says(Sense::FormSearch))
            && !self.marketing
        {
            return FormKind::Search;
        }
        if self.is_login() {
            return FormKind::Login;
        }
        if self.is_reset() || self.is_locator() {
            return FormKind::Other;
        }
        // Cookies for advertising are nobody's mailing list.
        let cookies = self.says(Sense::FormCookies) || self.members.has(Sense::FormCookies);
        if self.personal() > 0 || (self.marketing && !cookies) {
            return FormKind::Collection;
        }
        FormKind::Other
    }

    fn is_login(&self) -> bool {
        let others = self.personal() - usize::from(self.has(Category::Email));
        let registers =
            self.captions.has(Sense::FormRegister) || self.captions.has(Sense::FormSubscribe);
        let one_password = (self.passwords == 1 && self.text_fields <= 2)
            || (self.passwords > 0 && self.remembers && self.captions.has(Sense::FormLogin));
        let short = others == 0 || (others == 1 && self.has(Category::Name));
        // A form that registers is a login only where a button of it says so, or a box to stay signed in.
        let logs_in = !registers || self.remembers || self.captions.has(Sense::FormLogin);
        short && !self.marketing && one_password && logs_in
    }

    fn is_reset(&self) -> bool {
        self.says(Sense::FormReset)
            && self.text_fields <= 1
            && self.passwords == 0
            && !self.marketing
            && !self.says(Sense::FormSubscribe)
    }

    fn is_locator(&self) -> bool {
        let personal = [
            Category::Email,
            Category::Phone,
            Category::Name,
            Category::FirstName,
            Category::LastName,
            Category::BirthDate,
        ];
        let nobody = !personal.iter().any(|&c| self.has(c));
        let located = self.says(Sense::FormLocator)
            || self.prompts.has(Sense::FormLocator)
            || self.says(Sense::FormSearch)
            || self.search_input;
        nobody && !self.marketing && (located || self.text_fields <= 1)
    }

    /// What the form promises: what its headings and captions speak of most.
    pub fn promise(&self, service: Service, passages: &[Passage]) -> Promise {
        if service == Service::Newsletter {
            return Promise::Newsletter;
        }
        let said = |sense: Sense| {
            let spoken = self.headings.hits(sense).count() + self.captions.hits(sense).count();
            2 * spoken + usize::from(self.technical.has(sense))
        };
        let told = [
            (Promise::Contest, self.contest(passages, &said)),
            (Promise::Checkout, said(Sense::FormCheckout)),
            (Promise::Quote, said(Sense::FormQuote)),
            (Promise::Comment, said(Sense::FormComment)),
            // "Subscribe" alone may be to a phone line.
            (Promise::Newsletter, said(Sense::Newsletter)),
            (Promise::Account, said(Sense::FormRegister)),
            (Promise::Contact, said(Sense::FormContact)),
        ];
        let most = told.iter().map(|(_, count)| *count).max().unwrap_or(0);
        let first = told.iter().find(|(_, count)| most > 0 && *count == most);
        first.map_or(Promise::Unknown, |(promise, _)| *promise)
    }

    /// One word of winning is advertising; with a prize, a draw or a second word it is a contest.
    fn contest(&self, passages: &[Passage], said: &impl Fn(Sense) -> usize) -> usize {
        let count = said(Sense::FormContest);
        let backed = passages.iter().any(|passage| {
            passage.reading.has_any(&[
                Sense::Prize,
                Sense::Draw,
                Sense::Organiser,
                Sense::MinimumAge,
            ])
        });
        if backed || count > 2 { count } else { 0 }
    }

    /// What the visitor asks for: a newsletter alone, or something else.
    pub fn service(&self) -> Service {
        let beyond = [
            Category::Phone,
            Category::PostalAddress,
            Category::FreeText,
            Category::Income,
            Category::Health,
        ];
        let subscribes = self.says(Sense::FormSubscribe)
            || self.says(Sense::Newsletter)
            || self.members.has(Sense::Newsletter);
        let more = [
            Sense::FormQuote,
            Sense::FormContest,
            Sense::FormRegister,
            Sense::FormContact,
            Sense::FormComment,
            Sense::FormCheckout,
        ]
        .iter()
        .any(|&sense| {
            // "Register to receive our news" asks for the news.
            let to_receive =
                sense == Sense::FormRegister && self.headings.has(Sense::FormSubscribe);
            self.headings.has(sense) && !self.headings.has(Sense::Newsletter) && !to_receive
        });
        let asks_more = beyond.iter().any(|&c| self.has(c)) || self.passwords > 0;
        if subscribes && !asks_more && !more && self.has(Category::Email) {
            Service::Newsletter
        } else {
            Service::Other
        }
    }
}
