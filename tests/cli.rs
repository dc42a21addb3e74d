//! The program through its command line: what it accepts, what it says about bad input, exit codes,
//! folders, interruption. No test here needs a page's meaning.

mod common;

use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use common::{Answer, Server, code, consentry, list, report, run, stderr, stdout};

const PRIVATE: &str = "--allow-private-network=127.0.0.1";

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Runs and expects exit code 2 and a message that has these words.
fn refused(folder: &Path, arguments: &[&str], words: &[&str]) {
    let output = run(folder, arguments);
    let said = stderr(&output);
    assert_eq!(code(&output), 2, "{arguments:?}: {said}");
    for word in words {
        assert!(
            said.contains(word),
            "{arguments:?} should say `{word}`:\n{said}"
        );
    }
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn bad_input_says_what_to_do() {
    let folder = folder();
    let at = folder.path();
    std::fs::write(at.join("empty.txt"), "# nothing\n").unwrap();
    std::fs::write(at.join("wrong.txt"), "https://a.example/\nnot a url\n").unwrap();
    std::fs::write(at.join("latin.txt"), b"https://caf\xe9.example/\n").unwrap();
    std::fs::write(at.join("bad.toml"), "[open]\nmax_page = 3\n").unwrap();
    std::fs::write(at.join("xls.toml"), "[output]\nformat = [\"xls\"]\n").unwrap();
    std::fs::write(
        at.join("solar.toml"),
        "[product.solar]\nquestions = [\"owner\", \"tiles\"]\n",
    )
    .unwrap();
    std::fs::write(at.join("law.toml"), "[judge.law]\nnonsense = \"yes\"\n").unwrap();
    std::fs::write(at.join("file"), "x").unwrap();
    let cases: &[(&[&str], &[&str])] = &[
        (&["scan"], &["nothing to scan", "--list"]),
        (
            &["scan", "not a url"],
            &["not a url", "https://www.example.org"],
        ),
        (&["scan", "ftp://a.example/"], &["only http and https"]),
        (
            &["scan", "https://user:secret@a.example/"],
            &["user name or password"],
        ),
        (
            &["scan", "--no-such-flag", "https://a.example"],
            &["--no-such-flag"],
        ),
        (&["no-such-command"], &["no-such-command"]),
        (
            &["scan", "--list", "missing.txt"],
            &["missing.txt", "cannot be read"],
        ),
        (&["scan", "--list", "empty.txt"], &["holds no address"]),
        (
            &["scan", "--list", "wrong.txt"],
            &["wrong.txt:2", "not a url"],
        ),
        (&["scan", "--list", "latin.txt"], &["UTF-8"]),
        (
            &["scan", "https://a.example", "--only", "consent-untickd"],
            &["consent-untickd", "did you mean consent-unticked"],
        ),
        (
            &["scan", "https://a.example", "--disable", "nonsense"],
            &["no rule `nonsense`", "rules list"],
        ),
        (
            &["scan", "https://a.example", "--jurisdiction", "zz"],
            &["no pack `zz`", "eu, fr"],
        ),
        (
            &["scan", "https://a.example", "--format", "csv,xls"],
            &["xls", "csv, junit, markdown, pdf"],
        ),
        (
            &["judge", ".", "--config", "xls.toml"],
            &["xls", "csv, junit, markdown or pdf"],
        ),
        (
            &["scan", "https://a.example", "--product", "solar"],
            &["no product `solar`", "[product.solar]"],
        ),
        (
            &["judge", ".", "--product", "wind", "--config", "solar.toml"],
            &["no product `wind`", "solar"],
        ),
        (
            &["judge", ".", "--product", "solar", "--config", "solar.toml"],
            &["[product.solar]", "`tiles` has no words", "heating"],
        ),
        (
            &["judge", ".", "--buyer", "=123456782"],
            &["has no name", "--buyer"],
        ),
        (
            &["judge", ".", "--channels", "email,pigeon"],
            &["no channel `pigeon`", "sms"],
        ),
        (
            &["judge", ".", "--audience", "everybody"],
            &["no audience `everybody`", "business"],
        ),
        (
            &["judge", ".", "--as-of", "2026-02-30"],
            &["`2026-02-30` is not a day", "2026-08-11"],
        ),
        (
            &["judge", ".", "--as-of", "1990-01-01"],
            &["in force in eu, fr on 1990-01-01"],
        ),
        (
            &[
                "scan",
                "https://a.example",
                "--jurisdiction",
                "us",
                "--only",
                "consent-unticked",
            ],
            &["no rule is left", "consent-unticked is bound to law in de"],
        ),
        (
            &[
                "judge",
                ".",
                "--only",
                "consent-unticked",
                "--disable",
                "HOW-02",
            ],
            &["no rule is left"],
        ),
        (
            &["judge", ".", "--buyer", "Exemple SAS=552032535"],
            &["552032535", "check digits"],
        ),
        (&["rules", "explain", "HOW-99"], &["no rule `HOW-99`"]),
        (
            &["judge", ".", "--law", "partners-as-category=maybe"],
            &["`maybe`", "not-enough, enough"],
        ),
        (
            &["judge", ".", "--config", "law.toml"],
            &["no question of law `nonsense`", "partners-as-category"],
        ),
        (&["scan", "https://a.example", "--rate", "0"], &["--rate"]),
        (
            &["scan", "https://a.example", "--max-pages", "0"],
            &["--max-pages"],
        ),
        (
            &["scan", "https://a.example", "--timeout", "0"],
            &["--timeout"],
        ),
        (
            &["scan", "https://a.example", "--locale", "?"],
            &["not a locale", "fr-FR"],
        ),
        (
            &["scan", "https://a.example", "--resolve", "nonsense"],
            &["HOST:ADDR"],
        ),
        (
            &["scan", "https://a.example", "--allow-private-network=moon"],
            &["not a network"],
        ),
        (
            &["scan", "https://a.example", "--fail-on", "sometimes"],
            &["--fail-on"],
        ),
        (
            &["scan", "https://a.example", "--config", "missing.toml"],
            &["missing.toml"],
        ),
        (
            &["scan", "https://a.example", "--config", "bad.toml"],
            &["bad.toml:2:1", "max_page"],
        ),
        (
            &["scan", "https://a.example", "--chrome", "/no/such/chrome"],
            &["/no/such/chrome", "doctor"],
        ),
        (
            &["scan", "https://a.example", "--out", "file"],
            &["not a folder"],
        ),
        (
            &["scan", "https://a.example", "--out", "."],
            &["not empty", "--overwrite"],
        ),
        (
            &["scan", "https://a.example", "--out", ".", "--overwrite"],
            &["no report.json"],
        ),
        (&["judge", "."], &["holds no capture"]),
        (
            &["rules", "explain", "consent-tickd"],
            &["no rule `consent-tickd`"],
        ),
        (
            &["rules", "test", "missing"],
            &["missing", "cannot be read"],
        ),
    ];
    for (arguments, words) in cases {
        refused(at, arguments, words);
    }
    assert!(!stderr(&run(at, &["scan", "https://user:secret@a.example/"])).contains("secret"));
    let left: Vec<_> = std::fs::read_dir(at).unwrap().collect();
    assert_eq!(left.len(), 8, "bad input leaves nothing behind: {left:?}");
}

#[test]
fn without_a_browser_it_says_what_to_install() {
    let folder = folder();
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    // The usual places are looked at too; where they hold a Chrome, this cannot be tried here.
    if Path::new("/usr/bin/chromium").exists()
        || Path::new("/usr/bin/chromium-headless-shell").exists()
    {
        let output = consentry(folder.path())
            .env("CHROME", empty.join("chrome"))
            .args(["scan", "https://a.example"])
            .output()
            .unwrap();
        assert_eq!(code(&output), 2);
        assert!(
            stderr(&output).contains("there is no program at"),
            "{}",
            stderr(&output)
        );
    } else {
        let output = consentry(folder.path())
            .env("PATH", &empty)
            .args(["scan", "https://a.example"])
            .output()
            .unwrap();
        assert_eq!(code(&output), 2);
        assert!(
            stderr(&output).contains("apt-get install"),
            "{}",
            stderr(&output)
        );
    }
    assert!(!folder.path().join("reports").exists());
}

#[test]
fn pages_that_cannot_be_examined_have_a_status_and_the_rest_is_reported() {
    let server = Server::start(|request| match request.path.as_str() {
        "/good" => Answer::html(
            "<html lang=en><form><label>Email <input type=email name=email></label>\
             <button>Send</button></form>",
        ),
        "/gone" => Answer::status(404),
        "/wall" => Answer::status(403),
        "/file" => Answer::of("application/pdf", b"%PDF-1.4".to_vec()),
        "/slow" => Answer {
            wait: Duration::from_secs(40),
            ..Answer::html("late")
        },
        "/loop" => Answer::redirect("/loop"),
        "/robots.txt" => Answer::status(404),
        _ => Answer::status(500),
    });
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    for mode in [&[][..], &["--static"][..]] {
        let folder = folder();
        let mut arguments: Vec<String> = [
            "scan",
            "--out",
            "out",
            PRIVATE,
            "--depth",
            "0",
            "--rate",
            "1000",
            "--timeout",
            "12",
        ]
        .map(String::from)
        .into();
        arguments.extend(mode.iter().map(|m| m.to_string()));
        for path in ["/good", "/gone", "/wall", "/file", "/slow", "/loop"] {
            arguments.push(server.url(path));
        }
        arguments.push(format!("http://{closed}/"));
        arguments.push("http://no-such-name.invalid/".to_string());
        let output = run(
            folder.path(),
            &arguments.iter().map(String::as_str).collect::<Vec<_>>(),
        );
        let report = report(&folder.path().join("out"));
        let status: Vec<&str> = list(&report["scan"], "targets")
            .iter()
            .map(|target| target["status"].as_str().unwrap())
            .collect();
        assert_eq!(
            status,
            [
                "examined",
                "http_error",
                "blocked",
                "not_html",
                "timed_out",
                "unreachable",
                "unreachable",
                "unreachable"
            ],
            "{mode:?} {}",
            stderr(&output)
        );
        for page in list(&report, "pages")
            .iter()
            .filter(|page| page["status"] != "examined")
        {
            assert!(
                page["status_detail"]
                    .as_str()
                    .is_some_and(|why| !why.is_empty()),
                "{page}"
            );
        }
        // The good form fails rules, and that wins over what could not be assessed.
        assert_eq!(code(&output), 1, "{}", stderr(&output));
        assert!(folder.path().join("out/report.html").is_file());
    }
}

#[test]
fn exit_codes() {
    let server = Server::fixtures();
    let folder = folder();
    let exit = |name: &str, page: &str, more: &[&str]| {
        let url = server.url(page);
        let mut arguments = vec![
            "scan",
            url.as_str(),
            "--static",
            "--out",
            name,
            PRIVATE,
            "--depth",
            "1",
            "--rate",
            "1000",
        ];
        arguments.extend(more);
        code(&run(folder.path(), &arguments))
    };
    assert_eq!(exit("a", "/ticked-in-markup.html", &[]), 1);
    assert_eq!(
        exit("b", "/ticked-in-markup.html", &["--fail-on", "never"]),
        0
    );
    assert_eq!(exit("c", "/compliant.html", &[]), 0);
    assert_eq!(exit("d", "/compliant.html", &["--fail-on-cant-tell"]), 1);
    assert_eq!(exit("e", "/search-only.html", &[]), 3);
    assert_eq!(exit("f", "/missing.html", &[]), 3);
    assert_eq!(
        exit(
            "g",
            "/ticked-in-markup.html",
            &["--only", "transport-secure"]
        ),
        0
    );
    assert_eq!(
        exit(
            "h",
            "/ticked-in-markup.html",
            &[
                "--disable",
                "consent-unticked,minors-excluded,offer-documented"
            ]
        ),
        0
    );
}

const FORMATS: [&str; 3] = ["report.csv", "report.junit.xml", "report.md"];

/// Which of the further formats stand in a folder; each has to be listed there, and no other.
fn formats(out: &Path) -> Vec<&'static str> {
    let report = report(out);
    let listed = list(&report, "files");
    let there = FORMATS.into_iter().filter(|file| {
        let stands = out.join(file).is_file();
        assert_eq!(listed.iter().any(|name| name == file), stands, "{file}");
        stands
    });
    there.collect()
}

