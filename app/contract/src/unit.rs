//! Administrative units (đơn vị hành chính) as data: two levels since July 2025, three before it and in the guidance.
//!
//! `GET /api/units` gives [`Units`].

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most levels a country is cut into.
pub const LEVELS_MAX: usize = 3;

/// The units a portal knows, and what their levels are called.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Units {
    /// Names of the levels from the top, e.g. `Tỉnh, thành phố` and `Xã, phường, đặc khu`: one select each.
    pub levels: Vec<String>,
    /// Code of the unit of the first level whose portal this is.
    pub home: String,
    /// `Chọn cơ quan thực hiện`: kinds of agencies from the top.
    #[serde(default)]
    pub agencies: Vec<AgencyKind>,
    /// All units; those of one parent in the order in which they are shown.
    pub units: Vec<Unit>,
}

/// One unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Code, e.g. `01` or `00070`.
    pub code: String,
    /// Whole name with its kind, e.g. `Phường Hoàn Kiếm`.
    pub name: String,
    /// Code of the unit it lies in; none at the first level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

/// A kind of agencies, by how their names begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AgencyKind {
    /// Stands in addresses, e.g. `so`.
    pub code: String,
    /// As the filter shows it, e.g. `Sở, ban, ngành`.
    pub name: String,
    /// How the names of such agencies begin, e.g. `Sở`.
    pub begins: Vec<String>,
}

/// What is wrong with units.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitFault {
    /// There must be one to three levels, each with a name.
    #[error("there must be one to three levels, each with a name")]
    Levels,
    /// Two units, or two kinds of agencies, have this code.
    #[error("code {0} stands twice")]
    Twice(String),
    /// This unit has no name or no code.
    #[error("unit {0:?} has no name or no code")]
    Nameless(String),
    /// This unit lies in one that is not there.
    #[error("unit {0} lies in {1}, which is not there")]
    Lost(String, String),
    /// This unit lies deeper than there are levels, or in itself.
    #[error("unit {0} lies deeper than there are levels, or in itself")]
    TooDeep(String),
    /// The home is no unit of the first level.
    #[error("home {0} is no unit of the first level")]
    Home(String),
}

