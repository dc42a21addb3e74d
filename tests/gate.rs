//! The gate by itself, through its port: what passes while it is open, watched and shut.

mod common;

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use common::gate::{Running, get, post, site, within};
use common::raw::{Client, Sink, until};
use consentry::artifact::Attempt;
use consentry::gate::{Gate, Policy, RequestHead, Resolver};

#[test]
fn a_watched_gate_lets_through_what_was_announced_and_lists_the_rest() {
    let running = Running::start();
    let (gate, server, sink) = (&running.gate, site(), Sink::echo());
    assert_eq!(running.get(&server, "/open"), 200);
    gate.watch();
    let long = format!("/{}?mail=jane%40example.org", "x".repeat(400));
    assert_eq!(running.get(&server, &long), 403);
    let websocket = format!(
        "GET http://{0}/live HTTP/1.1\r\nHost: {0}\r\nConnection: upgrade\r\nUpgrade: WebSocket\r\n\r\n",
        server.address
    );
    assert_eq!(running.client().send(websocket).status(), 403);
    let connect = format!("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n\r\n", sink.address);
    assert_eq!(running.client().send(&connect).status(), 403);
    let listed = |at: usize| -> Attempt { gate.attempts()[at].clone() };
    assert_eq!(gate.attempts().len(), 3);
    assert_eq!(listed(0).host, "127.0.0.1");
    assert_eq!(listed(0).port, server.address.port());
    assert_eq!(listed(0).method, "GET");
    assert_eq!(listed(0).path.as_deref(), Some(&long[..300]));
    assert!(listed(0).why.contains("not announced"), "{:?}", listed(0));
    assert!(listed(1).websocket && !listed(0).websocket);
    assert_eq!(
        (listed(2).method.as_str(), listed(2).path),
        ("CONNECT", None)
    );
    assert!(listed(0).at_ms <= listed(2).at_ms);

    // One ticket is good for two connections, to that host and port alone.
    running.expect(server.address);
    assert_eq!(running.client().send(&connect).status(), 403);
    assert_eq!(running.get(&server, "/first"), 200);
    assert_eq!(running.get(&server, "/second"), 200);
    assert_eq!(running.get(&server, "/third"), 403);
    running.expect(sink.address);
    let mut tunnel = Client::tunnel(&gate.address(), sink.address);
    tunnel.send("through").0.read_exact(&mut [0; 7]).unwrap();
    assert_eq!(server.paths(), ["/open", "/first", "/second"]);
    assert_eq!(sink.heard(), [b"through"]);

    gate.open_up();
    assert_eq!(running.get(&server, "/again"), 200);
}

#[test]
fn a_cut_forgets_what_was_announced() {
    let running = Running::start();
    let server = site();
    for cut in [Gate::watch, Gate::shut] {
        running.gate.watch();
        running.expect(server.address);
        assert_eq!(running.get(&server, "/first"), 200);
        cut(&running.gate);
        running.gate.watch();
        assert_eq!(running.get(&server, "/second"), 403);
    }
    assert_eq!(server.paths(), ["/first", "/first"]);
}

#[test]
fn a_ticket_ends_with_its_time() {
    let running = Running::start();
    let server = site();
    running.gate.watch();
    running.expect(server.address);
    std::thread::sleep(Duration::from_millis(10_200));
    assert_eq!(running.get(&server, "/late"), 403);
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_shut_gate_lets_nothing_through_whatever_was_announced() {
    let running = Running::start();
    let (gate, server, sink) = (&running.gate, site(), Sink::start());
    gate.expect("127.0.0.1", server.address.port());
    gate.shut();
    gate.expect("127.0.0.1", sink.address.port());
    assert_eq!(running.get(&server, "/"), 403);
    assert_eq!(
        running.client().send(post(&server, "/", "held")).status(),
        403
    );
    let connect = format!("CONNECT {0} HTTP/1.1\r\n\r\n", sink.address);
    assert_eq!(running.client().send(connect).status(), 403);
    assert_eq!(running.why(), ["the gate is shut"; 3]);
    assert_eq!(server.connections() + sink.heard().len(), 0);
}

#[test]
fn attempts_are_bounded_and_the_rest_is_counted() {
    let running = Running::start();
    let server = site();
    running.gate.shut();
    let mut client = running.client();
    let request = get(&server, "/").replace("Connection: close\r\n", "");
    for _ in 0..320 {
        client.send(&request);
        let head = client.head();
        assert!(head.starts_with("HTTP/1.1 403"), "{head}");
        let length = head.to_ascii_lowercase();
        let length = length.split("content-length: ").nth(1).unwrap();
        let length: usize = length.split('\r').next().unwrap().parse().unwrap();
        client.0.read_exact(&mut vec![0; length]).unwrap();
    }
    assert_eq!(running.gate.attempts().len(), 300);
    assert_eq!(running.gate.more_attempts(), 20);
}

/// Many tunnels that never stop sending: once `cut` has returned, not a byte of theirs comes out.
fn nothing_leaves_after(cut: impl Fn(&Gate)) {
    let running = Running::start();
    let (gate, sink) = (&running.gate, Sink::start());
    let after = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..16)
        .map(|_| {
            let mut tunnel = Client::tunnel(&gate.address(), sink.address);
            let after = after.clone();
            std::thread::spawn(move || {
                let began = Instant::now();
                while began.elapsed() < Duration::from_secs(10) {
                    let byte = if after.load(Ordering::SeqCst) {
                        b'!'
                    } else {
                        b'.'
                    };
                    if tunnel.0.write_all(&[byte]).is_err() {
                        return;
                    }
                }
            })
        })
        .collect();
    let heard = || sink.heard().concat().len();
    assert!(until(|| heard() > 10_000), "{}", heard());
    cut(gate);
    after.store(true, Ordering::SeqCst);
    for client in clients {
        client.join().unwrap();
    }
    std::thread::sleep(Duration::from_millis(300));
    let all = sink.heard().concat();
    assert_eq!(all.iter().filter(|byte| **byte == b'!').count(), 0);
}

