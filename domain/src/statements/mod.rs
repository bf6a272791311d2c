//! Statements: negotiated texts, their clauses, their first draft and their states.
