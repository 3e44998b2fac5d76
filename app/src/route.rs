//! Every address and its screen.

use crate::chunk::screen as far;
use crate::part::later::later;
use crate::part::shell::Shell;
use crate::screen;
use crate::{network, outbox, session, signing};
use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

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
                    <Route path=path!("/dang-nhap") view=screen::sign_in::SignIn/>
                    <Route path=path!("/thu-tuc") view=|| later(far::procedures)/>
                    <Route path=path!("/thu-tuc/:code") view=|| later(far::procedure)/>
                    <Route path=path!("/thong-tin-ca-nhan") view=|| later(far::account)/>
                    <Route path=path!("/chu-ky") view=|| later(far::profiles)/>
                    <Route path=path!("/ho-so/:draft/thong-tin") view=|| later(far::information)/>
                    <Route path=path!("/ho-so/:draft/thanh-phan") view=|| later(far::components)/>
                    <Route path=path!("/ho-so/:draft/phi") view=|| later(far::fees)/>
                    <Route path=path!("/ho-so/:draft/nop") view=|| later(far::review)/>
                    <Route path=path!("/ho-so/:draft/ky") view=|| later(far::sign)/>
                    <Route path=path!("/ho-so/:draft/ky/:attachment") view=|| later(far::sign)/>
                    <Route path=path!("/quan-ly-ho-so") view=|| later(far::my_dossiers)/>
                    <Route path=path!("/quan-ly-ho-so/:id") view=|| later(far::my_dossier)/>
                    <Route path=path!("/kho-du-lieu") view=|| later(far::kept)/>
                    <Route path=path!("/thong-bao") view=|| later(far::notices)/>
                    <Route path=path!("/nhac-viec") view=|| later(far::reminders)/>
                    <Route path=path!("/tra-cuu") view=|| later(far::track)/>
                    <Route path=path!("/thanh-toan") view=|| later(far::payments)/>
                    <Route path=path!("/thanh-toan/:id") view=|| later(far::payment)/>
                    <Route path=path!("/kiem-tra") view=|| later(far::check)/>
                    <Route path=path!("/doi-mat-khau") view=|| later(far::password)/>
                    <Route path=path!("/ho-tro") view=|| later(far::help)/>
                    <Route path=path!("/ho-tro/:topic") view=|| later(far::help_topic)/>
                    <Route path=path!("/tin-tuc") view=|| later(far::news)/>
                    <Route path=path!("/tin-tuc/:slug") view=|| later(far::article)/>
                    <Route path=path!("/phan-anh") view=|| later(far::send_feedback)/>
                    <Route path=path!("/khao-sat") view=|| later(far::survey)/>
                    <Route path=path!("/mau-giao-dien") view=|| later(far::design)/>
                    <Route path=path!("/can-bo") view=|| later(far::inbox)/>
                    <Route path=path!("/can-bo/phan-anh") view=|| later(far::officer_feedback)/>
                    <Route path=path!("/can-bo/ho-so/:id") view=|| later(far::officer_dossier)/>
                </FlatRoutes>
            </Shell>
        </Router>
    }
}
