//! Addresses of mail.

use crate::Violation;

/// What an address looks like, for the document.
pub const ADDRESS: &str =
    r"^[^\s@\u0000-\u001f\u007f]{1,64}@[^\s@.\u0000-\u001f\u007f]+(\.[^\s@.\u0000-\u001f\u007f]+)+$";

/// Refuses at the pointer what can be no address.
pub fn check(address: Option<&str>, pointer: &str) -> Result<(), Violation> {
    let detail = "Give one address such as name@example.org.";
    if address.is_none_or(is_address) { Ok(()) } else { Err(Violation::new(pointer, "invalid_email", detail)) }
}

/// Whether this can be an address (RFC 5321, 4.1.2 and 4.5.3.1): something, '@', a domain with a dot. Whether mail
/// arrives there, only mail can tell.
fn is_address(value: &str) -> bool {
    let Some((local, domain)) = value.split_once('@') else { return false };
    let visible = |c: char| !c.is_whitespace() && !c.is_control() && c != '@';
    value.chars().count() <= 254
        && (1..=64).contains(&local.chars().count())
        && value.replacen('@', "", 1).chars().all(visible)
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_at_sign_and_a_domain() {
        for good in ["a@b.example", "o'neil+x@mail.example.org", "użytkownik@przykład.pl"] {
            assert!(is_address(good), "{good}");
        }
        for bad in ["", "a", "a@b", "@b.example", "a@b@c.example", "a b@c.example", "a@.example", "a@b.example\n"] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
