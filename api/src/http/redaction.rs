//! What of a path may be written into a log.
//!
//! Feed and sign-in links carry their secret in the path (security requirement R22), so paths are logged without it.
//! Queries are never logged, so nothing here deals with them.

use super::request_head::decode;

/// Longer paths are cut; no route of ours comes near.
const MAX_CHARS: usize = 200;
/// The shortest part of a token that is taken for its secret. Ids of tokens are shorter, secrets have 43 characters.
const SECRET_CHARS: usize = 20;

/// The path with the secrets in it replaced by `***`; the id of a token stays, so that its use can be followed.
pub fn redact_path(path: &str) -> String {
    let redacted: Vec<String> = path.split('/').map(redact_segment).collect();
    let redacted = redacted.join("/");
    match redacted.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}...", &redacted[..end]),
        None => redacted,
    }
}

fn redact_segment(segment: &str) -> String {
    // Looking at the decoded form only: an underscore can also be written %5F.
    let Some(decoded) = decode(segment.as_bytes()) else { return "***".into() };
    let (stem, extension) = match decoded.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 4 => (stem, format!(".{extension}")),
        _ => (decoded.as_str(), String::new()),
    };
    if is_token(stem) { format!("{}***{extension}", public_part(stem)) } else { decoded }
}

/// Whether a segment is a token of ours (`wgf_`, `wgk_`, ...) or at least looks like chance: long, and of both letter
/// cases and digits. Codes and ids are lower case.
fn is_token(stem: &str) -> bool {
    let ours = stem.len() > 4 && stem.starts_with("wg") && stem.as_bytes()[3] == b'_';
    let has = |wanted: fn(&u8) -> bool| stem.as_bytes().iter().any(wanted);
    let random = stem.len() >= SECRET_CHARS
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit);
    ours || random
}

/// The parts of a token before its secret, each with its underscore; only the prefix when no secret can be made out.
fn public_part(stem: &str) -> String {
    let parts: Vec<&str> = stem.split('_').collect();
    let ours = parts.len() > 1 && parts[0].len() == 3;
    let public = match parts.iter().position(|part| part.len() >= SECRET_CHARS) {
        Some(secret) if ours => secret,
        _ if ours => 1,
        _ => 0,
    };
    parts[..public].iter().map(|part| format!("{part}_")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4";

    #[test]
    fn a_token_in_a_path_is_logged_by_its_id_only() {
        let table = [
            (format!("/ical/wgf_k3x9_{SECRET}_a1B2c3.ics"), "/ical/wgf_k3x9_***.ics"),
            (format!("/ical/wgf_live_k3x9_{SECRET}_a1B2c3.ics"), "/ical/wgf_live_k3x9_***.ics"),
            (format!("/ical/wgf_k3x9_{SECRET}_a1B2c3/all.ics"), "/ical/wgf_k3x9_***/all.ics"),
            (format!("/ical/wgf%5Fk3x9%5f{SECRET}_a1B2c3.ics"), "/ical/wgf_k3x9_***.ics"),
            (format!("/ical/w%67f_k3x9_{SECRET}.ics"), "/ical/wgf_k3x9_***.ics"),
            ("/ical/wgf_cut_short.ics".into(), "/ical/wgf_***.ics"),
            (format!("/sign-in/{SECRET}"), "/sign-in/***"),
            ("/ical/%zz.ics".into(), "/ical/***"),
            ("/ical/%ff.ics".into(), "/ical/***"),
        ];
        for (path, expected) in table {
            assert_eq!(redact_path(&path), expected);
        }
    }

    #[test]
    fn other_paths_are_logged_as_they_are() {
        for path in [
            "/",
            "/api/v1/events/seoul-2019/delegations",
            "/api/v1/events/0198f3c2-7d1a-7c3e-9b1f-2f6f0c9d8e7a",
            "/ical/events/seoul-2019.ics",
            "/api/v1/organisations/by-external/datatracker/PL-2019",
        ] {
            assert_eq!(redact_path(path), path);
        }
        assert_eq!(redact_path("/api/v1/persons/J%C3%B3zef"), "/api/v1/persons/Józef");
        assert!(redact_path(&format!("/{}", "a".repeat(500))).len() < 210);
    }
}
