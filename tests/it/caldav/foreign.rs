//! Calendar programs of others, from discovery to a second look after something changed.
