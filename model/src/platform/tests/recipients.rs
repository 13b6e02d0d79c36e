//! Who hears of a delete, under the designs that differ in it.

use std::time::Duration;

use super::rig::Rig;
use crate::design::Design;
use crate::platform::tables::Artifact;

const PETSTORE: &str = "rest-apis/petstore";
const DELETED: &str = "api.deleted";

#[tokio::test]
async fn issue_1_deletes_reach_nobody_once_the_deployment_is_gone() {
    for (design, expected) in [(Design::before_fix(), 0), (Design::as_merged(), 1)] {
        let rig = Rig::new(design).await;
        let (gw1, gw2) = (rig.gateway("gw1").await, rig.gateway("gw2").await);
        let (mut one, mut two) = (gw1.connect().await, gw2.connect().await);
        rig.create_api("petstore").await;
        let d1 = rig.deploy(PETSTORE, &gw1).await;
        rig.change(PETSTORE, "undeploy", &d1, &gw1).await;
        rig.delete(&format!("{PETSTORE}/deployments/{d1}")).await;
        assert_eq!(one.events().await, ["api.deployed", "api.undeployed"]);

        assert_eq!(rig.delete(PETSTORE).await, 204);
        // After the fix even a gateway that never had it is told.
        assert_eq!(one.events().await, vec![DELETED; expected]);
        assert_eq!(two.events().await, vec![DELETED; expected]);
    }
}

#[tokio::test]
async fn before_the_fix_a_status_row_in_any_state_was_enough() {
    let rig = Rig::new(Design::before_fix()).await;
    let (gw1, gw2) = (rig.gateway("gw1").await, rig.gateway("gw2").await);
    let (mut one, mut two) = (gw1.connect().await, gw2.connect().await);
    rig.create_api("petstore").await;
    let d1 = rig.deploy(PETSTORE, &gw1).await;
    rig.change(PETSTORE, "undeploy", &d1, &gw1).await;
    rig.delete(PETSTORE).await;
    assert_eq!(one.events().await, ["api.deployed", "api.undeployed", DELETED]);
    assert!(two.events().await.is_empty());
}

#[tokio::test]
async fn a_delete_goes_on_when_its_recipients_are_unknown() {
    let rig = Rig::new(Design::as_merged()).await;
    let gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    rig.create_api("petstore").await;
    rig.world.break_next("store.list-gateways");
    assert_eq!(rig.delete(PETSTORE).await, 204);
    assert_eq!(rig.count::<Artifact>(), 0);
    assert!(socket.events().await.is_empty());
}

#[tokio::test]
async fn nobody_is_told_of_a_delete_that_failed() {
    let rig = Rig::new(Design::as_merged()).await;
    let gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    rig.create_api("petstore").await;
    rig.world.break_next("store.commit-delete");
    assert_eq!(rig.delete(PETSTORE).await, 500);
    assert_eq!(rig.count::<Artifact>(), 1);
    assert!(socket.events().await.is_empty());
}

#[tokio::test]
async fn one_gateway_that_cannot_be_told_keeps_no_other_from_it() {
    let rig = Rig::new(Design::as_merged()).await;
    let (gw1, gw2) = (rig.gateway("gw1").await, rig.gateway("gw2").await);
    let (mut one, mut two) = (gw1.connect().await, gw2.connect().await);
    rig.create_api("petstore").await;
    // The newest gateway is told first, so this is the frame to gw2.
    rig.world.break_next("ws.send");
    assert_eq!(rig.delete(PETSTORE).await, 204);
    assert_eq!(one.events().await, [DELETED]);
    assert!(two.events().await.is_empty());
}

#[tokio::test]
async fn a_gateway_that_comes_between_the_list_of_recipients_and_the_commit_is_not_told() {
    let rig = Rig::new(Design::as_merged()).await;
    let gw1 = rig.gateway("gw1").await;
    let mut one = gw1.connect().await;
    rig.create_api("petstore").await;
    // Once it has written, the delete would hold the lock that the new gateway's row waits for.
    rig.world.slow_next("store.delete-associations", Duration::from_millis(60));
    let late = async {
        tokio::time::sleep(Duration::from_millis(10)).await;
        let gw2 = rig.gateway("gw2").await;
        gw2.connect().await
    };
    let (deleted, mut two) = tokio::join!(rig.delete(PETSTORE), late);
    assert_eq!((deleted, rig.count::<Artifact>()), (204, 0));
    assert_eq!(one.events().await, [DELETED]);
    assert!(two.events().await.is_empty());
}
