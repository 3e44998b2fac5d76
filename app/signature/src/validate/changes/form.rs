//! The form: fields are filled and signed, signature fields are added; names, places and what stands signed stay.

use super::{Comparison, keys};
use crate::pdf::form::decode_text;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::pdf::page;
use crate::validate::fields::is_empty_signature;
use contract::geometry::Rect;
use contract::validation::{Modifications, Severity};
use std::collections::HashSet;

/// Widget flags that may be set when a field is locked or signed: Print, ReadOnly, Locked, LockedContents (table 167).
const HARMLESS_FLAGS: i64 = 4 | 64 | 128 | 512;
/// `Print` (table 167).
const PRINT: i64 = 4;
/// The box of what has none.
const EVERYWHERE: Rect = Rect {
    x: -1e6,
    y: -1e6,
    width: 2e6,
    height: 2e6,
};
/// Deepest nesting of fields.
const DEPTH_MAX: usize = 32;

/// What a field inherits from those above it.
#[derive(Debug, Clone)]
struct Above {
    /// The field itself.
    id: Id,
    name: String,
    kind: Vec<u8>,
    value_changed: bool,
    depth: usize,
}

impl Comparison<'_, '_> {
    /// `/AcroForm` of both catalogs.
    pub(super) fn form(&self, old: &Dictionary, new: &Dictionary) {
        if old.get("AcroForm").is_none() && new.get("AcroForm").is_none() {
            return;
        }
        let before = self
            .graph
            .before
            .dictionary(old, "AcroForm")
            .unwrap_or_default();
        for form in [old, new] {
            if let Some(id) = form.get("AcroForm").and_then(Object::as_reference) {
                self.graph.visit(id);
            }
        }
        let Some(after) = self.graph.after.dictionary(new, "AcroForm") else {
            self.forbidden("form-changed", "Biểu mẫu của tài liệu đã bị gỡ sau khi ký.");
            return;
        };
        for key in keys(&before, &after) {
            match key {
                "Fields" => self.fields(&before, &after),
                _ if self.graph.same_value(&before, &after, key) => {}
                _ if !self.fits(&after, key) => self.forbidden(
                    "form-changed",
                    &format!("Mục {key} của biểu mẫu đã bị thay sau khi ký."),
                ),
                "DA" if before.get("DA").is_some() || !self.is_plain_default(&after) => self.looks_changed(
                    "Cách hiện chữ chung của biểu mẫu (DA) đã bị thay sau khi ký; giá trị không có hình riêng có thể hiện khác.",
                ),
                "NeedAppearances"
                    if Self::wants_looks(self.graph.after, &after)
                        && !Self::wants_looks(self.graph.before, &before) =>
                {
                    self.redrawn(&before);
                }
                "DR" if self.only_adds(&before, &after, key) => {
                    self.class(Modifications::FormFill);
                    if self.adds_fonts(&before, &after) && self.has_bare_values(&before, &after) {
                        self.looks_changed("Phông chữ của biểu mẫu được thêm sau khi ký; giá trị không có hình riêng có thể hiện khác.");
                    }
                }
                "SigFlags" | "DA" | "NeedAppearances" => self.class(Modifications::FormFill),
                _ => self.forbidden(
                    "form-changed",
                    &format!("Mục {key} của biểu mẫu đã bị thay sau khi ký."),
                ),
            }
        }
    }

    /// Resources of resources: what was there stays, more may come.
    fn only_adds(&self, old: &Dictionary, new: &Dictionary, key: &str) -> bool {
        let new = self.graph.after.dictionary(new, key);
        let (Some(old), Some(new)) = (self.graph.before.dictionary(old, key), new) else {
            return old.get(key).is_none();
        };
        keys(&old, &new).into_iter().all(|kind| {
            // Fields draw with the fonts and colours of these resources, never with the forms that signature tools keep here.
            if matches!(kind, "XObject" | "ProcSet") {
                return true;
            }
            let was = self.graph.before.dictionary(&old, kind);
            let is = self.graph.after.dictionary(&new, kind);
            match (was, is) {
                (Some(was), Some(is)) => was.iter().all(|(name, _)| {
                    std::str::from_utf8(name)
                        .is_ok_and(|name| self.graph.same_value(&was, &is, name))
                }),
                _ => old.get(kind).is_none() || self.graph.same_value(&old, &new, kind),
            }
        })
    }

