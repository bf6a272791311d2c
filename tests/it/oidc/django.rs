//! Signing in through django-oauth-toolkit: another provider, written by others in another language, with forms, tokens and
//! an issuer of its own kind. Nothing here or in the server knows which provider it is.

use serde_json::{Value, json};

use super::{
    browser::{Browser, Page},
    world::World,
};
use crate::{on_both, support::Server};

const PASSWORD: &str = "correct horse battery";

/// One person who is known to the provider, invited as an auditor; gives the account.
async fn anna<'a>(server: &'a Server, verified: Value) -> Option<(World<'a>, String)> {
    let world = World::honest_too(server).await?;
    let account = world.invite("anna@example.org", "auditor").await;
    let claims = json!({"password": PASSWORD, "email": "anna@example.org", "email_verified": verified});
    world.people(json!({"anna": claims})).await;
    Some((world, account))
}

/// Goes to the provider and fills in its form.
async fn show_password(world: &World<'_>, browser: &Browser, password: &str) -> Page {
    let form = world.press(browser, |_| false).await;
    assert!(form.text.contains("name=\"username\""), "{}", form.text);
    browser.submit_until(&form, "", &[("username", "anna"), ("password", password)], |_| false).await
}

/// Lets the provider tell the server what it asks for, and follows to the page that was wanted.
async fn consent(browser: &Browser, page: &Page) -> Page {
    assert!(page.text.contains("Know your address"), "{}", page.text);
    browser.submit_until(page, "", &[("allow", "Authorize")], |_| false).await
}

on_both! {
    async fn somebody_signs_in_through_another_kind_of_provider_and_out_again(server) {
        let Some((world, account)) = anna(&server, json!(true)).await else { return };
        let browser = Browser::new();
        let asked = show_password(&world, &browser, PASSWORD).await;
        assert_eq!(world.who(&browser).await, None, "the provider has not said anything yet");
        let page = consent(&browser, &asked).await;
        assert_eq!((page.status, page.url.path()), (200, "/docs/"));
        assert_eq!((world.who(&browser).await, world.role(&account).await), (Some(account.clone()), "auditor".to_owned()));

        let start = browser.open(&format!("{}/", world.plenum.url())).await;
        browser.submit_until(&start, "/sign-out", &[], |_| false).await;
        assert_eq!((world.who(&browser).await, world.sign_ins().await), (None, 0));
        // The provider still knows her, and asks for no password; here she is the one she was.
        let asked = world.press(&browser, |_| false).await;
        consent(&browser, &asked).await;
        assert_eq!(world.who(&browser).await, Some(account));
        assert_eq!(world.identities().await.len(), 1);
    }

    async fn who_is_not_known_there_or_says_no_is_not_signed_in_here(server) {
        let Some((world, _)) = anna(&server, json!(true)).await else { return };
        let browser = Browser::new();
        let page = show_password(&world, &browser, "wrong horse battery").await;
        assert!(page.text.contains("Please enter a correct username and password"), "{}", page.text);
        assert_eq!(world.who(&browser).await, None);
        // Without `allow` it is the button for cancelling.
        let asked = show_password(&world, &browser, PASSWORD).await;
        let page = browser.submit_until(&asked, "", &[], |_| false).await;
        assert!(page.status == 403 && page.text.contains("cancelled or refused at the provider"), "{}", page.text);
        assert!(world.identities().await.is_empty() && world.sign_ins().await == 0);
    }

    async fn an_address_this_provider_does_not_vouch_for_links_nobody(server) {
        let Some((world, _)) = anna(&server, json!(false)).await else { return };
        let browser = Browser::new();
        let asked = show_password(&world, &browser, PASSWORD).await;
        let page = consent(&browser, &asked).await;
        assert!(page.status == 403 && page.text.contains("no account here is waiting for you"), "{}", page.text);
        assert!(world.identities().await.is_empty() && world.sign_ins().await == 0);
    }
}
