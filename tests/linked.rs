//! Linked legal pages and recipient lists through whole scans: PDF files, lists of several pages, lists
//! within the form's page; and that the reader of PDF files holds against any bytes.

mod common;

use std::path::Path;
use std::time::{Duration, Instant};

use common::{Answer, Server, code, list, pdf, pdf_of, pdf_pages, pdf_stream, report, run, stderr};
use consentry::artifact::Told;
use consentry::capture::pdf::{PdfReader, PdfText, Unreadable};
use proptest::prelude::*;
use serde_json::Value;

const PRIVATE: &str = "--allow-private-network=127.0.0.1";

/// A form with its legal links.
fn form(links: &str) -> String {
    format!(
        "<html lang=fr><title>Devis</title><h1>Devis</h1><form method=post action=/held>\
         <label>E-mail <input type=email name=email></label>\
         <p>Vos données servent à répondre à votre demande de devis : {links}</p>\
         <label><input type=checkbox name=part> J’accepte de recevoir les offres commerciales de \
         nos partenaires.</label><button>Envoyer</button></form></html>"
    )
}

const NOTICE: &str = "<a href=/confidentialite.pdf>politique de confidentialité</a>";

fn notice() -> Vec<u8> {
    pdf(&[
        (56.0, 760.0, 18.0, "Politique de confidentialité"),
        (
            56.0,
            720.0,
            11.0,
            "Le responsable du traitement est Solaris Devis SAS, RCS Lyon 000 000 018, qui utilise vos données pour",
        ),
        (
            56.0,
            706.0,
            11.0,
            "répondre à votre demande de devis, et les conserve trois ans.",
        ),
    ])
}

/// Scans pages of a server and gives the report.
fn scan(server: &Server, paths: &[&str], more: &[&str]) -> (tempfile::TempDir, Value) {
    let folder = tempfile::tempdir().unwrap();
    let urls: Vec<String> = paths.iter().map(|path| server.url(path)).collect();
    let mut arguments = vec![
        "scan", "--out", "out", PRIVATE, "--rate", "1000", "--lang", "en",
    ];
    arguments.extend(more);
    arguments.extend(urls.iter().map(String::as_str));
    let output = run(folder.path(), &arguments);
    assert!(matches!(code(&output), 0 | 1 | 3), "{}", stderr(&output));
    let report = report(&folder.path().join("out"));
    (folder, report)
}

fn page<'a>(report: &'a Value, path: &str) -> &'a Value {
    list(report, "pages")
        .iter()
        .find(|page| page["url"].as_str().unwrap().ends_with(path))
        .unwrap_or_else(|| panic!("{path} in {}", report["pages"]))
}

fn outcome<'a>(report: &'a Value, rule: &str) -> &'a str {
    let findings = list(report, "findings").iter();
    let mut outcomes = findings.filter(|f| f["rule"] == rule);
    outcomes.next().unwrap()["outcome"].as_str().unwrap()
}

fn gaps(page: &Value) -> String {
    page["gaps"].to_string()
}

/// A PDF as a server with or without manners sends it.
fn serve_notice() -> Server {
    Server::start(|request| match request.path.as_str() {
        "/form" => Answer::html(form(NOTICE)),
        "/confidentialite.pdf" => Answer::of("application/pdf", notice()),
        "/download" => Answer::html(form("<a href=/get>politique de confidentialité</a>")),
        "/get" => {
            let mut answer = Answer::of("application/octet-stream", notice());
            let name = "attachment; filename=\"notice.pdf\"".to_string();
            answer.headers.push(("content-disposition", name));
            answer
        }
        _ => Answer::status(404),
    })
}

