//! Placing: the pages, the boxes on them, what is to be told about the place, and the settings beside them.

use super::candidate::{Candidate, candidates, unseen};
use super::choose::{Choice, Choose, Chosen};
use super::look::{Look, LookSettings, Signer};
use super::seen::seen;
use super::{DOCUMENT, Ready};
use crate::draft::habit::{self, Habit};
use crate::engine;
use crate::part::notice::{Notice, Tone};
use crate::part::placement::arrangement::Which;
use crate::part::placement::memory::Remembered;
use crate::part::placement::{
    MarksRule, Numbers, PageBoxes, Picture, Placed, Placement, Sheet, geometry, on_screen,
};
use crate::part::viewer::{OnTap, Overlay, Target, Viewer, Viewing};
use crate::session::session;
use crate::signing::pending::PendingSigning;
use crate::text;
use contract::appearance::AppearanceMode;
use contract::geometry::Size;
use contract::worker::{Answer, Ask, Signability};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use std::sync::Arc;
use wasm_bindgen::JsCast as _;

/// Size of a fresh box, in points: 60 × 21 mm.
const BOX: Size = Size {
    width: 170.0,
    height: 60.0,
};

/// The screen once the document is open.
#[component]
pub fn PlaceBox(
    ready: Ready,
    /// An earlier try: its boxes, appearance and profile stay.
    again: Option<PendingSigning>,
) -> impl IntoView {
    let back = format!("/ho-so/{}/thanh-phan", ready.draft.id);
    if ready.facts.signability != Signability::Ready {
        return view! {
            <div class="wrap">
                <h1>"Tài liệu này chưa ký được"</h1>
                <Notice tone=Tone::Bad>{text::signability(ready.facts.signability)}</Notice>
                <p>"Tệp bạn đã đính kèm vẫn được giữ nguyên. Bạn có thể thay tệp khác trong bước Thành phần hồ sơ."</p>
                <p><A href=back attr:class="button">"Quay lại thành phần hồ sơ"</A></p>
                <div class="reader"><Viewer document=DOCUMENT pages=ready.facts.pages/></div>
            </div>
        }
        .into_any();
    }
    if ready.profiles.is_empty() {
        return view! {
            <div class="signing">
                <Head back file=ready.attachment.file_name.to_string()/>
                <Viewer document=DOCUMENT pages=ready.facts.pages/>
                <div class="notes">
                    <Notice tone=Tone::Info>
                        "Bạn chưa có mẫu chữ ký. "
                        <A href="/chu-ky">"Tạo mẫu đầu tiên"</A>
                        " (khoảng 1 phút), rồi quay lại ký tệp này."
                    </Notice>
                </div>
            </div>
        }
        .into_any();
    }
    view! { <Placing ready again back/> }.into_any()
}

#[component]
fn Head(back: String, file: String) -> impl IntoView {
    view! {
        <div class="signing-head">
            <p><A href=back>"‹ Thành phần hồ sơ"</A></p>
            <h1>"Ký số NEAC"</h1>
            <p class="file">{file}</p>
        </div>
    }
}

