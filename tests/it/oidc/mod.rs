//! Signing in through providers of identities: a full login as a browser does it, with npm oidc-provider and with
//! django-oauth-toolkit, and what a provider that lies achieves.

mod browser;
mod django;
mod liar;
mod world;

use browser::Browser;
use domain::access::Role;
use serde_json::{Value, json};
use world::World;

use crate::{on_both, passkeys, support::Server};

/// One person with an address the provider vouches for.
fn anna() -> Value {
    json!({"anna": {"email": "anna@example.org", "email_verified": true}})
}

/// The callback's address with one parameter of the query replaced or, without a value, left out.
fn with_parameter(callback: &reqwest::Url, name: &str, value: Option<&str>) -> String {
    let mut changed = callback.clone();
    let kept: Vec<_> = callback.query_pairs().filter(|(key, _)| key != name).collect();
    changed.query_pairs_mut().clear().extend_pairs(kept);
    if let Some(value) = value {
        changed.query_pairs_mut().append_pair(name, value);
    }
    changed.into()
}

/// Two people who are invited and known to the provider.
async fn anna_and_bert(server: &Server) -> (World<'_>, String, String) {
    let world = World::honest(server, |_| ()).await;
    let (anna, bert) =
        (world.invite("anna@example.org", "auditor").await, world.invite("bert@example.org", "auditor").await);
    world
        .people(json!({
            "anna": {"email": "anna@example.org", "email_verified": true},
            "bert": {"email": "bert@example.org", "email_verified": true},
        }))
        .await;
    (world, anna, bert)
}

