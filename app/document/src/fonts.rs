//! Fonts and CMaps a file may need without having them: the 14 standard fonts (ISO 32000-2, 9.6.2.2), faces that stand in for others, and
//! the predefined CMaps (9.7.5.2). They are 0.5 MB that most files never ask for, so the engine of the browser is built without them.
//!
//! How the worker does without:
//!
//! 1. It is built with `document`'s feature `builtin-fonts` off, keeps one [`Resources`] for all documents and opens them with
//!    [`crate::Document::open_with`].
//! 2. After a page was drawn, read or searched it calls [`Resources::take_missing`]. The names are those of files beside the engine,
//!    such as `font-Helvetica` or `cmap-UniJIS-UCS2-H`.
//! 3. It fetches each (`pkg/<release>/pack/NAME`), hands the bytes to [`Resources::provide`], and draws or reads the page again. Documents notice by
//!    themselves that something came and forget what they drew without it. What is not there either is provided as no bytes, so
//!    that it is not asked for again.
//!
//! The files come from `cargo run -p document --example packs -- FOLDER`, which writes what [`crate::builtin_packs`] gives. Tests, examples and
//! servers use the feature and have everything at once.
//!
//! Times New Roman, which Vietnamese offices write in and Word does not always embed, is shown in Tinos, and Arial in Arimo: they
//! have its widths and every Vietnamese letter, which the Foxit fonts in hayro have not.

use hayro_interpret::InterpreterSettings;
use hayro_interpret::font::{FontData, FontQuery, StandardFont};
use hayro_interpret::hayro_cmap::CMapName;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Fonts and CMaps, shared by all documents that were opened with it.
#[derive(Clone, Default)]
pub struct Resources(Arc<Shared>);

#[derive(Default)]
struct Shared {
    held: Mutex<BTreeMap<String, &'static [u8]>>,
    missing: Mutex<BTreeSet<String>>,
    came: AtomicU32,
    bare: bool,
}

impl std::fmt::Debug for Resources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resources")
            .field("held", &self.lock(&self.0.held).keys())
            .finish_non_exhaustive()
    }
}

impl Resources {
    /// Without what is built in: as in the browser.
    #[must_use]
    pub fn bare() -> Self {
        Self(Arc::new(Shared {
            bare: true,
            ..Shared::default()
        }))
    }

