//! Tables of groups.

pub mod group;
pub mod membership;
pub mod role;
pub mod seal;
pub mod seal_admission;
