//! What fields and signature boxes show, beside what they hold: nothing that is seen changes where no value does (shadow attacks by form
//! overlays, fonts, states and empty boxes).

use super::Comparison;
use crate::pdf::file::File;
use crate::pdf::form::decode_text;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::validate::appearance;
use contract::validation::{Modifications, Severity};

/// Most paths of a frame around a field.
const FRAME_MAX: usize = 4;

/// What a field holds. A widget apart from its field holds no value of its own: the parent's counts.
fn held(file: &File<'_>, field: &Dictionary) -> Object {
    match (file.value(field, "V"), file.dictionary(field, "Parent")) {
        (Object::Null, Some(parent)) => file.value(&parent, "V"),
        (value, _) => value,
    }
}

impl Comparison<'_, '_> {
    pub(super) fn looks_changed(&self, message: &str) {
        self.tell_as(
            Modifications::FormFill,
            "form-looks-changed",
            message,
            Severity::Warning,
        );
    }

    /// Whether `/NeedAppearances` asks viewers to draw fields anew (12.7.3).
    pub(super) fn wants_looks(file: &crate::pdf::file::File<'_>, form: &Dictionary) -> bool {
        file.value(form, "NeedAppearances") == Object::Boolean(true)
    }

    /// Viewers are asked to draw every field from its value: what was shown when it was signed may have been something else.
    pub(super) fn redrawn(&self, before: &Dictionary) {
        self.class(Modifications::FormFill);
        let file = self.graph.before;
        let (mut holds, mut lies) = (false, false);
        for widget in self.old_fields() {
            let value = self.held(&widget);
            holds |= !value.is_empty();
            lies |= widget.get("AP").is_some()
                && !value.is_empty()
                && appearance::text(file, &widget)
                    .is_some_and(|shown| shown.is_empty() || !appearance::agree(&shown, &value));
        }
        if lies {
            self.tell_as(
                Modifications::FormFill,
                "appearance-differs-from-value",
                "Sau khi ký, tệp yêu cầu vẽ lại các trường, và có trường khi ký hiện khác với giá trị của nó; cần người xem.",
                Severity::Error,
            );
        } else if holds || before.get("XFA").is_some() {
            self.looks_changed("Sau khi ký, tệp yêu cầu chương trình đọc tự vẽ lại các trường (NeedAppearances); chữ có thể hiện khác.");
        }
    }

