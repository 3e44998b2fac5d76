//! Encrypted files open with either password and say so when it is wrong. The files were made with
//! `qpdf --encrypt USER OWNER BITS`: user `nguoi`, owner `chu` (with accents in the 256-bit one, without a user password in the last one).

use document::{Document, OpenError};

fn is_read(file: &[u8], password: Option<&str>) {
    let document = Document::open(file.to_vec(), password).expect("opens");
    assert!(document.details().encrypted);
    assert_eq!(document.title().as_deref(), Some("Don xin"));
    let text = document.text(0).expect("read");
    assert_eq!(text.lines.len(), 1);
    assert!(document.render(0, 0.5).is_ok());
}

fn is_refused(file: &[u8], password: Option<&str>) {
    assert_eq!(
        Document::open(file.to_vec(), password).err(),
        Some(OpenError::PasswordRequired)
    );
}

#[test]
fn every_revision_opens_with_either_password() {
    for file in [
        include_bytes!("encrypted/rc4-128.pdf").as_slice(),
        include_bytes!("encrypted/aes-128.pdf"),
    ] {
        is_read(file, Some("nguoi"));
        is_read(file, Some("chu"));
        is_refused(file, Some("khac"));
        is_refused(file, None);
    }
    let accents = include_bytes!("encrypted/aes-256.pdf");
    is_read(accents, Some("người"));
    is_read(accents, Some("chủ"));
    is_refused(accents, Some("nguoi"));
    is_refused(accents, None);
}

#[test]
fn a_file_that_only_its_owner_may_change_opens_without_a_password() {
    let file = include_bytes!("encrypted/aes-256-open.pdf");
    is_read(file, None);
    is_read(file, Some("chu"));
    is_refused(file, Some("khac"));
}
