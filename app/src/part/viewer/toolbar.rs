//! The toolbar: one row above the pages of a wide viewer; below them in a narrow one, with a menu for what is needed less.

use super::icon;
use super::menu::Controls;
use super::viewing::{FULL, Viewing, Zoom};
use crate::text::t;
use leptos::html;
use leptos::prelude::*;

/// Zooms that can be chosen, in per cent.
const CHOICES: [u32; 8] = [50, 75, 100, 125, 150, 200, 300, 400];

/// The zoom in per cent.
fn percent(viewing: Viewing) -> String {
    (viewing.scale.get() / FULL * 100.0).round().to_string() + " %"
}

/// The toolbar.
pub fn toolbar(controls: Controls) -> AnyView {
    let Controls { viewing, more, .. } = controls;
    let panel = move || viewing.panel.get().is_some();
    let last = move || viewing.current.get() + 1 >= viewing.count();
    view! {
        <div class="toolbar" role="toolbar" aria-label=t("Xem tài liệu") aria-orientation="horizontal">
            <button type="button" class="panel-button" aria-label=t("Bảng bên: trang, mục lục, tệp kèm") title=t("Bảng bên (F4)") aria-expanded=move || panel().to_string() on:click=move |_| controls.toggle_panel()>
                {icon("M4 5h16v14H4zM9 5v14")}
            </button>
            <div class="paging">
                <button type="button" class="step" aria-label=t("Trang trước") title=t("Trang trước (p)") disabled=move || viewing.current.get() == 0 on:click=move |_| controls.turn_page(-1)>{icon("M6 15l6-6 6 6")}</button>
                {page_field(controls)}
                <button type="button" class="step" aria-label=t("Trang sau") title=t("Trang sau (n)") disabled=last on:click=move |_| controls.turn_page(1)>{icon("M6 9l6 6 6-6")}</button>
            </div>
            <div class="zooming">
                <button type="button" aria-label=t("Thu nhỏ") title=t("Thu nhỏ (Ctrl −)") on:click=move |_| viewing.step(false)>{icon("M5 12h14")}</button>
                {zoom_choice(viewing)}
                <button type="button" aria-label=t("Phóng to") title=t("Phóng to (Ctrl +)") on:click=move |_| viewing.step(true)>{icon("M12 5v14M5 12h14")}</button>
            </div>
            <button type="button" class="more" aria-label=t("Thêm công cụ") aria-expanded=move || more.get().to_string() on:click=move |_| more.update(|open| *open = !*open)>{icon("M12 5v.01M12 12v.01M12 19v.01")}</button>
            <div class="tools" class:open=move || more.get()>
                {tools(controls)}
            </div>
        </div>
    }
    .into_any()
}

/// What is needed less.
fn tools(controls: Controls) -> AnyView {
    let viewing = controls.viewing;
    let tool = move |name: &'static str,
                     title: &'static str,
                     path: &'static str,
                     act: Callback<()>| {
        let press = move |_| {
            controls.more.set(false);
            act.run(());
        };
        view! { <button type="button" title=title on:click=press>{icon(path)}<span>{name}</span></button> }
            .into_any()
    };
    let find = Callback::new(move |()| viewing.find.begin());
    let panel = Callback::new(move |()| controls.toggle_panel());
    let left = Callback::new(move |()| viewing.turn_by(-1));
    let right = Callback::new(move |()| viewing.turn_by(1));
    let fill = Callback::new(move |()| controls.fill_screen());
    let print = Callback::new(move |()| controls.print.ask(viewing));
    let help = Callback::new(move |()| controls.help.set(true));
    view! {
        {tool(t("Tìm trong tài liệu"), t("Tìm (Ctrl+F)"), "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5", find)}
        <span class="in-menu">{tool(t("Trang, mục lục, tệp kèm"), t("Bảng bên (F4)"), "M4 5h16v14H4zM9 5v14", panel)}</span>
        <span class="in-menu">{tool(t("Xoay trái"), t("Xoay trái (Shift+R)"), "M4 5v5h5M4.6 10a8 8 0 1 1-.4 4", left)}</span>
        {tool(t("Xoay phải"), t("Xoay phải (R)"), "M20 5v5h-5M19.4 10a8 8 0 1 0 .4 4", right)}
        {Controls::can_fill().then(|| tool(t("Toàn màn hình"), t("Toàn màn hình"), "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5", fill))}
        {tool(t("In"), t("In (Ctrl+P)"), "M7 9V4h10v5M7 17H4v-8h16v8h-3M7 14h10v6H7z", print)}
        {controls.save.map(|save| tool(t("Tải về"), t("Tải về (Ctrl+S)"), "M12 4v11M7 11l5 5 5-5M5 20h14", save))}
        {tool(t("Phím tắt"), t("Phím tắt (?)"), "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 18v.01", help)}
    }
    .into_any()
}

