//! Slips by the standard forms: read, printed, saved; officers sign them, and see what an act would issue before it.

use super::allowed::allowed;
use super::result_signing::{SignPaper, Signed};
use crate::api::{self, Answer};
use crate::part::notice::{Notice, Tone};
use crate::part::reader::Reader;
use crate::screen::my_dossier::{blob, download};
use crate::text::{self, fill, n, t};
use crate::{format, text::after::act as name_of_act};
use contract::dossier::Dossier;
use contract::life::Act;
use contract::paper::{Hands, PreviewSlip, Slip, SlipForm};
use contract::right::Action;
use contract::value::FileName;
use contract::worker::DocumentId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// Numbers of the engine that no other document of these screens has.
const FIRST: u32 = 700;

/// Name of a form, as people call it.
pub const fn form_name(form: SlipForm) -> &'static str {
    match form {
        SlipForm::Reception => n("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
        SlipForm::Supplement => n("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
        SlipForm::Refusal => n("Phiếu từ chối tiếp nhận giải quyết hồ sơ"),
        SlipForm::Apology => n("Phiếu xin lỗi và hẹn lại ngày trả kết quả"),
        SlipForm::Control => n("Phiếu kiểm soát quá trình giải quyết hồ sơ"),
    }
}

/// The file's name on a device.
fn file_name(form: SlipForm, number: u32, code: &str) -> String {
    let word = match form {
        SlipForm::Reception => "giay-tiep-nhan",
        SlipForm::Supplement => "phieu-bo-sung",
        SlipForm::Refusal => "phieu-tu-choi",
        SlipForm::Apology => "phieu-xin-loi",
        SlipForm::Control => "phieu-kiem-soat",
    };
    if number > 1 {
        format!("{word}-{number}-{code}.pdf")
    } else {
        format!("{word}-{code}.pdf")
    }
}

/// Opens a PDF in a window of its own, where the browser prints it.
fn open_to_print(bytes: &[u8]) {
    let address =
        blob(bytes).and_then(|file| web_sys::Url::create_object_url_with_blob(&file).ok());
    if let Some(address) = address {
        let _ = window().open_with_url_and_target(&address, "_blank");
        // The window has it by then.
        set_timeout(
            move || {
                let _ = web_sys::Url::revoke_object_url(&address);
            },
            std::time::Duration::from_secs(60),
        );
    }
}

/// What is done with a paper's bytes.
type Use = Box<dyn FnOnce(&[u8])>;

/// Where a paper comes from.
#[derive(Clone, Copy)]
enum From {
    Slip(Uuid),
    Control,
}

#[component]
fn OnePaper(
    officer: bool,
    dossier: Uuid,
    document: DocumentId,
    from: From,
    /// What it is.
    label: String,
    /// When, and which form.
    below: String,
    /// Its name on the device.
    name: String,
    /// Who signed it, and what else can be done.
    children: Children,
) -> impl IntoView {
    let reading = RwSignal::new(false);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let load = move || async move {
        match from {
            From::Slip(slip) => api::paper::slip(officer, dossier, slip).await,
            From::Control => api::paper::control(dossier).await,
        }
    };
    let with = move |done: Use| {
        trouble.set(None);
        spawn_local(async move {
            match load().await {
                Ok(bytes) => done(&bytes),
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
        });
    };
    let (saved, shown) = (name.clone(), name);
    let save = move |_| {
        let name = saved.clone();
        with(Box::new(move |bytes| download(bytes, &name)));
    };
    let (see, print, keep) = (label.clone(), label.clone(), label.clone());
    let see = move || {
        if reading.get() {
            fill("Đóng phiếu {}", &[&see])
        } else {
            fill("Xem phiếu {}", &[&see])
        }
    };
    view! {
        <li class="file-row slip">
            <p class="name">{label}<span class="hint">{below}</span></p>
            <p class="row">
                <button type="button" class="button" aria-label=see aria-expanded=move || reading.get().to_string() on:click=move |_| reading.update(|reading| *reading = !*reading)>
                    {move || if reading.get() { t("Đóng phiếu") } else { t("Xem phiếu") }}
                </button>
                <button type="button" class="button" aria-label=fill("Mở để in {}", &[&print]) on:click=move |_| with(Box::new(open_to_print))>{t("Mở để in")}</button>
                <button type="button" class="button" aria-label=fill("Tải về {}", &[&keep]) on:click=save>{t("Tải về")}</button>
            </p>
            {children()}
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            {move || reading.get().then(|| {
                let load = move || async move { Ok(load().await?) };
                view! { <Reader document name=shown.clone() load/> }
            })}
        </li>
    }
}

/// The slips of a dossier. Citizens see those that were issued to them; officers also form 05, and sign.
#[component]
pub fn Slips(
    dossier: Dossier,
    officer: bool,
    /// What an officer sees below a slip that somebody signed, by its number and its name on a device.
    #[prop(optional)]
    history: Option<Callback<(Uuid, String), AnyView>>,
) -> impl IntoView {
    let id = dossier.summary.id;
    let list: RwSignal<Option<Answer<Vec<Slip>>>> = RwSignal::new(None);
    spawn_local(async move {
        let _ = list.try_set(Some(api::paper::slips(officer, id).await));
    });
    let signs = officer && allowed(&dossier)(Action::SignSlip);
    let code = dossier.summary.code.to_string();
    let dossier = StoredValue::new(dossier);
    let lines = move || {
        match list.get() {
        None => view! { <li role="status">{t("Đang tải…")}</li> }.into_any(),
        Some(Err(error)) => {
            view! { <li><Notice tone=Tone::Bad>{text::api(&error)}</Notice></li> }.into_any()
        }
        Some(Ok(slips)) => (FIRST..)
            .map(DocumentId)
            .zip(slips)
            .map(|(document, slip)| {
                let name = file_name(slip.form, slip.number, &code);
                let label = if slip.number > 1 {
                    fill("{} (lần {})", &[&t(form_name(slip.form)), &slip.number])
                } else {
                    t(form_name(slip.form)).to_owned()
                };
                let below = fill("Mẫu số {} · {}", &[&slip.form.number(), &format::moment(slip.at)]);
                let open = signs && slip.hands.signers.is_empty();
                let paper: Option<FileName> = name.parse().ok().filter(|_| open);
                let hands = slip.hands.clone();
                let history = history.filter(|_| !hands.signings.is_empty());
                let told = name.clone();
                view! {
                    <OnePaper officer dossier=id document from=From::Slip(slip.id) label below name>
                        <Signed hands/>
                        {paper.map(|file_name| view! {
                            <div class="row"><SignPaper dossier=dossier.get_value() id=slip.id slip=true file_name label=t("Ký số phiếu")/></div>
                        })}
                        {history.map(|history| history.run((slip.id, told)))}
                    </OnePaper>
                }
            })
            .collect_view()
            .into_any(),
    }
    };
    let control = move || {
        officer.then(|| {
        let name = dossier.with_value(|dossier| {
            file_name(SlipForm::Control, 1, &dossier.summary.code.to_string())
        });
        let label = t(form_name(SlipForm::Control)).to_owned();
        let below = fill("Mẫu số {} · {}", &[&"05", &t("lập theo tình trạng hiện tại")]);
        view! {
            <OnePaper officer dossier=id document=DocumentId(FIRST - 1) from=From::Control label below name><Signed hands=Hands::default()/></OnePaper>
        }
        })
    };
    // A citizen's dossier that came to no slip yet says nothing of them.
    let shown = move || officer || !matches!(list.get(), Some(Ok(slips)) if slips.is_empty());
    view! {
        <Show when=shown>
            <section class="slips" aria-labelledby="slips">
                <h2 id="slips">{t("Giấy tờ, phiếu theo mẫu")}</h2>
                <ul class="files">{lines.clone()}{control}</ul>
            </section>
        </Show>
    }
}

/// `Xem trước phiếu` beside an act: what it would issue, as far as it is typed.
#[component]
pub fn PreviewOf(
    dossier: Uuid,
    act: Act,
    /// What is asked for; filled in when it is pressed.
    asked: Callback<(), PreviewSlip>,
) -> impl IntoView {
    let shown: RwSignal<Option<Result<u32, String>>> = RwSignal::new(None);
    let kept: StoredValue<Vec<u8>> = StoredValue::new(Vec::new());
    let busy = RwSignal::new(false);
    let turn = StoredValue::new(0_u32);
    let press = move |_| {
        if matches!(shown.get_untracked(), Some(Ok(_))) {
            shown.set(None);
            return;
        }
        let asked = asked.run(());
        busy.set(true);
        spawn_local(async move {
            let made = api::paper::preview(dossier, &asked).await;
            let made = made.map_err(|error| text::api(&error)).map(|bytes| {
                let _ = kept.try_set_value(bytes);
                let _ = turn.try_update_value(|turn| *turn = turn.wrapping_add(1));
                turn.try_get_value().unwrap_or(0)
            });
            let _ = shown.try_set(Some(made));
            let _ = busy.try_set(false);
        });
    };
    let label = fill("Xem trước phiếu: {}", &[&t(name_of_act(act))]);
    let words = label.clone();
    view! {
        <button type="button" class="button preview-slip" aria-label=label aria-expanded=move || matches!(shown.get(), Some(Ok(_))).to_string() aria-busy=move || busy.get().to_string() disabled=move || busy.get() on:click=press>
            {move || if matches!(shown.get(), Some(Ok(_))) { t("Đóng bản xem trước").to_owned() } else { words.clone() }}
        </button>
        {move || shown.get().map(|made| match made {
            Err(sentence) => view! { <Notice tone=Tone::Bad>{sentence}</Notice> }.into_any(),
            Ok(_) => {
                let load = move || async move { Ok(kept.try_get_value().unwrap_or_default()) };
                view! { <Reader document=DocumentId(FIRST - 2) name="xem-truoc.pdf" load/> }.into_any()
            }
        })}
    }
}
