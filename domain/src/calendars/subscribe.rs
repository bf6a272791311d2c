//! How people put a calendar into the programs they use.
//!
//! Programs look again when they like, whatever the calendar asks for; what is told here is what people see, so that nobody
//! waits for a change in vain (measured by others in 2024 to 2026, and the programs' own help).

use percent_encoding::utf8_percent_encode;
use schemars::JsonSchema;
use serde::Serialize;

use super::value::IN_QUERIES;

crate::words! {
    /// A calendar program.
    #[schemars(rename = "CalendarProgram")]
    pub enum Program {
        /// Calendar on a Mac, an iPhone or an iPad.
        Apple = "apple",
        /// Google Calendar, on the web and on Android.
        Google = "google",
        /// Outlook with an account at outlook.com.
        OutlookCom = "outlook_com",
        /// Outlook with an account at work or school.
        Microsoft365 = "microsoft_365",
        /// Thunderbird.
        Thunderbird = "thunderbird",
        /// The camera of a telephone: a picture (SVG) of the address, to be shown on another screen or printed.
        QrCode = "qr_code",
        /// Any other program, which takes the address by hand.
        Other = "other",
        /// Nobody's subscription: the file as it is now, which never changes again.
        Download = "download",
    }
}

/// A button: what it opens, and when what is changed is seen there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SubscribeLink {
    /// The program.
    pub program: Program,
    /// What the button opens; of another program, the address to copy. As secret as the address of the calendar.
    pub url: String,
    /// How long it mostly takes at most, in hours and in the program as it comes, until a change is seen there; nothing said
    /// of a download, where none ever is, and of programs of which we do not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_within_hours: Option<u16>,
}

impl SubscribeLink {
    /// The buttons for the calendar called `name` at `url`.
    pub fn all(url: &str, name: &str) -> Vec<Self> {
        Program::ALL.iter().map(|program| program.link(url, name)).collect()
    }
}

impl Program {
    /// What its button for the calendar at `url` opens, where that does not depend on what the calendar is called.
    pub fn url(self, url: &str) -> String {
        self.link(url, "").url
    }

    fn link(self, url: &str, name: &str) -> SubscribeLink {
        let bare = url.split_once("://").map_or(url, |(_, rest)| rest);
        let webcal = format!("webcal://{bare}");
        let outlook =
            |host: &str| format!("https://{host}/calendar/0/addfromweb?url={}&name={}", encoded(url), encoded(name));
        let (url, seen_within_hours) = match self {
            // An hour is what we ask for and what it proposes; whoever likes chooses anything from minutes to a week.
            Self::Apple => (webcal, Some(1)),
            // It takes the address only with this scheme, and looks when it likes.
            Self::Google => (format!("https://calendar.google.com/calendar/r?cid={}", encoded(&webcal)), Some(24)),
            // These take the address only with https.
            Self::OutlookCom => (outlook("outlook.live.com"), Some(24)),
            Self::Microsoft365 => (outlook("outlook.office.com"), Some(24)),
            Self::Thunderbird => (webcal, Some(1)),
            Self::QrCode => (format!("{}.svg", url.strip_suffix(".ics").unwrap_or(url)), Some(1)),
            Self::Other => (url.to_owned(), None),
            Self::Download => (format!("{url}?download"), None),
        };
        SubscribeLink { program: self, url, seen_within_hours }
    }
}

/// As it stands in the value of a query.
fn encoded(value: &str) -> impl std::fmt::Display {
    utf8_percent_encode(value, IN_QUERIES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_program_gets_the_address_as_it_takes_it() {
        let links = SubscribeLink::all("https://plenum.example/ical/events/seoul.ics", "Seoul & co");
        let url = |program| links.iter().find(|link| link.program == program).unwrap().url.as_str();
        assert_eq!(url(Program::Apple), "webcal://plenum.example/ical/events/seoul.ics");
        assert_eq!(
            url(Program::Google),
            "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Fplenum.example%2Fical%2Fevents%2Fseoul.ics"
        );
        assert_eq!(
            url(Program::Microsoft365),
            "https://outlook.office.com/calendar/0/addfromweb?url=https%3A%2F%2Fplenum.example%2Fical%2Fevents%2F\
             seoul.ics&name=Seoul%20%26%20co"
        );
        assert_eq!(url(Program::QrCode), "https://plenum.example/ical/events/seoul.svg");
        assert_eq!(url(Program::Other), "https://plenum.example/ical/events/seoul.ics");
        assert_eq!(url(Program::Download), "https://plenum.example/ical/events/seoul.ics?download");
    }
}
