//! `Hỗ trợ`: the guidance in short steps with pictures of this portal, one page a topic and one a provider's app.

mod providers;
mod topics;

use crate::part::icon::{Icon, Shape};
use crate::part::title;
use crate::text::{fill, t};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use providers::{PROVIDERS, Provider};
use topics::{Picture, Step, TOPICS, Topic};

/// The list of topics, and whom to ask.
#[component]
pub fn Help() -> impl IntoView {
    title(t("Hỗ trợ"));
    view! {
        <div class="wrap">
            <h1>{t("Hướng dẫn và hỗ trợ")}</h1>
            <p class="lead">{t("Mỗi trang là một việc, từng bước có hình chụp từ cổng này.")}</p>
            <ul class="help-topics">
                {TOPICS.iter().map(|topic| view! {
                    <li>
                        <Icon shape=topic.shape/>
                        <div>
                            <A href=format!("/ho-tro/{}", topic.address)>{t(topic.title)}</A>
                            <p>{t(topic.summary)}</p>
                        </div>
                    </li>
                }).collect_view()}
            </ul>
            <h2 id="nha-cung-cap">{t("Xác nhận trong ứng dụng của nhà cung cấp")}</h2>
            <Apps/>
            <h2>{t("Hỏi người")}</h2>
            <HelpLines/>
        </div>
    }
}

/// The providers' apps, each with its page.
#[component]
fn Apps() -> impl IntoView {
    view! {
        <ul class="help-topics">
            {PROVIDERS.iter().map(|provider| view! {
                <li>
                    <Icon shape=Shape::Phone/>
                    <div>
                        <A href=format!("/ho-tro/{}", provider.address)>{provider.app}</A>
                        <p>{provider.name}</p>
                    </div>
                </li>
            }).collect_view()}
        </ul>
    }
}

/// Whom to ask, and what to have at hand. Telephone numbers of a province stand in its news and at its offices: none are invented here.
#[component]
fn HelpLines() -> impl IntoView {
    view! {
        <div class="help-lines">
            <p><strong>{t("Về hồ sơ và thủ tục")}</strong><br/>{t("Bộ phận Một cửa nơi nhận hồ sơ; tên cơ quan ghi trên trang của từng thủ tục. Hãy nói mã hồ sơ.")}</p>
            <p><strong>{t("Về chứng thư số, PIN và ứng dụng ký")}</strong><br/>{t("Tổng đài của nhà cung cấp nơi bạn đăng ký. Cổng này không biết và không bao giờ hỏi PIN của bạn.")}</p>
            <p><strong>{t("Về cổng này")}</strong><br/>{t("Gửi qua ")}<A href="/phan-anh">{t("Phản ánh kiến nghị")}</A>{t("; bạn nhận được mã để theo dõi câu trả lời. Nếu có mã lỗi, hãy ghi kèm.")}</p>
        </div>
    }
}

/// One topic, or one provider's app.
#[component]
pub fn HelpTopic() -> impl IntoView {
    let topic = use_params_map();
    move || {
        let address = topic.with(|map| map.get("topic")).unwrap_or_default();
        if address == "nha-cung-cap" {
            return view! { <Providers/> }.into_any();
        }
        if let Some(topic) = TOPICS.iter().find(|topic| topic.address == address) {
            return view! { <Page topic/> }.into_any();
        }
        match PROVIDERS
            .iter()
            .find(|provider| provider.address == address)
        {
            Some(provider) => view! { <App provider/> }.into_any(),
            None => view! { <super::not_found::NotFound/> }.into_any(),
        }
    }
}

#[component]
fn Page(topic: &'static Topic) -> impl IntoView {
    title(t(topic.title));
    let place = TOPICS
        .iter()
        .position(|other| other.address == topic.address);
    let next = place.and_then(|place| TOPICS.get(place + 1));
    view! {
        <div class="wrap">
            <p><A href="/ho-tro">{t("Hướng dẫn và hỗ trợ")}</A></p>
            <h1>{t(topic.title)}</h1>
            <p class="lead">{t(topic.summary)}</p>
            <Steps steps=topic.steps/>
            <p class="help-next">
                {next.map(|next| view! { <A href=format!("/ho-tro/{}", next.address)>{fill("Tiếp theo: {}", &[&t(next.title)])}</A> })}
                <A href="/ho-tro">{t("Tất cả hướng dẫn")}</A>
            </p>
        </div>
    }
}

