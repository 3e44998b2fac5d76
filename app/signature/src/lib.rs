//! PAdES signatures: revisions, incremental update, appearance, CMS, X.509, validation; no browser, no clock, no network.
