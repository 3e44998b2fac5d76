//! `Tin tức`: what the province tells.

use crate::part::notice::{Loading, Notice, Tone};
use crate::part::{load, title};
use crate::text::t;
use crate::{api, format, text};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;

/// The list.
#[component]
pub fn News() -> impl IntoView {
    title(t("Tin tức"));
    let list = load(api::news::list());
    view! {
        <div class="wrap narrow">
            <h1>{t("Tin tức")}</h1>
            {move || match list.get() {
                None => view! { <Loading/> }.into_any(),
                Some(Err(error)) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                Some(Ok(list)) if list.is_empty() => view! { <p class="hint">{t("Chưa có tin nào.")}</p> }.into_any(),
                Some(Ok(list)) => view! {
                    <ul class="cards news">
                        {list.into_iter().map(|item| view! {
                            <li class="card">
                                <p class="meta"><time datetime=item.published_on.clone()>{format::date(&item.published_on)}</time></p>
                                <h2><A href=format!("/tin-tuc/{}", item.slug)>{item.title}</A></h2>
                                <p>{item.summary}</p>
                            </li>
                        }).collect_view()}
                    </ul>
                }.into_any(),
            }}
        </div>
    }
}

/// One article.
#[component]
pub fn Article() -> impl IntoView {
    let slug = use_params_map().with_untracked(|map| map.get("slug").unwrap_or_default());
    let found = load(async move { api::news::show(&slug).await });
    title(t("Tin tức"));
    view! {
        <div class="wrap narrow">
            <p><A href="/tin-tuc">{t("Tất cả tin")}</A></p>
            {move || match found.get() {
                None => view! { <Loading/> }.into_any(),
                Some(Err(error)) => view! { <h1>{t("Tin tức")}</h1><Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                Some(Ok(article)) => {
                    title(&article.item.title);
                    view! {
                        <article class="prose">
                            <h1>{article.item.title}</h1>
                            <p class="meta"><time datetime=article.item.published_on.clone()>{format::date(&article.item.published_on)}</time></p>
                            <p class="lead">{article.item.summary}</p>
                            {paragraphs(article.body)}
                        </article>
                    }.into_any()
                }
            }}
        </div>
    }
}

/// Headings, lists and paragraphs as `contract::news::Article::body` marks them.
fn paragraphs(body: Vec<String>) -> AnyView {
    let mut shown: Vec<AnyView> = Vec::new();
    let mut points: Vec<String> = Vec::new();
    let end_list = |points: &mut Vec<String>, shown: &mut Vec<AnyView>| {
        if !points.is_empty() {
            let list = std::mem::take(points);
            shown.push(view! { <ul>{list.into_iter().map(|point| view! { <li>{point}</li> }).collect_view()}</ul> }.into_any());
        }
    };
    for paragraph in body {
        if let Some(point) = paragraph.strip_prefix("- ") {
            points.push(point.to_owned());
            continue;
        }
        end_list(&mut points, &mut shown);
        shown.push(match paragraph.strip_prefix("# ") {
            Some(heading) => view! { <h2>{heading.to_owned()}</h2> }.into_any(),
            None => view! { <p>{paragraph}</p> }.into_any(),
        });
    }
    end_list(&mut points, &mut shown);
    shown.into_any()
}
