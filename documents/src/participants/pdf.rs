//! PDF, by typst: see [`crate::pdf`].

use super::ParticipantsDoc;
use crate::pdf::{Fonts, Refusal, Template, compile};

const TEMPLATE: Template = Template { name: "participants.typ", text: include_str!("participants.typ") };

/// The list as a tagged PDF; the same list and fonts give the same bytes.
pub fn pdf(doc: &ParticipantsDoc, fonts: &Fonts) -> Result<Vec<u8>, Refusal> {
    compile(&TEMPLATE, doc, fonts)
}