#[test]
fn further_formats_are_written_where_they_are_asked_for() {
    let server = Server::fixtures();
    let folder = folder();
    let at = folder.path();
    let url = server.url("/ticked-in-markup.html");
    let scan = |environment: &str, more: &[&str]| {
        let mut command = consentry(at);
        if !environment.is_empty() {
            command.env("CONSENTRY_FORMAT", environment);
        }
        let fixed = [
            "scan", &url, "--static", "--out", "out", PRIVATE, "--depth", "0",
        ];
        let output = command.args(fixed).args(more).output().unwrap();
        (code(&output), stderr(&output))
    };
    let out = at.join("out");
    assert_eq!(scan("", &["--format", "csv,junit,markdown"]).0, 1);
    assert_eq!(formats(&out), FORMATS);
    assert_eq!(scan("", &["--overwrite"]).0, 1);
    assert_eq!(formats(&out), [""; 0], "an earlier scan's go with it");
    assert_eq!(scan("junit", &["--overwrite"]).0, 1);
    assert_eq!(formats(&out), ["report.junit.xml"]);
    std::fs::write(at.join("consentry.toml"), "[output]\nformat = [\"csv\"]\n").unwrap();
    assert_eq!(scan("", &["--overwrite"]).0, 1);
    assert_eq!(formats(&out), ["report.csv"]);
    let flag = ["--overwrite", "--format", "html", "--format", "markdown"];
    assert_eq!(scan("junit", &flag).0, 1);
    assert_eq!(formats(&out), ["report.md"]);
    let (exit, said) = scan("pdf", &["--overwrite"]);
    assert_eq!((exit, said.contains("pdf")), (2, true), "{said}");
    assert_eq!(formats(&out), ["report.md"]);
}

