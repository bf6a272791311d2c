//! What the inventory is made of.

crate::words! {
    /// How sensitive a column is.
    pub enum Class {
        /// Anybody may know it once the object is public.
        Public = "public",
        /// For those who may see the object; about no person, or only the number of one.
        Internal = "internal",
        /// About a person.
        Personal = "personal",
        /// About a person, of a special category (GDPR Art. 9): health, beliefs.
        Special = "special",
        /// A secret, or what one could be guessed from: leaves the server by no door, exports included.
        Restricted = "restricted",
    }
}

/// How long something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// As long as the work goes on; until the person is erased.
    UntilErased,
    /// Some months after the person's last meeting, the number of which is configured.
    AfterLastMeeting,
    /// Some days after the last day of the event, the number of which is configured.
    AfterEvent,
    /// Some days after the account, key or feed was taken out of use, the number of which is configured.
    AfterEnd,
    /// Until the instant that stands in the row.
    Expiry,
    /// As long as the audit log; values about people until the person is erased, network addresses for 90 days.
    AuditLog,
}

impl Retention {
    /// In words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::UntilErased => "until the person is erased",
            Self::AfterLastMeeting => "until `contact_months` after the person's last meeting, or the erasure",
            Self::AfterEvent => "until `after_event_days` after the event, or the erasure",
            Self::AfterEnd => "until `ended_days` after it was taken out of use, or the erasure",
            Self::Expiry => "until it expires: minutes for links and counts, a day for answers, 12 hours for sign-ins",
            Self::AuditLog => "until the person is erased; network addresses for 90 days",
        }
    }
}

/// Why something about people is kept, with what right, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handling {
    /// What it is for.
    pub purpose: &'static str,
    /// The legal basis as the operator would state it; to be checked against the law of the place.
    pub basis: &'static str,
    /// For how long.
    pub retention: Retention,
}

/// What stands in a column in the place of what was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    /// Nothing.
    Null,
    /// This text.
    Text(&'static str),
    /// This JSON.
    Json(&'static str),
    /// No.
    False,
    /// What stood there: the number of a person, account or delegate of whom nothing else is left.
    Pseudonym,
}

/// Columns that are handled alike.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    /// How sensitive they are.
    pub class: Class,
    /// Why they are kept; there whenever they are personal, special or restricted.
    pub handling: Option<&'static Handling>,
    /// What an erasure leaves; without meaning where the whole row goes.
    pub blank: Blank,
    /// Their names, with blanks between them.
    pub names: &'static str,
}

impl Columns {
    /// Their names, one by one.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.names.split_whitespace()
    }
}

/// How a row is found to be about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The column holds the id of a row of this table which is about the person.
    Of(&'static str, &'static str),
    /// The column holds the id of anything that is about the person.
    Any(&'static str),
    /// The text in the column mentions such an id, or an address of the person.
    Mentions(&'static str),
}

/// What an erasure does to the rows about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// They stay, with what is personal blanked.
    Stay,
    /// They are deleted.
    Go,
}

/// One table of the database.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What it holds, in words.
    pub holds: &'static str,
    /// By which columns its rows are about a person; none if no person is found by it.
    pub about: &'static [Link],
    /// What becomes of those rows.
    pub erased: Rows,
    /// Every column.
    pub columns: &'static [Columns],
}

impl Table {
    /// Every column by its name.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &'static Columns)> + use<> {
        let columns: &'static [Columns] = self.columns;
        columns.iter().flat_map(|group| group.names().map(move |name| (name, group)))
    }

    /// Whether its rows have ids of their own by which others are found in turn.
    pub fn leads_on(&self) -> bool {
        let own = self.about.iter().all(|link| matches!(link, Link::Of(..)));
        own && !self.about.is_empty() && self.fields().any(|(name, _)| name == "id")
    }
}

pub(super) const fn public(names: &'static str) -> Columns {
    Columns { class: Class::Public, handling: None, blank: Blank::Pseudonym, names }
}

pub(super) const fn internal(names: &'static str) -> Columns {
    Columns { class: Class::Internal, handling: None, blank: Blank::Pseudonym, names }
}

pub(super) const fn personal(why: &'static Handling, blank: Blank, names: &'static str) -> Columns {
    Columns { class: Class::Personal, handling: Some(why), blank, names }
}

pub(super) const fn special(why: &'static Handling, blank: Blank, names: &'static str) -> Columns {
    Columns { class: Class::Special, handling: Some(why), blank, names }
}

pub(super) const fn restricted(why: &'static Handling, blank: Blank, names: &'static str) -> Columns {
    Columns { class: Class::Restricted, handling: Some(why), blank, names }
}
