//! Whether a signature is a passkey's: the one place that calls on cryptography for it, which is that of TLS (aws-lc).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};
use domain::access::passkey::{PasskeyFault, PublicKey};

/// Whether there can be such a key: its point is on the curve, its modulus of a length that is trusted.
pub(super) fn check_key(key: &PublicKey) -> Result<(), PasskeyFault> {
    parsed(key).map(|_| ())
}

/// Whether the key has signed `message`.
pub(super) fn check(key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), PasskeyFault> {
    parsed(key)?.verify_sig(message, signature).map_err(|_| PasskeyFault::Signature)
}

fn parsed(key: &PublicKey) -> Result<ParsedPublicKey, PasskeyFault> {
    let parsed = match key {
        PublicKey::Es256(point) => ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).ok(),
        PublicKey::EdDsa(key) => ParsedPublicKey::new(&ED25519, key).ok(),
        PublicKey::Rs256 { modulus, exponent } => {
            let key = RsaPublicKeyComponents { n: modulus, e: exponent };
            key.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).ok()
        }
    };
    parsed.ok_or(PasskeyFault::PublicKey)
}
