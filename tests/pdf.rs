//! The PDF through the command line: what it says in both languages, where it stands, and that nothing is lost
//! where it does not print.

mod common;

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Answer, Server, code, list, report, run, stderr};
use consentry::browser::{Chrome, find_chrome};
use serde_json::Value;

const PRIVATE: &str = "--allow-private-network=127.0.0.1";
/// A box that is on, whose words would load a picture if they were markup.
const PAGE: &str = r#"<!doctype html><html lang="fr"><title>Devis</title><body><h1>Votre devis</h1>
<form action="/merci" method="post"><label>E-mail <input type="email" name="email" required></label>
<label><input type="checkbox" name="p" checked> J'accepte les offres des partenaires par e-mail
&lt;img src=/pixel.png&gt;&lt;/style&gt;&lt;script&gt;document.title=1&lt;/script&gt;</label>
<button>Recevoir mon devis</button></form></body></html>"#;

fn site() -> Server {
    Server::start(|request| match request.path.as_str() {
        "/" => Answer::html(PAGE),
        _ => Answer::status(404),
    })
}

fn scan<'a>(url: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec![
        "scan", url, "--out", "out", PRIVATE, "--depth", "0", "--rate", "1000", "--format", "pdf",
    ];
    arguments.extend(more);
    arguments
}

/// A PDF's words as the project's own reader has them, without what differs by font: spaces and line ends.
fn words(pdf: &Path) -> String {
    let file = std::fs::read(pdf).unwrap();
    assert!(file.len() < 15 << 20);
    let markup = consentry::capture::pdf::read(file).unwrap().markup;
    let page = scraper::Html::parse_document(&markup);
    plain(&page.root_element().text().collect::<String>())
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn holds(words: &str, all: &[&str]) {
    for one in all {
        assert!(words.contains(&plain(one)), "no `{one}` in {words}");
    }
}

/// What failed bears on these, in the report's language.
fn provisions(report: &Value) -> Vec<&str> {
    let failed = list(report, "findings").iter();
    let failed = failed.filter(|finding| finding["outcome"] == "failed");
    let rows = failed.flat_map(|finding| list(finding, "basis"));
    let provisions: Vec<&str> = rows.filter_map(|row| row["provision"].as_str()).collect();
    assert!(provisions.len() > 3);
    provisions
}

fn pages(pdf: &Path) -> usize {
    let file = std::fs::read(pdf).unwrap();
    hayro_interpret::hayro_syntax::Pdf::new(file)
        .unwrap()
        .pages()
        .len()
}

fn chrome() -> PathBuf {
    let (given, path) = (std::env::var("CHROME").ok(), std::env::var("PATH").ok());
    match find_chrome(given.as_deref(), path.as_deref()) {
        Ok(Chrome::Program(path, _)) => path,
        other => panic!("{other:?}"),
    }
}

/// Whether the report is whole and lists no PDF.
fn whole_without_pdf(folder: &Path) {
    let report = report(folder);
    assert!(!list(&report, "findings").is_empty());
    assert!(!list(&report, "files").contains(&Value::from("report.pdf")));
    assert!(folder.join("report.html").is_file());
    assert!(!folder.join("report.pdf").exists());
}

#[test]
fn a_file_for_a_lawyer_stands_beside_the_report_and_in_the_pack() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let site = site();
    let url = site.url("/");
    let output = run(at, &scan(&url, &["--lang", "fr"]));
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let out = at.join("out");
    let told = report(&out);
    assert!(list(&told, "files").contains(&Value::from("report.pdf")));
    let id = told["scan"]["id"].as_str().unwrap();
    let rules = told["tool"]["ruleset"]["sha256"].as_str().unwrap();
    let picture = told["pages"][0]["captures"].as_array().unwrap().iter();
    let picture = picture
        .filter_map(|capture| capture["screenshots"][0]["sha256"].as_str())
        .next()
        .unwrap();
    let pdf = out.join("report.pdf");
    let french = words(&pdf);
    let same = [&url, id, rules, picture, "consentry verify evidence.wacz"];
    holds(&french, &same);
    holds(&french, &provisions(&told));
    holds(
        &french,
        &[
            "Dossier de capture du consentement",
            "Captures prises",
            "Méthode et conditions",
            "Aucun formulaire n'a été envoyé",
            "Les cases de consentement ne sont pas pré-cochées",
            "Il n'est pas un constat de commissaire de justice",
            "Il ne montre pas qu'une personne déterminée a consenti",
            "Comment vérifier ce dossier",
            "Ce sur quoi repose ce dossier",
            // A page's words are words.
            "<img src=/pixel.png></style><script>",
        ],
    );
    assert!(pages(&pdf) > 4);
    assert!(!site.paths().contains(&"/pixel.png".to_string()));
    let sealed = Command::new("unzip")
        .args(["-p", "out/evidence.wacz", "report/report.pdf"])
        .current_dir(at)
        .output()
        .unwrap();
    assert!(sealed.stdout == std::fs::read(&pdf).unwrap());

    // Judging again prints too, and what is printed already stands.
    let judge = ["judge", "out", "--lang", "en", "--format", "pdf"];
    let output = run(at, &judge);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let later = std::fs::read_dir(out.join("judgements")).unwrap();
    let later = later.map(|entry| entry.unwrap().path()).next().unwrap();
    assert!(list(&report(&later), "files").contains(&Value::from("report.pdf")));
    let english = words(&later.join("report.pdf"));
    holds(&english, &same);
    holds(&english, &provisions(&report(&later)));
    holds(
        &english,
        &[
            "Consent capture file",
            "Captures taken",
            "Method and conditions",
            "No form was submitted",
            "This is a later judgement of a stored capture",
            "It is not a bailiff's record",
            "It does not show that any one person consented",
            "How to verify this file",
            "What this file rests on",
        ],
    );
    let printed = std::fs::read(later.join("report.pdf")).unwrap();
    assert_eq!(code(&run(at, &judge)), 1);
    assert!(std::fs::read(later.join("report.pdf")).unwrap() == printed);
    assert_eq!(
        std::fs::read_dir(out.join("judgements")).unwrap().count(),
        1
    );
}