#[test]
fn a_notice_that_is_a_pdf_is_read_as_text() {
    let server = serve_notice();
    let (folder, report) = scan(&server, &["/form", "/download"], &["--static"]);
    for path in ["/confidentialite.pdf", "/get"] {
        let page = page(&report, path);
        assert_eq!(page["status"], "examined", "{page}");
        assert_eq!(page["role"], "privacy_notice");
        assert!(gaps(page).contains("its text alone was read"), "{page}");
        let capture = &list(page, "captures")[0];
        assert_eq!(capture["moment"], "markup");
        let file = std::fs::read(
            folder
                .path()
                .join("out")
                .join(path_of(&capture["original"])),
        )
        .unwrap();
        assert_eq!(file, notice(), "the file itself is kept");
        assert_eq!(
            capture["original"]["sha256"],
            consentry::capture::sha256(&file)
        );
        assert!(list(&report, "files").contains(&capture["original"]["path"]));
    }
    let controllers = list(&list(&report, "forms")[0], "controllers");
    let named = controllers.iter().find(|c| c["where"] == "privacy_notice");
    let named = named.unwrap_or_else(|| panic!("{controllers:?}"));
    assert_eq!(named["name"], "Solaris Devis");
    assert_eq!(named["registration"], "000 000 018");
    let privacy = &list(&report, "forms")[0]["privacy_notice"];
    assert_eq!(
        (&privacy["http_status"], &privacy["lang"]),
        (&200.into(), &"fr".into())
    );
}

fn path_of(file: &Value) -> &Path {
    Path::new(file["path"].as_str().unwrap())
}

/// Chrome would download the file or show it in a viewer of its own.
#[test]
fn a_pdf_is_read_in_a_rendered_scan_too() {
    let server = serve_notice();
    let (_folder, report) = scan(&server, &["/form", "/download"], &[]);
    for path in ["/confidentialite.pdf", "/get"] {
        let page = page(&report, path);
        assert_eq!(page["status"], "examined", "{page}");
        assert!(gaps(page).contains("its text alone was read"), "{page}");
        assert!(!list(page, "captures")[0]["original"].is_null());
    }
}

#[test]
fn judging_again_reads_the_same_text() {
    let server = serve_notice();
    let (folder, report) = scan(&server, &["/form"], &["--static"]);
    let asked = server.requests().len();
    run(folder.path(), &["judge", "out", "--lang", "en"]);
    assert_eq!(server.requests().len(), asked);
    let judgements = folder.path().join("out/judgements");
    let only = std::fs::read_dir(judgements)
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    assert_eq!(common::report(&only.path()), common::without_pack(report));
}

#[test]
fn a_pdf_without_text_or_with_a_password_is_a_gap() {
    let scanned = || {
        let mut objects = pdf_pages(&[vec![]]);
        objects[4] = pdf_stream("", b"0.5 g 50 50 400 600 re f");
        pdf_of(&objects, "")
    };
    let protected = || {
        let mut objects = pdf_pages(&[vec![(50.0, 700.0, 11.0, "secret secret secret secret")]]);
        let key = "00".repeat(32);
        objects.push(
            format!("<< /Filter /Standard /V 1 /R 2 /P -4 /O <{key}> /U <{key}> >>").into_bytes(),
        );
        pdf_of(&objects, "/Encrypt 6 0 R /ID [<01> <01>]")
    };
    let server = Server::start(move |request| match request.path.as_str() {
        "/form" => Answer::html(form(
            "<a href=/scan.pdf>politique de confidentialité</a> <a href=/locked.pdf>mentions légales</a> \
             <a href=/broken.pdf>conditions générales</a>",
        )),
        "/scan.pdf" => Answer::of("application/pdf", scanned()),
        "/locked.pdf" => Answer::of("application/pdf", protected()),
        "/broken.pdf" => Answer::of("application/pdf", b"%PDF-1.7 and nothing else".to_vec()),
        _ => Answer::status(404),
    });
    let (_folder, report) = scan(&server, &["/form"], &["--static"]);
    for (path, why) in [
        ("/scan.pdf", "no text"),
        ("/locked.pdf", "password"),
        ("/broken.pdf", "damaged"),
    ] {
        let page = page(&report, path);
        assert_eq!(page["status"], "not_html", "{page}");
        assert!(
            page["status_detail"].as_str().unwrap().contains(why),
            "{page}"
        );
        assert!(gaps(page).contains(why), "{page}");
        assert!(!list(page, "captures")[0]["original"].is_null(), "{page}");
    }
    // What was not read is not missing.
    assert_eq!(outcome(&report, "privacy-notice-linked"), "passed");
}

