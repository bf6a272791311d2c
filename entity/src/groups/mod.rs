//! Tables of groups.

pub mod group;
pub mod membership;
pub mod role;
