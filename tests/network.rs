//! What a scan reaches and what it must not: the address guard end to end, crawling, robots.txt, rates,
//! fresh contexts, TLS. Forbidden addresses are other loopback ones, so that nothing real is reached
//! where a guard fails.

mod common;

use std::path::Path;
use std::time::{Duration, Instant};

use common::tls::Secure;
use common::{ALLOWED, Answer, FORM, Server, code, list, run, scan, statuses, stderr, stranger};
use serde_json::Value;

#[test]
fn private_addresses_are_refused_unless_allowed() {
    let server = Server::start(|_| Answer::html(FORM));
    let port = server.address.port();
    for mode in [&[][..], &["--static"][..]] {
        for url in [
            server.url("/"),
            format!("http://localhost:{port}/"),
            format!("http://2130706433:{port}/"),
            format!("http://[::ffff:127.0.0.1]:{port}/"),
            format!("http://inside.example:{port}/"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let mut arguments = vec![url.as_str(), "--resolve", "inside.example:127.0.0.1"];
            arguments.extend(mode);
            let report = scan(folder.path(), &arguments);
            assert_eq!(statuses(&report), ["refused"], "{url} {mode:?}");
            let why = list(&report, "pages")[0]["status_detail"].as_str().unwrap();
            assert!(why.contains("--allow-private-network"), "{why}");
        }
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn sub_requests_and_sockets_reach_no_forbidden_address() {
    let stranger = stranger(|_| Answer::of("text/plain", b"reached".to_vec()));
    let other = stranger.address;
    let server = Server::start(move |request| match request.path.as_str() {
        "/" => Answer::html(format!(
            "<html lang=en><head><link rel=stylesheet href=http://{other}/style.css>\
             <link rel=preconnect href=http://{other}><link rel=dns-prefetch href=//{other}>\
             <link rel=prefetch href=http://{other}/prefetch></head><body>{FORM}\
             <img src=http://{other}/img.png><img src=/redirected.png>\
             <iframe src=http://{other}/frame></iframe>\
             <script src=http://{other}/script.js></script>\
             <script>fetch('http://{other}/fetch',{{mode:'no-cors'}}).catch(function(){{}});\
             fetch('http://evil.example:{port}/named',{{mode:'no-cors'}}).catch(function(){{}});\
             navigator.sendBeacon('http://{other}/beacon','x');\
             new WebSocket('ws://{other}/socket');\
             new EventSource('http://{other}/events');\
             try{{var r=new RTCPeerConnection({{iceServers:[{{urls:'stun:{other}'}}]}});\
             r.createDataChannel('x');r.createOffer().then(function(o){{r.setLocalDescription(o)}})}}catch(e){{}}\
             try{{new Worker('data:text/javascript,fetch(\"http://{other}/worker\",{{mode:\"no-cors\"}})')}}catch(e){{}}\
             </script></body></html>",
            port = other.port(),
        )),
        "/redirected.png" => Answer::redirect(format!("http://{other}/redirected")),
        _ => Answer::status(404),
    });
    let folder = tempfile::tempdir().unwrap();
    let resolve = "evil.example:127.0.0.2";
    let report = scan(
        folder.path(),
        &[
            &server.url("/"),
            ALLOWED,
            "--depth",
            "0",
            "--resolve",
            resolve,
        ],
    );
    assert_eq!(statuses(&report), ["examined"]);
    assert_eq!(stranger.connections(), 0, "{:?}", stranger.paths());
    let gaps = list(&report, "pages")[0]["gaps"].to_string();
    assert!(
        gaps.contains("127.0.0.2") && gaps.contains("evil.example"),
        "{gaps}"
    );
}

#[test]
fn a_redirect_to_a_forbidden_address_is_refused() {
    let stranger = stranger(|_| Answer::html(FORM));
    let to = stranger.url("/");
    let server = Server::start(move |request| match request.path.as_str() {
        "/http" => Answer::redirect(to.clone()),
        "/script" => Answer::html(format!("<script>location.href='{to}'</script>")),
        "/meta" => Answer::html(format!("<meta http-equiv=refresh content='0;url={to}'>")),
        _ => Answer::status(404),
    });
    for mode in [&[][..], &["--static"][..]] {
        let folder = tempfile::tempdir().unwrap();
        let mut arguments = vec![ALLOWED, "--depth", "0"];
        arguments.extend(mode);
        let urls = ["/http", "/script", "/meta"].map(|path| server.url(path));
        arguments.extend(urls.iter().map(String::as_str));
        let report = scan(folder.path(), &arguments);
        let wanted = if mode.is_empty() {
            ["refused", "refused", "refused"]
        } else {
            // Without a browser nothing follows scripts or refreshes.
            ["refused", "examined", "examined"]
        };
        assert_eq!(statuses(&report), wanted, "{mode:?}");
    }
    assert_eq!(stranger.connections(), 0);
}

#[test]
fn no_third_parties_means_none() {
    let third = stranger(|_| Answer::of("text/plain", b"x".to_vec()));
    let port = third.address.port();
    let server = Server::start(move |request| match request.path.as_str() {
        "/" => Answer::html(format!(
            "<html lang=en>{FORM}<img src=http://cdn.example:{port}/x.png>"
        )),
        _ => Answer::status(404),
    });
    let folder = tempfile::tempdir().unwrap();
    let url = server.url("/");
    let both = [
        "--allow-private-network",
        "--resolve",
        "cdn.example:127.0.0.2",
        "--depth",
        "0",
        url.as_str(),
    ];
    let mut arguments = vec!["--no-third-parties"];
    arguments.extend(both);
    let report = scan(folder.path(), &arguments);
    assert_eq!(third.connections(), 0);
    assert!(
        list(&report, "pages")[0]["gaps"]
            .to_string()
            .contains("cdn.example")
    );
    let folder = tempfile::tempdir().unwrap();
    scan(folder.path(), &both);
    assert!(third.connections() > 0, "without the flag it is reached");
}

/// A small site with everything a crawl meets.
fn site() -> Server {
    Server::start(|request| {
        let path = request
            .path
            .split('?')
            .next()
            .unwrap_or_default()
            .to_string();
        let link = |to: &str, words: &str| format!("<a href='{to}'>{words}</a> ");
        match path.as_str() {
            "/robots.txt" => Answer::of("text/plain", format!("User-agent: *\nDisallow: /closed\nSitemap: http://{}/map.xml\n", request.headers["host"]).into_bytes()),
            "/map.xml" => Answer::of(
                "application/xml",
                format!("<urlset><url><loc>http://{0}/quote/from-map</loc></url><url><loc>http://{0}/blog/post</loc></url></urlset>", request.headers["host"]).into_bytes(),
            ),
            "/" => Answer::html(format!(
                "<html lang=en><body>{}{}{}{}{}{}</body></html>",
                link("/quote", "Get a free quote"),
                link("/blog", "Blog"),
                link("/closed/contest", "Enter the contest"),
                link("/privacy", "Privacy policy"),
                link("http://forms.partner.example:PORT/start".replace("PORT", request.headers["host"].split(':').nth(1).unwrap()).as_str(), "Get my free quote now"),
                link("/brochure", "Request a free quote brochure"),
            )),
            "/brochure" => Answer::html("<html lang=en><p>Nothing but text.</p>"),
            "/privacy" => Answer::html("<html lang=en><title>Privacy policy</title><p>Sunny Quotes Ltd is the data controller.</p>"),
            "/start" => Answer::html(format!("<html lang=en>{FORM}<a href='/deeper'>Get another quote</a>")),
            _ => Answer::html(format!("<html lang=en>{FORM}<a href='/privacy'>Privacy policy</a>")),
        }
    })
}

fn opened(server: &Server, more: &[&str]) -> (Vec<String>, Value) {
    let folder = tempfile::tempdir().unwrap();
    let url = server.url("/");
    let mut arguments = vec![
        url.as_str(),
        "--allow-private-network=127.0.0.1",
        "--resolve",
        "forms.partner.example:127.0.0.1",
    ];
    arguments.extend(more);
    let report = scan(folder.path(), &arguments);
    let pages = list(&report, "pages")
        .iter()
        .filter(|page| page["status"] == "examined")
        .map(|page| {
            let url = url::Url::parse(page["url"].as_str().unwrap()).unwrap();
            let host = if url.host_str() == Some("127.0.0.1") {
                ""
            } else {
                url.host_str().unwrap()
            };
            format!("{host}{}", url.path())
        })
        .collect();
    (pages, report)
}

#[test]
fn a_crawl_opens_forms_and_legal_pages_and_nothing_else() {
    let server = site();
    let (mut pages, report) = opened(&server, &[]);
    pages.sort();
    assert_eq!(
        pages,
        [
            "/",
            "/privacy",
            "/quote",
            "/quote/from-map",
            "forms.partner.example/start"
        ]
    );
    let closed: Vec<&str> = list(&report, "pages")
        .iter()
        .filter(|page| page["status"] == "robots")
        .map(|page| page["url"].as_str().unwrap())
        .collect();
    assert!(
        closed.len() == 1 && closed[0].ends_with("/closed/contest"),
        "{closed:?}"
    );
    assert!(report["scan"]["left_out"].to_string().contains("/brochure"));
    assert!(
        !server
            .paths()
            .iter()
            .any(|path| path.starts_with("/closed"))
    );
}

#[test]
fn a_crawl_keeps_its_limits() {
    let server = site();
    assert_eq!(opened(&server, &["--depth", "0"]).0, ["/"]);
    let (pages, report) = opened(&server, &["--max-pages", "2"]);
    assert_eq!(pages.len(), 2);
    assert!(
        report["scan"]["left_out"]
            .to_string()
            .contains("--max-pages")
    );
    let (pages, _) = opened(&server, &["--ignore-robots"]);
    assert!(pages.contains(&"/closed/contest".to_string()));
}

#[test]
fn a_given_page_is_opened_once_even_where_robots_txt_closes_it() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Answer::of("text/plain", b"User-agent: *\nDisallow: /\n".to_vec()),
        _ => Answer::html(FORM),
    });
    let folder = tempfile::tempdir().unwrap();
    let report = scan(folder.path(), &[&server.url("/form"), ALLOWED]);
    assert_eq!(statuses(&report), ["examined"]);
    assert!(
        list(&report, "pages")[0]["gaps"]
            .to_string()
            .contains("robots.txt")
    );
}

