//! What an event is.

crate::words! {
    /// What an event is.
    #[schemars(rename = "EventKind")]
    pub enum Kind {
        /// The assembly of all members of an organisation.
        Assembly = "assembly",
        /// A meeting of a group.
        GroupMeeting = "group_meeting",
        /// Work on one subject.
        Workshop = "workshop",
        /// Teaching.
        Training = "training",
        /// One delegation at the seat of another.
        Visit = "visit",
        /// A signature, an opening, a handover.
        Ceremony = "ceremony",
        /// Anything larger that people come to from many sides.
        Conference = "conference",
    }
}

impl Kind {
    /// The kind as a word for people, in English, as calendar programs group by it.
    pub fn words(self) -> String {
        self.as_str().replace('_', " ")
    }
}
