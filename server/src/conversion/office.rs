//! The office program: started for one file in a folder of its own, ended with everything it started.

use super::{ConversionError, ConversionSettings};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Settings of a fresh profile: no macros, no active content, no links to other files or addresses.
const PROFILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"#;

/// Where the program is, and how it is run.
pub(super) struct Office {
    program: PathBuf,
    settings: ConversionSettings,
    /// What stands before the program: found out at the first file.
    fence: OnceCell<Vec<OsString>>,
}

/// A folder that is deleted with this value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("conversion-{}", Uuid::new_v4()));
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::error!(%error, "a folder of a conversion could not be deleted");
        }
    }
}

/// The first of these names that is a file in a folder of the path.
fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|file| file.is_file())
}

/// Whether a command runs and ends well.
async fn works(command: &[&str]) -> bool {
    let Some((program, arguments)) = command.split_first() else {
        return false;
    };
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .await
        .is_ok_and(|status| status.success())
}

impl Office {
    /// The program of the settings, or of the path.
    pub(super) fn find(settings: &ConversionSettings) -> Option<Self> {
        let program = match &settings.program {
            Some(program) => program.is_file().then(|| program.clone()),
            None => on_path(&["soffice", "libreoffice"]),
        }?;
        Some(Self {
            program,
            settings: settings.clone(),
            fence: OnceCell::new(),
        })
    }

    /// Commands that take the network away and bound memory, as far as this system has them.
    async fn fence(&self) -> &[OsString] {
        self.fence
            .get_or_init(|| async {
                let mut fence: Vec<OsString> = Vec::new();
                // As root a network of its own is enough; others get it with users of their own, where the system allows that.
                let without_network = [["unshare", "--net"].as_slice(), &["unshare", "--map-root-user", "--net"]];
                let mut alone = false;
                for command in without_network {
                    if works(&[command, &["true"]].concat()).await {
                        fence.extend(command.iter().map(OsString::from));
                        alone = true;
                        break;
                    }
                }
                if !alone {
                    tracing::warn!("conversion: this system does not let us take the network away from LibreOffice");
                }
                if works(&["prlimit", "--version"]).await {
                    fence.extend([
                        "prlimit".into(),
                        format!("--as={}", self.settings.memory_bytes).into(),
                        format!("--cpu={}", self.settings.seconds).into(),
                        format!("--fsize={}", self.settings.output_bytes_max.saturating_mul(2)).into(),
                        "--core=0".into(),
                    ]);
                } else {
                    tracing::warn!("conversion: no prlimit, so that LibreOffice's memory is not bounded");
                }
                fence
            })
            .await
    }

    /// Converts one file.
    pub(super) async fn convert(
        &self,
        ending: &str,
        bytes: &[u8],
    ) -> Result<Vec<u8>, ConversionError> {
        let folder = Folder::new()?;
        let file = folder.0.join(format!("tep.{ending}"));
        let profile = folder.0.join("profile");
        tokio::fs::create_dir_all(profile.join("user")).await?;
        tokio::fs::write(profile.join("user/registrymodifications.xcu"), PROFILE).await?;
        tokio::fs::write(&file, bytes).await?;
        self.run(&folder.0, &profile, &file).await?;
        let made = folder.0.join("tep.pdf");
        let size = tokio::fs::metadata(&made)
            .await
            .map_err(|_| ConversionError::NotConvertible("nothing came of it"))?
            .len();
        if size > self.settings.output_bytes_max {
            return Err(ConversionError::TooLarge);
        }
        let pdf = tokio::fs::read(&made).await?;
        if !pdf.starts_with(b"%PDF-") {
            return Err(ConversionError::NotConvertible("what came is no PDF"));
        }
        Ok(pdf)
    }

    async fn run(&self, folder: &Path, profile: &Path, file: &Path) -> Result<(), ConversionError> {
        let mut line: Vec<OsString> = self.fence().await.to_vec();
        line.push(self.program.clone().into());
        let mut user = OsString::from("-env:UserInstallation=file://");
        user.push(profile);
        line.push(user);
        for argument in [
            "--headless",
            "--norestore",
            "--nologo",
            "--nodefault",
            "--nofirststartwizard",
            "--convert-to",
            "pdf:writer_pdf_Export",
            "--outdir",
        ] {
            line.push(argument.into());
        }
        line.push(folder.into());
        line.push(file.into());
        let Some((first, rest)) = line.split_first() else {
            return Err(ConversionError::Unavailable);
        };
        let mut command = Command::new(first);
        command
            .args(rest)
            .current_dir(folder)
            // Nothing of our own settings, which hold passwords, is for this program.
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", folder)
            .env("TMPDIR", folder)
            .env("LANG", "C.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn()?;
        let group = Group(child.id());
        let patience = Duration::from_secs(self.settings.seconds);
        let ended = tokio::time::timeout(patience, child.wait()).await;
        // What it started and left behind ends in any case, before the folder goes.
        drop(group);
        match ended {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(_)) => Err(ConversionError::NotConvertible("the program failed")),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => {
                let _ = child.wait().await;
                Err(ConversionError::NotConvertible("the program took too long"))
            }
        }
    }
}

/// A process group that is killed with this value, also when the request is given up.
struct Group(Option<u32>);

impl Drop for Group {
    fn drop(&mut self) {
        let Some(leader) = self.0 else { return };
        // There is no safe call for it in the standard library.
        let _ = std::process::Command::new("kill")
            .args(["-KILL", "--", &format!("-{leader}")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}
