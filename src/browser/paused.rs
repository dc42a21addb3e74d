//! A request that Chrome has paused, and what it says.
//!
//! It must not decide what becomes of it; `traffic` does.

use base64::Engine;
use serde::Deserialize;
use serde_json::Value;

use crate::artifact::{Payload, payload_fields};

/// A paused request, as Chrome tells it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Paused {
    pub request_id: String,
    pub request: Request,
    #[serde(default)]
    pub frame_id: String,
    #[serde(default)]
    pub resource_type: String,
    pub network_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    pub url: String,
    pub method: String,
    #[serde(default)]
    pub headers: serde_json::Map<String, Value>,
    #[serde(default)]
    pub has_post_data: bool,
    pub post_data: Option<String>,
    #[serde(default)]
    pub post_data_entries: Vec<Entry>,
}

#[derive(Deserialize)]
pub struct Entry {
    pub bytes: Option<String>,
}

impl Paused {
    /// It asks for an address and says nothing else.
    pub fn is_plain(&self) -> bool {
        let url = url::Url::parse(&self.request.url);
        self.request.method == "GET"
            && !self.request.has_post_data
            && url.is_ok_and(|url| url.query().is_none_or(str::is_empty))
    }

    /// It has a body, or an address that says more than where to. What a page is built of is asked for with
    /// numbers of versions behind it, which are no answers.
    pub fn carries_something(&self) -> bool {
        let queried = url::Url::parse(&self.request.url)
            .is_ok_and(|url| url.query().is_some_and(|query| !query.is_empty()));
        let part = ["Script", "Stylesheet", "Font", "Media"].contains(&self.resource_type.as_str());
        (queried && !part)
            || self.request.has_post_data
            || !matches!(self.request.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }

    pub fn headers(&self) -> Vec<(String, String)> {
        let given = self.request.headers.iter();
        given
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_string()))
            .collect()
    }

    /// The body that came with the event.
    pub fn inline_body(&self) -> Option<Vec<u8>> {
        let request = &self.request;
        let entries = &request.post_data_entries;
        if !entries.is_empty() && entries.iter().all(|entry| entry.bytes.is_some()) {
            let bytes = entries.iter().flat_map(|entry| {
                let text = entry.bytes.as_deref().unwrap_or_default();
                let decoded = base64::engine::general_purpose::STANDARD.decode(text);
                decoded.unwrap_or_default()
            });
            return Some(bytes.collect());
        }
        request.post_data.clone().map(String::into_bytes)
    }

    pub fn payload(&self, body: Option<&[u8]>, unreadable: bool) -> Payload {
        let headers = self.headers();
        let content_type = headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
            .map(|(_, value)| value.clone());
        Payload {
            url: self.request.url.chars().take(2_000).collect(),
            method: self.request.method.clone(),
            kind: self.resource_type.clone(),
            fields: payload_fields(
                &self.request.url,
                content_type.as_deref(),
                body.unwrap_or_default(),
            ),
            content_type,
            unreadable,
        }
    }
}
