//! Reads, draws, finds and proposes: PDF pages without a browser, a clock or a network.
