//! Records, models and findings to a [`Report`].

use std::collections::{BTreeSet, HashMap};

use serde_json::json;

use crate::artifact::{PageRecord, PageStatus, ScanRecord};
use crate::evaluate;
use crate::finding::{self, Measure, Measures, Outcome, Severity};
use crate::lexicon;
use crate::model::{self, EntryKind, FormKind, FormModel, LinkRole, PageModel, Where};
use crate::target::page_key;

use super::document::*;
use super::pages::{left_out, page};
use super::words::ReportWords;

/// A page's record with its model, where it could be examined.
pub struct PageParts<'a> {
    pub record: &'a PageRecord,
    pub model: Option<&'a PageModel>,
}

/// The settings of the judgement that the report states.
#[derive(Debug, Clone)]
pub struct JudgedBy {
    pub jurisdictions: Vec<String>,
    pub request: model::Request,
    pub law: Vec<LawSetting>,
    pub language: String,
    pub only: Vec<String>,
    pub disabled: Vec<String>,
    pub ruleset_sha256: String,
    pub packs: Vec<String>,
    pub packs_not_chosen: Vec<String>,
    /// Rule files of the user's own.
    pub own: Vec<OwnRuleFile>,
}

/// Builds the report. `crop` gives the path of the annotated crop of an observation, if there is one;
/// `files` are those the capture wrote.
pub fn build(
    scan: &ScanRecord,
    pages: &[PageParts],
    findings: Vec<finding::Finding>,
    by: &JudgedBy,
    crop: impl Fn(&finding::Finding, &finding::Observation) -> Option<String>,
    files: Vec<String>,
) -> Report {
    let words = ReportWords::new(&by.language);
    let by_key = by_key(pages);
    let forms: Vec<Form> = pages
        .iter()
        .filter_map(|page| page.model)
        .flat_map(|model| {
            model
                .forms
                .iter()
                .enumerate()
                .map(|(at, form)| self::form(model, at, form, &by_key))
        })
        .collect();
    let findings: Vec<Finding> = findings
        .into_iter()
        .map(|f| self::finding(f, &words, &crop))
        .collect();
    // Grouped once: a scan may have thousands of targets.
    let mut of_target: HashMap<&str, Own> = HashMap::new();
    let mut targets_of: HashMap<&str, &str> = HashMap::new();
    for page in pages {
        let (id, target) = (page.record.id.as_str(), page.record.target.as_str());
        targets_of.insert(id, target);
        of_target.entry(target).or_default().pages.push(page);
    }
    for form in &forms {
        if let Some(own) = targets_of.get(form.page.as_str()) {
            of_target.entry(own).or_default().forms.push(form);
        }
    }
    for finding in &findings {
        if let Some(own) = targets_of.get(finding.page.as_str()) {
            of_target.entry(own).or_default().findings.push(finding);
        }
    }
    let nothing = Own::default();
    let targets: Vec<Target> = scan
        .targets
        .iter()
        .map(|target| {
            let own = of_target.get(target.id.as_str()).unwrap_or(&nothing);
            let status = own
                .pages
                .iter()
                .min_by_key(|page| page.record.number)
                .map(|page| page.record.status);
            Target {
                id: target.id.clone(),
                url: target.url.clone(),
                vendor: target.vendor.clone(),
                verdict: target_verdict(own),
                status,
            }
        })
        .collect();
    let summary = summary(&targets, pages, &forms, &findings);
    Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool {
            name: scan.tool.name.clone(),
            version: scan.tool.version.clone(),
            ruleset: RulesetStamp {
                sha256: by.ruleset_sha256.clone(),
                packs: by.packs.clone(),
                own: by.own.clone(),
            },
        },
        scan: Scan {
            id: scan.id.clone(),
            targets,
            started_at: scan.started_at.clone(),
            ended_at: scan.ended_at.clone(),
            // A process that was killed could not say so.
            interrupted: scan.interrupted || scan.ended_at.is_none(),
            left_out: scan.left_out.iter().map(|l| left_out(l, &words)).collect(),
            jurisdictions: by.jurisdictions.clone(),
            packs_not_chosen: by.packs_not_chosen.clone(),
            as_of: by.request.as_of.clone(),
            audience: by.request.audience,
            channels: by.request.channels.clone(),
            buyers: by.request.buyers.iter().map(ToString::to_string).collect(),
            product: by
                .request
                .product
                .as_ref()
                .map(|product| product.name.clone()),
            law: by.law.clone(),
            settings: Settings {
                capture: scan.settings.clone(),
                language: by.language.clone(),
                only: by.only.clone(),
                disabled: by.disabled.clone(),
            },
            environment: scan.environment.clone(),
        },
        summary,
        pages: pages.iter().map(|parts| page(parts, &words)).collect(),
        forms,
        findings,
        evidence: None,
        files,
    }
}

