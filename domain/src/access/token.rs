//! Secrets that travel: API keys, feed tokens, cookies and links to sign in with.
//!
//! `wgk_live_<id>_<secret>_<check>`, `wgf_<id>_<secret>_<check>` and so on: the prefix lets secret scanners find leaked ones,
//! the id finds the row, the secret (256 bits in base 62) is kept only as a hash, and the CRC-32 at the end refuses
//! typing errors without asking the database.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ID_LENGTH: usize = 12;
const SECRET_LENGTH: usize = 43;
const CHECK_LENGTH: usize = 6;

/// What a token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// The API, as `Authorization: Bearer`.
    Key,
    /// One calendar feed, in its address.
    Feed,
    /// The calendars of a person, as the password of a calendar program.
    App,
    /// The pages and the API for a browser that is signed in, as a cookie.
    SignIn,
    /// Nothing: it tells one browser from another before anybody has signed in, as a cookie.
    Browser,
    /// Signing in, once, as a link in a mail.
    Link,
}

impl TokenKind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Key => "wgk_live",
            Self::Feed => "wgf",
            Self::App => "wgp",
            Self::SignIn => "wgs",
            Self::Browser => "wgb",
            Self::Link => "wgl",
        }
    }
}

/// A token in the clear. Shown once when it is made; never logged, never stored.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Token {
    kind: TokenKind,
    id: String,
    secret: String,
}

/// Random bytes a token is made of.
pub const TOKEN_BYTES: usize = 48;

impl Token {
    /// A new token from random bytes.
    pub fn generate(kind: TokenKind, random: &[u8; TOKEN_BYTES]) -> Self {
        let (id, secret) = random.split_at(16);
        Self { kind, id: base62(id, ID_LENGTH), secret: base62(secret, SECRET_LENGTH) }
    }

    /// Reads a token; anything mistyped is refused here already.
    pub fn parse(kind: TokenKind, value: &str) -> Option<Self> {
        let rest = value.strip_prefix(kind.prefix())?.strip_prefix('_')?;
        let mut parts = rest.split('_');
        let (id, secret, check) = (parts.next()?, parts.next()?, parts.next()?);
        let well_formed = id.len() == ID_LENGTH
            && secret.len() == SECRET_LENGTH
            && parts.next().is_none()
            && id.bytes().chain(secret.bytes()).all(|b| b.is_ascii_alphanumeric());
        let token = Self { kind, id: id.to_owned(), secret: secret.to_owned() };
        (well_formed && token.check() == check).then_some(token)
    }

    /// The regular expression by which programs that look for leaked secrets find tokens of this kind.
    pub fn pattern(kind: TokenKind) -> String {
        let part = |length| format!("[0-9A-Za-z]{{{length}}}");
        format!("{}_{}_{}_{}", kind.prefix(), part(ID_LENGTH), part(SECRET_LENGTH), part(CHECK_LENGTH))
    }

    /// The public part, by which the row is found.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How the whole token begins: enough to recognise it by, useless without the rest.
    pub fn prefix(kind: TokenKind, id: &str) -> String {
        format!("{}_{id}", kind.prefix())
    }

    /// The public part of what somebody wrote to name a token: its prefix, its id alone, or all of it.
    pub fn id_in(kind: TokenKind, written: &str) -> &str {
        let rest = written.strip_prefix(kind.prefix()).and_then(|rest| rest.strip_prefix('_')).unwrap_or(written);
        rest.split('_').next().unwrap_or(rest)
    }

    /// What is stored of the secret: SHA-256 in hexadecimal. The secret has 256 bits of its own, so no slow hash.
    pub fn hash(&self) -> String {
        Sha256::digest(self.secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether `stored` is the hash of this token's secret; takes the same time either way, and also where there is
    /// nothing to compare with and `stored` is empty.
    pub fn matches(&self, stored: &str) -> bool {
        let own = self.hash();
        let is_hash = stored.len() == own.len();
        let stored = if is_hash { stored } else { NO_HASH };
        compared(own.as_bytes(), stored.as_bytes()) & is_hash
    }

    /// Another secret, which only who has this one can work out and which does not give this one away.
    pub fn derived(&self, purpose: &str) -> Secret {
        let digest = Sha256::new().chain_update(purpose).chain_update([0]).chain_update(&self.secret).finalize();
        Secret(base62(&digest, SECRET_LENGTH))
    }

    /// The whole token, to be shown once.
    pub fn reveal(&self) -> String {
        format!("{}_{}", self.body(), self.check())
    }

    /// The whole token, for an answer.
    pub fn secret(&self) -> Secret {
        Secret(self.reveal())
    }

    fn body(&self) -> String {
        format!("{}_{}_{}", self.kind.prefix(), self.id, self.secret)
    }

    fn check(&self) -> String {
        base62(&crc32fast::hash(self.body().as_bytes()).to_be_bytes(), CHECK_LENGTH)
    }
}

/// What a secret is compared with where nothing is known: no secret has this hash, as far as anybody knows.
const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn compared(own: &[u8], stored: &[u8]) -> bool {
    #[cfg(test)]
    tests::COMPARED.with_borrow_mut(|lengths| lengths.push((own.len(), stored.len())));
    own.ct_eq(stored).into()
}

/// Says which token it is and hides the secret.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}_***", self.kind.prefix(), self.id)
    }
}

