//! What stands before the visitor: a form, or a choice put by things to press.

use std::collections::BTreeSet;

use crate::artifact::{Dom, ElementRef, NodeId};
use crate::lexicon::{Lexicons, Sense};
use crate::model::{FormKind, FormModel, PageModel, Promise};

use super::{element, node_of, reference};

/// What a visitor would turn to next.
#[derive(Debug, Clone)]
pub enum Screen {
    /// The place of a form among the model's forms.
    Form(usize),
    Choice(Choice),
}

/// Things to press of which one is the answer.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The element that holds them all.
    pub root: ElementRef,
    pub options: Vec<ElementRef>,
}

/// Forms of one page that are used, one after the other.
const MOST_FORMS: usize = 3;
/// More words than this are no answer to press.
const OPTION_WORDS: usize = 7;
/// Fewer and more options than these are no choice.
const OPTIONS: std::ops::RangeInclusive<usize> = 2..=14;

/// Whether a visitor sees something of a form.
pub fn shown(form: &FormModel) -> bool {
    let fields = form.fields.iter().flat_map(|field| field.seen.last());
    let controls = form.controls.iter().flat_map(|control| control.seen.last());
    let mut seen = fields.chain(controls);
    seen.any(|seen| seen.visible != Some(false))
}

/// The forms of a page that are worth using, the one that asks most first; where none collects anything,
/// what may be the first step of one that does.
pub fn first_screens(dom: &Dom, model: &PageModel, lexicons: &Lexicons) -> Vec<Screen> {
    let mut collecting: Vec<usize> = (0..model.forms.len())
        .filter(|&at| model.forms[at].kind == FormKind::Collection && shown(&model.forms[at]))
        .collect();
    collecting.sort_by_key(|&at| std::cmp::Reverse(asked(&model.forms[at])));
    if !collecting.is_empty() {
        collecting.truncate(MOST_FORMS);
        return collecting.into_iter().map(Screen::Form).collect();
    }
    let hidden = model
        .forms
        .iter()
        .any(|form| form.kind == FormKind::Collection);
    first_step(dom, model, lexicons, hidden)
        .into_iter()
        .collect()
}

/// What stands before the visitor after a press: the same form, else another one, else a choice, else a login
/// that bars the way.
pub fn next_screen(
    dom: &Dom,
    model: &PageModel,
    before: &ElementRef,
    lexicons: &Lexicons,
) -> Option<Screen> {
    let same =
        |form: &FormModel| form.place.node == before.node && form.place.document == before.document;
    let open = |at: &usize| shown(&model.forms[*at]);
    let places = || (0..model.forms.len()).filter(open);
    places()
        .find(|&at| same(&model.forms[at]))
        .or_else(|| {
            places()
                .filter(|&at| model.forms[at].kind == FormKind::Collection)
                .max_by_key(|&at| asked(&model.forms[at]))
        })
        .map(Screen::Form)
        .or_else(|| first_step(dom, model, lexicons, true))
        // A login is nothing to use, but it says why there is no way on.
        .or_else(|| {
            let login = places().find(|&at| model.forms[at].kind == FormKind::Login);
            login.map(Screen::Form)
        })
}

fn asked(form: &FormModel) -> usize {
    form.fields.iter().filter(|field| field.visible()).count()
}

/// A form that asks nothing personal yet, or a choice. `promised` says that more is to come: then any such
/// form may be a step; otherwise its words have to promise something.
fn first_step(dom: &Dom, model: &PageModel, lexicons: &Lexicons, promised: bool) -> Option<Screen> {
    let step = model.forms.iter().position(|form| {
        let other = form.kind == FormKind::Other && shown(form);
        let promises = !matches!(form.promise, Promise::Unknown | Promise::Comment);
        other && (promised || promises) && form.buttons.iter().any(|button| leads(&button.reading))
    });
    step.map(Screen::Form)
        .or_else(|| choice(dom, model, lexicons).map(Screen::Choice))
}

fn leads(reading: &crate::lexicon::Reading) -> bool {
    reading.has_any(&[Sense::Next, Sense::Submit]) && !reading.has(Sense::Back)
}