fn summary(
    targets: &[Target],
    pages: &[PageParts],
    forms: &[Form],
    findings: &[Finding],
) -> Summary {
    let mut failed = FailedCounts::default();
    for finding in findings.iter().filter(|f| f.outcome == Outcome::Failed) {
        *match finding.severity {
            Severity::Blocker => &mut failed.blocker,
            Severity::Major => &mut failed.major,
            Severity::Minor => &mut failed.minor,
            Severity::Info => &mut failed.info,
        } += 1;
    }
    // One target that fails makes the scan fail; one that could not be looked at keeps it from passing.
    let order = [
        Verdict::Failed,
        Verdict::CantTell,
        Verdict::NotAssessed,
        Verdict::NoForm,
        Verdict::Passed,
    ];
    let verdict = order
        .into_iter()
        .find(|verdict| targets.iter().any(|target| target.verdict == *verdict))
        .unwrap_or(Verdict::NotAssessed);
    Summary {
        verdict,
        failed,
        cant_tell: findings
            .iter()
            .filter(|f| f.outcome == Outcome::CantTell)
            .count(),
        pages: pages.len(),
        forms: forms
            .iter()
            .filter(|form| form.kind == FormKind::Collection)
            .count(),
    }
}

/// What belongs to one target.
#[derive(Default)]
struct Own<'a> {
    pages: Vec<&'a PageParts<'a>>,
    forms: Vec<&'a Form>,
    findings: Vec<&'a Finding>,
}

fn target_verdict(own: &Own) -> Verdict {
    let pages = &own.pages;
    if own
        .findings
        .iter()
        .any(|f| f.outcome == Outcome::Failed && f.severity > Severity::Info)
    {
        return Verdict::Failed;
    }
    let given = pages.iter().min_by_key(|page| page.record.number);
    let collects = |form: &&Form| form.kind == FormKind::Collection;
    let has_form = own.forms.iter().any(collects);
    let given_read = given.is_some_and(|page| page.record.status == PageStatus::Examined);
    if !given_read {
        return Verdict::NotAssessed;
    }
    if !has_form {
        // Where a frame was not read, it may hold the form.
        let unread = pages
            .iter()
            .filter_map(|page| page.model)
            .any(|model| model.unread_frames > 0);
        return if unread {
            Verdict::NotAssessed
        } else {
            Verdict::NoForm
        };
    }
    verdict_of(own.findings.iter().map(|finding| finding.outcome))
}

/// The answer where nothing counts as failed. Where no rule applied, nothing was judged.
pub(super) fn verdict_of(outcomes: impl Iterator<Item = Outcome>) -> Verdict {
    outcomes.fold(Verdict::NotAssessed, |verdict, outcome| match outcome {
        Outcome::CantTell => Verdict::CantTell,
        // A failure of severity info fails nothing.
        Outcome::Passed | Outcome::Failed if verdict == Verdict::NotAssessed => Verdict::Passed,
        _ => verdict,
    })
}

/// The pages by their addresses and those they ended at, the first of several.
fn by_key<'a>(pages: &'a [PageParts<'a>]) -> HashMap<String, &'a PageParts<'a>> {
    let mut by_key = HashMap::new();
    for page in pages {
        let addresses = [Some(&page.record.url), page.record.final_url.as_ref()];
        for address in addresses.into_iter().flatten() {
            by_key.entry(page_key(address)).or_insert(page);
        }
    }
    by_key
}

