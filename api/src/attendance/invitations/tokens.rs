//! What stands for an invitation outside: the link in its mail, and the address that answers to it go to. Both are its id
//! with a seal on it, so that nothing secret is kept and nobody makes one up.

use lettre::Address;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::{context::App, error::Error, http::reply::hex, vault::Seal};

/// What tokens begin with: logs leave out what follows it.
const PREFIX: &str = "wgi_";
/// Bytes of the seal in a link.
const LINK_BYTES: usize = 20;
/// Bytes of the seal in an address, whose local part has 64 characters at most (RFC 5321, 4.5.3.1.1); RFC 2104 (5) asks
/// for ten.
const ADDRESS_BYTES: usize = 10;

/// The seals of this server on invitations.
pub struct Seals {
    link: Seal,
    address: Seal,
}

impl Seals {
    /// Those of this server.
    pub fn open(app: &App) -> Result<Self, Error> {
        let seal = |purpose| Seal::open(&app.config, &app.entropy, purpose);
        Ok(Self { link: seal("link of an invitation")?, address: seal("address of an invitation")? })
    }

    /// The part of a link that names the invitation.
    pub fn link(&self, id: Uuid) -> String {
        format!("{PREFIX}{}{}", id.simple(), hex(&self.link.on::<LINK_BYTES>(id)))
    }

    /// The invitation of a link.
    pub fn of_link(&self, token: &str) -> Option<Uuid> {
        let (id, seal) = parted(token.strip_prefix(PREFIX)?)?;
        same(seal, &hex(&self.link.on::<LINK_BYTES>(id))).then_some(id)
    }

    /// The address that answers to an invitation go to: `desk+<id><seal>@example.org`.
    pub fn address(&self, desk: &Address, id: Uuid) -> Result<Address, Error> {
        let seal = hex(&self.address.on::<ADDRESS_BYTES>(id));
        let local = format!("{}+{}{seal}", desk.user(), id.simple());
        Address::new(local, desk.domain()).map_err(Error::internal)
    }

    /// The invitation that mail to this address answers.
    pub fn of_address(&self, address: &str) -> Option<Uuid> {
        let (local, _) = address.rsplit_once('@')?;
        let (id, seal) = parted(local.rsplit_once('+')?.1)?;
        same(&seal.to_ascii_lowercase(), &hex(&self.address.on::<ADDRESS_BYTES>(id))).then_some(id)
    }
}

fn parted(text: &str) -> Option<(Uuid, &str)> {
    let (id, seal) = text.split_at_checked(32)?;
    Some((Uuid::try_parse(id).ok()?, seal))
}

fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}
