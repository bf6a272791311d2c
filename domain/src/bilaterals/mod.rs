//! Bilateral meetings: delegations ask one another to meet, and a timetable is made of what they agreed.

pub mod scheduler;
