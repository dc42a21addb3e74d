//! What an opening showed after something was done: states of the same controls, further steps of a form,
//! what the page put before the visitor in answer to a press.
//!
//! It must not decide whether any of it is lawful, nor what was done.

use std::collections::HashSet;

use crate::artifact::{Dom, Gap, Moment, NodeId, Path, Press, VisitRecord, Walked};
use crate::model::{FormKind, FormModel, PageModel, Trial};

use super::moments::OtherMoment;
use super::voice::Voice;
use super::{MomentDom, PageReader, prompts, stated};

/// Adds the later moments of an opening to what was read of it untouched.
pub fn add(
    model: &mut PageModel,
    reader: &PageReader,
    visit: &VisitRecord,
    untouched: &Dom,
    later: Vec<MomentDom>,
    gaps: &mut Vec<Gap>,
) {
    let mut walks = start_walks(model, visit);
    let mut seen_before = (!later.is_empty()).then(|| prompts::visible(untouched));
    for moment in later {
        let (at, step) = (moment.moment, moment.step);
        let dom = match moment.open() {
            Ok(dom) => dom,
            Err(gap) => {
                gaps.push(gap);
                continue;
            }
        };
        if at == Moment::Refusal {
            continue;
        }
        note_states(model, visit, &dom, at);
        // Where nothing was laid out at all, every document tells as much as the first.
        if untouched.has_layout && !dom.has_layout {
            continue;
        }
        let shown = reader.document(&dom, at, &[], None);
        take_up(model, visit, &mut walks, shown, step);
        let before = seen_before.replace(prompts::visible(&dom));
        if let Some(before) =
            before.filter(|_| matches!(at, Moment::SubmitHeld | Moment::ValidationError))
        {
            answer(model, reader, visit, &dom, &before, step);
        }
    }
    finish_walks(model, reader, visit, &walks);
}

/// The place among the page's forms of each walk, once it is known.
struct Walks(Vec<(u32, Option<usize>)>);

impl Walks {
    fn form(&self, walk: u32) -> Option<usize> {
        let found = self.0.iter().find(|(known, _)| *known == walk);
        found.and_then(|(_, form)| *form)
    }
}

fn start_walks(model: &PageModel, visit: &VisitRecord) -> Walks {
    let mut walks: Vec<(u32, Option<usize>)> = Vec::new();
    for walked in &visit.walked {
        if walks.iter().any(|(walk, _)| *walk == walked.walk) {
            continue;
        }
        let form = (walked.step == 1)
            .then(|| place_of(&model.forms, walked))
            .flatten();
        walks.push((walked.walk, form));
    }
    Walks(walks)
}

fn place_of(forms: &[FormModel], walked: &Walked) -> Option<usize> {
    let by_node = |form: &FormModel| {
        form.place.node == walked.form.node && form.place.document == walked.form.document
    };
    let by_locator = |form: &FormModel| form.place.locator == walked.form.locator;
    forms
        .iter()
        .position(by_node)
        .or_else(|| forms.iter().position(by_locator))
}

/// The states of the page's controls now, those apart that the visit itself changed.
fn note_states(model: &mut PageModel, visit: &VisitRecord, dom: &Dom, at: Moment) {
    let touched: HashSet<i64> = visit.acts.iter().map(|act| act.target.node).collect();
    let now = OtherMoment::new(at, &dom.capture, dom, true);
    let controls = model.forms.iter_mut().flat_map(|form| &mut form.controls);
    for control in controls.filter(|control| !touched.contains(&control.place.node)) {
        let source = dom
            .documents
            .get(control.place.document)
            .map_or(0, |d| d.source);
        if let Some(state) = now.at(source, control.place.node) {
            control.states.push(state);
        }
    }
}

/// Adds what a later document shows to the forms it belongs to.
fn take_up(
    model: &mut PageModel,
    visit: &VisitRecord,
    walks: &mut Walks,
    shown: PageModel,
    step: u32,
) {
    let here: Vec<&Walked> = visit
        .walked
        .iter()
        .filter(|walked| walked.step == step)
        .collect();
    for (at, form) in shown.forms.iter().enumerate() {
        let walk = here
            .iter()
            .find(|walked| place_of(&shown.forms, walked) == Some(at))
            .map(|walked| walked.walk);
        let known = walk
            .and_then(|walk| walks.form(walk))
            .or_else(|| same_node(&model.forms, form));
        let place = match known {
            Some(place) => {
                absorb(&mut model.forms[place], form, step);
                place
            }
            None if walk.is_some() || form.kind == FormKind::Collection => {
                let mut new = form.clone();
                new.step = step;
                model.forms.push(new);
                model.forms.len() - 1
            }
            None => continue,
        };
        if let Some(row) = walks.0.iter_mut().find(|(known, _)| Some(*known) == walk) {
            row.1 = Some(place);
        }
    }
    for passage in shown.passages {
        let known = model
            .passages
            .iter()
            .any(|known| known.text == passage.text);
        if !known && model.passages.len() < super::MOST_PASSAGES {
            model.passages.push(passage);
        }
    }
    for link in shown.links {
        let known = model
            .links
            .iter()
            .any(|known| (&known.raw, &known.text) == (&link.raw, &link.text));
        if !known {
            model.links.push(link);
        }
    }
}

fn same_node(forms: &[FormModel], form: &FormModel) -> Option<usize> {
    forms.iter().position(|known| {
        known.place.node != 0
            && known.place.node == form.place.node
            && known.place.document == form.place.document
    })
}