#[test]
fn judgements_in_further_formats_stand_beside_each_other() {
    let server = Server::fixtures();
    let folder = folder();
    let at = folder.path();
    let url = server.url("/ticked-in-markup.html");
    let fixed = ["--static", "--out", "out", PRIVATE, "--depth", "0"];
    assert_eq!(
        code(&run(at, &[&["capture", &url], &fixed[..]].concat())),
        0
    );
    let judge = |more: &[&str]| {
        run(at, &[&["judge", "out", "--format", "junit"], more].concat());
        let folders = std::fs::read_dir(at.join("out/judgements")).unwrap();
        let mut folders: Vec<_> = folders.map(|entry| entry.unwrap().path()).collect();
        folders.sort();
        folders
    };
    assert_eq!(judge(&[]).len(), 1);
    assert_eq!(judge(&[]).len(), 1);
    // The same report, and other failures for continuous integration.
    let [first, second] = &judge(&["--fail-on", "never"])[..] else {
        panic!("two judgements")
    };
    let read = |at: &Path, file: &str| std::fs::read_to_string(at.join(file)).unwrap();
    assert_eq!(read(first, "report.json"), read(second, "report.json"));
    assert!(read(first, "report.junit.xml").contains("<failure "));
    assert!(!read(second, "report.junit.xml").contains("<failure "));
    assert_eq!(formats(first), ["report.junit.xml"]);
}

