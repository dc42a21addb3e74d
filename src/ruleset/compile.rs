//! Files to a [`Ruleset`]: every reference is resolved and every name checked once, here.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;

use crate::checks;
use crate::identity::Identities;
use crate::lexicon::{Entities, Lexicons};

use super::error::RulesError;
use super::schema::{
    BasisFile, BindingFile, ExampleFile, GradeFile, InstrumentFile, PackFile, QuestionFile,
    QuestionsFile, RuleFile, SanctionsFile, Text, TrackersFile, WordsFile,
};
use super::{Binding, Condition, Item, Pack, Provision, Rule, RuleSource, Ruleset, Words, digest};

/// Values that every message may name.
const ALWAYS: [&str; 4] = ["because", "missing", "unclear", "found"];

pub fn ruleset(files: &[RuleSource]) -> Result<Ruleset, RulesError> {
    let in_folder = |folder: &str| -> Vec<&RuleSource> {
        files
            .iter()
            .filter(|(path, _)| path.starts_with(&format!("{folder}/")) && path.ends_with(".toml"))
            .collect()
    };
    folders(files)?;
    for (path, text) in in_folder("lexicon") {
        named_by_its_language(path, text)?;
    }
    let lexicons = Lexicons::load(
        in_folder("lexicon")
            .into_iter()
            .map(|(path, text)| (path.as_str(), text.as_str())),
    )?;
    let entities = match single(files, "entities.toml") {
        Some((path, text)) => Entities::load(path, text)?,
        None => Entities::default(),
    };
    let identities = match single(files, "identity.toml") {
        Some((path, text)) => Identities::parse(text)
            .map_err(|e| RulesError::at(path, text, e.at..e.at, e.problem))?,
        None => Identities::default(),
    };
    let decisions = match single(files, "sanctions.toml") {
        Some((path, text)) => parse::<SanctionsFile>(path, text)?.decision,
        None => Vec::new(),
    };
    let trackers = match single(files, "trackers.toml") {
        Some((path, text)) => parse::<TrackersFile>(path, text)?.tracker,
        None => Vec::new(),
    };
    let words = match single(files, "words.toml") {
        Some((path, text)) => parse::<WordsFile>(path, text)?,
        None => WordsFile::default(),
    };
    let words = Words {
        words: words.word,
        because: words.because,
        measures: words.measure,
    };
    let questions = questions(files, &lexicons)?;
    let mut words = words;
    for (id, question) in &questions {
        let word = words.words.entry(id.clone());
        word.or_insert_with(|| question.title.clone());
    }
    let packs = packs(files)?;
    let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
    for (path, text) in rule_files(files, &packs) {
        let rule = rule(path, text, &lexicons)?;
        if rules.contains_key(&rule.id) {
            let problem = format!("the rule `{}` is declared twice", rule.id);
            return Err(RulesError::at(path, text, 0..0, problem));
        }
        rules.insert(rule.id.clone(), rule);
    }
    for (jurisdiction, pack) in &packs {
        for (path, text) in in_folder(jurisdiction) {
            if path.ends_with("/pack.toml") || !is_binding(text) {
                continue;
            }
            bind(path, text, jurisdiction, pack, &mut rules)?;
        }
    }
    for rule in rules.values() {
        known_jurisdictions(rule, &packs, files)?;
    }
    let mut rules: Vec<Rule> = rules.into_values().collect();
    rules.sort_by(|a, b| (&a.code, &a.id).cmp(&(&b.code, &b.id)));
    Ok(Ruleset {
        rules,
        packs,
        words,
        questions,
        lexicons,
        entities,
        identities,
        decisions,
        trackers,
        sha256: digest(files),
        own: Vec::new(),
    })
}

/// A folder other than those of the project's own needs a pack: its files would be passed over.
fn folders(files: &[RuleSource]) -> Result<(), RulesError> {
    let has_pack = |folder: &str| {
        let pack = format!("{folder}/pack.toml");
        files.iter().any(|(path, _)| *path == pack)
    };
    for (path, text) in files {
        let Some((folder, _)) = path.split_once('/') else {
            continue;
        };
        if path.ends_with(".toml") && !matches!(folder, "core" | "lexicon") && !has_pack(folder) {
            let problem = format!(
                "the folder `{folder}` has no pack.toml, which names the jurisdiction and its instruments"
            );
            return Err(RulesError::at(path, text, 0..0, problem));
        }
    }
    Ok(())
}

/// The file of a language bears its name: of two that declare the same, only one would count.
fn named_by_its_language(path: &str, text: &str) -> Result<(), RulesError> {
    let table = text.parse::<toml::Table>().unwrap_or_default();
    let declared = table.get("language").and_then(toml::Value::as_str);
    let Some(declared) = declared.filter(|language| path != format!("lexicon/{language}.toml"))
    else {
        return Ok(());
    };
    let at = text.find("language").unwrap_or_default();
    let problem =
        format!("a lexicon of `{declared}` belongs into a file `lexicon/{declared}.toml`");
    Err(RulesError::at(path, text, at..at, problem))
}