    /// Takes in a file that was missing; empty when it does not exist. It is kept until the program ends.
    pub fn provide(&self, name: &str, bytes: Vec<u8>) {
        let mut held = self.lock(&self.0.held);
        // hayro wants CMaps for ever; each is taken in once, and there are 80 names.
        if !held.contains_key(name) && held.len() < HELD_MAX {
            held.insert(name.to_owned(), bytes.leak());
            self.0.came.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Names of the files that were needed and not there since this was last asked.
    #[must_use]
    pub fn take_missing(&self) -> Vec<String> {
        std::mem::take(&mut *self.lock(&self.0.missing))
            .into_iter()
            .collect()
    }

    /// Grows with every file that is provided.
    pub(crate) fn came(&self) -> u32 {
        self.0.came.load(Ordering::Relaxed)
    }

    /// Settings that look here.
    pub(crate) fn settings(&self) -> InterpreterSettings {
        let (fonts, cmaps) = (self.clone(), self.clone());
        InterpreterSettings {
            font_resolver: Arc::new(move |query| Some((fonts.font(query)?, 0))),
            cmap_resolver: Arc::new(move |name| cmaps.cmap(name)),
            ..InterpreterSettings::default()
        }
    }

    fn font(&self, query: &FontQuery) -> Option<FontData> {
        let wanted = match query {
            FontQuery::Standard(font) => *font,
            FontQuery::Fallback(query) => query.pick_standard_font(),
        };
        let name = file_of(wanted);
        let found = self.find(&name, || builtin::font(wanted))?;
        Some(Arc::new(found))
    }

    fn cmap(&self, name: CMapName<'_>) -> Option<&'static [u8]> {
        // The two that everybody uses need no table.
        if matches!(
            name,
            CMapName::IdentityH | CMapName::IdentityV | CMapName::Custom(_)
        ) {
            return None;
        }
        let file = format!("cmap-{}", String::from_utf8_lossy(name.to_bytes()));
        self.find(&file, || builtin::cmap(name))
    }

    fn find(
        &self,
        name: &str,
        builtin: impl FnOnce() -> Option<&'static [u8]>,
    ) -> Option<&'static [u8]> {
        let held = self.lock(&self.0.held).get(name).copied();
        let builtin = || if self.0.bare { None } else { builtin() };
        match held.or_else(builtin) {
            Some([]) => None,
            Some(bytes) => Some(bytes),
            None => {
                self.lock(&self.0.missing).insert(name.to_owned());
                None
            }
        }
    }

    #[allow(clippy::unused_self)]
    fn lock<'a, T>(&self, mutex: &'a Mutex<T>) -> std::sync::MutexGuard<'a, T> {
        // Nothing that holds a lock panics.
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Most files that are taken in: more than there are names.
const HELD_MAX: usize = 200;

/// All standard fonts.
#[cfg(feature = "builtin-fonts")]
const FONTS: [StandardFont; 14] = [
    StandardFont::Helvetica,
    StandardFont::HelveticaBold,
    StandardFont::HelveticaOblique,
    StandardFont::HelveticaBoldOblique,
    StandardFont::Courier,
    StandardFont::CourierBold,
    StandardFont::CourierOblique,
    StandardFont::CourierBoldOblique,
    StandardFont::TimesRoman,
    StandardFont::TimesBold,
    StandardFont::TimesItalic,
    StandardFont::TimesBoldItalic,
    StandardFont::ZapfDingBats,
    StandardFont::Symbol,
];

/// The file of a font.
fn file_of(font: StandardFont) -> String {
    format!("font-{}", font.postscript_name())
}

/// Every file the engine may ask for: its name and its bytes.
#[cfg(feature = "builtin-fonts")]
#[must_use]
pub fn builtin_packs() -> Vec<(String, Vec<u8>)> {
    let fonts = FONTS
        .into_iter()
        .filter_map(|font| Some((file_of(font), builtin::font(font)?.to_vec())));
    fonts.chain(crate::cmaps::texts()).collect()
}

#[cfg(feature = "builtin-fonts")]
mod builtin {
    use super::{CMapName, StandardFont};

    pub(super) fn font(font: StandardFont) -> Option<&'static [u8]> {
        use std::collections::BTreeMap;
        use std::sync::{Mutex, PoisonError};
        static COPIED: Mutex<BTreeMap<&str, &'static [u8]>> = Mutex::new(BTreeMap::new());
        match font {
            StandardFont::TimesRoman => Some(include_bytes!("../assets/Tinos-Regular.ttf")),
            StandardFont::TimesBold => Some(include_bytes!("../assets/Tinos-Bold.ttf")),
            StandardFont::TimesItalic => Some(include_bytes!("../assets/Tinos-Italic.ttf")),
            StandardFont::TimesBoldItalic => Some(include_bytes!("../assets/Tinos-BoldItalic.ttf")),
            StandardFont::Helvetica => Some(include_bytes!("../assets/Arimo-Regular.ttf")),
            StandardFont::HelveticaBold => Some(include_bytes!("../assets/Arimo-Bold.ttf")),
            StandardFont::HelveticaOblique => Some(include_bytes!("../assets/Arimo-Italic.ttf")),
            StandardFont::HelveticaBoldOblique => {
                Some(include_bytes!("../assets/Arimo-BoldItalic.ttf"))
            }
            other => {
                let mut copied = COPIED.lock().unwrap_or_else(PoisonError::into_inner);
                Some(
                    copied.entry(other.postscript_name()).or_insert_with(|| {
                        other.get_font_data().0.as_ref().as_ref().to_vec().leak()
                    }),
                )
            }
        }
    }

    pub(super) fn cmap(name: CMapName<'_>) -> Option<&'static [u8]> {
        hayro_interpret::hayro_cmap::load_embedded(name)
    }
}

#[cfg(not(feature = "builtin-fonts"))]
mod builtin {
    use super::{CMapName, StandardFont};

    pub(super) const fn font(_: StandardFont) -> Option<&'static [u8]> {
        None
    }

    pub(super) const fn cmap(_: CMapName<'_>) -> Option<&'static [u8]> {
        None
    }
}