/// A token in an answer: sent to whoever asked for it, printed nowhere by accident.
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Secret(String);

impl Secret {
    /// The whole token.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether somebody sent this secret; takes the same time either way.
    pub fn is(&self, sent: &str) -> bool {
        self.0.as_bytes().ct_eq(sent.as_bytes()).into()
    }
}

/// Hides the secret.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// `bytes` as a big-endian number in base 62, padded or cut to its last `length` digits.
fn base62(bytes: &[u8], length: usize) -> String {
    let mut number = bytes.to_vec();
    let mut digits = vec![b'0'; length];
    for digit in digits.iter_mut().rev() {
        let mut remainder = 0u32;
        for byte in &mut number {
            let value = remainder * 256 + u32::from(*byte);
            *byte = u8::try_from(value / 62).unwrap_or(u8::MAX);
            remainder = value % 62;
        }
        *digit = ALPHABET[remainder as usize];
    }
    digits.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    thread_local! {
        /// The lengths of what this thread has compared.
        pub(super) static COMPARED: std::cell::RefCell<Vec<(usize, usize)>> = const { std::cell::RefCell::new(vec![]) };
    }

    #[test]
    fn an_unknown_token_costs_the_comparison_that_a_known_one_costs() {
        let token = Token::generate(TokenKind::Feed, &[9; TOKEN_BYTES]);
        let other = Token::generate(TokenKind::Feed, &[8; TOKEN_BYTES]);
        for (stored, fits) in [(token.hash(), true), (other.hash(), false), (String::new(), false), ("x".into(), false)]
        {
            COMPARED.take();
            assert_eq!(token.matches(&stored), fits);
            assert_eq!(COMPARED.take(), [(64, 64)], "two hashes of SHA-256, whatever is stored: {stored:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_made_can_be_read(random in prop::array::uniform32(any::<u8>()), more in prop::array::uniform16(any::<u8>())) {
            let mut bytes = [0; TOKEN_BYTES];
            bytes[..32].copy_from_slice(&random);
            bytes[32..].copy_from_slice(&more);
            let token = Token::generate(TokenKind::Key, &bytes);
            let read = Token::parse(TokenKind::Key, &token.reveal()).unwrap();
            prop_assert!(read == token && read.matches(&token.hash()));
            prop_assert!(Token::parse(TokenKind::Feed, &token.reveal()).is_none());
        }

        #[test]
        fn a_single_wrong_character_is_refused(at in 0usize..72, to in "[0-9A-Za-z_]") {
            let token = Token::generate(TokenKind::Key, &[7; TOKEN_BYTES]).reveal();
            let at = at % token.len();
            let mut wrong = token.clone();
            wrong.replace_range(at..=at, &to);
            prop_assert_eq!(Token::parse(TokenKind::Key, &wrong).is_some(), wrong == token);
        }
    }

    #[test]
    fn the_secret_does_not_show_in_debug_output() {
        let token = Token::generate(TokenKind::Feed, &[9; TOKEN_BYTES]);
        assert!(!format!("{token:?} {:?}", token.secret()).contains(&token.secret));
    }

    #[test]
    fn a_token_is_named_by_its_id_its_prefix_or_all_of_it() {
        let token = Token::generate(TokenKind::Key, &[5; TOKEN_BYTES]);
        for written in [token.id().to_owned(), Token::prefix(TokenKind::Key, token.id()), token.reveal()] {
            assert_eq!(Token::id_in(TokenKind::Key, &written), token.id());
        }
    }
}
