//! `Chọn mẫu chữ ký`: profile, account, certificate, then the request goes out.

use super::look::{Look, Signer};
use crate::draft::DraftAttachment;
use crate::draft::habit::{self, Habit};
use crate::engine;
use crate::format::day;
use crate::part::dialog::Dialog;
use crate::part::field::ChoiceField;
use crate::part::notice::{Notice, Tone};
use crate::part::placement::memory::Remembered;
use crate::part::placement::{Placed, Placement};
use crate::session::session;
use crate::signing::pending::{PendingFile, PendingSigning};
use crate::signing::{Trouble, signings};
use crate::{api, text};
use contract::appearance::AppearanceMode;
use contract::geometry::Rect;
use contract::profile::{ProviderAccount, SignatureProfile};
use contract::provider::{AskCertificates, CertificateInfo, ProviderInfo, Usability};
use contract::signing::{SigningItem, StartSigning};
use contract::worker::{Answer, Ask, DocumentId, PrepareRequest, WorkerProblem};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// What the dialog works on.
#[derive(Clone)]
pub struct Choice {
    /// Draft.
    pub draft: Uuid,
    /// File.
    pub attachment: DraftAttachment,
    /// Own profiles.
    pub profiles: Vec<SignatureProfile>,
    /// Providers of the portal.
    pub providers: Vec<ProviderInfo>,
    /// The open document.
    pub document: DocumentId,
    /// The form that is signed: procedure and component.
    pub form: (String, String),
}

const NOWHERE: Rect = Rect {
    x: 0.0,
    y: 0.0,
    width: 0.0,
    height: 0.0,
};

/// Remembers the place for the next file of this form. A device that cannot keep it offers nothing next time, and that is all.
async fn remember_place(owner: Uuid, form: &(String, String), placed: &Placed, pages: u32) {
    let habit = Habit::Place {
        account: owner,
        procedure: &form.0,
        component: &form.1,
    };
    let _ = habit::remember(habit, &Remembered::of(placed, pages)).await;
}

/// What is chosen in the dialog; the box on the page shows it at once.
#[derive(Clone, Copy)]
pub struct Chosen {
    /// The profile.
    pub profile: RwSignal<Option<SignatureProfile>>,
    /// One of its accounts.
    pub account: RwSignal<Option<ProviderAccount>>,
    /// One of the account's certificates.
    pub certificate: RwSignal<Option<CertificateInfo>>,
}

