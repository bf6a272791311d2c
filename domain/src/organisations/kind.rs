//! What an organisation is.

crate::words! {
    /// What an organisation is.
    #[schemars(rename = "OrganisationKind")]
    pub enum Kind {
        /// A state, member of the United Nations or observer.
        State = "state",
        /// A ministry of a state.
        Ministry = "ministry",
        /// An agency or other public body of a state.
        Agency = "agency",
        /// A police service.
        PoliceService = "police_service",
        /// An intergovernmental organisation.
        Igo = "igo",
        /// An organisation of a region within or across states.
        RegionalOrganisation = "regional_organisation",
        /// A non-governmental organisation.
        Ngo = "ngo",
        /// A company.
        Company = "company",
        /// A university.
        University = "university",
        /// A research institute.
        ResearchInstitute = "research_institute",
        /// A newspaper, broadcaster or news agency.
        Media = "media",
        /// Anything else.
        Other = "other",
    }
}
