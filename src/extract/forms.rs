//! A region to a form model: fields, controls, buttons, passages, links and who is named in them.

use std::collections::HashMap;

use crate::artifact::{Dom, NodeId};
use crate::lexicon::{Entities, Hit, Lexicons, Reading, Sense, detect_language};
use crate::model::{
    Button, FormKind, FormModel, Link, LinkRole, Named, Passage, Place, Purpose, Seen, Where,
};

use super::choices;
use super::controls::{FormReader, Found};
use super::kinds::Signs;
use super::labels::LabelIndex;
use super::layers::{self, Layer};
use super::links::{self, FoundLink};
use super::moments::{Names, OtherMoment, selected};
use super::parties::{self, Brands};
use super::prominence::{self, Nodes};
use super::regions::{Region, Regions};
use super::sight::PageSight;
use super::text::{self, Stretch, text_of};
use super::voice::Voice;
use crate::artifact::Moment;
use crate::model::{Control, State};

/// What the forms of one page are read with.
pub struct PageReading<'a> {
    pub dom: &'a Dom,
    pub capture: &'a str,
    pub moment: Moment,
    pub regions: &'a Regions,
    pub labels: &'a LabelIndex<'a>,
    pub links: &'a [FoundLink],
    pub layers: &'a [Layer],
    /// `None` where no layout was recorded.
    pub sight: Option<&'a PageSight<'a>>,
    pub lexicons: &'a Lexicons,
    pub entities: &'a Entities,
    pub language: Option<&'a str>,
    pub brands: &'a Brands,
    pub others: &'a [OtherMoment],
    pub names: &'a Names,
    /// Order of each top-document form in the received markup.
    pub markup_order: &'a HashMap<NodeId, u32>,
}

/// Passages of a block that are read, at most.
const MOST_PASSAGES: usize = 400;
/// What stands above a form and introduces it: elements, and characters of their text.
const MOST_LEAD_IN: usize = 4;
const LEAD_IN_TEXT: usize = 600;
/// Headings and first passages that tell what a form is for.
const HEADING_TEXT: usize = 400;

/// Reads one region.
pub fn read(page: &PageReading, region: &Region) -> FormModel {
    let dom = page.dom;
    let own_words = text_of(dom, region.root);
    let declared = dom.language_at(region.root).or(page.language);
    let language = detect_language(&own_words, declared)
        .or_else(|| page.lexicons.likeliest(&own_words))
        .or_else(|| page.lexicons.best_known(&own_words));
    let voice = Voice::new(page.lexicons, language.as_deref());
    let reader = FormReader::new(dom, page.regions, region, page.labels, voice, page.capture);
    let mut nodes = Nodes::default();
    let passages = passages(page, &reader, &mut nodes);
    let fields = reader.fields();
    nodes.fields = fields.iter().map(|found| found.node).collect();
    let form_links = form_links(page, region, &mut nodes);
    let mut buttons = buttons(&reader, &form_links, &mut nodes);
    let signs = Signs::new(&reader, &fields, &buttons, &headings(&passages));
    let service = signs.service();
    let newsletter = service == crate::model::Service::Newsletter;
    let controls = reader.controls(newsletter, page.entities);
    let labels = controls
        .iter()
        .map(|found| (found.node, reader.label(found.node)));
    nodes.controls = labels.collect();
    let signs = signs.with_consent(&controls, &passages);
    let promise = signs.promise(service, &passages);
    let mut controls = with_states(page, controls);
    choices::add(&mut controls, &mut buttons, &passages, newsletter);
    let labels = label_passages(&controls, &voice);
    let (controllers, recipients) = named(page, passages.iter().chain(&labels), &voice);
    let node = dom.node(region.root);
    let frame = dom
        .documents
        .get(node.document)
        .filter(|_| node.document != 0);
    let base = links::base(dom, node.document);
    let action = node
        .filled("action")
        .and_then(|action| base.as_ref()?.join(action).ok());
    let button_actions = region
        .buttons
        .iter()
        .filter_map(|&id| dom.node(id).filled("formaction"))
        .filter_map(|to| base.as_ref()?.join(to).ok())
        .map(String::from)
        .collect();
    let with_role = |role: LinkRole| {
        let found = || form_links.iter().filter(|link| link.roles.contains(&role));
        let leads = found().find(|link| !link.url.is_empty());
        leads.or_else(|| found().next()).cloned()
    };
    let mut form = FormModel {
        index: region.is_form.then(|| {
            let order = region.order.unwrap_or_default();
            page.markup_order
                .get(&region.root)
                .copied()
                .unwrap_or(order)
        }),
        frame_url: frame.map(|document| document.url.clone()),
        kind: signs.kind(),
        service,
        promise,
        understood: voice.own().is_some(),
        language,
        sent_in_address: region.is_form && sends_in_address(dom, region),
        action: action.map(String::from),
        button_actions,
        fields: fields.into_iter().map(|found| found.item).collect(),
        controls,
        buttons,
        purposes: purposes(&passages),
        controllers,
        hints: parties::hints(page.brands, &reader.place(region.root)),
        recipients,
        privacy_notice: with_role(LinkRole::Privacy).or_else(|| page_link(page, LinkRole::Privacy)),
        recipient_list: with_role(LinkRole::Recipients),
        links: form_links,
        passages,
        place: reader.place(region.root),
        seen: reader.seen(region.root),
        covered_by: layers::covering(page.layers, dom, region.root).map(|l| l.words.clone()),
        step: 1,
        trial: None,
        scene: None,
    };
    if let (Some(sight), FormKind::Collection) = (page.sight, form.kind) {
        prominence::look_at(&mut form, &nodes, &sight.of_form(region.root));
    }
    form
}

