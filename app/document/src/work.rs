//! How much work the content of a page is, told before it is drawn: an estimate in nanoseconds that no clock enters.
//!
//! A renderer cannot be stopped half-way, and a few bytes can ask for hours: forms that draw forms that draw forms, ten times each; a picture of
//! a thousand megapixels; a stream that unpacks to gigabytes. So the content streams are read first and what they ask for is added up.
//! A form or font is added up once a document and its sum used wherever it is drawn, so that even nested forms are read in a time that
//! grows with the size of the file only. What depends on areas ([`crate::area`]) is looked at only when this sum leaves room for harm.
//!
//! The weights were measured over the shared corpus: on pages that take 15 ms and more the estimate lies between a third and eight times
//! what drawing took, lower only where a constant effort prevails. Adding up took 2.4 % of the time of drawing.

mod image;

use crate::limits::{CONTENT_MAX, MESH_MAX, WORK_DEPTH_MAX, WORK_MAX};
use crate::open::PageError;
use crate::unpack::unpacks_within;
use hayro_syntax::content::UntypedIter;
use hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream};
use hayro_syntax::page::{Page, Resources};
use image::image_work;
use std::cell::RefCell;
use std::collections::HashMap;

/// Nanoseconds of every operator, and of those that draw.
const OPERATOR: u64 = 80;
const SEGMENT: u64 = 120;
const PAINT: u64 = 2_000;
const GLYPH: u64 = 400;
const OBJECT: u64 = 5_000;

/// What some content asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Work {
    /// Estimated nanoseconds, without what depends on areas.
    pub(crate) time: u64,
    /// How many times an area is painted plainly.
    pub(crate) paints: u64,
    /// How many times an area is painted dearly: groups, masks, patterns, shadings.
    pub(crate) layers: u64,
    /// Whether lines are dashed: a short dash on a long line makes any number of pieces.
    pub(crate) dashed: bool,
    /// Whether a mesh of colours is painted ([`crate::mesh`]): it may reach far beyond the page.
    pub(crate) meshed: bool,
    /// A single picture or stream that is refused whatever the rest is.
    pub(crate) refused: bool,
}

impl Work {
    const REFUSED: Self = Self {
        time: 0,
        paints: 0,
        layers: 0,
        dashed: false,
        meshed: false,
        refused: true,
    };

    fn add(&mut self, other: Self) {
        self.add_times(other, 1);
    }

    fn add_times(&mut self, other: Self, times: u64) {
        self.time = self.time.saturating_add(other.time.saturating_mul(times));
        self.paints = self
            .paints
            .saturating_add(other.paints.saturating_mul(times));
        self.layers = self
            .layers
            .saturating_add(other.layers.saturating_mul(times));
        self.dashed |= other.dashed;
        self.meshed |= other.meshed;
        self.refused |= other.refused;
    }

    fn spend(&mut self, time: u64) {
        self.time = self.time.saturating_add(time);
    }
}

/// Sums that are known already: of pages by number, of forms, patterns, masks and fonts by object.
#[derive(Default)]
pub(crate) struct Sums {
    pages: RefCell<HashMap<u32, Work>>,
    objects: RefCell<HashMap<ObjectIdentifier, Work>>,
}

impl Sums {
    /// The work of a page.
    ///
    /// # Errors
    /// [`PageError::TooComplex`] when it is more than allowed.
    pub(crate) fn page(&self, number: u32, page: &Page<'_>) -> Result<Work, PageError> {
        let known = self.pages.borrow().get(&number).copied();
        let work = known.unwrap_or_else(|| {
            let work = self.read_page(page);
            self.pages.borrow_mut().insert(number, work);
            work
        });
        if work.refused || work.time > WORK_MAX {
            Err(PageError::TooComplex)
        } else {
            Ok(work)
        }
    }