#[test]
fn junit_fails_where_the_exit_code_does() {
    let server = Server::fixtures();
    let folder = folder();
    let cases: [(&str, &[&str], i32); 8] = [
        ("/ticked-in-markup.html", &[], 1),
        ("/ticked-in-markup.html", &["--fail-on", "never"], 0),
        ("/compliant.html", &[], 0),
        ("/compliant.html", &["--fail-on-cant-tell"], 1),
        ("/search-only.html", &[], 3),
        ("/missing.html", &[], 3),
        ("/compliant.html", &["--only", "transport-secure"], 0),
        // Nothing was judged: that is no pass.
        ("/compliant.html", &["--only", "no-third-party-data"], 3),
    ];
    for (at, (page, more, exit)) in cases.into_iter().enumerate() {
        let (out, url) = (at.to_string(), server.url(page));
        let fixed = [
            "scan", &url, "--static", "--out", &out, PRIVATE, "--depth", "1", "--rate", "1000",
            "--format", "junit",
        ];
        let output = run(folder.path(), &[&fixed[..], more].concat());
        assert_eq!(code(&output), exit, "{page} {more:?}");
        let text = folder.path().join(&out).join("report.junit.xml");
        let text = std::fs::read_to_string(text).unwrap();
        let found = (text.contains("<failure "), text.contains("<error "));
        assert_eq!(found, (exit == 1, exit == 3), "{page} {more:?}\n{text}");
        assert!(text.contains("<testcase "), "{text}");
    }
}

#[test]
fn a_summary_for_a_pull_request_in_the_reports_language() {
    let server = Server::fixtures();
    let folder = folder();
    let url = server.url("/ticked-in-markup.html");
    for (language, words) in [
        (
            "en",
            [
                "Consent capture report – Failed",
                "What failed",
                "| Blocker |",
            ],
        ),
        (
            "fr",
            [
                "Rapport de capture du consentement – Échec",
                "Ce qui a échoué",
                "| Bloquant |",
            ],
        ),
    ] {
        let fixed = [
            "scan", &url, "--static", "--out", language, PRIVATE, "--depth", "0", "--lang",
            language, "--format", "markdown",
        ];
        run(folder.path(), &fixed);
        let text = folder.path().join(language).join("report.md");
        let text = std::fs::read_to_string(text).unwrap();
        for word in words
            .into_iter()
            .chain(["`consent-unticked`", "](https://eur-lex.europa.eu/"])
        {
            assert!(text.contains(word), "{word}\n{text}");
        }
    }
}

