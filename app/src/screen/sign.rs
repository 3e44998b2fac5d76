//! `Ký số NEAC`: look at the document, place the box, choose the certificate, wait for the phone.

mod choose;
mod waiting;

use crate::draft::{self, Draft, DraftAttachment};
use crate::engine;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::placement::{Numbers, Placed, Placement, SignatureBox};
use crate::part::title;
use crate::part::viewer::{OnTap, Overlay, Viewer};
use crate::session::session;
use crate::signing::pending::PendingSigning;
use crate::signing::{Trouble, signings};
use crate::{api, text};
use choose::{Choice, Choose};
use contract::appearance::{Appearance, AppearanceMode};
use contract::geometry::Size;
use contract::profile::SignatureProfile;
use contract::provider::ProviderInfo;
use contract::text::{Place, ProposalReason};
use contract::worker::{Answer, Ask, DocumentFacts, DocumentId, Signability};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use std::sync::Arc;
use uuid::Uuid;
use waiting::Waiting;

/// Size of a fresh box, in points: 60 × 21 mm.
const BOX: Size = Size {
    width: 170.0,
    height: 60.0,
};
/// The document this screen has open.
const DOCUMENT: DocumentId = DocumentId(1);

/// Everything the screen needs before it can be used.
#[derive(Clone)]
struct Ready {
    draft: Draft,
    attachment: DraftAttachment,
    facts: DocumentFacts,
    profiles: Vec<SignatureProfile>,
    providers: Vec<ProviderInfo>,
}

async fn open(account: Uuid, draft_id: Uuid, attachment_id: Uuid) -> Result<Ready, Trouble> {
    let draft = draft::load(account, draft_id).await?;
    let attachment = draft
        .attachments
        .iter()
        .find(|attachment| attachment.id == attachment_id)
        .cloned()
        .ok_or(draft::DraftError::Missing)?;
    let bytes = draft::attachment_bytes(attachment_id).await?;
    let (answer, _) = engine::ask(
        Ask::Open {
            document: DOCUMENT,
            password: None,
        },
        vec![bytes],
    )
    .await?;
    let Answer::Opened { facts } = answer else {
        return Err(contract::worker::WorkerProblem::Damaged.into());
    };
    Ok(Ready {
        draft,
        attachment,
        facts,
        profiles: api::profiles().await?,
        providers: api::providers().await?,
    })
}

/// The screen.
#[component]
pub fn Sign() -> impl IntoView {
    title("Ký số");
    let params = use_params_map();
    let state = session();
    let ids = move || {
        let read = |name: &str| {
            params.with_untracked(|params| {
                params.get(name).and_then(|text| text.parse::<Uuid>().ok())
            })
        };
        Some((read("draft")?, read("attachment")?))
    };
    let ready: RwSignal<Option<Result<Ready, Trouble>>> = RwSignal::new(None);
    Effect::new(move |_| {
        let (Some(account), Some((draft, attachment))) = (state.account(), ids()) else {
            return;
        };
        if ready.with_untracked(Option::is_none) {
            spawn_local(async move {
                let opened = open(account.id, draft, attachment).await;
                let _ = ready.try_set(Some(opened));
            });
        }
    });
    let signings = signings();
    // The newest signing of this attachment that was not put away.
    let current = Memo::new(move |_| {
        let (_, attachment) = ids()?;
        signings.all.with(|all| {
            all.values()
                .filter(|watched| watched.pending.attachment == attachment)
                .max_by_key(|watched| watched.view.as_ref().map(|view| view.started_at))
                .map(|watched| watched.pending.start.id)
        })
    });
    let again: RwSignal<Option<PendingSigning>> = RwSignal::new(None);
    let on_again = Callback::new(move |pending: PendingSigning| {
        let id = pending.start.id;
        again.set(Some(pending));
        signings.dismiss(id);
    });
    view! {
        {move || {
            if let Some(id) = current.get() {
                return view! { <Waiting id on_again/> }.into_any();
            }
            match ready.get() {
                None => view! { <div class="wrap"><h1>"Đang mở tài liệu…"</h1><Loading/></div> }.into_any(),
                Some(Err(trouble)) => {
                    let back = ids().map_or("/quan-ly-ho-so".to_owned(), |(draft, _)| format!("/ho-so/{draft}/thanh-phan"));
                    view! {
                        <div class="wrap">
                            <h1>"Chưa mở được tài liệu để ký"</h1>
                            <Notice tone=Tone::Bad>{trouble.sentence()}</Notice>
                            <p><A href=back attr:class="button">"Quay lại thành phần hồ sơ"</A></p>
                        </div>
                    }
                        .into_any()
                }
                Some(Ok(ready)) => view! { <PlaceBox ready again=again.get_untracked()/> }.into_any(),
            }
        }}
    }
}

