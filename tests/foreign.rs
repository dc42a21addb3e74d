//! Foreign input never breaks the reading of it, nor the reports that quote it: markup, snapshots,
//! addresses and words of any kind. What is looked for in it is found however it is packed, and nowhere else.

use consentry::artifact::{
    Dom, Moment, PageRole, PageStatus, decode_html, parse_markup, parse_snapshot,
};
use consentry::checks::PageView;
use consentry::evaluate::{JudgedPage, Options, evaluate};
use consentry::extract::{CapturedPage, MomentDom, page};
use consentry::finding::{Outcome, Severity};
use consentry::leaks::{DEPTH, Encoding, Field, Hit, Needles};
use consentry::lexicon::Likeness;
use consentry::model::Request;
use consentry::pipeline::{embedded_captures, load_rules};
use consentry::report::{Format, Report, Threshold};
use consentry::ruleset::Ruleset;
use consentry::target::parse_url;
use proptest::prelude::*;
use serde_json::Value;
use std::sync::OnceLock;

fn ruleset() -> &'static Ruleset {
    static RULESET: OnceLock<Ruleset> = OnceLock::new();
    RULESET.get_or_init(|| load_rules().unwrap())
}

/// How many cases: few in every run, many with `make soak`.
fn cases(few: u32) -> ProptestConfig {
    let more = std::env::var("SOAK")
        .ok()
        .and_then(|n| n.parse::<u32>().ok())
        .unwrap_or(1);
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(few * more)
    }
}

fn capture(name: &str) -> Vec<u8> {
    let mut captures = embedded_captures();
    captures
        .remove(name)
        .unwrap_or_else(|| panic!("no capture {name}"))
        .dom
}

/// Twenty thousand boxes over the whole page, each with a ground of its own: whoever stacks so many gets
/// no colours told, and holds nobody up.
#[test]
fn boxes_stacked_on_one_place_hold_nobody_up() {
    let mut snapshot: Value = serde_json::from_slice(&capture("pair-link-in-text")).unwrap();
    let document = &mut snapshot["documents"][0];
    let many = 20_000;
    let first = document["nodes"]["parentIndex"].as_array().unwrap().len();
    let body = document["layout"]["nodeIndex"][2].clone();
    let button = document["layout"]["styles"].as_array().unwrap().len() - 2;
    let styles = document["layout"]["styles"][button].clone();
    let mut add = |table: &str, column: &str, value: Value| {
        let list = document[table][column].as_array_mut().unwrap();
        list.extend(std::iter::repeat_n(value, many));
    };
    add("nodes", "parentIndex", body);
    for (column, value) in [
        ("nodeType", 1),
        ("nodeName", 0),
        ("nodeValue", -1),
        ("backendNodeId", 9),
    ] {
        add("nodes", column, value.into());
    }
    add("nodes", "attributes", Vec::<Value>::new().into());
    add("layout", "styles", styles);
    add("layout", "bounds", vec![0.0, 0.0, 1280.0, 900.0].into());
    add("layout", "text", (-1).into());
    add("layout", "paintOrders", 0.into());
    let rows = document["layout"]["nodeIndex"].as_array_mut().unwrap();
    rows.extend((first..first + many).map(Value::from));
    let began = std::time::Instant::now();
    assert!(look(snapshot.to_string().as_bytes()).is_some_and(|findings| findings > 0));
    let took = began.elapsed();
    assert!(took.as_secs() < 20, "{took:?}");
}

fn read(html: &str) -> usize {
    read_as(html, PageRole::RecipientList);
    read_as(html, PageRole::Collection)
}

fn read_as(html: &str, role: PageRole) -> usize {
    let captured = CapturedPage {
        id: "p1".into(),
        target: "t1".into(),
        url: "https://a.example/".into(),
        final_url: "https://a.example/".into(),
        http_status: Some(200),
        role,
        rendered: false,
        moments: vec![MomentDom::new(
            Moment::Markup,
            "c",
            1,
            parse_markup(html, "https://a.example/"),
        )],
        visits: Vec::new(),
        gaps: Vec::new(),
        pixels: None,
    };
    page(captured, &ruleset().lexicons, &ruleset().entities)
        .forms
        .len()
}

/// Judges a page by every rule.
fn judge(html: &str) {
    judge_as_seen(parse_markup(html, SITE));
}