on_both! {
    async fn somebody_who_is_invited_signs_in_through_a_provider(server) {
        let world = World::honest(&server, |_| ()).await;
        let account = world.invite("Anna@example.org", "secretariat").await;
        world.people(anna()).await;
        let browser = Browser::new();
        let page = world.sign_in(&browser, "anna").await;
        assert_eq!((page.status, page.url.path()), (200, "/docs/"));
        assert_eq!(world.identities().await, [("anna".to_owned(), account.clone())]);
        assert_eq!(world.who(&browser).await, Some(account));
        assert_eq!(world.who(&Browser::new()).await, None);
    }

    async fn people_who_swap_addresses_at_the_provider_keep_their_accounts(server) {
        let (world, anna, bert) = anna_and_bert(&server).await;
        let now = |anna: &str, bert: &str| {
            json!({
                "anna": {"email": anna, "email_verified": true},
                "bert": {"email": bert, "email_verified": true},
            })
        };
        for (annas, berts) in [("anna@example.org", "bert@example.org"), ("bert@example.org", "anna@example.org")] {
            world.people(now(annas, berts)).await;
            for (person, account) in [("anna", &anna), ("bert", &bert)] {
                let browser = Browser::new();
                assert_eq!(world.sign_in(&browser, person).await.status, 200);
                assert_eq!(world.who(&browser).await.as_ref(), Some(account), "{person} with {annas}");
            }
        }
    }

    async fn who_signs_out_at_the_provider_is_signed_out_here(server) {
        let (world, _, bert) = anna_and_bert(&server).await;
        let (annas, another_of_annas, berts) = (Browser::new(), Browser::new(), Browser::new());
        for (browser, person) in [(&annas, "anna"), (&another_of_annas, "anna"), (&berts, "bert")] {
            assert_eq!(world.sign_in(browser, person).await.status, 200);
        }
        world.sign_out_at_the_provider(&annas).await;
        assert_eq!(world.who(&annas).await, None);
        // Another session of hers at the provider goes on, and so does everybody else's.
        assert!(world.who(&another_of_annas).await.is_some());
        assert_eq!(world.who(&berts).await, Some(bert));
    }

    async fn an_address_alone_links_nobody(server) {
        let world = World::honest(&server, |_| ()).await;
        world.invite("anna@example.org", "auditor").await;
        // Not vouched for, in all the ways that can be said; then an address that no account has.
        for claims in [
            json!({"email": "anna@example.org", "email_verified": false}),
            json!({"email": "anna@example.org"}),
            json!({"email": "anna@example.org", "email_verified": "true"}),
            json!({"email": "other@example.org", "email_verified": true}),
            json!({}),
        ] {
            world.people(json!({"anna": claims})).await;
            let page = world.sign_in(&Browser::new(), "anna").await;
            assert_eq!(page.status, 403, "{claims}");
            assert!(page.text.contains("no account here is waiting for you"), "{}", page.text);
        }
        assert!(world.identities().await.is_empty() && world.sign_ins().await == 0);
        let log = server.admin().await.get("audit-entries").await.expect(200);
        assert_eq!(log.text.matches("sign_in.refused").count(), 5, "each attempt is in the audit log");
    }

    async fn an_invitation_is_used_once(server) {
        let world = World::honest(&server, |_| ()).await;
        let account = world.invite("anna@example.org", "auditor").await;
        let same_address = json!({"email": "anna@example.org", "email_verified": true});
        world.people(json!({"anna": same_address, "impostor": same_address})).await;
        assert_eq!(world.sign_in(&Browser::new(), "anna").await.status, 200);
        assert_eq!(world.sign_in(&Browser::new(), "impostor").await.status, 403);
        // Who was linked needs no invitation any more.
        assert_eq!(world.sign_in(&Browser::new(), "anna").await.status, 200);
        let (instance, mut passkey) = passkeys::of_account(&server, &account).await;
        assert!(passkeys::signs_in(&instance, &mut passkey).await);
        assert_eq!(world.identities().await, [("anna".to_owned(), account.clone())]);
        // Invited again, another person takes the place of the first.
        let admin = server.admin().await;
        let held = admin.get(&format!("accounts/{account}")).await.expect(200);
        assert_eq!(held.json["invited"], false);
        admin.if_match(&held).patch(&format!("accounts/{account}"), json!({"invited": true})).await.expect(200);
        assert_eq!(world.sign_in(&Browser::new(), "impostor").await.status, 200);
        assert_eq!(world.identities().await, [("impostor".to_owned(), account)]);
        assert_eq!(world.sign_in(&Browser::new(), "anna").await.status, 403);
        assert!(!passkeys::signs_in(&instance, &mut passkey).await, "the first one's passkey still opens the account");
    }

    async fn a_disabled_account_is_not_signed_in_to(server) {
        let (world, anna, _) = anna_and_bert(&server).await;
        assert_eq!(world.sign_in(&Browser::new(), "anna").await.status, 200);
        let admin = server.admin().await;
        let held = admin.get(&format!("accounts/{anna}")).await;
        admin.if_match(&held).patch(&format!("accounts/{anna}"), json!({"state": "disabled"})).await.expect(200);
        let page = world.sign_in(&Browser::new(), "anna").await;
        assert!(page.status == 403 && page.text.contains("disabled"), "{}", page.text);
    }

    async fn a_callback_works_once(server) {
        let (world, ..) = anna_and_bert(&server).await;
        let browser = Browser::new();
        let callback = world.as_far_as_the_callback(&browser, "anna").await;
        assert_eq!(browser.open(callback.as_str()).await.status, 200);
        let again = browser.open(callback.as_str()).await;
        assert!(again.status == 400 && again.text.contains("Start it again"), "{}", again.text);
    }

    async fn a_callback_works_only_in_the_browser_that_began(server) {
        let (world, ..) = anna_and_bert(&server).await;
        let (mine, other) = (Browser::new(), Browser::new());
        let callback = world.as_far_as_the_callback(&mine, "anna").await;
        // Neither where nothing has begun, nor where another sign-in has.
        assert_eq!(Browser::new().open(callback.as_str()).await.status, 400);
        world.as_far_as_the_callback(&other, "bert").await;
        assert_eq!(other.open(callback.as_str()).await.status, 400);
        assert!(world.identities().await.is_empty());
        // And who holds the address elsewhere has not spoilt it for me.
        assert_eq!(mine.open(callback.as_str()).await.status, 200);
    }

    async fn sign_ins_in_two_tabs_do_not_disturb_each_other(server) {
        let (world, ..) = anna_and_bert(&server).await;
        let browser = Browser::new();
        let first = world.as_far_as_the_callback(&browser, "anna").await;
        let second = world.as_far_as_the_callback(&browser, "anna").await;
        assert_eq!(browser.open(second.as_str()).await.status, 200);
        assert_eq!(browser.open(first.as_str()).await.status, 200);
    }

    async fn a_sign_in_that_takes_longer_than_ten_minutes_is_over(server) {
        let (world, ..) = anna_and_bert(&server).await;
        let browser = Browser::new();
        let callback = world.as_far_as_the_callback(&browser, "anna").await;
        server.advance(jiff::SignedDuration::from_mins(10));
        assert_eq!(browser.open(callback.as_str()).await.status, 400);
        assert!(world.identities().await.is_empty());
    }

    async fn an_answer_of_another_issuer_is_refused(server) {
        let (world, ..) = anna_and_bert(&server).await;
        // This provider says that its answers name it (RFC 9207).
        for iss in [Some("http://127.0.0.1:9"), None] {
            let browser = Browser::new();
            let callback = world.as_far_as_the_callback(&browser, "anna").await;
            let page = browser.open(&with_parameter(&callback, "iss", iss)).await;
            assert!(page.status == 400 && page.text.contains("another provider"), "{}", page.text);
        }
        assert!(world.identities().await.is_empty());
    }

    async fn a_stranger_in_place_of_state_or_code_is_refused(server) {
        let (world, ..) = anna_and_bert(&server).await;
        for (name, value, status) in [
            ("state", Some("x"), 400),
            ("state", None, 400),
            ("code", Some("x"), 403),
            ("code", None, 403),
        ] {
            let browser = Browser::new();
            let callback = world.as_far_as_the_callback(&browser, "anna").await;
            let page = browser.open(&with_parameter(&callback, name, value)).await;
            assert_eq!(page.status, status, "{name} {value:?}: {}", page.text);
        }
        assert!(world.identities().await.is_empty());
    }

    async fn what_a_provider_complains_of_is_told_in_our_words(server) {
        let (world, ..) = anna_and_bert(&server).await;
        let browser = Browser::new();
        let callback = world.as_far_as_the_callback(&browser, "anna").await;
        let denied = with_parameter(&callback, "code", None) + "&error=<script>x</script>&error_description=<b>ha</b>";
        let page = browser.open(&denied).await;
        assert!(page.status == 403 && page.text.contains("cancelled or refused at the provider"), "{}", page.text);
        assert!(!page.text.contains("script") && !page.text.contains("ha</b>"), "{}", page.text);
    }

    async fn the_provider_decides_on_roles_where_it_was_told_to(server) {
        let world = World::honest(&server, |provider| {
            provider.roles = [("desk", Role::Secretariat), ("board", Role::Auditor), ("root", Role::Admin)]
                .map(|(group, role)| (group.to_owned(), role))
                .into();
        })
        .await;
        let account = world.invite("anna@example.org", "auditor").await;
        let browser = Browser::new();
        for (groups, role) in [
            (json!(["desk"]), "secretariat"),
            (json!(["board", "choir"]), "auditor"),
            (json!(["board", "root"]), "admin"),
            // Groups that nobody listed give nothing, and a role goes with the group that gave it.
            (json!(["admin", "Root"]), "guest"),
            (json!("desk"), "secretariat"),
            (json!([]), "guest"),
        ] {
            world
                .people(json!({"anna": {"email": "anna@example.org", "email_verified": true, "groups": groups}}))
                .await;
            assert_eq!(world.sign_in(&Browser::new(), "anna").await.status, 200, "{groups}");
            assert_eq!(world.role(&account).await, role, "{groups}");
            // Browsers that signed in with another role have to sign in anew.
            assert_eq!(world.who(&browser).await, None, "{groups}");
            assert_eq!(world.sign_in(&browser, "anna").await.status, 200, "{groups}");
        }
    }

    async fn groups_mean_nothing_where_nobody_listed_them(server) {
        let world = World::honest(&server, |_| ()).await;
        let account = world.invite("anna@example.org", "auditor").await;
        world
            .people(json!({"anna": {"email": "anna@example.org", "email_verified": true, "groups": ["admin"]}}))
            .await;
        assert_eq!(world.sign_in(&Browser::new(), "anna").await.status, 200);
        assert_eq!(world.role(&account).await, "auditor");
    }
}
