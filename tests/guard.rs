//! The address guard against everything a page can try, through real Chrome: addresses written in odd
//! ways, and every way to send something. The forbidden stand-ins are other loopback addresses. Each
//! test has its counterpart, in which the stand-in is reached: with the address allowed, or by a Chrome
//! without our flags and our gate.

mod common;

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use common::bare::Bare;
use common::raw::{Packets, Sink, until};
use common::{ALLOWED, Answer, FORM, Server, list, scan, statuses, stranger};
use consentry::artifact::Viewport;
use consentry::browser::{Browser, LaunchSettings, Session, SessionSettings, find_chrome};
use consentry::gate::{Gate, OwnPorts, Policy, PrivateNetwork, Resolver};

const EVERYTHING: &str = "--allow-private-network";

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

/// Where a way to send something leads when nothing holds it.
#[derive(Clone, Copy, PartialEq)]
enum Leads {
    /// To the stand-in, with the address allowed.
    Allowed,
    /// Only in a Chrome without our flags: they switch it off.
    Bare,
    /// Nowhere in the Chrome of today; here in case that changes.
    Nowhere,
}
use Leads::{Allowed, Bare as Off, Nowhere};

/// Ways to send something from a page, by name; `OTHER` is the stand-in's host and port.
const WAYS: &[(&str, Leads, &str)] = &[
    (
        "style",
        Allowed,
        "<link rel=stylesheet href=http://OTHER/v/style>",
    ),
    (
        "import",
        Allowed,
        "<style>@import 'http://OTHER/v/import';</style>",
    ),
    (
        "background",
        Allowed,
        "<p style='background:url(http://OTHER/v/background)'>x</p>",
    ),
    (
        "font",
        Allowed,
        "<style>@font-face{font-family:f;src:url(http://OTHER/v/font)} b{font-family:f}</style><b>x</b>",
    ),
    ("icon", Nowhere, "<link rel=icon href=http://OTHER/v/icon>"),
    (
        "preload",
        Allowed,
        "<link rel=preload as=image href=http://OTHER/v/preload>",
    ),
    (
        "module",
        Allowed,
        "<link rel=modulepreload href=http://OTHER/v/module>",
    ),
    (
        "prefetch",
        Allowed,
        "<link rel=prefetch href=http://OTHER/v/prefetch>",
    ),
    (
        "prerender",
        Nowhere,
        "<link rel=prerender href=http://OTHER/v/prerender>",
    ),
    (
        "manifest",
        Nowhere,
        "<link rel=manifest href=http://OTHER/v/manifest>",
    ),
    ("image", Allowed, "<img src=http://OTHER/v/image>"),
    ("srcset", Allowed, "<img srcset='http://OTHER/v/srcset 1x'>"),
    (
        "svg",
        Allowed,
        "<svg><image href=http://OTHER/v/svg width=9 height=9></image></svg>",
    ),
    ("video", Allowed, "<video src=http://OTHER/v/video></video>"),
    (
        "poster",
        Allowed,
        "<video poster=http://OTHER/v/poster></video>",
    ),
    (
        "audio",
        Allowed,
        "<audio src=http://OTHER/v/audio preload=auto></audio>",
    ),
    (
        "button",
        Allowed,
        "<input type=image src=http://OTHER/v/button>",
    ),
    (
        "object",
        Allowed,
        "<object data=http://OTHER/v/object></object>",
    ),
    ("embed", Allowed, "<embed src=http://OTHER/v/embed>"),
    (
        "frame",
        Allowed,
        "<iframe src=http://OTHER/v/frame></iframe>",
    ),
    (
        "data-frame",
        Allowed,
        "<iframe src=\"data:text/html,<img src='http://OTHER/v/data-frame'>\"></iframe>",
    ),
    (
        "srcdoc",
        Allowed,
        "<iframe srcdoc=\"<img src='http://OTHER/v/srcdoc'>\"></iframe>",
    ),
    (
        "refresh",
        Allowed,
        "<iframe srcdoc=\"<meta http-equiv=refresh content='0;url=http://OTHER/v/refresh'>\"></iframe>",
    ),
    ("ftp", Nowhere, "<iframe src=ftp://OTHER/v/ftp></iframe>"),
    ("redirected", Allowed, "<img src=/to/redirected>"),
    (
        "script",
        Allowed,
        "<script src=http://OTHER/v/script></script>",
    ),
    (
        "blob-frame",
        Allowed,
        "<script>var f=document.createElement('iframe');f.src=URL.createObjectURL(new Blob(['<img src=http://OTHER/v/blob-frame>'],{type:'text/html'}));addEventListener('load',function(){document.body.append(f)})</script>",
    ),
    (
        "fetch",
        Allowed,
        "<script>fetch('http://OTHER/v/fetch',{mode:'no-cors'}).catch(function(){})</script>",
    ),
    (
        "post",
        Allowed,
        "<script>fetch('http://OTHER/v/post',{mode:'no-cors',method:'POST',body:'x'}).catch(function(){})</script>",
    ),
    (
        "preflight",
        Allowed,
        "<script>fetch('http://OTHER/v/preflight',{method:'PUT'}).catch(function(){})</script>",
    ),
    (
        "local",
        Allowed,
        "<script>fetch('http://OTHER/v/local',{mode:'no-cors',targetAddressSpace:'loopback'}).catch(function(){fetch('http://OTHER/v/local',{mode:'no-cors'}).catch(function(){})})</script>",
    ),
    (
        "keepalive",
        Allowed,
        "<script>fetch('http://OTHER/v/keepalive',{mode:'no-cors',keepalive:true}).catch(function(){})</script>",
    ),
    (
        "xhr",
        Allowed,
        "<script>var x=new XMLHttpRequest;x.open('GET','http://OTHER/v/xhr');x.send()</script>",
    ),
    (
        "beacon",
        Allowed,
        "<script>navigator.sendBeacon('http://OTHER/v/beacon','x')</script>",
    ),
    (
        "events",
        Allowed,
        "<script>new EventSource('http://OTHER/v/events')</script>",
    ),
    (
        "dynamic",
        Allowed,
        "<script>import('http://OTHER/v/dynamic').catch(function(){})</script>",
    ),
    (
        "socket",
        Allowed,
        "<script>new WebSocket('ws://OTHER/v/socket')</script>",
    ),
    (
        "stream",
        Allowed,
        "<script>try{new WebSocketStream('ws://OTHER/v/stream').opened.catch(function(){})}catch(e){new WebSocket('ws://OTHER/v/stream')}</script>",
    ),
    (
        "worker",
        Allowed,
        "<script>new Worker(URL.createObjectURL(new Blob(['fetch(\"http://OTHER/v/worker\",{mode:\"no-cors\"}).catch(()=>0)'])))</script>",
    ),
    (
        "shared",
        Allowed,
        "<script>new SharedWorker(URL.createObjectURL(new Blob(['fetch(\"http://OTHER/v/shared\",{mode:\"no-cors\"}).catch(()=>0)'])))</script>",
    ),
    (
        "service",
        Allowed,
        "<script>navigator.serviceWorker.register('/worker.js').catch(function(){})</script>",
    ),
    (
        "worklet",
        Allowed,
        "<script>CSS.paintWorklet&&CSS.paintWorklet.addModule('http://OTHER/v/worklet').catch(function(){})</script>",
    ),
    (
        "rules-prefetch",
        Off,
        "<script type=speculationrules>{\"prefetch\":[{\"source\":\"list\",\"urls\":[\"http://OTHER/v/rules-prefetch\"],\"eagerness\":\"immediate\"}]}</script>",
    ),
    ("policy", Allowed, "<iframe src=/policy></iframe>"),
];

