//! Forbidden addresses by other names: written in odd ways, taken from a certificate, and files. Through
//! real Chrome and without it; the stand-ins are loopback addresses, and reached once they are allowed.

mod common;

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use common::tls::Secure;
use common::{ALLOWED, Answer, EVERYTHING, FORM, Server, list, scan, statuses, stranger};

/// How 127.0.0.1 and ::1 may be written, and addresses that lead there by other ways. `false`: it leads
/// nowhere even where private addresses are allowed.
const SPELLINGS: &[(&str, bool)] = &[
    ("127.0.0.1", true),
    ("127.1", true),
    ("127.0.1", true),
    ("2130706433", true),
    ("0x7f000001", true),
    ("0x7F.1", true),
    ("0177.0.0.01", true),
    ("017700000001", true),
    ("0x7f.0.0x0.01", true),
    ("00000177.0.0.1", true),
    ("127.0.0.1.", true),
    ("%31%32%37.0.0.%31", true),
    ("127%2e0%2E0%2e1", true),
    ("１２７.０.０.１", true),
    ("127。0｡0．1", true),
    ("①②⑦.⓪.⓪.①", true),
    ("0𝟙77.𝟘.𝟎.1", true),
    ("LOCALHOST", true),
    ("localhost.", true),
    ("ｌocalhost", true),
    ("lo%63alhost", true),
    ("any.localhost", true),
    ("deep.er.localhost.", true),
    ("[::1]", true),
    ("[0:0::0:0001]", true),
    ("[::ffff:127.0.0.1]", true),
    ("[::ffff:7f00:1]", true),
    ("[0000:0:0:0:0:FFFF:7F00:0001]", true),
    // This host, all zeros: Linux connects it to loopback. Never a web server's.
    ("0", false),
    ("0.0.0.0", false),
    ("[::]", false),
    ("[::ffff:0.0.0.0]", false),
    // Translated, tunnelled and compatible forms that carry 127.0.0.1.
    ("[::127.0.0.1]", false),
    ("[64:ff9b::127.0.0.1]", false),
    ("[64:ff9b:1::7f00:1]", false),
    ("[2002:7f00:1::]", false),
    ("[::ffff:0:127.0.0.1]", false),
];

/// A stand-in on 127.0.0.1 and on ::1, at one port; and a site on 127.0.0.2, which may be reached.
fn stand_ins() -> (Server, Server) {
    loop {
        let four = Server::start(|_| Answer::html("reached"));
        let six = IpAddr::from(Ipv6Addr::LOCALHOST);
        let at = SocketAddr::new(six, four.address.port());
        if std::net::TcpListener::bind(at).is_ok() {
            return (four, Server::at(at, |_| Answer::html("reached")));
        }
    }
}

#[test]
fn no_spelling_of_a_forbidden_address_reaches_it() {
    let (four, six) = stand_ins();
    let port = four.address.port();
    let pictures: String = SPELLINGS
        .iter()
        .enumerate()
        .map(|(at, (host, _))| format!("<img src='http://{host}:{port}/v/{at}'>"))
        .collect();
    // What a URL parser may take for another host than the one it is.
    let tricks: String = [
        format!("http:\\\\127.0.0.1:{port}/v/a"),
        format!("http:/\t/127.0.\n0.1:{port}/v/b"),
        format!("//127.0.0.1:{port}/v/c"),
        format!("http:///127.0.0.1:{port}/v/d"),
        format!("http://127.0.0.1:{port}#@127.0.0.2/v/e"),
        format!("http://127.0.0.1:{port}?@127.0.0.2/v/f"),
        format!("http://127.0.0.1:{port}\\@127.0.0.2/v/g"),
    ]
    .iter()
    .map(|url| format!("<img src='{url}'>"))
    .collect();
    let site = Server::on(IpAddr::from([127, 0, 0, 2]), move |request| {
        match request.path.as_str() {
            "/" => Answer::html(format!("<html lang=en>{FORM}{pictures}{tricks}")),
            "/user" => Answer::redirect(format!("http://127.0.0.2:{port}@127.0.0.1:{port}/v/u")),
            _ => Answer::status(404),
        }
    });
    let urls = [site.url("/"), site.url("/user")];
    let look = |allowed: &str| {
        let folder = tempfile::tempdir().unwrap();
        scan(
            folder.path(),
            &[&urls[0], &urls[1], allowed, "--depth", "0", "--jobs", "1"],
        )
    };
    let report = look("--allow-private-network=127.0.0.2");
    assert_eq!(statuses(&report), ["examined", "refused"]);
    assert_eq!(
        four.connections() + six.connections(),
        0,
        "{:?}",
        four.paths()
    );

    let report = look(EVERYTHING);
    assert_eq!(statuses(&report), ["examined", "examined"]);
    let reached: BTreeSet<String> = [four.paths(), six.paths()].concat().into_iter().collect();
    let wanted = |(at, (_, leads)): (usize, &(&str, bool))| leads.then(|| format!("/v/{at}"));
    let spelled: BTreeSet<String> = SPELLINGS.iter().enumerate().filter_map(wanted).collect();
    let tricked = ["a", "b", "c", "d", "u"].map(|name| format!("/v/{name}"));
    // The last three ask for the root of the stand-in.
    let other = std::iter::once("/".to_string());
    let all: BTreeSet<String> = spelled.into_iter().chain(tricked).chain(other).collect();
    let missing: Vec<_> = all.difference(&reached).collect();
    let more: Vec<_> = reached
        .difference(&all)
        .filter(|path| path.starts_with("/v/"))
        .collect();
    assert!(
        missing.is_empty() && more.is_empty(),
        "{missing:?} {more:?}"
    );
}

