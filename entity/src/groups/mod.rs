//! Tables of groups.

pub mod conflict;
pub mod group;
pub mod membership;
pub mod role;
pub mod seal;
pub mod seal_admission;