impl Units {
    /// One unit.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.code == code)
    }

    /// What lies directly in a unit, or with none the first level. Where nothing does, people type the name.
    pub fn within<'a>(&'a self, parent: Option<&'a str>) -> impl Iterator<Item = &'a Unit> {
        self.units
            .iter()
            .filter(move |unit| unit.parent.as_deref() == parent)
    }

    /// A unit and all it lies in, from the first level down; empty when it is not there.
    #[must_use]
    pub fn path(&self, code: &str) -> Vec<&Unit> {
        let mut path = Vec::new();
        let mut next = self.find(code);
        while let Some(unit) = next {
            path.push(unit);
            if path.len() > LEVELS_MAX {
                return Vec::new();
            }
            next = unit.parent.as_deref().and_then(|parent| self.find(parent));
        }
        path.reverse();
        path
    }

    /// The names of a unit and of all it lies in, the smallest first, as an address is written.
    #[must_use]
    pub fn written(&self, code: &str) -> String {
        let names: Vec<&str> = self
            .path(code)
            .iter()
            .rev()
            .map(|unit| unit.name.as_str())
            .collect();
        names.join(", ")
    }

    /// The kind of an agency: the first whose beginning fits.
    #[must_use]
    pub fn kind_of(&self, agency: &str) -> Option<&AgencyKind> {
        self.agencies
            .iter()
            .find(|kind| kind.begins.iter().any(|begin| agency.starts_with(begin)))
    }

    /// Everything that is wrong.
    #[must_use]
    pub fn faults(&self) -> Vec<UnitFault> {
        let mut faults = Vec::new();
        if !(1..=LEVELS_MAX).contains(&self.levels.len())
            || self.levels.iter().any(|name| name.trim().is_empty())
        {
            faults.push(UnitFault::Levels);
        }
        let mut parents: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for unit in &self.units {
            if unit.code.trim().is_empty() || unit.name.trim().is_empty() {
                faults.push(UnitFault::Nameless(unit.code.clone()));
            }
            if parents.insert(&unit.code, unit.parent.as_deref()).is_some() {
                faults.push(UnitFault::Twice(unit.code.clone()));
            }
        }
        for unit in &self.units {
            let (mut depth, mut parent) = (1, unit.parent.as_deref());
            while let Some(above) = parent {
                let Some(next) = parents.get(above) else {
                    if depth == 1 {
                        faults.push(UnitFault::Lost(unit.code.clone(), above.to_owned()));
                    }
                    break;
                };
                depth += 1;
                if depth > self.levels.len() {
                    faults.push(UnitFault::TooDeep(unit.code.clone()));
                    break;
                }
                parent = *next;
            }
        }
        if parents.get(self.home.as_str()) != Some(&None) {
            faults.push(UnitFault::Home(self.home.clone()));
        }
        for (index, kind) in self.agencies.iter().enumerate() {
            if self
                .agencies
                .iter()
                .take(index)
                .any(|other| other.code == kind.code)
            {
                faults.push(UnitFault::Twice(kind.code.clone()));
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unit(code: &str, parent: Option<&str>) -> Unit {
        Unit {
            code: code.into(),
            name: format!("Đơn vị {code}"),
            parent: parent.map(Into::into),
        }
    }

    fn units(levels: usize, list: &[(&str, Option<&str>)]) -> Units {
        Units {
            levels: (0..levels).map(|level| format!("Cấp {level}")).collect(),
            home: "1".into(),
            agencies: Vec::new(),
            units: list
                .iter()
                .map(|(code, parent)| unit(code, *parent))
                .collect(),
        }
    }

    #[test]
    fn an_address_is_written_from_the_smallest_unit_up_with_two_levels_and_with_three() {
        let two = units(2, &[("1", None), ("11", Some("1"))]);
        assert_eq!(two.faults(), []);
        assert_eq!(two.written("11"), "Đơn vị 11, Đơn vị 1");
        let three = units(3, &[("1", None), ("11", Some("1")), ("111", Some("11"))]);
        assert_eq!(three.faults(), []);
        assert_eq!(three.written("111"), "Đơn vị 111, Đơn vị 11, Đơn vị 1");
        assert_eq!(three.within(Some("11")).count(), 1);
        assert_eq!(three.within(None).count(), 1);
        assert_eq!(three.written("9"), "");
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let mut wrong = units(
            2,
            &[
                ("2", None),
                ("2", None),
                ("21", Some("2")),
                ("211", Some("21")),
                ("31", Some("3")),
                ("8", Some("8")),
            ],
        );
        wrong.agencies = vec![
            AgencyKind {
                code: "so".into(),
                name: "Sở".into(),
                begins: vec!["Sở".into()]
            };
            2
        ];
        assert_eq!(
            wrong.faults(),
            [
                UnitFault::Twice("2".into()),
                UnitFault::TooDeep("211".into()),
                UnitFault::Lost("31".into(), "3".into()),
                UnitFault::TooDeep("8".into()),
                UnitFault::Home("1".into()),
                UnitFault::Twice("so".into()),
            ]
        );
        assert_eq!(
            wrong.kind_of("Sở Xây dựng").map(|kind| &*kind.code),
            Some("so")
        );
        assert_eq!(wrong.kind_of("Công an"), None);
    }

    proptest! {
        #[test]
        fn nothing_written_by_hand_makes_it_panic_or_walk_in_circles(
            pairs in proptest::collection::vec(("[0-4]", proptest::option::of("[0-4]")), 0..12),
            levels in 0usize..5,
        ) {
            let list: Vec<_> = pairs.iter().map(|(code, parent)| (code.as_str(), parent.as_deref())).collect();
            let units = units(levels, &list);
            let sound = units.faults().is_empty();
            for (code, _) in &list {
                let path = units.path(code);
                prop_assert!(!sound || (!path.is_empty() && path.len() <= levels));
            }
        }
    }
}
