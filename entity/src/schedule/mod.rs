//! Tables of schedule.

pub mod agenda;
pub mod agenda_edition;
pub mod agenda_item;
pub mod clash_setting;
pub mod clash_waiver;
pub mod date_poll;
pub mod date_poll_answer;
pub mod date_poll_party;
pub mod draft_change;
pub mod practical_arrangement;
pub mod release;
pub mod released_session;
pub mod request;
pub mod request_group;
pub mod request_person;
pub mod request_step;
pub mod room_booking;
pub mod session;
pub mod session_plan;
