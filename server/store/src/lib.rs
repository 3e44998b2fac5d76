//! The only crate with SQL and the object store: one SQL text for SQLite and PostgreSQL.
