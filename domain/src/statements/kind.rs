//! What sort of text a statement is.

crate::words! {
    /// The sort of text. It decides which steps exist and what the text may claim.
    #[schemars(rename = "StatementKind")]
    pub enum Kind {
        /// A text all participants make together.
        JointStatement = "joint_statement",
        /// A declaration of principles or intent.
        Declaration = "declaration",
        /// A communique: what was discussed and concluded, for the public.
        Communique = "communique",
        /// A memorandum of understanding.
        Memorandum = "memorandum",
        /// A decision of a body.
        Decision = "decision",
        /// What the chair alone says about the meeting, usually because consensus failed.
        ChairsSummary = "chairs_summary",
    }
}

impl Kind {
    /// Whether participants adopt such a text. A chair's summary speaks for the chair only: it is published without
    /// adoption, may not say that participants adopted anything, and lists no participants as its authors.
    pub fn is_adopted_by_participants(self) -> bool {
        self != Self::ChairsSummary
    }
}