fn form<'a>(
    page: &'a PageModel,
    at: usize,
    form: &FormModel,
    by_key: &HashMap<String, &'a PageParts<'a>>,
) -> Form {
    let linked = |url: &str| by_key.get(&page_key(url)).copied();
    Form {
        id: evaluate::form_id(page, at),
        page: page.id.clone(),
        index: form.index,
        frame_url: form.frame_url.clone(),
        step: form.step,
        kind: form.kind,
        locator: form.place.locator.clone(),
        fields: form.fields.iter().map(field).collect(),
        controls: form.controls.iter().map(control).collect(),
        controllers: controllers(page, form, &linked),
        purposes: form
            .purposes
            .iter()
            .map(|purpose| Purpose {
                purpose: purpose.purpose.to_string(),
                quote: purpose.quote.clone(),
                nearness: nearness(purpose.nearness),
            })
            .collect(),
        recipients: form
            .recipients
            .iter()
            .map(|recipient| Recipient {
                name: recipient.party.name.clone(),
                nearness: nearness(recipient.nearness),
            })
            .collect(),
        privacy_notice: form.privacy_notice.as_ref().map(|link| {
            let opened = linked(&link.url);
            PrivacyNotice {
                url: link.url.clone(),
                nearness: nearness(link.nearness),
                http_status: opened.and_then(|page| page.record.http_status),
                lang: opened
                    .and_then(|page| page.model)
                    .and_then(|model| model.language.clone()),
            }
        }),
        recipient_list: form.recipient_list.as_ref().map(|link| RecipientList {
            url: link.url.clone(),
            http_status: linked(&link.url).and_then(|page| page.record.http_status),
            entries: companies(&model::recipient_list_pages(page, form, |url| {
                linked(url).and_then(|page| page.model)
            })),
        }),
    }
}

/// The companies that a list names; `None` where it was not read.
fn companies(pages: &[&PageModel]) -> Option<usize> {
    let entries = pages.iter().flat_map(|page| &page.entries);
    // Pages of one list may repeat an entry.
    let companies: BTreeSet<Vec<String>> = entries
        .filter(|entry| entry.kind == EntryKind::Company)
        .map(|entry| lexicon::plain_words(&entry.name))
        .collect();
    (!pages.is_empty()).then_some(companies.len())
}

/// Those named at the form, then those its page and linked legal pages name.
fn controllers<'a>(
    page: &PageModel,
    form: &FormModel,
    linked: &dyn Fn(&str) -> Option<&'a PageParts<'a>>,
) -> Vec<Controller> {
    let mut out: Vec<Controller> = Vec::new();
    let mut add = |named: &model::Named, at: Nearness| {
        let same = |known: &Controller| {
            lexicon::plain_words(&known.name) == lexicon::plain_words(&named.party.name)
                && known.nearness <= at
                && (known.legal_form.is_some() || named.party.legal_form.is_none())
        };
        let known = out.iter().any(same);
        if !known {
            out.push(Controller {
                name: named.party.name.clone(),
                legal_form: named.party.legal_form.clone(),
                registration: named.party.registration.clone(),
                quote: named.quote.clone(),
                nearness: at,
            });
        }
    };
    for named in &form.controllers {
        add(named, Nearness::Form);
    }
    for named in &page.parties {
        add(named, Nearness::Page);
    }
    let legal = form.links.iter().chain(&page.links).filter(|link| {
        [LinkRole::Privacy, LinkRole::Legal]
            .iter()
            .any(|role| link.roles.contains(role))
    });
    for link in legal.take(12) {
        let Some(model) = linked(&link.url).and_then(|parts| parts.model) else {
            continue;
        };
        if model.id == page.id {
            continue;
        }
        let at = match model.role {
            model::PageRole::PrivacyNotice => Nearness::PrivacyNotice,
            model::PageRole::LegalNotice => Nearness::LegalNotice,
            model::PageRole::Terms => Nearness::Terms,
            _ => continue,
        };
        for named in &model.parties {
            add(named, at);
        }
    }
    out
}

