//! `Tải biên bản (PDF đã ký)` and `Tải dữ liệu kiểm tra (JSON)`: the portal makes both from its record and from the files themselves.

use crate::part::notice::{Notice, Tone};
use crate::screen::my_dossier::{blob_as, save_blob};
use crate::text::t;
use crate::{api, text};
use contract::problem::ProblemCode;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// The buttons; without a file for the whole dossier.
#[component]
pub fn Protocols(dossier: Uuid, file: Option<Uuid>, code: String) -> impl IntoView {
    let busy = RwSignal::new(false);
    let trouble: RwSignal<Option<api::ApiError>> = RwSignal::new(None);
    let code = StoredValue::new(code);
    let save = move |evidence: bool| {
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let made = match api::history::protocol(dossier, file, evidence).await {
                Ok(bytes) => {
                    let (kind, ending) = if evidence {
                        ("application/json", "json")
                    } else {
                        ("application/pdf", "pdf")
                    };
                    let name = code.try_get_value().unwrap_or_default();
                    match blob_as(&bytes, kind) {
                        Some(blob) => {
                            save_blob(&blob, &format!("lich-su-ky-so-{name}.{ending}"));
                            Ok(())
                        }
                        None => Err(ProblemCode::Internal.into()),
                    }
                }
                Err(error) => Err(error),
            };
            if let Err(error) = made {
                let _ = trouble.try_set(Some(error));
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <div class="protocols">
            <p class="row">
                <button type="button" class="button" disabled=move || busy.get() aria-busy=move || busy.get().to_string() on:click=move |_| save(false)>{t("Tải biên bản (PDF đã ký)")}</button>
                <button type="button" class="button" disabled=move || busy.get() on:click=move |_| save(true)>{t("Tải dữ liệu kiểm tra (JSON)")}</button>
            </p>
            {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> })}
        </div>
    }
}
