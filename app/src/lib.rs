//! What runs in the browser: the page.
