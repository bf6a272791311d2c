//! How much of a session a feed shows, and the few words a feed adds in its reader's language.

use crate::Language;

crate::words! {
    /// How much of an entry a feed shows.
    #[derive(Default)]
    #[schemars(rename = "FeedDetail")]
    pub enum Detail {
        /// Everything.
        #[default]
        Full = "full",
        /// Title, times and status.
        TitleOnly = "title_only",
        /// That the time is taken, and nothing of by what.
        BusyOnly = "busy_only",
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

/// The title of an entry whose label keeps the rest out of calendars; English where we have no other word.
pub(super) fn restricted(language: &Language) -> &'static str {
    match language.as_str() {
        "pl" => "Zajęte – sesja zastrzeżona",
        "fr" => "Occupé – séance restreinte",
        "es" => "Ocupado – sesión restringida",
        "cs" => "Obsazeno – vyhrazené zasedání",
        "ko" => "일정 있음 – 제한 회의",
        "vi" => "Bận – phiên họp hạn chế",
        "ar" => "مشغول – جلسة مقيدة",
        _ => "Busy – restricted session",
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
