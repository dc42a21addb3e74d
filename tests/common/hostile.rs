//! Pages that fight back, made as they are asked for: the large ones stand in no file.

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Answer, Request, Server};

/// A page that fights back, and what a scan has to say about it.
pub struct Hostile {
    pub path: &'static str,
    pub name: &'static str,
    pub status: &'static str,
    /// Words of the status's detail or of a gap, which say what happened.
    pub says: &'static str,
}

const fn page(
    path: &'static str,
    name: &'static str,
    status: &'static str,
    says: &'static str,
) -> Hostile {
    Hostile {
        path,
        name,
        status,
        says,
    }
}

/// All of them but those whose transport is the trouble.
pub const PAGES: [Hostile; 32] = [
    page("/plain", "an ordinary form, to compare", "examined", ""),
    page(
        "/alerts-first",
        "`while (true) alert()` before the form",
        "timed_out",
        "",
    ),
    page("/alerts", "an alert every 5 ms", "examined", "dialog"),
    page(
        "/prints",
        "`while (true) print()` after the form",
        "timed_out",
        "",
    ),
    page("/popups", "a storm of windows", "examined", ""),
    page(
        "/script-first",
        "`while (true)` before the form",
        "timed_out",
        "",
    ),
    page(
        "/script-late",
        "`while (true)` after `load`",
        "timed_out",
        "",
    ),
    page(
        "/script-typing",
        "`while (true)` once something is typed",
        "examined",
        "",
    ),
    page("/never-ends", "markup that never ends", "timed_out", ""),
    page(
        "/image-never-ends",
        "an image that never ends",
        "examined",
        "load event",
    ),
    page(
        "/restless",
        "a document that never rests",
        "examined",
        "still changing",
    ),
    page(
        "/redirects",
        "a redirect to itself",
        "unreachable",
        "TOO_MANY_REDIRECTS",
    ),
    page(
        "/redirects-new/0",
        "redirects to ever new addresses",
        "unreachable",
        "TOO_MANY_REDIRECTS",
    ),
    page(
        "/reloads",
        "`location.reload()` at once",
        "timed_out",
        "another document",
    ),
    page(
        "/refreshes",
        "`<meta http-equiv=refresh>` to itself",
        "examined",
        "another document",
    ),
    page("/download", "a file to download", "not_html", "download"),
    page(
        "/downloads",
        "a form that starts downloads",
        "examined",
        "download",
    ),
    page("/sign-in", "an authentication prompt", "blocked", "401"),
    page(
        "/sign-in-within",
        "an authentication prompt of an image",
        "examined",
        "",
    ),
    page("/stay", "`beforeunload` that holds back", "examined", ""),
    page("/bomb", "200 MB in 200 kB of gzip", "timed_out", ""),
    page("/deep", "30,000 elements within each other", "examined", ""),
    page("/large", "a document of 50 MB", "timed_out", ""),
    page("/forms", "1,500 forms", "examined", ""),
    page(
        "/charset-wrong",
        "Latin-1 that says it is UTF-8",
        "examined",
        "",
    ),
    page(
        "/charset-missing",
        "Latin-1 that does not say so",
        "examined",
        "",
    ),
    page(
        "/charset-unknown",
        "an encoding that does not exist",
        "examined",
        "",
    ),
    page(
        "/wall",
        "403 with the headers of a challenge",
        "blocked",
        "bot wall",
    ),
    page(
        "/wall-200",
        "a challenge that answers 200",
        "blocked",
        "bot wall",
    ),
    page(
        "/captcha",
        "a page that is a captcha",
        "blocked",
        "bot wall",
    ),
    page(
        "/tall",
        "a page 200,000 pixels tall",
        "examined",
        "pixels of the page",
    ),
    page("/plain-last", "the ordinary form again", "examined", ""),
];

pub const FORM: &str = "<h1>Your quote</h1><form method=post action=/sent>\
    <label>Email <input type=email name=email></label>\
    <label><input type=checkbox name=news> I agree that Example Quotes Ltd sends me offers by email.</label>\
    <button>Get my quote</button></form>";

/// Serves all of them.
pub fn server() -> Server {
    let slow: SocketAddr = endless();
    Server::start(move |request| answer(request, slow))
}

/// A page of this head and, after the form, this rest.
fn with(head: &str, rest: &str) -> Answer {
    Answer::html(format!(
        "<!doctype html><html lang=en><head><title>Quote</title>{head}</head><body>{FORM}{rest}</body></html>"
    ))
}

fn script(code: &str) -> String {
    format!("<script>{code}</script>")
}