/// Whether the markup puts the answers in the address: it asks for `get`, or names where to send them and
/// no method, which is the same. A form without either is a script's to send.
fn sends_in_address(dom: &Dom, region: &Region) -> bool {
    let node = dom.node(region.root);
    let posts = |method: &str| {
        ["post", "dialog"]
            .iter()
            .any(|m| m.eq_ignore_ascii_case(method))
    };
    let by_button = |&id: &NodeId| dom.node(id).filled("formmethod").is_some_and(posts);
    let in_address = match node.filled("method") {
        Some(method) => !posts(method),
        None => node.filled("action").is_some(),
    };
    in_address && !region.buttons.iter().any(by_button)
}

/// The passages of the form and of the visual block around it.
fn passages(page: &PageReading, reader: &FormReader, nodes: &mut Nodes) -> Vec<Passage> {
    let region = reader.region;
    let mut out = Vec::new();
    let mut add = |stretch: &Stretch, labels: bool| {
        nodes.passages.push(stretch.first..stretch.last + 1);
        out.push(passage(page, reader, stretch, labels));
    };
    for (stretch, labels) in reader.stretches.iter().take(MOST_PASSAGES) {
        add(stretch, *labels);
    }
    if region.block != region.root {
        let around = text::stretches(page.dom, region.block, |at| at == region.root);
        for stretch in around.iter().take(MOST_PASSAGES) {
            add(stretch, false);
        }
    }
    for stretch in lead_in(page.dom, region) {
        add(&stretch, false);
    }
    out
}

/// What stands right above a form's block, back to the heading under which the form stands; nothing where
/// that is not near.
fn lead_in(dom: &Dom, region: &Region) -> Vec<Stretch> {
    let Some(parent) = dom.node(region.block).parent else {
        return Vec::new();
    };
    let before: Vec<NodeId> = dom
        .children(parent)
        .take_while(|&child| child != region.block)
        .collect();
    // From the form backwards: reading all that stands before it, for each of many forms, would take the
    // square of their number.
    let says = |&&child: &&NodeId| dom.node(child).is_element() && !text_of(dom, child).is_empty();
    let near = before.iter().rev().filter(says).take(MOST_LEAD_IN);
    let mut found = Vec::new();
    let mut length = 0;
    for &at in near {
        let stretches = text::stretches(dom, at, |_| false);
        length += stretches.iter().map(|s| s.text.len()).sum::<usize>();
        if length > LEAD_IN_TEXT
            || dom
                .descendants(at)
                .any(|id| super::regions::is_member(dom, id))
        {
            break;
        }
        let heads = stretches.iter().any(|s| in_heading(dom, s.element));
        found.splice(0..0, stretches);
        if heads {
            return found;
        }
    }
    Vec::new()
}

fn passage(page: &PageReading, reader: &FormReader, stretch: &Stretch, labels: bool) -> Passage {
    let dom = page.dom;
    Passage {
        reading: reader.voice.read(&stretch.text),
        text: stretch.text.clone(),
        nearness: Where::Form,
        labels_control: labels,
        heading: in_heading(dom, stretch.element),
        navigation: dom.closest(stretch.element, &["nav"]).is_some(),
        place: Place::of(dom, stretch.element).within(stretch.bounds),
        seen: Seen {
            capture: page.capture.to_string(),
            visible: dom.visible(stretch.element),
            bounds: stretch.bounds,
        },
        look: None,
    }
}

