//! The controls of a form: boxes, switches, radio and select options that ask for consent, hidden
//! inputs that state it.
//!
//! It must not decide whether any of it is lawful.

use std::collections::{BTreeSet, HashMap};

use crate::artifact::{Dom, NodeId};
use crate::lexicon::{Entities, Hit, Reading, Sense, plain_words};
use crate::model::{Category, Control, ControlKind, Field, Place, Polarity, Role, Seen};

use super::attributes;
use super::fields;
use super::labels::{Label, LabelIndex};
use super::names::{self, NameKind};
use super::regions::{Region, Regions, input_type, is_button};
use super::roles::{self, Words};
use super::text::{self, Stretch, text_of};
use super::voice::Voice;

/// A group's heading is looked for this many passages back.
const HEADING_REACH: usize = 24;

/// A text that invites to choose is no longer than this; a longer one is a notice.
const INVITATION_WORDS: usize = 35;

/// Texts before the form that may head its boxes.
const BEFORE: usize = 4;

/// What the reading of one form needs at hand.
pub struct FormReader<'a> {
    pub dom: &'a Dom,
    pub region: &'a Region,
    pub voice: Voice<'a>,
    pub capture: &'a str,
    /// The label of each member.
    labels: HashMap<NodeId, Label>,
    /// The form's passages in order, each with whether it labels a control.
    pub stretches: Vec<(Stretch, bool)>,
    /// The texts of its block that stand before the form.
    before: Vec<Stretch>,
}

/// A control with the node it was read from.
pub struct Found<T> {
    pub node: NodeId,
    pub item: T,
}

/// More words than this beside a field that is filled in are a notice, not its name.
const LABEL_WORDS: usize = 15;
/// Levels around a control whose names are read.
const AROUND: usize = 5;
/// Links of a label that are looked at.
const MOST_LABEL_LINKS: usize = 8;
/// Options of a radio group that are looked at for a yes or a no.
const MOST_OPTIONS: usize = 12;
/// Values that developers give to the answer no, …
const NO: [&str; 7] = ["0", "n", "no", "non", "nein", "false", "off"];
/// … and to either answer.
const YES_OR_NO: [&str; 17] = [
    "0", "1", "no", "non", "nein", "false", "off", "n", "yes", "oui", "ja", "si", "sì", "true",
    "on", "y", "o",
];

impl<'a> FormReader<'a> {
    /// Reads the labels and the passages of a region.
    pub fn new(
        dom: &'a Dom,
        regions: &Regions,
        region: &'a Region,
        index: &LabelIndex,
        voice: Voice<'a>,
        capture: &'a str,
    ) -> Self {
        let labels: HashMap<NodeId, Label> = region
            .members
            .iter()
            .map(|&id| (id, index.label(dom, regions, region, id)))
            .collect();
        let label_nodes: BTreeSet<NodeId> = labels
            .iter()
            .filter(|&(&id, label)| is_choice(dom, id) || is_short(&label.text))
            .flat_map(|(_, label)| label.nodes.iter().copied())
            .collect();
        let labelling = |first: NodeId| {
            label_nodes.contains(&first)
                || dom
                    .ancestors(first)
                    .take_while(|&up| up > region.root)
                    .any(|up| label_nodes.contains(&up))
        };
        let stretches = text::stretches(dom, region.root, |id| {
            matches!(dom.node(id).name(), "select" | "textarea") || is_button(dom, id)
        })
        .into_iter()
        .map(|stretch| {
            let labels_control = labelling(stretch.first);
            (stretch, labels_control)
        })
        .collect();
        let mut before = text::stretches(dom, region.block, |at| at == region.root);
        before.retain(|stretch| stretch.first < region.root);
        FormReader {
            dom,
            region,
            voice,
            capture,
            labels,
            stretches,
            before,
        }
    }

    pub fn place(&self, id: NodeId) -> Place {
        Place::of(self.dom, id)
    }

    pub fn seen(&self, id: NodeId) -> Seen {
        Seen {
            capture: self.capture.to_string(),
            visible: self.dom.visible(id),
            bounds: self.dom.bounds(id),
        }
    }

