//! Time stamps of an authority (RFC 3161): a request for a hash, and what an answer proves.
//!
//! An answer comes from somebody else, and later from a file beside a pack: nothing in it is believed before
//! its signature is checked. It must not know what the hash is of, and it has no network.

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{Any, Int, ObjectIdentifier, OctetString};
use der::{Decode, Encode};
use rustls::pki_types::{CertificateDer, TrustAnchor, UnixTime};
use serde::Serialize;
use sha2::{Digest, Sha256, Sha384, Sha512};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};
use x509_cert::Certificate;
use x509_cert::spki::AlgorithmIdentifier;
use x509_tsp::{MessageImprint, TimeStampReq, TimeStampResp, TspVersion, TstInfo};

/// The media types of RFC 3161, section 3.4.
pub const QUERY: &str = "application/timestamp-query";
pub const REPLY: &str = "application/timestamp-reply";

const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
/// `id-kp-timeStamping`, 1.3.6.1.5.5.7.3.8, as DER has it.
const TIME_STAMPING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];
/// Larger answers are none.
pub const LARGEST_ANSWER: usize = 256 << 10;

/// Why an answer is no time stamp of what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StampError {
    #[error("the request cannot be encoded: {0}")]
    Request(String),
    #[error("it is no answer of a time-stamp authority: {0}")]
    NoAnswer(String),
    #[error("the authority refused: {0}")]
    Refused(String),
    #[error("it is for another hash")]
    OtherHash,
    #[error("it answers another request")]
    OtherRequest,
    #[error("its signature does not hold")]
    Signature,
}

/// What a time stamp says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stamp {
    /// RFC 3339, UTC.
    pub at: String,
    /// The authority's certificate's subject.
    pub authority: String,
    /// Whether its chain leads to one of the given roots; `None` where none was given.
    pub trusted: Option<bool>,
}

/// A request for a time stamp on a SHA-256, with the authority's certificates in the answer.
///
/// # Errors
/// Where it cannot be encoded.
pub fn request(hash: &[u8; 32], nonce: u64) -> Result<Vec<u8>, StampError> {
    let encoding = |e: der::Error| StampError::Request(e.to_string());
    let query = TimeStampReq {
        version: TspVersion::V1,
        message_imprint: MessageImprint {
            hash_algorithm: AlgorithmIdentifier {
                oid: SHA256,
                parameters: Some(Any::null()),
            },
            hashed_message: OctetString::new(hash.to_vec()).map_err(encoding)?,
        },
        req_policy: None,
        nonce: Some(number(nonce).map_err(encoding)?),
        cert_req: true,
        extensions: None,
    };
    query.to_der().map_err(encoding)
}

/// A positive INTEGER: with a zero before it where its first bit is one.
fn number(nonce: u64) -> der::Result<Int> {
    let mut bytes = vec![0];
    bytes.extend_from_slice(&nonce.to_be_bytes());
    let first = bytes
        .iter()
        .position(|byte| *byte != 0)
        .unwrap_or(bytes.len() - 1);
    let signed = bytes[first] & 0x80 != 0;
    Int::new(&bytes[first - usize::from(signed)..])
}

/// What an answer proves about a hash. A nonce is compared where one was asked with; roots are certificates
/// in DER that the caller trusts.
///
/// # Errors
/// Why it proves nothing.
pub fn check(
    answer: &[u8],
    hash: &[u8; 32],
    nonce: Option<u64>,
    roots: &[Vec<u8>],
) -> Result<Stamp, StampError> {
    let broken = |e: der::Error| StampError::NoAnswer(e.to_string());
    if answer.len() > LARGEST_ANSWER {
        return Err(StampError::NoAnswer("it is too large".to_string()));
    }
    let answer = TimeStampResp::from_der(answer).map_err(broken)?;
    let Some(token) = answer.time_stamp_token else {
        return Err(StampError::Refused(format!("{:?}", answer.status.status)));
    };
    let signed = signed_data(&token)?;
    let content = signed.encap_content_info.econtent.as_ref();
    let content = content.ok_or(StampError::NoAnswer("it is empty".to_string()))?;
    let content = content.value().to_vec();
    let info = TstInfo::from_der(&content).map_err(broken)?;
    if info.message_imprint.hash_algorithm.oid != SHA256
        || info.message_imprint.hashed_message.as_bytes() != hash
    {
        return Err(StampError::OtherHash);
    }
    if let Some(nonce) = nonce
        && info.nonce != Some(number(nonce).map_err(broken)?)
    {
        return Err(StampError::OtherRequest);
    }
    let [signer] = signed.signer_infos.0.as_slice() else {
        return Err(StampError::NoAnswer("it has not one signer".to_string()));
    };
    let certificates = certificates(&signed);
    let own = certificates.iter().find(|one| is_of(one, &signer.sid));
    let own = own.ok_or(StampError::NoAnswer(
        "it does not hold the certificate of its signer".to_string(),
    ))?;
    let own_der = own.to_der().map_err(broken)?;
    signature_holds(&content, signer, &own_der)?;
    let at = info.gen_time.to_unix_duration();
    let others: Vec<Vec<u8>> = certificates
        .iter()
        .filter(|one| *one != own)
        .filter_map(|one| one.to_der().ok())
        .collect();
    let trusted = (!roots.is_empty()).then(|| leads_to(&own_der, &others, roots, at));
    Ok(Stamp {
        at: rfc3339(at),
        authority: own.tbs_certificate.subject.to_string(),
        trusted,
    })
}

