//! Administrative units: built in or from a file, all errors at once.

use anyhow::{Context as _, Result, bail};
use contract::unit::Units;
use std::path::Path;

/// The built-in units: the country's provinces, and an invented one with communes.
const BUILT_IN: &str = include_str!("../data/units.toml");

/// Reads a file, or the built-in units.
///
/// # Errors
/// When the file cannot be read, or everything that is wrong in it.
pub fn open(file: Option<&Path>) -> Result<Units> {
    let (name, text) = match file {
        None => ("units.toml".to_owned(), BUILT_IN.to_owned()),
        Some(file) => {
            let name = file.display().to_string();
            let text = std::fs::read_to_string(file).with_context(|| name.clone())?;
            (name, text)
        }
    };
    let units: Units = toml::from_str(&text).with_context(|| name.clone())?;
    let wrong: Vec<String> = units
        .faults()
        .iter()
        .map(|fault| format!("{name}: {fault}"))
        .collect();
    if !wrong.is_empty() {
        bail!("units:\n{}", wrong.join("\n"));
    }
    Ok(units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_units_are_34_provinces_and_an_invented_one_with_communes() {
        let units = open(None).expect("sound");
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
        assert_eq!(open(Some(&file)).expect("sound").written("X"), "X, H, T");
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
