//! What the tests of the program share: a loopback server for fixture pages, and the binary.

#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

pub mod bare;
pub mod gate;
pub mod hostile;
pub mod memory;
pub mod proxy;
pub mod raw;
pub mod site;
pub mod tls;

/// A request as the server got it.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

/// What to answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    pub wait: Duration,
}

impl Answer {
    pub fn html(body: impl Into<String>) -> Self {
        Answer::of("text/html; charset=utf-8", body.into().into_bytes())
    }

    pub fn of(kind: &str, body: Vec<u8>) -> Self {
        Answer {
            status: 200,
            headers: vec![("content-type", kind.to_string())],
            body,
            wait: Duration::ZERO,
        }
    }

    pub fn status(status: u16) -> Self {
        Answer {
            status,
            ..Answer::html("<html><body>no</body></html>")
        }
    }

    pub fn redirect(to: impl Into<String>) -> Self {
        Answer {
            status: 302,
            headers: vec![("location", to.into())],
            body: Vec::new(),
            wait: Duration::ZERO,
        }
    }
}

/// A server on a loopback address; it ends with the test process.
pub struct Server {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Serves what `answer` says, on a free port of 127.0.0.1.
    pub fn start(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Server {
        Server::on(IpAddr::from([127, 0, 0, 1]), answer)
    }

    pub fn on(
        address: IpAddr,
        answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Server {
        Server::at(SocketAddr::new(address, 0), answer)
    }

    pub fn at(
        address: SocketAddr,
        answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind(address).expect("a loopback port");
        let address = listener.local_addr().expect("its address");
        let seen: Arc<Mutex<Vec<Request>>> = Arc::default();
        let answer = Arc::new(answer);
        let log = seen.clone();
        let connections: Arc<AtomicUsize> = Arc::default();
        let count = connections.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let (answer, log) = (answer.clone(), log.clone());
                std::thread::spawn(move || serve(stream, &*answer, &log));
            }
        });
        Server {
            address,
            seen,
            connections,
        }
    }

    /// Serves the files of `fixtures/pages`.
    pub fn fixtures() -> Server {
        Server::files("fixtures/pages")
    }

    /// Serves the files of a folder of the project.
    pub fn files(below: &'static str) -> Server {
        Server::start(move |request| {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(below);
            let name = request
                .path
                .split(['?', '#'])
                .next()
                .unwrap_or("")
                .trim_start_matches('/');
            if name == "download.bin" {
                return Answer::of("application/octet-stream", vec![0; 64]);
            }
            match std::fs::read_to_string(folder.join(name)) {
                Ok(text) => Answer::html(text),
                Err(_) => Answer::status(404),
            }
        })
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Connections that were made, whatever was sent over them.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    pub fn paths(&self) -> Vec<String> {
        self.requests()
            .into_iter()
            .map(|request| request.path)
            .collect()
    }
}

fn serve(stream: TcpStream, answer: &dyn Fn(&Request) -> Answer, log: &Mutex<Vec<Request>>) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(30)));
    let Ok(mut out) = stream.try_clone() else {
        return;
    };
    let mut reader = BufReader::new(stream);
    while let Some(request) = read_request(&mut reader) {
        let reply = answer(&request);
        log.lock().unwrap().push(request);
        std::thread::sleep(reply.wait);
        let mut head = format!(
            "HTTP/1.1 {} X\r\ncontent-length: {}\r\n",
            reply.status,
            reply.body.len()
        );
        for (name, value) in &reply.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        if out
            .write_all(head.as_bytes())
            .and_then(|()| out.write_all(&reply.body))
            .is_err()
        {
            return;
        }
    }
}

fn read_request(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut parts = line.split_whitespace();
    let (method, path) = (parts.next()?.to_string(), parts.next()?.to_string());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.insert(name.to_ascii_lowercase(), value.trim().to_string());
    }
    let length = headers
        .get("content-length")
        .and_then(|l| l.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        method,
        path,
        headers,
        body,
    })
}

