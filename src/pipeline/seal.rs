//! Puts a capture and its report into a pack, beside them.
//!
//! What a pack looks like is `evidence`'s to know; what belongs in it is known here.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, Write};

use serde_json::json;
use time::UtcOffset;
use time::format_description::well_known::Rfc3339;

use crate::artifact::{Exchange, PageRecord, ScanRecord};
use crate::capture::Folder;
use crate::evidence::{Key, Kind, Meta, Pack, Page, Record, Signer, hex, one_line};
use crate::report::{Evidence, Report};
use crate::ruleset::RuleSource;

use super::beside::link_place;
use super::conditions::{self, Conditions};
use super::digest::digest_of;
use super::illustrate::CROP;
use super::judge::{captured_files, records};

/// The pack's name in the output folder.
pub const PACK: &str = "evidence.wacz";
/// Where a file of the capture stands among the records of the archive: this and its path.
pub const FILE_URN: &str = "urn:consentry:file:";

/// What goes into a pack besides the capture.
pub struct SealOptions<'a> {
    pub key: Option<&'a Key>,
    /// The rule files that the report was made with; none for a capture alone.
    pub rules: Vec<RuleSource>,
    /// The files of the report in the folder, `report.json` among them.
    pub reports: Vec<String>,
    /// The zone of the machine's clock, where it is known.
    pub zone: Option<UtcOffset>,
}

/// Writes the pack. It is whole or not there: it is written beside and moved into place.
///
/// # Errors
/// Where the folder cannot be read or written.
pub fn seal(folder: &Folder, options: &SealOptions) -> std::io::Result<Evidence> {
    let (scan, pages) = records(folder).map_err(std::io::Error::other)?;
    let partial = folder.root().join(format!("{PACK}.partial"));
    let out = File::options()
        .create(true)
        .truncate(true)
        .read(true)
        .write(true)
        .open(&partial)?;
    let written = write(BufWriter::new(out), folder, &scan, &pages, options);
    let written = written.and_then(|out| {
        let file = out
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        let sha256 = hex(&digest_of(&partial)?);
        std::fs::rename(&partial, folder.root().join(PACK))?;
        Ok(sha256)
    });
    let sha256 = written.inspect_err(|_| {
        // Half a pack must not look like one; that it cannot be removed changes nothing.
        let _ = std::fs::remove_file(&partial);
    })?;
    let signed_by = match options.key {
        Some(key) => Some(crate::evidence::fingerprint(
            &key.public().map_err(std::io::Error::other)?,
        )),
        None => None,
    };
    Ok(Evidence {
        pack: PACK.to_string(),
        sha256,
        signed_by,
        timestamps: Vec::new(),
    })
}

/// The files of a report and its crops, of all that its `files` list.
pub fn of_judgement(files: &[String]) -> Vec<String> {
    let captured = |path: &str| {
        let picture = path.starts_with("screenshots/") && !path.starts_with(CROP);
        path.starts_with("captures/") || picture
    };
    let files = files.iter().filter(|path| !captured(path));
    files.cloned().collect()
}

/// Names the pack in the folder's report; the one inside the pack stays as it was sealed.
///
/// # Errors
/// Where the report cannot be written.
pub fn name_pack(folder: &std::path::Path, report: &mut Report) -> std::io::Result<()> {
    report.files.push(PACK.to_string());
    let pack = folder.join(PACK);
    let mut beside = super::stamp::stamps_of(&pack);
    beside.extend(Some(link_place(&pack)).filter(|link| link.is_file()));
    let names = beside.iter().filter_map(|path| path.file_name()?.to_str());
    report.files.extend(names.map(str::to_string));
    report.files.sort();
    let folder = Folder::new(folder);
    folder.write_with("report.json", |to| super::publish::write_json(report, to))?;
    Ok(())
}

