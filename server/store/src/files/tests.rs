//! Every test on a folder and on a server that speaks S3.

use super::incoming::BLOCK_BYTES;
use super::*;
use crate::testing::s3::{BUCKET, KEY, KEY_ID, S3};
use std::future::Future;

const NOW: Timestamp = Timestamp(1000);

/// A bucket of a server, as a place.
pub(crate) fn bucket(server: &S3) -> S3Place {
    let Ok(Place::S3(place)) = Place::parse(&format!("s3://{BUCKET}/tinh")) else {
        panic!("a bucket");
    };
    S3Place {
        endpoint: Some(server.endpoint()),
        key_id: KEY_ID.to_owned().into(),
        key: KEY.to_owned().into(),
        ..place
    }
}

/// Runs a test with files in a folder, then with files in a bucket; it is told where the objects lie as plain files.
async fn on_each_place<F, T>(test: F)
where
    F: Fn(Files, PathBuf) -> T,
    T: Future<Output = ()>,
{
    let folder = tempfile::tempdir().expect("folder");
    let files = Files::local(folder.path()).expect("opens");
    test(files, folder.path().to_owned()).await;
    let folder = tempfile::tempdir().expect("folder");
    let server = S3::start(folder.path()).await;
    let files = Files::at(&Place::S3(bucket(&server))).expect("opens");
    test(files, server.objects().join("tinh")).await;
}

async fn database(folder: &Path) -> Database {
    let file = folder.join("test.sqlite");
    Database::open_file(&file).await.expect("SQLite")
}

#[tokio::test]
async fn bytes_come_back_and_damage_is_noticed() {
    on_each_place(damage).await;
}

async fn damage(files: Files, objects: PathBuf) {
    let folder = tempfile::tempdir().expect("folder");
    let database = database(folder.path()).await;
    files.ping().await.expect("it answers");
    files.trial().await.expect("it keeps");
    let kept = files.put(b"to khai".to_vec(), &database, NOW).await;
    let digest = kept.expect("kept");
    assert_eq!(files.get(&digest).await.expect("there"), b"to khai");
    let name = digest.to_string();
    let path = objects.join("sha256").join(&name[..2]).join(&name);
    let read = |folder: Files| async move {
        let (size, begins, stream) = folder.open(&digest).await?;
        let blocks: Vec<Vec<u8>> = stream.try_collect().await?;
        Ok::<_, FileError>((size, begins, blocks.concat()))
    };
    let opened = read(files.clone()).await.expect("there");
    assert_eq!(opened, (7, b"to khai".to_vec(), b"to khai".to_vec()));
    std::fs::write(path, b"to khac").expect("overwritten");
    let damaged = read(files.clone()).await;
    assert!(matches!(damaged, Err(FileError::Damaged)));
    assert!(matches!(files.get(&digest).await, Err(FileError::Damaged)));
    assert!(matches!(
        files.get(&Sha256([0; 32])).await,
        Err(FileError::NotFound)
    ));
}

#[tokio::test]
async fn pieces_become_a_file_when_their_digest_is_the_announced_one() {
    on_each_place(pieces).await;
}