/// Reads and judges a snapshot with layout; the number of findings, `None` where it was refused.
fn look(snapshot: &[u8]) -> Option<usize> {
    parse_snapshot(snapshot).ok().map(judge_as_seen)
}

const SITE: &str = "https://a.example/";

fn judge_as_seen(dom: Dom) -> usize {
    let captured = CapturedPage {
        id: "p1".into(),
        target: "t1".into(),
        url: SITE.into(),
        final_url: SITE.into(),
        http_status: Some(200),
        role: PageRole::Collection,
        rendered: true,
        moments: vec![MomentDom::new(Moment::Settled, "c", 1, dom)],
        visits: Vec::new(),
        gaps: Vec::new(),
        pixels: None,
    };
    let model = page(captured, &ruleset().lexicons, &ruleset().entities);
    let view = PageView {
        status: PageStatus::Examined,
        http_status: Some(200),
        model: Some(&model),
    };
    let judged = JudgedPage {
        url: SITE,
        final_url: None,
        view,
    };
    let options = Options {
        jurisdictions: ruleset().packs.keys().cloned().collect(),
        request: Request {
            as_of: "2026-11-01".into(),
            ..Request::default()
        },
        law: Default::default(),
        language: "fr".into(),
        only: Default::default(),
        disabled: Default::default(),
    };
    evaluate(&[judged], ruleset(), &options).len()
}

/// Lines that rule files are made of.
fn rule_like() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("format = 1\nid = \"own\"\ncode = \"X-01\"\nstatus = \"stable\"\nsubject = \"form\"\nseverity = \"minor\"".to_string()),
        Just("title = { en = \"t\" }\nwhy = { en = \"w\" }\nremedy = { en = \"r\" }".to_string()),
        Just("message.passed = { en = \"p {quote}\" }\nmessage.failed = { en = \"f\" }\nmessage.cant_tell = { en = \"{because}\" }".to_string()),
        Just("[[expect.all]]\ncheck = \"says\"\nin = [\"form\"]\nany = [\"topic.terms\"]".to_string()),
        Just("[[example]]\nname = \"n\"\noutcome = \"passed\"\nhtml = '<form><input type=email>'".to_string()),
        Just("phrases = { en = [\"a .. b|c* =the #\"] }".to_string()),
        "[a-z.]{1,12} = \"[a-z|*=#. {}]{0,12}\"",
        "\\PC{0,30}",
    ];
    prop::collection::vec(line, 0..8).prop_map(|lines| lines.join("\n"))
}

/// Markup as pages have it, in any order and nesting.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<form>".to_string()),
        Just("</form>".to_string()),
        Just("<label for=a>J'accepte de recevoir les offres des partenaires".to_string()),
        Just("</label>".to_string()),
        Just("<input type=checkbox id=a checked>".to_string()),
        Just("<input type=email name=email>".to_string()),
        Just("<select><option selected>Oui<option>Non</select>".to_string()),
        Just("<table><tr><td>".to_string()),
        Just("<ul><li>Toits du Val SAS, RCS Tours 000 000 059".to_string()),
        Just("<a href='#m' rel=next>liste des partenaires</a><dialog id=m>".to_string()),
        Just("<iframe srcdoc='<form><input>'></iframe>".to_string()),
        Just("<button>Je valide</button>".to_string()),
        Just("<template><input></template>".to_string()),
        "\\PC{0,12}".prop_map(|text| text),
        "[a-z]{1,6}".prop_map(|tag| format!("<{tag} form='' role=switch aria-checked=true>")),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// The values that are looked for in what pages send.
fn needles() -> &'static Needles {
    static NEEDLES: OnceLock<Needles> = OnceLock::new();
    NEEDLES.get_or_init(|| {
        let identities = &ruleset().identities;
        identities.of("FR").unwrap().needles()
    })
}

