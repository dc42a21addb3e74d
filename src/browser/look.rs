//! What can be seen of the page: its documents with states and layout, pictures, bodies, cookies.

use std::time::Duration;

use base64::Engine;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::session::{QUICK, SLOW, Session, field, lock};
use super::wire::WireError;
use crate::artifact::{Cookie, STYLES};

/// A page's documents as Chrome tells them: one snapshot for the page's own process, one for each frame
/// with a process of its own.
pub struct Documents {
    pub page: Box<RawValue>,
    pub frames: Vec<FrameDocuments>,
}

/// The documents of a frame with a process of its own.
pub struct FrameDocuments {
    /// The snapshot that holds the `<iframe>`: 0 for the page's own, else the place among the frames, from 1.
    pub parent: usize,
    /// The `<iframe>`'s node id there.
    pub owner: i64,
    pub snapshot: Box<RawValue>,
}

/// A picture of the page, or of one tile of it.
pub struct Shot {
    pub png: Vec<u8>,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// Chrome refuses pictures above 16,384 pixels; tiles stay well below, whatever the scale.
const TILE_PIXELS: f64 = 8_000.0;
/// Pages are pictured this far down.
const MOST_HEIGHT: f64 = 40_000.0;
/// Wider pages are cut at the right.
const MOST_WIDTH: f64 = 4_000.0;
/// A document with more nodes, or more characters of text, is not taken: the snapshot would not fit.
const MOST_NODES: f64 = 200_000.0;
const MOST_TEXT: f64 = 16_000_000.0;
/// Frames of other processes that are looked into.
const MOST_FRAMES: usize = 20;

impl Session {
    /// The documents with the states of their controls: no styles, no layout.
    ///
    /// # Errors
    /// Where Chrome cannot give them, or they are too large to take.
    pub async fn states(&self) -> Result<Documents, WireError> {
        self.documents(&[], false).await
    }

    /// The documents with computed styles, boxes and paint order.
    ///
    /// # Errors
    /// As [`Session::states`].
    pub async fn full_snapshot(&self) -> Result<Documents, WireError> {
        self.documents(&STYLES, true).await
    }

    async fn documents(&self, styles: &[&str], layout: bool) -> Result<Documents, WireError> {
        let page = self.snapshot(&self.id, styles, layout).await?;
        let mut sources = vec![self.id.clone()];
        let mut frames = Vec::new();
        let children = lock(&self.children).frames();
        for child in children.into_iter().take(MOST_FRAMES) {
            let Some(parent) = sources.iter().position(|known| *known == child.parent) else {
                continue;
            };
            // One that hangs, or that has gone meanwhile, shows as unread.
            let owner = json!({ "frameId": child.target });
            let owner = self
                .wire
                .call_raw(Some(&child.parent), "DOM.getFrameOwner", &owner, FRAME)
                .await;
            let snapshot = self.snapshot(&child.session, styles, layout).await;
            if let (Ok(owner), Ok(snapshot)) = (owner, snapshot) {
                sources.push(child.session.clone());
                frames.push(FrameDocuments {
                    parent,
                    owner: number(&owner, "/backendNodeId") as i64,
                    snapshot,
                });
            }
        }
        lock(&self.children).took(sources);
        Ok(Documents { page, frames })
    }

    async fn snapshot(
        &self,
        session: &str,
        styles: &[&str],
        layout: bool,
    ) -> Result<Box<RawValue>, WireError> {
        const METHOD: &str = "DOMSnapshot.captureSnapshot";
        if session == self.id {
            self.fits(METHOD).await?;
        }
        let params = json!({ "computedStyles": styles, "includePaintOrder": layout,
            "includeDOMRects": false });
        let deadline = if session == self.id { SLOW } else { FRAME };
        self.wire
            .call_raw(Some(session), METHOD, &params, deadline)
            .await
    }

    /// Refuses to take a document that would fill the memory: the wire carries it in one piece.
    async fn fits(&self, method: &'static str) -> Result<(), WireError> {
        let nothing = json!({});
        let session = Some(self.id.as_str());
        let counted = "document.documentElement ? document.documentElement.textContent.length : 0";
        let (metrics, text) = futures_util::future::join(
            self.wire
                .call_raw(session, "Performance.getMetrics", &nothing, SLOW),
            self.evaluate(counted),
        )
        .await;
        let metrics: Value = serde_json::from_str(metrics?.get()).unwrap_or_default();
        let nodes = metrics["metrics"]
            .as_array()
            .and_then(|list| list.iter().find(|metric| metric["name"] == "Nodes"))
            .and_then(|metric| metric["value"].as_f64())
            .unwrap_or_default();
        if nodes > MOST_NODES {
            let why = format!("the page has {nodes} nodes, more than a snapshot can hold");
            return Err(WireError::Refused(method, why));
        }
        let text = text.ok().and_then(|value| value.as_f64());
        let text = text.unwrap_or_default();
        if text > MOST_TEXT {
            let why = format!("the page has {text} characters, more than a snapshot can hold");
            return Err(WireError::Refused(method, why));
        }
        Ok(())
    }