fn field(field: &model::Field) -> Field {
    Field {
        name: field.name.clone(),
        dom_id: field.dom_id.clone(),
        kind: field.kind.clone(),
        category: field.category,
        label: field.label.clone(),
        required: field.required,
        seen: field
            .seen
            .iter()
            .map(|seen| FieldSeen {
                capture: seen.capture.clone(),
                visible: seen.visible,
                bounds: seen.bounds.map(|b| b.rounded()),
            })
            .collect(),
    }
}

fn control(control: &model::Control) -> Control {
    let mut seen: Vec<ControlSeen> = control
        .states
        .iter()
        .map(|state| ControlSeen {
            capture: state.capture.clone(),
            selected: Some(state.selected),
            visible: None,
            bounds: None,
        })
        .collect();
    for place in &control.seen {
        match seen.iter_mut().find(|seen| seen.capture == place.capture) {
            Some(seen) => {
                seen.visible = place.visible;
                seen.bounds = place.bounds.map(|b| b.rounded());
            }
            None => seen.push(ControlSeen {
                capture: place.capture.clone(),
                selected: None,
                visible: place.visible,
                bounds: place.bounds.map(|b| b.rounded()),
            }),
        }
    }
    Control {
        name: control.name.clone(),
        dom_id: control.dom_id.clone(),
        group: control.group.clone(),
        kind: control.kind,
        label: control.label.clone(),
        role: control.role,
        polarity: control.polarity,
        selected: control.selected(),
        selected_at: control.first_selected().map(|state| state.moment),
        required: control.required,
        channels: control.channels.clone(),
        purposes: control.purposes.iter().map(|p| p.to_string()).collect(),
        seen,
    }
}

/// Takes the finding: a long scan has many, and no room for each twice.
fn finding(
    finding: finding::Finding,
    words: &ReportWords,
    crop: &impl Fn(&finding::Finding, &finding::Observation) -> Option<String>,
) -> Finding {
    let observations = finding
        .observations
        .iter()
        .map(|seen| Observation {
            quote: seen.quote.clone(),
            locator: seen.locator.clone(),
            capture: seen.capture.clone(),
            bounds: seen.bounds.map(|b| b.rounded()),
            crop: crop(&finding, seen),
        })
        .collect();
    Finding {
        message: message(&finding, words),
        measured: measured(&finding.measured),
        observations,
        rule: finding.rule,
        outcome: finding.outcome,
        severity: finding.severity,
        page: finding.page,
        form: finding.form,
        control: finding.control,
        reason: finding.reason,
        remedy: Some(finding.remedy).filter(|remedy| !remedy.is_empty()),
        basis: finding.basis,
        word: finding.word,
    }
}

/// The finding's sentence. Where a person answered what could not be told, their answer comes first.
fn message(finding: &finding::Finding, words: &ReportWords) -> String {
    let word = finding.word.as_ref().filter(|word| !word.expired);
    let answer = word.and_then(|word| Some((word, word.answer?)));
    let Some((word, answer)) = answer else {
        return finding.message.clone();
    };
    let key = format!("answered-{}", answer.as_str());
    let reason = words.get("quoted", &[("quote", word.reason.as_str().into())]);
    words.get(
        &key,
        &[
            ("by", word.by.as_str().into()),
            ("reason", reason.into()),
            ("message", finding.message.as_str().into()),
        ],
    )
}

fn measured(values: &Measures) -> Measured {
    let values = values
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Measure::Bool(yes) => json!(yes),
                Measure::Number(number) => json!(number),
                Measure::Text(text) => json!(text),
                Measure::Word(word) => json!(word),
                Measure::List(list) => json!(list),
                Measure::Items(items) => json!(items),
            };
            (name.to_string(), value)
        })
        .collect();
    Measured(values)
}

fn nearness(place: Where) -> Nearness {
    match place {
        Where::Form => Nearness::Form,
        Where::Page => Nearness::Page,
        Where::PrivacyNotice => Nearness::PrivacyNotice,
        Where::LegalNotice => Nearness::LegalNotice,
        Where::Terms => Nearness::Terms,
        Where::RecipientList => Nearness::RecipientList,
    }
}