/// One layer around bytes; escapes only around text.
fn wrapped(layer: usize, bytes: Vec<u8>) -> Vec<u8> {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use flate2::{Compression, write};
    use std::io::Write;
    let level = Compression::fast();
    let each = |write: &dyn Fn(u32) -> String| {
        let text = std::str::from_utf8(&bytes).ok()?;
        let escaped: Vec<String> = text
            .encode_utf16()
            .map(|unit| write(u32::from(unit)))
            .collect();
        Some(escaped.concat().into_bytes())
    };
    match layer {
        0 => bytes
            .iter()
            .map(|byte| format!("%{byte:02x}"))
            .collect::<String>()
            .into(),
        1 => STANDARD.encode(bytes).into(),
        2 => URL_SAFE_NO_PAD.encode(bytes).into(),
        3 => bytes
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect::<String>()
            .into(),
        4 => each(&|unit| format!("\\u{unit:04x}")).unwrap_or(bytes),
        5 => each(&|unit| format!("&#{unit};")).unwrap_or(bytes),
        6 => {
            let mut to = write::GzEncoder::new(Vec::new(), level);
            to.write_all(&bytes).unwrap();
            to.finish().unwrap()
        }
        7 => {
            let mut to = write::ZlibEncoder::new(Vec::new(), level);
            to.write_all(&bytes).unwrap();
            to.finish().unwrap()
        }
        _ => {
            let mut to = write::DeflateEncoder::new(Vec::new(), level);
            to.write_all(&bytes).unwrap();
            to.finish().unwrap()
        }
    }
}

/// Pieces that cost most to take apart.
fn costly() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"%2525252540".to_vec()),
        Just(b"%5c\\u0025&#37;+".to_vec()),
        Just(b"UVVGQlFVRkJRVUZC".to_vec()),
        Just(b"414141414141".to_vec()),
        Just(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\xff\xff".to_vec()),
        Just(b"\x78\x9c\x00\x00\x00\xff\xff".to_vec()),
        Just(b"ysaline0639984726".to_vec()),
        Just(b"&amp;\\\\".to_vec()),
        prop::collection::vec(any::<u8>(), 1..12),
    ];
    prop::collection::vec(piece, 1..4).prop_map(|pieces| pieces.concat())
}

/// Pieces that registration numbers are made of.
fn number_like() -> impl Strategy<Value = String> {
    let label = prop_oneof![
        Just("SIREN "),
        Just("RCS Paris "),
        Just("company number "),
        Just("FR"),
        Just("HRB "),
        Just("Amtsgericht Köln "),
        Just("CHE-"),
        Just("P. IVA "),
        Just("CIF B-"),
        Just("BE 0"),
        Just(" SAS, "),
    ];
    prop_oneof![
        label.prop_map(str::to_string),
        "[0-9]{1,14}",
        "[ .,;:]{1,3}"
    ]
}

/// Words that try to be markup, links, formulas or the end of something.
fn words() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<script>alert(1)</script><img src=x onerror=alert(2)>".to_string()),
        Just("[link](https://evil.example) ![picture](//evil.example/x.png)".to_string()),
        Just(
            "https://evil.example/?q=1 www.evil.example a@evil.example @everyone #1 !2".to_string()
        ),
        Just("[ref]: https://evil.example \"x\"".to_string()),
        Just(" | x |\n| --- | --- |\r\n\r\n# heading\n- item\n```\n".to_string()),
        Just("\\".to_string()),
        Just("`".to_string()),
        Just("**_~~$x$~~_**".to_string()),
        Just("=HYPERLINK(\"https://evil.example\";\"x\")".to_string()),
        Just(";=1+1,\"+2\",'-3'\t@SUM(A1)".to_string()),
        Just("]]><![CDATA[ --> <!-- &amp; &#60; &evil; ?>".to_string()),
        Just("\u{0}\u{b}\u{1b}[31m\u{85}\u{2028}\u{fffe}\u{ffff}\u{202e}".to_string()),
        any::<String>(),
        "\\PC{0,12}",
    ];
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

/// The committed sample, with these words wherever a page's words can stand, and every outcome.
fn quoting(words: &str) -> Report {
    let sample = include_bytes!("../reports/sample/report.json");
    let mut report: Report = serde_json::from_slice(sample).unwrap();
    let text = || words.to_string();
    for target in &mut report.scan.targets {
        (target.url, target.vendor) = (text(), Some(text()));
    }
    for page in &mut report.pages {
        (page.url, page.final_url) = (text(), Some(text()));
        page.status_detail = Some(text());
    }
    for control in report.forms.iter_mut().flat_map(|f| &mut f.controls) {
        control.label = text();
    }
    let outcomes = [Outcome::Failed, Outcome::CantTell, Outcome::Passed];
    for (at, finding) in report.findings.iter_mut().enumerate() {
        finding.outcome = outcomes[at % 3];
        finding.message = format!("{at} {words}");
        finding.measured.0.insert("label".into(), text().into());
        for seen in &mut finding.observations {
            seen.quote = Some(text());
        }
    }
    report
}

