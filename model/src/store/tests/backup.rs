//! What is kept of a database, and what becomes of it when it holds something else.

use super::*;

#[test]
fn a_backup_holds_what_is_committed_and_a_restore_ends_what_is_open() {
    for flavour in BOTH {
        let fixture = fixture(flavour);
        let (db, cx) = (&fixture.db, &fixture.cx);
        let rows =
            || db.look(|view| view.scan::<Artifact>(|_| true).iter().map(|row| row.id).collect::<Vec<_>>());
        fixture.insert(artifact(1, "petstore")).unwrap();
        let mut tx = db.begin(cx);
        now(tx.write(cx, at(), |store| store.insert(artifact(2, "orders")))).unwrap();
        let backup = db.backup();
        now(tx.commit(cx, at())).unwrap();
        fixture.write(|store| store.delete::<Artifact>(id(1))).unwrap();
        assert_eq!(rows(), [2]);

        let mut open = db.begin(cx);
        now(open.write(cx, at(), |store| store.insert(artifact(3, "pets")))).unwrap();
        db.restore(Some(&backup));
        assert_eq!(now(open.commit(cx, at())), Err(StoreError::Over));
        assert_eq!(rows(), [1]);
        // What it holds is unique again, and what it doesn't is free.
        assert_eq!(fixture.insert(artifact(4, "petstore")), Err(unique("artifacts.handle", flavour)));
        fixture.insert(artifact(2, "orders")).unwrap();
        assert_eq!(rows(), [1, 2]);

        db.restore(None);
        assert_eq!(rows(), [] as [u32; 0]);
        fixture.insert(artifact(1, "petstore")).unwrap();
    }
}
