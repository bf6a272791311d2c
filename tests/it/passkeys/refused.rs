//! What an authenticator, a browser or somebody between them may say that is not believed. Each says one thing wrong and
//! has it signed properly, so that the one thing is what is refused.

use jiff::SignedDuration;
use poem::http::Method;
use serde_json::{Value, json};

use ciborium::{Value as Cbor, cbor};

use super::{
    COOKIE, audited,
    authenticator::{ATTESTED, CHECKED, Device, Pair, attestation, client_data, encoded, registration, written},
    challenged, decoded_account, named, owner, register, send, sign_in,
};
use crate::{
    on_both,
    support::{Client, jar::Jar},
};

type Shown = Vec<(&'static str, String)>;

/// A lie about the right challenge, and the word under which it is in the audit log.
type Lie = (&'static str, &'static str, fn(&mut Device, &str) -> Shown);

/// What a browser says, changed.
fn client(device: &Device, challenge: &str, change: impl FnOnce(&mut Value)) -> Shown {
    let mut said = client_data("webauthn.get", challenge);
    change(&mut said);
    device.signed(&said.to_string(), &device.data(CHECKED))
}

/// What an authenticator says, instead of the truth.
fn data(device: &Device, challenge: &str, data: &[u8]) -> Shown {
    device.signed(&client_data("webauthn.get", challenge).to_string(), data)
}

/// A field that was changed on the way.
fn swapped(mut shown: Shown, field: &str, value: String) -> Shown {
    shown.iter_mut().find(|(name, _)| *name == field).unwrap().1 = value;
    shown
}

#[rustfmt::skip]
const LIES: &[Lie] = &[
    ("another site asked", "wrong_origin", |device, challenge| client(device, challenge, |said| said["origin"] = json!("https://evil.example"))),
    ("a subdomain asked", "wrong_origin", |device, challenge| client(device, challenge, |said| said["origin"] = json!("https://x.plenum.example"))),
    ("another port asked", "wrong_origin", |device, challenge| client(device, challenge, |said| said["origin"] = json!("https://plenum.example:8443"))),
    ("asked without TLS", "wrong_origin", |device, challenge| client(device, challenge, |said| said["origin"] = json!("http://plenum.example"))),
    ("a frame of another site asked", "cross_origin", |device, challenge| client(device, challenge, |said| said["crossOrigin"] = json!(true))),
    ("another site is around the page", "cross_origin", |device, challenge| client(device, challenge, |said| said["topOrigin"] = json!("https://evil.example"))),
    ("a passkey was made instead", "wrong_type", |device, challenge| client(device, challenge, |said| said["type"] = json!("webauthn.create"))),
    ("a payment was confirmed instead", "wrong_type", |device, challenge| client(device, challenge, |said| said["type"] = json!("payment.get"))),
    ("the connection is said to be bound", "client_data", |device, challenge| client(device, challenge, |said| said["tokenBinding"] = json!({"status": "present", "id": "eA"}))),
    ("the binding is junk", "client_data", |device, challenge| client(device, challenge, |said| said["tokenBinding"] = json!("junk"))),
    ("another challenge was signed", "challenge", |device, _| client(device, &encoded(&[7; 32]), |_| ())),
    ("the challenge is spelt otherwise", "challenge", |device, challenge| client(device, &format!("{challenge}="), |_| ())),
    ("for another server", "wrong_relying_party", |device, challenge| {
        let mut said = device.data(CHECKED);
        said[31] ^= 1;
        data(device, challenge, &said)
    }),
    ("nobody was there", "not_present", |device, challenge| data(device, challenge, &device.data(0x04))),
    ("nobody was checked", "not_verified", |device, challenge| data(device, challenge, &device.data(0x01))),
    ("suddenly kept by a service", "backup", |device, challenge| data(device, challenge, &device.data(CHECKED | 0x08))),
    ("kept by a service that must not", "authenticator_data", |device, challenge| data(device, challenge, &device.data(CHECKED | 0x10))),
    ("a new key beside the signature", "authenticator_data", |device, challenge| data(device, challenge, &device.made(&device.pair.cose()))),
    ("a byte too many", "authenticator_data", |device, challenge| data(device, challenge, &[&device.data(CHECKED)[..], &[0]].concat())),
    ("extensions and then more CBOR", "authenticator_data", |device, challenge| data(device, challenge, &[&device.data(CHECKED | 0x80)[..], &[0xa0, 0xa0]].concat())),
    ("a byte too few", "authenticator_data", |device, challenge| data(device, challenge, &device.data(CHECKED)[..36])),
    ("it stands still", "counter", |device, challenge| {
        device.count -= 1;
        data(device, challenge, &device.data(CHECKED))
    }),
    ("it counts back", "counter", |device, challenge| {
        device.count -= 2;
        data(device, challenge, &device.data(CHECKED))
    }),
    ("it counts no more", "counter", |device, challenge| {
        device.count = 0;
        data(device, challenge, &device.data(CHECKED))
    }),
    ("the signature was changed", "signature", |device, challenge| {
        let shown = device.answer(challenge);
        let mut signature = super::authenticator::decoded(&shown[3].1);
        *signature.last_mut().unwrap() ^= 1;
        swapped(shown, "signature", encoded(&signature))
    }),
    ("there is no signature", "signature", |device, challenge| swapped(device.answer(challenge), "signature", String::new())),
    ("another key has signed", "signature", |device, challenge| {
        let other = Device { pair: Pair::es256(), credential_id: device.credential_id.clone(), user_handle: device.user_handle.clone(), count: device.count };
        client(&other, challenge, |_| ())
    }),
    ("what was signed was changed", "signature", |device, challenge| {
        let shown = device.answer(challenge);
        device.count += 1;
        let later = encoded(&device.data(CHECKED));
        swapped(shown, "authenticator_data", later)
    }),
    ("it names nobody", "other_account", |device, challenge| swapped(device.answer(challenge), "user_handle", String::new())),
    ("it names somebody else", "other_account", |device, challenge| swapped(device.answer(challenge), "user_handle", encoded(&[1; 16]))),
    ("bytes that are none", "client_data", |device, challenge| swapped(device.answer(challenge), "client_data", "a+b/".to_owned())),
    ("words and then more words", "client_data", |device, challenge| {
        let said = format!("{}{{}}", client_data("webauthn.get", challenge));
        device.signed(&said, &device.data(CHECKED))
    }),
];

on_both! {
    async fn what_is_not_believed_signs_nobody_in_and_the_answer_is_always_the_same(server) {
        let server = named(server);
        let owner = owner(&server, "anna@example.org").await;
        let mut device = Device::new(Pair::es256(), 1);
        register(&owner, &mut device).await.expect(201);
        assert_eq!(sign_in(&server, &mut device).await.1.status, 303);
        let (account, before) = (decoded_account(&device), device.count);
        let mut told = vec![];
        for (what, _, lie) in LIES {
            let mut browser = Jar::new(&server);
            let (page, challenge) = challenged(&mut browser).await;
            device.count = before + 1;
            let shown = lie(&mut device, &challenge);
            let refused = send(&mut browser, &page, &shown).await;
            assert_eq!((refused.status.as_u16(), browser.cookie(COOKIE)), (403, ""), "{what}");
            told.push(refused.text);
            // What was refused is refused again, put right or not: the challenge is gone.
            server.advance(SignedDuration::from_secs(40));
        }
        assert!(told.iter().all(|one| *one == told[0]), "the answers differ");
        let refusals: Vec<_> = audited(&server, &account).await.into_iter().filter(|(action, _)| action == "account.sign_in_refused").collect();
        for ((what, word, _), (_, said)) in LIES.iter().zip(&refusals) {
            assert_eq!(said, word, "{what}");
        }
        assert_eq!(refusals.len(), LIES.len());
        // None of it was counted: the next honest answer is believed.
        device.count = before;
        assert_eq!(sign_in(&server, &mut device).await.1.status, 303);
    }

    async fn a_challenge_works_once_for_five_minutes_in_the_browser_it_was_given_to(server) {
        let server = named(server);
        let owner = owner(&server, "anna@example.org").await;
        let mut device = Device::new(Pair::es256(), 1);
        register(&owner, &mut device).await.expect(201);

        let (mut browser, mut thief) = (Jar::new(&server), Jar::new(&server));
        let (page, challenge) = challenged(&mut browser).await;
        let (other_page, _) = challenged(&mut thief).await;
        let shown = device.answer(&challenge);
        assert_eq!(send(&mut thief, &other_page, &shown).await.status, 403, "another browser's challenge");
        // The thief has taken nothing away.
        send(&mut browser, &page, &shown).await.expect(303);
        let page = browser.get("/sign-in").await.expect(200);
        assert_eq!(send(&mut browser, &page, &shown).await.status, 403, "a second time");
        let again = device.answer(&challenge);
        assert_eq!(send(&mut browser, &page, &again).await.status, 403, "the same challenge, signed anew");

        let mut slow = Jar::new(&server);
        let (page, challenge) = challenged(&mut slow).await;
        server.advance(SignedDuration::from_mins(5));
        assert_eq!(send(&mut slow, &page, &device.answer(&challenge)).await.status, 403, "too late");
        let (page, challenge) = challenged(&mut slow).await;
        server.advance(SignedDuration::from_secs(299));
        send(&mut slow, &page, &device.answer(&challenge)).await.expect(303);

        // A challenge to register is none to sign in with, and the other way round.
        let owner = super::owner(&server, "bruno@example.org").await;
        let begun = owner.post("me/passkey-challenges", Value::Null).await.expect(200);
        let mut browser = Jar::new(&server);
        let (page, given) = challenged(&mut browser).await;
        let other = device.answer(begun.json["challenge"].as_str().unwrap());
        assert_eq!(send(&mut browser, &page, &other).await.status, 403, "a challenge to register");
        let mut swapped = begun.json.clone();
        swapped["challenge"] = json!(given);
        let body = Device::new(Pair::es256(), 2).registration(&swapped);
        owner.post("me/passkeys", body).await.expect(422);
    }

    async fn an_unknown_passkey_is_told_what_a_known_one_is_told(server) {
        let server = named(server);
        let mut stranger = Device::new(Pair::es256(), 9);
        stranger.user_handle = vec![1; 16];
        let (browser, refused) = sign_in(&server, &mut stranger).await;
        assert_eq!((refused.status.as_u16(), browser.cookie(COOKIE)), (403, ""));
        let mut known = Device::new(Pair::es256(), 1);
        register(&owner(&server, "anna@example.org").await, &mut known).await.expect(201);
        known.pair = Pair::es256();
        let (_, other) = sign_in(&server, &mut known).await;
        assert_eq!((refused.status, refused.text), (other.status, other.text));
        let noted = audited(&server, "00000000-0000-0000-0000-000000000000").await;
        assert!(noted.contains(&("sign_in.refused".to_owned(), "unknown".to_owned())), "{noted:?}");
    }

    async fn one_count_is_believed_once_however_many_send_it(server) {
        let server = named(server);
        let mut device = Device::new(Pair::es256(), 1);
        register(&owner(&server, "anna@example.org").await, &mut device).await.expect(201);
        device.count += 1;
        let mut tries = vec![];
        for _ in 0..4 {
            let mut browser = Jar::new(&server);
            let (page, challenge) = challenged(&mut browser).await;
            let shown = client(&device, &challenge, |_| ());
            tries.push(async move { send(&mut browser, &page, &shown).await.status.as_u16() });
        }
        let mut answers = futures_util::future::join_all(tries).await;
        answers.sort_unstable();
        assert_eq!(answers, [303, 403, 403, 403]);
    }

    async fn what_does_not_count_signs_in_again_and_again(server) {
        let server = named(server);
        let mut device = Device::new(Pair::eddsa(), 1);
        device.count = 0;
        register(&owner(&server, "anna@example.org").await, &mut device).await.expect(201);
        for _ in 0..2 {
            let mut browser = Jar::new(&server);
            let (page, challenge) = challenged(&mut browser).await;
            send(&mut browser, &page, &client(&device, &challenge, |_| ())).await.expect(303);
        }
    }

    async fn what_is_not_believed_is_not_registered_and_the_answer_is_always_the_same(server) {
        let server = named(server);
        let owner = owner(&server, "anna@example.org").await;
        let device = Device::new(Pair::es256(), 1);
        let good = attestation("none", &device.made(&device.pair.cose()));
        let bytes = |length| Cbor::Bytes(vec![1; length]);
        let of_key = |key: &Cbor| attestation("none", &device.made(key));
        let objects = [
            // No statement was asked for, and one is not believed.
            attestation("packed", &device.made(&device.pair.cose())),
            written(&cbor!({"fmt" => "none", "attStmt" => {"x" => 1}, "authData" => Cbor::Bytes(device.made(&device.pair.cose()))}).unwrap()),
            // More CBOR behind it, behind the key, and in the place of it.
            [&good[..], &[0xa0]].concat(),
            attestation("none", &[device.made(&device.pair.cose()), vec![0xa0]].concat()),
            of_key(&Cbor::Null),
            // An algorithm nobody accepts, none at all, and two at once.
            of_key(&cbor!({1 => 2, 3 => -35, -1 => 2, -2 => bytes(48), -3 => bytes(48)}).unwrap()),
            of_key(&cbor!({1 => 2, -1 => 1, -2 => bytes(32), -3 => bytes(32)}).unwrap()),
            of_key(&cbor!({1 => 3, 3 => -65535, -1 => bytes(256), -2 => bytes(3)}).unwrap()),
            // A point that is not on the curve, and a modulus that is too short.
            of_key(&cbor!({1 => 2, 3 => -7, -1 => 1, -2 => bytes(32), -3 => bytes(32)}).unwrap()),
            of_key(&cbor!({1 => 3, 3 => -257, -1 => bytes(128), -2 => bytes(3)}).unwrap()),
            // No key, nobody there, nobody checked, and an id that could be guessed.
            attestation("none", &device.data(CHECKED)),
            flagged(&device, ATTESTED | 0x04),
            flagged(&device, ATTESTED | 0x01),
            attestation("none", &Device { credential_id: vec![1; 8], ..Device::new(Pair::es256(), 1) }.made(&device.pair.cose())),
        ];
        let mut told = vec![];
        for object in &objects {
            let begun = owner.post("me/passkey-challenges", Value::Null).await.expect(200);
            let client = client_data("webauthn.create", begun.json["challenge"].as_str().unwrap()).to_string();
            told.push(refused(&owner, &registration(&client, object)).await);
        }
        for (member, value) in [("type", json!("webauthn.get")), ("origin", json!("https://evil.example")), ("crossOrigin", json!(true)), ("challenge", json!(encoded(&[7; 32])))] {
            let begun = owner.post("me/passkey-challenges", Value::Null).await.expect(200);
            let mut client = client_data("webauthn.create", begun.json["challenge"].as_str().unwrap());
            client[member] = value;
            told.push(refused(&owner, &registration(&client.to_string(), &good)).await);
        }
        assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
        assert_eq!(owner.get("me/passkeys").await.expect(200).json["items"], json!([]));
        // The same with nothing wrong.
        let begun = owner.post("me/passkey-challenges", Value::Null).await.expect(200);
        let client = client_data("webauthn.create", begun.json["challenge"].as_str().unwrap()).to_string();
        owner.post("me/passkeys", registration(&client, &good)).await.expect(201);
    }

    async fn a_script_of_another_site_gets_no_challenge_and_registers_nothing(server) {
        let server = named(server);
        let headers = server.browser(domain::access::Account::of(domain::access::Role::Admin, "anna@example.org", "Anna")).await;
        let cookie = &headers[0].1;
        let elsewhere = server.anonymous().header("Cookie", cookie).header("Sec-Fetch-Site", "cross-site");
        for path in ["/api/v1/me/passkey-challenges", "/sign-in/passkey/challenge", "/sign-in/passkey"] {
            let refused = elsewhere.send(Method::POST, path, None).await.expect(403);
            assert_eq!(refused.json["type"], "/problems/cross-site-request", "{path}");
        }
        let without_token = server.anonymous().header("Cookie", cookie).header("Sec-Fetch-Site", "same-origin");
        let refused = without_token.send(Method::POST, "/api/v1/me/passkey-challenges", None).await.expect(403);
        assert_eq!(refused.json["type"], "/problems/csrf-token-missing");
    }
}

/// An attestation object with other flags.
fn flagged(device: &Device, flags: u8) -> Vec<u8> {
    let mut data = device.made(&device.pair.cose());
    data[32] = flags;
    attestation("none", &data)
}

/// What is said of a registration that is refused.
async fn refused(owner: &Client, body: &Value) -> Value {
    let answer = owner.post("me/passkeys", body.clone()).await.expect(422);
    answer.json["errors"].clone()
}
