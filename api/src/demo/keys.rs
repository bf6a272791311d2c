//! The file in the data directory that says how to look at the demo: for one person of each role a link that opens the
//! pages signed in; for each role an account can have a key, and a link that opens the API reference with it; and the feeds.
//!
//! Only its owner can read it. Keys that still work are kept when the server starts again, so that nobody's tour
//! breaks, and the file is written anew, because the server's address may have changed.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use domain::{
    access::{NewKey, Role},
    identifier::Handle,
};

use super::{
    Link,
    cast::{self, DELEGATE_OF},
};
use crate::{
    access::{authenticate, keys, sign_in::links},
    context::Ctx,
    error::Error,
    private,
};

/// Days until demo keys expire.
const DAYS: u16 = 90;

/// What was written, and where.
#[derive(Debug)]
pub struct Guide {
    /// The file.
    pub file: PathBuf,
    /// A link for one person of each role; none where the server can be reached from another machine.
    pub sign_in: Vec<SignInLink>,
}

/// A link that opens the pages signed in.
#[derive(Debug)]
pub struct SignInLink {
    /// In the file, one word.
    pub name: &'static str,
    /// Who is signed in by it, in words.
    pub who: &'static str,
    /// Where it leads.
    pub url: String,
}

/// Where the file is.
pub fn path(data_dir: &Path) -> PathBuf {
    data_dir.join("demo-keys.txt")
}

/// Writes the file; what it holds already and `links` does not name stays.
///
/// # Errors
/// Those of the database and of the file system.
pub async fn write(ctx: &Ctx, links: Vec<Link>) -> Result<Guide, Error> {
    let file = path(&ctx.app.config.data_dir);
    let before = std::fs::read_to_string(&file).unwrap_or_default();
    let mut text = format!(
        "# Plenum demo at {}\n# Whoever can read this file can do everything on this server.\n\n\
         # Keys: send one as the header  Authorization: Bearer KEY\n",
        ctx.app.config.public_url
    );
    let mut reference = String::new();
    for role in Role::ALL {
        let key = match named(&before, role.as_str()) {
            Some(key) if authenticate(&ctx.app, key, None, ctx.now).await.is_ok() => key.to_owned(),
            _ => make(ctx, *role).await?,
        };
        text.push_str(&format!("{role} {key}\n"));
        reference.push_str(&format!("sign-in-{role} {}/docs#key={key}\n", ctx.app.config.public_url));
    }
    let sign_in = sign_in_links(ctx).await?;
    if !sign_in.is_empty() {
        text.push_str("\n# Sign-in links: open one and press its button to see the pages as somebody of the role\n");
    }
    for SignInLink { name, url, .. } in &sign_in {
        text.push_str(&format!("pages-{name} {url}\n"));
    }
    text.push_str("\n# Open one of these to use the API reference with the rights of the role\n");
    text.push_str(&reference);
    text.push_str("\n# Calendars to subscribe to\n");
    for Link { name, path } in all_links(&before, links) {
        text.push_str(&format!("{name} {}{path}\n", ctx.app.config.public_url));
    }
    replace(&file, &text).map_err(Error::internal)?;
    Ok(Guide { file, sign_in })
}

/// The server that runs decides whether they open anything; they are made for one on this machine only.
async fn sign_in_links(ctx: &Ctx) -> Result<Vec<SignInLink>, Error> {
    let mut made = vec![];
    if !ctx.app.config.listen.ip().is_loopback() {
        return Ok(made);
    }
    for part in cast::ALL {
        if let Some(account) = part.account(ctx).await? {
            made.push(SignInLink { name: part.name, who: part.who, url: links::make_demo(ctx, account).await? });
        }
    }
    Ok(made)
}

async fn make(ctx: &Ctx, role: Role) -> Result<String, Error> {
    let organisation_id = role.acts_for_organisation().then(|| Handle::from(DELEGATE_OF));
    let key = NewKey { organisation_id, expires_in_days: DAYS, ..NewKey::of(role, format!("demo {role}")) };
    Ok(keys::create(ctx, key).await?.content.secret.reveal().to_owned())
}

/// What stands after `name` in a line of the file.
fn named<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
}

/// The new links, and those the file held already.
fn all_links(before: &str, mut links: Vec<Link>) -> Vec<Link> {
    for line in before.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, address)) = line.split_once(' ') else { continue };
        let Some(at) = address.find("/ical/") else { continue };
        if links.iter().all(|link| link.name != name) {
            links.push(Link { name: name.to_owned(), path: address[at..].to_owned() });
        }
    }
    links.sort_by(|a, b| a.name.cmp(&b.name));
    links
}

/// Readers see the old file or the new one, never half of it.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let new = path.with_extension("new");
    if let Some(folder) = path.parent() {
        private::create_folder(folder)?;
    }
    let mut file = private::open_file(&new)?;
    file.set_len(0)?;
    file.write_all(text.as_bytes())?;
    std::fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_kept_whatever_address_the_server_had() {
        let before = "# x\nadmin wgk_live_x\nseoul-2019 http://127.0.0.1:4711/ical/wgf_a.ics\n";
        let new = vec![Link { name: "hanoi-2025".into(), path: "/ical/wgf_b.ics".into() }];
        let links: Vec<_> = all_links(before, new).into_iter().map(|link| (link.name, link.path)).collect();
        let expected = [("hanoi-2025", "/ical/wgf_b.ics"), ("seoul-2019", "/ical/wgf_a.ics")];
        assert_eq!(links, expected.map(|(name, path)| (name.to_owned(), path.to_owned())));
        assert_eq!(named(before, "admin"), Some("wgk_live_x"));
    }
}
