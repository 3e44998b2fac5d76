//! Tagged pages of text (ISO 32000-2, 14.7 and 14.8): lines are set from the top, a page begins where the last one is full, and everything
//! but rules and page numbers belongs to the structure tree.

use crate::appearance::font::{Faces, Weight};
use crate::appearance::text::one_line;
use crate::error::SignError;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::update::objects::{Body, Objects};
use crate::update::whole;
use std::fmt::Write as _;

/// A4, in points.
const WIDTH: f64 = 595.28;
const HEIGHT: f64 = 841.89;
/// Left and right.
pub(crate) const MARGIN: f64 = 48.0;
const TOP: f64 = 46.0;
const BOTTOM: f64 = 48.0;
/// What a line of text may take.
pub(crate) const MEASURE: f64 = WIDTH - 2.0 * MARGIN;
/// Height of a line at size 1.
const LEADING: f64 = 1.32;

/// A colour as a content stream sets it.
pub(crate) type Colour = &'static str;
pub(crate) const INK: Colour = "0.09 0.129 0.169";
pub(crate) const SOFT: Colour = "0.33 0.37 0.42";
pub(crate) const MOSS: Colour = "0.082 0.392 0.231";
pub(crate) const RED: Colour = "0.627 0.118 0.063";
pub(crate) const AMBER: Colour = "0.471 0.314 0";
const LINE: Colour = "0.80 0.78 0.74";

/// How text is set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) size: f64,
    pub(crate) weight: Weight,
    pub(crate) colour: Colour,
}

impl Style {
    /// Text of a size in points.
    pub(crate) const fn new(size: f64, weight: Weight, colour: Colour) -> Self {
        Self {
            size,
            weight,
            colour,
        }
    }
}

/// What a structure element holds.
enum Kid {
    Node(usize),
    /// A line: page and number of the marked content.
    Line(usize, usize),
}

struct Node {
    role: &'static str,
    kids: Vec<Kid>,
    /// Of a figure: what it shows, and where it stands (from the left below).
    figure: Option<(String, [f64; 4])>,
}

/// Size of a page and its margins at the sides, in points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paper {
    width: f64,
    height: f64,
    margin: f64,
}

impl Paper {
    const A4: Self = Self {
        width: WIDTH,
        height: HEIGHT,
        margin: MARGIN,
    };
    /// Half of A4, upright.
    pub(crate) const A5: Self = Self {
        width: 419.53,
        height: 595.28,
        margin: 34.0,
    };

    /// What a line of text may take.
    pub(crate) const fn measure(self) -> f64 {
        self.width - 2.0 * self.margin
    }

    /// From the left edge to the text.
    pub(crate) const fn margin(self) -> f64 {
        self.margin
    }
}

/// Pages while they are set.
pub(crate) struct Sheet {
    paper: Paper,
    faces: Faces,
    pages: Vec<String>,
    /// Lines of each page, by the node they belong to.
    lines: Vec<Vec<usize>>,
    nodes: Vec<Node>,
    open: Vec<usize>,
    /// Where the next line's top is, from the page's bottom.
    y: f64,
}

impl Sheet {
    /// One empty page.
    pub(crate) fn new() -> Result<Self, SignError> {
        Self::of(Paper::A4)
    }

    /// One empty page of a size.
    pub(crate) fn of(paper: Paper) -> Result<Self, SignError> {
        Ok(Self {
            paper,
            faces: Faces::load()?,
            pages: vec![String::new()],
            lines: vec![Vec::new()],
            nodes: vec![Node {
                role: "Document",
                kids: Vec::new(),
                figure: None,
            }],
            open: vec![0],
            y: paper.height - TOP,
        })
    }

    /// Opens a structure element: what follows belongs to it.
    pub(crate) fn open(&mut self, role: &'static str) {
        let node = self.nodes.len();
        self.nodes.push(Node {
            role,
            kids: Vec::new(),
            figure: None,
        });
        let above = self.open.last().copied().unwrap_or(0);
        if let Some(above) = self.nodes.get_mut(above) {
            above.kids.push(Kid::Node(node));
        }
        self.open.push(node);
    }

    /// Closes the one opened last.
    pub(crate) fn close(&mut self) {
        if self.open.len() > 1 {
            self.open.pop();
        }
    }

    /// Empty space.
    pub(crate) const fn space(&mut self, height: f64) {
        self.y -= height;
    }

    /// The current height, from the page's bottom.
    pub(super) const fn height(&self) -> f64 {
        self.y
    }

