//! How much of a session a feed shows, and the few words a feed adds in its reader's language.

use crate::Language;

/// How much of an entry a feed shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Detail {
    /// Everything.
    Full,
    /// Title, times and status.
    TitleOnly,
    /// That the time is taken, and nothing of by what.
    BusyOnly,
}

impl Detail {
    /// Every level, the most open first.
    pub const ALL: [Self; 3] = [Self::Full, Self::TitleOnly, Self::BusyOnly];

    /// The name of the level in the API and in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::TitleOnly => "title_only",
            Self::BusyOnly => "busy_only",
        }
    }

    /// The level of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }
}

/// The title of an entry of which only the time may be known; English where we have no other word.
pub(super) fn busy(language: &Language) -> &'static str {
    match language.as_str() {
        "pl" => "Zajęte",
        "fr" => "Occupé",
        "es" => "Ocupado",
        "cs" => "Obsazeno",
        "ko" => "일정 있음",
        "vi" => "Bận",
        "ar" => "مشغول",
        _ => "Busy",
    }
}

/// What stands before the title of a cancelled session, for programs that do not look at STATUS.
pub(super) fn cancelled(language: &Language) -> &'static str {
    match language.as_str() {
        "pl" => "Odwołane: ",
        "fr" => "Annulé\u{a0}: ",
        "es" => "Cancelado: ",
        "cs" => "Zrušeno: ",
        "ko" => "취소됨: ",
        "vi" => "Đã hủy: ",
        "ar" => "ملغى: ",
        _ => "Cancelled: ",
    }
}