    /// Fields and widgets as they were when it was signed.
    fn old_fields(&self) -> impl Iterator<Item = Dictionary> + '_ {
        self.graph
            .fields
            .iter()
            .filter_map(|id| match self.graph.before.object(*id) {
                Some(Object::Dictionary(field)) => Some(field),
                _ => None,
            })
    }

    /// The text that a field or its widget held when it was signed.
    fn held(&self, widget: &Dictionary) -> String {
        let before = self.graph.before;
        let own = match (
            before.value(widget, "V"),
            before.dictionary(widget, "Parent"),
        ) {
            (Object::Null, Some(parent)) => before.value(&parent, "V"),
            (value, _) => value,
        };
        match own {
            Object::String(text) => decode_text(&text),
            _ => String::new(),
        }
    }

    /// Whether some value is drawn by the viewer alone.
    pub(super) fn has_bare_values(&self, before: &Dictionary, after: &Dictionary) -> bool {
        let all = Self::wants_looks(self.graph.before, before)
            || Self::wants_looks(self.graph.after, after);
        self.old_fields()
            .any(|field| !self.held(&field).is_empty() && (all || field.get("AP").is_none()))
    }

    /// Whether `/DA` sets nothing but a font and black.
    pub(super) fn is_plain_default(&self, form: &Dictionary) -> bool {
        let Object::String(text) = self.graph.after.value(form, "DA") else {
            return false;
        };
        let text = String::from_utf8_lossy(&text).into_owned();
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        match words.as_slice() {
            [] => true,
            [font, size, "Tf", colour @ ..] => {
                font.starts_with('/')
                    && size
                        .parse::<f32>()
                        .is_ok_and(|size| size == 0.0 || size >= 4.0)
                    && matches!(colour, [] | ["0", "g"] | ["0", "0", "0", "rg"])
            }
            _ => false,
        }
    }

    /// Whether fonts came that draw letters otherwise than Helvetica and its like.
    pub(super) fn adds_fonts(&self, old: &Dictionary, new: &Dictionary) -> bool {
        let (before, after) = (self.graph.before, self.graph.after);
        let fonts = |file: &crate::pdf::file::File<'_>, form: &Dictionary| {
            file.dictionary(form, "DR")
                .and_then(|resources| file.dictionary(&resources, "Font"))
                .unwrap_or_default()
        };
        let (old, new) = (fonts(before, old), fonts(after, new));
        new.iter().any(|(name, font)| {
            let known = std::str::from_utf8(name).is_ok_and(|name| old.get(name).is_some());
            let plain = match after.resolve(font) {
                Object::Dictionary(font) => {
                    let base = after.value(&font, "BaseFont");
                    let base = base.as_name().unwrap_or_default();
                    let usual: [&[u8]; 4] = [b"Helvetica", b"Times", b"Courier", b"ZapfDingbats"];
                    font.is_name("Subtype", "Type1")
                        && font.get("FontDescriptor").is_none()
                        && usual.iter().any(|usual| base.starts_with(usual))
                        && !self.moves_letters(&font)
                }
                _ => false,
            };
            !known && !plain
        })
    }

    /// Whether an encoding gives another shape to letters or digits.
    fn moves_letters(&self, font: &Dictionary) -> bool {
        let after = self.graph.after;
        let Some(encoding) = after.dictionary(font, "Encoding") else {
            return false;
        };
        let mut code = 0_i64;
        for item in after.array(&encoding, "Differences").unwrap_or_default() {
            match after.resolve(&item) {
                Object::Integer(next) => code = next,
                Object::Name(_) => {
                    if matches!(code, 48..=57 | 65..=90 | 97..=122) {
                        return true;
                    }
                    code += 1;
                }
                _ => return true,
            }
        }
        false
    }

    /// A signature box that holds no signature has nothing to show.
    pub(super) fn unsigned_looks(&self, id: Option<Id>, widget: &Dictionary) {
        let after = self.graph.after;
        let signed = id.is_some_and(|id| self.graph.signs.get(&id) == Some(&true));
        let filled = after
            .dictionary(widget, "MK")
            .is_some_and(|looks| ["BG", "CA"].iter().any(|key| looks.get(key).is_some()));
        let paints = filled
            || appearance::paint(after, widget).is_none_or(|paint| {
                paint.strings + paint.pictures + paint.fills > 0 || paint.lines > FRAME_MAX
            });
        if !signed && paints && self.is_visible(widget) {
            self.tell_as(
                Modifications::FormFill,
                "unsigned-box-drawn",
                "Một ô chữ ký chưa ký được vẽ hình lên trang sau khi ký, có thể che hoặc thêm nội dung; cần người xem.",
                Severity::Error,
            );
        }
    }

    /// What a choice shows is the name of what it holds (12.7.5.4).
    fn label(&self, kind: &[u8], field: &Dictionary, held: String) -> String {
        let after = self.graph.after;
        let options = |of: &Dictionary| after.array(of, "Opt");
        let listed = options(field)
            .or_else(|| options(&after.dictionary(field, "Parent")?))
            .filter(|_| kind == b"Ch")
            .unwrap_or_default();
        let text = |object: Option<&Object>| match after.resolve(object.unwrap_or(&Object::Null)) {
            Object::String(text) => Some(decode_text(&text)),
            _ => None,
        };
        listed
            .iter()
            .find_map(|option| match after.resolve(option) {
                Object::Array(pair) if text(pair.first()).as_ref() == Some(&held) => {
                    text(pair.get(1))
                }
                _ => None,
            })
            .unwrap_or(held)
    }

    /// What a box or button shows is what it holds.
    pub(super) fn state(&self, name: &str, new: &Dictionary) {
        let after = self.graph.after;
        let value = held(after, new);
        let shown = after.value(new, "AS");
        let off =
            |state: &Object| *state == Object::Null || matches!(state.as_name(), Some(b"Off"));
        if shown != value && !off(&shown) {
            self.tell_as(
                Modifications::FormFill,
                "appearance-differs-from-value",
                &format!("Trường {name}: ô hiện trên trang khác với giá trị của trường."),
                Severity::Error,
            );
        }
    }

    /// A value was changed and the picture of it was left: the page still shows what was signed while programs read another value.
    pub(super) fn stale(&self, name: &str, kind: &[u8], old: &Dictionary, new: &Dictionary) {
        let after = self.graph.after;
        let form = after
            .catalog()
            .ok()
            .and_then(|(_, catalog)| after.dictionary(&catalog, "AcroForm"));
        let redrawn = form.is_some_and(|form| Self::wants_looks(after, &form));
        if redrawn || new.get("AP").is_none() || !self.is_visible(new) {
            return;
        }
        let value = held(after, new);
        let differs = match (kind, &value) {
            (b"Btn", Object::Name(_) | Object::Null) => {
                let held = value.as_name().unwrap_or(b"Off");
                let states = after
                    .dictionary(new, "AP")
                    .and_then(|looks| after.dictionary(&looks, "N"))
                    .unwrap_or_default();
                let shown = after.value(new, "AS");
                match shown.as_name() {
                    None | Some(b"Off") => {
                        held != b"Off" && states.iter().any(|(state, _)| state == held)
                    }
                    Some(state) => state != held,
                }
            }
            (b"Tx" | b"Ch", Object::String(_) | Object::Null) => {
                let words = |value: &Object| match value {
                    Object::String(text) => self.label(kind, new, decode_text(text)),
                    _ => String::new(),
                };
                let now = words(&value);
                // The picture is the one that was signed: where its letters cannot be read, it shows what was held then.
                now != words(&held(self.graph.before, old))
                    && match appearance::text(after, new) {
                        Some(shown) if now.is_empty() || now.is_ascii() && !shown.is_empty() => {
                            !appearance::agree(&shown, &now)
                        }
                        _ => true,
                    }
            }
            _ => false,
        };
        if differs {
            self.tell_as(
                Modifications::FormFill,
                "appearance-differs-from-value",
                &format!("Trường {name}: chữ hiện trên trang khác với giá trị của trường."),
                Severity::Error,
            );
        }
    }

    /// What a text field shows must be what it holds (shadow attack by a form overlay).
    pub(super) fn looks(
        &self,
        name: &str,
        kind: &[u8],
        old: &Dictionary,
        new: &Dictionary,
        changed: &[&str],
    ) {
        if kind != b"Tx" && kind != b"Ch" || !changed.contains(&"AP") {
            return;
        }
        let after = self.graph.after;
        let value = held(after, new);
        let shown = appearance::text(after, new);
        let held = match value {
            Object::String(text) => decode_text(&text),
            _ => String::new(),
        };
        let held = self.label(kind, new, held);
        let framed = self
            .graph
            .before
            .dictionary(old, "MK")
            .is_some_and(|looks| ["BG", "BC"].iter().any(|key| looks.get(key).is_some()));
        // An empty field shows its frame and no more; text needs no pictures.
        let paints = match appearance::paint(after, new) {
            None => held.is_empty(),
            Some(paint) if held.is_empty() => {
                paint.pictures + paint.strings > 0
                    || paint.fills + paint.lines > if framed { FRAME_MAX } else { 0 }
            }
            Some(paint) => paint.pictures > 0,
        };
        let differs = paints || shown.is_some_and(|shown| !appearance::agree(&shown, &held));
        if differs {
            self.tell_as(
                Modifications::FormFill,
                "appearance-differs-from-value",
                &format!("Trường {name}: chữ hiện trên trang khác với giá trị của trường."),
                Severity::Error,
            );
        }
    }
}
