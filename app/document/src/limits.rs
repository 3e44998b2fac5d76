//! How much is ever opened, drawn or read.

/// Largest file, in bytes.
pub const BYTES_MAX: usize = 256 * 1024 * 1024;
/// Most pages.
pub const PAGES_MAX: usize = 20_000;
/// Most pixels of one picture: one such page costs 64 MB of memory that wasm never gives back.
pub const PIXELS_MAX: f64 = 16_000_000.0;
/// Longest side of a picture, in pixels: the renderer counts in 16 bits.
pub(crate) const SIDE_MAX: f64 = 32_000.0;
/// Most letters that are read from one page.
pub(crate) const LETTERS_MAX: usize = 500_000;
/// Most places a search returns.
pub(crate) const HITS_MAX: usize = 5_000;
/// Longest query, in folded letters.
pub(crate) const QUERY_MAX: usize = 1_000;
/// Most bytes of the lines that are kept of a document's pages.
pub(crate) const LINES_MAX: usize = 24 * 1024 * 1024;
/// Most bytes of the folded texts that are kept of a document's pages.
pub(crate) const FOLDED_MAX: usize = 48 * 1024 * 1024;
/// Most lines, frames and pictures of a page that a proposed box keeps off.
pub(crate) const OBSTACLES_MAX: usize = 20_000;
/// Most places that are proposed.
pub(crate) const PLACES_MAX: usize = 20;
/// Pages at the end, and then at the beginning, that are looked at for a place to sign.
pub(crate) const PAGES_LAST: u32 = 300;
pub(crate) const PAGES_FIRST: u32 = 100;
/// Pages before one with a place to sign that are looked at for another.
pub(crate) const PAGES_BEFORE: u32 = 20;
/// Most nodes of one tree (names, form fields) that are looked at.
pub(crate) const NODES_MAX: usize = 100_000;
/// Deepest tree of names or form fields.
pub(crate) const TREE_DEPTH_MAX: usize = 32;
/// Most entries of the outline.
pub(crate) const OUTLINE_MAX: usize = 5_000;
/// Deepest level of the outline.
pub(crate) const OUTLINE_DEPTH_MAX: u8 = 31;
/// Most annotations of one page.
pub(crate) const ANNOTATIONS_MAX: usize = 5_000;
/// Most steps of the paths that annotations without an appearance are drawn with.
pub(crate) const MARK_STEPS_MAX: usize = 200_000;
/// Most pixels that such paths cover, counted as often as they are covered: so many took 0.75 s.
pub(crate) const MARK_AREA_MAX: f64 = 2e9;
/// Longest address of a link, in bytes.
pub(crate) const ADDRESS_MAX: usize = 4_096;
/// Most form fields.
pub(crate) const FIELDS_MAX: usize = 10_000;
/// Most attached files.
pub(crate) const ATTACHMENTS_MAX: usize = 1_000;
/// Largest attached file once unpacked, in bytes.
pub const ATTACHMENT_MAX: usize = 128 * 1024 * 1024;
/// Most work of one page, in estimated nanoseconds on a desktop computer ([`crate::work`]).
pub(crate) const WORK_MAX: u64 = 4_000_000_000;
/// Deepest nesting of forms, patterns and masks that is added up; the renderer itself stops there.
pub(crate) const WORK_DEPTH_MAX: usize = 50;
/// Most bytes a content stream or a font unpacks to.
pub(crate) const CONTENT_MAX: usize = 64 * 1024 * 1024;
/// Most bytes a stream of objects unpacks to.
pub(crate) const OBJECTS_MAX: usize = 64 * 1024 * 1024;
/// Most pixels of a picture in the file: A3 at 800 dots per inch.
pub(crate) const IMAGE_PIXELS_MAX: u64 = 120_000_000;
/// Most bytes of masks that are kept while a page is drawn.
pub(crate) const MASKS_MAX: f64 = 256e6;
/// Most bytes a mesh of colours unpacks to: each may stand for a patch, which takes 300.
pub(crate) const MESH_MAX: usize = 2 * 1024 * 1024;
/// Most triangles that a mesh is cut into: each takes 230 bytes while it is painted.
pub(crate) const TRIANGLES_MAX: usize = 2_000_000;
/// Most pixels below a mesh, on the page and beside it: each takes 60 bytes while it is painted.
pub(crate) const SAMPLES_MAX: f64 = 16e6;
