//! Public keys of passkeys, as COSE writes them (RFC 9052, 7; RFC 9053, 7).

use ciborium::Value;

use super::{
    PasskeyFault,
    authenticator::{member, whole_value},
};

/// `kty`, `alg`, and the members whose meaning depends on them.
const KIND: i64 = 1;
const ALGORITHM: i64 = 3;
const CURVE: i64 = -1;
const X: i64 = -2;
const Y: i64 = -3;
const MODULUS: i64 = -1;
const EXPONENT: i64 = -2;

/// Bytes of an RSA modulus: 2048 to 8192 bits.
const MODULUS_LENGTH: std::ops::RangeInclusive<usize> = 256..=1024;

/// A public key of one of the algorithms that are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// ECDSA with P-256 and SHA-256: the point, uncompressed (SEC 1, 2.3.3).
    Es256(Vec<u8>),
    /// Ed25519.
    EdDsa(Vec<u8>),
    /// RSASSA-PKCS1-v1_5 with SHA-256; Windows Hello on older machines has nothing else.
    Rs256 {
        /// Without leading zeros.
        modulus: Vec<u8>,
        /// Without leading zeros.
        exponent: Vec<u8>,
    },
}

impl PublicKey {
    /// The numbers of the accepted algorithms, best first.
    pub const ALGORITHMS: [i64; 3] = [-8, -7, -257];

    /// Reads a COSE_Key. Everything that is not one of the accepted kinds, whole and unambiguous, is refused.
    pub fn read(bytes: &[u8]) -> Result<Self, PasskeyFault> {
        Self::read_cose(bytes).ok_or(PasskeyFault::PublicKey)
    }

    fn read_cose(bytes: &[u8]) -> Option<Self> {
        let value = whole_value(bytes)?;
        let map = value.as_map()?;
        let number = |key: i64| i64::try_from(member(map, &key.into())?.as_integer()?).ok();
        let text = |key: i64| Some(member(map, &key.into())?.as_bytes()?.as_slice());
        match (number(KIND)?, number(ALGORITHM)?) {
            (2, -7) => {
                let (x, y) = (text(X)?, text(Y)?);
                let fits = number(CURVE)? == 1 && x.len() == 32 && y.len() == 32;
                fits.then(|| Self::Es256([&[4], x, y].concat()))
            }
            (1, -8) => {
                let x = text(X)?;
                let fits = number(CURVE)? == 6 && x.len() == 32;
                fits.then(|| Self::EdDsa(x.to_vec()))
            }
            (3, -257) => {
                let (modulus, exponent) = (text(MODULUS)?, text(EXPONENT)?);
                let fits = MODULUS_LENGTH.contains(&modulus.len()) && (1..=8).contains(&exponent.len());
                let plain = modulus.first() != Some(&0) && exponent.first() != Some(&0);
                (fits && plain).then(|| Self::Rs256 { modulus: modulus.to_vec(), exponent: exponent.to_vec() })
            }
            _ => None,
        }
    }
}

/// The value of a map's member by its name, such as `fmt`.
pub(super) fn named<'a>(map: &'a [(Value, Value)], name: &str) -> Option<&'a Value> {
    member(map, &name.into())
}
