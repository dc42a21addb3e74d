//! The gate by itself, with clients that send raw bytes: names whose answers change, and requests that no
//! browser makes.

mod common;

use std::collections::HashMap;
use std::io::Write;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use common::gate::{Running, get, site, within};
use common::raw::{Client, Sink, until};
use consentry::gate::{Policy, PrivateNetwork, Refusal, Resolver};

/// A resolver whose answers for a name come one after the other, and how often it was asked.
fn changing(answers: &'static [&'static [&'static str]]) -> (Resolver, Arc<AtomicUsize>) {
    let asked: Arc<AtomicUsize> = Arc::default();
    let count = asked.clone();
    let resolver = Resolver::asking(move |_| {
        let at = count.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
        Ok(answers[at]
            .iter()
            .map(|text| text.parse().unwrap())
            .collect())
    });
    (resolver, asked)
}

#[test]
fn a_second_answer_for_a_name_changes_nothing() {
    let good = site();
    let port = good.address.port();
    let evil = Sink::on(IpAddr::from([127, 0, 0, 2]), port, false);
    let request =
        format!("GET http://rebind.example:{port}/ HTTP/1.1\r\nConnection: close\r\n\r\n");
    let (resolver, asked) = changing(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let running = Running::with(Policy {
        resolver,
        private_network: PrivateNetwork::Allowed,
        ..Policy::default()
    });
    // Asked at once by several: all get the first answer.
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(running.client().send(&request).status(), 200));
        }
    });
    assert_eq!(running.client().send(&request).status(), 200);
    assert_eq!((asked.load(Ordering::SeqCst), evil.heard().len()), (1, 0));
    assert_eq!(good.connections(), 9);

    // A forbidden first answer stays: the name cannot become a good one within the visit.
    let (resolver, asked) = changing(&[&["127.0.0.2"], &["127.0.0.1"]]);
    let running = Running::with(Policy {
        resolver,
        ..within("127.0.0.1")
    });
    for _ in 0..2 {
        assert_eq!(running.client().send(&request).status(), 403);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert_eq!(
        running.gate.refusal("rebind.example", port),
        Some(Refusal::Loopback)
    );
    // Of several addresses the forbidden ones are left out.
    let (resolver, _) = changing(&[&["127.0.0.2", "::1", "127.0.0.1"]]);
    let running = Running::with(Policy {
        resolver,
        ..within("127.0.0.1")
    });
    assert_eq!(running.client().send(&request).status(), 200);
    assert_eq!(evil.heard().len(), 0);
    // With the address allowed it is reached: the stand-in listens.
    let (resolver, _) = changing(&[&["127.0.0.2"]]);
    let running = Running::with(Policy {
        resolver,
        ..within("127.0.0.2")
    });
    running.client().send(&request);
    assert!(until(|| evil.heard().len() == 1));
}