#[test]
fn pages_of_one_host_wait_for_each_other() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Answer::status(404),
        _ => Answer::html(FORM),
    });
    let folder = tempfile::tempdir().unwrap();
    let urls = ["/a", "/b", "/c"].map(|path| server.url(path));
    let began = Instant::now();
    let mut arguments = vec![
        "scan", "--static", "--out", "out", ALLOWED, "--depth", "0", "--rate", "2",
    ];
    arguments.extend(urls.iter().map(String::as_str));
    run(folder.path(), &arguments);
    assert!(
        began.elapsed() >= Duration::from_millis(1_000),
        "three pages at two a second"
    );
}

#[test]
fn visits_share_nothing_and_say_who_they_are() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Answer::status(404),
        _ => {
            let mut answer = Answer::html(format!(
                "{FORM}<script>document.title=localStorage.getItem('x')||'none';localStorage.setItem('x','seen')</script>"
            ));
            answer
                .headers
                .push(("set-cookie", "id=1; Path=/; Max-Age=99999".into()));
            answer
        }
    });
    for (agent, honest) in [(None, true), (Some("plain"), false)] {
        let folder = tempfile::tempdir().unwrap();
        let urls = ["/a", "/b", "/c"].map(|path| server.url(path));
        let mut arguments = vec![ALLOWED, "--depth", "0", "--jobs", "1"];
        if let Some(agent) = agent {
            arguments.extend(["--user-agent", agent]);
        }
        arguments.extend(urls.iter().map(String::as_str));
        let before = server.requests().len();
        scan(folder.path(), &arguments);
        let asked = &server.requests()[before..];
        assert!(
            asked
                .iter()
                .all(|request| !request.headers.contains_key("cookie")),
            "{asked:?}"
        );
        let agents: Vec<&String> = asked
            .iter()
            .map(|request| &request.headers["user-agent"])
            .collect();
        assert!(
            agents
                .iter()
                .all(|agent| agent.contains("consentry/") == honest),
            "{agents:?}"
        );
        assert!(
            agents.iter().all(|agent| !agent.contains("Headless")),
            "{agents:?}"
        );
        let captures = folder.path().join("out/captures");
        let document =
            std::fs::read_to_string(captures.join("p3-desktop-v1-s1-settled/dom.json")).unwrap();
        assert!(
            document.contains("\"none\""),
            "storage of an earlier visit was seen"
        );
    }
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_a_tls_error() {
    let server = Secure::self_signed();
    for mode in [&[][..], &["--static"][..]] {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("https://{}/", server.address);
        let mut arguments = vec![url.as_str(), ALLOWED];
        arguments.extend(mode);
        assert_eq!(
            statuses(&scan(folder.path(), &arguments)),
            ["tls_error"],
            "{mode:?}"
        );
    }
}

