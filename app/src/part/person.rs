//! A person's fields, on a dossier and in the account: who it is, and where they can be reached.

use crate::part::field::{DateField, OptionField, TextField, Told, UnitField, id_of, units};
use crate::text::{n, t};
use contract::dossier::Applicant;
use leptos::prelude::*;

/// Labels by field.
const LABELS: [(&str, &str); 17] = [
    ("name", n("Họ và tên")),
    ("citizen_id", n("Số CMND/CCCD")),
    ("id_issued_on", n("Ngày cấp")),
    ("id_issued_by", n("Nơi cấp")),
    ("born_on", n("Ngày sinh")),
    ("sex", n("Giới tính")),
    ("nationality", n("Quốc tịch")),
    ("phone", n("Số điện thoại")),
    ("email", n("Email")),
    ("fax", n("Fax")),
    ("province", n("Tỉnh/Thành phố")),
    ("district", n("Quận/Huyện")),
    ("ward", n("Phường/Xã")),
    ("address", n("Địa chỉ")),
    ("organisation", n("Tên tổ chức (nếu có)")),
    ("content", n("Nội dung yêu cầu giải quyết")),
    ("note", n("Ghi chú")),
];

/// The sexes: they are kept as they are shown in Vietnamese.
const SEXES: [&str; 3] = [n("Nam"), n("Nữ"), n("Khác")];

/// What a field is called.
pub fn label_of(name: &str) -> &'static str {
    LABELS
        .iter()
        .find(|(field, _)| *field == name)
        .map_or("", |(_, label)| t(label))
}

/// A sex as it is shown.
pub fn sex(kept: &str) -> String {
    SEXES
        .into_iter()
        .find(|known| *known == kept)
        .map_or_else(|| kept.to_owned(), |known| t(known).to_owned())
}

/// Where a field lies.
pub type Write = fn(&mut Applicant) -> &mut String;

/// A field: read, write.
type Part = (fn(&Applicant) -> &String, Write);

/// The fields of one person on screen.
#[derive(Clone, Copy)]
pub struct PersonForm {
    told: Told,
    /// Before the names of the fields in pointers, e.g. `/applicant`.
    before: &'static str,
    person: Memo<Applicant>,
    edit: Callback<(Write, String)>,
}

impl PersonForm {
    /// `edit` is told of every keystroke.
    pub fn new(
        told: Told,
        before: &'static str,
        person: Memo<Applicant>,
        edit: impl Fn(Write, String) + Send + Sync + 'static,
    ) -> Self {
        Self {
            told,
            before,
            person,
            edit: Callback::new(move |(part, text)| edit(part, text)),
        }
    }

    fn pointer(self, name: &str) -> String {
        format!("{}/{name}", self.before)
    }

    /// Id of a field.
    pub fn id(self, name: &str) -> String {
        id_of(&self.pointer(name))
    }

    /// What is wrong with a field.
    pub fn error(self, name: &str) -> Signal<Option<String>> {
        self.told.error(self.pointer(name))
    }

    /// What stands in a field.
    pub fn read(self, read: fn(&Applicant) -> &String) -> Signal<String> {
        Signal::derive(move || self.person.with(|person| read(person).clone()))
    }

    /// Somebody wrote into a field.
    pub fn write(self, name: &str, part: Write, text: String) {
        self.edit.run((part, text));
        self.told.typed(&self.pointer(name));
    }

    /// Somebody left a field.
    pub fn left(self, name: &str) {
        self.told.left(&self.pointer(name));
    }
}

macro_rules! part {
    ($field:ident) => {
        (
            |person: &Applicant| &person.$field,
            |person: &mut Applicant| &mut person.$field,
        )
    };
}

/// How a line is asked for.
#[derive(Clone, Copy, Default)]
struct Line {
    required: bool,
    kind: &'static str,
    keyboard: &'static str,
    autocomplete: &'static str,
    width: &'static str,
    hint: &'static str,
}

const fn line(autocomplete: &'static str) -> Line {
    Line {
        required: false,
        kind: "text",
        keyboard: "",
        autocomplete,
        width: "",
        hint: "",
    }
}

/// A line of text.
fn text(form: PersonForm, name: &'static str, (read, write): Part, line: Line) -> impl IntoView {
    view! {
        <TextField
            id=form.id(name)
            label=label_of(name)
            kind=line.kind
            keyboard=line.keyboard
            autocomplete=line.autocomplete
            width=line.width
            hint=t(line.hint)
            required=line.required
            error=form.error(name)
            value=form.read(read)
            on_input=move |text: String| form.write(name, write, text)
            on_blur=move |()| form.left(name)
        />
    }
}