#[test]
fn going_to_watched_cuts_every_tunnel() {
    nothing_leaves_after(Gate::watch);
    // Again: a tunnel that was announced is cut by the next cut.
    nothing_leaves_after(|gate| {
        gate.watch();
        gate.watch();
    });
}

#[test]
fn shutting_cuts_every_tunnel() {
    nothing_leaves_after(Gate::shut);
}

/// A server that sends half of its answer, and the other half when it is told to.
fn halting_server() -> (SocketAddr, mpsc::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (go_on, wait) = mpsc::channel::<()>();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = [0; 2048];
        let _ = stream.read(&mut head);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
        let _ = wait.recv();
        let _ = stream.write_all(b"full");
    });
    (address, go_on)
}

#[test]
fn answers_under_way_finish_when_watched_and_are_cut_when_shut() {
    for (cut, wanted) in [
        (Gate::watch as fn(&Gate), "halffull"),
        (Gate::shut as fn(&Gate), "half"),
    ] {
        let running = Running::start();
        let (address, go_on) = halting_server();
        let mut client = running.client();
        client.send(format!("GET http://{address}/ HTTP/1.1\r\n\r\n"));
        assert_eq!(client.status(), 200);
        let mut half = [0; 4];
        client.0.read_exact(&mut half).unwrap();
        cut(&running.gate);
        std::thread::sleep(Duration::from_millis(200));
        let _ = go_on.send(());
        client
            .0
            .set_read_timeout(Some(Duration::from_secs(2)))
            .unwrap();
        let rest = client.rest();
        assert_eq!(format!("half{rest}"), wanted);
        assert!(running.gate.attempts().is_empty());
    }
}

#[test]
fn a_body_is_not_forwarded_before_the_decision() {
    let running = Running::start();
    let server = site();
    let whole = post(&server, "/lead", "email=jane%40example.org");
    let begun = &whole[..whole.len() - 4];
    for mode in [Gate::watch, Gate::shut] {
        mode(&running.gate);
        let mut client = running.client();
        // The answer comes before the body has ended.
        assert_eq!(client.send(begun).status(), 403);
    }
    assert_eq!(server.connections(), 0);
    assert_eq!(running.gate.attempts()[1].method, "POST");
}

#[test]
fn a_body_still_being_sent_is_cut_and_listed() {
    for mode in [Gate::watch, Gate::shut] {
        let running = Running::start();
        let sink = Sink::start();
        let mut client = running.client();
        client.send(format!(
            "POST http://{0}/up HTTP/1.1\r\nContent-Length: 9\r\n\r\nbegun",
            sink.address
        ));
        assert!(until(|| sink.heard().concat().ends_with(b"begun")));
        mode(&running.gate);
        client.send("rest");
        assert_eq!(client.status(), 403);
        assert!(sink.heard().concat().ends_with(b"begun"));
        assert!(running.why()[0].contains("cut"), "{:?}", running.why());
    }
}

type Seen = Arc<Mutex<Vec<(RequestHead, Vec<u8>)>>>;