#[test]
fn a_given_pdf_is_no_page() {
    let server = serve_notice();
    let (_folder, report) = scan(&server, &["/confidentialite.pdf"], &["--static"]);
    assert_eq!(page(&report, "/confidentialite.pdf")["status"], "not_html");
}

const LINKED: &str = "<a href=/partenaires>liste des partenaires</a>";

fn listed(report: &Value) -> &Value {
    &list(report, "forms")[0]["recipient_list"]["entries"]
}

#[test]
fn a_list_that_is_a_pdf_counts() {
    let server = Server::start(|request| match request.path.as_str() {
        "/form" => Answer::html(form(LINKED)),
        "/partenaires" => Answer::of(
            "application/pdf",
            pdf(&[
                (56.0, 760.0, 16.0, "Liste des partenaires"),
                (56.0, 720.0, 10.0, "Société"),
                (250.0, 720.0, 10.0, "RCS"),
                (56.0, 700.0, 10.0, "Isol’Ouest SARL"),
                (250.0, 700.0, 10.0, "RCS Nantes 000 000 026"),
                (56.0, 680.0, 10.0, "Toits du Val SAS"),
                (250.0, 680.0, 10.0, "RCS Tours 000 000 059"),
            ]),
        ),
        _ => Answer::status(404),
    });
    let (_folder, report) = scan(&server, &["/form"], &["--static"]);
    assert_eq!(page(&report, "/partenaires")["role"], "recipient_list");
    assert_eq!(*listed(&report), 2, "{report}");
}

#[test]
fn a_list_is_read_page_after_page() {
    let server = Server::start(|request| {
        let number = request.path.strip_prefix("/partenaires?page=");
        match (request.path.as_str(), number) {
            ("/form", _) => Answer::html(form(LINKED)),
            ("/partenaires", _) => list_page(1),
            (_, Some(number)) => list_page(number.parse().unwrap()),
            _ => Answer::status(404),
        }
    });
    let (_folder, report) = scan(&server, &["/form"], &["--static"]);
    let pages: Vec<&Value> = list(&report, "pages")
        .iter()
        .filter(|page| page["role"] == "recipient_list")
        .collect();
    assert_eq!(
        pages.len(),
        10,
        "a list of fifteen pages is read to the tenth"
    );
    assert_eq!(*listed(&report), 20);
    let left_out = list(&report["scan"], "left_out");
    assert!(
        left_out
            .iter()
            .any(|left| left["why"].as_str().unwrap().contains("more pages")),
        "{left_out:?}"
    );
}

fn list_page(number: u32) -> Answer {
    let onward = if number < 15 {
        format!("<a href='/partenaires?page={}'>Suivant</a>", number + 1)
    } else {
        String::new()
    };
    Answer::html(format!(
        "<html lang=fr><h1>Liste des partenaires</h1><ul><li>Toits {number} SAS</li>\
         <li>Murs {number} SARL</li><li>Assurance auto</li></ul><p>{onward}</p></html>"
    ))
}

