//! `Tra cứu hồ sơ`: status by code, without signing in.

use crate::part::field::TextField;
use crate::part::notice::{Notice, Tone};
use crate::part::title;
use crate::{api, format, text};
use contract::dossier::Tracking;
use contract::value::DossierCode;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The screen.
#[component]
pub fn Track() -> impl IntoView {
    title("Tra cứu hồ sơ");
    let code = RwSignal::new(String::new());
    let wrong: RwSignal<Option<String>> = RwSignal::new(None);
    let found: RwSignal<Option<Result<Tracking, api::ApiError>>> = RwSignal::new(None);
    let ask = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        match code.get_untracked().parse::<DossierCode>() {
            Err(error) => wrong.set(Some(format!(
                "{} Mã hồ sơ có dạng 000.00.00.H34-261123-0001.",
                text::value(error)
            ))),
            Ok(valid) => {
                wrong.set(None);
                spawn_local(async move {
                    let answer = api::track(valid.as_str()).await;
                    let _ = found.try_set(Some(answer));
                });
            }
        }
    };
    view! {
        <div class="wrap narrow">
            <h1>"Tra cứu hồ sơ"</h1>
            <form on:submit=ask>
                <TextField id="code" label="Mã hồ sơ" hint="Ghi trên giấy biên nhận khi bạn nộp hồ sơ." value=code on_input=move |text| code.set(text) error=wrong required=true/>
                <p><button type="submit" class="button primary">"Tra cứu"</button></p>
            </form>
            <div aria-live="polite">
                {move || found.get().map(|answer| match answer {
                    Err(error) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                    Ok(tracking) => view! {
                        <section class="card" aria-label="Kết quả tra cứu">
                            <h2>{tracking.code.to_string()}</h2>
                            <p><span class="chip">{text::status(tracking.status)}</span></p>
                            <dl class="facts">
                                <div><dt>"Thủ tục"</dt><dd>{tracking.procedure_name}</dd></div>
                                <div><dt>"Cơ quan"</dt><dd>{tracking.agency}</dd></div>
                                <div><dt>"Ngày nộp"</dt><dd>{format::moment(tracking.submitted_at)}</dd></div>
                                <div><dt>"Hẹn trả"</dt><dd>{tracking.due_at.map_or("Sau khi hồ sơ được tiếp nhận".to_owned(), format::moment)}</dd></div>
                            </dl>
                        </section>
                    }.into_any(),
                })}
            </div>
        </div>
    }
}