#[test]
fn what_does_not_print_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    // Chrome goes while a page is visited: it cannot be started once more.
    let real = chrome();
    let name = match real.to_string_lossy().contains("shell") {
        true => "once-shell",
        false => "once",
    };
    let once = at.join(name);
    let script = format!("#!/bin/sh\nexec '{}' \"$@\"\n", real.display());
    std::fs::write(&once, script).unwrap();
    std::fs::set_permissions(&once, Permissions::from_mode(0o755)).unwrap();
    let gone = once.clone();
    let site = Server::start(move |_| {
        let _ = std::fs::remove_file(&gone);
        Answer::html(PAGE)
    });
    let url = site.url("/");
    let once = once.display().to_string();
    let output = run(at, &scan(&url, &["--chrome", &once, "--lang", "en"]));
    let said = stderr(&output);
    assert_eq!(code(&output), 2, "{said}");
    for words in [
        "could not be printed",
        "everything else is written",
        "judge",
    ] {
        assert!(said.contains(words), "{said}");
    }
    whole_without_pdf(&at.join("out"));
    assert_eq!(report(&at.join("out"))["evidence"]["pack"], "evidence.wacz");

    // The same of a judgement, by a Chrome that nobody serves; one that lives prints it later.
    let judge = ["judge", "out", "--lang", "en", "--format", "pdf"];
    let nobody = ["--chrome", "ws://127.0.0.1:9/nobody"];
    let output = run(at, &[&judge[..], &nobody].concat());
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    let later = std::fs::read_dir(at.join("out/judgements")).unwrap();
    let later = later.map(|entry| entry.unwrap().path()).next().unwrap();
    whole_without_pdf(&later);
    assert_eq!(code(&run(at, &judge)), 1);
    assert!(list(&report(&later), "files").contains(&Value::from("report.pdf")));
}

#[test]
fn without_chrome_it_is_told_before_anything_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let site = site();
    let url = site.url("/");
    let cases: [(&[&str], &str); 2] = [
        (&["--static"], "--static"),
        (&["--chrome", "/nowhere/chrome"], "/nowhere/chrome"),
    ];
    for (more, why) in cases {
        let output = run(at, &scan(&url, more));
        let said = stderr(&output);
        assert_eq!(code(&output), 2, "{said}");
        assert!(said.contains("--format pdf needs Chrome"), "{said}");
        assert!(said.contains(why), "{said}");
    }
    assert_eq!(site.connections(), 0);
    assert!(!at.join("out").exists());
}