/// The packs that examples name are there.
fn known_jurisdictions(
    rule: &Rule,
    packs: &BTreeMap<String, Pack>,
    files: &[RuleSource],
) -> Result<(), RulesError> {
    for example in &rule.examples {
        let mut named = example.jurisdictions.iter();
        let Some(unknown) = named.find(|named| !packs.contains_key(*named)) else {
            continue;
        };
        let text = single(files, &rule.file).map_or("", |(_, text)| text);
        let begins = line_start(text, example.line);
        let quoted = format!("\"{unknown}\"");
        let at = text[begins..]
            .find(&quoted)
            .map_or(begins, |at| begins + at);
        let known: Vec<&str> = packs.keys().map(String::as_str).collect();
        let problem = format!(
            "there is no pack `{unknown}`; there are {}",
            known.join(", ")
        );
        return Err(RulesError::at(&rule.file, text, at..at, problem));
    }
    Ok(())
}

/// The byte at which a line begins.
fn line_start(text: &str, line: usize) -> usize {
    let before = text.split_inclusive('\n').take(line.saturating_sub(1));
    before.map(str::len).sum()
}

/// The line of each `[[example]]`.
fn with_lines(text: &str, mut examples: Vec<ExampleFile>) -> Vec<ExampleFile> {
    let lines = text.lines().enumerate();
    let headers = lines.filter(|(_, line)| line.trim() == "[[example]]");
    for (example, (at, _)) in examples.iter_mut().zip(headers) {
        example.line = at + 1;
    }
    examples
}

fn single<'a>(files: &'a [RuleSource], name: &str) -> Option<&'a RuleSource> {
    files.iter().find(|(path, _)| path == name)
}

/// The library of questions; every phrase is tried here, so that none is found wrong later.
fn questions(
    files: &[RuleSource],
    lexicons: &Lexicons,
) -> Result<BTreeMap<String, QuestionFile>, RulesError> {
    let Some((path, text)) = single(files, "questions.toml") else {
        return Ok(BTreeMap::new());
    };
    let file: QuestionsFile = parse(path, text)?;
    for (id, question) in &file.question {
        let at = text.find(&format!("question.{id}]")).unwrap_or_default();
        let fail = |problem: String| RulesError::at(path, text, at..at, problem);
        if !question.title.contains_key("en") {
            return Err(fail("`title` has no English text (`en`)".into()));
        }
        lexicons.phrases(&question.phrases).map_err(fail)?;
    }
    Ok(file.question)
}

fn packs(files: &[RuleSource]) -> Result<BTreeMap<String, Pack>, RulesError> {
    let mut packs = BTreeMap::new();
    for (path, text) in files
        .iter()
        .filter(|(path, _)| path.ends_with("/pack.toml"))
    {
        let file: PackFile = parse(path, text)?;
        require_english(path, text, "name", &file.name)?;
        if path.split('/').next() != Some(file.jurisdiction.as_str()) {
            let problem = format!(
                "a pack for `{}` belongs into a folder of that name",
                file.jurisdiction
            );
            return Err(RulesError::at(path, text, 0..0, problem));
        }
        packs.insert(
            file.jurisdiction.clone(),
            Pack {
                jurisdiction: file.jurisdiction,
                name: file.name,
                within: file.within,
                instruments: file.instrument,
                settings: file.setting,
            },
        );
    }
    for (jurisdiction, pack) in &packs {
        if let Some(other) = pack
            .within
            .as_ref()
            .filter(|other| !packs.contains_key(*other))
        {
            let path = format!("{jurisdiction}/pack.toml");
            let text = single(files, &path).map_or("", |(_, text)| text);
            let at = text.find("within").unwrap_or_default();
            let problem = format!("`within`: there is no pack `{other}`");
            return Err(RulesError::at(&path, text, at..at, problem));
        }
    }
    Ok(packs)
}

/// Core rules, and rules that exist only in one pack's folder.
fn rule_files<'a>(
    files: &'a [RuleSource],
    packs: &BTreeMap<String, Pack>,
) -> Vec<(&'a str, &'a str)> {
    files
        .iter()
        .filter(|(path, text)| {
            let folder = path.split('/').next().unwrap_or_default();
            let in_pack = packs.contains_key(folder) && !path.ends_with("/pack.toml");
            path.ends_with(".toml") && (folder == "core" || (in_pack && !is_binding(text)))
        })
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect()
}

fn is_binding(text: &str) -> bool {
    text.parse::<toml::Table>()
        .is_ok_and(|table| table.contains_key("extends"))
}