#[test]
fn a_list_within_the_page_counts() {
    let hidden = "<div class=modal id=m style='display:none'><h2>Nos partenaires</h2>\
                  <ul><li>Toits du Val SAS</li><li>Murs Exemple SARL</li></ul></div>";
    let server = Server::start(move |request| match request.path.as_str() {
        "/anchor" => Answer::html(
            form("<a href='#liste'>liste des partenaires</a>")
                + "<ul id=liste><li>Toits du Val SAS</li></ul>",
        ),
        "/modal" => {
            Answer::html(form("<a href='javascript:void(0)'>liste des partenaires</a>") + hidden)
        }
        "/button" => Answer::html(
            form("<button type=button aria-controls=m>liste des partenaires</button>") + hidden,
        ),
        "/nothing" => Answer::html(form("<a href='#liste'>liste des partenaires</a>")),
        _ => Answer::status(404),
    });
    for (path, entries) in [
        ("/anchor", Some(1)),
        ("/modal", Some(2)),
        ("/button", Some(2)),
        ("/nothing", None),
    ] {
        let (_folder, report) = scan(&server, &[path], &["--static"]);
        assert_eq!(listed(&report).as_u64(), entries, "{path}");
        if entries.is_some() {
            assert_eq!(outcome(&report, "recipients-disclosed"), "passed", "{path}");
        }
    }
}

/// The reader in a process of its own, as a scan has it.
fn reader() -> PdfReader {
    PdfReader {
        program: env!("CARGO_BIN_EXE_consentry").into(),
        time: Duration::from_secs(4),
    }
}

fn read(file: &[u8]) -> Result<PdfText, Unreadable> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(reader().read(file))
}

#[test]
fn a_file_that_grows_without_end_breaks_its_reader_alone() {
    // Each filter makes 128 bytes of 2, and each result is food for the next.
    let filters = "/Filter [/RunLengthDecode /RunLengthDecode /RunLengthDecode /RunLengthDecode \
                   /RunLengthDecode /RunLengthDecode]";
    let mut objects = pdf_pages(&[vec![]]);
    objects[4] = pdf_stream(filters, &[129; 4_096]);
    let began = Instant::now();
    assert!(read(&pdf_of(&objects, "")).is_err());
    assert!(began.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_file_that_never_ends_is_given_up() {
    // Each form draws the next one twenty times.
    let mut objects = pdf_pages(&[vec![]]);
    objects[3] = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R \
                   /Resources << /XObject << /X 6 0 R >> >> >>"
        .to_vec();
    objects[4] = pdf_stream("", b"/X Do");
    for number in 7..27 {
        let entries = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X {number} 0 R >> >>"
        );
        objects.push(pdf_stream(&entries, "/X Do ".repeat(20).as_bytes()));
    }
    objects.push(pdf_stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 9 9]",
        b"n",
    ));
    let began = Instant::now();
    assert_eq!(read(&pdf_of(&objects, "")), Err(Unreadable::Broke));
    assert!(began.elapsed() < Duration::from_secs(20));
}

#[test]
fn too_many_pages_are_cut() {
    let line = vec![(56.0, 700.0, 11.0, "Toits du Val SAS et ses voisins")];
    let text = read(&pdf_of(&pdf_pages(&vec![line; 320]), "")).unwrap();
    assert_eq!(
        text.left_out,
        Some(Told::of("first-pages").number("pages", 300))
    );
    assert_eq!(read(b"%PDF-1.4 nothing").unwrap_err(), Unreadable::Damaged);
    assert_eq!(
        read(&vec![b' '; (16 << 20) + 1]).unwrap_err(),
        Unreadable::TooLarge
    );
}

fn cases(few: u32) -> ProptestConfig {
    let more = std::env::var("SOAK")
        .ok()
        .and_then(|n| n.parse::<u32>().ok());
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(few * more.unwrap_or(1))
    }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn no_bytes_break_a_scan(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
    ) {
        // Rubbish, rubbish that says it is a PDF, and a real file with some bytes changed.
        let mut real = notice();
        for (at, with) in changes {
            let at = at.index(real.len());
            real[at] = with;
        }
        let began = Instant::now();
        for file in [bytes.clone(), [b"%PDF-1.7\n", &bytes[..]].concat(), real] {
            if let Ok(text) = read(&file) {
                prop_assert!(text.markup.len() < 1 << 20);
            }
        }
        prop_assert!(began.elapsed() < Duration::from_secs(20));
    }
}
