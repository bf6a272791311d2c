//! The rules by name, and how much each weighs unless an event says otherwise.

crate::words! {
    /// What is looked for. Which two sessions overlap follows from their instants; days and hours are those on the wall
    /// of the event.
    #[schemars(rename = "ClashRule")]
    pub enum Rule {
        /// Two sessions in one room that is not shared, or one beside a booking of another event. Never waived.
        RoomOverlap = "room_overlap",
        /// The room is closed, cannot be had or is blocked.
        RoomUnavailable = "room_unavailable",
        /// The owner of the room has not agreed yet.
        RoomNotApproved = "room_not_approved",
        /// More persons are expected than the room holds in that layout.
        RoomCapacity = "room_capacity",
        /// The room lacks something that is needed.
        RoomFeature = "room_feature",
        /// Too few teams of interpreters, too long a sitting for one, or too short a rest.
        InterpTeam = "interp_team",
        /// Somebody chairs, heads or speaks in one of two sessions at the same time and has to be in both.
        PersonOverlapChair = "person_overlap_chair",
        /// Somebody is asked to be in two sessions at the same time.
        PersonOverlap = "person_overlap",
        /// A person or delegation cannot come then.
        PersonUnavailable = "person_unavailable",
        /// Two groups with the same chair at the same time.
        GroupConflictChair = "group_conflict_chair",
        /// Two groups with the same key people at the same time.
        GroupConflictKey = "group_conflict_key",
        /// Two groups on the same matters at the same time.
        GroupConflictTopic = "group_conflict_topic",
        /// The group has said that it cannot meet then.
        GroupUnavailable = "group_unavailable",
        /// Who must be able to go to both cannot.
        MustAttend = "must_attend",
        /// A delegation is expected in more sessions at once than it has people.
        DelegationOverstretch = "delegation_overstretch",
        /// A bilateral while the head of a party is listed in plenary, or while a vote is planned there.
        BilateralVsPlenary = "bilateral_vs_plenary",
        /// A wish about order, days or nearness is not met.
        TimeRelation = "time_relation",
        /// Too little time to walk, or to set a room up.
        Buffer = "buffer",
        /// Outside the hours in which the host works.
        OutsideHours = "outside_hours",
        /// On a day off of the host.
        Holiday = "holiday",
        /// During a time kept free for prayer or a feast.
        Observance = "observance",
        /// Too many of those who take part from afar have night.
        UnsociableRemote = "unsociable_remote",
        /// The items take longer than the sitting.
        AgendaOverflow = "agenda_overflow",
        /// Something is decided, and too few delegations have said that they come.
        QuorumRisk = "quorum_risk",
        /// Something is decided, and a document for it was not there in time.
        DocDeadline = "doc_deadline",
        /// Who has to be there has something elsewhere.
        CrossEvent = "cross_event",
        /// It has no time or no room yet.
        Unplaced = "unplaced",
        /// Who has to be there has not said that they come.
        Unconfirmed = "unconfirmed",
    }
}

crate::words! {
    /// What a finding does, the gravest first.
    #[schemars(rename = "ClashSeverity")]
    pub enum Severity {
        /// The edit that brings it about is refused.
        BlockEdit = "block_edit",
        /// The programme is not released while it stands.
        BlockRelease = "block_release",
        /// It is shown.
        Warn = "warn",
        /// It is not looked for.
        Ignore = "ignore",
    }
}

impl Rule {
    /// What it weighs where an event says nothing.
    pub fn default_severity(self) -> Severity {
        match self {
            Self::RoomOverlap
            | Self::RoomUnavailable
            | Self::RoomNotApproved
            | Self::PersonOverlapChair
            | Self::GroupConflictChair
            | Self::QuorumRisk => Severity::BlockRelease,
            _ => Severity::Warn,
        }
    }

    /// Whether somebody may take it upon themselves. A room that is not shared is never booked twice, whoever asks.
    pub fn is_waivable(self) -> bool {
        self != Self::RoomOverlap
    }
}