/// Whether an element is a heading or stands in one.
pub fn in_heading(dom: &Dom, id: NodeId) -> bool {
    let heads = |id: NodeId| {
        matches!(
            dom.node(id).name(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "legend" | "caption"
        )
    };
    heads(id) || dom.ancestors(id).take(3).any(heads)
}

/// The links of the form and of its block; a menu beside it is the page's.
fn form_links(page: &PageReading, region: &Region, nodes: &mut Nodes) -> Vec<Link> {
    let dom = page.dom;
    let from = page
        .links
        .partition_point(|found| found.node < region.block);
    let near: Vec<&FoundLink> = page.links[from..]
        .iter()
        .take_while(|found| dom.contains(region.block, found.node))
        .collect();
    let outside = |found: &&&FoundLink| !dom.contains(region.root, found.node);
    let alone = |found: &&&FoundLink| outside(found) && stands_alone(dom, region, found.node);
    let menu = near.iter().filter(alone).count() >= LEAST_MENU;
    near.iter()
        .filter(|found| !(menu && alone(found)))
        .filter(|found| !(outside(found) && in_copyright_line(dom, found.node)))
        .inspect(|found| nodes.links.push(found.node))
        .map(|found| Link {
            nearness: Where::Form,
            ..found.link.clone()
        })
        .collect()
}

/// So many links without a sentence around them are a menu.
const LEAST_MENU: usize = 3;

/// Whether a link stands in the line that says whose site it is: the end of a page.
fn in_copyright_line(dom: &Dom, link: NodeId) -> bool {
    let line = dom.ancestors(link).find(|&up| text::is_block(dom, up));
    line.is_some_and(|line| {
        let words = text_of(dom, line);
        words.contains('©') || words.to_lowercase().contains("copyright")
    })
}

/// Whether a link's line holds links and no sentence.
fn stands_alone(dom: &Dom, region: &Region, link: NodeId) -> bool {
    let line = dom.ancestors(link).find(|&up| text::is_block(dom, up));
    line.is_none_or(|line| {
        let beside = text::text_without(dom, line, |at| dom.node(at).name() == "a");
        !dom.contains(line, region.root) && !beside.chars().any(char::is_alphabetic)
    })
}

fn page_link(page: &PageReading, role: LinkRole) -> Option<Link> {
    page.links
        .iter()
        .find(|found| found.link.roles.contains(&role))
        .map(|found| found.link.clone())
}

fn buttons(reader: &FormReader, links: &[Link], nodes: &mut Nodes) -> Vec<Button> {
    let dom = reader.dom;
    nodes.buttons = reader.region.buttons.clone();
    let pressed = reader.region.buttons.iter().map(|&id| {
        let label = caption(dom, id);
        let reading = reader.voice.read(&label);
        Button {
            carries_consent: false,
            refuses: refuses(&reading),
            consents: reading.has(Sense::Consent)
                && reading.has_any(&[Sense::Marketing, Sense::Partners])
                && !refuses(&reading),
            is_link: false,
            label,
            reading,
            place: reader.place(id),
            seen: reader.seen(id),
            look: None,
        }
    });
    let mut buttons: Vec<Button> = pressed.collect();
    for (at, link) in links.iter().enumerate() {
        let reading = reader.voice.read(&link.text);
        // "Take part without the partners' offers" leads on to a form, and is a refusal all the same.
        let about = [Sense::Marketing, Sense::Partners, Sense::Transfer];
        let onward = link.roles.iter().all(|role| *role == LinkRole::Collection);
        let leads_nowhere_else = link.roles.is_empty() || (onward && reading.has_any(&about));
        if !refuses(&reading) || !leads_nowhere_else {
            continue;
        }
        nodes.buttons.push(nodes.links[at]);
        buttons.push(Button {
            label: link.text.clone(),
            reading,
            carries_consent: false,
            is_link: true,
            refuses: true,
            consents: false,
            place: link.place.clone(),
            seen: Seen {
                capture: reader.capture.to_string(),
                visible: None,
                bounds: link.place.bounds,
            },
            look: None,
        });
    }
    buttons
}

fn refuses(reading: &crate::lexicon::Reading) -> bool {
    reading.has_any(&[Sense::Refuse, Sense::OptOut])
}

/// What a button says.
fn caption(dom: &Dom, id: NodeId) -> String {
    let node = dom.node(id);
    let text = text_of(dom, id);
    if !text.is_empty() {
        return text;
    }
    ["value", "aria-label", "title", "alt"]
        .iter()
        .find_map(|name| node.filled(name))
        .unwrap_or_default()
        .to_string()
}

fn headings(passages: &[Passage]) -> String {
    let mut out = String::new();
    let headings = passages.iter().filter(|passage| passage.heading);
    let first = passages.iter().filter(|p| !p.labels_control).take(3);
    for passage in headings.chain(first) {
        if out.len() < HEADING_TEXT {
            out.push_str(&passage.text);
            out.push('\n');
        }
    }
    out
}

fn with_states(page: &PageReading, controls: Vec<Found<Control>>) -> Vec<Control> {
    controls
        .into_iter()
        .map(|found| {
            let mut control = found.item;
            control.states = page
                .others
                .iter()
                .filter_map(|other| other.state(page.dom, found.node, page.names))
                .collect();
            if let Some(now) = selected(page.dom, found.node) {
                control.states.push(State {
                    moment: page.moment,
                    capture: page.capture.to_string(),
                    selected: now,
                    visible: page.dom.visible(found.node),
                    bounds: page.dom.bounds(found.node),
                });
            }
            control.states.sort_by_key(|state| state.moment);
            control.settled = page.moment >= Moment::Settled;
            control
        })
        .collect()
}

/// What stands beside the controls, each by itself: without line breaks of its own it runs into its
/// neighbours.
fn label_passages(controls: &[Control], voice: &Voice) -> Vec<Passage> {
    controls
        .iter()
        .filter_map(|control| {
            let seen = control.seen.first()?.clone();
            (!control.label.is_empty()).then(|| Passage {
                reading: voice.read(&control.label),
                text: control.label.clone(),
                nearness: Where::Form,
                labels_control: true,
                heading: false,
                navigation: false,
                place: control.place.clone(),
                seen,
                look: None,
            })
        })
        .collect()
}

fn named<'a>(
    page: &PageReading,
    passages: impl Iterator<Item = &'a Passage>,
    voice: &Voice,
) -> (Vec<Named>, Vec<Named>) {
    let mut controllers: Vec<Named> = Vec::new();
    let mut recipients: Vec<Named> = Vec::new();
    for passage in passages.filter(|passage| !passage.navigation) {
        let found = parties::read(passage, page.brands, voice, page.entities);
        for (list, new) in [
            (&mut controllers, found.controllers),
            (&mut recipients, found.recipients),
        ] {
            for named in new {
                if !list
                    .iter()
                    .any(|known| known.party.name == named.party.name)
                {
                    list.push(named);
                }
            }
        }
    }
    (controllers, recipients)
}