    pub fn label(&self, id: NodeId) -> Label {
        self.labels.get(&id).cloned().unwrap_or_default()
    }

    /// The label; before that of a switch that says "No Yes" alone, the text that stands before it.
    fn full_label(&self, id: NodeId, kind: ControlKind) -> Label {
        let mut label = self.label(id);
        let words = plain_words(&label.text);
        let bare = !words.is_empty() && words.iter().all(|w| YES_OR_NO.contains(&w.as_str()));
        if bare && matches!(kind, ControlKind::Checkbox | ControlKind::Switch) {
            let first = label.text.split_whitespace().next().unwrap_or_default();
            let before = self.heading_above(id);
            let before = before.trim_end_matches(first).trim_end();
            label.text = format!("{before} {}", label.text).trim().to_string();
        }
        label
    }

    fn attribute(&self, id: NodeId, name: &str) -> String {
        self.dom
            .node(id)
            .filled(name)
            .unwrap_or_default()
            .to_string()
    }

    /// The fields: everything that takes an answer other than yes or no, radio groups and selects
    /// once each.
    pub fn fields(&self) -> Vec<Found<Field>> {
        let mut out = Vec::new();
        let mut groups: HashMap<String, ()> = HashMap::new();
        for &id in &self.region.members {
            let node = self.dom.node(id);
            let kind = match node.name() {
                "select" => "select".to_string(),
                "textarea" => "textarea".to_string(),
                "input" => input_type(self.dom, id),
                _ => continue,
            };
            if matches!(kind.as_str(), "hidden" | "checkbox") {
                continue;
            }
            let name = self.attribute(id, "name");
            let label = self.label(id);
            let (category, label_text) = match kind.as_str() {
                "radio" => {
                    if groups.insert(name.clone(), ()).is_some() {
                        continue;
                    }
                    let group = self.group_text(id);
                    let options = self.radio_options(&name);
                    let category = fields::group_category(&group, &options, &name, &self.voice);
                    (category, if group.is_empty() { options } else { group })
                }
                "select" => {
                    let known = fields::category(self.dom, id, &label, &self.voice);
                    let category = match known {
                        Category::Other => {
                            let options = self.select_options(id);
                            fields::group_category("", &options, "", &self.voice)
                        }
                        known => known,
                    };
                    (self.part_of_date(id, category), label.text.clone())
                }
                _ => {
                    let known = fields::category(self.dom, id, &label, &self.voice);
                    (self.part_of_date(id, known), label.text.clone())
                }
            };
            let placeholder = self.attribute(id, "placeholder");
            let legend = self.legend(id);
            let options = self.options(id, &kind, &name);
            out.push(Found {
                node: id,
                item: Field {
                    asks: self
                        .voice
                        .read(&format!("{label_text}\n{placeholder}\n{legend}")),
                    offers: self.voice.read(&options.join("\n")),
                    named: self.voice.read_technical(&attributes::words(&name)),
                    placeholder,
                    options,
                    name,
                    dom_id: self.attribute(id, "id"),
                    kind,
                    category,
                    label: label_text,
                    required: self.required(id) || starred(&label.text),
                    place: self.place(id),
                    seen: vec![self.seen(id)],
                },
            });
        }
        self.settle_names(&mut out);
        self.settle_titles(&mut out);
        out
    }

    /// A title that is typed after the name is a position; without a name's parts it is a subject.
    fn settle_titles(&self, fields: &mut [Found<Field>]) {
        let parts = [Category::FirstName, Category::LastName];
        let named = [Category::Name, Category::FirstName, Category::LastName];
        let parted = fields.iter().any(|f| parts.contains(&f.item.category));
        let company = fields.iter().any(|f| f.item.category == Category::Company);
        let mut after_name = false;
        for found in fields {
            let typed = self.dom.node(found.node).name() == "input" && found.item.kind == "text";
            if found.item.category == Category::Title && typed {
                found.item.category = match (company && after_name, parted) {
                    (true, _) => Category::Job,
                    (false, false) => Category::Other,
                    (false, true) => Category::Title,
                };
            }
            after_name |= named.contains(&found.item.category);
        }
    }

