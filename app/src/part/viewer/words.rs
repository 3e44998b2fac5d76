//! The text over the picture: transparent, there to be selected, copied and read aloud; the links; and the marks of a search below them.
//! All of it stands in points and is scaled as one.

use super::Target;
use super::find::Find;
use super::pause;
use super::viewing::Viewing;
use crate::engine;
use crate::text::fill;
use contract::document::{Link, LinkTarget};
use contract::text::{Quad, TextLine};
use contract::worker::{Answer, Ask};
use leptos::html;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation as spawn;
use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, Element, HtmlElement};

/// The font of the text layer; the width of its letters is corrected line by line.
const FONT: &str = "\"Times New Roman\", \"Liberation Serif\", serif";

thread_local! {
    static RULER: Option<CanvasRenderingContext2d> = document()
        .create_element("canvas")
        .ok()
        .and_then(|canvas| canvas.dyn_into::<web_sys::HtmlCanvasElement>().ok())
        .and_then(|canvas| canvas.get_context("2d").ok().flatten())
        .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
}

/// How wide a text is in that font at 100 px.
fn natural_width(text: &str) -> f64 {
    RULER.with(|ruler| {
        let Some(ruler) = ruler else { return 0.0 };
        ruler.set_font(&("100px ".to_owned() + FONT));
        ruler
            .measure_text(text)
            .map(|measure| measure.width())
            .unwrap_or_default()
    })
}

/// A quad as a box that begins in its upper left corner and is turned: left, top, width, height, degrees.
fn upright(quad: &Quad) -> (f64, f64, f64, f64, f64) {
    let [lower_left, lower_right, _, upper_left] = quad;
    let (along, rise) = (lower_right.x - lower_left.x, lower_right.y - lower_left.y);
    let height = (lower_left.x - upper_left.x).hypot(lower_left.y - upper_left.y);
    (
        upper_left.x,
        upper_left.y,
        along.hypot(rise),
        height,
        rise.atan2(along).to_degrees(),
    )
}

/// CSS of a box.
fn place(css: &mut String, left: f64, top: f64) {
    for (name, value) in [("left:", left), (";top:", top)] {
        css.push_str(name);
        css.push_str(&((value * 100.0).round() / 100.0).to_string());
        css.push_str("px");
    }
}

fn element(name: &str) -> Option<HtmlElement> {
    document()
        .create_element(name)
        .ok()
        .and_then(|element| element.dyn_into::<HtmlElement>().ok())
}

/// One line.
fn line(parent: &Element, line: &TextLine) {
    let (Some(span), Some(end)) = (element("span"), element("br")) else {
        return;
    };
    let (left, top, width, height, degrees) = upright(&line.quad);
    let natural = natural_width(&line.text) * height / 100.0;
    let mut css = String::with_capacity(96);
    place(&mut css, left, top);
    css.push_str(";font-size:");
    css.push_str(&height.to_string());
    css.push_str("px;transform:");
    if degrees.abs() > 0.05 {
        css.push_str("rotate(");
        css.push_str(&degrees.to_string());
        css.push_str("deg) ");
    }
    css.push_str("scaleX(");
    css.push_str(&(if natural > 0.01 { width / natural } else { 1.0 }).to_string());
    css.push(')');
    span.style().set_css_text(&css);
    span.set_text_content(Some(&line.text));
    let _ = parent.append_child(&span);
    let _ = parent.append_child(&end);
}

/// One mark.
fn mark(parent: &Element, quad: &Quad, here: bool) {
    let Some(node) = element("span") else { return };
    let (left, top, width, height, degrees) = upright(quad);
    let mut css = String::with_capacity(96);
    place(&mut css, left, top);
    for (name, value, unit) in [
        (";width:", width, "px"),
        (";height:", height, "px"),
        (";transform:rotate(", degrees, "deg)"),
    ] {
        css.push_str(name);
        css.push_str(&value.to_string());
        css.push_str(unit);
    }
    node.style().set_css_text(&css);
    if here {
        node.set_class_name("here");
    }
    let _ = parent.append_child(&node);
}

/// Text, links and marks of a page.
pub fn words(viewing: Viewing, page: u32) -> AnyView {
    let (text, marks) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let links: RwSignal<Vec<Link>> = RwSignal::new(Vec::new());
    let known = Memo::new(move |_| viewing.texts.with(|texts| texts.contains_key(&page)));
    Effect::new(move |_| {
        if known.get_untracked() {
            return;
        }
        let document = viewing.document;
        spawn(async move {
            pause(40).await;
            if let Ok((Answer::Text { text }, _)) =
                engine::ask(Ask::Text { document, page }, Vec::new()).await
            {
                viewing.keep_text(page, text);
            }
        });
    });
    Effect::new(move |_| {
        let document = viewing.document;
        spawn(async move {
            pause(60).await;
            if let Ok((Answer::Links { links: found }, _)) =
                engine::ask(Ask::Links { document, page }, Vec::new()).await
            {
                let _ = links.try_set(found);
            }
        });
    });
    Effect::new(move |_| {
        let (Some(parent), true) = (text.get(), known.get()) else {
            return;
        };
        let found = viewing
            .texts
            .with_untracked(|texts| texts.get(&page).cloned());
        parent.set_text_content(None);
        for next in found.iter().flat_map(|text| &text.lines) {
            line(&parent, next);
        }
    });
    let hits = Memo::new(move |_| viewing.find.on(page));
    Effect::new(move |_| {
        let Some(parent) = marks.get() else { return };
        parent.set_text_content(None);
        hits.with(|hits| {
            for (quads, here) in hits {
                for quad in quads {
                    mark(&parent, quad, *here);
                }
            }
        });
    });
    view! {
        <div class="marks" node_ref=marks aria-hidden="true"></div>
        <div class="text" node_ref=text></div>
        <div class="links">{move || links.get().into_iter().map(|link| anchor(viewing, &link)).collect_view()}</div>
    }
    .into_any()
}

/// One link.
fn anchor(viewing: Viewing, link: &Link) -> AnyView {
    let (spot, address, name) = match &link.target {
        LinkTarget::Spot { spot } => (
            Some(Target {
                page: spot.page,
                y: spot.y,
            }),
            "#".to_owned() + "trang-" + &(spot.page + 1).to_string(),
            fill("Đến trang {}", &[&(spot.page + 1)]),
        ),
        LinkTarget::Address { address } => (
            None,
            address.clone(),
            fill("{} (mở trang ngoài)", &[address]),
        ),
    };
    let (rect, outside) = (link.rect, spot.is_none());
    let click = move |event: web_sys::MouseEvent| {
        event.stop_propagation();
        if let Some(target) = spot {
            event.prevent_default();
            viewing.read_from(target);
        }
    };
    view! {
        <a
            href=address
            title=name.clone()
            aria-label=name
            target=outside.then_some("_blank")
            rel=outside.then_some("noopener noreferrer")
            on:click=click
            style:left=rect.x.to_string() + "px"
            style:top=rect.y.to_string() + "px"
            style:width=rect.width.to_string() + "px"
            style:height=rect.height.to_string() + "px"
        ></a>
    }
    .into_any()
}

impl Find {
    /// The hits of a page, and which of them is the one that is looked at.
    fn on(self, page: u32) -> Vec<(Vec<Quad>, bool)> {
        let at = self.at.get();
        self.hits.with(|hits| {
            let first = hits.partition_point(|hit| hit.page < page);
            hits.iter()
                .skip(first)
                .take_while(|hit| hit.page == page)
                .enumerate()
                .map(|(place, hit)| (hit.quads.clone(), at == Some((page, place))))
                .collect()
        })
    }
}