#[test]
fn chrome_is_gone_when_the_program_is() {
    let server = Server::start(|_| Answer::html(FORM));
    let folder = tempfile::tempdir().unwrap();
    let profiles = folder.path().join("tmp");
    std::fs::create_dir(&profiles).unwrap();
    let output = common::consentry(folder.path())
        .env("TMPDIR", &profiles)
        .args([
            "scan",
            &server.url("/"),
            "--out",
            "out",
            ALLOWED,
            "--depth",
            "0",
        ])
        .output()
        .unwrap();
    assert_ne!(code(&output), 2, "{}", stderr(&output));
    std::thread::sleep(Duration::from_millis(500));
    let mark = profiles.display().to_string();
    let alive: Vec<String> = std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| std::fs::read_to_string(entry.path().join("cmdline")).ok())
        .filter(|line| line.contains(&mark))
        .collect();
    assert!(alive.is_empty(), "{alive:?}");
    let left: Vec<_> = std::fs::read_dir(&profiles)
        .unwrap()
        .flatten()
        .map(|e| e.path())
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_form_that_sends_itself_is_not_sent() {
    let server = Server::start(|request| match request.path.split('?').next().unwrap() {
        "/get" => Answer::html(format!(
            "<html lang=en>{}<script>document.forms[0].submit()</script>",
            FORM.replace("method=post", "method=get")
        )),
        "/post" => Answer::html(format!(
            "<html lang=en>{FORM}<script>document.forms[0].submit()</script>"
        )),
        "/click" => Answer::html(format!(
            "<html lang=en>{FORM}<script>onload=function(){{document.querySelector('[name=email]').value='a@b.example';document.querySelector('button').click()}}</script>"
        )),
        "/frame" => Answer::html(format!(
            "<html lang=en>{FORM}<iframe srcdoc=\"<form action=/held method=get><input name=x value=1></form><script>document.forms[0].submit()</script>\"></iframe>"
        )),
        "/target" => Answer::html(
            "<html lang=en><iframe name=f></iframe><form action=/held target=f><input type=email name=email value=a@b.example><button>Go</button></form><script>onload=function(){document.forms[0].submit()}</script>",
        ),
        "/window" => Answer::html(format!(
            "<html lang=en>{}<script>document.forms[0].submit()</script>",
            FORM.replace("method=post", "method=post target=_blank")
        )),
        "/robots.txt" => Answer::status(404),
        _ => Answer::html("<html lang=en><p>Thank you</p>"),
    });
    let folder = tempfile::tempdir().unwrap();
    let urls =
        ["/get", "/post", "/click", "/frame", "/target", "/window"].map(|path| server.url(path));
    let mut arguments = vec![ALLOWED, "--depth", "0"];
    arguments.extend(urls.iter().map(String::as_str));
    let report = scan(folder.path(), &arguments);
    let held: Vec<String> = server
        .paths()
        .into_iter()
        .filter(|path| path.starts_with("/held"))
        .collect();
    assert!(held.is_empty(), "{held:?}");
    assert_eq!(statuses(&report), ["examined"; 6]);
    let forms = list(&report, "forms")
        .iter()
        .filter(|form| form["kind"] == "collection");
    assert_eq!(
        forms.count(),
        6,
        "the form is judged, not what would come after it"
    );
    for page in &list(&report, "pages")[..5] {
        assert!(
            page["gaps"].to_string().contains("nothing is submitted"),
            "{page}"
        );
    }
}

