//! Where a browser goes after signing in.
//!
//! The wish comes from an address that anybody can write, so it is taken only if it leads to a path of this server for
//! every program that reads it: an open redirect has been found in such places again and again (OWASP ASVS 5.0, 3.7.2).

use std::fmt;

use url::Url;

/// A path on this server, with its query; `/` where what was asked for is anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnTo(String);

/// Longer ones are nobody's page.
const MOST_BYTES: usize = 1_000;

impl ReturnTo {
    /// The start page.
    pub fn start() -> Self {
        Self("/".to_owned())
    }

    /// Reads what was asked for; what is not plainly a path of this server becomes the start page.
    pub fn parse(wish: &str) -> Self {
        Self::path(wish).map_or_else(Self::start, Self)
    }

    /// For `Location`: begins with one slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn path(wish: &str) -> Option<String> {
        let plain =
            wish.len() <= MOST_BYTES && wish.bytes().all(|b| b.is_ascii_graphic() && !b"\\\"<>^`{|}".contains(&b));
        if !plain || !is_rooted(wish) {
            return None;
        }
        // Read as the programs read it that follow the answer: dot segments are gone, then look again.
        let base = Url::parse("https://server.invalid").ok()?;
        let read = base.join(wish).ok()?;
        let path = read.query().map_or_else(|| read.path().to_owned(), |query| format!("{}?{query}", read.path()));
        let same = read.origin() == base.origin() && read.username().is_empty() && read.password().is_none();
        (same && is_rooted(&path) && is_unambiguous(read.path())).then_some(path)
    }
}

/// One slash, and then something that cannot begin a host.
fn is_rooted(path: &str) -> bool {
    path.starts_with('/') && !path[1..].starts_with(['/', '\\'])
}

/// No empty segments, and nothing hidden that would be a slash, a backslash or a control character once decoded.
fn is_unambiguous(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    !lower.contains("//") && !["%2f", "%5c", "%0", "%1", "%7f", "%25"].iter().any(|hidden| lower.contains(hidden))
}

impl fmt::Display for ReturnTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What attackers have written into such parameters; `{h}` is a foreign host.
    const BYPASSES: [&str; 44] = [
        "//{h}",
        "///{h}",
        "////{h}",
        "/\\{h}",
        "\\/{h}",
        "\\\\{h}",
        "/\\/{h}",
        "//\\{h}",
        "/%5c{h}",
        "/%5C/{h}",
        "/%2f/{h}",
        "/%2F%2F{h}",
        "%2f%2f{h}",
        "/%09/{h}",
        "/\t/{h}",
        "\t//{h}",
        "/\n/{h}",
        "/\r\n/{h}",
        "/%0d%0aLocation:%20https://{h}",
        "/\r\nLocation: https://{h}",
        " //{h}",
        "/ /{h}",
        "/.//{h}",
        "/..//{h}",
        "/./\\{h}",
        "/a/..//{h}",
        "/a/../..//{h}",
        "/%2e%2e//{h}",
        "/%2e//{h}",
        "https://{h}",
        "http://{h}",
        "https:/{h}",
        "https:{h}",
        "HTTPS:\\\\{h}",
        "//user@{h}",
        "//server.invalid@{h}",
        "https://server.invalid@{h}",
        "https://server.invalid.{h}",
        "javascript:alert(1)//{h}",
        "JaVaScRiPt://{h}/%0aalert(1)",
        "data:text/html,{h}",
        "{h}",
        "?next=//{h}",
        "/\u{2215}/{h}",
    ];

    fn origin_of(location: &str) -> url::Origin {
        Url::parse("https://plenum.example").unwrap().join(location).unwrap().origin()
    }

    fn ours() -> url::Origin {
        Url::parse("https://plenum.example").unwrap().origin()
    }

    #[test]
    fn known_bypasses_lead_to_the_start_page() {
        for bypass in BYPASSES {
            let wish = bypass.replace("{h}", "evil.example");
            assert_eq!(ReturnTo::parse(&wish).as_str(), "/", "{wish:?}");
        }
        assert_eq!(ReturnTo::parse("").as_str(), "/");
        assert_eq!(ReturnTo::parse(&format!("/{}", "a".repeat(2_000))).as_str(), "/");
    }

    #[test]
    fn pages_of_this_server_are_kept_with_their_query() {
        for wish in ["/", "/events/seoul-2019", "/events/seoul-2019?day=2&view=rooms", "/a/b/", "/search?q=a%20b"] {
            assert_eq!(ReturnTo::parse(wish).as_str(), wish);
        }
        assert_eq!(ReturnTo::parse("/events/x#part").as_str(), "/events/x");
        assert_eq!(ReturnTo::parse("/a/../b").as_str(), "/b");
    }

    proptest! {
        #[test]
        fn the_location_is_on_this_server_whatever_is_asked_for(wish in ".*") {
            prop_assert_eq!(origin_of(ReturnTo::parse(&wish).as_str()), ours());
        }

        #[test]
        fn nor_do_pieces_of_addresses_lead_elsewhere(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "/", "\\", "//", "@", ":", "evil.example", "http", "https", "javascript", ".", "..", "%2f", "%5c", "%09",
                    "%2e", "\t", "\n", "\r", " ", "?", "#", "a", "plenum.example", "[::1]", "\u{2044}", "\u{ff0f}", ";", "&",
                ]),
                0..9,
            )
        ) {
            let location = ReturnTo::parse(&pieces.concat());
            prop_assert_eq!(origin_of(location.as_str()), ours());
            prop_assert!(location.as_str().starts_with('/') && !location.as_str().starts_with("//"));
            prop_assert!(location.as_str().bytes().all(|b| b.is_ascii_graphic()));
        }
    }
}
