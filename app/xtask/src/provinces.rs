//! What the process of the journeys serves: the demo province with an identity provider, and a neighbour with a name, a logo, a unit
//! code and data of its own.

use crate::process::root;
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};

/// The neighbour's host: browsers lead every name below `localhost` to this machine.
const NEIGHBOUR: &str = "hai-dang.localhost";

/// Where both stand, and whom they are told of.
pub struct Place<'a> {
    /// Folder of all data.
    pub data: &'a Path,
    /// Port of both portals.
    pub port: u16,
    /// Port of the sandbox provider.
    pub sandbox_port: u16,
    /// Port of the identity provider, which only the first knows.
    pub oidc_port: u16,
}

/// Writes the settings of both, and gives back the main file.
///
/// # Errors
/// Where nothing can be written.
pub fn write(place: &Place) -> Result<PathBuf> {
    let Place {
        data,
        port,
        sandbox_port,
        oidc_port,
    } = place;
    let sandbox = format!(
        "demo = true\nsandbox_url = \"http://localhost:{sandbox_port}\"\nsandbox_root = {:?}\n",
        data.join("sandbox/root.pem")
    );
    let first = format!(
        "{sandbox}public_url = \"http://localhost:{port}\"\ndata = {:?}\n\
         [[oidc]]\ncode = \"vneid\"\nname = \"Định danh điện tử (VNeID)\"\nissuer = \"http://localhost:{oidc_port}\"\nclient_id = \"portal\"\n",
        data.join("server")
    );
    let neighbour = format!(
        "{sandbox}public_url = \"http://{NEIGHBOUR}:{port}\"\ndata = {:?}\nunit = \"000.00.00.H98\"\n\
         [province]\nname = \"Cổng dịch vụ công tỉnh Hải Đăng\"\nname_en = \"Public services of Hải Đăng province\"\n\
         short_name = \"Tỉnh Hải Đăng\"\nlogo = {:?}\n",
        data.join("neighbour"),
        root().join("end2end/fixture/hai-dang.svg")
    );
    let main = format!(
        "[[tenant]]\nname = \"thu-nghiem\"\nhosts = [\"localhost\", \"127.0.0.1\"]\nsettings = \"thu-nghiem.toml\"\n\
         [[tenant]]\nname = \"hai-dang\"\nhosts = [\"{NEIGHBOUR}\"]\nsettings = \"hai-dang.toml\"\n"
    );
    std::fs::create_dir_all(data)?;
    for (name, text) in [
        ("thu-nghiem.toml", first),
        ("hai-dang.toml", neighbour),
        ("portal.toml", main),
    ] {
        let file = data.join(name);
        std::fs::write(&file, text).with_context(|| file.display().to_string())?;
    }
    Ok(data.join("portal.toml"))
}
