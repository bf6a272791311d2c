//! The reader of answers to invitations: whatever is sent, what is kept of it is short and of one line where it has to be.

#![no_main]

use domain::calendars::reply;
use libfuzzer_sys::fuzz_target;

/// With this every answer begins; half of the inputs need not find it out.
const HEAD: &str = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1\r\n";

fuzz_target!(|input: (bool, &str)| {
    let (headed, text) = input;
    let file = if headed { format!("{HEAD}{text}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n") } else { text.to_owned() };
    let Some(reply) = reply::read(&file) else { return };
    assert!(!reply.uid.is_empty() && reply.attendees.len() <= 50, "{reply:?}");
    let addresses = reply.attendees.iter().flat_map(|named| named.delegated_to.iter().chain([&named.address]));
    for address in addresses {
        assert!(address.chars().count() <= 254 && !address.contains(char::is_control), "{reply:?}");
    }
    if let Some(comment) = &reply.comment {
        assert!(!comment.is_empty() && comment.chars().count() <= 1000, "{reply:?}");
        assert!(comment.chars().all(|c| c == '\n' || !c.is_control()), "{reply:?}");
    }
    assert_eq!(reply::read(&file), Some(reply));
});