    fn fields(&self, old: &Dictionary, new: &Dictionary) {
        let before = self.graph.before.array(old, "Fields").unwrap_or_default();
        let after = self.graph.after.array(new, "Fields").unwrap_or_default();
        // The order of fields shows nowhere; some writers put new ones first.
        let missing = before
            .iter()
            .any(|old| !after.iter().any(|new| self.graph.same_entry(old, new)));
        if missing {
            self.forbidden("field-removed", "Có trường của biểu mẫu bị gỡ sau khi ký.");
        }
        let mut seen = HashSet::new();
        for id in before.iter().filter_map(Object::as_reference) {
            let top = Above {
                id,
                name: String::new(),
                kind: Vec::new(),
                value_changed: false,
                depth: 0,
            };
            self.field(id, &top, &mut seen);
        }
        for new in &after {
            if !before.iter().any(|old| self.graph.same_entry(old, new)) {
                self.new_field(new, false);
            }
        }
    }

    /// A field that was added; `signs`: one above it is a signature's.
    fn new_field(&self, object: &Object, signs: bool) {
        let after = self.graph.after;
        let Object::Dictionary(field) = after.resolve(object) else {
            return;
        };
        let kind = after.value(&field, "FT");
        if kind.as_name() != Some(b"Sig") && !(signs && kind == Object::Null) {
            self.forbidden(
                "field-added",
                "Có trường mới không phải chữ ký được thêm sau khi ký.",
            );
            return;
        }
        self.acting(&field);
        self.sharing(&field);
        if let Object::String(name) = after.value(&field, "T") {
            let class = self.class_of(&field);
            // A lock of all fields, or of all but some, meets fields that are added too; a document timestamp is none to fill in.
            if class > Modifications::Lta && self.permissions.locks(&decode_text(&name)) {
                self.forbidden(
                    "locked-field-changed",
                    &format!(
                        "Trường chữ ký {} được thêm dù chữ ký này đã khóa các trường.",
                        decode_text(&name)
                    ),
                );
            }
            self.tell(
                class,
                "signature-added",
                &format!("Có thêm trường chữ ký {}.", decode_text(&name)),
            );
        }
        self.class(self.class_of(&field));
    }

    /// A field that was added may sign, and nothing else: no program or action comes with it.
    fn acting(&self, field: &Dictionary) {
        let after = self.graph.after;
        let kids = after.array(field, "Kids").unwrap_or_default();
        let acts = |of: &Dictionary| of.get("A").is_some() || of.get("AA").is_some();
        let any = acts(field)
            || kids.iter().any(
                |kid| matches!(after.resolve(kid), Object::Dictionary(widget) if acts(&widget)),
            );
        if any {
            self.forbidden(
                "action-added",
                "Trường chữ ký được thêm sau khi ký mang theo lệnh hoặc chương trình.",
            );
        }
    }

    /// A field that is signed later has a signature of its own, not one that was there when the document was signed.
    fn sharing(&self, field: &Dictionary) {
        let after = self.graph.after;
        let end = after.dictionary(field, "V").and_then(|value| {
            let range = after.array(&value, "ByteRange")?;
            let number = |at: usize| after.resolve(range.get(at)?).as_integer();
            number(2)?.checked_add(number(3)?)
        });
        let old = end
            .and_then(|end| usize::try_from(end).ok())
            .is_some_and(|end| end <= self.graph.before.data().len());
        if old {
            self.forbidden(
                "signature-shared",
                "Một trường được thêm sau khi ký lấy lại chữ ký đã có: chữ ký đó không đặt ở đây.",
            );
        }
    }

    /// A document timestamp that shows nothing only helps validation; any other signature fills in the form.
    fn class_of(&self, field: &Dictionary) -> Modifications {
        let after = self.graph.after;
        let timestamp = after.dictionary(field, "V").is_some_and(|value| {
            value.is_name("Type", "DocTimeStamp")
                || after.value(&value, "SubFilter").as_name() == Some(b"ETSI.RFC3161")
        });
        let kids = after.array(field, "Kids").unwrap_or_default();
        let visible = self.is_visible(field)
            || kids.iter().any(|kid| {
                matches!(after.resolve(kid), Object::Dictionary(widget) if self.is_visible(&widget))
            });
        if timestamp && !visible {
            Modifications::Lta
        } else {
            Modifications::FormFill
        }
    }

    pub(super) fn is_visible(&self, widget: &Dictionary) -> bool {
        self.place(self.graph.after, widget).is_some()
    }