/// Why the box stands where it stands.
fn reason(reason: ProposalReason, keyword: &str, page: u32) -> String {
    match reason {
        ProposalReason::Keyword => format!("Đã tìm thấy “{keyword}” ở trang {}. Ô ký được đặt tại đó; bạn có thể dời đi chỗ khác.", page + 1),
        ProposalReason::KeywordCrowded => format!("Đã tìm thấy “{keyword}” ở trang {} nhưng quanh đó không đủ chỗ trống. Vui lòng kiểm tra vị trí ô ký.", page + 1),
        ProposalReason::KeywordNotFound => format!("Không thấy từ khóa “{keyword}”. Ô ký được đặt ở cuối trang cuối; hãy chạm vào chỗ cần ký."),
        ProposalReason::NoText => "Tài liệu là bản quét, không có chữ để tìm. Ô ký được đặt ở cuối trang cuối; hãy chạm vào chỗ cần ký.".to_owned(),
    }
}

#[component]
fn PlaceBox(
    ready: Ready,
    /// An earlier try: its box, appearance and profile stay.
    again: Option<PendingSigning>,
) -> impl IntoView {
    let Ready {
        draft,
        attachment,
        facts,
        profiles,
        providers,
    } = ready;
    let state = session();
    let back = format!("/ho-so/{}/thanh-phan", draft.id);
    if facts.signability != Signability::Ready {
        return view! {
            <div class="wrap">
                <h1>"Tài liệu này chưa ký được"</h1>
                <Notice tone=Tone::Bad>{text::signability(facts.signability)}</Notice>
                <p>"Tệp bạn đã đính kèm vẫn được giữ nguyên. Bạn có thể thay tệp khác trong bước Thành phần hồ sơ."</p>
                <p><A href=back attr:class="button">"Quay lại thành phần hồ sơ"</A></p>
            </div>
        }
        .into_any();
    }
    if profiles.is_empty() {
        return view! {
            <div class="wrap">
                <h1>"Bạn chưa có mẫu chữ ký"</h1>
                <Notice tone=Tone::Info>"Tạo mẫu đầu tiên (khoảng 1 phút): tên, số điện thoại, từ khóa vị trí và tài khoản tại nhà cung cấp."</Notice>
                <p><A href="/chu-ky" attr:class="button primary">"Tạo mẫu chữ ký"</A></p>
                <p><A href=back>"Quay lại thành phần hồ sơ"</A></p>
            </div>
        }
        .into_any();
    }
    let placement = Placement::new(facts.pages.clone());
    let profile = RwSignal::new(
        again
            .as_ref()
            .and_then(|again| {
                profiles
                    .iter()
                    .find(|profile| profile.id == again.start.profile)
            })
            .or_else(|| profiles.iter().find(|profile| profile.is_default))
            .or(profiles.first())
            .cloned(),
    );
    let mode = RwSignal::new(
        again
            .as_ref()
            .map_or(AppearanceMode::TextOnly, |again| again.mode),
    );
    if let Some(again) = again {
        placement.put(
            Placed {
                page: again.page,
                rect: again.rect,
            },
            true,
        );
        placement.show();
    }
    let places: RwSignal<Vec<Place>> = RwSignal::new(Vec::new());
    let chosen_place = RwSignal::new(0_usize);
    let why = RwSignal::new(String::new());
    Effect::new(move |_| {
        let Some(profile) = profile.get() else { return };
        let keyword = profile.content.keyword.as_str().to_owned();
        spawn_local(async move {
            let ask = Ask::Propose {
                document: DOCUMENT,
                keyword: keyword.clone(),
                size: BOX,
                taken: Vec::new(),
            };
            let Ok((Answer::Proposed { proposal }, _)) = engine::ask(ask, Vec::new()).await else {
                return;
            };
            // The screen may be gone, and what the person chose stays.
            if places.try_get_untracked().is_none() {
                return;
            }
            if let Some(first) = proposal.places.first()
                && !placement.is_chosen()
            {
                placement.put(
                    Placed {
                        page: first.page,
                        rect: first.rect,
                    },
                    false,
                );
                let _ = why.try_set(reason(proposal.reason, &keyword, first.page));
                placement.show();
            }
            let _ = chosen_place.try_set(0);
            let _ = places.try_set(proposal.places);
        });
    });
    let another = move |step: isize| {
        let count = places.with_untracked(Vec::len);
        if count > 1 {
            let next = (chosen_place.get_untracked().cast_signed() + step)
                .rem_euclid(count.cast_signed())
                .cast_unsigned();
            chosen_place.set(next);
            if let Some(place) = places.with_untracked(|places| places.get(next).cloned()) {
                placement.put(
                    Placed {
                        page: place.page,
                        rect: place.rect,
                    },
                    true,
                );
                placement.show();
            }
        }
    };
    let signer = state
        .account_now()
        .map(|account| account.name.to_string())
        .unwrap_or_default();
    let appearance = {
        let signer = signer.clone();
        Signal::derive(move || {
            let profile = profile.get()?;
            let image = profile.content.image.as_ref().map(|image| image.0.clone());
            let mode = mode.get();
            let masked = profile
                .content
                .accounts
                .first()
                .map(|account| account.citizen_id.masked());
            let shown = Appearance {
                mode: if image.is_none() {
                    AppearanceMode::TextOnly
                } else {
                    mode
                },
                signer: signer.clone(),
                signed_at: state.now(),
                shows_time: true,
                issuer: None,
                masked_id: masked,
                serial: None,
                reason: None,
                location: None,
            };
            Some((shown, image))
        })
    };
    let overlay: Overlay = Arc::new(move |page, scale| {
        view! { <SignatureBox placement page scale appearance/> }.into_any()
    });
    let on_tap: OnTap = Arc::new(move |page, x, y| placement.put_around(page, x, y, BOX));
    let has_image = move || {
        profile
            .get()
            .is_some_and(|profile| profile.content.image.is_some())
    };
    let open = RwSignal::new(false);
    let choice = Choice {
        draft: draft.id,
        attachment: attachment.clone(),
        profiles: profiles.clone(),
        providers,
        document: DOCUMENT,
    };
    let signatures = facts.signatures.len();
    view! {
        <div class="signing">
            <div class="signing-head">
                <p><A href=back>"‹ Thành phần hồ sơ"</A></p>
                <h1>"Ký số NEAC"</h1>
                <p class="file">{attachment.file_name.to_string()}</p>
            </div>
            <Viewer document=DOCUMENT pages=facts.pages overlay=overlay on_tap=on_tap go_to=placement.follow/>
            <aside class="panel" aria-label="Ký số">
                {(signatures > 0).then(|| view! {
                    <Notice tone=Tone::Info>
                        {format!("Tài liệu đã có {signatures} chữ ký số. Chữ ký của bạn sẽ được thêm vào, không làm mất chữ ký cũ.")}
                    </Notice>
                })}
                <p role="status" class="why">{move || why.get()}</p>
                <Show when=move || places.with(|places| places.len() > 1)>
                    <p class="hits">
                        <button type="button" aria-label="Vị trí trước" on:click=move |_| another(-1)>"‹"</button>
                        <span>{move || format!("Vị trí {}/{}", chosen_place.get() + 1, places.with(Vec::len))}</span>
                        <button type="button" aria-label="Vị trí sau" on:click=move |_| another(1)>"›"</button>
                    </p>
                </Show>
                <fieldset class="modes">
                    <legend>"Hiển thị chữ ký"</legend>
                    {[(AppearanceMode::TextOnly, "Chỉ văn bản"), (AppearanceMode::ImageOnly, "Chỉ hình ảnh"), (AppearanceMode::ImageAndText, "Hình ảnh và văn bản")]
                        .into_iter()
                        .map(|(this, label)| view! {
                            <label>
                                <input
                                    type="radio"
                                    name="mode"
                                    disabled=move || this != AppearanceMode::TextOnly && !has_image()
                                    prop:checked=move || mode.get() == this
                                    on:change=move |_| mode.set(this)
                                />
                                {label}
                            </label>
                        })
                        .collect_view()}
                    <Show when=move || !has_image()>
                        <p class="hint">"Mẫu chữ ký này chưa có ảnh. Thêm ảnh trong Cập nhật chữ ký."</p>
                    </Show>
                </fieldset>
                <Numbers placement/>
                <div class="row">
                    <button type="button" class="button" disabled=move || !placement.can_undo() on:click=move |_| placement.undo()>"Hoàn tác"</button>
                    <button type="button" class="button" disabled=move || !placement.can_redo() on:click=move |_| placement.redo()>"Làm lại"</button>
                </div>
                <Show when=move || placement.placed.get().is_none()>
                    <button type="button" class="button" on:click=move |_| another(0)>"Đặt lại ô ký"</button>
                </Show>
                <div class="action">
                    <button
                        type="button"
                        class="button seal"
                        disabled=move || placement.placed.get().is_none()
                        on:click=move |_| open.set(true)
                    >
                        "Chọn vị trí ký"
                    </button>
                </div>
            </aside>
            <Choose open choice profile placement appearance/>
        </div>
    }
    .into_any()
}