fn written(format: Format, report: &Report) -> String {
    let threshold = Threshold {
        least: Some(Severity::Major),
        cant_tell: false,
    };
    format.text(report, ruleset(), &threshold).unwrap().unwrap()
}

/// How words look where only their visible letters count.
fn letters(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|c| !matches!(c, '\u{2060}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A cell's parts, as a program sees them that separates by semicolons; without the apostrophes in front.
fn parts(cell: &str) -> Vec<String> {
    let parts = cell.split(';');
    parts
        .map(|part| letters(part.trim_start_matches('\'')))
        .collect()
}

/// The failures that a JUnit report counts and holds, and the messages of all its cases.
fn cases_of(xml: &str) -> (Vec<usize>, Vec<String>) {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut counted, mut messages) = (vec![0; 2], Vec::new());
    loop {
        let event = reader.read_event().unwrap();
        let (Event::Start(start) | Event::Empty(start)) = &event else {
            if matches!(event, Event::Eof) {
                return (counted, messages);
            }
            continue;
        };
        let name = start.name().as_ref().to_string();
        for attribute in start.attributes() {
            let attribute = attribute.unwrap();
            let value = quick_xml::escape::unescape(&attribute.value).unwrap();
            match (name.as_str(), attribute.key.as_ref()) {
                ("testsuites", "failures") => counted[0] = value.parse().unwrap(),
                ("failure" | "skipped", "message") => messages.push(value.into_owned()),
                _ => {}
            }
        }
        counted[1] += usize::from(name == "failure");
    }
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn csv_reads_back_as_the_words_that_were_written(words in words()) {
        let report = quoting(&words);
        let text = written(Format::Csv, &report);
        prop_assert_eq!(text.matches("\r\n").count(), text.lines().count());
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let column = |name: &str| reader.headers().unwrap().iter().position(|h| h == name).unwrap();
        let columns = ["message", "control", "page", "vendor"].map(column);
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(rows.len(), report.findings.len());
        prop_assert_eq!(text.lines().count(), rows.len() + 1, "one line each");
        for (row, finding) in rows.iter().zip(&report.findings) {
            prop_assert_eq!(parts(&row[columns[0]]), parts(&finding.message));
            prop_assert_eq!(parts(&row[columns[2]]), parts(&words));
            prop_assert_eq!(parts(&row[columns[3]]), parts(&words));
            // A control without words is told by its name.
            if finding.control.is_some() && !words.is_empty() {
                prop_assert_eq!(parts(&row[columns[1]]), parts(&words));
            }
            for part in row.iter().flat_map(|cell| cell.split(';')) {
                prop_assert!(!part.trim_start().starts_with(['=', '+', '-', '@', '\t']), "{}", part);
            }
        }
    }

    #[test]
    fn junit_is_xml_whatever_a_page_says(words in words()) {
        let report = quoting(&words);
        let text = written(Format::Junit, &report);
        let (counted, messages) = cases_of(&text);
        prop_assert_eq!(counted[0], counted[1]);
        prop_assert!(counted[0] > 0);
        let allowed = |c: char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
        prop_assert!(text.chars().all(|c| c == '\n' || allowed(c)));
        let said: String = words.chars().filter(|c| c.is_control() || allowed(*c)).collect();
        for message in &messages {
            prop_assert!(letters(message).ends_with(&letters(&said)), "{}", message);
        }
    }

    #[test]
    fn markdown_says_the_words_and_does_nothing_else(words in words()) {
        use pulldown_cmark::{Event, Options, Parser, Tag};
        let report = quoting(&words);
        let text = written(Format::Markdown, &report);
        prop_assert!(!text.contains('<'));
        let options = Options::all() - Options::ENABLE_SMART_PUNCTUATION;
        let laws: Vec<&str> = report.findings.iter().flat_map(|f| f.basis.iter()).filter_map(|b| b.url.as_deref()).collect();
        let (mut plain, mut headings, mut tables) = (String::new(), 0, 0);
        for event in Parser::new_ext(&text, options) {
            match event {
                Event::Text(words) => plain.push_str(&words),
                Event::Start(Tag::Link { dest_url, .. }) => prop_assert!(laws.contains(&&*dest_url), "{}", dest_url),
                Event::Start(Tag::Heading { .. }) => headings += 1,
                Event::Start(Tag::Table(_)) => tables += 1,
                Event::Start(Tag::Image { .. } | Tag::HtmlBlock | Tag::CodeBlock(_) | Tag::BlockQuote(_) | Tag::FootnoteDefinition(_))
                | Event::Html(_) | Event::InlineHtml(_) | Event::InlineMath(_) | Event::DisplayMath(_)
                | Event::FootnoteReference(_) | Event::HardBreak | Event::Rule | Event::TaskListMarker(_) => {
                    prop_assert!(false, "{:?}", text)
                }
                _ => {}
            }
        }
        prop_assert_eq!((headings, tables), (6, 2));
        for table in text.split("### ").take(2) {
            let rows = table.lines().filter(|line| line.starts_with('|'));
            let cells: Vec<usize> = rows.map(|row| row.replace("\\\\", "").replace("\\|", "").matches('|').count()).collect();
            prop_assert!(cells.windows(2).all(|two| two[0] == two[1]), "{:?}", cells);
        }
        for link in ["://", "www.", "@e", "@s", "#1", "!2"] {
            prop_assert!(!plain.contains(link), "{} in {}", link, plain);
        }
        if words.chars().count() < 380 {
            prop_assert!(letters(&plain).contains(&letters(&words)), "{}", plain);
        }
    }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn any_markup_is_read(html in soup()) {
        read(&html);
    }

    #[test]
    fn reading_takes_steps_in_proportion_to_the_text(text in "(offres|de|partenaires|recevoir|par|e-mail|[a-z]{1,8}| |, |\\. ){0,200}", times in 2usize..6) {
        for lexicon in ruleset().lexicons.iter() {
            let once = lexicon.read(&text);
            let words = once.words.len() as u64;
            prop_assert!(once.steps <= 4_000 * (words + 1), "{}: {} steps for {} words", lexicon.language, once.steps, words);
            let many = lexicon.read(&format!("{text}. ").repeat(times));
            prop_assert!(many.steps <= (times as u64) * (once.steps + 4_000), "{} {}", many.steps, once.steps);
        }
    }

    #[test]
    fn any_page_is_judged(html in soup()) {
        judge(&html);
    }

    #[test]
    fn any_robots_file_is_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        consentry::crawl::robots_allow(&bytes, "https://a.example/form");
    }

    #[test]
    fn any_rule_file_is_loaded_or_refused(text in rule_like()) {
        let own = vec![("core/own.toml".to_string(), text)];
        if let Ok(ruleset) = consentry::pipeline::layered_rules(own)
            && let Some(rule) = ruleset.rule("own")
        {
            consentry::evaluate::run_examples(rule, &ruleset, &Default::default());
        }
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,400}") {
        for lexicon in ruleset().lexicons.iter() {
            let reading = lexicon.read(&text);
            for word in &reading.words {
                prop_assert!(text.get(word.start..word.end).is_some());
            }
        }
    }

    #[test]
    fn any_text_is_searched_for_numbers_and_names(text in "\\PC{0,300}", labels in prop::collection::vec(number_like(), 0..12)) {
        let entities = &ruleset().entities;
        for text in [text, labels.concat()] {
            let mut last = 0;
            for number in entities.numbers(&text) {
                prop_assert_eq!(text.get(number.start..number.end), Some(&*number.written));
                prop_assert!(number.start >= last, "one within another");
                last = number.end;
            }
            entities.names_number(&text, "123456782");
            entities.names_company(&text, "Exemple Banque SAS");
            entities.names_company("Exemple Banque SAS", &text);
        }
    }

    #[test]
    fn any_name_is_like_itself_and_likeness_goes_both_ways(one in "\\PC{0,40}", other in "\\PC{0,40}") {
        let entities = &ruleset().entities;
        prop_assert_eq!(entities.same_company(&one, &one), Likeness::Same);
        prop_assert_eq!(entities.same_company(&one, &other), entities.same_company(&other, &one));
    }

    #[test]
    fn dress_makes_no_other_company(words in prop::collection::vec("[A-Z][a-z]{5,9}", 1..4), form in 0usize..6) {
        let entities = &ruleset().entities;
        let name = words.join(" ");
        let plain = name.clone();
        let accented = name.replace('e', "é").replace('A', "À").replace('o', "ô");
        let form = ["SAS", "S.A.R.L.", "GmbH & Co. KG", "Ltd", "S.r.l.", "B.V."][form];
        let dressed = [
            name.to_uppercase(),
            name.to_lowercase(),
            accented,
            words.join("-"),
            words.concat(),
            format!("{name} {form}"),
            format!("{name}, {form}"),
            format!("{} {form}", name.to_uppercase()),
            format!("SARL {name}"),
            format!("Groupe {name}"),
        ];
        for other in dressed {
            prop_assert_eq!(entities.same_company(&plain, &other), Likeness::Same, "{} | {}", plain, other);
            if !other.starts_with("Groupe") {
                prop_assert_eq!(entities.names_company(&other, &plain), Likeness::Same, "{} | {}", other, plain);
            }
        }
        let longer = format!("{name} Banque {form}");
        prop_assert_eq!(entities.same_company(&plain, &longer), Likeness::Near);
        prop_assert_eq!(entities.names_company(&longer, &plain), Likeness::Near);
        let listed = format!("Alpha SA, {name} {form} et Omega SAS");
        prop_assert_eq!(entities.names_company(&listed, &plain), Likeness::Same);
    }

    #[test]
    fn any_bytes_are_decoded(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = decode_html(&bytes, Some("text/html; charset=x-unknown"));
    }

    #[test]
    fn a_broken_capture_is_looked_at_or_refused(which in any::<prop::sample::Index>(), places in prop::collection::vec((any::<prop::sample::Index>(), "[0-9,.\\-]"), 1..12)) {
        let captures = embedded_captures();
        let names: Vec<&String> = captures.keys().collect();
        let mut dom = captures[*which.get(&names)].dom.clone();
        let digits: Vec<usize> = (0..dom.len()).filter(|&at| dom[at].is_ascii_digit()).collect();
        for (place, with) in places {
            dom[*place.get(&digits)] = with.as_bytes()[0];
        }
        look(&dom);
    }

    #[test]
    fn any_snapshot_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0usize..100_000, with in any::<u8>()) {
        let _ = parse_snapshot(&bytes);
        // One byte of a real one changed.
        let mut real = include_bytes!("data/snapshot.json").to_vec();
        let place = at % real.len();
        real[place] = with;
        let _ = parse_snapshot(&real);
    }

    #[test]
    fn an_address_that_is_accepted_is_a_web_address(text in "\\PC{0,60}") {
        if let Ok(url) = parse_url(&text) {
            prop_assert!(matches!(url.scheme(), "http" | "https"));
            prop_assert!(url.has_host() && url.username().is_empty() && url.password().is_none());
        }
    }
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn any_request_is_searched(bytes in prop::collection::vec(any::<u8>(), 0..600), text in any::<String>()) {
        prop_assert!(needles().search(&bytes).complete);
        let headers = [(text.clone(), text.clone()), ("content-type".into(), format!("multipart/x; boundary={text}"))];
        needles().in_request(&text, &headers, &bytes);
        needles().in_request(&format!("https://a.example/{text}?{text}#{text}"), &headers, text.as_bytes());
        Needles::new(&[(Field::FullName, &text), (Field::Phone, &text), (Field::BirthDate, &text)]).find(&bytes);
    }

    #[test]
    fn a_value_is_found_within_any_layers(
        local in "[a-z]{3,9}\\.[a-zé]{4,9}[0-9]{0,3}",
        around in "[ -~]{0,20}",
        layers in prop::collection::vec(0usize..9, 0..=DEPTH),
    ) {
        let email = format!("{local}@example.org");
        let needles = Needles::new(&[(Field::Email, &email)]);
        let mut bytes = format!("{{\"{around}\":\"{email}\"}}").into_bytes();
        for layer in &layers {
            bytes = wrapped(*layer, bytes);
        }
        let search = needles.search(&bytes);
        prop_assert!(search.complete);
        prop_assert!(!search.hits.is_empty(), "{}", String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn a_hash_of_a_value_is_found(local in "[a-zA-Z]{3,9}\\.[a-z]{4,9}", before in "[ -~]{0,9}", kind in 0usize..3) {
        use sha2::Digest;
        let email = format!("{local}@example.org");
        let lower = email.to_lowercase();
        let (digest, encoding) = match kind {
            0 => (md5::Md5::digest(&lower).to_vec(), Encoding::Md5),
            1 => (sha1::Sha1::digest(&lower).to_vec(), Encoding::Sha1),
            _ => (sha2::Sha256::digest(&lower).to_vec(), Encoding::Sha256),
        };
        let needles = Needles::new(&[(Field::Email, &email)]);
        for written in [wrapped(3, digest.clone()), wrapped(1, digest.clone()), wrapped(2, digest.clone())] {
            let hits = needles.find(&[format!("{before}&h=").into_bytes(), written].concat());
            prop_assert!(hits.iter().any(|hit| hit.form.encoding == encoding), "{:?}", hits);
        }
    }

    #[test]
    fn searching_costs_in_proportion(piece in costly()) {
        let of = |size: usize| {
            let bytes: Vec<u8> = piece.iter().copied().cycle().take(size).collect();
            needles().search(&bytes).steps
        };
        let (small, large) = (of(20_000), of(80_000));
        prop_assert!(large <= small * 6 + 200_000, "{} {}", small, large);
        prop_assert!(large < 2_000 * 80_000, "{}", large);
    }
}

#[test]
fn ordinary_bodies_hold_nobody() {
    let identities = &ruleset().identities;
    let mut bodies: Vec<Vec<u8>> = [
        "docs/schema/report.schema.json",
        "docs/rules/consent-unticked.md",
        "docs/accuracy.md",
        "Cargo.lock",
        "rules/lexicon/fr.toml",
        "rules/entities.toml",
        "reports/sample/screenshots/p6-desktop-v1-s1-settled-1.png",
    ]
    .iter()
    .map(|path| std::fs::read(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap())
    .collect();
    // xorshift: the same bytes in every run.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut chance = |letters: &[u8], size: usize| -> Vec<u8> {
        let next = |_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        };
        (0..size)
            .map(next)
            .map(|byte| {
                if letters.is_empty() {
                    byte
                } else {
                    letters[usize::from(byte) % letters.len()]
                }
            })
            .collect()
    };
    bodies.push(chance(b"", 1 << 20));
    bodies.push(chance(b"0123456789", 1 << 20));
    bodies.push(chance(b"0123456789 .-/,", 1 << 20));
    bodies.push(chance(b"0123456789abcdef", 1 << 20));
    bodies.push(chance(b"abcdefghijklmnopqrstuvwxyz -.@", 1 << 20));
    let image = chance(b"", 1 << 20);
    bodies.push([b"data:image/png;base64,".to_vec(), wrapped(1, image)].concat());
    // Everybody's values at once.
    let persons = identities
        .countries()
        .filter_map(|country| identities.of(country));
    let values: Vec<(Field, String)> = persons.flat_map(|person| person.identifying()).collect();
    let values: Vec<(Field, &str)> = values
        .iter()
        .map(|(field, value)| (*field, value.as_str()))
        .collect();
    let needles = Needles::new(&values);
    for (at, body) in bodies.iter().enumerate() {
        let search = needles.search(body);
        assert_eq!(search.hits, [] as [Hit; 0], "body {at}");
        assert!(search.complete, "body {at}");
    }
}