fn write<W: Write + Seek>(
    out: W,
    folder: &Folder,
    scan: &ScanRecord,
    pages: &[PageRecord],
    options: &SealOptions,
) -> std::io::Result<W> {
    let title = scan
        .targets
        .iter()
        .map(|target| target.url.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let ended = scan.ended_at.as_deref().unwrap_or(&scan.started_at);
    let mut pack = Pack::begin(
        out,
        Meta {
            seed: scan.id.clone(),
            title: one_line(&title),
            created: to_second(ended),
            software: format!("{} {}", scan.tool.name, scan.tool.version),
        },
    )?;
    for page in pages {
        exchanges(&mut pack, folder, page)?;
        certificates(&mut pack, page, ended)?;
    }
    let captures = pages.iter().flat_map(|page| &page.captures);
    let taken_at: HashMap<&str, &str> = captures
        .map(|capture| (capture.id.as_str(), capture.taken_at.as_str()))
        .collect();
    for path in captured_files(folder.root(), pages) {
        // Bodies stand in the archive as what servers answered.
        if path.contains("/bodies/") {
            continue;
        }
        let bytes = folder.read(&path)?;
        let taken = capture_of(&path).and_then(|id| taken_at.get(id));
        pack.record(&Record {
            kind: Kind::Resource,
            date: taken.copied().unwrap_or(ended),
            target: Some(&format!("{FILE_URN}{path}")),
            content_type: media_type(&path),
            fields: Vec::new(),
            head: String::new(),
            body: &bytes,
        })?;
    }
    let listed: Vec<Page> = pages.iter().filter_map(page_of).collect();
    pack.end_archive(&listed)?;
    let log = conditions::log(scan, pages, options.zone);
    pack.file("log/capture-log.jsonl", log.as_bytes())?;
    let conditions = Conditions::of(scan, pages, options.zone);
    pack.file(
        "log/conditions.json",
        &serde_json::to_vec_pretty(&conditions)?,
    )?;
    for path in &options.reports {
        let name = match path.rsplit_once('/') {
            Some(_) => path.clone(),
            None => format!("report/{path}"),
        };
        pack.file(&name, &folder.read(path)?)?;
    }
    for (path, text) in &options.rules {
        pack.file(
            &format!("rules/{}", path.replace('/', ".")),
            text.as_bytes(),
        )?;
    }
    let signer = options.key.map(|key| Signer { key });
    pack.seal(signer.as_ref()).map(|(out, _)| out)
}

/// The certificates that a page's server showed, as PEM.
fn certificates<W: Write + Seek>(
    pack: &mut Pack<W>,
    page: &PageRecord,
    date: &str,
) -> std::io::Result<()> {
    if page.certificates.is_empty() {
        return Ok(());
    }
    let pem = page.certificates.iter().map(|one| {
        let lines: Vec<&[u8]> = one.as_bytes().chunks(64).collect();
        let lines = lines.iter().map(|line| String::from_utf8_lossy(line));
        let lines = lines.collect::<Vec<_>>().join("\n");
        format!("-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n")
    });
    pack.record(&Record {
        kind: Kind::Metadata,
        date,
        target: Some(page.final_url.as_deref().unwrap_or(&page.url)),
        content_type: "application/pem-certificate-chain",
        fields: Vec::new(),
        head: String::new(),
        body: pem.collect::<String>().as_bytes(),
    })?;
    Ok(())
}

/// A page that readers can open: one whose document is in the archive.
fn page_of(page: &PageRecord) -> Option<Page> {
    let first = page.captures.first()?;
    Some(Page {
        id: page.id.clone(),
        url: page.final_url.clone().unwrap_or_else(|| page.url.clone()),
        date: first.taken_at.clone(),
        title: page.url.clone(),
    })
}

/// What the browser asked for and was answered, in each opening of a page.
fn exchanges<W: Write + Seek>(
    pack: &mut Pack<W>,
    folder: &Folder,
    page: &PageRecord,
) -> std::io::Result<()> {
    for capture in &page.captures {
        let Some(network) = &capture.network else {
            continue;
        };
        let exchanges: Vec<Exchange> = serde_json::from_slice(&folder.read(&network.path)?)?;
        let began = page
            .visits
            .iter()
            .find(|visit| visit.visit == capture.visit);
        let began = began.map_or(capture.taken_at.as_str(), |visit| visit.began_at.as_str());
        for exchange in &exchanges {
            let date = later(began, exchange.at_ms);
            one_exchange(pack, folder, exchange, &date)?;
        }
    }
    Ok(())
}

fn one_exchange<W: Write + Seek>(
    pack: &mut Pack<W>,
    folder: &Folder,
    exchange: &Exchange,
    date: &str,
) -> std::io::Result<()> {
    if !exchange.url.starts_with("http") {
        return Ok(());
    }
    let target = Some(exchange.url.as_str());
    let path = url::Url::parse(&exchange.url)
        .map(|url| url[url::Position::BeforePath..url::Position::AfterQuery].to_string())
        .unwrap_or_else(|_| "/".to_string());
    let mut head = format!(
        "{} {} HTTP/1.1\r\n",
        one_line(&exchange.method),
        one_line(&path)
    );
    for (name, value) in &exchange.request_headers {
        head.push_str(&format!("{}: {}\r\n", one_line(name), one_line(value)));
    }
    head.push_str("\r\n");
    let request = pack.record(&Record {
        kind: Kind::Request,
        date,
        target,
        content_type: "application/http; msgtype=request",
        fields: Vec::new(),
        head,
        body: &[],
    })?;
    let together = |mut fields: Vec<(&'static str, String)>| {
        fields.push(("WARC-Concurrent-To", request.clone()));
        fields
    };
    if let Some(status) = exchange.status {
        let body = match &exchange.body {
            Some(file) => folder.read(&file.path)?,
            None => Vec::new(),
        };
        let address = exchange.server.as_deref().map(without_port);
        let address = address.map(|server| ("WARC-IP-Address", server.to_string()));
        pack.record(&Record {
            kind: Kind::Response,
            date,
            target,
            content_type: "application/http; msgtype=response",
            fields: together(address.into_iter().collect()),
            head: answer_head(status, exchange, body.len()),
            body: &body,
        })?;
    }
    if exchange.failure.is_some() || exchange.body_gap.is_some() {
        let text = json!({ "failure": exchange.failure, "body_missing": exchange.body_gap });
        pack.record(&Record {
            kind: Kind::Metadata,
            date,
            target,
            content_type: "application/json",
            fields: together(Vec::new()),
            head: String::new(),
            body: text.to_string().as_bytes(),
        })?;
    }
    Ok(())
}

/// The head of an answer. The body is as Chrome decoded it: how it came is kept under other names, as
/// archiving browsers do.
fn answer_head(status: u16, exchange: &Exchange, length: usize) -> String {
    let mut head = format!("HTTP/1.1 {status} \r\n");
    for (name, value) in &exchange.response_headers {
        let of_transfer = ["content-encoding", "transfer-encoding", "content-length"];
        let kept = of_transfer.contains(&name.to_ascii_lowercase().as_str());
        let before = if kept { "X-Orig-" } else { "" };
        for value in value.split('\n') {
            head.push_str(&format!(
                "{before}{}: {}\r\n",
                one_line(name),
                one_line(value)
            ));
        }
    }
    head.push_str(&format!("Content-Length: {length}\r\n\r\n"));
    head
}

/// `127.0.0.1:80` and `[::1]:80` without the port.
fn without_port(server: &str) -> &str {
    let address = server
        .rsplit_once(':')
        .map_or(server, |(address, _)| address);
    address.trim_start_matches('[').trim_end_matches(']')
}

/// The capture that a file belongs to: `captures/<id>/…`, `screenshots/<id>-1.png`.
fn capture_of(path: &str) -> Option<&str> {
    let mut parts = path.split('/');
    match (parts.next()?, parts.next()?) {
        ("screenshots", name) => name.rsplit_once('-').map(|(id, _)| id),
        (_, id) => Some(id),
    }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, end)| end) {
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("json") => "application/json",
        Some("jsonl") => "application/jsonl",
        Some("html") => "text/html",
        Some("pdf") => "application/pdf",
        _ => "application/octet-stream",
    }
}

/// A time so many milliseconds later; one that cannot be read stays as it is.
fn later(time: &str, milliseconds: u64) -> String {
    let parsed = time::OffsetDateTime::parse(time, &Rfc3339);
    let moved = parsed.map(|at| at + std::time::Duration::from_millis(milliseconds));
    moved
        .ok()
        .and_then(|at| at.format(&Rfc3339).ok())
        .unwrap_or_else(|| time.to_string())
}

fn to_second(time: &str) -> String {
    time.get(..19)
        .map_or_else(|| time.to_string(), |to| format!("{to}Z"))
}

/// Reads the files of a capture back out of a pack.
///
/// # Errors
/// Where the pack cannot be read or a file not be written.
pub fn unpack(pack: impl Read + Seek, into: &Folder) -> Result<(), String> {
    crate::evidence::resources(pack, FILE_URN, &mut |path, bytes| {
        into.write_within(path, bytes)
            .map_err(|e| format!("{path}: {e}"))
    })
}