    /// "Nome" is the first name beside "Cognome", "Nom" and "Name" are the last name beside "Prénom" and
    /// "Vorname", and each is the whole name alone.
    fn settle_names(&self, fields: &mut [Found<Field>]) {
        let has = |category| fields.iter().any(|found| found.item.category == category);
        let (first, last) = (has(Category::FirstName), has(Category::LastName));
        for found in fields {
            let part = match found.item.category {
                Category::FirstName if !last => Sense::FieldFirstName,
                Category::LastName if !first => Sense::FieldLastName,
                Category::Name if first && !last => Sense::FieldName,
                _ => continue,
            };
            let inside = self.attribute(found.node, "placeholder");
            let words = format!("{}\n{inside}", found.item.label);
            let reading = self.voice.read(&words);
            let whole = |hit: Hit| {
                let named = reading.hits(Sense::FieldName);
                named
                    .into_iter()
                    .any(|name| (name.start, name.end) == (hit.start, hit.end))
            };
            if part == Sense::FieldName {
                let counting = reading.words.iter().filter(|word| !word.little).count();
                if counting == 1 && reading.has(part) {
                    found.item.category = Category::LastName;
                }
            } else if reading.hits(part).any(whole) {
                found.item.category = Category::Name;
            }
        }
    }

    /// A day, month or year field takes its meaning from the words above it; one with words of its own
    /// does not.
    fn part_of_date(&self, id: NodeId, category: Category) -> Category {
        let own = self.label(id).text;
        if category != Category::Other || own.split_whitespace().nth(1).is_some() {
            return category;
        }
        let group = self.group_text(id);
        if group.len() < 120 && self.voice.read(&group).has(Sense::FieldBirthDate) {
            return Category::BirthDate;
        }
        category
    }

    /// The legend of the group that a field stands in.
    fn legend(&self, id: NodeId) -> String {
        let dom = self.dom;
        let mut inside = dom.ancestors(id).take_while(|&up| up >= self.region.root);
        let group = inside.find(|&up| dom.node(up).name() == "fieldset");
        let legend = group.and_then(|group| {
            dom.descendants(group)
                .find(|&at| dom.node(at).name() == "legend")
        });
        legend.map_or_else(String::new, |legend| text_of(dom, legend))
    }

    /// The answers that a radio group or a select offers.
    fn options(&self, id: NodeId, kind: &str, name: &str) -> Vec<String> {
        let mut options: Vec<String> = match kind {
            "radio" => self
                .same_group(name)
                .take(MOST_OPTIONS)
                .map(|id| self.label(id).text)
                .collect(),
            "select" => self
                .dom
                .descendants(id)
                .filter(|&at| self.dom.node(at).name() == "option")
                .take(MOST_OPTIONS)
                .map(|at| text_of(self.dom, at))
                .collect(),
            _ => Vec::new(),
        };
        options.retain(|option| !option.is_empty());
        options
    }

