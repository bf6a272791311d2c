//! What a session is.

crate::words! {
    /// What a session is.
    #[schemars(rename = "SessionKind")]
    pub enum Kind {
        /// Everybody together.
        Plenary = "plenary",
        /// A committee of the whole.
        Committee = "committee",
        /// A sitting of a group.
        GroupMeeting = "group_meeting",
        /// A sitting of a part of a group.
        Subgroup = "subgroup",
        /// The officers of the meeting.
        Bureau = "bureau",
        /// Talks without a record.
        InformalConsultation = "informal_consultation",
        /// Two delegations.
        Bilateral = "bilateral",
        /// Beside the programme.
        SideEvent = "side_event",
        /// Teaching.
        Training = "training",
        /// Work on one subject.
        Workshop = "workshop",
        /// An opening, a signature, a handover.
        Ceremony = "ceremony",
        /// For journalists.
        Press = "press",
        /// A reception, a dinner, an excursion.
        Social = "social",
        /// Setting up, rehearsing.
        Technical = "technical",
        /// Coffee, lunch.
        Break = "break",
    }
}

impl Kind {
    /// The kind as a word for people, in English, as calendar programs group by it.
    pub fn words(self) -> String {
        self.as_str().replace('_', " ")
    }
}