fn answer(request: &Request, slow: SocketAddr) -> Answer {
    let path = request.path.split('?').next().unwrap_or_default();
    match path {
        "/plain" | "/plain-last" => with("", ""),
        "/alerts-first" => with(&script("while (true) alert('Hurry')"), ""),
        "/alerts" => with("", &script("setInterval(() => alert('Hurry'), 5)")),
        "/prints" => with("", &script("while (true) print()")),
        "/popups" => with(
            "",
            &script(
                "setInterval(() => { for (let i = 0; i < 50; i++) open('/plain?' + i, '_blank') }, 20)",
            ),
        ),
        "/script-first" => with(&script("while (true);"), ""),
        "/script-late" => with(
            "",
            &script("onload = () => setTimeout(() => { while (true); }, 50)"),
        ),
        "/script-typing" => with(
            "",
            &script("document.querySelector('input').oninput = () => { while (true); }"),
        ),
        "/never-ends" => Answer::redirect(format!("http://{slow}/page")),
        "/image-never-ends" => with("", &format!("<img src=http://{slow}/image>")),
        "/restless" => with(
            "",
            &script(
                "setInterval(() => { const p = document.createElement('p'); p.textContent = Date.now(); \
                 document.body.append(p); if (document.body.children.length > 40) p.remove(); }, 30)",
            ),
        ),
        "/redirects" => Answer::redirect("/redirects"),
        "/reloads" => with(&script("location.reload()"), ""),
        "/refreshes" => with("<meta http-equiv=refresh content='0;url=/refreshes'>", ""),
        "/download" | "/file" => {
            let mut answer = Answer::of("application/octet-stream", vec![7; 100_000]);
            answer.headers.push((
                "content-disposition",
                "attachment; filename=offer.exe".to_string(),
            ));
            answer
        }
        "/downloads" => with(
            "",
            &script("setInterval(() => { location.href = '/file' }, 100)"),
        ),
        "/sign-in" | "/guarded.png" => {
            let mut answer = Answer::status(401);
            answer
                .headers
                .push(("www-authenticate", "Basic realm=\"members\"".to_string()));
            answer
        }
        "/sign-in-within" => with("", "<img src=/guarded.png>"),
        "/stay" => with(
            "",
            &script(
                "onbeforeunload = event => { event.preventDefault(); event.returnValue = 'stay'; return 'stay' }; \
                 setTimeout(() => { location.href = '/plain' }, 300)",
            ),
        ),
        "/bomb" => bomb(),
        "/deep" => with("", &format!("{}deep", "<div>".repeat(30_000))),
        "/large" => {
            let line = format!(
                "<p>{}</p>",
                "Solar panels on every roof of the town. ".repeat(25)
            );
            with("", &line.repeat((50 << 20) / line.len()))
        }
        "/forms" => with("", &FORM.repeat(1_500)),
        "/charset-wrong" => latin("text/html; charset=utf-8"),
        "/charset-missing" => latin("text/html"),
        "/charset-unknown" => latin("text/html; charset=x-nowhere"),
        "/wall" => {
            let mut answer = Answer::status(403);
            answer
                .headers
                .push(("cf-mitigated", "challenge".to_string()));
            answer
        }
        "/wall-200" => {
            let mut answer =
                Answer::html("<html lang=en><h1>One moment</h1><p>We look at your browser.</p>");
            answer
                .headers
                .push(("x-amzn-waf-action", "challenge".to_string()));
            answer
        }
        "/captcha" => Answer::html(
            "<html lang=en><title>One moment</title><h1>Are you a person?</h1>\
             <p>Please show that you are before we go on.</p>\
             <form method=post><div class=h-captcha data-sitekey=10000000-ffff style='width:300px;height:74px'>\
             <iframe src='about:blank#captcha' width=300 height=74></iframe></div><button>Go on</button></form>",
        ),
        "/tall" => with(
            "",
            "<div style='height:200000px'>tall</div><footer>End</footer>",
        ),
        _ => match path.strip_prefix("/redirects-new/") {
            Some(number) => {
                let next = number.parse::<u64>().unwrap_or(0) + 1;
                Answer::redirect(format!("/redirects-new/{next}"))
            }
            None => Answer::status(404),
        },
    }
}

/// French words in Latin-1.
fn latin(kind: &str) -> Answer {
    let text = "<html lang=fr><title>Devis</title><h1>Votre devis g\u{e9}n\u{e9}ral</h1>\
        <form method=post><label>Pr\u{e9}nom <input name=prenom></label>\
        <label>E-mail <input type=email name=email></label><button>Recevoir \u{e0} domicile</button></form>";
    let bytes = text.chars().map(|c| c as u8).collect();
    Answer::of(kind, bytes)
}

/// Text that is a thousand times larger than what is sent.
fn bomb() -> Answer {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let head = format!("<!doctype html><html lang=en><title>Quote</title><body>{FORM}<p>");
    let block = vec![b'a'; 1 << 20];
    encoder.write_all(head.as_bytes()).expect("memory");
    for _ in 0..200 {
        encoder.write_all(&block).expect("memory");
    }
    let mut answer = Answer::of(
        "text/html; charset=utf-8",
        encoder.finish().expect("memory"),
    );
    answer
        .headers
        .push(("content-encoding", "gzip".to_string()));
    answer
}

/// A server whose answers never end: a little more every now and then.
fn endless() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let address = listener.local_addr().expect("its address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut asked = [0; 2048];
                let read = std::io::Read::read(&mut stream, &mut asked).unwrap_or(0);
                let image = String::from_utf8_lossy(&asked[..read]).contains("/image");
                let kind = if image { "image/png" } else { "text/html" };
                let head =
                    format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\nconnection: close\r\n\r\n");
                let more = if image { "\u{89}" } else { "<p>and more</p>" };
                let mut sent = stream.write_all(head.as_bytes());
                if !image {
                    sent = sent.and_then(|()| stream.write_all(FORM.as_bytes()));
                }
                while sent.is_ok() {
                    std::thread::sleep(Duration::from_millis(200));
                    sent = stream
                        .write_all(more.as_bytes())
                        .and_then(|()| stream.flush());
                }
            });
        }
    });
    address
}
