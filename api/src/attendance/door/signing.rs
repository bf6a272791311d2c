//! Making and checking the signatures on badges: the one place that calls on cryptography for it, which is that of TLS
//! (aws-lc).

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, ParsedPublicKey};
use domain::{
    attendance::door::{BadgeKey, BadgeToken, Envelope, QrContent, SignedEnvelope},
    identifier::{BadgeId, EventId},
};

use crate::{context::Ctx, error::Error, http::reply::hex};

/// What makes the badges of one event.
#[derive(Debug)]
pub struct Signer {
    event: EventId,
    key: BadgeKey,
    pair: Ed25519KeyPair,
}

impl Signer {
    /// The signer of an event, from the server's badge key.
    ///
    /// # Errors
    /// `badge_key_missing` where the server has no key and cannot make one.
    pub fn new(ctx: &Ctx, event: EventId) -> Result<Self, Error> {
        let key = super::key::find_or_make(&ctx.app.config, &ctx.app.entropy)?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&key.seed(event))
            .map_err(|error| Error::internal(error.to_string()))?;
        Ok(Self { event, key, pair })
    }

    /// The key by which its signatures are checked: 32 bytes in hexadecimal.
    pub fn public_key(&self) -> String {
        hex(self.pair.public_key().as_ref())
    }

    /// The token of a badge.
    pub fn token(&self, badge: BadgeId) -> BadgeToken {
        self.key.token(badge)
    }

    /// What the QR code of a badge says.
    pub fn content(&self, badge: BadgeId) -> Result<QrContent, Error> {
        let envelope = Envelope { event: self.event, token: self.token(badge) };
        let signature = self.pair.sign(&envelope.message());
        let signature = signature.as_ref().try_into().map_err(|_| Error::internal("a signature of another length"))?;
        Ok(SignedEnvelope { envelope, signature }.content())
    }
}

/// What tells the badges of one event from made-up ones, as a device without a network does.
#[derive(Debug)]
pub struct Verifier(Vec<ParsedPublicKey>);

impl Verifier {
    /// From the public keys of the event.
    pub fn new(public_keys: &[String]) -> Result<Self, Error> {
        let key = |text: &String| ParsedPublicKey::new(&ED25519, bytes(text)?).ok();
        let keys: Option<Vec<_>> = public_keys.iter().map(key).collect();
        Ok(Self(keys.ok_or_else(|| Error::internal("a public key of a door that is none"))?))
    }

    /// Whether one of the keys has signed it.
    pub fn holds(&self, signed: &SignedEnvelope) -> bool {
        let message = signed.envelope.message();
        self.0.iter().any(|key| key.verify_sig(&message, &signed.signature).is_ok())
    }
}

fn bytes(hexadecimal: &str) -> Option<Vec<u8>> {
    let pairs = (0..hexadecimal.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(hexadecimal.get(at..at + 2)?, 16).ok()).collect()
}