/// A group of things to press under one roof, each a short answer; or one thing alone whose words start
/// something.
fn choice(dom: &Dom, model: &PageModel, lexicons: &Lexicons) -> Option<Choice> {
    let voice = lexicons.get(model.language.as_deref()?)?;
    // The labels and the button of a login are no answers to choose from.
    let elsewhere: Vec<std::ops::Range<NodeId>> = model
        .forms
        .iter()
        .filter(|form| matches!(form.kind, FormKind::Login | FormKind::Search))
        .filter_map(|form| node_of(dom, &element(&form.place, "")))
        .map(|root| root..dom.node(root).end)
        .collect();
    let pressable: Vec<NodeId> = dom
        .elements()
        .filter(|&id| dom.node(id).document == 0 && is_option(dom, id))
        .filter(|id| !elsewhere.iter().any(|form| form.contains(id)))
        .collect();
    // What lies within another thing to press is part of it.
    let outer: Vec<NodeId> = pressable
        .iter()
        .copied()
        .filter(|&id| {
            !dom.ancestors(id)
                .any(|up| pressable.binary_search(&up).is_ok())
        })
        .collect();
    let label = |id: NodeId| crate::extract::text_of(dom, id);
    let start = outer.iter().copied().find(|&id| {
        let reading = voice.read(&label(id));
        reading.has(Sense::Next) && !reading.has_any(&[Sense::Back, Sense::FormCookies])
    });
    let group = biggest_group(dom, &outer).filter(|(root, _)| asks(dom, *root, voice));
    match (group, start) {
        (Some((root, options)), _) => Some(Choice {
            root: reference(dom, root, ""),
            options: options
                .iter()
                .map(|&id| reference(dom, id, &label(id)))
                .collect(),
        }),
        (None, Some(id)) => Some(Choice {
            root: reference(dom, id, &label(id)),
            options: vec![reference(dom, id, &label(id))],
        }),
        (None, None) => None,
    }
}

/// Whether a person would take it for an answer to press: visible, short, in the page's own part.
fn is_option(dom: &Dom, id: NodeId) -> bool {
    let node = dom.node(id);
    let kind = match node.name() {
        "button" => true,
        "a" => {
            let to = node.filled("href").unwrap_or("#");
            to.starts_with('#') || to.starts_with("javascript:")
        }
        "div" | "li" | "span" | "label" => {
            node.clickable || matches!(node.attribute("role"), Some("button" | "radio" | "option"))
        }
        _ => false,
    };
    if !kind || dom.visible(id) != Some(true) || node.attribute("disabled").is_some() {
        return false;
    }
    let aside = ["nav", "header", "footer", "dialog"];
    if dom.closest(id, &aside).is_some() {
        return false;
    }
    let words = crate::extract::text_of(dom, id);
    !words.is_empty() && words.split_whitespace().count() <= OPTION_WORDS
}

/// The options that share a parent or grandparent, where they are most.
fn biggest_group(dom: &Dom, options: &[NodeId]) -> Option<(NodeId, Vec<NodeId>)> {
    let mut best: Option<(NodeId, Vec<NodeId>)> = None;
    let roofs: BTreeSet<NodeId> = options
        .iter()
        .flat_map(|&id| dom.ancestors(id).take(2))
        .collect();
    for roof in roofs {
        let under: Vec<NodeId> = options
            .iter()
            .copied()
            .filter(|&id| dom.ancestors(id).take(2).any(|up| up == roof))
            .collect();
        let more = best
            .as_ref()
            .is_none_or(|(_, known)| under.len() > known.len());
        if OPTIONS.contains(&under.len()) && more {
            best = Some((roof, under));
        }
    }
    best
}

/// Whether a question stands near above a group: words that end with a question mark or ask to choose.
fn asks(dom: &Dom, root: NodeId, voice: &crate::lexicon::Lexicon) -> bool {
    let near = dom.ancestors(root).take(3).last().unwrap_or(root);
    let text = crate::extract::text_of(dom, near);
    let text: String = text.chars().take(2_000).collect();
    let steps = ["étape", "step", "schritt", "paso", "passo"];
    let lower = text.to_lowercase();
    text.contains('?')
        || steps.iter().any(|word| lower.contains(word))
        || voice
            .read(&text)
            .has_any(&[Sense::FormQuote, Sense::FormContest])
}

/// The form of a screen, as walks record it.
impl Screen {
    pub fn root(&self, model: &PageModel) -> ElementRef {
        match self {
            Screen::Form(at) => model
                .forms
                .get(*at)
                .map_or_else(ElementRef::default, |form| element(&form.place, "")),
            Screen::Choice(choice) => choice.root.clone(),
        }
    }

    /// Whether it is still there, and seen.
    pub fn stands_in(&self, dom: &Dom, model: &PageModel) -> bool {
        node_of(dom, &self.root(model)).is_some_and(|id| dom.visible(id) != Some(false))
    }
}