#[test]
fn names_of_this_machine_are_not_asked_for() {
    let (resolver, asked) = changing(&[&["127.0.0.1"]]);
    let running = Running::with(Policy {
        resolver,
        ..Policy::default()
    });
    for name in [
        "localhost",
        "LOCALHOST.",
        "a.localhost",
        "deep.a.localhost.",
    ] {
        let request = format!("CONNECT {name}:443 HTTP/1.1\r\n\r\n");
        assert_eq!(running.client().send(request).status(), 403, "{name}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[test]
fn the_server_is_told_the_host_of_the_address() {
    let server = site();
    let port = server.address.port();
    let running = Running::with(Policy {
        resolve: HashMap::from([("real.example".to_string(), server.address.ip())]),
        ..within("127.0.0.1")
    });
    let ask = |target: &str, headers: &str| {
        let request = format!("GET {target} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n");
        running.client().send(request).status()
    };
    let target = format!("http://real.example:{port}/path?x=1");
    assert_eq!(ask(&target, "Host: other.example\r\n"), 200);
    assert_eq!(ask(&target, "Host: a.example\r\nHost: b.example\r\n"), 200);
    assert_eq!(ask(&target, ""), 200);
    let hop = "Proxy-Authorization: Basic eDp5\r\nProxy-Connection: keep-alive\r\nTE: gzip\r\n\
               Connection: X-Secret, Host\r\nX-Secret: 1\r\nX-Kept: 1\r\n";
    assert_eq!(ask(&target, hop), 200);
    for request in server.requests() {
        assert_eq!(request.headers["host"], format!("real.example:{port}"));
        assert_eq!(request.path, "/path?x=1");
    }
    let last = server.requests().pop().unwrap().headers;
    assert!(last.contains_key("x-kept"), "{last:?}");
    for gone in ["proxy-authorization", "proxy-connection", "te", "x-secret"] {
        assert!(!last.contains_key(gone), "{last:?}");
    }
}

#[test]
fn requests_that_no_browser_makes_are_answered_or_closed() {
    let running = Running::start();
    let (server, stranger) = (site(), Sink::on(IpAddr::from([127, 0, 0, 2]), 0, false));
    let (own, at, other) = (running.gate.address(), server.address, stranger.address);
    let own_port = own.split(':').nth(1).unwrap();
    let cases: Vec<(String, &[u16])> = vec![
        (format!("GET / HTTP/1.1\r\nHost: {at}\r\n\r\n"), &[400]),
        ("OPTIONS * HTTP/1.1\r\n\r\n".into(), &[400]),
        ("CONNECT 127.0.0.1 HTTP/1.1\r\n\r\n".into(), &[400]),
        ("CONNECT / HTTP/1.1\r\n\r\n".into(), &[400]),
        (format!("CONNECT http://{at}/ HTTP/1.1\r\n\r\n"), &[400]),
        (format!("CONNECT {own} HTTP/1.1\r\n\r\n"), &[403]),
        (
            format!("CONNECT localhost:{own_port} HTTP/1.1\r\n\r\n"),
            &[403],
        ),
        (
            format!("CONNECT [::ffff:127.0.0.1]:{own_port} HTTP/1.1\r\n\r\n"),
            &[403],
        ),
        (format!("GET http://{own}/ HTTP/1.1\r\n\r\n"), &[403]),
        ("CONNECT 127.0.0.1:0 HTTP/1.1\r\n\r\n".into(), &[502]),
        ("CONNECT 127.0.0.1:99999 HTTP/1.1\r\n\r\n".into(), &[400, 0]),
        (format!("GET https://{at}/ HTTP/1.1\r\n\r\n"), &[400]),
        (format!("GET ftp://{at}/ HTTP/1.1\r\n\r\n"), &[400]),
        (
            format!("GET file://{at}/etc/passwd HTTP/1.1\r\n\r\n"),
            &[400],
        ),
        (format!("GET http://{at}@{other}/ HTTP/1.1\r\n\r\n"), &[403]),
        (
            format!("GET http://user:{at}@{other}/ HTTP/1.1\r\n\r\n"),
            &[403, 400],
        ),
        (
            format!("GET http://{other}/ HTTP/1.1\r\nHost: {at}\r\n\r\n"),
            &[403],
        ),
        (
            format!("CONNECT {at}@{other} HTTP/1.1\r\n\r\n"),
            &[403, 400],
        ),
        (
            "GET http://127.0.0.1%00.example/ HTTP/1.1\r\n\r\n".into(),
            &[400, 403, 502],
        ),
        ("GET http://[::1/ HTTP/1.1\r\n\r\n".into(), &[400, 0]),
        ("GET http:///nothing HTTP/1.1\r\n\r\n".into(), &[400, 0]),
        (format!("GET http://{at}/ HTTP/9.9\r\n\r\n"), &[400, 505, 0]),
        (
            format!("GET http://{at}/ HTTP/1.1\r\n bad: folded\r\n\r\n"),
            &[400, 0],
        ),
        (format!("GET http://{at}/a b HTTP/1.1\r\n\r\n"), &[400, 0]),
        (
            format!(
                "GET http://{at}/ HTTP/1.1\r\nX: {}\r\n\r\n",
                "x".repeat(2_000_000)
            ),
            &[431, 0],
        ),
        (
            format!("GET http://{at}/{} HTTP/1.1\r\n\r\n", "x".repeat(70_000)),
            &[414, 0],
        ),
        (
            format!(
                "GET http://{at}/ HTTP/1.1\r\n{}\r\n",
                "X: y\r\n".repeat(5_000)
            ),
            &[431, 0],
        ),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(), &[400, 505, 0]),
        ("\u{16}\u{3}\u{1}\u{0}\u{5}hello".into(), &[400, 0]),
        ("\r\n\r\n\r\n\0\0\0\0".into(), &[400, 0]),
    ];
    for (request, wanted) in cases {
        let mut client = running.client();
        client.send(&request);
        let status = client.status();
        let shown: String = request.chars().take(90).collect();
        assert!(wanted.contains(&status), "{shown:?}: {status}");
    }
    assert_eq!(server.connections() + stranger.heard().len(), 0);
    assert_eq!(running.get(&server, "/"), 200, "and goes on serving");
}

#[test]
fn requests_one_after_the_other_are_judged_one_by_one() {
    let running = Running::start();
    let (server, stranger) = (site(), Sink::on(IpAddr::from([127, 0, 0, 2]), 0, false));
    let kept = |path: &str| get(&server, path).replace("Connection: close\r\n", "");
    let evil = format!("GET http://{}/ HTTP/1.1\r\n\r\n", stranger.address);
    let mut client = running.client();
    client.send(format!("{}{evil}{}", kept("/1"), get(&server, "/2")));
    let all = client.rest();
    let statuses: Vec<&str> = all.split("HTTP/1.1 ").skip(1).map(|a| &a[..3]).collect();
    assert_eq!(statuses[..2], ["200", "403"], "{all}");
    assert_eq!(stranger.heard().len(), 0);
    // What follows a refused CONNECT is a request of its own, not a tunnel's content.
    let mut client = running.client();
    client.send(format!(
        "CONNECT {} HTTP/1.1\r\n\r\n{evil}",
        stranger.address
    ));
    assert!(client.rest().starts_with("HTTP/1.1 403"));
    assert_eq!(stranger.heard().len(), 0);
}

#[test]
fn one_request_is_not_read_as_two() {
    let running = Running::start();
    let server = site();
    let at = server.address;
    let hidden = format!("GET /hidden HTTP/1.1\r\nHost: {at}\r\n\r\n");
    let length = hidden.len();
    let cases = [
        // The length says one thing, the encoding another.
        format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}"),
        format!("Transfer-Encoding: chunked\r\nContent-Length: {length}\r\n\r\n0\r\n\r\n{hidden}"),
        format!(
            "Transfer-Encoding: chunked, identity\r\nContent-Length: 3\r\n\r\n0\r\n\r\n{hidden}"
        ),
        format!("Transfer-Encoding:\u{b}chunked\r\nContent-Length: {length}\r\n\r\n{hidden}"),
        format!("Transfer-Encoding : chunked\r\nContent-Length: {length}\r\n\r\n{hidden}"),
        // Two lengths.
        format!("Content-Length: 0\r\nContent-Length: {length}\r\n\r\n{hidden}"),
        format!("Content-Length: 0, {length}\r\n\r\n{hidden}"),
        format!("Content-Length: +{length}\r\n\r\n{hidden}"),
        // A length that the hop before says belongs to it.
        format!("Connection: content-length\r\nContent-Length: {length}\r\n\r\n{hidden}"),
        // A line within a value.
        format!("X: a\rContent-Length: 0\r\nContent-Length: {length}\r\n\r\n{hidden}"),
        format!("X: a\nContent-Length: 0\r\nContent-Length: {length}\r\n\r\n{hidden}"),
    ];
    for case in &cases {
        let mut client = running.client();
        client.send(format!("POST http://{at}/seen HTTP/1.1\r\n{case}"));
        let waits = client.0.set_read_timeout(Some(Duration::from_secs(1)));
        waits.unwrap();
        client.rest();
    }
    let paths = server.paths();
    assert!(paths.iter().all(|path| path == "/seen"), "{paths:?}");
    assert!(!paths.is_empty(), "some of them are plain requests");
    for request in server.requests() {
        let both = ["content-length", "transfer-encoding"];
        let framed = both
            .iter()
            .filter(|name| request.headers.contains_key(**name));
        assert!(framed.count() <= 1, "{request:?}");
    }
}

#[test]
fn slow_clients_hold_up_nobody_and_are_closed() {
    let running = Running::start();
    let server = site();
    let mut slow: Vec<Client> = (0..60).map(|_| running.client()).collect();
    let began = Instant::now();
    for client in &mut slow {
        client.send("GET http://127.0.0.1/ HTT");
    }
    let served = Instant::now();
    assert_eq!(running.get(&server, "/"), 200);
    assert!(served.elapsed() < Duration::from_secs(2));
    // A byte now and then does not buy more time.
    let mut dripping = slow.pop().unwrap();
    let drip = std::thread::spawn(move || {
        while dripping.0.write_all(b"x").is_ok() && began.elapsed() < Duration::from_secs(25) {
            std::thread::sleep(Duration::from_millis(300));
        }
        began.elapsed()
    });
    for client in &mut slow {
        client.rest();
    }
    let closed = began.elapsed();
    assert!(
        closed > Duration::from_secs(5) && closed < Duration::from_secs(25),
        "{closed:?}"
    );
    let dripped = drip.join().unwrap();
    assert!(dripped < Duration::from_secs(25), "{dripped:?}");
}