fn parse<T: DeserializeOwned>(path: &str, text: &str) -> Result<T, RulesError> {
    toml::from_str(text).map_err(|e| {
        RulesError::at(
            path,
            text,
            e.span().unwrap_or_default(),
            e.message().to_string(),
        )
    })
}

fn rule(path: &str, text: &str, lexicons: &Lexicons) -> Result<Rule, RulesError> {
    let file: RuleFile = parse(path, text)?;
    let id = file.id.get_ref().clone();
    let named = path
        .rsplit('/')
        .next()
        .and_then(|name| name.strip_suffix(".toml"));
    if named != Some(id.as_str()) {
        let problem = format!("the rule `{id}` belongs into a file `{id}.toml`");
        return Err(RulesError::at(path, text, file.id.span(), problem));
    }
    for (name, value) in [
        ("title", &file.title),
        ("why", &file.why),
        ("remedy", &file.remedy),
    ] {
        require_english(path, text, name, value)?;
    }
    let mut values: BTreeSet<&'static str> = ALWAYS.into_iter().collect();
    let mut compile = |conditions: Vec<Spanned<toml::Table>>| {
        conditions
            .into_iter()
            .map(|condition| {
                let (compiled, check) = self::condition(path, text, &condition, lexicons)?;
                if !check.subjects.contains(&file.subject) {
                    let problem = format!("`{}` cannot be asked about this subject", check.id);
                    let span = named_in(text, condition.span(), &problem);
                    return Err(RulesError::at(path, text, span, problem));
                }
                values.extend(check.values);
                Ok(compiled)
            })
            .collect::<Result<Vec<_>, _>>()
    };
    let when = compile(file.when)?;
    let all = compile(file.expect.all)?;
    let any = compile(file.expect.any)?;
    let none = compile(file.expect.none)?;
    let items = file
        .item
        .into_iter()
        .map(|item| {
            require_english(path, text, "title", &item.title)?;
            Ok(Item {
                id: item.id,
                title: item.title,
                severity: item.severity,
                when: compile(item.when)?,
                all: compile(item.all)?,
                any: compile(item.any)?,
                none: compile(item.none)?,
            })
        })
        .collect::<Result<Vec<_>, RulesError>>()?;
    if all.is_empty() && any.is_empty() && none.is_empty() && items.is_empty() {
        let problem = "a rule needs at least one check under expect, or one [[item]]";
        return Err(RulesError::at(path, text, 0..0, problem));
    }
    let messages = [
        ("message.passed", &file.message.passed),
        ("message.failed", &file.message.failed),
        ("message.cant_tell", &file.message.cant_tell),
    ];
    for (name, message) in messages {
        check_message(path, text, name, message, &values)?;
    }
    check_grades(path, text, &file.grade, &values)?;
    for example in &file.example {
        if example.html.is_empty() == example.capture.is_none() {
            let at = text.find(&example.name).unwrap_or_default();
            let problem = format!(
                "the example “{}” needs `html` or `capture`, one of the two",
                example.name
            );
            return Err(RulesError::at(path, text, at..at, problem));
        }
    }
    Ok(Rule {
        id,
        file: path.to_string(),
        code: file.code,
        status: file.status,
        subject: file.subject,
        severity: file.severity,
        title: file.title,
        why: file.why,
        remedy: file.remedy,
        known_gaps: file.known_gaps,
        message: file.message,
        when,
        all,
        any,
        none,
        items,
        tolerate: file.tolerate,
        grades: file.grade,
        examples: with_lines(text, file.example),
        values,
        bindings: BTreeMap::new(),
    })
}

fn condition(
    path: &str,
    text: &str,
    source: &Spanned<toml::Table>,
    lexicons: &Lexicons,
) -> Result<(Condition, &'static checks::Check), RulesError> {
    let fail = |problem: String| {
        let span = named_in(text, source.span(), &problem);
        RulesError::at(path, text, span, problem)
    };
    let mut parameters = source.get_ref().clone();
    let name = parameters
        .remove("check")
        .and_then(|name| name.as_str().map(str::to_string))
        .ok_or_else(|| fail("`check` names the question to ask".into()))?;
    let check = checks::find(&name).ok_or_else(|| {
        let known: Vec<&str> = checks::CHECKS.iter().map(|check| check.id).collect();
        fail(format!(
            "there is no check `{name}`; there are {}",
            known.join(", ")
        ))
    })?;
    let parameters = checks::Parameters {
        table: &parameters,
        lexicons,
    };
    let ask = (check.build)(&parameters).map_err(|problem| fail(format!("{name}: {problem}")))?;
    let condition = Condition {
        check: check.id,
        ask,
    };
    Ok((condition, check))
}

