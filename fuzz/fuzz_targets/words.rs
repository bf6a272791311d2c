//! Everything short that strangers send and that is read by hand: codes, tokens, badges, times, networks, languages,
//! links, and where to go after signing in. What is taken reads the same when it is written again.

#![no_main]

use domain::{
    Code, Language,
    access::{Network, ReturnTo, Token, TokenKind},
    attendance::door::SignedEnvelope,
    audit::Mac,
    calendars::{Text, Uri},
    moment::Moment,
    time,
};
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(code) = Code::parse(text, "/code") {
        assert!(code.as_str() == text && (2..=64).contains(&text.len()));
    }
    if let Some(language) = Language::parse(text) {
        assert_eq!(Language::parse(language.as_str()), Some(language));
    }
    Language::from_accept_language(text);
    if let Some(network) = Network::parse(text) {
        assert_eq!(Network::parse(&network.to_string()), Some(network));
    }
    let path = ReturnTo::parse(text);
    assert!(path.as_str().starts_with('/') && !path.as_str().starts_with("//") && !path.as_str().contains('\\'));
    assert_eq!(ReturnTo::parse(path.as_str()), path);
    for kind in [TokenKind::Feed, TokenKind::Browser, TokenKind::Link] {
        assert!(Token::parse(kind, text).is_none_or(|token| token.reveal() == text));
        Token::id_in(kind, text);
    }
    if let Some(badge) = SignedEnvelope::parse(text) {
        assert_eq!(badge.content().reveal(), text);
    }
    assert!(Mac::parse(text).is_none_or(|mac| mac.to_string() == text));
    if let Some(moment) = Moment::parse(text) {
        assert_eq!(Moment::parse(&String::from(moment)), Some(moment));
    }
    for zone in ["Africa/Casablanca", "America/New_York"] {
        let zone = TimeZone::get(zone).unwrap();
        if let Ok((local, at)) = time::parse(text, &zone, "/start") {
            assert_eq!(time::local(at, &zone), local);
            assert_eq!(time::parse(&at.to_string(), &zone, "/start"), Ok((local, at)));
        }
    }
    time::Bound::parse(text);
    for text in [Text::line(text), Text::long(text)] {
        assert_eq!(Text::long(text.as_str()), text, "what is plain stays as it is");
    }
    if let Some(uri) = Uri::parse(text) {
        assert_eq!(Uri::parse(uri.as_str()), Some(uri));
    }
});