/// A PDF of these objects, numbered from 1; the first is its catalog. `trailer` is added to the trailer.
pub fn pdf_of(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", at + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let table = out.len();
    let count = objects.len() + 1;
    out.extend(format!("xref\n0 {count}\n0000000000 65535 f \n").bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let rest =
        format!("trailer\n<< /Size {count} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n");
    out.extend(rest.bytes());
    out
}

/// A stream object.
pub fn pdf_stream(entries: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<< /Length {} {entries} >>\nstream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

/// The objects of a PDF whose pages hold these lines: place from the left and the bottom, size, words.
pub fn pdf_pages(pages: &[Vec<(f64, f64, f64, &str)>]) -> Vec<Vec<u8>> {
    let kids: String = (0..pages.len())
        .map(|at| format!("{} 0 R ", 4 + 2 * at))
        .collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>".to_vec(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()).into_bytes(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_vec(),
    ];
    for (at, lines) in pages.iter().enumerate() {
        let content = 5 + 2 * at;
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R \
             /Resources << /Font << /F1 3 0 R >> >> >>"
        );
        objects.push(page.into_bytes());
        let mut drawn = Vec::new();
        for (x, y, size, text) in lines {
            drawn.extend(format!("BT /F1 {size} Tf {x} {y} Td (").bytes());
            for c in text.chars() {
                if matches!(c, '(' | ')' | '\\') {
                    drawn.push(b'\\');
                }
                // WinAnsi agrees with Latin-1 in what these tests write, the apostrophe apart.
                drawn.push(if c == '’' {
                    0x92
                } else {
                    u8::try_from(u32::from(c)).unwrap()
                });
            }
            drawn.extend(b") Tj ET\n");
        }
        objects.push(pdf_stream("", &drawn));
    }
    objects
}

/// A PDF of one page with these lines.
pub fn pdf(lines: &[(f64, f64, f64, &str)]) -> Vec<u8> {
    pdf_of(&pdf_pages(&[lines.to_vec()]), "")
}

/// The program with a clean environment, in a folder of its own.
pub fn consentry(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_consentry"));
    command.current_dir(folder);
    for (name, _) in std::env::vars() {
        if name.starts_with("CONSENTRY_") || name.starts_with("LC_") || name == "LANG" {
            command.env_remove(name);
        }
    }
    // One opening of each page, unless a test asks for more.
    command.env("CONSENTRY_PROFILE", "desktop");
    command.env("CONSENTRY_USER_AGENT", "honest");
    command
}

/// Runs it to its end.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    consentry(folder)
        .args(arguments)
        .output()
        .expect("the program starts")
}

pub fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The report of a scan.
pub fn report(out: &Path) -> Value {
    let path: PathBuf = out.join("report.json");
    let text = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&text).expect("report.json is JSON")
}

/// A scan's report as a judgement gives it: it names no pack.
pub fn without_pack(mut report: Value) -> Value {
    report["evidence"] = Value::Null;
    if let Some(files) = report["files"].as_array_mut() {
        files.retain(|file| file != "evidence.wacz");
    }
    report
}

/// The items of a list in the report.
pub fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// Only this address is allowed; 127.0.0.2 is a stranger.
pub const ALLOWED: &str = "--allow-private-network=127.0.0.1";
/// Every private address is.
pub const EVERYTHING: &str = "--allow-private-network";
pub const FORM: &str = "<form method=post action=/held><label>Email <input type=email name=email></label><button>Send</button></form>";

pub fn stranger(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Server {
    Server::on(IpAddr::from([127, 0, 0, 2]), answer)
}

pub fn scan(folder: &Path, arguments: &[&str]) -> Value {
    let mut all = vec!["scan", "--out", "out", "--rate", "1000"];
    all.extend(arguments);
    let output = run(folder, &all);
    assert!(
        folder.join("out/report.json").is_file(),
        "{}",
        stderr(&output)
    );
    report(&folder.join("out"))
}

pub fn statuses(report: &Value) -> Vec<&str> {
    list(report, "pages")
        .iter()
        .map(|page| page["status"].as_str().unwrap())
        .collect()
}

/// Every file below a folder, as text.
pub fn everything(folder: &Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            all.push_str(&everything(&entry.path()));
        } else {
            let bytes = std::fs::read(entry.path()).expect("a file");
            all.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    all
}

/// Runs a script of the shell, which ends where something fails.
pub fn sh(at: &Path, script: &str) -> Output {
    let mut shell = Command::new("sh");
    shell.args(["-ec", script]).current_dir(at);
    shell.output().expect("sh")
}

/// Puts the archiving world's own checkers into `tools/bin`; says so where Python cannot install them.
pub fn archive_tools(at: &Path) -> bool {
    let install =
        "python3 -m venv tools && tools/bin/pip install --quiet wacz==0.6.0 warcio==1.8.1";
    let there = sh(at, install).status.success();
    if !there {
        eprintln!("skipped: python3 cannot install wacz and warcio here");
    }
    there
}
