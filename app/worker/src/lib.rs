//! The engine in a Web Worker: answers the page with the document and signature crates.
