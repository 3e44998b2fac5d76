//! `Chọn mẫu chữ ký`: profile, account, certificate, once for all files; then they are prepared and the request goes out.

use super::certificate::shown_certificate;
use super::desk::Desk;
use super::kept::{Gathered, Shelf};
use super::look::{Look, Signer};
use super::send::{Failure, Order, Outcome, Prepared, Wanted, prepare, send, wanted};
use crate::api;
use crate::part::dialog::Dialog;
use crate::part::field::ChoiceField;
use crate::part::notice::{Notice, Tone};
use crate::session::session;
use crate::signing::{Trouble, signings};
use crate::text::{fill, t};
use contract::appearance::AppearanceMode;
use contract::profile::{ProviderAccount, SignatureProfile};
use contract::provider::{AskCertificates, CertificateInfo, ProviderInfo, Usability};
use contract::signing::ITEMS_MAX;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// What the dialog works on.
#[derive(Clone)]
pub struct Choice {
    /// The files.
    pub desk: Desk,
    /// The dossier whose paper it is, for officers.
    pub paper: Option<Uuid>,
    /// Where their boxes are kept.
    pub shelf: Shelf,
    /// Own profiles.
    pub profiles: Vec<SignatureProfile>,
    /// Providers of the portal.
    pub providers: Vec<ProviderInfo>,
    /// Whether the portal has timestamps.
    pub timestamped: bool,
    /// The attempt this one follows.
    pub follows: Option<Uuid>,
    /// Confirmations that were asked for already.
    pub rounds: u32,
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

/// How many files a provider takes with one confirmation.
fn most(provider: Option<&ProviderInfo>) -> usize {
    let most = provider.and_then(|provider| usize::try_from(provider.items_max).ok());
    most.filter(|most| *most > 0)
        .unwrap_or(ITEMS_MAX)
        .min(ITEMS_MAX)
}

/// What waits for the person's word, because some files could not be prepared.
struct Held {
    order: Order,
    ready: Vec<Prepared>,
    after: Gathered,
}

/// The dialog.
#[component]
pub fn Choose(
    open: RwSignal<bool>,
    choice: Choice,
    chosen: Chosen,
    look: RwSignal<Look>,
    signer: Memo<Signer>,
    /// What nobody looked at yet, as a sentence; empty when there is nothing.
    unseen: Memo<String>,
    /// Shows the first of it.
    look_now: Callback<()>,
    /// What the device keeps once the request is out.
    after: Callback<(), Gathered>,
) -> impl IntoView {
    let files = choice.desk.files;
    let choice = StoredValue::new(choice);
    let Chosen {
        profile,
        account,
        certificate,
    } = chosen;
    let certificates: RwSignal<Option<Result<Vec<CertificateInfo>, Trouble>>> = RwSignal::new(None);
    // Files that are ready and files in all, while they are prepared.
    let busy: RwSignal<Option<(usize, usize)>> = RwSignal::new(None);
    let trouble: RwSignal<Option<Trouble>> = RwSignal::new(None);
    let failed: RwSignal<Vec<(usize, String, String)>> = RwSignal::new(Vec::new());
    let held: StoredValue<Option<Held>, LocalStorage> = StoredValue::new_local(None);
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
        failed.set(Vec::new());
        held.set_value(None);
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
    let provider = move || {
        let code = account.get()?.provider;
        choice.with_value(|choice| {
            choice
                .providers
                .iter()
                .find(|provider| provider.code == code)
                .cloned()
        })
    };
    // Files of this request, the most a request may have, confirmations in all.
    let split = Memo::new(move |_| {
        let (count, most) = (files.taken().len(), most(provider().as_ref()));
        (count, most, count.div_ceil(most))
    });
    let go = move |order: Order, ready: Vec<Prepared>, after: Gathered| {
        let choice = choice.get_value();
        spawn_local(async move {
            match send(&choice.desk, order, ready, signings).await {
                Ok(()) => {
                    let _ = choice.shelf.write(&after).await;
                    let _ = open.try_set(false);
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(error));
                }
            }
            let _ = busy.try_set(None);
        });
    };
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
        let appearance = look.with_untracked(|look| {
            look.appearance(&signer.get_untracked(), state.now(), image.as_deref())
        });
        let invisible = appearance.mode == AppearanceMode::Invisible;
        let wanted = untrack(move || choice.with_value(|choice| wanted(&choice.desk, invisible)));
        let (_, most, _) = split.get_untracked();
        let wanted: Vec<Wanted> = wanted.into_iter().take(most).collect();
        let total = wanted.len();
        if total == 0 {
            return;
        }
        let (timestamped, follows, shelf, paper) = choice.with_value(|choice| {
            (
                choice.timestamped,
                choice.follows,
                choice.shelf,
                choice.paper,
            )
        });
        let order = Order {
            owner: owner.id,
            draft: shelf.draft,
            desk: paper,
            profile: profile.id,
            account,
            certificate,
            provider: untrack(provider),
            appearance,
            image,
            timestamped,
            follows,
        };
        busy.set(Some((0, total)));
        trouble.set(None);
        failed.set(Vec::new());
        let desk = choice.with_value(|choice| choice.desk.clone());
        let after = after.run(());
        spawn_local(async move {
            let told = move |done: usize| {
                let _ = busy.try_set(Some((done, total)));
            };
            let Outcome { ready, failed: bad } = prepare(&desk, &order, wanted, told).await;
            // The screen may be gone.
            if busy.try_get_untracked().is_none() {
                return;
            }
            if bad.is_empty() {
                go(order, ready, after);
                return;
            }
            busy.set(None);
            if total == 1 {
                trouble.set(bad.into_iter().next().map(|only| only.why));
            } else {
                held.set_value(Some(Held {
                    order,
                    ready,
                    after,
                }));
                failed.set(bad.into_iter().map(told_of).collect());
            }
        });
    };
    let rest = move |_| {
        if let Some(Held {
            order,
            ready,
            after,
        }) = held.try_update_value(Option::take).flatten()
        {
            busy.set(Some((ready.len(), ready.len())));
            failed.set(Vec::new());
            go(order, ready, after);
        }
    };
    let left = move || held.with_value(|held| held.as_ref().map_or(0, |held| held.ready.len()));
    let profile_options = choice.with_value(|choice| {
        choice
            .profiles
            .iter()
            .map(|profile| (profile.id.to_string(), profile.content.name.to_string()))
            .collect::<Vec<_>>()
    });
    view! {
        <Dialog open title=t("Chọn mẫu chữ ký")>
            <ChoiceField
                id="choose-profile"
                label=t("Mẫu chữ ký")
                options=profile_options.clone()
                value=Signal::derive(move || profile.get().map(|profile| profile.id.to_string()).unwrap_or_default())
                on_input=move |id: String| {
                    profile.set(choice.with_value(|choice| choice.profiles.iter().find(|profile| profile.id.to_string() == id).cloned()));
                }
            />
            <ChoiceField
                id="choose-account"
                label=t("Thông tin chữ ký")
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
                <Notice tone=Tone::Attention>{t("Mẫu chữ ký này chưa có tài khoản nhà cung cấp. Thêm tài khoản trong Cập nhật chữ ký.")}</Notice>
            </Show>
            <fieldset class="certificates">
                <legend>{t("Chứng chỉ")}</legend>
                {move || match certificates.get() {
                    None if account.get().is_some() => view! { <p role="status">{t("Đang lấy chứng thư số từ nhà cung cấp…")}</p> }.into_any(),
                    None => ().into_any(),
                    Some(Err(error)) => view! { <Notice tone=Tone::Bad>{error.sentence()}</Notice> }.into_any(),
                    Some(Ok(list)) => list.into_iter().map(|item| shown_certificate(item, certificate)).collect_view().into_any(),
                }}
            </fieldset>
            <Show when=move || !unseen.get().is_empty()>
                <div class="notice attention unseen">
                    <p>{move || unseen.get()}</p>
                    <button type="button" class="button small" on:click=move |_| {
                        open.set(false);
                        look_now.run(());
                    }>{t("Xem ngay")}</button>
                </div>
            </Show>
            <Show when=move || files.are_several()>
                <p class="split">{move || match split.get() {
                    (count, _, 0 | 1) => fill("{} tệp được ký bằng 1 lần xác nhận trên điện thoại.", &[&count]),
                    (count, most, rounds) => {
                        let done = choice.with_value(|choice| choice.rounds) + 1;
                        let name = provider().map(|provider| provider.name).unwrap_or_default();
                        fill("{} nhận tối đa {} tệp mỗi lần nên {} tệp cần {} lần xác nhận. Đây là lần {}: {} tệp đầu.", &[&name, &most, &count, &rounds, &done, &most])
                    }
                }}</p>
            </Show>
            {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{error.sentence()}</Notice> })}
            <Show when=move || !failed.get().is_empty()>
                <div class="notice bad" role="alert">
                    <p>{t("Chưa gửi yêu cầu nào. Có tệp không chuẩn bị được:")}</p>
                    <ul>{move || failed.get().into_iter().map(|(_, name, why)| view! { <li><strong>{name}</strong>": "{why}</li> }).collect_view()}</ul>
                    <div class="row">
                        {move || (left() > 0).then(|| view! { <button type="button" class="button seal" on:click=rest>{fill("Ký {} tệp còn lại", &[&left()])}</button> })}
                        <button type="button" class="button" on:click=move |_| {
                            open.set(false);
                            if let Some(first) = failed.with_untracked(|failed| failed.first().map(|(index, ..)| *index)) {
                                files.current.set(first);
                            }
                        }>{t("Quay lại sửa")}</button>
                    </div>
                </div>
            </Show>
            <p class="visually-hidden" role="status">{move || busy.get().map(preparing)}</p>
            <div class="row end">
                <button type="button" class="button" on:click=move |_| open.set(false)>{t("Bỏ qua")}</button>
                <Show when=move || failed.get().is_empty()>
                    <button
                        type="button"
                        class="button seal"
                        disabled=move || busy.get().is_some() || certificate.get().is_none()
                        aria-busy=move || busy.get().is_some().to_string()
                        on:click=confirm
                    >
                        {move || busy.get().map_or_else(|| t("Xác nhận").to_owned(), preparing)}
                    </button>
                </Show>
            </div>
        </Dialog>
    }
}

fn told_of(failure: Failure) -> (usize, String, String) {
    (failure.index, failure.name, failure.why.sentence())
}

fn preparing((done, total): (usize, usize)) -> String {
    if total < 2 {
        t("Đang chuẩn bị…").to_owned()
    } else if done < total {
        fill("Đang chuẩn bị {}/{}…", &[&(done + 1), &total])
    } else {
        t("Đang gửi yêu cầu…").to_owned()
    }
}
