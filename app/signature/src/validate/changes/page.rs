//! Pages and their annotations: a page grows the widget of a signature, or an annotation, and nothing else.

use super::{Comparison, keys};
use crate::pdf::object::{Dictionary, Id, Object};
use crate::pdf::page;
use contract::validation::{Modifications, Severity};
use std::collections::HashSet;

/// Widest border of a link, in points, that hides nothing.
const BORDER_MAX: f64 = 2.0;

impl Comparison<'_, '_> {
    /// Both page trees.
    pub(super) fn pages(&self, old: &Dictionary, new: &Dictionary) {
        let roots = |of: &Dictionary| of.get("Pages").and_then(Object::as_reference);
        let (Some(root), true) = (roots(old), roots(old) == roots(new)) else {
            self.forbidden("pages-changed", "Các trang của tài liệu đã bị thay.");
            return;
        };
        let mut seen = HashSet::new();
        let mut open = vec![root];
        let mut number = 0_usize;
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            self.graph.visit(id);
            let Some((old, new)) = self.graph.dictionaries(id) else {
                self.forbidden("pages-changed", "Các trang của tài liệu đã bị thay.");
                continue;
            };
            let is_node = self.graph.before.value(&old, "Type").as_name() == Some(b"Pages")
                || old.get("Kids").is_some();
            if !is_node {
                number += 1;
                self.page(number, &old, &new);
                continue;
            }
            for key in keys(&old, &new) {
                // iText writes its version there; it shows nowhere.
                if matches!(key, "Kids" | "ITXT") {
                    continue;
                }
                if !self.graph.same_value(&old, &new, key) {
                    self.forbidden(
                        "pages-changed",
                        &format!("Mục {key} chung của các trang đã bị thay."),
                    );
                }
            }
            let kids = self.graph.before.array(&old, "Kids").unwrap_or_default();
            let now = self.graph.after.array(&new, "Kids").unwrap_or_default();
            let as_before = kids.len() == now.len()
                && kids
                    .iter()
                    .zip(&now)
                    .all(|(old, new)| self.graph.same_entry(old, new));
            if !as_before {
                self.forbidden(
                    "pages-changed",
                    "Có trang bị thêm, bớt hoặc đổi chỗ sau khi ký.",
                );
            }
            open.extend(kids.iter().rev().filter_map(Object::as_reference));
        }
    }

    fn page(&self, number: usize, old: &Dictionary, new: &Dictionary) {
        for key in keys(old, new) {
            match key {
                "Annots" => self.annotations(number, old, new),
                _ if self.graph.same_value(old, new, key) => {}
                "Tabs" | "LastModified" if self.fits(new, key) => {
                    self.class(Modifications::FormFill);
                }
                "StructParents" if old.get(key).is_none() && self.fits(new, key) => {
                    self.class(Modifications::FormFill);
                }
                _ => {
                    self.touched(number);
                    self.forbidden(
                        "page-changed",
                        &format!("Trang {number}: mục {key} đã bị thay sau khi ký."),
                    );
                }
            }
        }
    }

    fn annotations(&self, page: usize, old: &Dictionary, new: &Dictionary) {
        let before = self.graph.before.array(old, "Annots").unwrap_or_default();
        let after = self.graph.after.array(new, "Annots").unwrap_or_default();
        let Some(added) = self.graph.added(&before, &after) else {
            self.touched(page);
            self.forbidden(
                "annotation-removed",
                &format!("Trang {page}: chú thích hoặc trường đã bị gỡ hoặc đổi chỗ sau khi ký."),
            );
            return;
        };
        for id in before.iter().filter_map(Object::as_reference) {
            self.graph.visit(id);
            // Named when it was signed, and written only afterwards.
            if self.graph.before.object(id).is_none() && self.graph.after.object(id).is_some() {
                self.new_annotation(page, &Object::Reference(id), &before);
            } else {
                self.standing(page, id);
            }
        }
        for annotation in added {
            self.new_annotation(page, annotation, &before);
        }
    }

    /// An annotation that was there when the document was signed; widgets of the form are compared as fields.
    fn standing(&self, page: usize, id: Id) {
        let Some(before) = self.graph.before.object(id) else {
            return;
        };
        let Some((old, new)) = self.graph.dictionaries(id) else {
            if self.graph.after.object(id) != Some(before) {
                self.touched(page);
                self.forbidden(
                    "annotation-changed",
                    &format!("Trang {page}: chú thích đã bị thay sau khi ký."),
                );
            }
            return;
        };
        // What a widget shows, and what a field without a picture of its own holds.
        if ["AP", "AS", "Rect", "F", "V"]
            .iter()
            .any(|key| !self.graph.same_value(&old, &new, key))
        {
            self.touched(page);
        }
        if old.is_name("Subtype", "Widget") {
            self.loose_widget(page, id, &old, &new);
            return;
        }
        let differs = keys(&old, &new)
            .into_iter()
            .any(|key| !self.graph.same_value(&old, &new, key));
        if differs {
            self.touched(page);
            self.tell_as(
                Modifications::Annotate,
                "annotation-changed",
                &format!("Trang {page}: một chú thích có sẵn đã bị sửa sau khi ký; cần người xem trang này."),
                Severity::Error,
            );
        }
    }

    fn new_annotation(&self, page: usize, annotation: &Object, standing: &[Object]) {
        let after = self.graph.after;
        let Object::Dictionary(found) = after.resolve(annotation) else {
            return;
        };
        let kind = match after.value(&found, "Subtype") {
            Object::Name(kind) => String::from_utf8_lossy(&kind).into_owned(),
            _ => String::new(),
        };
        if kind != "Widget" {
            self.touched(page);
        }
        if kind == "Widget" {
            self.new_widget(page, annotation.as_reference(), &found, standing);
            return;
        }
        let harmless = match after.dictionary(&found, "A") {
            None => found.get("A").is_none(),
            Some(action) => {
                matches!(after.value(&action, "S").as_name(), Some(b"GoTo" | b"URI"))
                    && action.get("Next").is_none()
            }
        };
        // Models and media carry programs in what they show, and may begin as the page opens (13.6.4.3, 13.7.2).
        let plays = matches!(kind.as_str(), "3D" | "RichMedia");
        if plays || !harmless || found.get("AA").is_some() {
            self.forbidden(
                "action-added",
                &format!("Trang {page}: chú thích {kind} được thêm sau khi ký mang theo lệnh hoặc chương trình."),
            );
            return;
        }
        let area = page::rectangle(after, &after.value(&found, "Rect"))
            .is_none_or(|rect| rect.width > 0.0 && rect.height > 0.0);
        // A note's icon and a link stay beside the text unless an appearance of their own says otherwise.
        let quiet = matches!(kind.as_str(), "Text" | "Popup" | "Link")
            && found.get("AP").is_none()
            && self.border(&found) <= BORDER_MAX;
        if area && !quiet {
            self.tell_as(
                Modifications::Annotate,
                "annotation-drawn",
                &format!("Trang {page}: có chú thích {kind} vẽ lên trang sau khi ký, có thể làm đổi nghĩa nội dung; cần người xem trang này."),
                Severity::Error,
            );
        } else {
            self.tell(
                Modifications::Annotate,
                "annotation-added",
                &format!("Trang {page}: có thêm chú thích {kind} sau khi ký."),
            );
        }
    }

    /// The width of an annotation's border (12.5.4): a wide one covers what it surrounds.
    fn border(&self, annotation: &Dictionary) -> f64 {
        let after = self.graph.after;
        let style = after
            .dictionary(annotation, "BS")
            .map(|style| after.value(&style, "W"));
        let plain = after.array(annotation, "Border").map(|border| {
            border
                .get(2)
                .map_or(Object::Null, |width| after.resolve(width))
        });
        [style, plain]
            .into_iter()
            .flatten()
            .map(|width| match width {
                Object::Null => 1.0,
                width => width.as_number().unwrap_or(f64::INFINITY),
            })
            .fold(0.0, f64::max)
    }
}