/// A date.
fn date(
    form: PersonForm,
    name: &'static str,
    (read, write): Part,
    autocomplete: &'static str,
) -> impl IntoView {
    view! {
        <DateField
            id=form.id(name)
            label=label_of(name)
            autocomplete=autocomplete
            error=form.error(name)
            value=form.read(read)
            on_input=move |text: String| form.write(name, write, text)
            on_blur=move |()| form.left(name)
        />
    }
}

/// Who it is. In the account the name and the number are what the account was made with, and stand elsewhere.
#[component]
pub fn WhoFields(
    form: PersonForm,
    /// Without name and number.
    #[prop(optional)]
    known: bool,
) -> impl IntoView {
    let sexes = SEXES
        .into_iter()
        .map(|kept| (kept.to_owned(), t(kept).to_owned()))
        .collect::<Vec<_>>();
    view! {
        <div class="grid two">
            {(!known).then(|| view! {
                {text(form, "name", part!(name), Line { required: true, ..line("name") })}
                {text(form, "citizen_id", part!(citizen_id), Line { required: true, keyboard: "numeric", width: "middle", hint: n("12 chữ số trên thẻ căn cước, hoặc 9 chữ số của CMND."), ..line("off") })}
            })}
            {date(form, "id_issued_on", part!(id_issued_on), "off")}
            {text(form, "id_issued_by", part!(id_issued_by), line("off"))}
            {date(form, "born_on", part!(born_on), "bday")}
            <OptionField id=form.id("sex") label=label_of("sex") options=sexes
                error=form.error("sex")
                value=form.read(|person| &person.sex)
                on_input=move |text: String| form.write("sex", |person| &mut person.sex, text)/>
            {text(form, "nationality", part!(nationality), line("country-name"))}
            {text(form, "organisation", part!(organisation), line("organization"))}
        </div>
    }
}

/// Where they can be reached. On a dossier phone and address must be filled.
#[component]
pub fn ReachFields(form: PersonForm, #[prop(optional)] required: bool) -> impl IntoView {
    view! {
        <div class="grid two">
            {text(form, "phone", part!(phone), Line { required, kind: "tel", width: "middle", hint: n("Cán bộ gọi số này khi cần hỏi thêm."), ..line("tel") })}
            {text(form, "email", part!(email), Line { kind: "email", hint: n("Để nhận thông báo về hồ sơ."), ..line("email") })}
            <Place form required/>
            {text(form, "address", part!(address), Line { required, hint: n("Số nhà, đường, thôn hoặc tổ dân phố."), ..line("street-address") })}
            {text(form, "fax", part!(fax), Line { kind: "tel", width: "middle", ..line("fax tel") })}
        </div>
    }
}

/// Province, district where the units have three levels, ward.
#[component]
fn Place(form: PersonForm, required: bool) -> impl IntoView {
    let units = units();
    let three = Memo::new(move |_| {
        units.with(|units| units.as_ref().is_some_and(|units| units.levels.len() == 3))
    });
    let province = form.read(|person| &person.province);
    let district = form.read(|person| &person.district);
    let ward_above = Signal::derive(move || {
        if three.get() {
            vec![province.get(), district.get()]
        } else {
            vec![province.get()]
        }
    });
    view! {
        <UnitField id=form.id("province") label=label_of("province") units above=Signal::derive(Vec::new) required autocomplete="address-level1"
            value=province error=form.error("province")
            on_input=move |text: String| {
                // What lies in another province is chosen anew.
                if province.get_untracked() != text && units.with_untracked(Option::is_some) {
                    form.write("ward", |person| &mut person.ward, String::new());
                    form.write("district", |person| &mut person.district, String::new());
                }
                form.write("province", |person| &mut person.province, text);
            }
            on_blur=move |()| form.left("province")/>
        <Show when=move || three.get()>
            <UnitField id=form.id("district") label=label_of("district") units above=Signal::derive(move || vec![province.get()])
                value=district error=form.error("district")
                on_input=move |text: String| {
                    if district.get_untracked() != text {
                        form.write("ward", |person| &mut person.ward, String::new());
                    }
                    form.write("district", |person| &mut person.district, text);
                }
                on_blur=move |()| form.left("district")/>
        </Show>
        <UnitField id=form.id("ward") label=label_of("ward") units above=ward_above required autocomplete="address-level2"
            value=form.read(|person| &person.ward) error=form.error("ward")
            on_input=move |text: String| form.write("ward", |person| &mut person.ward, text)
            on_blur=move |()| form.left("ward")/>
    }
}