fn ways(other: SocketAddr) -> String {
    WAYS.iter()
        .map(|(_, _, markup)| markup.replace("OTHER", &other.to_string()))
        .collect()
}

/// A site whose page tries all of them, and whose second page tries to send when it is left.
fn trying(other: SocketAddr) -> Server {
    let page = format!("<html lang=en><body>{FORM}{}</body></html>", ways(other));
    Server::start(move |request| match request.path.as_str() {
        "/" => Answer::html(page.clone()),
        "/leaving" => Answer::html(format!(
            "<html lang=en>{FORM}<script>addEventListener('pagehide',function(){{\
             navigator.sendBeacon('http://{other}/v/left-beacon','x');\
             fetch('http://{other}/v/left-fetch',{{mode:'no-cors',keepalive:true}});\
             if(window.fetchLater)fetchLater('http://{other}/v/left-later')}});\
             addEventListener('load',function(){{setTimeout(function(){{location.href='/left'}},300)}})</script>"
        )),
        "/left" => Answer::html(FORM),
        "/worker.js" => Answer::of(
            "text/javascript",
            format!(
                "self.addEventListener('install',e=>{{self.skipWaiting();e.waitUntil(\
                 fetch('http://{other}/v/service',{{mode:'no-cors'}}).catch(()=>0))}})"
            )
            .into_bytes(),
        ),
        "/policy" => {
            let mut answer = Answer::html("<img src=/blocked>");
            let policy = format!("img-src 'none'; report-uri http://{other}/v/policy");
            answer.headers.push(("content-security-policy", policy));
            answer
        }
        path => match path.strip_prefix("/to/") {
            Some(name) => Answer::redirect(format!("http://{other}/v/{name}")),
            None => Answer::status(404),
        },
    })
}