#[component]
fn Steps(steps: &'static [Step]) -> impl IntoView {
    view! {
        <ol class="help-steps">
            {steps.iter().map(|step| view! {
                <li>
                    <div class="step-words">
                        <h2>{t(step.title)}</h2>
                        {step.sentences.iter().map(|sentence| view! { <p>{t(sentence)}</p> }).collect_view()}
                    </div>
                    {step.picture.as_ref().map(shown)}
                </li>
            }).collect_view()}
        </ol>
    }
}

fn shown(picture: &'static Picture) -> impl IntoView {
    view! {
        <figure>
            <img src=format!("/help/{}.png", picture.file) alt=t(picture.alt) width=picture.width height=picture.height loading="lazy" decoding="async"/>
        </figure>
    }
}

#[component]
fn Providers() -> impl IntoView {
    title(t("Các nhà cung cấp chữ ký số từ xa"));
    view! {
        <div class="wrap">
            <p><A href="/ho-tro">{t("Hướng dẫn và hỗ trợ")}</A></p>
            <h1>{t("Các nhà cung cấp chữ ký số từ xa")}</h1>
            <p class="lead">{t("Khóa ký của bạn nằm ở nhà cung cấp và chỉ được dùng khi bạn nhập PIN trong ứng dụng của họ. Chọn một nhà cung cấp, đăng ký chứng thư số cá nhân từ xa bằng CCCD, cài ứng dụng rồi khai tài khoản trong mẫu chữ ký.")}</p>
            <Apps/>
            <p class="help-next"><A href="/ho-tro/mau-chu-ky">{t("Tiếp theo: tạo mẫu chữ ký")}</A></p>
        </div>
    }
}

#[component]
fn App(provider: &'static Provider) -> impl IntoView {
    title(provider.app);
    let app = provider.app;
    let steps = [
        (
            t("Chuẩn bị một lần"),
            fill(
                "Cài {} trên điện thoại, đăng nhập bằng tài khoản đã đăng ký với {} và bật thông báo. Đặt PIN ký số nếu ứng dụng yêu cầu.",
                &[&app, &provider.name],
            ),
        ),
        (
            t("Khai tài khoản trong mẫu chữ ký"),
            fill(
                "Ở “Cập nhật chữ ký”, chọn nhà cung cấp {} và nhập số CCCD hoặc CMND đã dùng khi đăng ký. Nhiều người đăng ký bằng số CMND cũ.",
                &[&provider.name],
            ),
        ),
        (
            t("Gửi yêu cầu từ cổng"),
            t("Trên màn hình ký, bấm “Chọn vị trí ký” rồi “Xác nhận”. Cổng hiện mã đối chiếu bốn chữ số và thời gian còn lại.").to_owned(),
        ),
        (
            t("Xác nhận trên điện thoại"),
            fill(
                "Mở thông báo của {}, hoặc mở ứng dụng rồi vào mục các yêu cầu đang chờ. So mã đối chiếu và số tệp; đúng thì nhập PIN, sai thì từ chối.",
                &[&app],
            ),
        ),
        (
            t("Chờ cổng báo xong"),
            t("Cổng tự kiểm tra chữ ký và ghép vào tệp. Bạn có thể đóng trang; khi mở lại, cổng làm tiếp.").to_owned(),
        ),
    ];
    view! {
        <div class="wrap">
            <p><A href="/ho-tro">{t("Hướng dẫn và hỗ trợ")}</A></p>
            <h1>{fill("Ký với {}", &[&app])}</h1>
            <p class="lead">{fill("{} là ứng dụng xác nhận của {}.", &[&app, &provider.name])}</p>
            <ol class="help-steps">
                {steps.into_iter().enumerate().map(|(place, (name, sentence))| view! {
                    <li>
                        <div class="step-words"><h2>{name}</h2><p>{sentence}</p></div>
                        {(place == 2).then(|| shown(&topics::WAITING))}
                    </li>
                }).collect_view()}
            </ol>
            <h2>{t("Cần biết")}</h2>
            <ul>
                {provider.notes.iter().map(|note| view! { <li>{t(note)}</li> }).collect_view()}
                <li>{t("Tên mục trong ứng dụng có thể khác đôi chút theo phiên bản.")}</li>
                <li>{t("Không nhập PIN khi bạn không gửi yêu cầu nào từ cổng. Không ai của cổng hỏi PIN của bạn.")}</li>
            </ul>
            <p class="help-next"><A href="/ho-tro/ky-so">{t("Cách ký số trên cổng")}</A><A href="/ho-tro">{t("Tất cả hướng dẫn")}</A></p>
        </div>
    }
}