    fn radio_options(&self, name: &str) -> String {
        self.same_group(name)
            .take(6)
            .map(|id| self.label(id).text)
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn same_group<'b>(&'b self, name: &'b str) -> impl Iterator<Item = NodeId> + 'b {
        self.region.members.iter().copied().filter(move |&id| {
            self.dom.node(id).name() == "input"
                && input_type(self.dom, id) == "radio"
                && self.dom.node(id).filled("name") == Some(name)
        })
    }

    fn select_options(&self, id: NodeId) -> String {
        self.dom
            .descendants(id)
            .filter(|&at| self.dom.node(at).name() == "option")
            .take(6)
            .map(|at| text_of(self.dom, at))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The controls of the form. `in_newsletter` says that its one service is a newsletter.
    pub fn controls(&self, in_newsletter: bool, entities: &Entities) -> Vec<Found<Control>> {
        let mut out: Vec<Found<Control>> = Vec::new();
        for &id in &self.region.members {
            let node = self.dom.node(id);
            match (node.name(), input_type(self.dom, id).as_str()) {
                ("input", "checkbox") => {
                    let switch = node.attribute("role") == Some("switch");
                    let kind = if switch {
                        ControlKind::Switch
                    } else {
                        ControlKind::Checkbox
                    };
                    out.push(self.choice(id, kind, in_newsletter));
                }
                ("input", "radio") => out.extend(self.consent_radio(id)),
                ("input", "hidden") => out.extend(self.hidden(id, &out)),
                ("select", _) => out.extend(self.consent_options(id)),
                ("input" | "textarea", _) => {}
                _ => {
                    let kind = match node.attribute("role") {
                        Some("switch") => ControlKind::Switch,
                        Some("radio") => ControlKind::Radio,
                        _ => ControlKind::Checkbox,
                    };
                    if kind != ControlKind::Radio {
                        out.push(self.choice(id, kind, in_newsletter));
                    }
                }
            }
        }
        self.settle_lists(&mut out, entities);
        self.settle_channels(&mut out);
        out
    }

    /// "E-mail", "SMS", "Phone" below a box for mailings say by which way they come.
    fn settle_channels(&self, controls: &mut [Found<Control>]) {
        let mut asked: Option<Role> = None;
        for found in controls {
            let control = &mut found.item;
            if control.kind != ControlKind::Checkbox {
                continue;
            }
            let label = self.voice.read(&control.label);
            if control.role == Role::Preference && roles::names_channel_only(&label) {
                if let Some(role) = asked {
                    control.role = role;
                    control.purposes = roles::purposes(role, &label);
                }
            } else {
                let mailing = matches!(control.role, Role::MarketingOwn | Role::MarketingPartners);
                asked = mailing.then_some(control.role);
            }
        }
    }

    /// Boxes of one list that say nothing by themselves are what the list is: topics beside a
    /// newsletter, companies that a request goes to.
    fn settle_lists(&self, controls: &mut [Found<Control>], entities: &Entities) {
        let mut lists: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, found) in controls.iter().enumerate() {
            if found.item.kind == ControlKind::Checkbox && !found.item.name.is_empty() {
                let name = &found.item.name;
                let record = name.split('[').next().unwrap_or_default();
                let named = self.voice.read_technical(&attributes::words(record));
                let list = list_name(name, named.has(Sense::FormSubscribe));
                lists.entry(list.to_string()).or_default().push(at);
            }
        }
        for members in lists.values().filter(|members| members.len() > 1) {
            let (silent, speaking): (Vec<usize>, Vec<usize>) = members
                .iter()
                .partition(|&&at| self.is_silent(&controls[at].item));
            let mailings = speaking
                .iter()
                .any(|&at| controls[at].item.role.is_marketing());
            let companies = || {
                self.passes_on()
                    && silent
                        .iter()
                        .any(|&at| self.names_company(&controls[at].item.label, entities))
            };
            let role = if mailings {
                Role::MarketingOwn
            } else if companies() {
                Role::MarketingPartners
            } else {
                continue;
            };
            for at in silent {
                let control = &mut controls[at].item;
                control.role = role;
                control.purposes = roles::purposes(role, &self.voice.read(&control.label));
            }
        }
    }

    fn is_silent(&self, control: &Control) -> bool {
        let label = self.voice.read(&control.label);
        control.role == Role::Preference && (!roles::speaks(&label) || roles::is_topic(&label))
    }

    fn names_company(&self, label: &str, entities: &Entities) -> bool {
        let words = self.voice.read(label).words;
        names::find(label, &words, self.voice.own(), entities)
            .iter()
            .any(|name| name.kind == NameKind::Entity)
    }

    /// Whether the form says that data goes to others.
    fn passes_on(&self) -> bool {
        self.stretches.iter().any(|(stretch, _)| {
            let reading = self.voice.read(&stretch.text);
            reading.together(Sense::Partners, Sense::Transfer)
        })
    }

    fn choice(&self, id: NodeId, kind: ControlKind, in_newsletter: bool) -> Found<Control> {
        let label = self.full_label(id, kind);
        let group = self.question(id);
        let technical = self.technical(id);
        let reading = self.voice.read_any(&label.text, roles::speaks);
        let (role, polarity) = roles::decide(&Words {
            label: &reading,
            label_text: &label.text,
            context: &self.voice.read(&label.context),
            group: &self.voice.read(&group),
            technical: &technical,
            around: &self.words_around(id),
            links: &self.linked_words(&label),
            in_newsletter,
        });
        let whole = self
            .voice
            .read(&format!("{} {}", label.text, label.context));
        let mut channels = roles::channels(&whole);
        if channels.is_empty() && role.is_marketing() {
            channels = roles::channels(&self.voice.read(&group));
        }
        let required_words = self
            .voice
            .read(&label.text)
            .has(Sense::Condition)
            .then(|| label.text.clone())
            .or_else(|| starred(&label.text).then(|| "*".to_string()));
        Found {
            node: id,
            item: Control {
                name: self.attribute(id, "name"),
                dom_id: self.attribute(id, "id"),
                group: None,
                kind,
                purposes: roles::purposes(role, &whole),
                required: self.required(id) || required_words.is_some(),
                required_words,
                place: self.control_place(id, &label),
                pictured: label.pictured,
                label: label.text,
                role,
                polarity,
                channels,
                states: Vec::new(),
                settled: false,
                seen: vec![self.seen(id)],
                look: None,
            },
        }
    }

    /// A drawn box hides the native one: then the label's place is what a person sees.
    fn control_place(&self, id: NodeId, label: &Label) -> Place {
        let mut place = self.place(id);
        let shown = self.dom.visible(id) == Some(true);
        let words = label
            .nodes
            .iter()
            .filter_map(|&at| self.dom.bounds(at))
            .reduce(|one, other| one.union(&other));
        place.bounds = match (place.bounds.filter(|_| shown), words) {
            (Some(own), Some(words)) => Some(own.union(&words)),
            (own, words) => own.or(words),
        };
        place
    }

    /// A radio option is a control where its group asks for consent.
    fn consent_radio(&self, id: NodeId) -> Option<Found<Control>> {
        let name = self.attribute(id, "name");
        let found = self.choice(id, ControlKind::Radio, false);
        let group = self.group_text(id);
        let asks = self.voice.read(&group).has_any(&[
            Sense::Marketing,
            Sense::Newsletter,
            Sense::Partners,
        ]);
        let named = self
            .technical(id)
            .has_any(&[Sense::Marketing, Sense::Newsletter]);
        if !found.item.role.is_marketing() && !asks && !named {
            return None;
        }
        // "HTML or text?" below the word newsletter asks for a format, not for consent.
        let speaks = self.voice.read(&found.item.label).has_any(&[
            Sense::Marketing,
            Sense::Newsletter,
            Sense::Partners,
        ]);
        if !speaks
            && !self
                .same_group(&name)
                .take(MOST_OPTIONS)
                .any(|option| self.says_yes_or_no(option))
        {
            return None;
        }
        Some(self.option(found, name, &group))
    }

    /// Whether an option of a group is an answer to a yes-or-no question.
    fn says_yes_or_no(&self, option: NodeId) -> bool {
        let own = self.voice.read(&self.label(option).text);
        let value = self.dom.node(option).filled("value").unwrap_or_default();
        own.has_any(&[Sense::Consent, Sense::OptOut, Sense::Refuse, Sense::No])
            || YES_OR_NO.contains(&value.to_ascii_lowercase().as_str())
    }

    /// An option of a yes-or-no select that asks for consent.
    fn consent_options(&self, id: NodeId) -> Vec<Found<Control>> {
        let label = self.label(id);
        let reading = self.voice.read(&label.text);
        let asks = reading.has_any(&[Sense::Consent, Sense::OptOut])
            && reading.has_any(&[Sense::Marketing, Sense::Newsletter, Sense::Partners]);
        let options: Vec<NodeId> = self
            .dom
            .descendants(id)
            .filter(|&at| self.dom.node(at).name() == "option")
            .take(6)
            .collect();
        if !asks || options.len() > 5 {
            return Vec::new();
        }
        let name = self.attribute(id, "name");
        options
            .into_iter()
            .map(|option| {
                let mut found = self.choice(id, ControlKind::Select, false);
                found.node = option;
                found.item.label = text_of(self.dom, option);
                self.option(found, name.clone(), &label.text)
            })
            .collect()
    }

    /// One option of a yes-or-no group: it takes its meaning from the question, its direction from
    /// its own words.
    fn option(&self, mut found: Found<Control>, group: String, question: &str) -> Found<Control> {
        let own = self.voice.read(&found.item.label);
        let whole = self.voice.read(&format!("{question} {}", found.item.label));
        let declines = own.has_any(&[Sense::Refuse, Sense::OptOut])
            || (own.has(Sense::No) && own.words.len() <= 3)
            || self
                .dom
                .node(found.node)
                .filled("value")
                .is_some_and(|value| NO.contains(&value.to_ascii_lowercase().as_str()))
                && own.words.len() <= 3;
        let polarity = if declines {
            Polarity::OptOut
        } else {
            Polarity::OptIn
        };
        if !found.item.role.is_marketing() {
            found.item.role = if whole.has(Sense::Partners) {
                Role::MarketingPartners
            } else {
                Role::MarketingOwn
            };
            found.item.purposes = roles::purposes(found.item.role, &whole);
        }
        found.item.polarity = polarity;
        found.item.group = Some(group);
        found
    }

    /// A hidden input that states consent. The companion of a box (same name, for browsers that send
    /// nothing when it is off) is part of the box.
    fn hidden(&self, id: NodeId, before: &[Found<Control>]) -> Option<Found<Control>> {
        let technical = self.technical(id);
        let consents = technical.has_any(&[Sense::Marketing, Sense::Newsletter])
            && technical.has(Sense::Consent);
        if !consents {
            return None;
        }
        let name = self.attribute(id, "name");
        let companion = self.region.members.iter().any(|&other| {
            other != id
                && self.dom.node(other).filled("name") == Some(&name)
                && input_type(self.dom, other) != "hidden"
        }) || before.iter().any(|found| found.item.name == name);
        if companion {
            return None;
        }
        let (role, _) = roles::decide(&Words {
            label: &Reading::default(),
            label_text: "",
            context: &Reading::default(),
            group: &Reading::default(),
            technical: &technical,
            around: &Reading::default(),
            links: &Reading::default(),
            in_newsletter: false,
        });
        role.is_marketing().then(|| Found {
            node: id,
            item: Control {
                name,
                dom_id: self.attribute(id, "id"),
                group: None,
                kind: ControlKind::Hidden,
                label: String::new(),
                role,
                polarity: Polarity::OptIn,
                required: false,
                required_words: None,
                channels: Vec::new(),
                purposes: roles::purposes(role, &technical),
                states: Vec::new(),
                settled: false,
                place: self.place(id),
                seen: vec![self.seen(id)],
                pictured: false,
                look: None,
            },
        })
    }

    /// What the page's makers call the elements around a control.
    fn words_around(&self, id: NodeId) -> Reading {
        let words = self
            .dom
            .ancestors(id)
            .take_while(|&up| up > self.region.root)
            .take(AROUND)
            .flat_map(|up| ["id", "class"].map(|name| self.dom.node(up).filled(name)))
            .flatten()
            .map(attributes::words)
            .collect::<Vec<_>>()
            .join(" \n ");
        self.voice.read_technical(&words)
    }

    /// The words of the addresses that a label links to.
    fn linked_words(&self, label: &Label) -> Reading {
        let words = label
            .nodes
            .iter()
            .flat_map(|&at| self.dom.descendants(at))
            .filter(|&at| self.dom.node(at).name() == "a")
            .filter_map(|at| self.dom.node(at).filled("href"))
            .take(MOST_LABEL_LINKS)
            .map(attributes::words)
            .collect::<Vec<_>>()
            .join(" \n ");
        self.voice.read_technical(&words)
    }

    /// Name, id and class of a control as words, read in the page's language and in English.
    fn technical(&self, id: NodeId) -> Reading {
        let words = ["name", "id"]
            .iter()
            .filter_map(|name| self.dom.node(id).filled(name))
            .map(attributes::words)
            .collect::<Vec<_>>()
            .join(" \n ");
        self.voice.read_technical(&words)
    }

    fn required(&self, id: NodeId) -> bool {
        let node = self.dom.node(id);
        node.attribute("required").is_some()
            || node.attribute("aria-required") == Some("true")
            || node.filled("class").is_some_and(|class| {
                class
                    .split_whitespace()
                    .any(|c| c == "required" || c == "wpcf7-validates-as-required")
            })
            || node.attribute("data-val-required").is_some()
    }

    /// The legend, group label or heading that a control stands under.
    pub fn group_text(&self, id: NodeId) -> String {
        for up in self.dom.ancestors(id).take(10) {
            if up == self.region.root || !self.dom.contains(self.region.root, up) {
                break;
            }
            let node = self.dom.node(up);
            if node.name() == "fieldset" {
                let legend = self
                    .dom
                    .children(up)
                    .find(|&child| self.dom.node(child).name() == "legend");
                if let Some(text) = legend
                    .map(|at| text_of(self.dom, at))
                    .filter(|t| !t.is_empty())
                {
                    return text;
                }
            }
            if matches!(node.attribute("role"), Some("group" | "radiogroup"))
                && let Some(label) = node.filled("aria-label")
            {
                return label.to_string();
            }
        }
        self.heading_above(id)
    }

    /// What a list of boxes answers: its group's text or, where that asks nothing ("Choose one or
    /// more"), the nearest short text above it that does, up to the heading of its section.
    fn question(&self, id: NodeId) -> String {
        let group = self.group_text(id);
        let asks = |text: &str| roles::asks(&self.voice.read(text));
        if asks(&group) {
            return group;
        }
        let mut section_ended = false;
        let above = self
            .texts_above(id)
            .chain(self.before.iter().rev().take(BEFORE))
            .take_while(|stretch| !std::mem::replace(&mut section_ended, self.is_heading(stretch)))
            .find(|stretch| words_of(&stretch.text) <= INVITATION_WORDS && asks(&stretch.text));
        above.map_or(group, |stretch| stretch.text.clone())
    }

    fn is_heading(&self, stretch: &Stretch) -> bool {
        let heads = |id: NodeId| {
            matches!(
                self.dom.node(id).name(),
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "legend" | "caption"
            )
        };
        heads(stretch.element) || self.dom.ancestors(stretch.element).take(3).any(heads)
    }

    /// The last text of the form before the control that is not the label of another control.
    fn heading_above(&self, id: NodeId) -> String {
        let nearest = self.texts_above(id).next();
        nearest.map_or_else(String::new, |stretch| stretch.text.clone())
    }

    /// The texts of the form before the control that label no other, from the nearest.
    fn texts_above(&self, id: NodeId) -> impl Iterator<Item = &Stretch> {
        let before = self
            .stretches
            .partition_point(|(stretch, _)| stretch.first < id);
        self.stretches[..before]
            .iter()
            .rev()
            .take(HEADING_REACH)
            .filter(|(stretch, labels)| !labels && stretch.text.len() > 2)
            .map(|(stretch, _)| stretch)
    }
}

/// Whether an element is turned on or off rather than filled in.
fn is_choice(dom: &Dom, id: NodeId) -> bool {
    match dom.node(id).name() {
        "input" => matches!(input_type(dom, id).as_str(), "checkbox" | "radio"),
        "select" | "textarea" => false,
        _ => true,
    }
}

/// The list that a box's name belongs to: `topics` of `topics[]` and `topics[3]`. `profile[news]` and
/// `profile[title]` are fields of one record, unless the record is a list of `lists`.
fn list_name(name: &str, lists: bool) -> &str {
    let Some((list, key)) = name.split_once('[') else {
        return name;
    };
    let counted =
        key.chars().all(|c| !c.is_alphabetic()) || key.chars().any(|c| c.is_ascii_digit());
    if counted || lists { list } else { name }
}

fn words_of(text: &str) -> usize {
    text.split_whitespace().take(INVITATION_WORDS + 1).count()
}

fn is_short(label: &str) -> bool {
    label.split_whitespace().nth(LABEL_WORDS).is_none()
}

/// A star at either end of a label marks it as required.
fn starred(label: &str) -> bool {
    let label = label.trim();
    label.starts_with('*') || label.ends_with('*') || label.ends_with("(*)")
}
