//! The hash of a pack's list of files, and the signature over it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::encode::hex;
use super::key;
use super::pack::{DIGEST, PACKAGE};
use super::verify::Holds;

/// What a list of files and its digest tell.
#[derive(Debug, Clone, Default)]
pub struct Signed {
    /// `sha256:` and the hash of the list.
    pub hash: String,
    pub created: Option<String>,
    pub software: Option<String>,
    /// The fingerprint of the key that signed, where the signature holds.
    pub by: Option<String>,
    /// Whether the digest names the hash.
    pub package: Option<(Holds, String)>,
    /// What the signature tells; `None` where there is nothing that could be signed.
    pub signature: Option<(Holds, String)>,
    /// The file that does not fit.
    pub wrong: Option<&'static str>,
}

/// Checks both.
pub fn signed(package: &[u8], digest: &[u8]) -> Signed {
    let hash = format!("sha256:{}", hex(&Sha256::digest(package)));
    let digest: Value = match serde_json::from_slice(digest) {
        Ok(digest) => digest,
        Err(e) => {
            return Signed {
                package: Some((Holds::No, format!("{DIGEST} is no JSON: {e}"))),
                ..Signed::default()
            };
        }
    };
    let package: Value = serde_json::from_slice(package).unwrap_or_default();
    let mut found = Signed {
        created: package["created"].as_str().map(str::to_string),
        software: package["software"].as_str().map(str::to_string),
        hash: hash.clone(),
        ..Signed::default()
    };
    if digest["path"] != PACKAGE || digest["hash"] != hash.as_str() {
        let detail = format!("the hash of {PACKAGE} is {hash}; {DIGEST} says otherwise");
        found.wrong = Some(PACKAGE);
        found.package = Some((Holds::No, detail));
        return found;
    }
    found.package = Some((Holds::Yes, format!("{PACKAGE} has {hash}")));
    let (holds, detail) = match signature(&hash, &package["created"], &digest["signedData"]) {
        Ok(Some(by)) => {
            let detail = format!("by the key {by} (SHA-256 of the public key)");
            found.by = Some(by);
            (Holds::Yes, detail)
        }
        Ok(None) => (
            Holds::CannotTell,
            "nobody signed it: who made it, and that it is the first of its kind, cannot be told"
                .to_string(),
        ),
        Err(why) => (Holds::No, why),
    };
    if holds == Holds::No {
        found.wrong = Some(DIGEST);
    }
    found.signature = Some((holds, detail));
    found
}

/// The fingerprint of the key that signed a hash.
fn signature(hash: &str, created: &Value, signed: &Value) -> Result<Option<String>, String> {
    if signed.is_null() {
        return Ok(None);
    }
    let decoded = |name: &str| {
        let text = signed[name].as_str().unwrap_or_default();
        BASE64.decode(text).unwrap_or_default()
    };
    if signed["hash"] != hash {
        return Err("what was signed is another hash".to_string());
    }
    if signed["created"] != *created {
        return Err(format!("the time beside it is not that of {PACKAGE}"));
    }
    let public = decoded("publicKey");
    match key::verify(&public, hash.as_bytes(), &decoded("signature")) {
        Some(true) => Ok(Some(key::fingerprint(&public))),
        Some(false) => Err("it is not that of the key beside it".to_string()),
        None => Err("key or signature is not ECDSA P-256 in DER".to_string()),
    }
}