fn signed_data(token: &ContentInfo) -> Result<SignedData, StampError> {
    let broken = |e: der::Error| StampError::NoAnswer(e.to_string());
    if token.content_type != SIGNED_DATA {
        return Err(StampError::NoAnswer("it is not signed".to_string()));
    }
    let signed: SignedData = token.content.decode_as().map_err(broken)?;
    if signed.encap_content_info.econtent_type != TST_INFO {
        return Err(StampError::NoAnswer("it holds no time stamp".to_string()));
    }
    Ok(signed)
}

fn certificates(signed: &SignedData) -> Vec<Certificate> {
    let all = signed.certificates.iter().flat_map(|set| set.0.iter());
    all.filter_map(|choice| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
        CertificateChoices::Other(_) => None,
    })
    .collect()
}

fn is_of(certificate: &Certificate, signer: &SignerIdentifier) -> bool {
    let certificate = &certificate.tbs_certificate;
    match signer {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            named.issuer == certificate.issuer && named.serial_number == certificate.serial_number
        }
        // RFC 3161 authorities name the issuer; a key identifier alone is not looked up.
        SignerIdentifier::SubjectKeyIdentifier(_) => false,
    }
}

/// RFC 5652, section 5.4: the signature is over the signed attributes, one of which is the hash of the
/// content.
fn signature_holds(
    content: &[u8],
    signer: &SignerInfo,
    certificate: &[u8],
) -> Result<(), StampError> {
    let attributes = signer.signed_attrs.as_ref().ok_or(StampError::Signature)?;
    let digest = match signer.digest_alg.oid {
        SHA256 => Sha256::digest(content).to_vec(),
        SHA384 => Sha384::digest(content).to_vec(),
        SHA512 => Sha512::digest(content).to_vec(),
        other => {
            return Err(StampError::NoAnswer(format!(
                "its hash {other} is not known"
            )));
        }
    };
    let named = attributes.iter().find(|one| one.oid == MESSAGE_DIGEST);
    let named = named.and_then(|one| one.values.iter().next());
    if named.map(Any::value) != Some(digest.as_slice()) {
        return Err(StampError::Signature);
    }
    let bytes = attributes.to_der().map_err(|_| StampError::Signature)?;
    let certificate = CertificateDer::from(certificate);
    let certificate = EndEntityCert::try_from(&certificate).map_err(|_| StampError::Signature)?;
    let signature = signer.signature.as_bytes();
    let holds = ALL_VERIFICATION_ALGS.iter().any(|&kind| {
        certificate
            .verify_signature(kind, &bytes, signature)
            .is_ok()
    });
    holds.then_some(()).ok_or(StampError::Signature)
}

/// Whether a certificate for time stamping leads to one of the roots, on the day of the stamp.
fn leads_to(own: &[u8], others: &[Vec<u8>], roots: &[Vec<u8>], at: core::time::Duration) -> bool {
    let roots: Vec<CertificateDer> = roots.iter().map(|der| der.as_slice().into()).collect();
    let anchors: Vec<TrustAnchor> = roots
        .iter()
        .filter_map(|root| anchor_from_trusted_cert(root).ok())
        .collect();
    let others: Vec<CertificateDer> = others.iter().map(|der| der.as_slice().into()).collect();
    let own = CertificateDer::from(own);
    let Ok(own) = EndEntityCert::try_from(&own) else {
        return false;
    };
    own.verify_for_usage(
        ALL_VERIFICATION_ALGS,
        &anchors,
        &others,
        UnixTime::since_unix_epoch(at),
        KeyUsage::required(TIME_STAMPING),
        None,
        None,
    )
    .is_ok()
}

fn rfc3339(since_epoch: core::time::Duration) -> String {
    let seconds = i64::try_from(since_epoch.as_secs()).unwrap_or_default();
    time::OffsetDateTime::from_unix_timestamp(seconds)
        .ok()
        .and_then(|at| {
            at.format(&time::format_description::well_known::Rfc3339)
                .ok()
        })
        .unwrap_or_default()
}

/// The certificates of a PEM file, in DER.
///
/// # Errors
/// Where it holds none.
pub fn roots(pem: &[u8]) -> Result<Vec<Vec<u8>>, StampError> {
    let broken = |e: der::Error| StampError::NoAnswer(e.to_string());
    let chain = Certificate::load_pem_chain(pem).map_err(broken)?;
    let roots: Result<Vec<Vec<u8>>, _> = chain.iter().map(Encode::to_der).collect();
    let roots = roots.map_err(broken)?;
    if roots.is_empty() {
        return Err(StampError::NoAnswer("it holds no certificate".to_string()));
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use super::{StampError, check, number, request};
    use proptest::prelude::*;

    #[test]
    fn numbers_are_positive_and_short() {
        assert_eq!(number(0).unwrap().as_bytes(), [0]);
        assert_eq!(number(0x80).unwrap().as_bytes(), [0, 0x80]);
        assert_eq!(number(0x7f).unwrap().as_bytes(), [0x7f]);
    }

    proptest! {
        #[test]
        fn no_answer_breaks_the_reading(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(check(&bytes, &[0; 32], None, &[]).is_err());
        }
    }

    #[test]
    fn a_request_is_no_answer() {
        let asked = request(&[7; 32], 5).unwrap();
        let error = check(&asked, &[7; 32], None, &[]).unwrap_err();
        assert!(matches!(error, StampError::NoAnswer(_)), "{error}");
    }
}