#[component]
fn Placing(ready: Ready, again: Option<PendingSigning>, back: String) -> impl IntoView {
    let Ready {
        draft,
        attachment,
        facts,
        profiles,
        providers,
    } = ready;
    let state = session();
    let owner = draft.account;
    let form = (
        draft.procedure.summary.code.to_string(),
        attachment.component.clone(),
    );
    let signatures = facts.signatures.len();
    let placement = Placement::new(Sheet {
        document: DOCUMENT,
        pages: facts.pages.clone(),
        signatures: facts.signature_boxes.clone(),
        marks: if signatures == 0 {
            MarksRule::Allowed
        } else {
            MarksRule::Refused
        },
        fresh: BOX,
    });
    let profile = RwSignal::new(first_profile(&profiles, again.as_ref()));
    let chosen = Chosen {
        profile,
        account: RwSignal::new(None),
        certificate: RwSignal::new(None),
    };
    let look = RwSignal::new(Look::default());
    let again = again.and_then(|again| again.file(attachment.id).cloned());
    let wanted_mode = again.as_ref().map(|again| again.mode);
    if let Some(again) = again {
        if again.mode != AppearanceMode::Invisible {
            let placed = Placed {
                page: again.page,
                rect: again.rect,
            };
            placement.restore(placed, &again.copies);
            placement.show(Which::Signature);
        }
        look.update(|look| look.mode = again.mode);
    }
    follow_profile(owner, profile, look, wanted_mode);
    let offered = propose(owner, form.clone(), profile, placement, facts.pages.clone());
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
    let picture = Picture::of(placement, shown);
    let has_image = Signal::derive(move || image.with(Option::is_some));
    Effect::new(move |before: Option<Option<f64>>| {
        let ratio = image
            .with(|image| image.as_deref().and_then(geometry::png_ratio))
            .filter(|_| {
                look.with(|look| look.mode == AppearanceMode::ImageOnly && look.keeps_ratio)
            });
        if before.flatten() != ratio {
            placement.keep_ratio(ratio);
        }
        ratio
    });
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
    let invisible = Memo::new(move |_| look.with(|look| look.mode == AppearanceMode::Invisible));
    let viewing = Viewing::new(DOCUMENT, &facts.pages);
    let seen = seen(viewing);
    let unseen = Memo::new(move |_| {
        seen.with(|pages| unseen(|page| pages.contains(&page), placement.count()))
    });
    let look_now = Callback::new(move |()| {
        let first =
            seen.with_untracked(|pages| (0..placement.count()).find(|page| !pages.contains(page)));
        if let Some(page) = first {
            let y = placement.bounds(page).height / 2.0;
            placement.follow.set(Some(Target { page, y }));
        }
    });
    let overlay: Overlay = Arc::new(move |page, scale| {
        view! {
            <Show when=move || !invisible.get()>
                <PageBoxes placement page scale picture/>
            </Show>
        }
        .into_any()
    });
    let on_tap: OnTap = Arc::new(move |page, x, y| {
        if !invisible.get_untracked() {
            placement.put_around(page, x, y);
        }
    });
    // The box can be reached by Tab however far away its page is.
    let keep = Signal::derive(move || {
        placement
            .placed()
            .map(|placed| placed.page)
            .into_iter()
            .collect::<Vec<_>>()
    });
    let open = RwSignal::new(false);
    let sheet = RwSignal::new(false);
    let blocked = Memo::new(move |_| {
        let missing = placement.placed().is_none();
        let refused = placement.warnings().iter().any(|warning| warning.blocks());
        !invisible.get() && (missing || refused || picture.problem.get().is_some())
    });
    let key = move |event: web_sys::KeyboardEvent| {
        let typing = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok())
            .is_some_and(|input| !matches!(input.type_().as_str(), "radio" | "checkbox"));
        if typing || open.get_untracked() {
            return;
        }
        let used = if event.key() == "Escape" && sheet.get_untracked() {
            sheet.set(false);
            true
        } else if event.key() == "Enter" && event.ctrl_key() {
            if !blocked.get_untracked() {
                open.set(true);
            }
            true
        } else {
            on_screen(placement, &event)
        };
        if used {
            event.prevent_default();
        }
    };
    let choice = Choice {
        draft: draft.id,
        attachment: attachment.clone(),
        profiles,
        providers,
        document: DOCUMENT,
        form,
    };
    view! {
        <div class="signing" on:keydown=key>
            <Head back file=attachment.file_name.to_string()/>
            <Viewer document=DOCUMENT pages=facts.pages viewing=viewing overlay=overlay keep=keep on_tap=on_tap go_to=placement.follow/>
            <div class="notes">
                {(signatures > 0).then(|| view! {
                    <p class="told">{format!("Tài liệu đã có {signatures} chữ ký số. Chữ ký của bạn sẽ được thêm vào, không làm mất chữ ký cũ.")}</p>
                })}
                <Show when=move || !invisible.get() fallback=|| view! { <p class="told">"Ký không hiện hình: không có ô ký trên trang."</p> }>
                    <Offers placement offered/>
                    <Told placement picture/>
                </Show>
            </div>
            <aside class="panel" id="sign-panel" class:open=move || sheet.get() aria-label="Tùy chọn chữ ký">
                <LookSettings look placement has_image changed=keep_look/>
                <Show when=move || !invisible.get()>
                    <Numbers placement/>
                </Show>
                <Keys/>
            </aside>
            <div class="action">
                <div class="steps">
                    <button type="button" class="button small sheet-toggle" aria-label=move || if sheet.get() { "Đóng tùy chọn" } else { "Tùy chọn" } aria-expanded=move || sheet.get().to_string() aria-controls="sign-panel" on:click=move |_| sheet.update(|open| *open = !*open)>
                        {move || if sheet.get() { "Đóng" } else { "Tùy chọn" }}
                    </button>
                    <button type="button" class="button small step" aria-label="Hoàn tác" title="Hoàn tác (Ctrl+Z)" disabled=move || !placement.can_undo() on:click=move |_| placement.undo()>"↶"</button>
                    <button type="button" class="button small step" aria-label="Làm lại" title="Làm lại (Ctrl+Y)" disabled=move || !placement.can_redo() on:click=move |_| placement.redo()>"↷"</button>
                    <Show when=move || !invisible.get()>
                        <Show
                            when=move || placement.placed().is_some()
                            fallback=move || view! { <button type="button" class="button small" on:click=move |_| placement.put_on(viewing.current.get_untracked())>"Đặt ô ký"</button> }
                        >
                            <button type="button" class="button small" on:click=move |_| placement.go_to_box()>"Đến ô ký"</button>
                        </Show>
                    </Show>
                </div>
                <button type="button" class="button seal" disabled=move || blocked.get() on:click=move |_| open.set(true)>"Chọn vị trí ký"</button>
            </div>
            <Toast placement/>
            <p class="visually-hidden" role="status" id="said">{move || placement.said.get()}</p>
            <p hidden id="box-keys">"Mũi tên để dời, Alt và mũi tên để đổi cỡ, Page Up và Page Down để sang trang khác, Delete để xóa."</p>
            <p hidden id="mark-keys">"Hình minh họa, không phải chữ ký số. Mũi tên để dời, Enter để dùng làm chữ ký số, Delete để xóa."</p>
            <Choose open choice chosen placement look signer unseen look_now/>
        </div>
    }
}

