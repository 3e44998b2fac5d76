//! The content stream of the form and its resources (ISO 32000-2, 8.10).

use super::font::{Faces, Weight};
use super::image::Picture;
use super::layout::{Layout, RULE};
use crate::error::SignError;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::update::objects::Objects;
use contract::geometry::{Rect, Size};
use std::fmt::Write as _;

/// Vermilion `#C8321E`, the colour that belongs to signing.
const VERMILION: &str = "0.784 0.196 0.118";
/// Ink `#17212B`.
const INK: &str = "0.09 0.129 0.169";
/// Width of the frame's line, in points.
const FRAME: f64 = 0.6;

/// A form while it is drawn.
pub(crate) struct Drawing {
    faces: Faces,
    content: String,
    has_image: bool,
}

impl Drawing {
    /// An empty one.
    pub(crate) const fn new(faces: Faces) -> Self {
        Self {
            faces,
            content: String::new(),
            has_image: false,
        }
    }

    /// Draws a layout. Writing to a string cannot fail, so the results are dropped.
    pub(crate) fn paint(&mut self, layout: &Layout) {
        if let Some(frame) = &layout.frame {
            self.paint_frame(frame);
        }
        if let Some(image) = &layout.image {
            self.has_image = true;
            let _ = writeln!(
                self.content,
                "q {} 0 0 {} {} {} cm /Im0 Do Q",
                number(image.width),
                number(image.height),
                number(image.x),
                number(image.y)
            );
        }
        if layout.rows.is_empty() {
            return;
        }
        let _ = writeln!(self.content, "q {INK} rg BT");
        for row in &layout.rows {
            let _ = writeln!(
                self.content,
                "1 0 0 1 {} {} Tm",
                number(row.x),
                number(row.y)
            );
            for (weight, text) in &row.spans {
                let codes = self.faces.face_mut(*weight).encode(text);
                let _ = writeln!(
                    self.content,
                    "/{} {} Tf <{codes}> Tj",
                    resource(*weight),
                    number(layout.size)
                );
            }
        }
        self.content.push_str("ET Q\n");
    }

    fn paint_frame(&mut self, frame: &Rect) {
        let inset = FRAME / 2.0;
        let _ = writeln!(
            self.content,
            "q {VERMILION} RG {} w {} {} {} {} re S {VERMILION} rg {} {} {} {} re f Q",
            number(FRAME),
            number(frame.x + inset),
            number(frame.y + inset),
            number(frame.width - FRAME),
            number(frame.height - FRAME),
            number(frame.x),
            number(frame.y),
            number(RULE),
            number(frame.height)
        );
    }

    /// Adds the form, its fonts and its image.
    pub(crate) fn add(
        self,
        objects: &mut Objects,
        size: Size,
        matrix: Object,
        picture: Option<&Picture>,
    ) -> Result<Id, SignError> {
        let mut fonts = Dictionary::new();
        for weight in [Weight::Regular, Weight::Bold] {
            let face = self.faces.face(weight);
            if face.is_used() {
                fonts.set(resource(weight), face.add(objects)?.into());
            }
        }
        let mut resources = Dictionary::new().with("Font", fonts.into());
        if let Some(picture) = picture.filter(|_| self.has_image) {
            let images = Dictionary::new().with("Im0", picture.add(objects).into());
            resources.set("XObject", images.into());
        }
        let form = Dictionary::new()
            .with("Type", Object::name("XObject"))
            .with("Subtype", Object::name("Form"))
            .with(
                "BBox",
                Object::numbers(&[0.0, 0.0, size.width, size.height]),
            )
            .with("Matrix", matrix)
            .with("Resources", resources.into());
        Ok(objects.add_deflated(form, self.content.as_bytes()))
    }
}

const fn resource(weight: Weight) -> &'static str {
    match weight {
        Weight::Regular => "F0",
        Weight::Bold => "F1",
    }
}

/// A number as a content stream writes it.
fn number(value: f64) -> String {
    match Object::real(value) {
        Object::Real(text) => text,
        _ => String::new(), // `Object::real` makes nothing else
    }
}
