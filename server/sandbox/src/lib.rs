//! A provider to develop and test against: own HTTP service, own CA, phone page.
