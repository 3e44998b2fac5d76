//! Every address and its screen.

use crate::part::shell::Shell;
use crate::screen;
use crate::{session, signing};
use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    session::provide();
    signing::provide();
    view! {
        <Router>
            <Shell>
                <Routes fallback=screen::not_found::NotFound>
                    <Route path=path!("/") view=screen::home::Home/>
                    <Route path=path!("/dang-nhap") view=screen::sign_in::SignIn/>
                    <Route path=path!("/thu-tuc") view=screen::procedures::Procedures/>
                    <Route path=path!("/thu-tuc/:code") view=screen::procedure::Procedure/>
                    <Route path=path!("/thong-tin-ca-nhan") view=screen::account::Account/>
                    <Route path=path!("/chu-ky") view=screen::profiles::Profiles/>
                    <Route path=path!("/ho-so/:draft/thong-tin") view=screen::dossier::information::Information/>
                    <Route path=path!("/ho-so/:draft/thanh-phan") view=screen::dossier::components::Components/>
                    <Route path=path!("/ho-so/:draft/phi") view=screen::dossier::fees::Fees/>
                    <Route path=path!("/ho-so/:draft/nop") view=screen::dossier::review::Review/>
                    <Route path=path!("/ho-so/:draft/ky/:attachment") view=screen::sign::Sign/>
                    <Route path=path!("/quan-ly-ho-so") view=screen::my_dossiers::MyDossiers/>
                    <Route path=path!("/quan-ly-ho-so/:id") view=screen::my_dossier::MyDossier/>
                    <Route path=path!("/tra-cuu") view=screen::track::Track/>
                    <Route path=path!("/kiem-tra") view=screen::check::Check/>
                    <Route path=path!("/ho-tro") view=screen::help::Help/>
                    <Route path=path!("/can-bo") view=screen::officer::inbox::Inbox/>
                    <Route path=path!("/can-bo/ho-so/:id") view=screen::officer::dossier::OfficerDossier/>
                </Routes>
            </Shell>
        </Router>
    }
}
