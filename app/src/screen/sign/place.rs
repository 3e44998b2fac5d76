//! Placing: the files one after the other, what their signatures show, and the way to the dialog that sends them all.

use super::action::{self, Action, Next};
use super::choose::{Choice, Choose, Chosen};
use super::desk::{Desk, Form};
use super::files::{Files, SigningFile, Stage};
use super::kept::Gathered;
use super::list::FileList;
use super::locked::Locked;
use super::look::{Look, Signer};
use super::sheet::{Shown, Standard};
use super::{Ready, unseen};
use crate::draft::habit::{self, Habit};
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::placement::{Picture, geometry, on_screen};
use crate::part::viewer::{Viewer, Viewing};
use crate::session::session;
use crate::signing::Trouble;
use crate::text::{self, fill, t};
use contract::appearance::AppearanceMode;
use contract::profile::SignatureProfile;
use contract::worker::WorkerProblem;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use std::time::Duration;
use wasm_bindgen::JsCast as _;

/// How long the boxes rest before they are written down.
const REST: Duration = Duration::from_millis(300);

/// The screen once the draft is there.
#[component]
pub fn PlaceBox(ready: Ready) -> impl IntoView {
    let back = super::back_to(ready.shelf.draft, ready.paper);
    let files = Files::new(ready.attachments.clone(), &ready.gathered.files);
    let form = Form {
        owner: ready.shelf.account,
        procedure: ready.procedure.clone(),
    };
    let desk = Desk::new(files, form);
    if ready.profiles.is_empty() {
        return view! { <WithoutProfile files back/> }.into_any();
    }
    let Some(first) = files.get(0).filter(|_| !files.are_several()) else {
        return view! { <Placing ready desk back/> }.into_any();
    };
    // Alone on the screen, a file that cannot be signed has the screen for itself.
    let unlock = unlocking(desk.clone());
    let (is_desk, called) = (ready.paper.is_some(), super::back_button(&back));
    let (ready, desk, stage) = (StoredValue::new(ready), StoredValue::new(desk), first.stage);
    view! {
        {move || match stage.get() {
            Stage::Opening => view! { <div class="wrap"><h1>{t("Đang mở tài liệu…")}</h1><Loading/></div> }.into_any(),
            Stage::Failed(trouble) => view! { <Unopened file=first.clone() trouble back=back.clone() unlock/> }.into_any(),
            Stage::Unsignable { facts } => {
                let (why, pages) = (text::signability(facts.signability), facts.pages.clone());
                view! {
                <div class="wrap">
                    <h1>{t("Tài liệu này chưa ký được")}</h1>
                    <Notice tone=Tone::Bad>{why}</Notice>
                    <Locked file=first.clone() unlock/>
                    {(!is_desk).then(|| view! { <p>{t("Tệp bạn đã đính kèm vẫn được giữ nguyên. Bạn có thể thay tệp khác trong bước Thành phần hồ sơ.")}</p> })}
                    <p><A href=back.clone() attr:class="button">{called}</A></p>
                    <div class="reader"><Viewer document=first.document pages/></div>
                </div>
            }.into_any()
            }
            Stage::Open { .. } => view! { <Placing ready=ready.get_value() desk=desk.get_value() back=back.clone()/> }.into_any(),
        }}
    }
    .into_any()
}

/// Opens a file with a password.
fn unlocking(desk: Desk) -> Callback<(usize, String)> {
    let desk = StoredValue::new(desk);
    Callback::new(move |(index, password)| {
        let desk = desk.get_value();
        spawn_local(async move { desk.unlock(index, password).await });
    })
}

/// A file that cannot be opened, and the way to read it where it only has a password.
#[component]
fn Unopened(
    file: SigningFile,
    trouble: Trouble,
    back: String,
    unlock: Callback<(usize, String)>,
) -> impl IntoView {
    let locked = trouble == Trouble::Engine(WorkerProblem::PasswordRequired);
    let (heading, why) = if locked {
        (
            t("Tệp có mật khẩu"),
            t("Tệp PDF có mật khẩu. Vui lòng nhập mật khẩu để mở và ký.").to_owned(),
        )
    } else {
        (t("Chưa mở được tài liệu để ký"), trouble.sentence())
    };
    view! {
        <div class="wrap">
            <h1>{heading}</h1>
            {if locked {
                view! { <p>{why}</p> }.into_any()
            } else {
                view! { <Notice tone=Tone::Bad>{why}</Notice> }.into_any()
            }}
            <Locked file unlock/>
            <p><A href=back.clone() attr:class="button">{super::back_button(&back)}</A></p>
        </div>
    }
}