/// The profile of an earlier try, else the default one.
fn first_profile(
    profiles: &[contract::profile::SignatureProfile],
    again: Option<&PendingSigning>,
) -> Option<contract::profile::SignatureProfile> {
    again
        .and_then(|again| {
            profiles
                .iter()
                .find(|profile| profile.id == again.start.profile)
        })
        .or_else(|| profiles.iter().find(|profile| profile.is_default))
        .or(profiles.first())
        .cloned()
}

/// What a profile showed last time is shown again; the mode of an earlier try stays.
fn follow_profile(
    owner: uuid::Uuid,
    profile: RwSignal<Option<contract::profile::SignatureProfile>>,
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

/// The candidates, and which one the box stands on.
#[derive(Clone, Copy)]
struct Offered {
    list: RwSignal<Vec<Candidate>>,
    at: RwSignal<usize>,
}

/// Asks the engine for places whenever the profile's keyword changes; what the person chose stays.
fn propose(
    owner: uuid::Uuid,
    form: (String, String),
    profile: RwSignal<Option<contract::profile::SignatureProfile>>,
    placement: Placement,
    pages: Vec<contract::geometry::PageGeometry>,
) -> Offered {
    let offered = Offered {
        list: RwSignal::new(Vec::new()),
        at: RwSignal::new(0),
    };
    let keyword = Memo::new(move |_| {
        profile
            .get()
            .map(|profile| profile.content.keyword.as_str().to_owned())
    });
    Effect::new(move |_| {
        let Some(keyword) = keyword.get() else { return };
        let (form, pages) = (form.clone(), pages.clone());
        spawn_local(async move {
            let habit = Habit::Place {
                account: owner,
                procedure: &form.0,
                component: &form.1,
            };
            let last: Option<Remembered> = habit::recall(habit).await;
            let ask = Ask::Propose {
                document: DOCUMENT,
                keyword: keyword.clone(),
                size: BOX,
                taken: Vec::new(),
            };
            let Ok((Answer::Proposed { proposal }, _)) = engine::ask(ask, Vec::new()).await else {
                return;
            };
            // The screen may be gone.
            if offered.list.try_get_untracked().is_none() {
                return;
            }
            let all = candidates(&proposal, &keyword, last.as_ref(), &pages);
            placement.places.set(proposal.places);
            offered.at.set(0);
            if let Some(first) = all.first()
                && !placement.is_chosen()
            {
                placement.propose(first.placed);
                placement.show(Which::Signature);
            }
            offered.list.set(all);
        });
    });
    offered
}

/// Why the box stands where it stands, and the other places.
#[component]
fn Offers(placement: Placement, offered: Offered) -> impl IntoView {
    let Offered { list, at } = offered;
    let go = move |step: isize| {
        let count = list.with_untracked(Vec::len);
        if count == 0 {
            return;
        }
        let next = (at.get_untracked().cast_signed() + step)
            .rem_euclid(count.cast_signed())
            .cast_unsigned();
        at.set(next);
        if let Some(candidate) = list.with_untracked(|list| list.get(next).cloned()) {
            placement.put(candidate.placed);
            placement.show(Which::Signature);
        }
    };
    // The reason belongs to the place: it goes when the box goes.
    let still = move || {
        let middle = |placed: &Placed| {
            (
                placed.rect.x + placed.rect.width / 2.0,
                placed.rect.y + placed.rect.height / 2.0,
            )
        };
        list.with(|list| {
            let (Some(candidate), Some(placed)) = (list.get(at.get()), placement.placed()) else {
                return false;
            };
            let (one, other) = (middle(&candidate.placed), middle(&placed));
            candidate.placed.page == placed.page
                && (one.0 - other.0).hypot(one.1 - other.1) < geometry::MM
        })
    };
    let here = move |read: fn(&Candidate) -> String| {
        list.with(|list| list.get(at.get()).map(read))
            .unwrap_or_default()
    };
    view! {
        <p role="status" class="why">{move || if still() { here(|candidate| candidate.why.clone()) } else { String::new() }}</p>
        <Show when=move || list.with(|list| list.len() > 1)>
            <p class="hits">
                <button type="button" aria-label="Vị trí trước" on:click=move |_| go(-1)>"‹"</button>
                <span>{move || format!("Vị trí {}/{} — trang {}", at.get() + 1, list.with(Vec::len), here(|candidate| (candidate.placed.page + 1).to_string()))}</span>
                <button type="button" aria-label="Vị trí sau" on:click=move |_| go(1)>"›"</button>
            </p>
        </Show>
    }
}

/// Warnings about the place, with a way out where there is one; and what marks are.
#[component]
fn Told(placement: Placement, picture: Picture) -> impl IntoView {
    let warnings = Memo::new(move |_| placement.warnings());
    let caution = move || {
        placement.arrangement.with(|all| {
            if all.marks.is_empty() {
                return None;
            }
            Some(all.signature.map_or_else(
                || {
                    "Chưa có ô nào là chữ ký số. Hãy chọn một hình làm chữ ký số, hoặc đặt ô ký."
                        .to_owned()
                },
                |placed| {
                    format!(
                        "Chỉ ô ở trang {} là chữ ký số. Ô ở các trang khác là hình minh họa.",
                        placed.page + 1
                    )
                },
            ))
        })
    };
    view! {
        {move || picture.problem.get().map(|problem| view! { <p class="notice bad">{text::worker(&problem)}</p> })}
        <For each=move || warnings.get() key=|warning| warning.sentence() let:warning>
            <div class=if warning.blocks() { "notice bad" } else { "notice attention" }>
                <p>{warning.sentence()}</p>
                {warning.better().map(|better| view! {
                    <button type="button" class="button small" on:click=move |_| {
                        if let Some(placed) = placement.placed_now() {
                            placement.put(Placed { rect: better.rect, ..placed });
                            placement.show(Which::Signature);
                        }
                    }>
                        {if warning.blocks() { format!("Dời {}", better.direction.word()) } else { "Dời giúp tôi".to_owned() }}
                    </button>
                })}
            </div>
        </For>
        {move || caution().map(|caution| view! { <p class="told">{caution}</p> })}
    }
}

/// A box was removed: for some seconds it can be brought back from here.
#[component]
fn Toast(placement: Placement) -> impl IntoView {
    view! {
        <div class="toast-place" role="status">
            {move || placement.removed.get().map(|sentence| view! {
                <p class="toast">
                    <span>{sentence}</span>
                    <button type="button" on:click=move |_| {
                        placement.undo();
                        placement.go_to_box();
                    }>"Hoàn tác"</button>
                </p>
            })}
        </div>
    }
}

/// The keyboard map.
#[component]
fn Keys() -> impl IntoView {
    let rows = [
        ("Mũi tên", "dời 1 mm (Shift: 5 mm, Ctrl: 0,1 mm)"),
        ("Alt + mũi tên", "đổi cỡ 1 mm (thêm Shift: 5 mm)"),
        ("Page Up, Page Down", "sang trang trước, trang sau"),
        ("Home, End", "trang đầu, trang cuối"),
        ("Delete", "xóa ô"),
        ("Ctrl + Z, Ctrl + Y", "hoàn tác, làm lại"),
        ("Ctrl + C, V, D", "sao chép, dán, nhân đôi"),
        ("Esc", "rời ô, về trang"),
        ("Ctrl + Enter", "chọn vị trí ký"),
    ];
    view! {
        <details class="keys">
            <summary>"Phím tắt"</summary>
            <dl>
                {rows.into_iter().map(|(key, does)| view! { <div><dt>{key}</dt><dd>{does}</dd></div> }).collect_view()}
            </dl>
        </details>
    }
}
