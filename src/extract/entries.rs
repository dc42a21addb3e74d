//! What a recipient list lists: companies, and categories that name nobody.
//!
//! Rows of tables, list items, logos and short paragraphs are looked at; navigation, footers, dialogs and
//! headings are not the list. It must not judge whether the list says enough.

use std::collections::HashSet;

use url::Url;

use crate::artifact::{Dom, NodeId, Rect};
use crate::lexicon::{Entities, Reading, Sense, plain_words};
use crate::model::{Entry, EntryKind, Party, Place};

use super::attributes;
use super::names::{self, Name, NameKind};
use super::text::{self, text_of};
use super::voice::Voice;

/// Entries of one page.
const MOST_ENTRIES: usize = 5_000;
/// Pieces of one page that are looked at.
const MOST_PIECES: usize = 20_000;
/// A longer text names no single company.
const LONGEST_NAME: usize = 80;
const MOST_WORDS: usize = 8;
/// So many short paragraphs in a row are a list though no markup says so.
const RUN: usize = 3;
/// What parts a name from what is said about it.
const AFTER_NAME: [&str; 9] = [" – ", " — ", " - ", " : ", ": ", " (", ", ", " | ", ";"];
/// What parts the names of an enumeration.
const BETWEEN_NAMES: [char; 5] = [',', ';', '•', '·', '|'];
const SECTORS: [Sense; 13] = [
    Sense::SectorInsurance,
    Sense::SectorFinance,
    Sense::SectorEnergy,
    Sense::SectorHomeAdaptation,
    Sense::SectorTelecom,
    Sense::SectorHealth,
    Sense::SectorVehicle,
    Sense::SectorHome,
    Sense::SectorTravel,
    Sense::SectorTraining,
    Sense::SectorFortune,
    Sense::SectorRetail,
    Sense::SectorAny,
];
/// What a page says about itself and what leads on: no entry.
const CHROME: [Sense; 10] = [
    Sense::Privacy,
    Sense::Terms,
    Sense::LinkPrivacy,
    Sense::LinkLegal,
    Sense::LinkTerms,
    Sense::LinkNext,
    Sense::Submit,
    Sense::FormLogin,
    Sense::FormCookies,
    Sense::Newsletter,
];
/// Names of classes and ids whose elements hold no list.
const APART: [&str; 18] = [
    "menu",
    "nav",
    "navbar",
    "navigation",
    "breadcrumb",
    "breadcrumbs",
    "pagination",
    "pager",
    "footer",
    "topbar",
    "cookie",
    "cookies",
    "cmp",
    "didomi",
    "onetrust",
    "tarteaucitron",
    "axeptio",
    "cookiebot",
];
const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

/// Reads lists of one page.
pub struct ListReader<'a> {
    pub dom: &'a Dom,
    pub url: Option<Url>,
    pub voice: Voice<'a>,
    pub entities: &'a Entities,
    /// The site's own names.
    pub brands: &'a [String],
}

/// What a piece of the page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A list item or the row of a table: made to be an entry.
    Item,
    Logo,
    /// A small heading: an entry only where it is the full name of a company.
    Heading,
    Paragraph,
}

/// A piece of the page that may hold entries.
struct Piece {
    node: NodeId,
    shape: Shape,
    /// Where the name is expected, best place first.
    texts: Vec<String>,
    /// All its words, for registration numbers.
    whole: String,
    link: Option<Url>,
    bounds: Option<Rect>,
}

/// A name that was found, and whether it stands by itself.
struct Found {
    party: Party,
    kind: EntryKind,
    /// It has a legal form, a number or a domain.
    sure: bool,
}

