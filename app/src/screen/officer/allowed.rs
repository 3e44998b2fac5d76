//! What the signed-in officer may do with a dossier, as far as the page knows: it offers that and no more, the server decides.

use crate::session::session;
use contract::dossier::Dossier;
use contract::right::{Action, Subject, may};

/// Asks the one rule; the step of work is the server's to know.
pub fn allowed(dossier: &Dossier) -> impl Fn(Action) -> bool + use<> {
    let grants = session()
        .account_now()
        .map(|account| account.grants)
        .unwrap_or_default();
    let agency = dossier.definition.summary.agency.clone();
    let procedure = dossier.definition.summary.code.clone();
    let status = dossier.summary.status;
    let before = dossier.after.open().map(|request| request.before);
    move |action| {
        let subject = Subject {
            agency: &agency,
            procedure: &procedure,
            status,
            before,
            step: None,
        };
        may(&grants, action, &subject).is_ok()
    }
}
