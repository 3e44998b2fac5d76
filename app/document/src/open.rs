//! Opening a file, and the boxes of its pages.

use crate::catalog::{Catalog, PageNumbers, page_numbers};
use crate::fonts::Resources;
use crate::limits::{BYTES_MAX, OBJECTS_MAX, PAGES_MAX};
use crate::owner;
use crate::text::Texts;
use crate::unpack::objects_unpack_within;
use crate::work::{Sums, Work};
use contract::geometry::{PageGeometry, Rect, Rotation};
use hayro::RenderCache;
use hayro_interpret::{InterpreterCache, InterpreterSettings};
use hayro_syntax::page::{Page, Rotation as PageRotation};
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use self_cell::self_cell;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// Why a file could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Neither its beginning nor its end is that of a PDF.
    #[error("not a PDF")]
    NotPdf,
    /// It is a PDF, but nothing of it can be read.
    #[error("the PDF is damaged")]
    Damaged,
    /// It wants a password, or another one.
    #[error("a password is required")]
    PasswordRequired,
    /// It is encrypted in a way that is not supported.
    #[error("unsupported encryption")]
    UnsupportedEncryption,
    /// It has more bytes or pages than the limits allow, or its objects unpack to more.
    #[error("too large")]
    TooLarge,
}

/// Why a page could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// There is no such page.
    #[error("no such page")]
    Missing,
    /// It cannot be drawn at this scale.
    #[error("the page cannot be drawn")]
    Undrawable,
    /// It asks for more work or memory than the limits allow: drawing or reading it could take minutes or end the program.
    #[error("the page is too complex")]
    TooComplex,
}

pub(crate) struct Caches<'a> {
    pub(crate) render: RenderCache<'a>,
    pub(crate) interpreter: InterpreterCache<'a>,
    /// Settings that find the fonts and CMaps of the document's [`Resources`].
    pub(crate) settings: InterpreterSettings,
    numbers: OnceCell<PageNumbers>,
    sums: Rc<Sums>,
    /// How many pages were looked at with these caches.
    looked: Cell<u32>,
    /// How much had come of [`Resources`] when they were made.
    came: u32,
}

impl Caches<'_> {
    fn new(resources: &Resources, sums: Rc<Sums>) -> Self {
        Self {
            render: RenderCache::new(),
            interpreter: InterpreterCache::new(),
            settings: resources.settings(),
            numbers: OnceCell::new(),
            sums,
            looked: Cell::new(0),
            came: resources.came(),
        }
    }
}

const PASSWORD_REQUIRED: LoadPdfError =
    LoadPdfError::Decryption(DecryptionError::PasswordProtected);

/// So many pages may leave glyphs and fonts in the caches; then they are made anew, for they cannot be cleared.
const LOOKED_MAX: u32 = 300;

type Renewable<'a> = RefCell<Caches<'a>>;

self_cell!(
    struct Opened {
        owner: Pdf,
        #[not_covariant]
        dependent: Renewable,
    }
);

/// An open PDF.
pub struct Document {
    opened: Opened,
    pages: u32,
    resources: Resources,
    /// Texts that were read; they outlive the caches.
    pub(crate) texts: Texts,
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}