/// The page number, to be read and to be typed.
fn page_field(controls: Controls) -> AnyView {
    let viewing = controls.viewing;
    let field = NodeRef::<html::Input>::new();
    let shown = move || (viewing.current.get() + 1).to_string();
    let put_back = move || {
        if let Some(field) = field.get_untracked() {
            field.set_value(&(viewing.current.get_untracked() + 1).to_string());
        }
    };
    let go = move |text: String| {
        if let Ok(page) = text.trim().parse::<u32>() {
            viewing.go(page.saturating_sub(1));
        }
        put_back();
    };
    let key = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            go(event_target_value(&event));
            if let Some(field) = field.get_untracked() {
                field.select();
            }
        }
        "Escape" => {
            put_back();
            if let Some(frame) = viewing.frame.get_untracked() {
                let _ = frame.focus();
            }
        }
        _ => {}
    };
    let digits = viewing.count().to_string().len().max(2);
    view! {
        <label class="page-field" class:long=digits.gt(&3)>
            <span class="word">{t("Trang")}</span>
            <input
                node_ref=field
                type="text"
                inputmode="numeric"
                autocomplete="off"
                class="number"
                title=t("Đến trang (Ctrl+Alt+G)")
                size=digits.to_string()
                prop:value=shown
                on:focus=move |_| if let Some(field) = field.get_untracked() { field.select() }
                on:keydown=key
                on:change=move |event| go(event_target_value(&event))
            />
            <span class="of">"/ "{viewing.count()}</span>
        </label>
    }
    .into_any()
}

/// The zoom, to be read and to be chosen.
fn zoom_choice(viewing: Viewing) -> AnyView {
    let node = NodeRef::<html::Select>::new();
    let value = move || match viewing.zoom.get() {
        Zoom::Auto => "auto".to_owned(),
        Zoom::Width => "width".to_owned(),
        Zoom::Page => "page".to_owned(),
        Zoom::Scale(_) => "now".to_owned(),
    };
    Effect::new(move |_| {
        let value = value();
        if let Some(node) = node.get() {
            node.set_value(&value);
        }
    });
    let chosen = move |event: web_sys::Event| {
        let zoom = match event_target_value(&event).as_str() {
            "auto" => Zoom::Auto,
            "width" => Zoom::Width,
            "page" => Zoom::Page,
            number => match number.parse::<f64>() {
                Ok(percent) => Zoom::Scale(percent / 100.0 * FULL),
                Err(_) => return,
            },
        };
        viewing.zoom_to(zoom, None);
        if let (Zoom::Scale(_), Some(node)) = (zoom, node.get_untracked()) {
            node.set_value("now");
        }
    };
    view! {
        <span class="zoom-choice">
            <span class="zoom" aria-hidden="true">{move || percent(viewing)}</span>
            <select node_ref=node aria-label=t("Mức phóng") title=t("Mức phóng") on:change=chosen>
                <option value="now">{move || percent(viewing)}</option>
                <option value="auto">{t("Tự động")}</option>
                <option value="width">{t("Vừa chiều ngang")}</option>
                <option value="page">{t("Vừa trang")}</option>
                {CHOICES.into_iter().map(|choice| view! { <option value=choice.to_string()>{choice}" %"</option> }).collect_view()}
            </select>
        </span>
    }
    .into_any()
}