    /// A widget that a page grew: it must belong to a signature.
    pub(super) fn new_widget(
        &self,
        page: usize,
        id: Option<Id>,
        widget: &Dictionary,
        standing: &[Object],
    ) {
        if !id.is_some_and(|id| self.graph.signs.contains_key(&id)) {
            self.forbidden(
                "field-added",
                &format!("Trang {page}: có trường mới không phải chữ ký được thêm sau khi ký."),
            );
            return;
        }
        self.acting(widget);
        self.sharing(widget);
        let mut field = widget.clone();
        if let Some(parent) = self.graph.after.dictionary(widget, "Parent")
            && field.get("V").is_none()
        {
            field = parent;
        }
        self.class(self.class_of(&field));
        if !self.is_visible(widget) {
            return;
        }
        self.touched(page);
        self.unsigned_looks(id, widget);
        let covers = self.place(self.graph.after, widget).is_some_and(|own| {
            standing.iter().any(|other| {
                matches!(self.graph.before.resolve(other), Object::Dictionary(other)
                    if self.place(self.graph.before, &other).is_some_and(|other| overlap(&own, &other)))
            })
        });
        if covers {
            self.tell_as(
                Modifications::FormFill,
                "signature-covers-annotation",
                &format!("Trang {page}: một ô chữ ký mới che lên chữ ký hoặc chú thích đã có; cần người xem trang này."),
                Severity::Error,
            );
        }
        if self.permissions.certified {
            self.tell_as(
                Modifications::FormFill,
                "signature-drawn-on-certified",
                &format!("Trang {page}: một ô chữ ký mới hiện lên trang của tài liệu đã được chứng nhận, có thể che nội dung; cần người xem trang này."),
                Severity::Error,
            );
        }
    }

    /// Where an annotation shows something, on screen or on paper. One whose box cannot be read may show anywhere.
    fn place(&self, file: &crate::pdf::file::File<'_>, annotation: &Dictionary) -> Option<Rect> {
        let flags = file.value(annotation, "F").as_integer().unwrap_or(0);
        // Hidden, or neither viewed nor printed (table 167).
        if flags & 2 != 0 || flags & (32 | 4) == 32 {
            return None;
        }
        let anywhere = annotation.get("AP").is_some().then_some(EVERYWHERE);
        page::rectangle(file, &file.value(annotation, "Rect"))
            .or(anywhere)
            .filter(|rect| rect.width > 0.0 && rect.height > 0.0)
    }

    /// A widget outside the form's tree: nothing of it may change.
    pub(super) fn loose_widget(&self, page: usize, id: Id, old: &Dictionary, new: &Dictionary) {
        if self.in_form(id) {
            return;
        }
        if keys(old, new)
            .into_iter()
            .any(|key| !self.graph.same_value(old, new, key))
        {
            self.forbidden(
                "annotation-changed",
                &format!("Trang {page}: một trường ngoài biểu mẫu đã bị thay sau khi ký."),
            );
        }
    }

    /// Whether the field walk reaches an object.
    fn in_form(&self, id: Id) -> bool {
        self.graph.fields.contains(&id)
    }

    fn field(&self, id: Id, above: &Above, seen: &mut HashSet<Id>) {
        if above.depth > DEPTH_MAX || !seen.insert(id) {
            return;
        }
        self.graph.visit(id);
        let Some(was) = self.graph.before.object(id) else {
            // Named when it was signed, and written only afterwards.
            if self.graph.after.object(id).is_some() {
                self.new_field(&Object::Reference(id), above.kind == b"Sig");
            }
            return;
        };
        let Some((old, new)) = self.graph.dictionaries(id) else {
            if self.graph.after.object(id) != Some(was) {
                self.forbidden(
                    "field-changed",
                    "Một trường của biểu mẫu đã bị thay sau khi ký.",
                );
            }
            return;
        };
        let before = self.graph.before;
        let own = Above {
            id,
            name: match before.value(&old, "T") {
                Object::String(own) if above.name.is_empty() => decode_text(&own),
                Object::String(own) => format!("{}.{}", above.name, decode_text(&own)),
                _ => above.name.clone(),
            },
            kind: match before.value(&old, "FT") {
                Object::Name(kind) => kind,
                _ => above.kind.clone(),
            },
            value_changed: !self.graph.same_value(&old, &new, "V")
                || (above.value_changed && before.value(&old, "T") == Object::Null),
            depth: above.depth + 1,
        };
        self.filled(&own, &old, &new);
        let kids = before.array(&old, "Kids").unwrap_or_default();
        let now = self.graph.after.array(&new, "Kids").unwrap_or_default();
        if kids != now {
            match self.graph.added(&kids, &now) {
                Some(added)
                    if added.iter().all(|kid| {
                        kid.as_reference()
                            .is_some_and(|id| self.graph.signs.contains_key(&id))
                    }) =>
                {
                    self.class(Modifications::FormFill);
                    for kid in added {
                        self.new_field(kid, own.kind == b"Sig");
                    }
                }
                _ => self.forbidden(
                    "field-changed",
                    &format!(
                        "Trường {}: các phần của trường đã bị thay sau khi ký.",
                        own.name
                    ),
                ),
            }
        }
        for kid in kids.iter().filter_map(Object::as_reference) {
            self.field(kid, &own, seen);
        }
    }

