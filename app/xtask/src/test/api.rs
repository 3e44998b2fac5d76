//! The API asked by its own document: schemathesis against a portal of its own.

use crate::process::{command, root, succeed};
use crate::run::{Options, Portal};
use crate::setup;
use anyhow::Result;

/// Ports away from those of the journeys: the portal's and the sandbox provider's.
const PORTS: (u16, u16) = (8076, 8077);

/// Everything the document allows and what it does not, as several kinds of people (`end2end/api`).
pub fn ask() -> Result<()> {
    let data = root().join("end2end/results/var/api");
    // What an earlier run left behind would make this one find other things.
    let _ = std::fs::remove_dir_all(data.join("server"));
    let portal = Portal::start(&Options {
        port: PORTS.0,
        sandbox_port: PORTS.1,
        data: Some(data),
        dev: false,
        linted: true,
        oidc_port: None,
    })?;
    let done = succeed(
        command(setup::venv_python())
            .arg(root().join("end2end/api/run.py"))
            .arg(format!("http://localhost:{}", PORTS.0)),
    );
    drop(portal);
    done
}
