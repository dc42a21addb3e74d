//! Every rule of the project, every example, found by walking `rules/`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use consentry::evaluate::run_examples;
use consentry::finding::Outcome;
use consentry::pipeline::embedded_captures;
use consentry::report::{rule_index, rule_page};
use consentry::ruleset::{RuleSource, Ruleset, Status};

fn sources() -> Vec<RuleSource> {
    fn walk(folder: &Path, below: &str, out: &mut Vec<RuleSource>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{below}{}", path.file_name().unwrap().to_string_lossy());
            if path.is_dir() {
                walk(&path, &format!("{name}/"), out);
            } else {
                out.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut out = Vec::new();
    walk(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules")),
        "",
        &mut out,
    );
    out
}

#[test]
fn every_example_gives_its_outcome() {
    let ruleset = Ruleset::load(&sources()).unwrap_or_else(|e| panic!("{e}"));
    let captures = embedded_captures();
    let mut wrong = Vec::new();
    for rule in &ruleset.rules {
        for result in run_examples(rule, &ruleset, &captures) {
            if !result.holds() {
                wrong.push(format!(
                    "{}: {}: wanted {:?} {:?}, got {:?} {:?}: {:?} {:?}",
                    result.rule,
                    result.name,
                    result.wanted,
                    result.wanted_severity,
                    result.got,
                    result.got_severity,
                    result.messages,
                    result.problem
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_enough_examples_and_law() {
    let ruleset = Ruleset::load(&sources()).unwrap_or_else(|e| panic!("{e}"));
    for rule in &ruleset.rules {
        let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
        for example in &rule.examples {
            *counts.entry(example.outcome).or_default() += 1;
        }
        let count = |outcome| counts.get(&outcome).copied().unwrap_or_default();
        // What no capture shows yet can neither fail nor pass.
        let told = rule.status == Status::Stable;
        if told {
            let failed = count(Outcome::Failed);
            assert!(failed >= 2, "{}: two failed examples", rule.id);
            let passed = count(Outcome::Passed);
            assert!(passed >= 2, "{}: two passed examples", rule.id);
        } else {
            let open = count(Outcome::CantTell);
            assert!(open >= 1, "{}: one cant_tell example", rule.id);
        }
        assert!(
            count(Outcome::Inapplicable) >= 1,
            "{}: one inapplicable example",
            rule.id
        );
        assert!(!rule.bindings.is_empty(), "{}: bound to no law", rule.id);
        for text in [&rule.title, &rule.why, &rule.remedy, &rule.message.failed] {
            assert!(
                text.contains_key("fr"),
                "{}: a French text is missing",
                rule.id
            );
        }
    }
}

/// A sentence that names what was not found says something that is not so.
#[test]
fn no_message_lacks_a_value() {
    let captures = embedded_captures();
    let ruleset = Ruleset::load(&sources()).unwrap_or_else(|e| panic!("{e}"));
    let results = ruleset.rules.iter().flat_map(|rule| {
        let placeholders = [
            &rule.message.passed,
            &rule.message.failed,
            &rule.message.cant_tell,
        ];
        let own = placeholders.iter().any(|text| text["en"].contains('–'));
        let results = run_examples(rule, &ruleset, &captures).into_iter();
        results.filter(move |_| !own)
    });
    let lacking: Vec<String> = results
        .flat_map(|result| {
            let lacks = |message: &&String| message.contains("“–”") || message.contains(" –");
            let messages = result.messages.iter().filter(lacks);
            let of_rule = |message: &String| format!("{}: {message}", result.rule);
            messages.map(of_rule).collect::<Vec<_>>()
        })
        .collect();
    assert!(lacking.is_empty(), "{lacking:#?}");
}

/// What is cited: each instrument that a pack declares, in words that do not repeat its title, and with a
/// source that can be looked up where no official text confirmed the fact.
#[test]
fn law_is_cited_once_and_with_its_source() {
    let ruleset = Ruleset::load(&sources()).unwrap_or_else(|e| panic!("{e}"));
    let mut cited = BTreeSet::new();
    let mut wrong = Vec::new();
    for rule in &ruleset.rules {
        for (jurisdiction, binding) in &rule.bindings {
            for row in &binding.basis {
                cited.insert((jurisdiction.clone(), row.instrument.id.clone()));
                let (title, provision) = (&row.instrument.title["en"], &row.provision["en"]);
                let first = provision.split(',').next().unwrap_or_default();
                let articles = ["art. ", "reg. ", "(f)("];
                let doubled =
                    articles.iter().any(|a| first.starts_with(a)) && title.contains(first);
                let vague = row.source.as_ref().is_some_and(|s| !s.contains('.'));
                if doubled || vague {
                    wrong.push(format!("{}/{jurisdiction}: {title}, {provision}", rule.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let declared = ruleset.packs.values().flat_map(|pack| {
        let instruments = pack.instruments.iter();
        instruments.map(|i| (pack.jurisdiction.clone(), i.id.clone()))
    });
    let idle: Vec<_> = declared.filter(|pair| !cited.contains(pair)).collect();
    assert!(idle.is_empty(), "declared and never cited: {idle:?}");
}

/// Facts that were read in secondary sources only say so wherever they are cited.
#[test]
fn facts_from_secondary_sources_name_them() {
    let ruleset = Ruleset::load(&sources()).unwrap_or_else(|e| panic!("{e}"));
    for (rule, jurisdiction, instrument) in [
        ("refusal-same-kind", "fr", "caloga"),
        ("withdrawal-easy", "fr", "caloga"),
        ("approved-version-unchanged", "fr", "caloga"),
        ("approved-version-unchanged", "fr", "solocal"),
        ("recipients-named", "fr", "hubside"),
        ("buyer-named", "fr", "hubside"),
        ("title-optional", "fr", "mousse-ce"),
        ("express-written-consent", "us", "fluent"),
    ] {
        let binding = &ruleset.rule(rule).unwrap().bindings[jurisdiction];
        let row = binding
            .basis
            .iter()
            .find(|row| row.instrument.id == instrument);
        let source = row.and_then(|row| row.source.as_deref());
        assert!(source.is_some(), "{rule}/{jurisdiction}: {instrument}");
    }
}

/// What is wrong with a file is told where it stands.
#[test]
fn a_mistake_is_told_at_its_place() {
    let rule = include_str!("../rules/core/consent-unticked.toml");
    let pack = include_str!("../rules/fr/pack.toml");
    let says = "[[expect.all]]\ncheck = \"says\"\nin = [\"form\"]\nany = [\"act.consent\"]\n";
    let with = |condition: &str| {
        rule.replacen(
            "[[expect.none]]",
            &format!("{condition}\n[[expect.none]]"),
            1,
        )
    };
    let cases: Vec<(&str, String, &str, &str)> = vec![
        (
            "core/consent-unticked.toml",
            rule.replacen("\"selected-before-act\"", "\"selected\"", 1),
            "\"selected\"",
            "no check `selected`",
        ),
        (
            "core/consent-unticked.toml",
            with(&says.replace("\"form\"", "\"footer\"")),
            "\"footer\"",
            "no place `footer`",
        ),
        (
            "core/consent-unticked.toml",
            with(&says.replace("act.consent", "act.nonsense")),
            "\"act.nonsense\"",
            "no sense `act.nonsense`",
        ),
        (
            "core/consent-unticked.toml",
            with(
                "[[expect.all]]\ncheck = \"says\"\nin = [\"form\"]\nphrases = { fr = [\"mot {rien\"] }\n",
            ),
            "\"mot {rien\"",
            "{rien",
        ),
        (
            "core/consent-unticked.toml",
            rule.replacen(
                "outcome = \"failed\"",
                "outcome = \"failed\"\nas_of = \"2026-02-31\"",
                1,
            ),
            "\"2026-02-31\"",
            "is not a day",
        ),
        (
            "core/consent-unticked.toml",
            rule.replacen(
                "outcome = \"failed\"",
                "outcome = \"failed\"\njurisdictions = [\"zz\"]",
                1,
            ),
            "\"zz\"",
            "no pack `zz`",
        ),
        (
            "fr/pack.toml",
            pack.replacen("from = \"2026-08-11\"", "from = \"2026-13-01\"", 1),
            "\"2026-13-01\"",
            "is not a day",
        ),
        (
            "fr/pack.toml",
            pack.replacen("from = \"2026-08-11\"", "from = \"tomorrow\"", 1),
            "\"tomorrow\"",
            "is not a day",
        ),
        (
            "fr/pack.toml",
            pack.replacen("within = \"eu\"", "within = \"mars\"", 1),
            "within",
            "no pack `mars`",
        ),
        (
            "zz/consent-unticked.toml",
            "format = 1\nextends = \"consent-unticked\"\nbasis = []\n".to_string(),
            "format",
            "no pack.toml",
        ),
        (
            "lexicon/nl.toml",
            include_str!("../rules/lexicon/it.toml").to_string(),
            "language",
            "lexicon/it.toml",
        ),
    ];
    for (path, text, place, problem) in cases {
        let mut files = sources();
        files.retain(|(known, _)| known != path);
        files.push((path.to_string(), text.clone()));
        let error = match Ruleset::load(&files) {
            Ok(_) => panic!("{path}: {problem} is not refused"),
            Err(error) => error,
        };
        assert!(error.problem.contains(problem), "{error}");
        assert_eq!(error.file, path);
        let line = text.lines().position(|line| line.contains(place)).unwrap() + 1;
        assert_eq!(error.line, line, "{error}");
    }
}

/// The whole set that the project promises: every code once.
#[test]
fn every_promised_rule_is_there() {
    let promised = [
        ("WHO", 8),
        ("WHY", 8),
        ("HOW", 15),
        ("PRO", 12),
        ("REC", 8),
        ("RIG", 6),
        ("MIN", 8),
        ("VEN", 8),
    ];
    let ruleset = Ruleset::load(&sources()).unwrap_or_else(|e| panic!("{e}"));
    let codes: Vec<&str> = ruleset
        .rules
        .iter()
        .map(|rule| rule.code.as_str())
        .collect();
    let missing: Vec<String> = promised
        .into_iter()
        .flat_map(|(family, last)| (1..=last).map(move |n| format!("{family}-{n:02}")))
        .filter(|code| codes.iter().filter(|known| *known == code).count() != 1)
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The reference pages are those that `consentry rules pages docs/rules` writes today.
#[test]
fn reference_pages_are_current() {
    let ruleset = Ruleset::load(&sources()).unwrap_or_else(|e| panic!("{e}"));
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules"));
    let mut wanted: BTreeMap<String, String> = BTreeMap::new();
    for rule in &ruleset.rules {
        wanted.insert(format!("{}.md", rule.id), rule_page(rule));
    }
    wanted.insert("README.md".to_string(), rule_index(&ruleset));
    let there = std::fs::read_dir(folder).unwrap();
    let there: Vec<String> = there
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    let stale: Vec<&String> = wanted
        .iter()
        .filter(|(name, text)| {
            std::fs::read_to_string(folder.join(name)).ok().as_ref() != Some(text)
        })
        .map(|(name, _)| name)
        .chain(there.iter().filter(|name| !wanted.contains_key(*name)))
        .collect();
    assert!(stale.is_empty(), "run `make reference`: {stale:?}");
}

/// A rule, a pack and a language are new files and no edit elsewhere.
#[test]
fn a_rule_a_pack_and_a_language_are_new_files() {
    let mut files = sources();
    let before = Ruleset::load(&files).unwrap_or_else(|e| panic!("{e}"));
    let lexicon = files.iter().find(|(path, _)| path == "lexicon/es.toml");
    let catalan = lexicon
        .unwrap()
        .1
        .replacen("language = \"es\"", "language = \"ca\"", 1);
    files.push(("lexicon/ca.toml".into(), catalan));
    files.push((
        "ch/pack.toml".into(),
        r#"format = 1
jurisdiction = "ch"
name = { en = "Switzerland" }
[[instrument]]
id = "dsg"
title = "DSG"
"#
        .into(),
    ));
    files.push((
        "core/house-wording.toml".into(),
        r#"format = 1
id = "house-wording"
code = "OWN-01"
status = "stable"
subject = "form"
severity = "minor"
title = { en = "The agreed wording stands in the form" }
why = { en = "The contract asks for it." }
remedy = { en = "Use the agreed wording." }
message.passed = { en = "It stands there: “{quote}”." }
message.failed = { en = "It does not stand there." }
message.cant_tell = { en = "Cannot tell: {because}." }
[[expect.all]]
check = "says"
in = ["form"]
phrases = { en = ["agreed wording"], ca = ["paraules acordades"] }
[[example]]
name = "there"
outcome = "passed"
html = '<html lang="en"><form><h1>Get your free quote</h1><p>Please read the agreed wording of our house before you send us your request, and tell us where your house is.</p><label>Email <input type="email"></label><button>Send</button></form>'
"#
        .into(),
    ));
    files.push((
        "ch/house-wording.toml".into(),
        "format = 1\nextends = \"house-wording\"\n[[basis]]\ninstrument = \"dsg\"\nprovision = \"art. 6\"\n"
            .into(),
    ));
    let after = Ruleset::load(&files).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(after.rules.len(), before.rules.len() + 1);
    assert!(after.packs.contains_key("ch") && after.lexicons.get("ca").is_some());
    let rule = after.rule("house-wording").unwrap();
    let results = run_examples(rule, &after, &Default::default());
    assert!(results.iter().all(|result| result.holds()), "{results:?}");
}

#[test]
fn an_identity_of_one_s_own_is_read_and_a_wrong_one_is_refused_where_it_stands() {
    let mut files = sources();
    assert!(Ruleset::load(&files).is_ok_and(|ruleset| ruleset.identities.of("fr").is_some()));
    let at = files.iter().position(|(path, _)| path == "identity.toml");
    let (path, text) = files.remove(at.unwrap());
    assert!(Ruleset::load(&files).is_ok_and(|ruleset| ruleset.identities.of("fr").is_none()));
    let line = text
        .lines()
        .position(|line| line.starts_with("email"))
        .unwrap()
        + 1;
    files.push((path, text.replacen("@example.org", "@example.fr", 1)));
    let problem = Ruleset::load(&files).err().map(|e| e.to_string());
    let place = format!("identity.toml:{line}:9: ");
    assert!(
        problem.as_ref().is_some_and(|p| p.starts_with(&place)),
        "{problem:?}"
    );
}