    /// One field or widget in both revisions, without its kids.
    fn filled(&self, own: &Above, old: &Dictionary, new: &Dictionary) {
        let (name, kind) = (own.name.as_str(), own.kind.as_slice());
        let changed: Vec<&str> = keys(old, new)
            .into_iter()
            .filter(|key| *key != "Kids" && !self.graph.same_value(old, new, key))
            .collect();
        if changed.is_empty() {
            if own.value_changed {
                self.stale(name, kind, old, new);
            }
            return;
        }
        if name != self.own && self.permissions.locks(name) {
            self.forbidden(
                "locked-field-changed",
                &format!(
                    "Trường {name} đã bị khóa bởi chữ ký này nhưng vẫn bị thay ({}).",
                    changed.join(", ")
                ),
            );
            return;
        }
        let signs = kind == b"Sig";
        let stands = signs
            && self
                .graph
                .before
                .dictionary(old, "V")
                .is_some_and(|value| !is_empty_signature(self.graph.before, &value));
        if stands {
            self.forbidden(
                "signature-changed",
                &format!("Chữ ký đã có ở trường {name} bị thay."),
            );
            return;
        }
        let value_changed = changed.contains(&"V");
        let redrawn = own.value_changed || old.get("AP").is_none();
        for key in &changed {
            let permitted = match *key {
                "V" | "M" => true,
                // Harmless flags are set when a field is locked; showing what was hidden, or hiding, is none of them.
                "F" => {
                    let flags = |file: &crate::pdf::file::File<'_>, of: &Dictionary| {
                        file.value(of, "F").as_integer().unwrap_or(0)
                    };
                    // What prints, and what only shows on a screen, stays that.
                    let harmless = if signs {
                        HARMLESS_FLAGS
                    } else {
                        HARMLESS_FLAGS & !PRINT
                    };
                    (flags(self.graph.before, old) ^ flags(self.graph.after, new)) & !harmless == 0
                }
                "Ff" => {
                    let flags = |file: &crate::pdf::file::File<'_>, of: &Dictionary| {
                        file.value(of, "Ff").as_integer().unwrap_or(0)
                    };
                    flags(self.graph.after, new) == flags(self.graph.before, old) | 1
                }
                "AP" | "AS" | "MK" | "DA" | "TU" | "P" | "StructParent" | "Lock" if signs => true,
                "AS" => kind == b"Btn" && own.value_changed,
                // The appearance may be drawn for the first time, or again because of another value.
                "AP" => (kind == b"Tx" || kind == b"Ch") && redrawn,
                "I" | "TI" => kind == b"Ch",
                "RV" | "DA" | "Q" => kind == b"Tx" && own.value_changed,
                _ => false,
            };
            if !permitted || !self.fits(new, key) {
                self.forbidden(
                    "field-changed",
                    &format!("Trường {name}: mục {key} đã bị thay sau khi ký."),
                );
            }
        }
        self.class(Modifications::FormFill);
        if signs {
            if value_changed {
                self.sharing(new);
                self.tell(
                    self.class_of(new),
                    "signature-added",
                    &format!("Trường chữ ký {name} có sẵn đã được ký."),
                );
            }
            let drawn = changed.iter().any(|key| matches!(*key, "AP" | "AS" | "MK"));
            if drawn {
                self.unsigned_looks(Some(own.id), new);
            }
            return;
        }
        let replaced = value_changed
            && !matches!(self.graph.before.value(old, "V"), Object::Null)
            && self.graph.before.value(old, "V") != Object::String(Vec::new());
        if replaced {
            self.tell_as(
                Modifications::FormFill,
                "field-value-replaced",
                &format!("Trường {name}: giá trị đã có khi ký bị thay bằng giá trị khác."),
                Severity::Warning,
            );
        } else if value_changed {
            self.tell(
                Modifications::FormFill,
                "field-filled",
                &format!("Trường {name} được điền sau khi ký."),
            );
        }
        if changed.contains(&"AS") {
            self.state(name, new);
        }
        if changed.contains(&"AP") && !own.value_changed {
            self.tell_as(
                Modifications::FormFill,
                "field-redrawn",
                &format!("Trường {name}: giá trị không đổi nhưng hình hiện trên trang được vẽ sau khi ký."),
                Severity::Warning,
            );
        }
        self.looks(name, kind, old, new, &changed);
        if own.value_changed && !changed.iter().any(|key| matches!(*key, "AP" | "AS")) {
            self.stale(name, kind, old, new);
        }
    }
}

/// Whether two boxes share more than an edge.
fn overlap(a: &Rect, b: &Rect) -> bool {
    const EDGE: f64 = 1.0;
    a.right().min(b.right()) - a.x.max(b.x) > EDGE && a.far().min(b.far()) - a.y.max(b.y) > EDGE
}
