//! The gate under a Chrome that runs: names whose address changes, and what still comes through while it
//! is watched and when it is shut.

mod common;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use common::{Answer, Server, stranger};
use consentry::artifact::Viewport;
use consentry::browser::{Browser, LaunchSettings, Session, SessionSettings, find_chrome};
use consentry::gate::{Gate, OwnPorts, Policy, PrivateNetwork, Resolver};
use futures_util::StreamExt;
use tokio::time::sleep;

/// A Chrome, and the ports that gates of its visits must keep to themselves.
struct Machine {
    browser: Browser,
    own_ports: OwnPorts,
}

impl Machine {
    async fn start() -> Machine {
        let own_ports = OwnPorts::default();
        let (chrome, path) = (std::env::var("CHROME").ok(), std::env::var("PATH").ok());
        let launch = LaunchSettings {
            chrome: find_chrome(chrome.as_deref(), path.as_deref()).unwrap(),
            sandbox: consentry::pipeline::sandbox_works(),
            own_ports: own_ports.clone(),
        };
        Machine {
            browser: Browser::launch(&launch).await.unwrap(),
            own_ports,
        }
    }

    /// Opens a page behind a gate that allows every private address; names resolve as `resolver` says.
    async fn visit(&self, resolver: Resolver, url: &str) -> (Session, Arc<Gate>) {
        let policy = Policy {
            private_network: PrivateNetwork::Allowed,
            own_ports: self.own_ports.clone(),
            resolver,
            ..Policy::default()
        };
        let gate = Arc::new(Gate::open(policy).await.unwrap());
        let settings = SessionSettings {
            viewport: Viewport {
                width: 800,
                height: 600,
                scale: 1.0,
            },
            mobile: false,
            referrer: None,
            insecure_tls: false,
            own: consentry::browser::OwnRequests::default(),
            user_agent: "test".to_string(),
            locale: "en-GB".to_string(),
            accept_language: "en".to_string(),
            settle_quiet: Duration::from_millis(500),
            settle_least: Duration::from_secs(2),
            settle_most: Duration::from_secs(5),
        };
        let session = Session::open(&self.browser, gate.clone(), settings)
            .await
            .unwrap();
        let _ = session.navigate(url, Duration::from_secs(20)).await;
        (session, gate)
    }
}

/// Waits until something holds, for some seconds at most; whether it does.
async fn until(holds: impl Fn() -> bool) -> bool {
    for _ in 0..1_000 {
        if holds() {
            return true;
        }
        sleep(Duration::from_millis(10)).await;
    }
    false
}

fn count(server: &Server, start: &str) -> usize {
    let paths = server.paths();
    paths.iter().filter(|path| path.starts_with(start)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_changes_its_address_stays_where_it_was() {
    let evil = stranger(|_| Answer::html("reached"));
    let port = evil.address.port();
    let here = SocketAddr::from(([127, 0, 0, 1], port));
    let good = Server::at(here, move |request| match request.path.as_str() {
        "/" => Answer::html(
            "<html lang=en><script>var n=0,t=setInterval(function(){\
             fetch('/again?'+n).catch(function(){});\
             new WebSocket('ws://'+location.host+'/socket?'+n);if(++n==10)clearInterval(t)},100)</script>",
        ),
        _ => Answer::status(404),
    });
    let url = format!("http://rebind.example:{port}/");
    let asked: Arc<AtomicUsize> = Arc::default();
    let resolver = || {
        let asked = asked.clone();
        Resolver::asking(move |name| {
            assert_eq!(name, "rebind.example");
            // 127.0.0.1 the first time, 127.0.0.2 ever after.
            let at = asked.fetch_add(1, Ordering::SeqCst);
            let last = if at == 0 { 1 } else { 2 };
            Ok(vec![IpAddr::from([127, 0, 0, last])])
        })
    };
    let machine = Machine::start().await;
    let (session, _gate) = machine.visit(resolver(), &url).await;
    let all = || (count(&good, "/again"), count(&good, "/socket")) == (10, 10);
    assert!(until(all).await, "{:?}", good.paths());
    session.close().await;
    assert_eq!(evil.connections(), 0);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    // The next visit is given the later answer, and goes there: the stand-in listens.
    let (session, _gate) = machine.visit(resolver(), &url).await;
    assert!(until(|| evil.connections() > 0).await);
    session.close().await;
}

/// A page that never stops sending: over a WebSocket which it opens again and again, and in three other
/// ways.
fn chatty(socket: SocketAddr) -> Server {
    let page = format!(
        "<html lang=en><script>var n=0,w;\
         function open(){{w=new WebSocket('ws://{socket}/live');w.onclose=function(){{setTimeout(open,100)}}}}\
         open();setInterval(function(){{n++;if(w.readyState==1)w.send('key '+n);\
         fetch('/poll?'+n).catch(function(){{}});navigator.sendBeacon('/beacon?'+n,'x');\
         new Image().src='/pixel?'+n}},100)</script>"
    );
    Server::start(move |request| match request.path.as_str() {
        "/" => Answer::html(page.clone()),
        _ => Answer::status(204),
    })
}

/// A WebSocket server that counts the messages it gets.
async fn listening() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard: Arc<AtomicUsize> = Arc::default();
    let log = heard.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let log = log.clone();
            tokio::spawn(async move {
                let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else {
                    return;
                };
                while let Some(Ok(message)) = socket.next().await {
                    log.fetch_add(usize::from(message.is_text()), Ordering::SeqCst);
                }
            });
        }
    });
    (address, heard)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_says_nothing_more_once_it_is_watched_or_shut() {
    let (socket, heard) = listening().await;
    let server = chatty(socket);
    let machine = Machine::start().await;
    let (session, gate) = machine.visit(Resolver::default(), &server.url("/")).await;
    let said = || (server.requests().len(), heard.load(Ordering::SeqCst));
    let talks = || async {
        let (asked, sent) = said();
        until(|| said().0 > asked + 10 && said().1 > sent + 3).await
    };
    // What is on its way arrives; after that nothing does, for a second of talking.
    let silent = || async {
        sleep(Duration::from_millis(300)).await;
        let before = said();
        sleep(Duration::from_secs(1)).await;
        assert_eq!(said(), before);
    };
    assert!(talks().await, "{:?}", said());
    gate.watch();
    silent().await;
    let attempts = gate.attempts();
    let tried = |method: &str, start: &str, port: u16| {
        attempts.iter().any(|attempt| {
            let path = attempt.path.as_deref().unwrap_or("tunnel");
            attempt.method == method && path.starts_with(start) && attempt.port == port
        })
    };
    let port = server.address.port();
    assert!(tried("GET", "/poll", port) && tried("GET", "/pixel", port));
    assert!(tried("POST", "/beacon", port));
    assert!(
        tried("CONNECT", "tunnel", socket.port()),
        "the socket again"
    );

    // One announced request, and its second chance: that many, whoever of the page comes first.
    let (asked, sent) = said();
    gate.expect("127.0.0.1", port);
    assert!(until(|| said().0 == asked + 2).await);
    silent().await;
    assert_eq!(said(), (asked + 2, sent));
    gate.expect("127.0.0.1", socket.port());
    assert!(until(|| said().1 > sent + 3).await, "the announced socket");
    gate.watch();
    silent().await;
    gate.shut();
    let listed = gate.attempts().len() + gate.more_attempts();
    gate.expect("127.0.0.1", port);
    silent().await;
    assert!(gate.attempts().len() + gate.more_attempts() > listed + 10);
    gate.open_up();
    assert!(talks().await, "and again");
    session.close().await;
}