/// The names of the ways that led to a stand-in.
fn arrived(at: &Server) -> BTreeSet<String> {
    at.paths()
        .iter()
        .filter_map(|path| path.strip_prefix("/v/").map(str::to_string))
        .collect()
}

fn named(leads: &[Leads]) -> BTreeSet<String> {
    WAYS.iter()
        .filter(|way| leads.contains(&way.1))
        .map(|way| way.0.to_string())
        .collect()
}

#[test]
fn nothing_that_a_page_tries_reaches_a_forbidden_address() {
    let other = stranger(|_| Answer::of("text/plain", b"reached".to_vec()));
    let site = trying(other.address);
    let pages = [site.url("/"), site.url("/leaving")];
    let look = |allowed: &str| {
        let folder = tempfile::tempdir().unwrap();
        let report = scan(
            folder.path(),
            &[&pages[0], &pages[1], allowed, "--depth", "0", "--jobs", "1"],
        );
        assert_eq!(statuses(&report), ["examined", "examined"]);
        report
    };
    let report = look(ALLOWED);
    assert_eq!(other.connections(), 0, "{:?}", other.paths());
    assert!(site.paths().contains(&"/worker.js".to_string()));
    assert!(site.paths().contains(&"/left".to_string()));
    let gaps = list(&report, "pages")[0]["gaps"].to_string();
    assert!(gaps.contains("127.0.0.2"), "{gaps}");

    look(EVERYTHING);
    let mut wanted = named(&[Allowed]);
    wanted.extend(["left-beacon".to_string(), "left-fetch".to_string()]);
    let mut came = arrived(&other);
    came.remove("left-later");
    assert_eq!(came, wanted);
}

#[test]
fn a_chrome_without_gate_and_flags_does_what_the_pages_try() {
    let other = stranger(|_| Answer::of("text/plain", b"reached".to_vec()));
    let site = trying(other.address);
    let _chrome = Bare::open(&site.url("/"));
    let wanted = named(&[Allowed, Off]);
    let all = until(|| wanted.is_subset(&arrived(&other)));
    assert!(all, "{:?}", wanted.difference(&arrived(&other)));
}

/// A page that tries to send past any proxy: WebRTC to STUN and TURN servers, QUIC, and names of the
/// local network.
fn past_the_proxy(other: SocketAddr) -> Server {
    Server::start(move |request| match request.path.as_str() {
        "/" => Answer::html(format!(
            "<html lang=en>{FORM}<script>\
             var r=new RTCPeerConnection({{iceCandidatePoolSize:2,iceServers:[{{urls:'stun:{other}'}},\
             {{urls:['turn:{other}?transport=udp','turn:{other}?transport=tcp'],username:'u',credential:'p'}},\
             {{urls:'turns:{other}?transport=tcp',username:'u',credential:'p'}}]}});\
             r.createDataChannel('x');r.createOffer().then(function(o){{return r.setLocalDescription(o)}})\
             .then(function(){{return fetch('/offered')}});\
             var s=new RTCPeerConnection();\
             s.setRemoteDescription({{type:'offer',sdp:'v=0\\r\\no=- 1 1 IN IP4 {ip}\\r\\ns=-\\r\\nt=0 0\\r\\n\
             a=group:BUNDLE 0\\r\\nm=application {port} UDP/DTLS/SCTP webrtc-datachannel\\r\\nc=IN IP4 {ip}\\r\\n\
             a=candidate:1 1 udp 2113937151 {ip} {port} typ host\\r\\na=candidate:2 1 tcp 1518280447 {ip} {port} typ host tcptype passive\\r\\n\
             a=ice-ufrag:abcd\\r\\na=ice-pwd:abcdefghijklmnopqrstuvwx\\r\\n\
             a=fingerprint:sha-256 {print}\\r\\na=setup:actpass\\r\\na=mid:0\\r\\na=sctp-port:5000\\r\\n'}})\
             .then(function(){{return s.createAnswer()}}).then(function(a){{return s.setLocalDescription(a)}})\
             .then(function(){{return fetch('/answered')}});\
             try{{var w=new WebTransport('https://{other}/');w.ready.catch(function(){{}});w.closed.catch(function(){{}})}}catch(e){{}}\
             </script>",
            ip = other.ip(),
            port = other.port(),
            print = ["AB"; 32].join(":"),
        )),
        _ => Answer::status(404),
    })
}

/// What listens at the place that such a page tries to reach, by UDP and by TCP.
fn listeners() -> (Packets, Sink) {
    loop {
        let sink = Sink::on(IpAddr::from([127, 0, 0, 2]), 0, false);
        if std::net::UdpSocket::bind(sink.address).is_ok() {
            return (Packets::on(sink.address), sink);
        }
    }
}

