//! An authenticator in software, and the browser in front of it: it says what it is told to say, and signs it.

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ciborium::{Value as Cbor, cbor};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The public address of the server under test.
pub const ORIGIN: &str = "https://plenum.example";

/// Somebody is there, and was checked.
pub const CHECKED: u8 = 0x05;
/// A new key follows.
pub const ATTESTED: u8 = 0x40;

/// The keys an authenticator may have.
pub enum Pair {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Rs256(RsaKeyPair),
}

impl Pair {
    pub fn es256() -> Self {
        Self::Es256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap())
    }

    pub fn eddsa() -> Self {
        Self::EdDsa(Ed25519KeyPair::generate().unwrap())
    }

    pub fn rs256() -> Self {
        Self::Rs256(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    /// The public key as COSE writes it (RFC 9053, 7; RFC 8230, 4).
    pub fn cose(&self) -> Cbor {
        let bytes = |bytes: &[u8]| Cbor::Bytes(bytes.to_vec());
        match self {
            Self::Es256(pair) => {
                let point = pair.public_key().as_ref();
                cbor!({1 => 2, 3 => -7, -1 => 1, -2 => bytes(&point[1..33]), -3 => bytes(&point[33..])}).unwrap()
            }
            Self::EdDsa(pair) => cbor!({1 => 1, 3 => -8, -1 => 6, -2 => bytes(pair.public_key().as_ref())}).unwrap(),
            Self::Rs256(pair) => {
                let key = pair.public_key();
                let (modulus, exponent) =
                    (key.modulus().big_endian_without_leading_zero(), key.exponent().big_endian_without_leading_zero());
                cbor!({1 => 3, 3 => -257, -1 => bytes(modulus), -2 => bytes(exponent)}).unwrap()
            }
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Es256(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Self::EdDsa(pair) => pair.sign(message).as_ref().to_vec(),
            Self::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }
}

/// One passkey in an authenticator.
pub struct Device {
    pub pair: Pair,
    pub credential_id: Vec<u8>,
    pub user_handle: Vec<u8>,
    /// How often it has signed; it counts itself, unless it is told to stand still.
    pub count: u32,
}

impl Device {
    /// One that is yet to be registered.
    pub fn new(pair: Pair, mark: u8) -> Self {
        Self { pair, credential_id: vec![mark; 32], user_handle: vec![], count: 1 }
    }

    /// What the browser sends to have this passkey registered.
    pub fn registration(&mut self, begun: &Value) -> Value {
        self.user_handle = decoded(begun["user_id"].as_str().unwrap());
        let client = client_data("webauthn.create", begun["challenge"].as_str().unwrap());
        registration(&client.to_string(), &attestation("none", &self.made(&self.pair.cose())))
    }

    /// Authenticator data with a new key.
    pub fn made(&self, key: &Cbor) -> Vec<u8> {
        let length = u16::try_from(self.credential_id.len()).unwrap().to_be_bytes();
        [self.data(CHECKED | ATTESTED), vec![0; 16], length.to_vec(), self.credential_id.clone(), written(key)].concat()
    }

    /// Authenticator data with these flags.
    pub fn data(&self, flags: u8) -> Vec<u8> {
        [&Sha256::digest("plenum.example")[..], &[flags], &self.count.to_be_bytes()].concat()
    }

    /// The answer to a challenge to sign in, as a browser gives it.
    pub fn answer(&mut self, challenge: &str) -> Vec<(&'static str, String)> {
        self.count += 1;
        self.signed(&client_data("webauthn.get", challenge).to_string(), &self.data(CHECKED))
    }

    /// These words of the browser and of the authenticator, signed.
    pub fn signed(&self, client: &str, data: &[u8]) -> Vec<(&'static str, String)> {
        let signature = self.pair.sign(&[data, &Sha256::digest(client)[..]].concat());
        vec![
            ("credential_id", encoded(&self.credential_id)),
            ("client_data", encoded(client.as_bytes())),
            ("authenticator_data", encoded(data)),
            ("signature", encoded(&signature)),
            ("user_handle", encoded(&self.user_handle)),
        ]
    }
}

/// What a browser says of a ceremony on a page of the server.
pub fn client_data(kind: &str, challenge: &str) -> Value {
    json!({"type": kind, "challenge": challenge, "origin": ORIGIN, "crossOrigin": false})
}

/// The body of a registration.
pub fn registration(client: &str, object: &[u8]) -> Value {
    json!({"name": "Telephone", "client_data": encoded(client.as_bytes()), "attestation_object": encoded(object)})
}

/// An attestation object without a statement.
pub fn attestation(format: &str, data: &[u8]) -> Vec<u8> {
    written(&cbor!({"fmt" => format, "attStmt" => {}, "authData" => Cbor::Bytes(data.to_vec())}).unwrap())
}

pub fn written(value: &Cbor) -> Vec<u8> {
    let mut bytes = vec![];
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

pub fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn decoded(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}