#[test]
fn an_output_folder_is_never_overwritten_unasked() {
    let server = Server::fixtures();
    let folder = folder();
    let url = server.url("/compliant.html");
    let scan = |more: &[&str]| {
        let mut arguments = vec![
            "scan", &url, "--static", "--out", "out", PRIVATE, "--depth", "0",
        ];
        arguments.extend(more);
        run(folder.path(), &arguments)
    };
    let out = folder.path().join("out");
    assert_eq!(code(&scan(&[])), 0);
    let first = report(&out)["scan"]["id"].clone();
    refused(
        folder.path(),
        &["scan", &url, "--static", "--out", "out", PRIVATE],
        &["not empty", "--overwrite"],
    );
    assert_eq!(report(&out)["scan"]["id"], first);
    // A scan that cannot start takes nothing away either.
    let output = run(
        folder.path(),
        &[
            "scan",
            &url,
            "--out",
            "out",
            "--overwrite",
            "--chrome",
            "/no/chrome",
        ],
    );
    assert_eq!(code(&output), 2);
    assert_eq!(report(&out)["scan"]["id"], first);
    std::fs::write(out.join("notes.txt"), "mine").unwrap();
    assert_eq!(
        code(&run(folder.path(), &["judge", "out", "--fail-on", "never"])),
        0
    );
    assert_eq!(code(&scan(&["--overwrite"])), 0);
    assert_ne!(report(&out)["scan"]["id"], first);
    assert_eq!(
        std::fs::read_to_string(out.join("notes.txt")).unwrap(),
        "mine"
    );
    assert!(
        !out.join("judgements").exists(),
        "judgements of the earlier capture go with it"
    );
}

#[test]
fn an_earlier_report_that_points_elsewhere_removes_nothing() {
    let folder = folder();
    let out = folder.path().join("out");
    std::fs::create_dir(&out).unwrap();
    std::fs::write(folder.path().join("precious"), "x").unwrap();
    std::fs::write(
        out.join("report.json"),
        r#"{"tool": {"name": "consentry"}, "files": ["../precious", "report.json"]}"#,
    )
    .unwrap();
    refused(
        folder.path(),
        &[
            "scan",
            "https://a.example",
            "--static",
            "--out",
            "out",
            "--overwrite",
        ],
        &["report.json"],
    );
    assert!(folder.path().join("precious").exists());
}

