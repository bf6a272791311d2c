use ciborium::{Value, cbor};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;

fn here() -> RelyingParty {
    RelyingParty { id: "plenum.example".to_owned(), origin: "https://plenum.example".to_owned() }
}

fn cbor(value: &Value) -> Vec<u8> {
    let mut bytes = vec![];
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

fn ed25519(x: &[u8]) -> Value {
    cbor!({1 => 1, 3 => -8, -1 => 6, -2 => Value::Bytes(x.to_vec())}).unwrap()
}

/// Authenticator data with these flags, and a new key where they say so.
fn data(flags: u8, key: &Value) -> Vec<u8> {
    let mut bytes = Sha256::digest("plenum.example").to_vec();
    bytes.push(flags);
    bytes.extend([0, 0, 0, 7]);
    if flags & 0x40 != 0 {
        bytes.extend([0; 16]);
        bytes.extend([0, 16]);
        bytes.extend([9; 16]);
        bytes.extend(cbor(key));
    }
    bytes
}

fn attestation(format: &str, data: Vec<u8>) -> Vec<u8> {
    cbor(&cbor!({"fmt" => format, "attStmt" => {}, "authData" => Value::Bytes(data)}).unwrap())
}

fn client(kind: &str, more: &str) -> Vec<u8> {
    format!(r#"{{"type":"{kind}","challenge":"abc","origin":"https://plenum.example"{more}}}"#).into_bytes()
}

fn register(client_data: &[u8], object: &[u8]) -> Result<Registered, PasskeyFault> {
    registered(&ClientData::read(client_data)?, object, &here())
}

fn assert_in(client_data: &[u8], data: &[u8]) -> Result<Asserted, PasskeyFault> {
    asserted(&ClientData::read(client_data)?, client_data, data, &here())
}

#[test]
fn a_passkey_is_made_as_the_standard_says() {
    let made = register(&client("webauthn.create", ""), &attestation("none", data(0x4d, &ed25519(&[1; 32])))).unwrap();
    assert_eq!((made.credential_id, made.key), (vec![9; 16], PublicKey::EdDsa(vec![1; 32])));
    assert_eq!((made.sign_count, made.backup_eligible), (7, true));
    assert_eq!(PublicKey::read(&made.cose_key), Ok(PublicKey::EdDsa(vec![1; 32])));
}

#[test]
fn what_the_browser_says_is_held_to_the_ceremony_and_the_page() {
    let here = |kind: &str, more: &str| assert_in(&client(kind, more), &data(0x05, &Value::Null)).map(|_| ());
    assert_eq!(here("webauthn.get", ""), Ok(()));
    assert_eq!(here("webauthn.get", r#","crossOrigin":false,"other_keys_can_be_added_here":"x""#), Ok(()));
    assert_eq!(here("webauthn.get", r#","tokenBinding":{"status":"supported"}"#), Ok(()));
    for (kind, more, fault) in [
        ("webauthn.create", "", PasskeyFault::WrongType),
        ("payment.get", "", PasskeyFault::WrongType),
        ("webauthn.get", r#","crossOrigin":true"#, PasskeyFault::CrossOrigin),
        ("webauthn.get", r#","topOrigin":"https://plenum.example""#, PasskeyFault::CrossOrigin),
        ("webauthn.get", r#","tokenBinding":{"status":"present","id":"eA"}"#, PasskeyFault::ClientData),
        ("webauthn.get", r#","tokenBinding":"junk""#, PasskeyFault::ClientData),
        ("webauthn.get", r#","origin":"https://plenum.example""#, PasskeyFault::ClientData),
        ("webauthn.get", r#"}{"a":1"#, PasskeyFault::ClientData),
    ] {
        assert_eq!(here(kind, more), Err(fault), "{kind} {more}");
    }
    let other = br#"{"type":"webauthn.get","challenge":"abc","origin":"https://plenum.example:8443"}"#;
    assert_eq!(assert_in(other, &data(0x05, &Value::Null)), Err(PasskeyFault::WrongOrigin));
}

#[test]
fn what_the_authenticator_says_is_held_to_this_server_and_to_somebody_who_was_checked() {
    let with = |data: &[u8]| assert_in(&client("webauthn.get", ""), data).map(|_| ());
    let good = data(0x05, &Value::Null);
    let mut elsewhere = good.clone();
    elsewhere[0] ^= 1;
    for (data, fault) in [
        (elsewhere, PasskeyFault::WrongRelyingParty),
        (data(0x04, &Value::Null), PasskeyFault::NotPresent),
        (data(0x01, &Value::Null), PasskeyFault::NotVerified),
        // Backed up, but not eligible for it.
        (data(0x15, &Value::Null), PasskeyFault::AuthenticatorData),
        // A new key where none was asked for, one byte too many, one too few, and extensions that are missing.
        (data(0x45, &ed25519(&[1; 32])), PasskeyFault::AuthenticatorData),
        ([&good[..], &[0]].concat(), PasskeyFault::AuthenticatorData),
        (good[..36].to_vec(), PasskeyFault::AuthenticatorData),
        (data(0x85, &Value::Null), PasskeyFault::AuthenticatorData),
    ] {
        assert_eq!(with(&data), Err(fault), "{data:?}");
    }
    assert_eq!(with(&[&data(0x85, &Value::Null)[..], &[0xa0]].concat()), Ok(()));
}

#[test]
fn only_silent_attestation_of_accepted_keys_is_taken() {
    let with = |object: &[u8]| register(&client("webauthn.create", ""), object).map(|_| ());
    let of_key = |key: &Value| with(&attestation("none", data(0x45, key)));
    let good = attestation("none", data(0x45, &ed25519(&[1; 32])));
    assert_eq!(with(&good), Ok(()));
    assert_eq!(with(&[&good[..], &[0xa0]].concat()), Err(PasskeyFault::AuthenticatorData));
    assert_eq!(with(&attestation("packed", data(0x45, &ed25519(&[1; 32])))), Err(PasskeyFault::Attestation));
    assert_eq!(with(&attestation("none", data(0x05, &Value::Null))), Err(PasskeyFault::AuthenticatorData));
    let bytes = |length| Value::Bytes(vec![1; length]);
    for key in [
        // Another algorithm, none, and one that does not go with the kind.
        cbor!({1 => 2, 3 => -35, -1 => 2, -2 => bytes(48), -3 => bytes(48)}).unwrap(),
        cbor!({1 => 1, -1 => 6, -2 => bytes(32)}).unwrap(),
        cbor!({1 => 1, 3 => -7, -1 => 6, -2 => bytes(32)}).unwrap(),
        // Another curve, a short point, a short modulus, a compressed point.
        cbor!({1 => 2, 3 => -7, -1 => 2, -2 => bytes(32), -3 => bytes(32)}).unwrap(),
        cbor!({1 => 2, 3 => -7, -1 => 1, -2 => bytes(31), -3 => bytes(32)}).unwrap(),
        cbor!({1 => 3, 3 => -257, -1 => bytes(128), -2 => bytes(3)}).unwrap(),
        cbor!({1 => 2, 3 => -7, -1 => 1, -2 => bytes(32), -3 => true}).unwrap(),
        // Two algorithms at once.
        Value::Map(vec![
            (1.into(), 1.into()),
            (3.into(), (-8).into()),
            (3.into(), (-7).into()),
            ((-1).into(), 6.into()),
            ((-2).into(), bytes(32)),
        ]),
        Value::Null,
    ] {
        assert_eq!(of_key(&key), Err(PasskeyFault::PublicKey), "{key:?}");
    }
}

#[test]
fn a_counter_goes_up_or_is_not_kept() {
    for (stored, shown, advances) in
        [(0, 0, true), (0, 1, true), (5, 6, true), (5, 5, false), (5, 4, false), (5, 0, false)]
    {
        assert_eq!(counter_advances(stored, shown), advances, "{stored} {shown}");
    }
}

#[test]
fn nobody_is_told_to_send_what_is_refused() {
    let new = |name: &str, data: &str| NewPasskey {
        name: name.to_owned(),
        client_data: data.to_owned(),
        attestation_object: "AA".to_owned(),
    };
    assert!(new("Telephone", "AA").check().is_ok());
    assert!(new("", "AA").check().is_err() && new("a\u{7}b", "AA").check().is_err());
    assert!(
        new("x", "").check().is_err()
            && new("x", "A+").check().is_err()
            && new("x", &"A".repeat(8193)).check().is_err()
    );
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_judged_and_never_believed(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(register(&client("webauthn.create", ""), &bytes).is_err());
        prop_assert!(assert_in(&client("webauthn.get", ""), &bytes).is_err());
        prop_assert!(ClientData::read(&bytes).is_err());
        let _ = (AuthenticatorData::read(&bytes), PublicKey::read(&bytes));
    }

    #[test]
    fn a_changed_attestation_is_another_passkey_or_none(at in 0usize..200, to in any::<u8>()) {
        let good = attestation("none", data(0x45, &ed25519(&[1; 32])));
        let mut changed = good.clone();
        let at = at % good.len();
        changed[at] = to;
        let _ = register(&client("webauthn.create", ""), &changed);
        changed.truncate(at);
        prop_assert!(register(&client("webauthn.create", ""), &changed).is_err());
    }
}
