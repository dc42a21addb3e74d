//! Signing keys: ECDSA over P-256 with SHA-256 (FIPS 186-5), stored as PKCS#8, with a passphrase or without.
//!
//! It draws no random numbers itself and reads no file: both come from outside.

use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{DerSignature, SigningKey, VerifyingKey};
use p256::elliptic_curve::rand_core::{CryptoRng, RngCore};
use pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use sha2::{Digest, Sha256};

use super::encode::hex;

/// A key that signs.
pub struct Key(SigningKey);

/// Why a key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("the key has a passphrase, and none was given")]
    PassphraseMissing,
    #[error("the passphrase does not open the key")]
    PassphraseWrong,
    #[error("it is no private key in PKCS#8 for ECDSA P-256 ({0})")]
    NoKey(String),
    #[error("the key cannot be written ({0})")]
    Unwritable(String),
}

impl Key {
    /// A new key from random numbers.
    pub fn new(random: &mut (impl CryptoRng + RngCore)) -> Key {
        Key(SigningKey::random(random))
    }

    /// Reads a key in PEM.
    ///
    /// # Errors
    /// Where it is none, or its passphrase another one.
    pub fn from_pem(text: &str, passphrase: Option<&str>) -> Result<Key, KeyError> {
        if !text.contains("ENCRYPTED PRIVATE KEY") {
            let key = SigningKey::from_pkcs8_pem(text.trim());
            return key.map(Key).map_err(|e| KeyError::NoKey(e.to_string()));
        }
        let passphrase = passphrase.ok_or(KeyError::PassphraseMissing)?;
        let key = SigningKey::from_pkcs8_encrypted_pem(text.trim(), passphrase);
        key.map(Key).map_err(|_| KeyError::PassphraseWrong)
    }

    /// The key in PEM, under a passphrase where one is given.
    ///
    /// # Errors
    /// Where it cannot be encoded.
    pub fn to_pem(
        &self,
        passphrase: Option<&str>,
        random: &mut (impl CryptoRng + RngCore),
    ) -> Result<String, KeyError> {
        let secret = p256::SecretKey::from(&self.0);
        let pem = match passphrase {
            None => secret.to_pkcs8_pem(LineEnding::LF),
            Some(words) => secret.to_pkcs8_encrypted_pem(random, words, LineEnding::LF),
        };
        pem.map(|pem| pem.to_string())
            .map_err(|e| KeyError::Unwritable(e.to_string()))
    }

    /// Signs bytes: DER, as openssl reads it.
    pub fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        let signature: DerSignature = self.0.sign(bytes);
        signature.as_bytes().to_vec()
    }

    /// The public key: SubjectPublicKeyInfo in DER.
    ///
    /// # Errors
    /// Where it cannot be encoded.
    pub fn public(&self) -> Result<Vec<u8>, KeyError> {
        let der = self.0.verifying_key().to_public_key_der();
        der.map(|der| der.as_bytes().to_vec())
            .map_err(|e| KeyError::Unwritable(e.to_string()))
    }

    /// The public key in PEM, for openssl.
    ///
    /// # Errors
    /// Where it cannot be encoded.
    pub fn public_pem(&self) -> Result<String, KeyError> {
        let pem = self.0.verifying_key().to_public_key_pem(LineEnding::LF);
        pem.map_err(|e| KeyError::Unwritable(e.to_string()))
    }
}

/// What people compare keys by: SHA-256 of the public key in DER, hexadecimal.
pub fn fingerprint(public: &[u8]) -> String {
    hex(&Sha256::digest(public))
}

/// Whether a signature over bytes is that of a public key (both DER); `None` where one of them is not of
/// this kind.
pub fn verify(public: &[u8], bytes: &[u8], signature: &[u8]) -> Option<bool> {
    let key = VerifyingKey::from_public_key_der(public).ok()?;
    let signature = DerSignature::try_from(signature).ok()?;
    Some(key.verify(bytes, &signature).is_ok())
}

#[cfg(test)]
mod tests {
    use super::{Key, KeyError, verify};
    use p256::elliptic_curve::rand_core::OsRng;

    #[test]
    fn a_key_is_read_back_and_signs() {
        let key = Key::new(&mut OsRng);
        for passphrase in [None, Some("correct horse")] {
            let pem = key.to_pem(passphrase, &mut OsRng).unwrap();
            let again = Key::from_pem(&pem, passphrase).unwrap_or_else(|e| panic!("{e}"));
            let signature = again.sign(b"sha256:00");
            let public = key.public().unwrap();
            assert_eq!(verify(&public, b"sha256:00", &signature), Some(true));
            assert_eq!(verify(&public, b"sha256:01", &signature), Some(false));
        }
    }

    #[test]
    fn a_wrong_passphrase_is_told_from_no_key() {
        let key = Key::new(&mut OsRng);
        let pem = key.to_pem(Some("one"), &mut OsRng).unwrap();
        let error = |passphrase| Key::from_pem(&pem, passphrase).err();
        assert_eq!(error(None), Some(KeyError::PassphraseMissing));
        assert_eq!(error(Some("two")), Some(KeyError::PassphraseWrong));
        assert!(matches!(
            Key::from_pem("nonsense", None).err(),
            Some(KeyError::NoKey(_))
        ));
    }
}
