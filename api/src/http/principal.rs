//! Where authentication notes who asked.
//!
//! Log and rate limits stand outside authentication, so they hand a note inwards with the request and read it when
//! the answer comes back.

use std::sync::{Arc, OnceLock};

use poem::Request;

/// The blank note. Found in the request's data; authentication fills it in with [`note`].
#[derive(Debug, Clone, Default)]
pub struct PrincipalNote(Arc<OnceLock<Arc<str>>>);

impl PrincipalNote {
    /// The principal, once authentication has succeeded.
    pub fn get(&self) -> Option<&Arc<str>> {
        self.0.get()
    }
}

/// Says that `request` was authenticated as `principal`: the id of an account, an API key or a feed, never a secret.
pub fn note(request: &Request, principal: impl Into<Arc<str>>) {
    if let Some(note) = request.data::<PrincipalNote>() {
        // A second note would mean two authentications of one request; the first one counts.
        let _ = note.0.set(principal.into());
    }
}

/// The note that came with the request, put there if it is missing.
pub(super) fn attach(request: &mut Request) -> PrincipalNote {
    if let Some(note) = request.data::<PrincipalNote>() {
        return note.clone();
    }
    let note = PrincipalNote::default();
    request.set_data(note.clone());
    note
}
