//! A provider that lies, or whose keys come and go: npm oauth2-mock-server, told what to say.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    browser::{Browser, Page},
    world::World,
};
use crate::on_both;

/// One sign-in after the provider was told how to go on.
async fn after(world: &World<'_>, script: Value) -> Page {
    world.script(script).await;
    world.sign_in(&Browser::new(), "johndoe").await
}

/// A person with an address the provider vouches for, as the provider's claims.
fn claims() -> Value {
    json!({"email": "john@example.org", "email_verified": true})
}

/// Changes to a good token, each of which makes it a bad one; `now` is in seconds since the epoch.
fn bad_tokens(now: i64) -> Vec<Value> {
    let claim = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        json!({"claims": claims})
    };
    let signed = |how: &str| json!({"claims": claims(), "sign": how});
    let header = |name: &str, value: Value| json!({"claims": claims(), "header": {name: value}});
    let without = |name: &str| json!({"claims": claims(), "without": [name]});
    vec![
        signed("by_a_stranger"),
        signed("by_an_unknown_key"),
        signed("by_the_key_it_brings"),
        signed("not_at_all"),
        signed("with_nothing"),
        signed("by_the_client_secret"),
        signed("by_the_published_key"),
        signed("for_another_hash"),
        signed("before_it_was_changed"),
        claim("iss", json!("http://127.0.0.1:9")),
        claim("aud", json!("another")),
        claim("aud", json!(["plenum", "another"])),
        claim("azp", json!("another")),
        claim("exp", json!(now - 61)),
        claim("iat", json!(now + 3600)),
        claim("iat", json!(now - 3600)),
        claim("nbf", json!(now + 3600)),
        claim("nonce", json!("another")),
        claim("sub", json!("")),
        without("nonce"),
        without("sub"),
        without("exp"),
        without("iss"),
        without("aud"),
        header("typ", json!("logout+jwt")),
        header("typ", json!("at+jwt")),
        header("crit", json!(["exp"])),
        header("alg", json!("none")),
        json!({"token": "not.a.token"}),
        json!({"token": ""}),
        json!({"token": null}),
    ]
}

on_both! {
    async fn no_bad_token_signs_anybody_in(server) {
        let world = World::lying(&server).await;
        world.invite("john@example.org", "admin").await;
        for script in bad_tokens(server.app.clock.now().as_second()) {
            let page = after(&world, script.clone()).await;
            assert_eq!(page.status, 403, "{script}: {}", page.text);
            assert!(world.identities().await.is_empty() && world.sign_ins().await == 0, "{script}");
        }
        // The same without a fault, so that each was refused for its own.
        for script in [json!({"claims": claims()}), json!({"claims": claims(), "sign": "without_kid"})] {
            let page = after(&world, script.clone()).await;
            assert_eq!(page.status, 200, "{script}: {}", page.text);
        }
        assert_eq!(world.identities().await.len(), 1);
    }

    async fn a_new_key_of_the_provider_is_found_at_once_and_asked_for_once_a_minute(server) {
        let world = World::lying(&server).await;
        world.invite("john@example.org", "auditor").await;
        assert_eq!(after(&world, json!({"claims": claims()})).await.status, 200);
        // Within a minute of the last fetch nobody is asked again; then the new key is believed.
        assert_eq!(after(&world, json!({"rotate": true})).await.status, 403);
        assert_eq!(world.script(json!({})).await, 1);
        server.advance(SignedDuration::from_mins(1));
        assert_eq!(after(&world, json!({})).await.status, 200);
        assert_eq!(world.script(json!({})).await, 2);
        // Whoever sends tokens with keys that do not exist makes us ask once a minute, not each time.
        server.advance(SignedDuration::from_mins(1));
        for _ in 0..3 {
            assert_eq!(after(&world, json!({"sign": "by_an_unknown_key"})).await.status, 403);
        }
        assert_eq!(world.script(json!({})).await, 3);
    }

    async fn keys_stay_good_for_an_hour_while_the_provider_is_away_and_no_longer(server) {
        let world = World::lying(&server).await;
        world.invite("john@example.org", "auditor").await;
        assert_eq!(after(&world, json!({"claims": claims()})).await.status, 200);
        let down = json!({"down": true});
        server.advance(SignedDuration::from_mins(59));
        assert_eq!(after(&world, down.clone()).await.status, 200);
        server.advance(SignedDuration::from_mins(2));
        world.script(down.clone()).await;
        let page = world.press(&Browser::new(), |_| false).await;
        assert!(page.status == 503 && page.text.contains("does not answer"), "{}", page.text);
        // Back again, it is asked after a minute.
        server.advance(SignedDuration::from_mins(1));
        assert_eq!(after(&world, json!({})).await.status, 200);
    }

    async fn a_provider_that_calls_itself_otherwise_is_not_used(server) {
        let world = World::lying(&server).await;
        for metadata in [
            json!({"issuer": "http://127.0.0.1:9"}),
            json!({"authorization_endpoint": "http://id.example.org/authorize"}),
            json!({"token_endpoint": "ftp://127.0.0.1/token"}),
            json!({"jwks_uri": "javascript:alert(1)"}),
        ] {
            server.advance(SignedDuration::from_mins(1));
            world.script(json!({"metadata": metadata})).await;
            let page = world.press(&Browser::new(), |_| false).await;
            assert_eq!(page.status, 503, "{metadata}");
        }
    }

    async fn a_logout_that_is_not_believed_ends_nothing_and_one_that_is_ends_what_it_names(server) {
        let world = World::lying(&server).await;
        world.invite("john@example.org", "auditor").await;
        let now = server.app.clock.now().as_second();
        let mut with_sid = claims();
        with_sid["sid"] = json!("s1");
        let sign_in = json!({"claims": with_sid});
        assert_eq!(after(&world, sign_in.clone()).await.status, 200);
        let logout = "http://schemas.openid.net/event/backchannel-logout";
        for script in [
            json!({"sign": "by_a_stranger"}),
            json!({"sign": "not_at_all"}),
            json!({"sign": "by_the_client_secret"}),
            json!({"header": {"typ": "JWT"}}),
            json!({"claims": {"nonce": "n"}}),
            json!({"claims": {"events": {}}}),
            json!({"claims": {"events": {logout: "yes"}}}),
            json!({"claims": {"iss": "http://127.0.0.1:9"}}),
            json!({"claims": {"aud": "another"}}),
            json!({"claims": {"iat": now - 3600}}),
            json!({"claims": {"exp": now - 61}}),
            json!({"without": ["jti"]}),
            json!({"without": ["exp"]}),
            json!({"without": ["sub"]}),
        ] {
            assert_eq!(world.tell_of_logout(script.clone()).await, 400, "{script}");
            assert_eq!(world.sign_ins().await, 1, "{script}");
        }
        // Believed, but of somebody else or of another session.
        for script in [json!({"claims": {"sub": "another"}}), json!({"claims": {"sid": "s2"}})] {
            assert_eq!(world.tell_of_logout(script.clone()).await, 200, "{script}");
            assert_eq!(world.sign_ins().await, 1, "{script}");
        }
        assert_eq!(world.tell_of_logout(json!({"claims": {"sid": "s1"}, "without": ["sub"]})).await, 200);
        assert_eq!(world.sign_ins().await, 0);
        for _ in 0..2 {
            assert_eq!(after(&world, sign_in.clone()).await.status, 200);
        }
        assert_eq!(world.tell_of_logout(json!({})).await, 200);
        assert_eq!(world.sign_ins().await, 0);
    }
}
