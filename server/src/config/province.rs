//! `[province]` of the settings file: what the province calls its portal, and its logo.

mod png;
mod svg;

use serde::Deserialize;
use std::path::{Path, PathBuf};

/// What the portal is called where nobody says otherwise; the page's files have the same words (`public/index.html`).
pub const NAME: &str = "Cổng dịch vụ công tỉnh Thử Nghiệm";
/// The same for English readers (`app/text/en/shell.json`).
pub const NAME_EN: &str = "Public services of Thử Nghiệm province";
/// Longest name: it stands in one line of the header.
const NAME_MAX: usize = 100;
/// Longest name below an icon of an installed app.
const SHORT_NAME_MAX: usize = 24;
/// Largest logo: every page shows it.
const LOGO_BYTES_MAX: u64 = 256 * 1024;

/// `[province]`.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProvinceSettings {
    /// Name of the portal [default: Cổng dịch vụ công tỉnh Thử Nghiệm].
    pub name: Option<String>,
    /// The same for English readers [default: `name`].
    pub name_en: Option<String>,
    /// What stands below the icon of the installed app [default: Hồ Sơ Ký Số].
    pub short_name: Option<String>,
    /// Picture in place of the built-in one: a square PNG of 192 to 1024 pixels, or an SVG without scripts, styles from elsewhere and
    /// anything that is fetched; at most 256 KB.
    pub logo: Option<PathBuf>,
}

/// The same, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Province {
    /// Name of the portal.
    pub name: String,
    /// The same for English readers.
    pub name_en: String,
    /// What stands below the icon of the installed app, where it is another than the built-in one.
    pub short_name: Option<String>,
    /// The picture, where it is another than the built-in one.
    pub logo: Option<Logo>,
}

/// A picture that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Logo {
    /// Text.
    Svg(String),
    /// Bytes, and how many pixels it is wide and high.
    Png(Vec<u8>, u32),
}

impl Default for Province {
    fn default() -> Self {
        Self {
            name: NAME.to_owned(),
            name_en: NAME_EN.to_owned(),
            short_name: None,
            logo: None,
        }
    }
}

impl Province {
    /// Whether the portal is called otherwise than the page's files have it.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.name != NAME || self.name_en != NAME_EN
    }
}

impl ProvinceSettings {
    /// Fills in defaults, reads the logo and tells what is wrong.
    pub(super) fn check(self, wrong: &mut Vec<String>) -> Province {
        let mut named = |key: &str, name: Option<String>, most: usize| {
            let name = name.map(|name| name.trim().to_owned())?;
            let letters = name.chars().count();
            if letters == 0 || letters > most || name.chars().any(char::is_control) {
                wrong.push(format!(
                    "province.{key}: 1 to {most} letters in one line are wanted"
                ));
            }
            Some(name)
        };
        let name = named("name", self.name, NAME_MAX);
        let name_en = named("name_en", self.name_en, NAME_MAX);
        let short_name = named("short_name", self.short_name, SHORT_NAME_MAX);
        if name.is_none() && name_en.is_some() {
            wrong.push("province.name: is missing; `name_en` is its English".into());
        }
        let logo = self.logo.and_then(|path| match Logo::read(&path) {
            Ok(logo) => Some(logo),
            Err(error) => {
                wrong.push(format!("province.logo: {}: {error}", path.display()));
                None
            }
        });
        let usual = Province::default();
        Province {
            name_en: name_en.or_else(|| name.clone()).unwrap_or(usual.name_en),
            name: name.unwrap_or(usual.name),
            short_name,
            logo,
        }
    }
}

impl Logo {
    fn read(path: &Path) -> Result<Self, String> {
        let known = std::fs::metadata(path).map_err(|error| error.to_string())?;
        if !known.is_file() {
            return Err("is no file".into());
        }
        if known.len() > LOGO_BYTES_MAX {
            return Err(format!("is larger than {} KB", LOGO_BYTES_MAX / 1024));
        }
        let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
        if png::begins(&bytes) {
            let pixels = png::check(&bytes)?;
            return Ok(Self::Png(bytes, pixels));
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| "is neither a PNG nor an SVG in UTF-8".to_owned())?;
        svg::check(&text)?;
        Ok(Self::Svg(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<Province, Vec<String>> {
        let settings: ProvinceSettings = toml::from_str(text).expect("settings");
        let mut wrong = Vec::new();
        let province = settings.check(&mut wrong);
        if wrong.is_empty() {
            Ok(province)
        } else {
            Err(wrong)
        }
    }

    #[test]
    fn what_is_built_in_is_what_the_page_says() {
        let page = include_str!("../../../public/index.html");
        assert!(page.contains(&format!("<small>{{{{={NAME}}}}}</small>")));
        let english = include_str!("../../../app/text/en/shell.json");
        assert!(english.contains(&format!("\"{NAME}\": \"{NAME_EN}\"")));
        let usual = check("").expect("nothing needed");
        assert_eq!(usual, Province::default());
        assert!(!usual.is_named());
    }

    #[test]
    fn a_province_needs_its_name_alone() {
        let province = check("name = ' Cổng dịch vụ công tỉnh A '").expect("taken");
        assert_eq!(province.name, "Cổng dịch vụ công tỉnh A");
        assert_eq!(province.name_en, province.name);
        assert!(province.is_named() && province.short_name.is_none());
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let long = "x".repeat(101);
        let wrong = check(&format!(
            "name = ''\nname_en = '{long}'\nshort_name = \"a\\nb\"\nlogo = '/khong/co.svg'"
        ));
        let wrong = wrong.expect_err("refused");
        assert_eq!(wrong.len(), 4, "{wrong:?}");
        assert!(wrong[3].starts_with("province.logo: /khong/co.svg: "));
        assert_eq!(check("name_en = 'A'").expect_err("no name").len(), 1);
    }

    #[test]
    fn a_logo_is_what_its_bytes_say_and_not_what_its_name_does() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("logo.png");
        let read = |bytes: &[u8]| {
            std::fs::write(&path, bytes).expect("written");
            Logo::read(&path)
        };
        let own = include_bytes!("../../../public/icon.svg");
        assert!(matches!(read(own), Ok(Logo::Svg(_))));
        let own = include_bytes!("../../../public/icon-512.png");
        assert!(matches!(read(own), Ok(Logo::Png(_, 512))));
        for (bytes, says) in [
            (b"GIF89a".as_slice(), "is no SVG"),
            (b"\xff\xd8\xff\xe0", "neither"),
            (b"", "is no SVG"),
            (&[b' '; 256 * 1024 + 1], "larger"),
        ] {
            let error = read(bytes).expect_err("refused");
            assert!(error.contains(says), "{error}");
        }
        assert!(Logo::read(folder.path()).is_err());
    }
}