/// The dialog.
#[component]
pub fn Choose(
    open: RwSignal<bool>,
    choice: Choice,
    chosen: Chosen,
    placement: Placement,
    look: RwSignal<Look>,
    signer: Memo<Signer>,
    /// Pages nobody looked at yet, in words; empty when there are none.
    unseen: Memo<String>,
    /// Shows the first of them.
    look_now: Callback<()>,
) -> impl IntoView {
    let choice = StoredValue::new(choice);
    let Chosen {
        profile,
        account,
        certificate,
    } = chosen;
    let certificates: RwSignal<Option<Result<Vec<CertificateInfo>, Trouble>>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let trouble: RwSignal<Option<Trouble>> = RwSignal::new(None);
    // The account follows the profile.
    Effect::new(move |_| {
        let first = profile
            .get()
            .and_then(|profile| profile.content.accounts.first().cloned());
        account.set(first);
    });
    // The certificates follow the account, once the dialog is open.
    Effect::new(move |_| {
        let (true, Some(chosen)) = (open.get(), account.get()) else {
            return;
        };
        certificates.set(None);
        certificate.set(None);
        trouble.set(None);
        spawn_local(async move {
            let asked = AskCertificates {
                citizen_id: chosen.citizen_id.clone(),
            };
            let found = api::certificates(chosen.provider.as_str(), &asked)
                .await
                .map_err(Trouble::from);
            // Meanwhile another account may have been chosen.
            if account.try_get_untracked().flatten().as_ref() != Some(&chosen) {
                return;
            }
            if let Ok(list) = &found {
                let first = list
                    .iter()
                    .find(|certificate| certificate.usability == Usability::Usable)
                    .cloned();
                let _ = certificate.try_set(first);
            }
            let _ = certificates.try_set(Some(found));
        });
    });
    let provider_name = move |code: &str| {
        choice.with_value(|choice| {
            choice
                .providers
                .iter()
                .find(|provider| provider.code.as_str() == code)
                .map_or(code.to_owned(), |provider| provider.name.clone())
        })
    };
    let state = session();
    let signings = signings();
    let confirm = move |_| {
        let (Some(profile), Some(account), Some(certificate), Some(owner)) = (
            profile.get_untracked(),
            account.get_untracked(),
            certificate.get_untracked(),
            state.account_now(),
        ) else {
            return;
        };
        let image = profile.content.image.as_ref().map(|image| image.0.clone());
        let shown = look.with_untracked(|look| {
            look.appearance(&signer.get_untracked(), state.now(), image.as_deref())
        });
        let invisible = shown.mode == AppearanceMode::Invisible;
        let placed = match placement.placed_now() {
            Some(placed) => placed,
            None if invisible => Placed {
                page: 0,
                rect: NOWHERE,
            },
            None => return,
        };
        let copies = if invisible {
            Vec::new()
        } else {
            placement.copies()
        };
        busy.set(true);
        trouble.set(None);
        let choice = choice.get_value();
        let kept = choice.form.clone();
        spawn_local(async move {
            let request = PrepareRequest {
                copies,
                page: placed.page,
                rect: placed.rect,
                timestamped: api::evidence_offer().await.unwrap_or_default().timestamps,
                appearance: shown,
                certificate: certificate.der.clone(),
                chain: certificate.chain.clone(),
            };
            let sent = send(
                choice,
                owner.id,
                profile.id,
                account,
                certificate,
                request,
                image,
                signings,
            )
            .await;
            let _ = busy.try_set(false);
            match sent {
                Ok(()) => {
                    if !invisible {
                        remember_place(owner.id, &kept, &placed, placement.count()).await;
                    }
                    let _ = open.try_set(false);
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(error));
                }
            }
        });
    };
    let profile_options = choice.with_value(|choice| {
        choice
            .profiles
            .iter()
            .map(|profile| (profile.id.to_string(), profile.content.name.to_string()))
            .collect::<Vec<_>>()
    });
    view! {
        <Dialog open title="Chọn mẫu chữ ký">
            <ChoiceField
                id="choose-profile"
                label="Mẫu chữ ký"
                options=profile_options.clone()
                value=Signal::derive(move || profile.get().map(|profile| profile.id.to_string()).unwrap_or_default())
                on_input=move |id: String| {
                    profile.set(choice.with_value(|choice| choice.profiles.iter().find(|profile| profile.id.to_string() == id).cloned()));
                }
            />
            <ChoiceField
                id="choose-account"
                label="Thông tin chữ ký"
                options=Signal::derive(move || {
                    profile
                        .get()
                        .map(|profile| profile.content.accounts)
                        .unwrap_or_default()
                        .into_iter()
                        .enumerate()
                        .map(|(position, account)| (position.to_string(), format!("{} - {}", account.citizen_id, provider_name(account.provider.as_str()))))
                        .collect()
                })
                value=Signal::derive(move || {
                    let accounts = profile.get().map(|profile| profile.content.accounts).unwrap_or_default();
                    let chosen = account.get();
                    accounts.iter().position(|account| Some(account) == chosen.as_ref()).map(|position| position.to_string()).unwrap_or_default()
                })
                on_input=move |position: String| {
                    let chosen = position
                        .parse::<usize>()
                        .ok()
                        .and_then(|position| profile.get_untracked()?.content.accounts.get(position).cloned());
                    account.set(chosen);
                }
            />
            <Show when=move || account.get().is_none()>
                <Notice tone=Tone::Attention>"Mẫu chữ ký này chưa có tài khoản nhà cung cấp. Thêm tài khoản trong Cập nhật chữ ký."</Notice>
            </Show>
            <fieldset class="certificates">
                <legend>"Chứng chỉ"</legend>
                {move || match certificates.get() {
                    None if account.get().is_some() => view! { <p role="status">"Đang lấy chứng thư số từ nhà cung cấp…"</p> }.into_any(),
                    None => ().into_any(),
                    Some(Err(error)) => view! { <Notice tone=Tone::Bad>{error.sentence()}</Notice> }.into_any(),
                    Some(Ok(list)) => list.into_iter().map(|item| shown_certificate(item, certificate)).collect_view().into_any(),
                }}
            </fieldset>
            <Show when=move || !unseen.get().is_empty()>
                <div class="notice attention unseen">
                    <p>{move || format!("Bạn chưa xem trang {}. Nếu đã đọc tài liệu, bấm Xác nhận để tiếp tục ký.", unseen.get())}</p>
                    <button type="button" class="button small" on:click=move |_| {
                        open.set(false);
                        look_now.run(());
                    }>"Xem ngay"</button>
                </div>
            </Show>
            {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{error.sentence()}</Notice> })}
            <div class="row end">
                <button type="button" class="button" on:click=move |_| open.set(false)>"Bỏ qua"</button>
                <button
                    type="button"
                    class="button seal"
                    disabled=move || busy.get() || certificate.get().is_none()
                    aria-busy=move || busy.get().to_string()
                    on:click=confirm
                >
                    {move || if busy.get() { "Đang chuẩn bị…" } else { "Xác nhận" }}
                </button>
            </div>
        </Dialog>
    }
}

