//! Tables of attendance.

#![expect(clippy::module_inception, reason = "a file is called as its table")]

pub mod attendance;
pub mod attendance_code;
pub mod availability;
pub mod badge;
pub mod badge_collection;
pub mod busy_address;
pub mod check;
pub mod check_type;
pub mod credential;
pub mod credential_delegate;
pub mod credential_finding;
pub mod delegate;
pub mod delegation;
pub mod delegation_head;
pub mod delegation_reminder;
pub mod door_key;
pub mod follow;
pub mod import;
pub mod invitation;
pub mod invitation_mail;
pub mod invitation_reply;
pub mod mark;
pub mod participant_edition;
pub mod participant_entry;
pub mod quorum_snapshot;
pub mod registration;
pub mod session_duty;
pub mod speaker;
pub mod speakers_list;
pub mod waiting_delegate;
