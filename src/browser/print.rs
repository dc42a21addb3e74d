//! Prints a document of ours to PDF, in a context of its own whose gate lets nothing through.
//!
//! It gets finished HTML and gives bytes. It must not know what the document says, and what the document
//! names is never loaded: scripts are off, and every address is refused.

use std::time::Duration;

use base64::Engine;
use serde::Deserialize;
use serde_json::json;

use super::launch::Browser;
use super::session::{QUICK, attach, context_behind, end_context, field};
use super::wire::{Wire, WireError};
use crate::gate::{Gate, Policy};

/// What is printed.
#[derive(Debug, Clone)]
pub struct Sheets {
    /// A whole document; its pictures stand in it as `data:` addresses.
    pub html: String,
    /// What stands above and below each page, as Chrome's templates: HTML with styles of its own.
    pub header: String,
    pub footer: String,
}

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    #[error("Chrome did not finish printing within {0} seconds")]
    Late(u64),
    #[error("the PDF would be larger than {} MB", LARGEST_PDF >> 20)]
    TooLarge,
    #[error("{0}")]
    Gate(std::io::Error),
    #[error(transparent)]
    Wire(#[from] WireError),
}

/// A PDF beyond this is nobody's file any more, and must not fill the memory.
const LARGEST_PDF: usize = 96 << 20;
/// Read in pieces well below the wire's largest message.
const PIECE: u64 = 4 << 20;
/// A4 in inches.
const PAPER: (f64, f64) = (8.27, 11.69);

impl Browser {
    /// Prints, and ends the context it printed in.
    ///
    /// # Errors
    /// Where Chrome refuses, is gone, or takes longer than the deadline.
    pub async fn print(&self, sheets: &Sheets, deadline: Duration) -> Result<Vec<u8>, PrintError> {
        // Only hosts of an empty list may pass: a gate that refuses everything.
        let policy = Policy {
            only_hosts: Some(Default::default()),
            ..Policy::default()
        };
        let gate = Gate::open(policy).await.map_err(PrintError::Gate)?;
        let context = context_behind(&self.wire, &gate).await?;
        let printed = self.print_in(&context, sheets, deadline);
        let printed = tokio::time::timeout(deadline, printed).await;
        end_context(&self.wire, &context).await;
        match printed {
            Ok(Err(PrintError::Wire(WireError::Deadline(_)))) | Err(_) => {
                Err(PrintError::Late(deadline.as_secs()))
            }
            Ok(printed) => printed,
        }
    }

    async fn print_in(
        &self,
        context: &str,
        sheets: &Sheets,
        deadline: Duration,
    ) -> Result<Vec<u8>, PrintError> {
        let wire = &self.wire;
        let page = json!({ "url": "about:blank", "browserContextId": context });
        let target = wire
            .call_raw(None, "Target.createTarget", &page, QUICK)
            .await?;
        let session = attach(wire, &field(&target, "targetId")).await?;
        let (sender, mut events) = tokio::sync::mpsc::unbounded_channel();
        wire.listen(&session, sender);
        let call = async |method, params| {
            wire.call_raw(Some(&session), method, &params, deadline)
                .await
        };
        call("Page.enable", json!({})).await?;
        call(
            "Emulation.setScriptExecutionDisabled",
            json!({ "value": true }),
        )
        .await?;
        let tree = call("Page.getFrameTree", json!({})).await?;
        let tree: Tree = read("Page.getFrameTree", tree.get())?;
        let content = json!({ "frameId": tree.frame_tree.frame.id, "html": sheets.html });
        call("Page.setDocumentContent", content).await?;
        // The `load` event comes once every picture is decoded or refused.
        loop {
            match events.recv().await {
                Some(event) if event.method == "Page.loadEventFired" => break,
                Some(_) => {}
                None => return Err(WireError::Closed.into()),
            }
        }
        let how = json!({ "paperWidth": PAPER.0, "paperHeight": PAPER.1, "printBackground": true,
            "preferCSSPageSize": true, "displayHeaderFooter": true,
            "headerTemplate": sheets.header, "footerTemplate": sheets.footer,
            "generateTaggedPDF": true, "generateDocumentOutline": true,
            "transferMode": "ReturnAsStream" });
        let printed = call("Page.printToPDF", how).await?;
        let bytes = stream(wire, &session, &field(&printed, "stream"), deadline).await;
        wire.forget(&session);
        bytes
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tree {
    frame_tree: Top,
}

#[derive(Deserialize)]
struct Top {
    frame: Frame,
}

#[derive(Deserialize)]
struct Frame {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Piece {
    data: String,
    eof: bool,
    #[serde(default)]
    base64_encoded: bool,
}

/// Reads what Chrome keeps for us, piece by piece.
async fn stream(
    wire: &Wire,
    session: &str,
    handle: &str,
    deadline: Duration,
) -> Result<Vec<u8>, PrintError> {
    let mut bytes = Vec::new();
    loop {
        let next = json!({ "handle": handle, "size": PIECE });
        let piece = wire
            .call_raw(Some(session), "IO.read", &next, deadline)
            .await?;
        let piece: Piece = read("IO.read", piece.get())?;
        if piece.base64_encoded {
            let decoded = base64::engine::general_purpose::STANDARD.decode(&piece.data);
            bytes.extend(decoded.map_err(|e| WireError::Unreadable("IO.read", e.to_string()))?);
        } else {
            bytes.extend_from_slice(piece.data.as_bytes());
        }
        if bytes.len() > LARGEST_PDF {
            return Err(PrintError::TooLarge);
        }
        if piece.eof {
            return Ok(bytes);
        }
    }
}

fn read<'a, T: Deserialize<'a>>(method: &'static str, text: &'a str) -> Result<T, WireError> {
    serde_json::from_str(text).map_err(|e| WireError::Unreadable(method, e.to_string()))
}
