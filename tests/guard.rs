//! Every way to send something that a page can try, through real Chrome: nothing reaches a forbidden
//! address, and no packet goes past the gate. The forbidden stand-ins are other loopback addresses.
//! Each test has its counterpart, in which the stand-in is reached: with the address allowed, or by a
//! Chrome without our flags and our gate.

mod common;

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

use common::bare::Bare;
use common::raw::{Packets, Sink, until};
use common::{ALLOWED, Answer, EVERYTHING, FORM, Server, list, scan, statuses, stranger};

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
            "<html lang=en><link rel=preconnect href=https://{other}><link rel=dns-prefetch href=//{other}>{FORM}<script>\
             new WebSocket('wss://{other}/');fetch('https://{other}/').catch(function(){{}});\
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

/// What every message of STUN and TURN carries.
const STUN: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];

/// Whether a packet is STUN's or TURN's, and whether one is QUIC's.
fn kinds(packets: &Packets) -> (bool, bool) {
    let came = packets.came();
    let stun = |packet: &Vec<u8>| packet.get(4..8) == Some(&STUN);
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
    assert_eq!(packets.came().len(), 0);
    // Allowed, TCP goes through the gate; packets still go nowhere.
    look(EVERYTHING);
    let heard = sink.heard();
    let tls = heard.iter().filter(|bytes| bytes.starts_with(&[0x16, 3]));
    // The socket and the fetch, at least; and the one that turns: asks for.
    assert!(tls.count() >= 2, "{} connections", heard.len());
    assert!(
        heard.iter().any(|bytes| bytes.get(4..8) == Some(&STUN)),
        "the one to TURN"
    );
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
