//! Printing: pages are drawn one after the other as pictures, then the browser prints these and nothing else.

use super::menu::Controls;
use super::picture;
use super::viewing::Viewing;
use crate::part::dialog::Dialog;
use crate::text::{self, fill, t};
use contract::worker::{Urgency, WorkerProblem};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{HtmlCanvasElement, HtmlElement, HtmlImageElement, Url};

/// Device pixels per point: 170 dots per inch.
const SCALE: f64 = 170.0 / 72.0;
/// Pixels of one page at most.
const PIXELS: f64 = 8e6;
/// Pages that are printed at once: they are all held as pictures.
const MOST: u32 = 200;
/// Where the pictures stand while they are printed.
const PLACE: &str = "print-pages";

/// What is being printed.
#[derive(Clone, Copy)]
pub struct Printing {
    open: RwSignal<bool>,
    /// First and last page, from 1, as typed.
    range: RwSignal<(u32, u32)>,
    /// Pages that are drawn, while it goes on; the number tells one printing from the next.
    going: RwSignal<Option<u32>>,
    number: StoredValue<u32>,
    trouble: RwSignal<Option<String>>,
}

impl Printing {
    /// Nothing.
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            range: RwSignal::new((1, 1)),
            going: RwSignal::new(None),
            number: StoredValue::new(0),
            trouble: RwSignal::new(None),
        }
    }

    /// Asks which pages.
    pub fn ask(self, viewing: Viewing) {
        let first = if viewing.count() > MOST {
            viewing.current.get_untracked() + 1
        } else {
            1
        };
        self.range
            .set((first, viewing.count().min(first + MOST - 1)));
        self.trouble.set(None);
        self.open.set(true);
    }

    fn stop(self) {
        self.number.update_value(|number| *number += 1);
        self.going.set(None);
        self.open.set(false);
        clear();
    }

    fn start(self, viewing: Viewing) {
        let count = viewing.count();
        let (first, last) = self.range.get_untracked();
        if first == 0 || first > last || last > count {
            self.trouble.set(Some(fill(
                "Vui lòng nhập khoảng trang từ 1 đến {}.",
                &[&count],
            )));
            return;
        }
        if last - first >= MOST {
            self.trouble.set(Some(fill(
                "Mỗi lần in tối đa {} trang. Vui lòng chọn khoảng trang ngắn hơn.",
                &[&MOST],
            )));
            return;
        }
        self.trouble.set(None);
        self.number.update_value(|number| *number += 1);
        let number = self.number.get_value();
        self.going.set(Some(0));
        spawn_local(async move {
            let made = self.pictures(viewing, first - 1, last - 1, number).await;
            if self.number.try_get_value() != Some(number) {
                return;
            }
            self.going.set(None);
            match made {
                Ok(()) => {
                    self.open.set(false);
                    super::pause(50).await;
                    let _ = window().print();
                    // On phones printing goes on after this returned.
                    super::pause(60_000).await;
                    if self.number.try_get_value() == Some(number) {
                        clear();
                    }
                }
                Err(problem) => {
                    clear();
                    self.trouble.set(Some(text::worker(&problem).to_owned()));
                }
            }
        });
    }

    async fn pictures(
        self,
        viewing: Viewing,
        first: u32,
        last: u32,
        number: u32,
    ) -> Result<(), WorkerProblem> {
        clear();
        let lost = || WorkerProblem::Other {
            detail: "no place for the pages".into(),
        };
        let place = document()
            .create_element("div")
            .map_err(|_| lost())?
            .dyn_into::<HtmlElement>()
            .map_err(|_| lost())?;
        place.set_id(PLACE);
        let _ = place.set_attribute("aria-hidden", "true");
        document()
            .body()
            .ok_or_else(lost)?
            .append_child(&place)
            .map_err(|_| lost())?;
        for page in first..=last {
            let size = viewing.layout.with_value(|layout| layout.size(page));
            let scale = SCALE.min((PIXELS / (size.width * size.height).max(1.0)).sqrt());
            let drawn = picture::draw(viewing.document, page, scale, None, Urgency::Near).await?;
            if self.number.try_get_value() != Some(number) {
                return Ok(());
            }
            let image = frozen(&drawn).await.ok_or_else(lost)?;
            image.set_alt(&fill("Trang {}", &[&(page + 1)]));
            if size.width > size.height {
                image.set_class_name("wide");
            }
            place.append_child(&image).map_err(|_| lost())?;
            // Printing does not wait for a picture that is still being unpacked.
            let _ = wasm_bindgen_futures::JsFuture::from(image.decode()).await;
            let _ = self.going.try_set(Some(page - first + 1));
        }
        Ok(())
    }
}