#[test]
fn interruption_keeps_what_was_captured() {
    let server = Server::start(|request| match request.path.as_str() {
        "/first" => Answer::html(
            "<html lang=en><form><label>Email <input type=email name=email></label><button>Send</button></form>",
        ),
        "/never" => Answer {
            wait: Duration::from_secs(60),
            ..Answer::html("late")
        },
        _ => Answer::status(404),
    });
    let folder = folder();
    let mut child = consentry(folder.path())
        .args([
            "scan",
            &server.url("/first"),
            &server.url("/never"),
            "--out",
            "out",
            PRIVATE,
            "--jobs",
            "1",
            "--depth",
            "0",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let began = Instant::now();
    let pages = folder.path().join("out/captures/pages.jsonl");
    let captured = || {
        std::fs::read_to_string(&pages)
            .unwrap_or_default()
            .contains('\n')
    };
    while !(captured() && server.paths().iter().any(|path| path == "/never")) {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "the first page was never captured, or the second never asked for"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let status = child.wait().unwrap();
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert_eq!(status.code(), Some(130), "{said}");
    assert!(began.elapsed() < Duration::from_secs(90));
    let report = report(&folder.path().join("out"));
    assert_eq!(report["scan"]["interrupted"], true);
    assert_eq!(list(&report, "pages").len(), 1);
    assert_eq!(list(&report, "pages")[0]["status"], "examined");
    assert_eq!(list(&report, "forms").len(), 1);
    assert!(folder.path().join("out/report.html").is_file());
}

#[test]
fn standard_output_stays_machine_readable() {
    let server = Server::fixtures();
    let folder = folder();
    let url = server.url("/compliant.html");
    let scan = |out: &str, more: &[&str]| {
        let mut arguments = vec![
            "scan", &url, "--static", "--out", out, PRIVATE, "--depth", "0",
        ];
        arguments.extend(more);
        run(folder.path(), &arguments)
    };
    let json: serde_json::Value = serde_json::from_str(&stdout(&scan("a", &["--json"]))).unwrap();
    assert_eq!(json, report(&folder.path().join("a")));
    let table = stdout(&scan("b", &[]));
    assert!(
        table.contains("report.html") && !table.contains('\u{1b}'),
        "{table}"
    );
    let quiet = scan("c", &["-q"]);
    assert_eq!(
        (stdout(&quiet), stderr(&quiet)),
        (String::new(), String::new())
    );
    for arguments in [
        &["rules", "list", "--json"][..],
        &["rules", "explain", "consent-unticked", "--json"],
        &["rules", "test", "--json"],
        &["schema"],
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!(code(&output), 0);
        serde_json::from_str::<serde_json::Value>(&stdout(&output)).unwrap();
    }
}

#[test]
fn french_for_french_locales() {
    let server = Server::fixtures();
    let folder = folder();
    let output = consentry(folder.path())
        .env("LANG", "fr_FR.UTF-8")
        .args([
            "scan",
            &server.url("/ticked-in-markup.html"),
            "--static",
            "--out",
            "out",
            PRIVATE,
            "--depth",
            "0",
        ])
        .output()
        .unwrap();
    assert!(stdout(&output).contains("Échec"), "{}", stdout(&output));
    let html = std::fs::read_to_string(folder.path().join("out/report.html")).unwrap();
    assert!(html.contains("<html lang=\"fr\">") && html.contains("Dispositions concernées"));
}

#[test]
fn flags_win_over_environment_over_file() {
    let server = Server::fixtures();
    let folder = folder();
    std::fs::write(folder.path().join("consentry.toml"), "[open]\nmax_pages = 3\ndepth = 0\n[look]\nstatic = true\nallow_private_network = [\"127.0.0.1\"]\n").unwrap();
    let url = server.url("/compliant.html");
    let pages = |out: &str, environment: Option<&str>, flags: &[&str]| {
        let mut command = consentry(folder.path());
        if let Some(value) = environment {
            command.env("CONSENTRY_MAX_PAGES", value);
        }
        command
            .args(["scan", &url, "--out", out])
            .args(flags)
            .output()
            .unwrap();
        report(&folder.path().join(out))["scan"]["settings"]["capture"]["max_pages"].clone()
    };
    assert_eq!(pages("a", None, &[]), 3);
    assert_eq!(pages("b", Some("4"), &[]), 4);
    assert_eq!(pages("c", Some("4"), &["--max-pages", "5"]), 5);
}

const SOLAR: &str = r#"
[look]
static = true
allow_private_network = ["127.0.0.1"]
[judge]
product = "solar"
buyers = ["Nord Habitat SAS=123456782"]
channels = ["email"]
audience = "business"
as_of = "2026-08-01"
[judge.law]
partners-as-category = "enough"
[product.solar]
questions = ["owner", "meter"]
[product.solar.words.meter]
fr = ["puissance compteur"]
"#;

const ASKED: &str = r#"<html lang="fr"><form><h2>Votre devis solaire</h2>
<label>Êtes-vous propriétaire ? <input name="a"></label>
<label>Puissance du compteur <input name="b"></label>
<label>E-mail <input type="email" name="email"></label><button>Recevoir mon devis</button></form>"#;

#[test]
fn what_the_leads_are_for_comes_from_flags_environment_and_file() {
    let server = Server::start(|_| Answer::html(ASKED));
    let folder = folder();
    std::fs::write(folder.path().join("consentry.toml"), SOLAR).unwrap();
    let url = server.url("/");
    let judged = |out: &str, environment: &[(&str, &str)], flags: &[&str]| {
        let mut command = consentry(folder.path());
        command.envs(environment.iter().copied());
        let output = command
            .args(["scan", &url, "--out", out])
            .args(flags)
            .output()
            .unwrap();
        assert!(code(&output) < 2, "{}", stderr(&output));
        report(&folder.path().join(out))
    };
    let file = judged("file", &[], &[]);
    let settings = &file["scan"];
    assert_eq!(settings["buyers"][0], "Nord Habitat SAS=123456782");
    assert_eq!(settings["channels"][0], "email");
    assert_eq!(settings["audience"], "business");
    assert_eq!(settings["as_of"], "2026-08-01");
    assert_eq!(settings["product"], "solar");
    assert_eq!(settings["law"][0]["value"], "enough");
    let asked = list(&file, "findings")
        .iter()
        .find(|finding| finding["rule"] == "need-qualified")
        .expect("a finding about the questions");
    assert_eq!(asked["outcome"], "passed", "{asked}");
    let environment = [
        ("CONSENTRY_AUDIENCE", "consumer"),
        ("CONSENTRY_CHANNELS", "sms,post"),
        ("CONSENTRY_BUYER", "Sud Habitat SARL;Est Habitat SAS"),
        ("CONSENTRY_AS_OF", "2026-09-01"),
        ("CONSENTRY_LAW", "partners-as-category=not-enough"),
    ];
    let over = judged("environment", &environment, &["--channels", "phone"]);
    let settings = &over["scan"];
    assert_eq!(settings["audience"], "consumer");
    assert_eq!(settings["channels"], serde_json::json!(["phone"]));
    assert_eq!(list(settings, "buyers").len(), 2);
    assert_eq!(settings["as_of"], "2026-09-01");
    assert_eq!(settings["law"][0]["value"], "not-enough");
}

#[test]
fn init_writes_a_file_that_is_valid_and_changes_nothing() {
    let folder = folder();
    assert_eq!(code(&run(folder.path(), &["init"])), 0);
    refused(folder.path(), &["init"], &["exists already", "--overwrite"]);
    // Every key with its comment mark taken off is accepted.
    let text = std::fs::read_to_string(folder.path().join("consentry.toml")).unwrap();
    let open: String = text
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.contains(" = ") || rest.starts_with('[') => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    std::fs::write(folder.path().join("consentry.toml"), open).unwrap();
    let output = run(folder.path(), &["scan", "not a url"]);
    assert!(
        stderr(&output).contains("`not a url` is not an address"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn help_for_shells_and_readers() {
    let folder = folder();
    for (arguments, word) in [
        (&["--help"][..], "Exit codes"),
        (&["scan", "--help"], "--allow-private-network"),
        (&["completions", "bash"], "_consentry"),
        (&["man"], ".TH"),
        (&["rules", "list"], "consent-unticked"),
        (&["rules", "explain", "consent-unticked"], "Planet49"),
        (&["rules", "test"], "0 not"),
        (&["doctor"], "starts and answers"),
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!(code(&output), 0, "{arguments:?}: {}", stderr(&output));
        assert!(
            stdout(&output).contains(word),
            "{arguments:?}: {}",
            stdout(&output)
        );
    }
}

#[test]
fn a_users_own_rules_are_tested() {
    let folder = folder();
    let core = folder.path().join("mine/core");
    std::fs::create_dir_all(&core).unwrap();
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/core/consent-unticked.toml");
    let text = std::fs::read_to_string(built_in).unwrap();
    std::fs::write(core.join("consent-unticked.toml"), &text).unwrap();
    assert_eq!(code(&run(folder.path(), &["rules", "test", "mine"])), 0);
    std::fs::write(
        core.join("consent-unticked.toml"),
        text.replace("outcome = \"failed\"", "outcome = \"passed\""),
    )
    .unwrap();
    let output = run(folder.path(), &["rules", "test", "mine"]);
    assert_eq!(code(&output), 1);
    assert!(
        stdout(&output).contains("expected passed, got failed"),
        "{}",
        stdout(&output)
    );
    std::fs::write(
        core.join("consent-unticked.toml"),
        text.replace("subject =", "subjekt ="),
    )
    .unwrap();
    refused(
        folder.path(),
        &["rules", "test", "mine"],
        &["mine/core/consent-unticked.toml:", "subjekt"],
    );
    std::fs::write(core.join("consent-unticked.toml"), b"caf\xe9").unwrap();
    refused(
        folder.path(),
        &["rules", "test", "mine"],
        &["core/consent-unticked.toml", "UTF-8"],
    );
}

#[test]
fn a_failing_example_is_told_with_its_line() {
    let folder = folder();
    let core = folder.path().join("mine/core");
    std::fs::create_dir_all(&core).unwrap();
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/core/consent-unticked.toml");
    let text = std::fs::read_to_string(built_in).unwrap();
    let broken = text.replacen("outcome = \"passed\"", "outcome = \"failed\"", 1);
    std::fs::write(core.join("consent-unticked.toml"), &broken).unwrap();
    let before = broken.split("outcome = \"passed\"").next().unwrap();
    let example = before.rfind("[[example]]").map(|_| {
        let changed = text.find("outcome = \"passed\"").unwrap();
        text[..changed].rfind("[[example]]").unwrap()
    });
    let line = text[..example.unwrap()].matches('\n').count() + 1;
    let said = stdout(&run(folder.path(), &["rules", "test", "mine"]));
    assert!(
        said.contains(&format!("mine/core/consent-unticked.toml:{line}: ")),
        "line {line}: {said}"
    );
}

#[test]
fn a_lexicon_of_ones_own_is_tested_by_its_samples() {
    let folder = folder();
    let lexicons = folder.path().join("mine/lexicon");
    std::fs::create_dir_all(&lexicons).unwrap();
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/lexicon/it.toml");
    let text = std::fs::read_to_string(built_in).unwrap();
    std::fs::write(lexicons.join("it.toml"), &text).unwrap();
    let output = run(folder.path(), &["rules", "test", "mine"]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let wrong = format!("{text}\n[[sample]]\ntext = \"Buongiorno\"\nmeans = [\"act.consent\"]\n");
    std::fs::write(lexicons.join("it.toml"), wrong).unwrap();
    let output = run(folder.path(), &["rules", "test", "mine"]);
    let said = stdout(&output);
    assert_eq!(code(&output), 1, "{said}");
    assert!(
        said.contains("Buongiorno") && said.contains("has not act.consent"),
        "{said}"
    );
    std::fs::create_dir_all(folder.path().join("empty")).unwrap();
    refused(
        folder.path(),
        &["rules", "test", "empty"],
        &["holds no rule and no lexicon"],
    );
}

/// Rules are named by code too, and one's own are listed, explained and told in the report.
#[test]
fn rules_of_ones_own_are_shown_as_such() {
    let server = Server::fixtures();
    let folder = folder();
    let core = folder.path().join("mine/core");
    std::fs::create_dir_all(&core).unwrap();
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/core/consent-unticked.toml");
    let text = std::fs::read_to_string(built_in).unwrap();
    let mine = text.replacen("Consent controls start unticked", "House rule", 1);
    std::fs::write(core.join("consent-unticked.toml"), mine).unwrap();
    let said = |arguments: &[&str]| stdout(&run(folder.path(), arguments));
    for command in ["list", "explain"] {
        let mut own = vec!["rules", command];
        own.extend((command == "explain").then_some("HOW-02"));
        own.extend(["--lang", "en", "--rules", "mine"]);
        assert!(said(&own).contains("House rule"), "{command}");
    }
    assert!(said(&["rules", "explain", "HOW-02"]).contains("consent-unticked"));
    let url = server.url("/ticked-in-markup.html");
    let scan = [
        "scan", &url, "--static", "--out", "out", PRIVATE, "--depth", "0", "--only", "HOW-02",
        "--rules", "mine",
    ];
    assert_eq!(code(&run(folder.path(), &scan)), 1);
    let report = report(&folder.path().join("out"));
    assert_eq!(report["findings"][0]["rule"], "consent-unticked");
    let own = &report["tool"]["ruleset"]["own"][0];
    assert_eq!(own["path"], "core/consent-unticked.toml");
    assert_eq!(own["replaces"], true);
    let html = std::fs::read_to_string(folder.path().join("out/report.html")).unwrap();
    assert!(html.contains("core&#x2f;consent-unticked.toml"));
}

#[test]
fn law_that_was_not_chosen_is_told() {
    let server = Server::fixtures();
    let folder = folder();
    let url = server.url("/compliant.html");
    let scan = |out: &str, packs: &str| {
        let arguments = [
            "scan",
            &url,
            "--static",
            "--out",
            out,
            PRIVATE,
            "--depth",
            "0",
            "--jurisdiction",
            packs,
        ];
        stderr(&run(folder.path(), &arguments))
    };
    let said = scan("alone", "fr");
    assert!(said.contains("fr is judged without eu"), "{said}");
    assert!(
        !scan("both", "eu,fr").contains("note: fr"),
        "nothing to say"
    );
    let alone = report(&folder.path().join("alone"));
    let left = list(&alone["scan"], "packs_not_chosen");
    assert!(
        left.contains(&"eu".into()) && !left.contains(&"fr".into()),
        "{left:?}"
    );
    // What the law of the Union asks for in France is asked for under French law alone, too.
    let rules: Vec<_> = list(&alone, "findings")
        .iter()
        .map(|f| f["rule"].clone())
        .collect();
    for rule in [
        "privacy-notice-linked",
        "controller-consistent",
        "dpo-contact",
    ] {
        assert!(rules.contains(&rule.into()), "{rule}");
    }
}

/// What a French report says of a capture is French, as far as it is ours to say.
#[test]
fn gaps_and_details_are_told_in_the_reports_language() {
    let server = Server::start(|request| match request.path.as_str() {
        "/form" => Answer::html(
            "<html lang=fr><form method=post action=/m><label>E-mail <input type=email name=email></label><button>OK</button></form><iframe src=/frame></iframe>",
        ),
        _ => Answer::status(404),
    });
    let folder = folder();
    let scan = |out: &str, language: &str| {
        let (form, gone) = (server.url("/form"), server.url("/gone"));
        let arguments = [
            "scan", &form, &gone, "--static", "--out", out, PRIVATE, "--depth", "0", "--rate",
            "1000", "--lang", language,
        ];
        run(folder.path(), &arguments);
        let report = report(&folder.path().join(out));
        let pages = list(&report, "pages").to_vec();
        let gap = pages[0]["gaps"][0].clone();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_string();
        (
            text(&pages[1]["status_detail"]),
            text(&gap["what"]),
            text(&gap["why"]),
        )
    };
    let (detail, what, why) = scan("fr", "fr");
    assert_eq!(detail, "le serveur a répondu 404");
    assert!(what.starts_with("le cadre "), "{what}");
    assert_eq!(why, "les cadres ne sont pas chargés sans navigateur");
    let (detail, what, _) = scan("en", "en");
    assert_eq!(detail, "the server answered 404");
    assert!(what.starts_with("the frame "), "{what}");
}

#[test]
fn another_programs_report_json_is_not_ours() {
    let folder = folder();
    let out = folder.path().join("out");
    std::fs::create_dir_all(out.join("src")).unwrap();
    std::fs::write(out.join("src/a.js"), "x").unwrap();
    std::fs::write(out.join("report.json"), r#"{"files": ["src/a.js"]}"#).unwrap();
    refused(
        folder.path(),
        &[
            "scan",
            "https://a.example",
            "--static",
            "--out",
            "out",
            "--overwrite",
        ],
        &["report.json"],
    );
    assert!(out.join("src/a.js").exists());
}