    fn read_page(&self, page: &Page<'_>) -> Work {
        if !contents_fit(page) {
            return Work::REFUSED;
        }
        let mut work = Work::default();
        if let Some(content) = page.page_stream() {
            work.add(self.content(content, page.resources(), 0));
        }
        let annotations = page.raw().get::<Array<'_>>(b"Annots");
        for annotation in annotations
            .iter()
            .flat_map(|annotations| annotations.iter::<Dict<'_>>())
        {
            work.spend(OBJECT);
            let appearance = annotation.get::<Dict<'_>>(b"AP").and_then(|looks| {
                match looks.get::<Object<'_>>(b"N")? {
                    Object::Stream(look) => Some(look),
                    // Which state is shown makes no great difference.
                    Object::Dict(states) => annotation
                        .get::<Name<'_>>(b"AS")
                        .and_then(|state| states.get::<Stream<'_>>(state)),
                    _ => None,
                }
            });
            if let Some(appearance) = appearance {
                work.add(self.form(&appearance, page.resources(), 1));
            }
            if work.refused || work.time > WORK_MAX {
                break;
            }
        }
        work
    }

    /// What a content stream asks for with these resources.
    fn content(&self, content: &[u8], resources: &Resources<'_>, depth: usize) -> Work {
        let mut work = Work::default();
        // Patterns and fonts that are set; saved and restored with the graphics state (ISO 32000-2, 8.4.2).
        let (mut set, mut saved) = (Set::default(), Vec::new());
        let mut named: HashMap<(u8, Vec<u8>), Work> = HashMap::new();
        let mut instructions = UntypedIter::new(content);
        while let Some(instruction) = instructions.next() {
            work.spend(OPERATOR);
            let name = || {
                instruction
                    .operands()
                    .last()
                    .and_then(|operand| match operand {
                        Object::Name(name) => Some(name),
                        _ => None,
                    })
            };
            // A page draws the same things again and again: names are looked up once.
            let mut look_up = |kind: u8, read: &dyn Fn(&Name<'_>) -> Work| {
                let Some(name) = name() else {
                    return Work::default();
                };
                let key = (kind, name.to_vec());
                if let Some(known) = named.get(&key) {
                    return *known;
                }
                let found = read(name);
                if named.len() < 10_000 {
                    named.insert(key, found);
                }
                found
            };
            let operator: &[u8] = instruction.operator;
            match operator {
                b"m" | b"l" | b"c" | b"v" | b"y" | b"h" => work.spend(SEGMENT),
                b"re" => work.spend(SEGMENT * 4),
                b"q" if saved.len() < 10_000 => saved.push(set),
                b"Q" => {
                    if let Some(before) = saved.pop() {
                        set = before;
                    }
                }
                b"f" | b"F" | b"f*" => work.add(set.paint(true, false)),
                b"S" | b"s" => work.add(set.paint(false, true)),
                b"B" | b"B*" | b"b" | b"b*" => work.add(set.paint(true, true)),
                b"W" | b"W*" => work.paints = work.paints.saturating_add(1),
                b"d" => {
                    let dashes = instruction.operands().next();
                    work.dashed |= matches!(dashes, Some(Object::Array(dashes)) if !dashes.data().trim_ascii().is_empty());
                }
                b"scn" => {
                    set.fill = look_up(b'p', &|name| {
                        self.pattern(resources.get_pattern(name), resources, depth)
                    });
                }
                b"SCN" => {
                    set.stroke = look_up(b'p', &|name| {
                        self.pattern(resources.get_pattern(name), resources, depth)
                    });
                }
                b"g" | b"rg" | b"k" | b"cs" | b"sc" => set.fill = Work::default(),
                b"G" | b"RG" | b"K" | b"CS" | b"SC" => set.stroke = Work::default(),
                b"gs" => work.add(look_up(b'g', &|name| {
                    self.graphics_state(resources.get_ext_g_state(name), resources, depth)
                })),
                b"Tf" => {
                    let font = instruction.operands().next();
                    if let Some(Object::Name(name)) = font {
                        let key = (b'f', name.to_vec());
                        set.glyph = *named.entry(key).or_insert_with(|| {
                            self.font(resources.get_font(name), resources, depth)
                        });
                        work.refused |= set.glyph.refused;
                    }
                }
                b"Tj" | b"'" | b"\"" | b"TJ" => {
                    let letters = instruction.operands().map(letters).sum();
                    let mut glyph = set.glyph;
                    glyph.spend(GLYPH);
                    work.add_times(glyph, letters);
                    work.add(set.fill);
                }
                b"Do" => {
                    let found = look_up(b'x', &|name| {
                        self.object(resources.get_x_object(name), resources, depth)
                    });
                    work.add(found);
                    work.add(set.fill);
                }
                b"sh" => {
                    work.add(look_up(b's', &|name| {
                        shading_work(resources.get_shading(name))
                    }));
                    work.layers = work.layers.saturating_add(1);
                }
                b"BI" => {
                    if let Some(Object::Stream(image)) = instruction.operands().last() {
                        work.add(image_work(image));
                    }
                }
                _ => {}
            }
            if work.refused || work.time > WORK_MAX {
                break;
            }
        }
        work
    }

    /// The sum of an object, read once. Inside itself it counts nothing: the renderer stops such a circle by its depth.
    fn once(&self, id: Option<ObjectIdentifier>, read: impl FnOnce() -> Work) -> Work {
        let Some(id) = id else {
            return read();
        };
        if let Some(known) = self.objects.borrow().get(&id) {
            return *known;
        }
        self.objects.borrow_mut().insert(id, Work::default());
        let work = read();
        self.objects.borrow_mut().insert(id, work);
        work
    }

    fn object(&self, object: Option<Stream<'_>>, resources: &Resources<'_>, depth: usize) -> Work {
        let Some(object) = object else {
            return Work::default();
        };
        match object.dict().get::<Name<'_>>(b"Subtype").as_deref() {
            Some(b"Image") => self.once(object.dict().obj_id(), || image_work(&object)),
            Some(b"Form") => self.form(&object, resources, depth + 1),
            _ => Work::default(),
        }
    }

    /// A form, the cell of a pattern or a mask: content with resources of its own, or those of its parent.
    fn form(&self, form: &Stream<'_>, parent: &Resources<'_>, depth: usize) -> Work {
        self.once(form.dict().obj_id(), || {
            let mut work = Work {
                time: OBJECT,
                ..Work::default()
            };
            if depth > WORK_DEPTH_MAX {
                return work;
            }
            if !unpacks_within(form, CONTENT_MAX) {
                return Work::REFUSED;
            }
            if form.dict().contains_key(b"Group") {
                work.layers += 1;
            }
            let own = form
                .dict()
                .get::<Dict<'_>>(b"Resources")
                .map(Resources::new);
            if let Ok(content) = form.decoded_data() {
                work.add(self.content(&content, own.as_ref().unwrap_or(parent), depth));
            }
            work
        })
    }

    fn pattern(&self, pattern: Option<Object<'_>>, parent: &Resources<'_>, depth: usize) -> Work {
        let mut work = match pattern {
            Some(Object::Stream(cell)) => self.form(&cell, parent, depth + 1),
            Some(Object::Dict(pattern)) => shading_work(pattern.get::<Object<'_>>(b"Shading")),
            _ => return Work::default(),
        };
        work.layers = work.layers.saturating_add(1);
        work
    }

    fn graphics_state(
        &self,
        state: Option<Dict<'_>>,
        parent: &Resources<'_>,
        depth: usize,
    ) -> Work {
        let mask = state
            .and_then(|state| state.get::<Dict<'_>>(b"SMask"))
            .and_then(|mask| mask.get::<Stream<'_>>(b"G"));
        mask.map_or_else(Work::default, |mask| {
            let mut work = self.form(&mask, parent, depth + 1);
            work.layers = work.layers.saturating_add(2);
            work
        })
    }

    /// One glyph of a font: nothing but the letter itself, except where glyphs are content streams (ISO 32000-2, 9.6.4).
    fn font(&self, font: Option<Dict<'_>>, parent: &Resources<'_>, depth: usize) -> Work {
        let Some(font) = font else {
            return Work::default();
        };
        self.once(font.obj_id(), || {
            let Some(glyphs) = font.get::<Dict<'_>>(b"CharProcs") else {
                return Work {
                    refused: !font_fits(&font),
                    ..Work::default()
                };
            };
            let own = font.get::<Dict<'_>>(b"Resources").map(Resources::new);
            let resources = own.as_ref().unwrap_or(parent);
            let mut dearest = Work::default();
            for glyph in glyphs.keys().take(1_024) {
                if let Some(glyph) = glyphs.get::<Stream<'_>>(glyph) {
                    let work = self.form(&glyph, resources, depth + 1);
                    if work.refused || work.time >= dearest.time {
                        dearest = work;
                    }
                }
                if dearest.refused {
                    break;
                }
            }
            dearest
        })
    }
}