/// Where a condition holds the first thing that a problem names between backticks; the condition itself
/// where it holds none of them. The span of a table that stands under a header is that of the header.
fn named_in(text: &str, span: Range<usize>, problem: &str) -> Range<usize> {
    let from = text.get(span.start..).unwrap_or_default();
    let inline = from.starts_with('{');
    let length = match from.find("\n[").filter(|_| !inline) {
        Some(next) => next,
        None if inline => span.len(),
        None => from.len(),
    };
    let section = from.get(..length).unwrap_or(from);
    let named = problem.split('`').skip(1).step_by(2);
    // A value is quoted, a name stands before its value.
    let place = |name: &str| {
        let value = section.find(&format!("\"{name}\"")).map(|at| at + 1);
        value.or_else(|| section.find(&format!("\n{name} ")).map(|at| at + 1))
    };
    match named.filter(|name| !name.is_empty()).find_map(place) {
        Some(at) => span.start + at..span.start + at,
        None => span,
    }
}

fn require_english(path: &str, text: &str, name: &str, value: &Text) -> Result<(), RulesError> {
    if value.contains_key("en") {
        return Ok(());
    }
    let at = text.find(name).unwrap_or_default();
    let problem = format!("`{name}` has no English text (`en`)");
    Err(RulesError::at(path, text, at..at, problem))
}

/// Messages may name only what the rule's checks give.
fn check_message(
    path: &str,
    text: &str,
    name: &str,
    message: &Text,
    values: &BTreeSet<&'static str>,
) -> Result<(), RulesError> {
    require_english(path, text, name, message)?;
    for (language, sentence) in message {
        for field in fields_of(sentence) {
            if !values.contains(field) {
                let at = text.find(sentence.as_str()).unwrap_or_default();
                let known: Vec<&str> = values.iter().copied().collect();
                let problem = format!(
                    "{name}.{language} names `{{{field}}}`, which no check of this rule gives; \
                     they give {}",
                    known.join(", ")
                );
                return Err(RulesError::at(path, text, at..at, problem));
            }
        }
    }
    Ok(())
}

fn check_grades(
    path: &str,
    text: &str,
    grades: &[GradeFile],
    values: &BTreeSet<&'static str>,
) -> Result<(), RulesError> {
    for grade in grades {
        if !values.contains(grade.value.as_str()) {
            let at = text.find(&grade.value).unwrap_or_default();
            let problem = format!("no check of this rule gives `{}`", grade.value);
            return Err(RulesError::at(path, text, at..at, problem));
        }
        if let Some(message) = &grade.message {
            check_message(path, text, "grade.message", message, values)?;
        }
    }
    Ok(())
}

/// The names between braces.
pub fn fields_of(sentence: &str) -> Vec<&str> {
    sentence
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
        .collect()
}

fn bind(
    path: &str,
    text: &str,
    jurisdiction: &str,
    pack: &Pack,
    rules: &mut BTreeMap<String, Rule>,
) -> Result<(), RulesError> {
    let file: BindingFile = parse(path, text)?;
    let id = file.extends.get_ref();
    let Some(rule) = rules.get_mut(id) else {
        let problem = format!("there is no rule `{id}` to extend");
        return Err(RulesError::at(path, text, file.extends.span(), problem));
    };
    let basis = file
        .basis
        .into_iter()
        .map(|row| provision(path, text, pack, row))
        .collect::<Result<Vec<_>, _>>()?;
    for row in &basis {
        if let Some(name) = row
            .about
            .keys()
            .find(|name| !rule.values.contains(name.as_str()))
        {
            let at = text.find(name.as_str()).unwrap_or_default();
            let problem = format!("no check of this rule gives `{name}`");
            return Err(RulesError::at(path, text, at..at, problem));
        }
    }
    if basis.is_empty() {
        let problem = "a binding needs at least one [[basis]]";
        return Err(RulesError::at(path, text, 0..0, problem));
    }
    rule.bindings.insert(
        jurisdiction.to_string(),
        Binding {
            severity: file.severity,
            business: file.business,
            grades: file.grade,
            basis,
        },
    );
    Ok(())
}

fn provision(path: &str, text: &str, pack: &Pack, row: BasisFile) -> Result<Provision, RulesError> {
    let name = row.instrument.get_ref();
    let instrument: Option<&InstrumentFile> =
        pack.instruments.iter().find(|known| known.id == *name);
    let instrument = instrument.ok_or_else(|| {
        let problem = format!("pack.toml declares no instrument `{name}`");
        RulesError::at(path, text, row.instrument.span(), problem)
    })?;
    Ok(Provision {
        instrument: instrument.clone(),
        provision: row.provision,
        severity: row.severity,
        source: row.source.or_else(|| instrument.source.clone()),
        about: row.about,
    })
}
