//! Which way a scan goes: `--proxy` and `--resolve`, in Chrome and without it. Proxies and servers are
//! loopback ones; what a proxy was asked for is written down.

mod common;

use std::net::{IpAddr, Ipv6Addr, TcpListener};

use common::proxy::{Manners, Proxy};
use common::{ALLOWED, Answer, FORM, Server, code, list, run, scan, statuses, stderr, stranger};
use serde_json::Value;

const MODES: [&[&str]; 2] = [&[], &["--static"]];

/// A page with a form, and a picture from each of these addresses.
fn site(pictures: &[String]) -> Server {
    let pictures: String = pictures
        .iter()
        .map(|url| format!("<img src='{url}'>"))
        .collect();
    Server::start(move |request| match request.path.as_str() {
        "/" => Answer::html(format!("<html lang=en>{FORM}{pictures}")),
        _ => Answer::status(404),
    })
}

fn proxies(manners: Manners) -> [(&'static str, Proxy); 2] {
    [
        ("http", Proxy::http(manners)),
        ("socks5", Proxy::socks5(manners)),
    ]
}

fn detail(report: &Value) -> &str {
    list(report, "pages")[0]["status_detail"]
        .as_str()
        .unwrap_or_default()
}

#[test]
fn everything_goes_through_the_proxy_by_address() {
    let server = site(&[]);
    let port = server.address.port();
    let named = format!("http://quotes.example:{port}/");
    let secure = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let secured = format!("https://{secure}/");
    let six = Server::on(IpAddr::from(Ipv6Addr::LOCALHOST), |_| Answer::html(FORM));
    let by_six = six.url("/");
    for mode in MODES {
        for (scheme, proxy) in proxies(Manners {
            wants: Some("user:s3cr:t@"),
            ..Manners::default()
        }) {
            let before = server.connections();
            let folder = tempfile::tempdir().unwrap();
            let url = format!("{scheme}://user:s3cr%3At%40@{}", proxy.address);
            let mut arguments = vec![
                named.as_str(),
                &secured,
                &by_six,
                "--allow-private-network=127.0.0.1,::1",
                "--depth",
                "0",
                "--resolve",
                "quotes.example:127.0.0.1",
                "--proxy",
                &url,
            ];
            arguments.extend(mode);
            let report = scan(folder.path(), &arguments);
            // Nothing listens at the second; that it was asked for shows the way of https.
            assert_eq!(
                statuses(&report),
                ["examined", "unreachable", "examined"],
                "{scheme} {mode:?}"
            );
            let asked = proxy.asked();
            let wanted = [
                format!("127.0.0.1:{port}"),
                secure.to_string(),
                format!("[::1]:{}", six.address.port()),
            ];
            assert!(asked.iter().all(|to| wanted.contains(to)), "{asked:?}");
            assert!(wanted.iter().all(|to| asked.contains(to)), "{asked:?}");
            let came = server.connections() - before;
            let sent = asked.iter().filter(|to| **to == wanted[0]).count();
            assert_eq!(came, sent, "none of them beside the proxy");
            let recorded = &report["scan"]["settings"]["capture"]["proxy"];
            assert_eq!(*recorded, format!("{scheme}://{}", proxy.address));
            let all = common::everything(folder.path());
            assert!(
                all.contains(&format!("{}</code>", proxy.address)),
                "report.html"
            );
            assert!(!all.contains("s3cr"), "credentials are recorded nowhere");
        }
    }
}

#[test]
fn a_proxy_is_asked_for_no_forbidden_address() {
    let stranger = stranger(|_| Answer::html(FORM));
    let other = stranger.address;
    for (scheme, proxy) in proxies(Manners::default()) {
        let at = format!("{scheme}://{}", proxy.address);
        let server = site(&[
            format!("http://{other}/picture"),
            format!("https://{other}/picture"),
            format!("http://evil.example:{}/", other.port()),
            format!("http://{}/the-proxy-itself", proxy.address),
        ]);
        let own = server.url("/");
        for mode in MODES {
            let folder = tempfile::tempdir().unwrap();
            let mut arguments = vec![
                own.as_str(),
                ALLOWED,
                "--resolve",
                "evil.example:127.0.0.2",
                "--depth",
                "0",
                "--proxy",
                &at,
            ];
            let forbidden = stranger.url("/");
            arguments.push(&forbidden);
            arguments.extend(mode);
            let report = scan(folder.path(), &arguments);
            assert_eq!(
                statuses(&report),
                ["examined", "refused"],
                "{scheme} {mode:?}"
            );
        }
        let asked = proxy.asked();
        assert!(!asked.is_empty());
        assert!(
            asked.iter().all(|to| *to == server.address.to_string()),
            "{asked:?}"
        );
        // Allowed, it is asked for them: but for itself.
        let folder = tempfile::tempdir().unwrap();
        let all = "--allow-private-network";
        let resolve = "evil.example:127.0.0.2";
        scan(
            folder.path(),
            &[
                &own,
                all,
                "--resolve",
                resolve,
                "--depth",
                "0",
                "--proxy",
                &at,
            ],
        );
        let asked = proxy.asked();
        let others = asked.iter().filter(|to| **to == other.to_string()).count();
        assert!(others >= 3, "{asked:?}");
        assert!(!asked.contains(&proxy.address.to_string()), "{asked:?}");
    }
}

#[test]
fn a_proxy_that_does_not_serve_is_named_with_the_reason() {
    let server = site(&[]);
    let url = server.url("/");
    let wants = Manners {
        wants: Some("user:right"),
        ..Manners::default()
    };
    let refuses = Manners {
        refuses: true,
        ..Manners::default()
    };
    let cases = [
        (wants, "", "a user name and a password"),
        (
            wants,
            "user:wrong@",
            "does not accept the user name and password",
        ),
        (refuses, "", "did not connect to 127.0.0.1:"),
    ];
    for (manners, credentials, words) in cases {
        for (scheme, proxy) in proxies(manners) {
            for mode in MODES {
                let folder = tempfile::tempdir().unwrap();
                let at = format!("{scheme}://{credentials}{}", proxy.address);
                let mut arguments = vec![url.as_str(), ALLOWED, "--depth", "0", "--proxy", &at];
                arguments.extend(mode);
                let report = scan(folder.path(), &arguments);
                assert_eq!(statuses(&report), ["unreachable"]);
                let why = detail(&report);
                assert!(
                    why.contains(words) && !why.contains("wrong"),
                    "{scheme}: {why}"
                );
                assert!(
                    why.contains(&format!("the proxy {scheme}://{}", proxy.address)),
                    "{why}"
                );
            }
        }
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_wrong_or_dead_proxy_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |arguments: &[&str]| {
        let mut all = vec!["scan", "http://127.0.0.1:9/", ALLOWED, "--out", "out"];
        all.extend(arguments);
        let output = run(folder.path(), &all);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", stderr(&output));
        assert!(!folder.path().join("out").exists(), "{arguments:?}");
        let text = stderr(&output);
        assert!(text.contains("what to do"), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
        text
    };
    for wrong in [
        "proxy.example:3128",
        "127.0.0.1:3128",
        "https://proxy.example:3128",
        "socks4://proxy.example:1080",
        "ftp://proxy.example",
        "http://",
        "socks5://",
        "http://user:hunter2@proxy.example:3128/path",
        "http://user:hunter2@proxy.example:99999",
        "socks5://:hunter2@proxy.example:1080",
        "",
    ] {
        assert!(
            ask(&["--proxy", wrong]).contains("--proxy is not"),
            "{wrong}"
        );
    }
    // A port that nobody listens at.
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for scheme in ["http", "socks5"] {
        let at = format!("{scheme}://user:hunter2@{free}");
        let text = ask(&["--proxy", &at]);
        assert!(
            text.contains(&format!("the proxy {scheme}://{free} cannot be reached")),
            "{text}"
        );
    }
}

#[test]
fn the_proxy_may_stand_in_the_environment_or_the_file() {
    let server = site(&[]);
    let [(_, first), (_, second)] = proxies(Manners::default());
    let folder = tempfile::tempdir().unwrap();
    let file = format!("[look]\nproxy = \"http://{}\"\n", first.address);
    std::fs::write(folder.path().join("consentry.toml"), file).unwrap();
    let url = server.url("/");
    let arguments = [
        "capture", "--static", "--depth", "0", ALLOWED, &url, "--out",
    ];
    let capture = |out: &str, proxy: Option<String>| {
        let mut command = common::consentry(folder.path());
        if let Some(proxy) = proxy {
            command.env("CONSENTRY_PROXY", proxy);
        }
        let output = command.args(arguments).arg(out).output().unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    };
    capture("by-file", None);
    assert!(!first.asked().is_empty() && second.asked().is_empty());
    let before = first.asked().len();
    capture(
        "by-environment",
        Some(format!("socks5://{}", second.address)),
    );
    assert!(first.asked().len() == before && !second.asked().is_empty());
    let secret = format!("http://user:hunter2@{}", first.address);
    let help = common::consentry(folder.path())
        .env("CONSENTRY_PROXY", secret)
        .args(["scan", "--help"])
        .output()
        .unwrap();
    let help = common::stdout(&help);
    assert!(
        help.contains("--proxy <URL>") && !help.contains("hunter2"),
        "{help}"
    );
}

#[test]
fn names_resolve_as_told() {
    let four = site(&[]);
    let six = Server::on(IpAddr::from(Ipv6Addr::LOCALHOST), |_| Answer::html(FORM));
    let urls = [
        format!("http://four.example:{}/", four.address.port()),
        format!("http://Bücher.example.:{}/", four.address.port()),
        format!("http://six.example:{}/", six.address.port()),
        format!("http://bare-six.example:{}/", six.address.port()),
    ];
    for mode in MODES {
        let folder = tempfile::tempdir().unwrap();
        let mut arguments = vec![
            "--allow-private-network=127.0.0.1,::1",
            "--depth",
            "0",
            "--resolve",
            "FOUR.example:127.0.0.1,bücher.example:127.0.0.1",
            "--resolve",
            "six.example:[::1]",
            "--resolve",
            "bare-six.example:::1",
        ];
        arguments.extend(urls.iter().map(String::as_str));
        arguments.extend(mode);
        let report = scan(folder.path(), &arguments);
        assert_eq!(statuses(&report), ["examined"; 4], "{mode:?}");
    }
    let hosts: Vec<String> = six
        .requests()
        .into_iter()
        .map(|r| r.headers["host"].clone())
        .collect();
    assert!(
        hosts.iter().any(|host| host.starts_with("six.example:")),
        "{hosts:?}"
    );
}

#[test]
fn what_a_name_is_told_to_resolve_to_is_judged() {
    let four = stranger(|_| Answer::html(FORM));
    let six = Server::on(IpAddr::from(Ipv6Addr::LOCALHOST), |_| Answer::html(FORM));
    let urls = [
        format!("http://four.example:{}/", four.address.port()),
        format!("http://six.example:{}/", six.address.port()),
        format!("http://mapped.example:{}/", four.address.port()),
    ];
    for mode in MODES {
        let folder = tempfile::tempdir().unwrap();
        let resolve = "four.example:127.0.0.2,six.example:::1,mapped.example:[::ffff:127.0.0.2]";
        let mut arguments = vec![ALLOWED, "--depth", "0", "--resolve", resolve];
        arguments.extend(urls.iter().map(String::as_str));
        arguments.extend(mode);
        let report = scan(folder.path(), &arguments);
        assert_eq!(statuses(&report), ["refused"; 3], "{mode:?}");
        assert!(detail(&report).contains("--allow-private-network"));
    }
    assert_eq!(four.connections() + six.connections(), 0);
}

#[test]
fn a_wrong_resolve_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for wrong in [
        "nonsense",
        "a.example",
        "a.example:",
        ":127.0.0.1",
        "a.example:elsewhere.example",
        "a.example:127.0.0.1:80",
        "a.example:127.1",
        "a.example:[::1",
        "a.example:::1]",
        "a b.example:127.0.0.1",
        "http://a.example:127.0.0.1",
        "127.0.0.2:127.0.0.1",
        "a.example:127.0.0.1,a.example:127.0.0.2",
        "",
    ] {
        let output = run(
            folder.path(),
            &["scan", "http://a.example/", "--resolve", wrong],
        );
        assert_eq!(code(&output), 2, "{wrong}: {}", stderr(&output));
        assert!(stderr(&output).contains("--resolve"), "{}", stderr(&output));
    }
}