fn shown_certificate(
    item: CertificateInfo,
    chosen: RwSignal<Option<CertificateInfo>>,
) -> impl IntoView {
    let usable = item.usability == Usability::Usable;
    let (serial, this) = (item.serial.clone(), item.clone());
    view! {
        <label class="certificate" class:unusable=!usable>
            <input
                type="radio"
                name="certificate"
                disabled=!usable
                prop:checked=move || chosen.get().is_some_and(|chosen| chosen.serial == serial)
                on:change=move |_| chosen.set(Some(this.clone()))
            />
            <span>
                <strong class="code">{item.serial.to_string()}</strong>
                <span>{item.owner}" · "{item.issuer}</span>
                <span>{format!("Hiệu lực {} – {}", day(item.valid_from), day(item.valid_to))}</span>
                {(!usable).then(|| view! { <span class="error">{text::usability(item.usability)}</span> })}
            </span>
        </label>
    }
}

#[allow(clippy::too_many_arguments)] // each is one thing the person chose
async fn send(
    choice: Choice,
    owner: Uuid,
    profile: Uuid,
    account: ProviderAccount,
    certificate: CertificateInfo,
    request: PrepareRequest,
    image: Option<Vec<u8>>,
    signings: crate::signing::Signings,
) -> Result<(), Trouble> {
    let (page, rect, mode) = (request.page, request.rect, request.appearance.mode);
    let (copies, timestamped) = (request.copies.clone(), request.timestamped);
    let ask = Ask::Prepare {
        document: choice.document,
        request,
    };
    let (answer, mut parcels) = engine::ask(ask, image.into_iter().collect()).await?;
    let (Answer::Prepared { prepared }, Some(bytes)) = (answer, parcels.files.pop()) else {
        return Err(WorkerProblem::SelfCheckFailed.into());
    };
    let provider = choice
        .providers
        .iter()
        .find(|provider| provider.code == account.provider);
    let start = StartSigning {
        follows: None,
        id: Uuid::new_v4(),
        profile,
        provider: account.provider.clone(),
        citizen_id: account.citizen_id,
        serial: certificate.serial,
        items: vec![SigningItem {
            attachment: choice.attachment.id,
            file_name: choice.attachment.file_name.clone(),
            digest: prepared.digest,
            document_sha256: prepared.document_sha256,
        }],
    };
    let pending = PendingSigning {
        account: owner,
        draft: choice.draft,
        start,
        files: vec![PendingFile {
            attachment: choice.attachment.id,
            page,
            rect,
            copies,
            mode,
            prepared,
        }],
        certificate: certificate.der,
        chain: certificate.chain,
        timestamped,
        provider_name: provider
            .map(|provider| provider.name.clone())
            .unwrap_or_default(),
        app_name: provider
            .map(|provider| provider.app_name.clone())
            .unwrap_or_default(),
        phone_page: provider.and_then(|provider| provider.phone_page.clone()),
    };
    signings.send(pending, vec![bytes]).await
}