impl ListReader<'_> {
    /// The entries of the page, its main part where it marks one.
    pub fn page(&self) -> Vec<Entry> {
        let Some(top) = self.dom.documents.first() else {
            return Vec::new();
        };
        let main = self.dom.named(&["main"]).find(|&id| {
            let node = self.dom.node(id);
            node.document == 0 && !node.hidden_by_markup && !text_of(self.dom, id).is_empty()
        });
        self.block(&[main.unwrap_or(top.root)])
    }

    /// The entries of these elements.
    pub fn block(&self, roots: &[NodeId]) -> Vec<Entry> {
        let mut pieces: Vec<Piece> = Vec::new();
        for &root in roots {
            self.pieces(root, &mut pieces);
        }
        pieces.sort_by_key(|piece| piece.node);
        pieces.truncate(MOST_PIECES);
        let found: Vec<Vec<Found>> = pieces.iter().map(|piece| self.found(piece)).collect();
        let runs = in_runs(&pieces, &found);
        let mut seen: HashSet<(Vec<String>, EntryKind)> = HashSet::new();
        let mut entries = Vec::new();
        for ((piece, found), run) in pieces.iter().zip(&found).zip(runs) {
            // A short paragraph alone may be anything.
            let alone = piece.shape == Shape::Paragraph && found.len() == 1 && !run;
            for found in found.iter().filter(|found| found.sure || !alone) {
                let name = (plain_words(&found.party.name), found.kind);
                if entries.len() < MOST_ENTRIES && seen.insert(name) {
                    entries.push(self.entry(piece, found));
                }
            }
        }
        entries
    }

    fn entry(&self, piece: &Piece, found: &Found) -> Entry {
        Entry {
            name: found.party.name.clone(),
            legal_form: found.party.legal_form.clone(),
            registration: found.party.registration.clone(),
            link: piece.link.as_ref().map(Url::to_string),
            kind: found.kind,
            place: Place::of(self.dom, piece.node).within(piece.bounds),
        }
    }

    /// Cuts an element into pieces.
    fn pieces(&self, root: NodeId, out: &mut Vec<Piece>) {
        let mut taken: HashSet<NodeId> = HashSet::new();
        let mut at = root;
        let end = self.dom.node(root).end;
        while at < end && out.len() < MOST_PIECES {
            let node = self.dom.node(at);
            if at != root && self.apart(at) {
                taken.insert(at);
                at = node.end;
                continue;
            }
            let piece = match node.name() {
                "tr" if !self.holds_lists(at) => self.row(at),
                "li" | "dt" if !self.holds_lists(at) => self.item(at),
                "img" => self.logo(at),
                name if HEADINGS.contains(&name) => self.heading(at),
                _ => {
                    at += 1;
                    continue;
                }
            };
            out.extend(piece);
            taken.insert(at);
            at = node.end;
        }
        let rest = text::stretches(self.dom, root, |at| taken.contains(&at));
        out.extend(rest.into_iter().take(MOST_PIECES).map(|stretch| Piece {
            node: stretch.element,
            shape: Shape::Paragraph,
            texts: vec![stretch.text.clone()],
            whole: stretch.text,
            link: self.link(stretch.element),
            bounds: stretch.bounds,
        }));
    }

    /// Navigation, footers, dialogs, answers of forms: what stands there is not the list.
    fn apart(&self, id: NodeId) -> bool {
        let node = self.dom.node(id);
        let by_role = matches!(
            node.attribute("role"),
            Some("navigation" | "contentinfo" | "banner" | "search" | "dialog" | "alertdialog")
        );
        let by_name = match node.name() {
            "nav" | "footer" | "aside" | "dialog" | "select" | "button" | "textarea" => true,
            "header" => self
                .dom
                .closest(id, &["main", "article", "section"])
                .is_none(),
            _ => false,
        };
        let marked = || {
            ["id", "class"].iter().any(|name| {
                let value = node.filled(name).unwrap_or_default();
                value
                    .split_whitespace()
                    .any(|token| APART.contains(&attributes::words(token).as_str()))
            })
        };
        node.is_element() && (by_role || by_name || marked())
    }

    fn holds_lists(&self, id: NodeId) -> bool {
        let inner = ["ul", "ol", "dl", "table"];
        let mut below = self.dom.descendants(id);
        below.any(|at| inner.contains(&self.dom.node(at).name()))
    }

    /// A row of a table; the cell under a heading for names comes first.
    fn row(&self, id: NodeId) -> Option<Piece> {
        let cell = |at: &NodeId| matches!(self.dom.node(*at).name(), "td" | "th");
        let cells: Vec<NodeId> = self.dom.children(id).filter(cell).take(30).collect();
        let (first, titles) = self.titles(id);
        let titled = cells.iter().all(|&at| self.dom.node(at).name() == "th");
        if titled || (first == Some(id) && !titles.is_empty()) {
            return None;
        }
        let mut texts: Vec<String> = cells.iter().map(|&at| text_of(self.dom, at)).collect();
        // "RCS" above a cell belongs to the number in it.
        let titled = |(at, text): (usize, &String)| {
            let title = titles.get(at).map_or("", String::as_str);
            format!("{title} {text}")
        };
        let whole: Vec<String> = texts.iter().enumerate().map(titled).collect();
        let names = titles.iter().position(|title| {
            let reading = self.voice.read(title);
            reading.has_any(&[Sense::FieldCompany, Sense::Partners])
        });
        if let Some(column) = names.filter(|&column| column < texts.len()) {
            texts[..=column].rotate_right(1);
        }
        Some(self.piece(id, Shape::Item, texts, whole.join("\n")))
    }

    /// The first row of the table that a row stands in, and what it calls the columns.
    fn titles(&self, row: NodeId) -> (Option<NodeId>, Vec<String>) {
        let Some(table) = self.dom.closest(row, &["table"]) else {
            return (None, Vec::new());
        };
        let mut rows = self.dom.descendants(table);
        let first = rows.find(|&at| self.dom.node(at).name() == "tr");
        let cells = first.into_iter().flat_map(|row| self.dom.children(row));
        let cells: Vec<NodeId> = cells
            .filter(|&at| matches!(self.dom.node(at).name(), "td" | "th"))
            .take(30)
            .collect();
        let texts: Vec<String> = cells.iter().map(|&at| text_of(self.dom, at)).collect();
        let marked = cells.iter().all(|&at| self.dom.node(at).name() == "th");
        // Where no markup says so, the words do: "Company", and no company.
        let says = |text: &String| {
            let reading = self.voice.read(text);
            reading.words.len() <= 3 && reading.has(Sense::FieldCompany)
        };
        let names = |text: &String| self.entities.form_at_end(text).is_some();
        let titles = marked || (texts.iter().any(says) && !texts.iter().any(names));
        (first, if titles { texts } else { Vec::new() })
    }

    fn item(&self, id: NodeId) -> Option<Piece> {
        let whole = text_of(self.dom, id);
        // A card begins with its name; an item of pictures alone has none but theirs.
        let first = text::stretches(self.dom, id, |_| false).into_iter().next();
        let first = first.map_or_else(|| without_logo(&whole), |stretch| stretch.text);
        Some(self.piece(id, Shape::Item, vec![first], whole))
    }

    /// A picture that says it is a logo, or that leads to another site.
    fn logo(&self, id: NodeId) -> Option<Piece> {
        let node = self.dom.node(id);
        let name = without_logo(node.filled("alt")?);
        let says = ["alt", "class", "id", "src"].iter().any(|key| {
            node.filled(key)
                .is_some_and(|value| value.to_ascii_lowercase().contains("logo"))
        });
        let piece = self.piece(id, Shape::Logo, vec![name.clone()], name);
        let elsewhere = self.elsewhere(&piece);
        // The site's own logo leads to its front page.
        let own = !elsewhere && piece.link.as_ref().is_some_and(|link| link.path() == "/");
        ((says && !own) || elsewhere).then_some(piece)
    }

    fn heading(&self, id: NodeId) -> Option<Piece> {
        let text = text_of(self.dom, id);
        let small = !matches!(self.dom.node(id).name(), "h1" | "h2");
        small.then(|| self.piece(id, Shape::Heading, vec![text.clone()], text))
    }

    fn piece(&self, node: NodeId, shape: Shape, texts: Vec<String>, whole: String) -> Piece {
        Piece {
            node,
            shape,
            texts,
            whole,
            link: self.link(node),
            bounds: self.dom.bounds(node),
        }
    }

    /// The first address in an element, or around it.
    fn link(&self, id: NodeId) -> Option<Url> {
        let dom = self.dom;
        let around = std::iter::once(id).chain(dom.ancestors(id).take(2));
        let around = around.filter(|&at| dom.node(at).name() == "a").take(1);
        let inside = dom.descendants(id).take(200);
        let mut links = around.chain(inside.filter(|&at| dom.node(at).name() == "a"));
        links.find_map(|at| {
            let url = self.url.as_ref()?.join(dom.node(at).filled("href")?).ok()?;
            matches!(url.scheme(), "http" | "https").then_some(url)
        })
    }

    fn elsewhere(&self, piece: &Piece) -> bool {
        let domain = |url: &Url| {
            let host = url.host_str().unwrap_or_default().to_string();
            psl::domain_str(&host).unwrap_or(&host).to_string()
        };
        match (&piece.link, &self.url) {
            (Some(link), Some(page)) => domain(link) != domain(page),
            _ => false,
        }
    }

    /// The names in a piece.
    fn found(&self, piece: &Piece) -> Vec<Found> {
        if piece.shape == Shape::Paragraph
            && let Some(all) = self.enumerated(&piece.texts[0])
        {
            return all;
        }
        let mut found = piece.texts.iter().map(|text| self.name(text, piece));
        // The first place decides, unless a later one has a name that is beyond doubt.
        let first = found.next().flatten();
        let later = found.flatten().find(|found| found.sure);
        let best = match (first, later) {
            (Some(first), _) if first.sure => Some(first),
            (first, later) => later.or(first),
        };
        let own = |found: &Found| {
            let name = plain_words(&found.party.name);
            self.brands.iter().any(|brand| plain_words(brand) == name)
        };
        best.into_iter()
            .filter(|found| matches!(piece.shape, Shape::Item | Shape::Logo) || !own(found))
            .collect()
    }

    /// The name that a text of a piece begins with.
    fn name(&self, text: &str, piece: &Piece) -> Option<Found> {
        let text = without_number(text);
        if text.chars().filter(|c| c.is_alphabetic()).count() < 2 {
            return None;
        }
        let reading = self.voice.read_technical(text);
        if let Some(sure) = self.sure_name(text, &reading, piece) {
            return Some(sure);
        }
        let head = head(text);
        let sentence = head.ends_with(['.', '!', '?', ':']);
        let words = head.split_whitespace().count();
        if piece.shape == Shape::Heading
            || sentence
            || head.len() > LONGEST_NAME
            || !(1..=MOST_WORDS).contains(&words)
        {
            return None;
        }
        let kind = self.kind(head, piece)?;
        let registration = self.entities.registration(&piece.whole);
        let counted = registration.filter(|_| kind == EntryKind::Company);
        Some(Found {
            sure: counted.is_some(),
            kind,
            party: Party {
                name: head.to_string(),
                legal_form: None,
                registration: counted,
                ..Party::default()
            },
        })
    }

    /// A name with a legal form, or of a site: anywhere in an item, at the start of anything else.
    fn sure_name(&self, text: &str, reading: &Reading, piece: &Piece) -> Option<Found> {
        let names = names::find(text, &reading.words, self.voice.own(), self.entities);
        let alone = |name: &Name| {
            let after = text.get(name.end..).unwrap_or_default();
            let begins = name.start <= text.len() - text.trim_start().len()
                || self.entities.form_at_end(&text[..name.start]).is_some();
            let ends = !after.trim_start().starts_with(char::is_alphabetic) || is_row(text);
            begins && ends && (piece.shape != Shape::Heading || after.len() < 3)
        };
        let listed = piece.shape == Shape::Item;
        let name = names.into_iter().find(|name| {
            let marked = name.kind == NameKind::Entity || name.kind == NameKind::Domain;
            marked && ((listed && name.start <= LONGEST_NAME) || alone(name))
        })?;
        let mut party = name.party;
        if party.registration.is_none() {
            party.registration = self.entities.registration(&piece.whole);
        }
        Some(Found {
            party,
            kind: EntryKind::Company,
            sure: true,
        })
    }

    /// Whether a few words name a company or a category; `None` where they are neither.
    fn kind(&self, words: &str, piece: &Piece) -> Option<EntryKind> {
        let reading = self.voice.read_technical(words);
        let significant: Vec<&str> = reading
            .words
            .iter()
            .filter(|word| !word.little)
            .map(|word| &words[word.start..word.end])
            .collect();
        let first = significant.first()?;
        let elsewhere = self.elsewhere(piece);
        if reading.has_any(&SECTORS) {
            let proper = self.proper_beside_sector(words, &reading) || elsewhere;
            return Some(if proper {
                EntryKind::Company
            } else {
                EntryKind::Category
            });
        }
        if reading.has_any(&CHROME) {
            return None;
        }
        let listed = piece.shape == Shape::Item;
        let named = capital(first)
            && (significant.len() == 1 || significant[1..].iter().any(|word| capital(word)));
        if reading.has_any(&[Sense::Partners, Sense::LinkRecipients]) && !elsewhere {
            return listed.then_some(EntryKind::Category);
        }
        if named || elsewhere {
            return Some(EntryKind::Company);
        }
        listed.then_some(EntryKind::Category)
    }

    /// Whether words stand beside those of a sector that only a name has: "AXA Assurances", not
    /// "Assurances et mutuelles", nor "Compagnies d'assurance".
    fn proper_beside_sector(&self, text: &str, reading: &Reading) -> bool {
        let nouns = self.voice.own().is_some_and(|own| own.capital_nouns);
        let in_sector = |start: usize| {
            SECTORS
                .iter()
                .flat_map(|&sector| reading.hits(sector))
                .any(|hit| hit.start <= start && start < hit.end)
        };
        let significant = reading.words.iter().filter(|word| !word.little);
        significant
            .enumerate()
            .filter(|(_, word)| !in_sector(word.start))
            .any(|(at, word)| {
                let written = &text[word.start..word.end];
                odd(written) || (at > 0 && capital(written) && !nouns)
            })
    }

    /// The names of a text that lists them one after the other.
    fn enumerated(&self, text: &str) -> Option<Vec<Found>> {
        let (intro, list) = match text.split_once(':') {
            Some((intro, list)) if list.contains(BETWEEN_NAMES) => (intro, list),
            _ => ("", text),
        };
        let parts: Vec<&str> = list
            .split(BETWEEN_NAMES)
            .map(|part| part.trim().trim_end_matches('.'))
            .filter(|part| !part.is_empty() && !self.is_number(part))
            .take(MOST_PIECES)
            .collect();
        let about = self.voice.read(intro);
        let introduced =
            about.has_any(&[Sense::Partners, Sense::LinkRecipients, Sense::Recipients]);
        if parts.len() < if introduced { 2 } else { RUN } {
            return None;
        }
        let found: Vec<Found> = parts
            .iter()
            .flat_map(|part| self.last_two(part))
            .filter_map(|part| {
                let piece = Piece {
                    node: 0,
                    shape: Shape::Paragraph,
                    texts: Vec::new(),
                    whole: part.to_string(),
                    link: None,
                    bounds: None,
                };
                self.name(part, &piece)
            })
            .collect();
        (found.len() * 3 >= parts.len() * 2).then_some(found)
    }

    /// A registration number belongs to the name before it.
    fn is_number(&self, part: &str) -> bool {
        let words = self.voice.read_technical(part).words;
        let names = names::find(part, &words, self.voice.own(), self.entities);
        self.entities.registration(part).is_some()
            && names.iter().all(|name| name.kind == NameKind::Capitals)
    }

    /// "A and B", where both are names, as two.
    fn last_two<'t>(&self, part: &'t str) -> Vec<&'t str> {
        let words = self.voice.read(part).words;
        let joint = words.iter().find(|word| {
            matches!(&*word.plain, "et" | "and" | "und" | "y" | "e") && word.start > 0
        });
        let sides = joint.map(|word| (part[..word.start].trim(), part[word.end..].trim()));
        match sides {
            Some((one, other)) if self.entities.form_at_end(one).is_some() => vec![one, other],
            _ => vec![part],
        }
    }
}