/// What an inspection saw, and a gate with it that is watched.
fn inspected() -> (Running, Seen) {
    let running = Running::start();
    let seen: Seen = Arc::default();
    let log = seen.clone();
    running
        .gate
        .inspect(Arc::new(move |head: &RequestHead, body: &[u8]| {
            log.lock().unwrap().push((head.clone(), body.to_vec()));
            assert!(!head.url.contains("panic"), "a bug of the inspection");
            if body.windows(4).any(|part| part == b"jane") || head.url.contains("jane") {
                return Err("it carries the e-mail address".to_string());
            }
            Ok(())
        }));
    (running, seen)
}

#[test]
fn a_watched_gate_has_plain_requests_looked_at_whole() {
    let (running, seen) = inspected();
    let server = site();
    let ask = |request: String| {
        running.expect(server.address);
        running.client().send(request).status()
    };
    // Not while it is open.
    assert_eq!(ask(post(&server, "/open", "mail=jane")), 200);
    running.gate.watch();
    assert_eq!(ask(post(&server, "/fine", "roof=flat")), 200);
    assert_eq!(ask(post(&server, "/leak", "mail=jane")), 403);
    assert_eq!(ask(get(&server, "/pixel?m=jane")), 403);
    let chunked = format!(
        "POST http://{0}/chunked HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n\
         5\r\nmail=\r\n4\r\njane\r\n0\r\n\r\n",
        server.address
    );
    assert_eq!(ask(chunked.clone()), 403);
    assert_eq!(ask(chunked.replace("jane", "none")), 200);
    // A bug in it lets nothing through.
    assert_eq!(ask(get(&server, "/panic")), 403);
    let bodies: Vec<Vec<u8>> = server.requests().into_iter().map(|r| r.body).collect();
    assert_eq!(bodies, [&b"mail=jane"[..], b"roof=flat", b"mail=none"]);
    let (head, body) = seen.lock().unwrap()[1].clone();
    assert_eq!(
        (head.method.as_str(), body),
        ("POST", b"mail=jane".to_vec())
    );
    assert_eq!(head.url, server.url("/leak"));
    assert!(
        head.headers
            .contains(&("content-length".into(), "9".into()))
    );
    assert_eq!(running.why()[0], "it carries the e-mail address");
    assert_eq!(running.gate.attempts().len(), 4);
}

#[test]
fn what_cannot_be_looked_at_whole_is_refused() {
    let (running, seen) = inspected();
    let server = site();
    running.gate.watch();
    let ask = |request: String| {
        running.expect(server.address);
        running.client().send(request).status()
    };
    let largest = "x".repeat(1 << 20);
    assert_eq!(ask(post(&server, "/most", &largest)), 200);
    assert_eq!(ask(post(&server, "/more", &format!("{largest}x"))), 403);
    let broken = format!(
        "POST http://{}/broken HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n",
        server.address
    );
    ask(broken);
    let begun = post(&server, "/slow", "never all of it");
    let asked = Instant::now();
    assert_eq!(ask(begun[..begun.len() - 1].to_string()), 403);
    assert!(asked.elapsed() < Duration::from_secs(15));
    assert_eq!(server.paths(), ["/most"]);
    assert_eq!(seen.lock().unwrap().len(), 1);
    let why = running.why();
    assert!(why[0].contains("too long"), "{why:?}");
    assert!(why[1].contains("cannot be read"), "{why:?}");
    assert!(why[2].contains("in time"), "{why:?}");
}

#[test]
fn a_name_that_was_not_announced_is_not_even_resolved() {
    let asked: Arc<AtomicUsize> = Arc::default();
    let count = asked.clone();
    let running = Running::with(Policy {
        resolver: Resolver::asking(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            Ok(vec![Ipv4Addr::LOCALHOST.into()])
        }),
        ..within("127.0.0.1")
    });
    let server = site();
    let port = server.address.port();
    let ask = |name: &str| {
        let request = format!("GET http://{name}:{port}/ HTTP/1.1\r\nConnection: close\r\n\r\n");
        running.client().send(request).status()
    };
    for mode in [Gate::watch, Gate::shut] {
        mode(&running.gate);
        assert_eq!(ask("jane-at-example.tracker.example"), 403);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    running.gate.watch();
    running.gate.expect("Next.Example", port);
    assert_eq!(ask("next.example"), 200);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn closing_the_gate_ends_everything() {
    let running = Running::start();
    let sink = Sink::echo();
    let mut tunnel = Client::tunnel(&running.gate.address(), sink.address);
    tunnel.send("x").0.read_exact(&mut [0]).unwrap();
    let address = running.gate.address();
    drop(running);
    assert_eq!(tunnel.rest(), "");
    assert!(TcpStream::connect(address).is_err());
}