/// Nobody can sign without a profile, but everybody can read.
#[component]
fn WithoutProfile(files: Files, back: String) -> impl IntoView {
    view! {
        <div class="signing">
            {head(files, &back)}
            {move || files.shown().map(|file| match file.stage.get() {
                Stage::Open { facts, .. } | Stage::Unsignable { facts } => view! { <Viewer document=file.document pages=facts.pages.clone()/> }.into_any(),
                Stage::Opening => view! { <Loading/> }.into_any(),
                Stage::Failed(trouble) => view! { <Notice tone=Tone::Bad>{trouble.sentence()}</Notice> }.into_any(),
            })}
            <div class="notes">
                <Notice tone=Tone::Info>
                    {t("Bạn chưa có mẫu chữ ký. ")}
                    <A href="/chu-ky">{t("Tạo mẫu đầu tiên")}</A>
                    {t(" (khoảng 1 phút), rồi quay lại ký tệp này.")}
                </Notice>
            </div>
        </div>
    }
}

fn head(files: Files, back: &str) -> impl IntoView + use<> {
    let (count, called) = (files.count(), super::back_words(back));
    let name = files
        .get(0)
        .filter(|_| count == 1)
        .map_or(fill("{} tệp", &[&count]), |file| {
            file.attachment.file_name.to_string()
        });
    view! {
        <div class="signing-head">
            <p><A href=back.to_owned()>{called}</A></p>
            <h1>{t("Ký số NEAC")}</h1>
            <p class="file">{name}</p>
        </div>
    }
}

#[component]
fn Placing(ready: Ready, desk: Desk, back: String) -> impl IntoView {
    let Ready {
        shelf,
        paper,
        gathered,
        profiles,
        providers,
        timestamped,
        ..
    } = ready;
    let files = desk.files;
    let state = session();
    let profile = RwSignal::new(first_profile(&profiles, gathered.profile));
    let chosen = Chosen {
        profile,
        account: RwSignal::new(None),
        certificate: RwSignal::new(None),
    };
    let look = RwSignal::new(Look {
        mode: gathered.mode.unwrap_or_default(),
        ..Look::default()
    });
    follow_profile(shelf.account, profile, look, gathered.mode);
    desk.follow_keyword(Memo::new(move |_| {
        profile
            .get()
            .map(|profile| profile.content.keyword.as_str().to_owned())
    }));
    let account_name = state
        .account_now()
        .map(|account| account.name.to_string())
        .unwrap_or_default();
    let signer = Memo::new(move |_| {
        let account = chosen
            .account
            .get()
            .or_else(|| profile.get()?.content.accounts.first().cloned());
        Signer {
            name: account_name.clone(),
            masked_id: account.map(|account| account.citizen_id.masked()),
            certificate: chosen.certificate.get(),
        }
    });
    let image = Memo::new(move |_| {
        profile
            .get()
            .and_then(|profile| profile.content.image.map(|image| image.0))
    });
    let shown = Signal::derive(move || {
        profile.get()?;
        let image = image.get();
        let appearance =
            look.with(|look| look.appearance(&signer.get(), state.now(), image.as_deref()));
        Some((appearance, image))
    });
    let invisible = Memo::new(move |_| look.with(|look| look.mode == AppearanceMode::Invisible));
    keep_ratio(files, look, image);
    let owner = shelf.account;
    let keep_look = Callback::new(move |()| {
        let (Some(profile), kept) = (profile.get_untracked(), look.get_untracked()) else {
            return;
        };
        spawn_local(async move {
            let habit = Habit::Look {
                account: owner,
                profile: profile.id,
            };
            let _ = habit::remember(habit, &kept).await;
        });
    });
    let gathered_now = move || {
        let mode = look.with(|look| look.mode);
        Gathered {
            files: files.list().iter().map(SigningFile::keep).collect(),
            profile: profile.with(|profile| profile.as_ref().map(|profile| profile.id)),
            mode: gathered.mode.map(|_| mode),
            follows: gathered.follows,
            rounds: gathered.rounds,
        }
    };
    let gathered_now = Signal::derive(gathered_now);
    keep_boxes(shelf, gathered_now);
    let after = Callback::new(move |()| {
        // A file that was signed alone begins anew; of several, the rest may need another confirmation.
        if shelf.attachment.is_some() {
            return Gathered::default();
        }
        let now = gathered_now.get_untracked();
        Gathered {
            follows: None,
            rounds: now.rounds + 1,
            ..now
        }
    });
    let unseen = Memo::new(move |_| unseen::sentence(&files.taken(), files.are_several()));
    let look_now = Callback::new(move |()| unseen::show_first(files));

    let picture: RwSignal<Option<Picture>> = RwSignal::new(None);
    let viewing: RwSignal<Option<Viewing>> = RwSignal::new(None);
    let (open, sheet) = (RwSignal::new(false), RwSignal::new(false));
    let next = Memo::new(move |_| action::next(files, invisible.get(), picture.get()));
    let main = Callback::new(move |()| {
        let page = viewing
            .get_untracked()
            .and_then(|viewing| viewing.current.try_get_untracked());
        action::press(
            files,
            next.get_untracked(),
            invisible.get_untracked(),
            page.unwrap_or(0),
            open,
        );
    });
    let key = move |event: web_sys::KeyboardEvent| {
        if is_typing(&event) || open.get_untracked() {
            return;
        }
        if used(&event, files, sheet, next, main) {
            event.prevent_default();
        }
    };
    let standard = Standard {
        files,
        look,
        shown,
        has_image: Signal::derive(move || image.with(Option::is_some)),
        invisible,
        sheet,
        picture,
        viewing,
        keep_look,
        desk_shown: desk.shown,
        unlock: unlocking(desk.clone()),
    };
    let choice = Choice {
        desk,
        shelf,
        paper,
        profiles,
        providers,
        timestamped,
        follows: gathered.follows,
        rounds: gathered.rounds,
    };
    view! {
        <div class="signing" class:together=files.are_several() on:keydown=key>
            {head(files, &back)}
            {files.are_several().then(|| view! { <FileList files invisible/> })}
            <Shown standard/>
            <Action files next invisible sheet viewing main/>
            <p hidden id="box-keys">{t("Mũi tên để dời, Alt và mũi tên để đổi cỡ, Page Up và Page Down để sang trang khác, Delete để xóa.")}</p>
            <p hidden id="mark-keys">{t("Hình minh họa, không phải chữ ký số. Mũi tên để dời, Enter để dùng làm chữ ký số, Delete để xóa.")}</p>
            <Choose open choice chosen look signer unseen look_now after/>
        </div>
    }
}

fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok())
        .is_some_and(|input| !matches!(input.type_().as_str(), "radio" | "checkbox"))
}

/// Keys that work wherever the focus is on the screen; true when it was one of them.
fn used(
    event: &web_sys::KeyboardEvent,
    files: Files,
    sheet: RwSignal<bool>,
    next: Memo<Next>,
    main: Callback<()>,
) -> bool {
    match event.key().as_str() {
        "Escape" if sheet.get_untracked() => sheet.set(false),
        "Enter" if event.ctrl_key() => {
            if next.get_untracked().is_open(files.are_several()) {
                main.run(());
            }
        }
        "PageDown" if event.alt_key() && files.are_several() => files.turn(true),
        "PageUp" if event.alt_key() && files.are_several() => files.turn(false),
        _ => {
            return files
                .shown_now()
                .and_then(|file| file.placement_now())
                .is_some_and(|placement| on_screen(placement, event));
        }
    }
    true
}

/// The profile of an earlier try, else the default one.
fn first_profile(
    profiles: &[SignatureProfile],
    wanted: Option<uuid::Uuid>,
) -> Option<SignatureProfile> {
    profiles
        .iter()
        .find(|profile| Some(profile.id) == wanted)
        .or_else(|| profiles.iter().find(|profile| profile.is_default))
        .or(profiles.first())
        .cloned()
}

/// What a profile showed last time is shown again; the mode of an earlier try stays.
fn follow_profile(
    owner: uuid::Uuid,
    profile: RwSignal<Option<SignatureProfile>>,
    look: RwSignal<Look>,
    mut wanted_mode: Option<AppearanceMode>,
) {
    Effect::new(move |_| {
        let Some(profile) = profile.get() else { return };
        let mode = wanted_mode.take();
        spawn_local(async move {
            let habit = Habit::Look {
                account: owner,
                profile: profile.id,
            };
            let mut kept: Look = habit::recall(habit).await.unwrap_or_default();
            if let Some(mode) = mode {
                kept.mode = mode;
            }
            let _ = look.try_set(kept);
        });
    });
}

/// A box that shows the image alone keeps the image's ratio, in every file.
fn keep_ratio(files: Files, look: RwSignal<Look>, image: Memo<Option<Vec<u8>>>) {
    let ratio = Memo::new(move |_| {
        image
            .with(|image| image.as_deref().and_then(geometry::png_ratio))
            .filter(|_| {
                look.with(|look| look.mode == AppearanceMode::ImageOnly && look.keeps_ratio)
            })
    });
    Effect::new(move |_| {
        let ratio = ratio.get();
        for placement in files.list().iter().filter_map(SigningFile::placement) {
            if placement.ratio.get_untracked() != ratio {
                placement.keep_ratio(ratio);
            }
        }
    });
}

/// Writes down what the person did once it rests.
fn keep_boxes(shelf: super::kept::Shelf, gathered: Signal<Gathered>) {
    let turn = StoredValue::new(0_u32);
    Effect::new(move |before: Option<Gathered>| {
        let now = gathered.get();
        if before.as_ref().is_some_and(|before| *before != now) {
            turn.update_value(|turn| *turn = turn.wrapping_add(1));
            let (this, kept) = (turn.get_value(), now.clone());
            set_timeout(
                move || {
                    if turn.try_get_value() == Some(this) {
                        spawn_local(async move {
                            // A device that cannot keep it proposes again after a reload, and that is all.
                            let _ = shelf.write(&kept).await;
                        });
                    }
                },
                REST,
            );
        }
        now
    });
}