/// Adds to a form what a later look at it shows beyond what is known.
fn absorb(form: &mut FormModel, later: &FormModel, step: u32) {
    let mut grew = false;
    for field in &later.fields {
        let same = |known: &crate::model::Field| {
            let called = (&known.name, &known.dom_id, &known.kind)
                == (&field.name, &field.dom_id, &field.kind);
            known.place.node == field.place.node || (called && known.label == field.label)
        };
        match form.fields.iter_mut().find(|known| same(known)) {
            Some(known) => known.seen.extend(field.seen.iter().cloned()),
            None => {
                grew = true;
                form.fields.push(field.clone());
            }
        }
    }
    for control in &later.controls {
        let same = |known: &crate::model::Control| {
            let called = (&known.name, &known.dom_id, &known.kind)
                == (&control.name, &control.dom_id, &control.kind);
            (known.place.node == control.place.node && known.place.node != 0)
                || (called && known.label == control.label)
        };
        match form.controls.iter_mut().find(|known| same(known)) {
            Some(known) => known.seen.extend(control.seen.iter().cloned()),
            None => {
                grew = true;
                form.controls.push(control.clone());
            }
        }
    }
    if grew {
        form.step = form.step.max(step);
        form.kind = match (form.kind, later.kind) {
            (FormKind::Collection, _) | (_, FormKind::Collection) => FormKind::Collection,
            (kind, _) => kind,
        };
    }
    add_words(form, later);
}

fn add_words(form: &mut FormModel, later: &FormModel) {
    fn union<T: Clone>(list: &mut Vec<T>, more: &[T], same: impl Fn(&T, &T) -> bool) {
        for item in more {
            if !list.iter().any(|known| same(known, item)) {
                list.push(item.clone());
            }
        }
    }
    union(&mut form.passages, &later.passages, |a, b| a.text == b.text);
    union(&mut form.buttons, &later.buttons, |a, b| {
        (&a.label, a.is_link) == (&b.label, b.is_link)
    });
    union(&mut form.links, &later.links, |a, b| {
        (&a.raw, &a.text) == (&b.raw, &b.text)
    });
    for (list, more) in [
        (&mut form.controllers, &later.controllers),
        (&mut form.recipients, &later.recipients),
        (&mut form.hints, &later.hints),
    ] {
        union(list, more, |a, b| a.party.name == b.party.name);
    }
    union(&mut form.purposes, &later.purposes, |a, b| {
        a.purpose == b.purpose
    });
    let nearer = |known: &Option<crate::model::Link>, new: &Option<crate::model::Link>| {
        known.as_ref().is_none_or(|known| {
            new.as_ref()
                .is_some_and(|new| new.nearness < known.nearness)
        })
    };
    if nearer(&form.privacy_notice, &later.privacy_notice) {
        form.privacy_notice.clone_from(&later.privacy_notice);
    }
    if nearer(&form.recipient_list, &later.recipient_list) {
        form.recipient_list.clone_from(&later.recipient_list);
    }
    if form.promise == crate::model::Promise::Unknown {
        form.promise = later.promise;
    }
}

/// What the page put before the visitor after a press.
fn answer(
    model: &mut PageModel,
    reader: &PageReader,
    visit: &VisitRecord,
    dom: &Dom,
    before: &HashSet<(usize, i64)>,
    step: u32,
) {
    let walked = visit.walked.iter().rev().find(|walked| walked.step == step);
    let form = walked.and_then(|walked| place_of(&model.forms, walked));
    let Some(form) = form.or_else(|| (!model.forms.is_empty()).then_some(0)) else {
        return;
    };
    let root = dom
        .elements()
        .find(|&id| dom.node(id).backend_id == model.forms[form].place.node)
        .unwrap_or(NodeId::MAX);
    let found = prompts::find(reader, dom, before, root);
    let trial = model.forms[form].trial.get_or_insert_with(Trial::default);
    trial.prompts.extend(found);
}

/// Hands each walked form what came of walking it.
fn finish_walks(model: &mut PageModel, reader: &PageReader, visit: &VisitRecord, walks: &Walks) {
    let voice = Voice::new(reader.lexicons, model.language.as_deref());
    for walked in &visit.walked {
        let known = walks.form(walked.walk);
        let Some(at) = known.or_else(|| place_of(&model.forms, walked)) else {
            continue;
        };
        let form = &mut model.forms[at];
        if walked.typed {
            form.step = walked.step;
        }
        let own = visit
            .presses
            .iter()
            .filter(|press| press.step == walked.step && press.form.node == walked.form.node);
        let own: Vec<Press> = own.cloned().collect();
        let stated: Vec<_> = own
            .iter()
            .filter(|press| press.path != Path::Consenting)
            .flat_map(|press| stated::read(press, form, &voice))
            .collect();
        let trial = form.trial.get_or_insert_with(Trial::default);
        trial.typed |= walked.typed;
        if walked.end.is_some() {
            trial.end.clone_from(&walked.end);
        }
        trial.presses.extend(own);
        trial.stated.extend(stated);
        if walked.typed {
            let leaks = visit.leaks.iter().filter(|leak| leak.step == walked.step);
            trial.leaks.extend(leaks.cloned());
            trial.unread.extend(visit.unread.iter().cloned());
        }
    }
    for form in &mut model.forms {
        if let Some(trial) = &mut form.trial {
            trial.sent.extend(visit.sent.iter().cloned());
        }
        for control in &mut form.controls {
            // What was seen of the page untouched came first, whichever opening showed it; from then on the
            // states stand in the order of the visit, in which moments come again at each step.
            control
                .states
                .sort_by_key(|state| state.moment.min(Moment::Typed));
        }
    }
}