/// For each piece, whether it is one of several short paragraphs in a row that hold one name each.
fn in_runs(pieces: &[Piece], found: &[Vec<Found>]) -> Vec<bool> {
    let mut runs = vec![false; pieces.len()];
    let short = |at: usize| pieces[at].shape == Shape::Paragraph && found[at].len() == 1;
    let mut start = 0;
    while start < pieces.len() {
        let end = (start..pieces.len())
            .find(|&at| !short(at))
            .unwrap_or(pieces.len());
        if end - start >= RUN {
            runs[start..end].fill(true);
        }
        start = end + 1;
    }
    runs
}

/// The text without what numbers or marks it as an item: "1. ", "- ", "• ".
fn without_number(text: &str) -> &str {
    let trimmed = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest = trimmed.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = rest.len() < trimmed.len() && rest.starts_with(['.', ')']);
    if numbered {
        rest[1..].trim_start()
    } else {
        trimmed
    }
}

/// Whether a few words with a long number in them are the row of a table that lost its lines.
fn is_row(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits >= 9 && text.split_whitespace().count() <= 2 * MOST_WORDS
}

/// The text up to where something is said about the name.
fn head(text: &str) -> &str {
    let end = AFTER_NAME
        .iter()
        .filter_map(|separator| text.find(separator))
        .min();
    text[..end.unwrap_or(text.len())].trim()
}

fn without_logo(alt: &str) -> String {
    let words = alt.split_whitespace();
    let words = words.filter(|word| !word.eq_ignore_ascii_case("logo"));
    words.collect::<Vec<_>>().join(" ")
}

fn capital(word: &str) -> bool {
    let first = word.chars().next();
    first.is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
        && word.chars().any(char::is_alphabetic)
}

/// Written as no common noun is: "AXA", "EasyCrédit", "M6".
fn odd(word: &str) -> bool {
    word.chars().count() > 1
        && word
            .chars()
            .skip(1)
            .any(|c| c.is_uppercase() || c.is_ascii_digit())
}