    /// Goes on at a height of this page: columns side by side.
    pub(super) const fn at(&mut self, height: f64) {
        self.y = height;
    }

    /// Begins a page unless so much is left on this one.
    pub(crate) fn keep(&mut self, height: f64) {
        if self.y - height < BOTTOM {
            self.pages.push(String::new());
            self.lines.push(Vec::new());
            self.y = self.paper.height - TOP;
        }
    }

    /// Text over the whole measure, wrapped, as an element of its own.
    #[inline(never)]
    pub(crate) fn text(&mut self, role: &'static str, style: Style, text: &str) {
        self.open(role);
        for line in self.wrap(style, text, self.paper.measure()) {
            self.keep(style.size * LEADING);
            self.set(style, 0.0, &line);
            self.y -= style.size * LEADING;
        }
        self.close();
    }

    /// A row of cells: where each begins from the margin, how wide it is, how and what. Every cell is an element of this role.
    #[inline(never)]
    pub(crate) fn row(
        &mut self,
        role: &'static str,
        cells: &[(&'static str, f64, f64, Style, &str)],
    ) {
        let wrapped: Vec<Vec<String>> = cells
            .iter()
            .map(|(_, _, width, style, text)| self.wrap(*style, text, *width))
            .collect();
        let height = cells
            .iter()
            .zip(&wrapped)
            .map(|((_, _, _, style, _), lines)| {
                lines.iter().map(|_| style.size * LEADING).sum::<f64>()
            })
            .fold(0.0, f64::max);
        self.keep(height);
        self.open(role);
        let top = self.y;
        for ((own, x, _, style, _), lines) in cells.iter().zip(&wrapped) {
            self.open(own);
            self.y = top;
            for line in lines {
                self.set(*style, *x, line);
                self.y -= style.size * LEADING;
            }
            self.close();
        }
        self.y = top - height;
        self.close();
    }

    /// How wide a text is, in points.
    pub(crate) fn width(&self, style: Style, text: &str) -> f64 {
        self.faces.face(style.weight).width(text) * style.size
    }

    /// A text in one line, centred between two distances from the margin, as an element of its own.
    pub(crate) fn centred(
        &mut self,
        role: &'static str,
        style: Style,
        from: f64,
        to: f64,
        text: &str,
    ) {
        let indent = ((to - from - self.width(style, text)) / 2.0).max(0.0);
        self.keep(style.size * LEADING);
        self.open(role);
        self.set(style, from + indent, text);
        self.close();
        self.y -= style.size * LEADING;
    }

    /// Text at the current height, so far from the margin: part of the open element; the height stays.
    pub(crate) fn piece(&mut self, style: Style, x: f64, text: &str) {
        self.set(style, x, text);
    }

    /// A dotted line to write on, for text of this size at the current height; the height stays.
    pub(crate) fn leader(&mut self, size: f64, x: f64, width: f64) {
        let y = number(self.y - size * 1.12);
        let (left, right) = (
            number(self.paper.margin + x),
            number(self.paper.margin + x + width),
        );
        self.draw(&format!(
            "/Artifact BMC q {SOFT} RG 0.7 w 1 J [0 2.6] 0 d {left} {y} m {right} {y} l S Q EMC\n"
        ));
    }

    /// A short rule, centred over the measure.
    pub(crate) fn short_rule(&mut self, width: f64) {
        let y = number(self.y);
        let (left, right) = (
            number((self.paper.width - width) / 2.0),
            number((self.paper.width + width) / 2.0),
        );
        self.draw(&format!(
            "/Artifact BMC q {INK} RG 0.7 w {left} {y} m {right} {y} l S Q EMC\n"
        ));
    }

    /// A rule over the measure.
    pub(crate) fn rule(&mut self) {
        let y = number(self.y);
        let (left, right) = (
            number(self.paper.margin),
            number(self.paper.width - self.paper.margin),
        );
        self.draw(&format!(
            "/Artifact BMC q {LINE} RG 0.6 w {left} {y} m {right} {y} l S Q EMC\n"
        ));
    }

    /// A bar of colour beside the next so many points, left of the measure.
    pub(crate) fn bar(&mut self, colour: Colour, height: f64) {
        let (x, y) = (number(self.paper.margin - 12.0), number(self.y - height));
        let height = number(height);
        self.draw(&format!(
            "/Artifact BMC q {colour} rg {x} {y} 4 {height} re f Q EMC\n"
        ));
    }

    /// Squares in rows (a QR code), as a figure with words for who cannot see it: its top at the current height, which does not move.
    #[inline(never)]
    pub(super) fn squares(&mut self, x: f64, side: f64, rows: &[Vec<bool>], alternative: &str) {
        if rows.is_empty() {
            return;
        }
        self.open("Figure");
        let page = self.pages.len() - 1;
        let node = self.open.last().copied().unwrap_or(0);
        let (left, top) = (self.paper.margin + x, self.y);
        let mark = self.lines.get_mut(page).map_or(0, |lines| {
            lines.push(node);
            lines.len() - 1
        });
        if let Some(node) = self.nodes.get_mut(node) {
            node.kids.push(Kid::Line(page, mark));
            node.figure = Some((alternative.to_owned(), [left, top - side, left + side, top]));
        }
        let one = side / f64::from(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        let mut path = String::new();
        let mut lower = top - one;
        for row in rows {
            let mut at = left;
            for cell in row {
                if *cell {
                    let _ = write!(
                        path,
                        "{} {} {} {} re ",
                        number(at),
                        number(lower),
                        number(one),
                        number(one)
                    );
                }
                at += one;
            }
            lower -= one;
        }
        self.draw(&format!(
            "/Figure <</MCID {mark}>> BDC q 0 g {path}f Q EMC\n"
        ));
        self.close();
    }

    /// The page that is being set, from 0, and the current height from its top.
    pub(super) fn place(&self) -> (usize, f64) {
        (self.pages.len() - 1, self.paper.height - self.y)
    }

    fn draw(&mut self, operators: &str) {
        if let Some(page) = self.pages.last_mut() {
            page.push_str(operators);
        }
    }

    /// One line, its top at the current height. Writing to a string cannot fail.
    fn set(&mut self, style: Style, x: f64, text: &str) {
        let page = self.pages.len() - 1;
        let node = self.open.last().copied().unwrap_or(0);
        let Some(lines) = self.lines.get_mut(page) else {
            return;
        };
        let mark = lines.len();
        lines.push(node);
        let role = self.nodes.get_mut(node).map_or("P", |node| {
            node.kids.push(Kid::Line(page, mark));
            node.role
        });
        let shown = shown(&mut self.faces, style, self.paper.margin + x, self.y, text);
        self.draw(&format!("/{role} <</MCID {mark}>> BDC {shown} EMC\n"));
    }

    /// Lines that are no wider than this; a word that is wider is broken.
    pub(super) fn wrap(&self, style: Style, text: &str, width: f64) -> Vec<String> {
        let face = self.faces.face(style.weight);
        let fits = |text: &str| face.width(text) * style.size <= width;
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in one_line(text).split(' ') {
            let longer = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            if fits(&longer) {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for letter in word.chars() {
                line.push(letter);
                if !fits(&line) && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::take(&mut line));
                    line.push(letter);
                }
            }
        }
        lines.push(line);
        lines
    }

    /// The PDF. `foot` stands below every page, before the page's number; `made` is a PDF date, or nothing.
    pub(crate) fn finish(
        mut self,
        title: &str,
        foot: &str,
        made: &str,
    ) -> Result<Vec<u8>, SignError> {
        self.number_pages(foot);
        let mut objects = Objects::new(1);
        let (catalog, pages, tree, information) = (
            objects.reserve(),
            objects.reserve(),
            objects.reserve(),
            objects.reserve(),
        );
        let page_ids: Vec<Id> = self.pages.iter().map(|_| objects.reserve()).collect();
        let node_ids: Vec<Id> = self.nodes.iter().map(|_| objects.reserve()).collect();
        let mut fonts = Dictionary::new();
        for weight in [Weight::Regular, Weight::Bold] {
            let face = self.faces.face(weight);
            if face.is_used() {
                fonts.set(resource(weight), face.add(&mut objects)?.into());
            }
        }
        let resources = Dictionary::new().with("Font", fonts.into());
        for (index, (content, id)) in self.pages.iter().zip(&page_ids).enumerate() {
            let content = objects.add_deflated(Dictionary::new(), content.as_bytes());
            let page = Dictionary::new()
                .with("Type", Object::name("Page"))
                .with("Parent", pages.into())
                .with(
                    "MediaBox",
                    Object::numbers(&[0.0, 0.0, self.paper.width, self.paper.height]),
                )
                .with("Resources", resources.clone().into())
                .with("Contents", content.into())
                .with("StructParents", whole(index))
                .with("Tabs", Object::name("S"));
            objects.set(*id, Body::Plain(page.into()));
        }
        let kids = page_ids.iter().map(|id| (*id).into()).collect();
        whole::tree(&mut objects, pages, kids);
        self.structure(&mut objects, tree, &page_ids, &node_ids);
        let root = Dictionary::new()
            .with("Type", Object::name("Catalog"))
            .with("Pages", pages.into())
            .with("Lang", Object::text("vi"))
            .with(
                "MarkInfo",
                Dictionary::new()
                    .with("Marked", Object::Boolean(true))
                    .into(),
            )
            .with(
                "ViewerPreferences",
                Dictionary::new()
                    .with("DisplayDocTitle", Object::Boolean(true))
                    .into(),
            )
            .with("StructTreeRoot", tree.into());
        objects.set(catalog, Body::Plain(root.into()));
        let mut said = Dictionary::new()
            .with("Title", Object::text(title))
            .with("Creator", Object::text("Hồ Sơ Ký Số"));
        // A blank form is the same whenever it is made.
        if !made.is_empty() {
            said.set("CreationDate", Object::text(made));
        }
        objects.set(information, Body::Plain(said.into()));
        Ok(whole::file(objects, catalog, Some(information)))
    }

    fn number_pages(&mut self, foot: &str) {
        let style = Style {
            size: 8.0,
            weight: Weight::Regular,
            colour: SOFT,
        };
        let all = self.pages.len();
        for page in 0..all {
            let text = format!("{foot} · trang {}/{all}", page + 1);
            let shown = shown(&mut self.faces, style, self.paper.margin, 36.0, &text);
            if let Some(content) = self.pages.get_mut(page) {
                let _ = writeln!(content, "/Artifact BMC {shown} EMC");
            }
        }
    }

    fn structure(&self, objects: &mut Objects, tree: Id, pages: &[Id], nodes: &[Id]) {
        let id = |list: &[Id], index: usize| {
            list.get(index)
                .map_or(Object::Null, |id| Object::Reference(*id))
        };
        let mut above = vec![tree; self.nodes.len()];
        for (index, node) in self.nodes.iter().enumerate() {
            for kid in &node.kids {
                if let (Kid::Node(kid), Some(own)) = (kid, nodes.get(index))
                    && let Some(slot) = above.get_mut(*kid)
                {
                    *slot = *own;
                }
            }
        }
        for ((node, own), above) in self.nodes.iter().zip(nodes).zip(&above) {
            let kids = node
                .kids
                .iter()
                .map(|kid| match kid {
                    Kid::Node(kid) => id(nodes, *kid),
                    Kid::Line(page, mark) => Dictionary::new()
                        .with("Type", Object::name("MCR"))
                        .with("Pg", id(pages, *page))
                        .with("MCID", whole(*mark))
                        .into(),
                })
                .collect();
            let mut element = Dictionary::new()
                .with("Type", Object::name("StructElem"))
                .with("S", Object::name(node.role))
                .with("P", (*above).into())
                .with("K", Object::Array(kids));
            if let Some((alternative, place)) = &node.figure {
                let layout = Dictionary::new()
                    .with("O", Object::name("Layout"))
                    .with("BBox", Object::numbers(place));
                element.set("Alt", Object::text(alternative));
                element.set("A", layout.into());
            }
            objects.set(*own, Body::Plain(element.into()));
        }
        let mut numbers = Vec::new();
        for (page, lines) in self.lines.iter().enumerate() {
            numbers.push(whole(page));
            numbers.push(Object::Array(
                lines.iter().map(|node| id(nodes, *node)).collect(),
            ));
        }
        let parents = Dictionary::new().with("Nums", Object::Array(numbers));
        let root = Dictionary::new()
            .with("Type", Object::name("StructTreeRoot"))
            .with("K", id(nodes, 0))
            .with("ParentTree", parents.into())
            .with("ParentTreeNextKey", whole(self.lines.len()));
        objects.set(tree, Body::Plain(root.into()));
    }
}

/// The operators that show a line whose top is at `y`.
fn shown(faces: &mut Faces, style: Style, x: f64, y: f64, text: &str) -> String {
    let codes = faces.face_mut(style.weight).encode(text);
    format!(
        "BT {} rg /{} {} Tf 1 0 0 1 {} {} Tm <{codes}> Tj ET",
        style.colour,
        resource(style.weight),
        number(style.size),
        number(x),
        number(y - style.size),
    )
}

const fn resource(weight: Weight) -> &'static str {
    match weight {
        Weight::Regular => "F0",
        Weight::Bold => "F1",
    }
}

fn whole(number: usize) -> Object {
    Object::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

fn number(value: f64) -> String {
    match Object::real(value) {
        Object::Real(text) => text,
        _ => String::new(), // `Object::real` makes nothing else
    }
}