#[test]
fn no_spelling_of_a_forbidden_target_is_opened() {
    let (four, six) = stand_ins();
    let port = four.address.port();
    let urls: Vec<String> = SPELLINGS
        .iter()
        .map(|(host, _)| format!("http://{host}:{port}/"))
        .collect();
    for mode in [&[][..], &["--static"][..]] {
        let folder = tempfile::tempdir().unwrap();
        let mut arguments = vec!["--allow-private-network=127.0.0.2", "--depth", "0"];
        arguments.extend(urls.iter().map(String::as_str));
        arguments.extend(mode);
        let report = scan(folder.path(), &arguments);
        let pages = list(&report, "pages");
        // Several are one target, once they are read.
        assert!(pages.len() > 12, "{}", pages.len());
        for page in pages {
            assert_eq!(page["status"], "refused", "{page}");
        }
    }
    assert_eq!(four.connections() + six.connections(), 0);
}

#[test]
fn a_certificate_does_not_lead_to_a_forbidden_address() {
    // Chrome fetches an issuer that is missing from where the certificate says it is.
    let other = stranger(|_| Answer::of("application/pkix-cert", b"none".to_vec()));
    let server = Secure::issued(&other.url("/issuer.crt"));
    let url = format!("https://{}/", server.address);
    let look = |allowed: &str| {
        let folder = tempfile::tempdir().unwrap();
        let report = scan(folder.path(), &[&url, allowed, "--depth", "0"]);
        assert_eq!(statuses(&report), ["tls_error"]);
    };
    look(ALLOWED);
    assert_eq!(other.connections(), 0);
    look(EVERYTHING);
    assert!(other.paths().contains(&"/issuer.crt".to_string()));
}

#[test]
fn files_of_this_machine_are_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret.html");
    std::fs::write(&secret, "<p>the secret of the machine</p>").unwrap();
    let file = format!("file://{}", secret.display());
    let server = Server::start(move |request| match request.path.as_str() {
        "/" => Answer::html(format!(
            "<html lang=en>{FORM}<iframe src='{file}'></iframe><object data='{file}'></object>\
             <iframe src='view-source:{file}'></iframe><iframe src='filesystem:{file}'></iframe>\
             <link rel=import href='{file}'><script>fetch('{file}').then(function(r){{return r.text()}})\
             .then(function(t){{document.body.append(t)}}).catch(function(){{}});window.open('{file}')</script>"
        )),
        "/go" => Answer::html(format!(
            "<html lang=en>{FORM}<script>location.href='{file}'</script>"
        )),
        "/sent" => Answer::redirect(file.clone()),
        _ => Answer::status(404),
    });
    let out = tempfile::tempdir().unwrap();
    let urls = ["/", "/go", "/sent"].map(|path| server.url(path));
    let mut arguments = vec![ALLOWED, "--depth", "0"];
    arguments.extend(urls.iter().map(String::as_str));
    let report = scan(out.path(), &arguments);
    assert_eq!(statuses(&report)[..2], ["examined", "examined"]);
    assert_ne!(statuses(&report)[2], "examined");
    assert!(!common::everything(out.path()).contains("the secret of the machine"));
}
