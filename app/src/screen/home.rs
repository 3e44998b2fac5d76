//! Home: find a procedure, go on with what was begun, and what signing needs.

mod events;
mod hero;
pub mod unfinished;

use crate::api;
use crate::chunk::screen as far;
use crate::part::icon::{Icon, Shape};
use crate::part::{afterwards, title};
use crate::session::session;
use crate::text::{n, t};
use contract::procedure::ProcedureSummary;
use contract::session::Role;
use events::Featured;
use hero::Hero;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

/// The catalogue on its way, there, or not to be had.
type Catalogue = RwSignal<Option<api::Answer<Vec<ProcedureSummary>>>>;

/// The screen.
#[component]
pub fn Home() -> impl IntoView {
    title(t("Trang chủ"));
    let list: Catalogue = RwSignal::new(None);
    let ask = move || {
        list.set(None);
        spawn_local(async move {
            let answer = api::procedures().await;
            let _ = list.try_set(Some(answer));
        });
    };
    ask();
    let rest = afterwards();
    view! {
        <Hero list/>
        <div class="wrap">
            <Unfinished/>
            <Featured list ask=Callback::new(move |()| ask())/>
            {move || rest.get().then(|| view! {
                <Needs/>
                <Doors/>
            })}
        </div>
    }
}

/// Drafts of a signed-in citizen; what reads them comes in its own chunk, and without it the page is whole.
#[component]
fn Unfinished() -> impl IntoView {
    let state = session();
    let shown: RwSignal<Option<crate::chunk::Screen>> = RwSignal::new(None);
    let citizen = Memo::new(move |_| {
        state
            .account()
            .is_some_and(|account| account.role == Role::Citizen)
    });
    Effect::new(move |_| {
        if citizen.get() {
            spawn_local(async move {
                if let Ok(screen) = (far::unfinished)().await {
                    let _ = shown.try_set(Some(screen));
                }
            });
        }
    });
    view! { {move || citizen.get().then(|| shown.get().map(|make| make()))} }
}

const NEEDS: [(Shape, &str, &str, &str, &str); 3] = [
    (
        Shape::Phone,
        n("Chứng thư số từ xa"),
        n(
            "Đăng ký tại VNPT, Viettel, MISA, CA2, Bkav, FPT hoặc Newtel và cài ứng dụng của họ trên điện thoại.",
        ),
        "/ho-tro/nha-cung-cap",
        n("Xem các nhà cung cấp"),
    ),
    (
        Shape::Pen,
        n("Mẫu chữ ký"),
        n("Khai một lần: tên, số điện thoại ký số, tài khoản nhà cung cấp, ảnh chữ ký nếu muốn."),
        "/ho-tro/mau-chu-ky",
        n("Cách tạo mẫu chữ ký"),
    ),
    (
        Shape::Plane,
        n("Ký và nộp"),
        n(
            "Ô ký tự đặt đúng chỗ; bạn so mã, nhập PIN trên điện thoại một lần cho tất cả tệp rồi nộp.",
        ),
        "/ho-tro/ky-so",
        n("Cách ký số"),
    ),
];

/// What signing needs, in three steps.
#[component]
fn Needs() -> impl IntoView {
    view! {
        <section class="needs">
            <h2>{t("Ký số cần gì?")}</h2>
            <ol>
                {NEEDS.into_iter().map(|(shape, name, sentence, address, more)| view! {
                    <li>
                        <span class="needs-sign"><Icon shape/></span>
                        <h3>{t(name)}</h3>
                        <p>{t(sentence)}</p>
                        <p><A href=address>{t(more)}</A></p>
                    </li>
                }).collect_view()}
            </ol>
        </section>
    }
}

const DOORS: [(Shape, &str, &str, &str); 3] = [
    (
        Shape::Glass,
        "/tra-cuu",
        n("Tra cứu hồ sơ"),
        n("Có mã hồ sơ là xem được tới đâu, không cần đăng nhập."),
    ),
    (
        Shape::Paper,
        "/kiem-tra",
        n("Kiểm tra chữ ký"),
        n("Thả một tệp PDF đã ký; kiểm tra ngay trên máy của bạn, cả khi không có mạng."),
    ),
    (
        Shape::People,
        "/ho-tro",
        n("Hướng dẫn và hỗ trợ"),
        n("Từng bước có hình, và hỏi ai khi gặp khó."),
    ),
];

/// What people come for besides.
#[component]
fn Doors() -> impl IntoView {
    view! {
        <section class="doors" aria-label=t("Việc khác")>
            {DOORS.into_iter().map(|(shape, address, name, sentence)| view! {
                <A href=address attr:class="door">
                    <Icon shape/>
                    <span><strong>{t(name)}</strong><span>{t(sentence)}</span></span>
                </A>
            }).collect_view()}
        </section>
    }
}