/// Whether words say what the data is used for beside mailings: "to receive offers" is none.
fn states_request(reading: &Reading) -> bool {
    let advertises = |purpose: &Hit| {
        [Sense::Marketing, Sense::Newsletter]
            .iter()
            .flat_map(|&sense| reading.hits(sense))
            .any(|topic| topic.start < purpose.end && purpose.start < topic.end)
    };
    reading.hits(Sense::Purpose).any(|hit| !advertises(&hit))
}

/// Fewer words than this are a heading or a caption.
const STATEMENT_WORDS: usize = 4;

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// What the words say the data is for.
fn purposes(passages: &[Passage]) -> Vec<Purpose> {
    let mut out: Vec<Purpose> = Vec::new();
    for passage in passages {
        let kinds = [
            ("newsletter", passage.reading.has(Sense::Newsletter)),
            ("marketing", passage.reading.has(Sense::Marketing)),
            (
                "transfer",
                passage.reading.has(Sense::Partners)
                    && passage
                        .reading
                        .has_any(&[Sense::Transfer, Sense::Marketing]),
            ),
            ("request", states_request(&passage.reading)),
        ];
        for (purpose, said) in kinds {
            let known = out.iter().position(|known| known.purpose == purpose);
            // A sentence says more than the word it was first met in.
            let says_more = known.is_some_and(|at| {
                words(&out[at].quote) < STATEMENT_WORDS && words(&passage.text) >= STATEMENT_WORDS
            });
            if said && (known.is_none() || says_more) {
                let new = Purpose {
                    purpose,
                    quote: passage.text.clone(),
                    nearness: passage.nearness,
                    place: passage.place.clone(),
                };
                match known {
                    Some(at) => out[at] = new,
                    None => out.push(new),
                }
            }
        }
    }
    out
}