/// Whether a packet is STUN's or TURN's, and whether one is QUIC's.
fn kinds(packets: &Packets) -> (bool, bool) {
    let came = packets.came();
    let stun = |packet: &Vec<u8>| packet.get(4..8) == Some(&[0x21, 0x12, 0xa4, 0x42]);
    let quic = |packet: &Vec<u8>| packet.len() >= 1200 && packet[0] & 0xc0 == 0xc0;
    (came.iter().any(stun), came.iter().any(quic))
}

#[test]
fn no_packet_goes_past_the_gate() {
    let (packets, sink) = listeners();
    let site = past_the_proxy(sink.address);
    let url = site.url("/");
    let look = |allowed: &str| {
        let folder = tempfile::tempdir().unwrap();
        let report = scan(folder.path(), &[&url, allowed, "--depth", "0"]);
        assert_eq!(statuses(&report), ["examined"]);
    };
    look(ALLOWED);
    for done in ["/offered", "/answered"] {
        assert!(site.paths().contains(&done.to_string()), "{done}");
    }
    assert_eq!(sink.heard().len(), 0);
    // Allowed, TCP goes through the gate; packets still go nowhere.
    look(EVERYTHING);
    assert!(!sink.heard().is_empty());
    assert_eq!(packets.came().len(), 0);
}

#[test]
fn a_chrome_without_gate_and_flags_sends_packets() {
    let (packets, sink) = listeners();
    let site = past_the_proxy(sink.address);
    let _chrome = Bare::open(&site.url("/"));
    assert!(
        until(|| kinds(&packets) == (true, true)),
        "{:?}",
        kinds(&packets)
    );
    assert!(until(|| !sink.heard().is_empty()));
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

/// Opens a page of the name `rebind.example` behind a gate, and waits until it has settled.
async fn visit(browser: &Browser, policy: Policy, url: &str) {
    let gate = Arc::new(Gate::open(policy).await.unwrap());
    let settings = SessionSettings {
        viewport: Viewport {
            width: 800,
            height: 600,
            scale: 1.0,
        },
        user_agent: "test".to_string(),
        locale: "en-GB".to_string(),
        accept_language: "en".to_string(),
        settle_quiet: Duration::from_millis(500),
        settle_least: Duration::from_secs(2),
        settle_most: Duration::from_secs(5),
    };
    let session = Session::open(browser, gate, settings).await.unwrap();
    let _ = session.navigate(url, Duration::from_secs(20)).await;
    let _ = session.wait_for_load(Duration::from_secs(20)).await;
    let _ = session.settle(1).await;
    session.close().await;
}

#[test]
fn a_name_that_changes_its_address_stays_where_it_was() {
    let evil = stranger(|_| Answer::html("reached"));
    let port = evil.address.port();
    let good = Server::at(
        SocketAddr::from(([127, 0, 0, 1], port)),
        move |request| match request.path.as_str() {
            "/" => Answer::html(
                "<html lang=en><script>var n=0,t=setInterval(function(){fetch('/again?'+n).catch(function(){});\
                 new WebSocket('ws://'+location.host+'/socket?'+n);if(++n==10)clearInterval(t)},100)</script>",
            ),
            _ => Answer::status(404),
        },
    );
    let url = format!("http://rebind.example:{port}/");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let own_ports = OwnPorts::default();
    let path = std::env::var("PATH").ok();
    let chrome = std::env::var("CHROME").ok();
    let launch = LaunchSettings {
        chrome: find_chrome(chrome.as_deref(), path.as_deref()).unwrap(),
        sandbox: consentry::pipeline::sandbox_works(),
        own_ports: own_ports.clone(),
    };
    let asked: Arc<AtomicUsize> = Arc::default();
    let policy = |first: usize| {
        let asked = asked.clone();
        asked.store(first, Ordering::SeqCst);
        Policy {
            private_network: PrivateNetwork::Allowed,
            own_ports: own_ports.clone(),
            resolver: Resolver::asking(move |name| {
                assert_eq!(name, "rebind.example");
                // 127.0.0.1 the first time, 127.0.0.2 ever after.
                let at = asked.fetch_add(1, Ordering::SeqCst);
                Ok(vec![IpAddr::from([127, 0, 0, if at == 0 { 1 } else { 2 }])])
            }),
            ..Policy::default()
        }
    };
    runtime.block_on(async {
        let browser = Browser::launch(&launch).await.unwrap();
        visit(&browser, policy(0), &url).await;
        let paths = good.paths();
        let again = paths
            .iter()
            .filter(|path| path.starts_with("/again"))
            .count();
        let sockets = paths
            .iter()
            .filter(|path| path.starts_with("/socket"))
            .count();
        assert_eq!((again, sockets), (10, 10), "{paths:?}");
        assert_eq!(evil.connections(), 0);
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        // The later answer, given first, leads there: by the name alone nothing would hold it.
        visit(&browser, policy(1), &url).await;
        assert!(evil.connections() > 0);
    });
}
