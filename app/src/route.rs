//! Every address and its screen.

use crate::chunk::{Fetch, screen as far};
use crate::part::later::later;
use crate::part::shell::Shell;
use crate::screen;
use crate::{network, outbox, session, signing};
use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

/// A screen that comes later. One type for all of them: the router's code is made once, not for each address.
fn shown(screen: Fetch) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    move || later(screen)
}

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    network::provide();
    session::provide();
    signing::provide();
    outbox::provide();
    view! {
        <Router>
            <Shell>
                <FlatRoutes fallback=screen::not_found::NotFound>
                    <Route path=path!("/") view=screen::home::Home/>
                    <Route path=path!("/dang-nhap") view=shown(far::sign_in)/>
                    <Route path=path!("/thu-tuc") view=shown(far::procedures)/>
                    <Route path=path!("/thu-tuc/:code") view=shown(far::procedure)/>
                    <Route path=path!("/thong-tin-ca-nhan") view=shown(far::account)/>
                    <Route path=path!("/chu-ky") view=shown(far::profiles)/>
                    <Route path=path!("/loai-ky-so") view=shown(far::sign_kind)/>
                    <Route path=path!("/ho-so/:draft/thong-tin") view=shown(far::information)/>
                    <Route path=path!("/ho-so/:draft/thanh-phan") view=shown(far::components)/>
                    <Route path=path!("/ho-so/:draft/phi") view=shown(far::fees)/>
                    <Route path=path!("/ho-so/:draft/nop") view=shown(far::review)/>
                    <Route path=path!("/ho-so/:draft/ky") view=shown(far::sign)/>
                    <Route path=path!("/ho-so/:draft/ky/:attachment") view=shown(far::sign)/>
                    <Route path=path!("/quan-ly-ho-so") view=shown(far::my_dossiers)/>
                    <Route path=path!("/quan-ly-ho-so/:id") view=shown(far::my_dossier)/>
                    <Route path=path!("/kho-du-lieu") view=shown(far::kept)/>
                    <Route path=path!("/thong-bao") view=shown(far::notices)/>
                    <Route path=path!("/nhac-viec") view=shown(far::reminders)/>
                    <Route path=path!("/tra-cuu") view=shown(far::track)/>
                    <Route path=path!("/thanh-toan") view=shown(far::payments)/>
                    <Route path=path!("/thanh-toan/:id") view=shown(far::payment)/>
                    <Route path=path!("/kiem-tra") view=shown(far::check)/>
                    <Route path=path!("/doi-mat-khau") view=shown(far::password)/>
                    <Route path=path!("/bao-mat") view=shown(far::security)/>
                    <Route path=path!("/quen-mat-khau") view=shown(far::forgotten)/>
                    <Route path=path!("/dat-lai-mat-khau") view=shown(far::new_password)/>
                    <Route path=path!("/ho-tro") view=shown(far::help)/>
                    <Route path=path!("/ho-tro/:topic") view=shown(far::help_topic)/>
                    <Route path=path!("/tin-tuc") view=shown(far::news)/>
                    <Route path=path!("/tin-tuc/:slug") view=shown(far::article)/>
                    <Route path=path!("/phan-anh") view=shown(far::send_feedback)/>
                    <Route path=path!("/khao-sat") view=shown(far::survey)/>
                    <Route path=path!("/thong-ke") view=shown(far::statistics)/>
                    <Route path=path!("/mau-giao-dien") view=shown(far::design)/>
                    <Route path=path!("/can-bo") view=shown(far::inbox)/>
                    <Route path=path!("/can-bo/phan-anh") view=shown(far::officer_feedback)/>
                    <Route path=path!("/can-bo/nhat-ky") view=shown(far::audit)/>
                    <Route path=path!("/can-bo/quan-tri") view=shown(far::admin_catalogue)/>
                    <Route path=path!("/can-bo/quan-tri/:code/:kind") view=shown(far::admin_document)/>
                    <Route path=path!("/can-bo/quyen") view=shown(far::admin_rights)/>
                    <Route path=path!("/can-bo/ho-so/:id") view=shown(far::officer_dossier)/>
                </FlatRoutes>
            </Shell>
        </Router>
    }
}
