//! What to put into each field of a form. Consent is no answer: its controls stay as the page put them.

use std::collections::BTreeSet;

use time::Date;

use crate::artifact::{Dom, ElementRef, NodeId};
use crate::identity::{Answer, Choice, Identities, Person, Prompt};
use crate::model::{Category, Control, ControlKind, Field, FormModel, Polarity, Role};

use super::{element, node_of, reference};

/// One thing to do to a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Fill {
    /// What is answered.
    pub target: ElementRef,
    /// What is pressed for it: a drawn control hides the native one.
    pub at: ElementRef,
    pub how: How,
    /// It tells who somebody is.
    pub identifies: bool,
}

impl Fill {
    fn of(target: ElementRef, how: How, identifies: bool) -> Self {
        Fill {
            at: target.clone(),
            target,
            how,
            identifies,
        }
    }

    fn tick(target: ElementRef, at: ElementRef) -> Self {
        Fill {
            target,
            at,
            how: How::Tick,
            identifies: false,
        }
    }
}

/// How a field is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    Type(String),
    /// A value that is not typed letter by letter: a date.
    Set(String),
    /// An option of a select, by its place among all of them.
    Choose {
        option: usize,
        label: String,
    },
    /// A box or a radio button to press.
    Tick,
}

/// Whose answers, and what was done already.
pub struct Filling<'a> {
    pub identities: &'a Identities,
    pub person: &'a Person,
    pub today: Date,
    /// Nodes that have an answer.
    pub answered: &'a BTreeSet<(usize, i64)>,
    /// Which option a choice without a right answer takes: ways through a form branch here.
    pub branch: usize,
}

/// Categories that tell who somebody is.
const IDENTIFYING: [Category; 7] = [
    Category::Email,
    Category::Phone,
    Category::Name,
    Category::FirstName,
    Category::LastName,
    Category::PostalAddress,
    Category::BirthDate,
];
/// Types whose value is put, not typed.
const PUT: [&str; 7] = [
    "date",
    "month",
    "week",
    "time",
    "datetime-local",
    "range",
    "color",
];

/// Whether a form asks, where a visitor sees it, who somebody is.
pub fn identifies(form: &FormModel) -> bool {
    let mut fields = form.fields.iter();
    fields.any(|field| IDENTIFYING.contains(&field.category) && field.visible())
}

/// What a visitor would put into the fields of a form that stand open and have no answer yet.
pub fn fills(dom: &Dom, form: &FormModel, filling: &Filling) -> Vec<Fill> {
    let fields = form
        .fields
        .iter()
        .filter(|field| !asks_consent(form, field))
        .filter_map(|field| fill(dom, field, filling));
    let boxes = form
        .controls
        .iter()
        .filter_map(|control| agreed(dom, control, filling));
    fields.chain(boxes).collect()
}

/// Whether a question of the form is one about consent: its answer is nobody's to invent.
fn asks_consent(form: &FormModel, field: &Field) -> bool {
    form.controls.iter().any(|control| {
        control.role.is_marketing()
            && (control.place.node == field.place.node
                || control
                    .group
                    .as_ref()
                    .is_some_and(|group| *group == field.name))
    })
}

fn fill(dom: &Dom, field: &Field, filling: &Filling) -> Option<Fill> {
    let target = element(&field.place, &field.label);
    let id = node_of(dom, &target)?;
    let identifies = IDENTIFYING.contains(&field.category);
    if field.kind == "radio" {
        return radio(dom, id, field, filling);
    }
    let node = dom.node(id);
    let open = dom.visible(id) == Some(true)
        && node.attribute("disabled").is_none()
        && node.attribute("readonly").is_none();
    if !open || filling.answered.contains(&key(&target)) {
        return None;
    }
    let prompt = prompt(dom, id, field);
    let answers = filling
        .identities
        .answers(filling.person, &prompt, filling.today);
    let how = match answers.into_iter().next()? {
        Answer::Leave => return None,
        Answer::Type(text) if PUT.contains(&field.kind.as_str()) => How::Set(text),
        Answer::Type(text) => How::Type(text),
        Answer::Choose(option) => How::Choose {
            label: prompt
                .options
                .get(option)
                .map(|o| o.label.clone())
                .unwrap_or_default(),
            option,
        },
    };
    Some(Fill::of(target, how, identifies))
}

/// A field as it stands in the document.
fn prompt(dom: &Dom, id: NodeId, field: &Field) -> Prompt {
    let node = dom.node(id);
    let text = |name: &str| node.filled(name).unwrap_or_default().to_string();
    let number = |name: &str| node.filled(name).and_then(|value| value.parse().ok());
    let given = |name: &str| node.filled(name).map(str::to_string);
    Prompt {
        category: field.category,
        kind: field.kind.clone(),
        name: field.name.clone(),
        label: field.label.clone(),
        placeholder: field.placeholder.clone(),
        autocomplete: text("autocomplete"),
        inputmode: text("inputmode"),
        pattern: given("pattern"),
        minlength: number("minlength"),
        maxlength: number("maxlength"),
        min: given("min"),
        max: given("max"),
        step: given("step"),
        options: options(dom, id),
    }
}

