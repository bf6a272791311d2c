//! What a group is.

crate::words! {
    /// What a group is.
    #[schemars(rename = "GroupKind")]
    pub enum Kind {
        /// All members of an organisation or process.
        Assembly = "assembly",
        /// A permanent part of an assembly.
        Committee = "committee",
        /// States and others working on one subject.
        WorkingGroup = "working_group",
        /// A part of a working group with a mandate of its own.
        Subgroup = "subgroup",
        /// A group for one task, for a time.
        TaskForce = "task_force",
        /// A small group that seeks agreement on one question.
        ContactGroup = "contact_group",
        /// Those who prepare and chair the meetings of another body.
        Bureau = "bureau",
        /// Those who direct a project or programme.
        SteeringCommittee = "steering_committee",
        /// Those who carry out a project.
        ProjectTeam = "project_team",
    }
}
