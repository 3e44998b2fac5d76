//! Data folders of older sandboxes.

use crate::stage::{MAU, keys, stage, start_in};
use std::path::Path;

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("folder") {
        let entry = entry.expect("entry");
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
    }
}

#[tokio::test]
async fn an_older_folder_keeps_its_root_and_keys_and_gets_certificates_that_name_their_status() {
    // A folder as older sandboxes left it: no responder, no timestamp unit, certificates that name nothing. The root is such a one.
    stage().await;
    let data = tempfile::tempdir().expect("folder");
    copy(&keys(), data.path());
    let read = |name: &str| std::fs::read(data.path().join(name)).expect("file");
    for name in ["ocsp", "tsa"] {
        std::fs::remove_file(data.path().join(format!("{name}.pem"))).expect("removed");
        std::fs::remove_file(data.path().join(format!("{name}.key.pem"))).expect("removed");
    }
    let names_nothing = read("root.pem");
    let (root, key) = (read("root.pem"), read("issuing.key.pem"));
    let person = format!("{MAU}-rsa-2048.pem");
    for name in ["issuing.pem", &person] {
        std::fs::write(data.path().join(name), &names_nothing).expect("written");
    }
    let stage = start_in(data.path().to_owned()).await;
    assert_eq!((read("root.pem"), read("issuing.key.pem")), (root, key));
    assert_ne!(read("issuing.pem"), names_nothing);
    assert_ne!(read(&person), names_nothing);
    let listed = stage.certificates("vnpt-ca", MAU).await;
    assert!(
        listed[0]["cert_subject"]
            .as_str()
            .is_some_and(|subject| subject.contains(MAU))
    );
}