/// A picture packed by the browser: a printer's worth of bare pixels would not fit a phone.
async fn frozen(drawn: &web_sys::ImageBitmap) -> Option<HtmlImageElement> {
    let canvas = document()
        .create_element("canvas")
        .ok()?
        .dyn_into::<HtmlCanvasElement>()
        .ok()?;
    picture::show(&canvas, drawn);
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let took = Closure::once_into_js(move |blob: wasm_bindgen::JsValue| {
            let _ = resolve.call1(&wasm_bindgen::JsValue::UNDEFINED, &blob);
        });
        let _ = canvas.to_blob_with_type_and_encoder_options(
            took.unchecked_ref(),
            "image/jpeg",
            &0.94.into(),
        );
    });
    let blob = wasm_bindgen_futures::JsFuture::from(promise)
        .await
        .ok()?
        .dyn_into::<web_sys::Blob>()
        .ok()?;
    picture::release(&canvas);
    let image = HtmlImageElement::new().ok()?;
    image.set_src(&Url::create_object_url_with_blob(&blob).ok()?);
    Some(image)
}

/// Takes the pictures away and gives their memory back.
fn clear() {
    let Some(place) = document().get_element_by_id(PLACE) else {
        return;
    };
    if let Ok(images) = place.query_selector_all("img") {
        for index in 0..images.length() {
            if let Some(image) = images
                .item(index)
                .and_then(|image| image.dyn_into::<HtmlImageElement>().ok())
            {
                let _ = Url::revoke_object_url(&image.src());
            }
        }
    }
    place.remove();
}

/// One end of the range.
fn end(label: &'static str, value: Signal<u32>, set: Callback<u32>, busy: Signal<bool>) -> AnyView {
    view! {
        <label>
            <span>{label}</span>
            <input
                type="text"
                inputmode="numeric"
                disabled=move || busy.get()
                prop:value=move || value.get().to_string()
                on:input=move |event| set.run(event_target_value(&event).trim().parse().unwrap_or(0))
            />
        </label>
    }
    .into_any()
}

/// Which pages, and how far it is.
pub fn dialog(controls: Controls) -> AnyView {
    let (viewing, printing) = (controls.viewing, controls.print);
    let busy = Signal::derive(move || printing.going.get().is_some());
    let (range, total) = (printing.range, viewing.count());
    Effect::new(move |_| {
        if !printing.open.get() && printing.going.get_untracked().is_some() {
            printing.stop();
        }
    });
    on_cleanup(clear);
    view! {
        <Dialog open=printing.open title=t("In tài liệu")>
            <p class="hint">
                {fill("Tài liệu có {} trang.", &[&total])}
                {(total > MOST).then(|| " ".to_owned() + &fill("Mỗi lần in tối đa {} trang.", &[&MOST]))}
            </p>
            <div class="print-range">
                {end(t("Từ trang"), Signal::derive(move || range.get().0), Callback::new(move |page| range.update(|range| range.0 = page)), busy)}
                {end(t("đến trang"), Signal::derive(move || range.get().1), Callback::new(move |page| range.update(|range| range.1 = page)), busy)}
            </div>
            {move || printing.trouble.get().map(|sentence| view! { <p class="notice bad" role="alert">{sentence}</p> })}
            <p role="status" class="print-progress">
                {move || printing.going.get().map(|done| {
                    let (first, last) = range.get();
                    fill("Đang chuẩn bị trang {}/{}…", &[&done, &(last + 1).saturating_sub(first)])
                })}
            </p>
            <p class="row end">
                <button type="button" class="button" on:click=move |_| printing.stop()>{t("Hủy")}</button>
                <button type="button" class="button primary" disabled=move || busy.get() on:click=move |_| printing.start(viewing)>{t("In")}</button>
            </p>
        </Dialog>
    }
    .into_any()
}
