//! Files with malware are refused, by a real clamd with a signature of our own.

use crate::support::{MAU, Stage, pdf};
use server::scan::{ScanError, ScanSettings, Scanner};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// What the scanner of these tests takes for malware.
const MARK: &[u8] = b"thu-nghiem-ma-doc-khong-gay-hai";
const CLAMD: &str = "/usr/sbin/clamd";

/// A clamd of our own; ends with this.
struct Clamd {
    child: Child,
    socket: PathBuf,
}

impl Drop for Clamd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Clamd {
    /// None, and it says so, where the program is missing.
    async fn start(folder: &Path) -> Option<Self> {
        if !Path::new(CLAMD).exists() {
            eprintln!("skipped: {CLAMD} is not installed (apt-get install clamav-daemon)");
            return None;
        }
        let database = folder.join("signatures");
        std::fs::create_dir_all(&database).expect("folder");
        // Name, any kind of file, anywhere in it, its bytes.
        let signature = format!("Thu-Nghiem:0:*:{}\n", hex::encode(MARK));
        std::fs::write(database.join("ours.ndb"), signature).expect("written");
        let socket = folder.join("clamd.socket");
        let settings = folder.join("clamd.conf");
        let text = format!(
            "Foreground yes\nLocalSocket {}\nDatabaseDirectory {}\nStreamMaxLength 1M\nTemporaryDirectory {}\n",
            socket.display(),
            database.display(),
            folder.display()
        );
        std::fs::write(&settings, text).expect("written");
        let child = Command::new(CLAMD)
            .arg("--config-file")
            .arg(&settings)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let clamd = Self { child, socket };
        for _ in 0..300 {
            if clamd.scanner().scan(b"clean").await.is_ok() {
                return Some(clamd);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("clamd does not answer");
    }

    fn settings(&self) -> ScanSettings {
        ScanSettings {
            socket: Some(self.socket.clone()),
            address: None,
            seconds: 10,
        }
    }

    fn scanner(&self) -> Scanner {
        Scanner::new(Some(self.settings()))
    }
}

fn infected() -> Vec<u8> {
    let mut bytes = pdf();
    bytes.extend_from_slice(b"\n%");
    bytes.extend_from_slice(MARK);
    bytes
}

#[tokio::test]
async fn what_the_scanner_knows_is_refused_and_without_it_nothing_is_taken() {
    let folder = tempfile::tempdir().expect("folder");
    let Some(clamd) = Clamd::start(folder.path()).await else {
        return;
    };
    let scanner = clamd.scanner();
    assert_eq!(scanner.scan(&pdf()).await, Ok(()));
    assert_eq!(
        scanner.scan(&infected()).await,
        Err(ScanError::Found("Thu-Nghiem.UNOFFICIAL".into()))
    );
    // Larger than it takes: not scanned is not clean.
    let large = scanner.scan(&vec![b'a'; 3 * 1024 * 1024]).await;
    assert!(matches!(large, Err(ScanError::NotScanned(_))), "{large:?}");

    let settings = clamd.settings();
    let stage = Stage::with(move |all| all.scan = Some(settings.clone())).await;
    let citizen = stage.sign_in(MAU).await;
    let keep = async |bytes: &[u8]| {
        let digest = crate::support::digest(bytes);
        let file = serde_json::json!({ "file_name": "to-khai.pdf", "size": bytes.len() });
        let (status, told) = citizen
            .put(stage.at(&format!("/api/kept/{digest}")), &file)
            .await;
        assert_eq!(status, 200, "{told}");
        citizen
            .upload(stage.at(&format!("/api/kept/{digest}/content")), bytes)
            .await
    };
    let (status, told) = keep(&infected()).await;
    assert_eq!(
        (status, told["code"].as_str()),
        (422, Some("malware-found"))
    );
    let (status, told) = keep(&pdf()).await;
    assert!(status < 300, "{told}");

    drop(clamd);
    let mut other = pdf();
    other.extend_from_slice(b"\n%another");
    let (status, told) = keep(&other).await;
    assert_eq!(
        (status, told["code"].as_str()),
        (503, Some("scanner-unavailable"))
    );
    let digest = crate::support::digest(&other);
    let (_, state) = citizen
        .put(
            stage.at(&format!("/api/uploads/{digest}")),
            &serde_json::json!({ "size": other.len() }),
        )
        .await;
    assert_eq!(state["whole"], true, "it waits for the scanner: {state}");
}