/// The options of a select.
fn options(dom: &Dom, id: NodeId) -> Vec<Choice> {
    dom.descendants(id)
        .filter(|&at| dom.node(at).name() == "option")
        .map(|at| {
            let label = crate::extract::text_of(dom, at);
            Choice {
                value: dom
                    .node(at)
                    .attribute("value")
                    .unwrap_or(&label)
                    .to_string(),
                disabled: dom.node(at).attribute("disabled").is_some(),
                label,
            }
        })
        .collect()
}

/// The button of a radio group to press, where none is on yet.
fn radio(dom: &Dom, first: NodeId, field: &Field, filling: &Filling) -> Option<Fill> {
    let node = dom.node(first);
    let root = dom.closest(first, &["form"]);
    let group: Vec<NodeId> = dom
        .named(&["input"])
        .filter(|&id| {
            let other = dom.node(id);
            other.document == node.document
                && other.filled("name") == node.filled("name")
                && other
                    .filled("type")
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("radio"))
                && dom.closest(id, &["form"]) == root
        })
        .collect();
    let answered = |id: &NodeId| {
        filling.answered.contains(&key(&reference(dom, *id, "")))
            || dom.node(*id).selected == Some(true)
    };
    if group.iter().any(answered) {
        return None;
    }
    let open: Vec<(NodeId, NodeId)> = group
        .iter()
        .filter(|&&id| dom.node(id).attribute("disabled").is_none())
        .filter_map(|&id| Some((id, seen_as(dom, id)?)))
        .collect();
    let prompt = Prompt {
        options: open
            .iter()
            .map(|(id, seen)| Choice {
                label: crate::extract::text_of(dom, *seen),
                value: dom
                    .node(*id)
                    .filled("value")
                    .unwrap_or_default()
                    .to_string(),
                disabled: false,
            })
            .collect(),
        ..Prompt::of(field.category, "radio")
    };
    let answer = filling
        .identities
        .answer(filling.person, &prompt, filling.today);
    let at = match answer {
        // Titles and ages have a right answer, other questions have ways.
        Some(Answer::Choose(at)) if field.category != Category::Other => at,
        _ => filling.branch % open.len().max(1),
    };
    let (id, seen) = open.get(at).or(open.first())?;
    let label = crate::extract::text_of(dom, *seen);
    Some(Fill::tick(
        reference(dom, *id, &label),
        reference(dom, *seen, &label),
    ))
}

/// The native control where a person sees it, else the label that stands for it.
fn seen_as(dom: &Dom, id: NodeId) -> Option<NodeId> {
    let node = dom.node(id);
    let own = node.filled("id");
    let label = dom.closest(id, &["label"]).or_else(|| {
        dom.named(&["label"]).find(|&at| {
            dom.node(at).document == node.document
                && dom.node(at).filled("for") == own
                && own.is_some()
        })
    });
    let visible = |id: &NodeId| dom.visible(*id) == Some(true);
    label.filter(visible).or_else(|| Some(id).filter(visible))
}

/// Boxes that are no consent and that a form may want: terms, having read a notice, an age.
fn agreed(dom: &Dom, control: &Control, filling: &Filling) -> Option<Fill> {
    let wanted = matches!(control.role, Role::Terms | Role::PrivacyAck | Role::Age)
        && matches!(control.kind, ControlKind::Checkbox | ControlKind::Switch)
        && control.polarity == Polarity::OptIn;
    tick(dom, control, filling.answered).filter(|_| wanted)
}

/// The consent controls of a form that are off, to turn on.
pub fn consents(dom: &Dom, form: &FormModel, answered: &BTreeSet<(usize, i64)>) -> Vec<Fill> {
    turned(dom, form, answered, |control| {
        control.polarity == Polarity::OptIn && control.kind != ControlKind::Select
    })
}

/// The answers that say no to questions about consent that stand open.
pub fn denials(dom: &Dom, form: &FormModel, answered: &BTreeSet<(usize, i64)>) -> Vec<Fill> {
    turned(dom, form, answered, |control| {
        control.polarity == Polarity::OptOut && control.kind == ControlKind::Radio
    })
}

fn turned(
    dom: &Dom,
    form: &FormModel,
    answered: &BTreeSet<(usize, i64)>,
    wanted: impl Fn(&Control) -> bool,
) -> Vec<Fill> {
    form.consent_controls()
        .filter(|control| wanted(control))
        .filter_map(|control| tick(dom, control, answered))
        .collect()
}

fn tick(dom: &Dom, control: &Control, answered: &BTreeSet<(usize, i64)>) -> Option<Fill> {
    let target = element(&control.place, &control.label);
    let id = node_of(dom, &target)?;
    let on = dom.node(id).selected == Some(true)
        || dom.node(id).attribute("aria-checked") == Some("true");
    if on || answered.contains(&key(&target)) || dom.node(id).attribute("disabled").is_some() {
        return None;
    }
    // A link in the label would be followed: the box itself is pressed where it can be seen.
    let seen = if dom.visible(id) == Some(true) {
        id
    } else {
        seen_as(dom, id)?
    };
    let at = reference(dom, seen, &control.label);
    Some(Fill::tick(target, at))
}

fn key(element: &ElementRef) -> (usize, i64) {
    (element.document, element.node)
}
