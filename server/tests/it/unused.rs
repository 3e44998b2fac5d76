//! Files that nothing refers to any more are deleted, those that anybody has are not, over real HTTP and the whole store.

use crate::support::{MAU, Stage, digest, pdf};
use serde_json::json;
use server::Portal;
use std::time::Duration;

#[tokio::test]
async fn a_file_that_was_taken_out_of_the_store_is_deleted_in_its_time_and_another_persons_is_not()
{
    let stage = Stage::new().await;
    let me = stage.sign_in(MAU).await;
    let (gone, kept) = (pdf(), [pdf(), b"%another".to_vec()].concat());
    for bytes in [&gone, &kept] {
        let at = stage.at(&format!("/api/kept/{}", digest(bytes)));
        let keep = json!({ "file_name": "giay.pdf", "size": bytes.len() });
        assert_eq!(me.put(at.clone(), &keep).await.0, 200);
        assert_eq!(me.upload(format!("{at}/content"), bytes).await.0, 204);
    }
    let at = stage.at(&format!("/api/kept/{}", digest(&gone)));
    assert_eq!(me.send(stage.http.delete(&at)).await.0, 204);

    let portal = Portal::open(stage.settings()).await.expect("portal");
    let there = async |bytes: &[u8]| portal.files.get(&digest(bytes)).await.is_ok();
    let sweep = async |left: Duration| {
        let mut deleted = 0;
        for folder in 0..=255 {
            deleted += server::unused::sweep_folder(&portal, folder, left)
                .await
                .expect("swept");
        }
        deleted
    };
    assert_eq!(sweep(server::unused::LEFT_ALONE).await, 0, "all are young");
    assert!(there(&gone).await && there(&kept).await);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(sweep(Duration::ZERO).await, 1);
    assert!(!there(&gone).await && there(&kept).await);
    // Kept once more, it has to be sent once more, and is there.
    let keep = json!({ "file_name": "giay.pdf", "size": gone.len() });
    assert_eq!(me.put(at.clone(), &keep).await.1["missing"], json!(true));
    assert_eq!(me.upload(format!("{at}/content"), &gone).await.0, 204);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(sweep(Duration::ZERO).await, 0);
    assert!(there(&gone).await);
}
