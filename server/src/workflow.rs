//! Rules of a dossier's life on the server: what is read before, what is decided, what is written. `contract::life` has the table.

mod deadline;
mod step;
mod supplement;

pub use deadline::working_days_from;
pub use step::{Deed, change};
pub use supplement::{answered, check_answer, check_list};