    /// Pictures the whole page from top to bottom, in tiles where it is tall, and gives each away before
    /// the next one is taken. Gives the CSS pixels at its foot that are not pictured.
    ///
    /// # Errors
    /// Where Chrome cannot paint it.
    pub async fn pictures(&self, mut taken: impl FnMut(Shot)) -> Result<f64, WireError> {
        let metrics = self
            .wire
            .call_raw(Some(&self.id), "Page.getLayoutMetrics", &json!({}), SLOW)
            .await?;
        let viewport = self.settings.viewport;
        let width =
            number(&metrics, "/cssContentSize/width").clamp(f64::from(viewport.width), MOST_WIDTH);
        let height = number(&metrics, "/cssContentSize/height").max(f64::from(viewport.height));
        let pictured = height.min(MOST_HEIGHT);
        let tile_height = (TILE_PIXELS / viewport.scale.max(1.0)).floor();
        let mut y = 0.0;
        while y < pictured {
            let tile = (pictured - y).min(tile_height);
            let clip = json!({ "x": 0, "y": y, "width": width, "height": tile, "scale": 1 });
            taken(Shot {
                png: self.picture(clip).await?,
                y,
                width,
                height: tile,
            });
            y += tile;
        }
        Ok(height - pictured)
    }

    async fn picture(&self, clip: Value) -> Result<Vec<u8>, WireError> {
        const METHOD: &str = "Page.captureScreenshot";
        let params = json!({ "format": "png", "optimizeForSpeed": true,
            "captureBeyondViewport": true, "fromSurface": true, "clip": clip });
        let raw = self
            .wire
            .call_raw(Some(&self.id), METHOD, &params, SLOW)
            .await?;
        base64::engine::general_purpose::STANDARD
            .decode(field(&raw, "data"))
            .map_err(|e| WireError::Unreadable(METHOD, e.to_string()))
    }

    /// The body of a finished request, decoded by Chrome.
    ///
    /// # Errors
    /// Where Chrome no longer has it.
    pub async fn body(&self, request: &str) -> Result<Vec<u8>, WireError> {
        const METHOD: &str = "Network.getResponseBody";
        let params = json!({ "requestId": request });
        let raw = self
            .wire
            .call_raw(Some(&self.id), METHOD, &params, QUICK)
            .await?;
        #[derive(Deserialize)]
        struct Body {
            body: String,
            #[serde(rename = "base64Encoded")]
            encoded: bool,
        }
        let body: Body = serde_json::from_str(raw.get())
            .map_err(|e| WireError::Unreadable(METHOD, e.to_string()))?;
        if !body.encoded {
            return Ok(body.body.into_bytes());
        }
        base64::engine::general_purpose::STANDARD
            .decode(body.body)
            .map_err(|e| WireError::Unreadable(METHOD, e.to_string()))
    }

    /// The address the main frame shows.
    pub async fn address(&self) -> Option<String> {
        let raw = self
            .wire
            .call_raw(Some(&self.id), "Page.getFrameTree", &json!({}), QUICK)
            .await
            .ok()?;
        let tree: Value = serde_json::from_str(raw.get()).ok()?;
        tree.pointer("/frameTree/frame/url")
            .and_then(Value::as_str)
            .map(str::to_string)
    }

    /// The cookies of the visit's context. `now` in seconds since 1970.
    pub async fn cookies(&self, now: f64) -> Vec<Cookie> {
        const DAY: f64 = 86_400.0;
        let params = json!({ "browserContextId": self.context });
        let raw = self
            .wire
            .call_raw(None, "Storage.getCookies", &params, QUICK)
            .await;
        let value: Value = raw
            .ok()
            .and_then(|raw| serde_json::from_str(raw.get()).ok())
            .unwrap_or_default();
        let cookies = value["cookies"].as_array().map_or(&[][..], Vec::as_slice);
        cookies
            .iter()
            .take(MOST_COOKIES)
            .map(|cookie| {
                let text = |name: &str| cookie[name].as_str().unwrap_or_default().to_string();
                let expires = cookie["expires"].as_f64().filter(|at| *at > 0.0);
                Cookie {
                    name: text("name").chars().take(200).collect(),
                    domain: text("domain"),
                    days: expires.map(|at| ((at - now) / DAY * 10.0).round() / 10.0),
                }
            })
            .collect()
    }
}

impl Session {
    /// The certificates that the server of an origin showed, as base64 of DER, its own first; none where it
    /// has none or Chrome does not tell.
    pub async fn certificates(&self, origin: &str) -> Vec<String> {
        let params = json!({ "origin": origin });
        let raw = self
            .wire
            .call_raw(Some(&self.id), "Network.getCertificate", &params, QUICK)
            .await;
        #[derive(serde::Deserialize, Default)]
        #[serde(rename_all = "camelCase")]
        struct Answer {
            table_names: Vec<String>,
        }
        let answer: Option<Answer> = raw
            .ok()
            .and_then(|raw| serde_json::from_str(raw.get()).ok());
        let certificates = answer.unwrap_or_default().table_names.into_iter();
        certificates
            .filter(|certificate| certificate.len() <= LARGEST_CERTIFICATE)
            .take(MOST_CERTIFICATES)
            .collect()
    }
}

/// Certificates of one server that are kept.
const MOST_CERTIFICATES: usize = 10;
const LARGEST_CERTIFICATE: usize = 32 << 10;

/// A frame that hangs does not hold up the page.
const FRAME: Duration = Duration::from_secs(3);
/// Cookies that are listed.
const MOST_COOKIES: usize = 200;

fn number(raw: &RawValue, pointer: &str) -> f64 {
    let value: Value = serde_json::from_str(raw.get()).unwrap_or_default();
    value
        .pointer(pointer)
        .and_then(Value::as_f64)
        .unwrap_or_default()
}