#[test]
fn frames_of_other_sites_are_read_and_held_too() {
    let other = stranger(|request| match request.path.as_str() {
        "/form" => Answer::html(format!(
            "<html lang=en>{FORM}<script>document.forms[0].submit()</script>"
        )),
        _ => Answer::html("thanks"),
    });
    let frame = other.url("/form");
    let server = Server::start(move |request| match request.path.as_str() {
        "/" => Answer::html(format!(
            "<html lang=en><h1>Quote</h1><iframe src='{frame}' width=600 height=400></iframe>"
        )),
        _ => Answer::status(404),
    });
    let browsers = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];
    for chrome in browsers.into_iter().filter(|path| Path::new(path).exists()) {
        let folder = tempfile::tempdir().unwrap();
        let report = scan(
            folder.path(),
            &[
                &server.url("/"),
                "--allow-private-network",
                "--depth",
                "0",
                "--chrome",
                chrome,
            ],
        );
        let forms = list(&report, "forms");
        assert_eq!(
            forms.len(),
            1,
            "{chrome}: {}",
            list(&report, "pages")[0]["gaps"]
        );
        assert!(forms[0]["frame_url"].as_str().unwrap().ends_with("/form"));
    }
    assert!(
        !other.paths().iter().any(|path| path == "/held"),
        "{:?}",
        other.paths()
    );
}

#[test]
fn a_page_that_redirects_is_opened_once() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Answer::status(404),
        "/quote" => Answer::redirect("/quote/"),
        _ => Answer::html(format!(
            "<html lang=en>{FORM}<a href='/quote/'>Get a free quote</a>"
        )),
    });
    let folder = tempfile::tempdir().unwrap();
    let report = scan(folder.path(), &[&server.url("/quote"), ALLOWED]);
    assert_eq!(list(&report, "pages").len(), 1);
}

#[test]
fn a_robots_txt_that_fails_closes_what_was_not_given() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Answer::status(503),
        _ => Answer::html(format!(
            "<html lang=en>{FORM}<a href='/quote'>Get a free quote</a>"
        )),
    });
    let folder = tempfile::tempdir().unwrap();
    let report = scan(folder.path(), &[&server.url("/"), ALLOWED]);
    assert_eq!(statuses(&report), ["examined", "robots"]);
    let why = list(&report, "pages")[1]["status_detail"].as_str().unwrap();
    assert!(why.contains("could not be read"), "{why}");
    assert!(
        !list(&report, "pages")[0]["gaps"]
            .to_string()
            .contains("robots.txt")
    );
}
