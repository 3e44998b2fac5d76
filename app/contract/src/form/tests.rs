use super::*;
use std::collections::BTreeMap;