/// A shading; one in a stream is a mesh (ISO 32000-2, 8.7.4.5.5 on).
fn shading_work(shading: Option<Object<'_>>) -> Work {
    let mut work = Work {
        time: OBJECT,
        ..Work::default()
    };
    if let Some(Object::Stream(mesh)) = shading {
        work.meshed = true;
        work.refused = !unpacks_within(&mesh, MESH_MAX);
    }
    work
}

/// What is set when something is painted.
#[derive(Clone, Copy, Default)]
struct Set {
    fill: Work,
    stroke: Work,
    glyph: Work,
}

impl Set {
    fn paint(&self, fill: bool, stroke: bool) -> Work {
        let mut work = Work::default();
        for (wanted, pattern) in [(fill, self.fill), (stroke, self.stroke)] {
            if wanted {
                work.add(pattern);
                work.spend(PAINT);
                work.paints += 1;
            }
        }
        work
    }
}

/// How many letters an operand shows at most.
fn letters(operand: &Object<'_>) -> u64 {
    let length = match operand {
        Object::String(text) => text.len(),
        // Numbers among the strings are counted with them: a letter more or less.
        Object::Array(parts) => parts.data().len() / 2,
        _ => 0,
    };
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Whether the content streams of a page together unpack to no more than is allowed.
fn contents_fit(page: &Page<'_>) -> bool {
    if let Some(content) = page.raw().get::<Stream<'_>>(b"Contents") {
        return unpacks_within(&content, CONTENT_MAX);
    }
    let Some(contents) = page.raw().get::<Array<'_>>(b"Contents") else {
        return true;
    };
    let (mut many, mut length) = (0, 0);
    for content in contents.iter::<Stream<'_>>() {
        many += 1;
        length += content.raw_data().len();
        if !unpacks_within(&content, CONTENT_MAX) {
            return false;
        }
    }
    // The same stream may be named again and again.
    many < 100_000 && (many <= 64 || length <= CONTENT_MAX / 8)
}

/// Whether the embedded program of a font unpacks to no more than is allowed.
fn font_fits(font: &Dict<'_>) -> bool {
    let below = font
        .get::<Array<'_>>(b"DescendantFonts")
        .and_then(|fonts| fonts.iter::<Dict<'_>>().next());
    let maps = [b"ToUnicode".as_slice(), b"Encoding"];
    maps.iter()
        .filter_map(|key| font.get::<Stream<'_>>(key))
        .chain(
            below
                .as_ref()
                .unwrap_or(font)
                .get::<Dict<'_>>(b"FontDescriptor")
                .into_iter()
                .flat_map(|descriptor| {
                    [b"FontFile".as_slice(), b"FontFile2", b"FontFile3"]
                        .into_iter()
                        .filter_map(move |key| descriptor.get::<Stream<'_>>(key))
                }),
        )
        .all(|stream| unpacks_within(&stream, CONTENT_MAX))
}
