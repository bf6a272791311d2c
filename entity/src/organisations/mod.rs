//! Tables of organisations.

pub mod external_id;
pub mod organisation;