#[test]
fn deep_and_wide_markup_is_bounded() {
    let abyss = format!(
        "<form><input type=email></form>{}",
        "<div>".repeat(1_000_000)
    );
    assert_eq!(read(&abyss), 1);
    let compares = format!(
        "<script>{}</script><form><input type=email></form>",
        "if(i<n)".repeat(10_000)
    );
    assert_eq!(read(&compares), 1);
    let loose = format!(
        "<button>x</button>{}<form></form>",
        "<input>".repeat(20_000)
    );
    read(&loose);
    let brands: String = (0..5_000)
        .map(|n| format!("<img alt='logo x{n}'><p>I agree to offers."))
        .collect();
    read(&brands);
    let deep = format!(
        "{}<form><input type=email>{}",
        "<div>".repeat(20_000),
        "</div>".repeat(20_000)
    );
    read(&deep);
    let wide = format!(
        "<form>{}</form>",
        "<label><input type=checkbox name=x>J'accepte</label>".repeat(5_000)
    );
    assert_eq!(read(&wide), 1);
}

#[test]
fn searching_names_and_numbers_is_bounded() {
    let entities = &ruleset().entities;
    for piece in [
        "SIREN ",
        "a ",
        "Exemple ",
        "company no ",
        "123 ",
        "S.A. ",
        "exemple et ",
        "(((",
    ] {
        let text = piece.repeat(100_000 / piece.len());
        entities.numbers(&text);
        entities.names_company(&text, "Exemple Exemple Banque");
        entities.names_company("Exemple", &text);
        entities.names_number(&text, "123123123");
    }
}
