//! Rules of a dossier's life on the server: what is read before, what is decided, what is written. `contract::life` has the table of
//! states, a procedure's file the steps between "received" and "done".

mod calendar;
mod office;
mod step;
mod supplement;
mod work;

pub use calendar::{Calendar, Days, text as holidays_text};
pub use office::{Office, USUAL, faults, usual};
pub use step::{Deed, Moved, change};
pub use supplement::{answered, check_answer, check_list};
pub use work::{WorkDeed, work};
