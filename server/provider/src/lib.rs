//! Remote signing providers: one trait, one file a protocol, provider entries as data.