async fn pieces(files: Files, _: PathBuf) {
    let folder = tempfile::tempdir().expect("folder");
    let bytes: Vec<u8> = (0..6_000_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let mut upload = Upload {
        account: Uuid::new_v4(),
        sha256: Sha256(sha2::Sha256::digest(&bytes).into()),
        size: 6_000_000,
        received: 6_000_000,
        whole: false,
    };
    let mut parts = Vec::new();
    for piece in bytes.chunks(2_500_000) {
        let name = files.put_part(&upload, piece.to_vec()).await;
        parts.push(name.expect("kept"));
    }
    let right = upload.sha256;
    let in_order = parts.clone();
    parts.reverse();
    assert!(!files.join(&upload, &parts).await.expect("joined"));
    assert!(matches!(
        files.whole(&upload).await,
        Err(FileError::NotFound)
    ));
    assert!(files.join(&upload, &in_order).await.expect("joined"));
    assert_eq!(files.whole(&upload).await.expect("there"), bytes);
    let again = files.join(&upload, &in_order).await;
    assert!(matches!(again, Err(FileError::NotFound)), "joined already");
    let database = database(folder.path()).await;
    for _ in 0..2 {
        let moved = files.promote(&upload, &database, NOW).await;
        moved.expect("in its place");
    }
    assert_eq!(files.get(&right).await.expect("there"), bytes);
    upload.whole = true;
    assert_eq!(files.whole(&upload).await.expect("found there"), bytes);
    // Somebody who knows no more than the digest, and whose pieces are gone.
    let curious = Upload {
        account: Uuid::new_v4(),
        whole: false,
        ..upload
    };
    let joined = files.join(&curious, &[Uuid::new_v4()]).await;
    assert!(matches!(joined, Err(FileError::NotFound)));
    let theirs = files.whole(&curious).await;
    assert!(matches!(theirs, Err(FileError::NotFound)), "not theirs");
    upload.whole = false;

    upload.sha256 = Sha256([9; 32]);
    files.put_part(&upload, vec![1]).await.expect("kept");
    let later = SystemTime::now() + std::time::Duration::from_secs(60);
    let lying = files.lying_uploads(later).await.expect("listed");
    assert_eq!(lying, [(upload.account, upload.sha256)]);
    assert_eq!(
        files
            .lying_uploads(SystemTime::UNIX_EPOCH)
            .await
            .expect("listed"),
        []
    );
    files.drop_upload(&upload).await.expect("gone");
    assert_eq!(files.lying_uploads(later).await.expect("listed"), []);
}

/// Lengths about the border of a block: what is joined in blocks of one length comes back whole.
#[tokio::test]
async fn a_file_of_whole_blocks_and_one_of_a_byte_more_come_back() {
    on_each_place(|files, _| async move {
        for length in [BLOCK_BYTES, BLOCK_BYTES + 1, 2 * BLOCK_BYTES] {
            let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(length).collect();
            let size = u64::try_from(length).expect("small");
            let upload = Upload {
                account: Uuid::new_v4(),
                sha256: Sha256(sha2::Sha256::digest(&bytes).into()),
                size,
                received: size,
                whole: false,
            };
            let mut parts = Vec::new();
            for piece in bytes.chunks(3_000_001) {
                let name = files.put_part(&upload, piece.to_vec()).await;
                parts.push(name.expect("kept"));
            }
            assert!(files.join(&upload, &parts).await.expect("joined"));
            assert!(files.whole(&upload).await.expect("there") == bytes);
        }
    })
    .await;
}

#[tokio::test]
async fn more_files_than_a_page_of_the_listing_has_are_all_found() {
    on_each_place(|files, objects| async move {
        // What lies there already: writing 1,100 by the store itself would take its time.
        let folder = objects.join("sha256/00");
        std::fs::create_dir_all(&folder).expect("folder");
        for number in 0..1100_u16 {
            let [high, low] = number.to_be_bytes();
            let mut digest = [0; 32];
            (digest[1], digest[2]) = (high, low);
            std::fs::write(folder.join(Sha256(digest).to_string()), b"x").expect("written");
        }
        let later = SystemTime::now() + std::time::Duration::from_secs(60);
        let old = files.old(0, later, 200);
        let batches: Vec<Vec<Sha256>> = old.try_collect().await.expect("listed");
        let mut found = batches.concat();
        found.sort_unstable_by_key(|digest| digest.0);
        found.dedup();
        assert_eq!(found.len(), 1100);
    })
    .await;
}

#[tokio::test]
async fn a_store_that_is_gone_or_refuses_the_key_says_so() {
    let folder = tempfile::tempdir().expect("folder");
    let mut server = S3::start(folder.path()).await;
    let place = bucket(&server);
    let open = |place: S3Place| Files::at(&Place::S3(place)).expect("opens");
    let wrong = open(S3Place {
        key: "sai".to_owned().into(),
        ..place.clone()
    });
    assert!(wrong.ping().await.is_err() && wrong.trial().await.is_err());
    let nowhere = open(S3Place {
        bucket: "khong-co".into(),
        ..place.clone()
    });
    assert!(nowhere.ping().await.is_err());
    let files = open(place);
    files.ping().await.expect("it answers");
    server.stop().await;
    let gone = files.ping().await.expect_err("it is gone");
    assert!(matches!(gone, FileError::Store(_)), "{gone}");
    server.again().await;
    files.ping().await.expect("it is back");
    files.trial().await.expect("it keeps");

    let folder = tempfile::tempdir().expect("folder");
    let files = Files::local(folder.path()).expect("opens");
    drop(folder);
    assert!(files.ping().await.is_err(), "a disk that is not mounted");
}

/// Encrypted files, in a folder and in a bucket.
#[tokio::test]
async fn encrypted_files_come_back_show_nothing_and_those_of_before_are_read() {
    use crate::keys::tests::keys;
    on_each_place(|plain, objects| async move {
        let folder = tempfile::tempdir().expect("folder");
        let database = database(folder.path()).await;
        let before = plain.put(b"to khai cu".to_vec(), &database, NOW).await;
        let before = before.expect("kept");
        let vault = Vault::open(&database, keys(&["a"]), NOW)
            .await
            .expect("opens");
        let files = plain.clone().sealed_by(Some(vault));
        assert_eq!(files.get(&before).await.expect("read"), b"to khai cu");

        // As an upload in pieces, and whole.
        let bytes = b"%PDF-1.7 Nguyen Van Mau ".repeat(250_000);
        let upload = Upload {
            account: Uuid::new_v4(),
            sha256: Sha256(sha2::Sha256::digest(&bytes).into()),
            size: 6_000_000,
            received: 6_000_000,
            whole: false,
        };
        let mut parts = Vec::new();
        for piece in bytes.chunks(2_500_000) {
            parts.push(files.put_part(&upload, piece.to_vec()).await.expect("kept"));
        }
        assert!(files.join(&upload, &parts).await.expect("joined"));
        assert!(files.whole(&upload).await.expect("there") == bytes);
        files
            .promote(&upload, &database, NOW)
            .await
            .expect("in its place");
        let small = files
            .put(b"%PDF-1.7 Nguyen Van Mau".to_vec(), &database, NOW)
            .await;
        let small = small.expect("kept");
        for (digest, whole) in [(upload.sha256, bytes.as_slice()), (small, &bytes[..23])] {
            let (size, begins, stream) = files.open(&digest).await.expect("there");
            let blocks: Vec<Vec<u8>> = stream.try_collect().await.expect("read");
            assert!(blocks.concat() == whole && begins == b"%PDF-1.7");
            assert_eq!(size, u64::try_from(whole.len()).expect("small"));
            let name = digest.to_string();
            let lies = std::fs::read(objects.join("sha256").join(&name[..2]).join(&name));
            let lies = lies.expect("there");
            assert!(!lies.windows(6).any(|part| part == b"Nguyen"));
            let without = plain.get(&digest).await;
            assert!(matches!(without, Err(FileError::Claim(StoreError::Key(_)))));
            // A whole segment less, and a bit turned over.
            let path = objects.join("sha256").join(&name[..2]).join(&name);
            let mut changed = lies.clone();
            changed[lies.len() / 2] ^= 1;
            for object in [
                changed,
                lies[..lies.len().saturating_sub(65_552).max(95)].to_vec(),
            ] {
                std::fs::write(&path, object).expect("written");
                assert!(matches!(files.get(&digest).await, Err(FileError::Damaged)));
                let read = match files.open(&digest).await {
                    Ok((_, _, stream)) => stream.try_collect::<Vec<_>>().await.map(|_| ()),
                    Err(error) => Err(error),
                };
                assert!(matches!(read, Err(FileError::Damaged)));
            }
            std::fs::write(&path, lies).expect("written");
        }

        // What lay there before is sealed, once.
        assert!(files.seal_file(&before).await.expect("sealed"));
        assert!(!files.seal_file(&before).await.expect("was sealed"));
        assert!(!files.seal_file(&small).await.expect("was sealed"));
        assert_eq!(files.get(&before).await.expect("read"), b"to khai cu");
        assert!(plain.get(&before).await.is_err());
    })
    .await;
}