impl Document {
    /// Opens a file with the fonts that are built in, if any; whoever needs its bytes too shares them.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(bytes: impl Into<Arc<Vec<u8>>>, password: Option<&str>) -> Result<Self, OpenError> {
        Self::open_with(bytes, password, &Resources::default())
    }

    /// Opens a file with these fonts and CMaps beside its own.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open_with(
        bytes: impl Into<Arc<Vec<u8>>>,
        password: Option<&str>,
        resources: &Resources,
    ) -> Result<Self, OpenError> {
        let bytes = bytes.into();
        if bytes.len() > BYTES_MAX {
            return Err(OpenError::TooLarge);
        }
        let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
        if !head.windows(5).any(|window| window == b"%PDF-") && !ends_like_pdf(&bytes) {
            return Err(OpenError::NotPdf);
        }
        if !objects_unpack_within(&bytes, OBJECTS_MAX) {
            return Err(OpenError::TooLarge);
        }
        let opened = match password {
            Some(password) => Pdf::new_with_password(bytes.clone(), password).or_else(|error| {
                // It may be the owner's.
                match owner::user_password(&bytes, password) {
                    Some(user) if error == PASSWORD_REQUIRED => {
                        Pdf::new_with_password(bytes, &user)
                    }
                    _ => Err(error),
                }
            }),
            None => Pdf::new(bytes),
        };
        let pdf = opened.map_err(|error| match error {
            PASSWORD_REQUIRED => OpenError::PasswordRequired,
            LoadPdfError::Decryption(_) => OpenError::UnsupportedEncryption,
            LoadPdfError::Invalid => OpenError::Damaged,
        })?;
        let count = pdf.pages().len();
        if count == 0 {
            return Err(OpenError::Damaged);
        }
        if count > PAGES_MAX {
            return Err(OpenError::TooLarge);
        }
        let pages = u32::try_from(count).map_err(|_| OpenError::TooLarge)?;
        Ok(Self {
            opened: Opened::new(pdf, |_| {
                RefCell::new(Caches::new(resources, Rc::new(Sums::default())))
            }),
            pages,
            resources: resources.clone(),
            texts: Texts::default(),
        })
    }

    /// Number of pages.
    #[must_use]
    pub const fn page_count(&self) -> u32 {
        self.pages
    }

    /// Boxes of a page.
    ///
    /// # Errors
    /// [`PageError::Missing`].
    pub fn geometry(&self, page: u32) -> Result<PageGeometry, PageError> {
        self.with_pdf(|pdf, _| Ok(geometry(page_at(pdf, page)?)))
    }

    /// How much has come of the document's [`Resources`]: what was read before may read better now.
    pub(crate) fn came(&self) -> u32 {
        self.resources.came()
    }

    /// Looks at the file.
    pub(crate) fn with_pdf<T>(&self, look: impl for<'a> FnOnce(&'a Pdf, &Caches<'a>) -> T) -> T {
        self.opened.with_dependent(|pdf, caches| {
            self.renew(caches);
            look(pdf, &caches.borrow())
        })
    }

    /// Makes the caches anew when they hold much, or hold what was drawn without a font that came since.
    fn renew(&self, caches: &Renewable<'_>) {
        // While somebody looks they stay as they are.
        if let Ok(mut caches) = caches.try_borrow_mut()
            && (caches.looked.get() >= LOOKED_MAX || caches.came != self.resources.came())
        {
            let sums = caches.sums.clone();
            *caches = Caches::new(&self.resources, sums);
        }
    }

    /// Looks at the catalog.
    pub(crate) fn with_catalog<T>(&self, look: impl for<'a> FnOnce(&Catalog<'a>) -> T) -> T {
        self.with_pdf(|pdf, caches| {
            let numbers = caches.numbers.get_or_init(|| page_numbers(pdf));
            look(&Catalog::new(pdf, numbers))
        })
    }

    /// Looks at the content of one page, when it is not too much to look at.
    pub(crate) fn with_page<T>(
        &self,
        page: u32,
        look: impl for<'a> FnOnce(&'a Page<'a>, &Caches<'a>) -> T,
    ) -> Result<T, PageError> {
        self.with_work(page, |page, caches, _| look(page, caches))
    }

    /// The same, told how much work the page is.
    pub(crate) fn with_work<T>(
        &self,
        page: u32,
        look: impl for<'a> FnOnce(&'a Page<'a>, &Caches<'a>, Work) -> T,
    ) -> Result<T, PageError> {
        self.with_pdf(|pdf, caches| {
            let found = page_at(pdf, page)?;
            let work = caches.sums.page(page, found)?;
            caches.looked.set(caches.looked.get().saturating_add(1));
            Ok(look(found, caches, work))
        })
    }
}

/// A file whose header is damaged may still end as a PDF does (ISO 32000-2, 7.5.5).
fn ends_like_pdf(bytes: &[u8]) -> bool {
    let tail = bytes
        .get(bytes.len().saturating_sub(1024)..)
        .unwrap_or_default();
    let has = |mark: &[u8]| tail.windows(mark.len()).any(|window| window == mark);
    has(b"startxref") && has(b"%%EOF")
}

/// One page of a file.
fn page_at(pdf: &Pdf, page: u32) -> Result<&Page<'_>, PageError> {
    let index = usize::try_from(page).map_err(|_| PageError::Missing)?;
    pdf.pages().get(index).ok_or(PageError::Missing)
}

/// Farthest corner of a page, in user units; numbers beyond are no page's. ISO 32000-2, annex C, knows of 14,400.
const BOX_MAX: f64 = 1e7;
/// What a page without a usable box counts as.
const A4: Rect = Rect {
    x: 0.0,
    y: 0.0,
    width: 595.0,
    height: 842.0,
};

/// Boxes of a page, the same ones that are drawn. A page whose boxes are beyond measure counts as A4 and is not drawn.
pub(crate) fn geometry(page: &Page<'_>) -> PageGeometry {
    let crop = page.intersected_crop_box();
    let (width, height) = page.base_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let sane = [crop.x0, crop.y0, width, height]
        .iter()
        .all(|number| number.abs() <= BOX_MAX);
    PageGeometry {
        crop_box: if sane {
            Rect {
                x: crop.x0,
                y: crop.y0,
                width,
                height,
            }
        } else {
            A4
        },
        rotation: match page.rotation() {
            PageRotation::None => Rotation::Upright,
            PageRotation::Horizontal => Rotation::Quarter,
            PageRotation::Flipped => Rotation::Half,
            PageRotation::FlippedHorizontal => Rotation::ThreeQuarter,
        },
        user_unit: user_unit(page),
    }
}

/// `/UserUnit` (ISO 32000-2, table 31), 1 when it is absent or nonsense.
pub(crate) fn user_unit(page: &Page<'_>) -> f64 {
    let unit = page
        .raw()
        .get::<f32>(b"UserUnit".as_ref())
        .map_or(1.0, f64::from);
    if unit.is_finite() && (0.01..=75_000.0).contains(&unit) {
        unit
    } else {
        1.0
    }
}
