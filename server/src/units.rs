//! Administrative units: built in or from a file, all errors at once.

use crate::data::{Fault, parse};
use anyhow::{Context as _, Result, bail};
use contract::unit::{UnitFault, Units};
use std::path::Path;

/// The built-in units: the country's provinces, and an invented one with communes.
const BUILT_IN: &str = include_str!("../data/units.toml");

/// The text of a file, or of the built-in units, with its name.
fn text(file: Option<&Path>) -> Result<(String, String)> {
    match file {
        None => Ok(("units.toml".to_owned(), BUILT_IN.to_owned())),
        Some(file) => {
            let name = file.display().to_string();
            let text = std::fs::read_to_string(file).with_context(|| name.clone())?;
            Ok((name, text))
        }
    }
}

/// Reads a text.
///
/// # Errors
/// Everything that is wrong in it.
pub fn read(text: &str) -> Result<Units, Vec<Fault>> {
    let units: Units = parse(text).map_err(|fault| vec![fault])?;
    let wrong: Vec<Fault> = units
        .faults()
        .iter()
        .map(|fault| {
            let at = match fault {
                UnitFault::Levels => "levels".to_owned(),
                UnitFault::Twice(code)
                | UnitFault::Nameless(code)
                | UnitFault::Lost(code, _)
                | UnitFault::TooDeep(code) => format!("\"{code}\""),
                UnitFault::Home(_) => "home".to_owned(),
            };
            Fault::at(text, &at, fault.to_string())
        })
        .collect();
    if wrong.is_empty() {
        Ok(units)
    } else {
        Err(wrong)
    }
}

/// Reads a file, or the built-in units; the units and their text.
///
/// # Errors
/// When the file cannot be read, or everything that is wrong in it.
pub fn open(file: Option<&Path>) -> Result<(Units, String)> {
    let (name, text) = text(file)?;
    match read(&text) {
        Ok(units) => Ok((units, text)),
        Err(wrong) => {
            let told: Vec<String> = wrong
                .iter()
                .map(|fault| format!("{name}:{fault}"))
                .collect();
            bail!("units:\n{}", told.join("\n"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_units_are_34_provinces_and_an_invented_one_with_communes() {
        let (units, _) = open(None).expect("sound");
        assert_eq!(units.within(None).count(), 35);
        assert_eq!(units.levels.len(), 2);
        assert_eq!(units.within(Some(&units.home)).count(), 20);
        assert_eq!(units.written("99001"), "Phường Trung Tâm, Tỉnh Thử Nghiệm");
        // Elsewhere people type the name of their commune.
        assert_eq!(units.within(Some("01")).count(), 0);
    }

    #[test]
    fn a_province_keeps_its_own_file_with_three_levels_and_is_told_all_that_is_wrong() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("units.toml");
        let three = "levels = ['Tỉnh', 'Huyện', 'Xã']\nhome = 'T'\nunits = [{code='T', name='T'}, {code='H', name='H', parent='T'}, {code='X', name='X', parent='H'}]";
        std::fs::write(&file, three).expect("written");
        assert_eq!(open(Some(&file)).expect("sound").0.written("X"), "X, H, T");
        std::fs::write(
            &file,
            three
                .replace("parent='H'", "parent='Q'")
                .replace("home = 'T'", "home = 'H'"),
        )
        .expect("written");
        let told = open(Some(&file)).expect_err("refused").to_string();
        assert!(
            told.contains("X lies in Q") && told.contains("home H"),
            "{told}"
        );
    }
}
