//! What a database does other than it was told.

use super::*;

fn disturbed(fixture: &Fixture, by: Disturbance) {
    fixture.world.inside().passage = Some(Passage::Disturbed(by));
}

fn abort(fixture: &Fixture) {
    disturbed(fixture, Disturbance::Abort("disk full".into()));
}

fn aborted<T>() -> Result<T, StoreError> {
    Err(StoreError::Broken("disk full".into()))
}

#[test]
fn a_transaction_that_is_given_up_is_undone_at_once() {
    for flavour in BOTH {
        let fixture = fixture(flavour);
        let (db, cx, other) = (&fixture.db, &fixture.cx, &fixture.other);
        let mut tx = db.begin(cx);
        now(tx.write(cx, at(), |store| store.insert(artifact(1, "petstore")))).unwrap();
        let mut waiting = pin!(db.write(other, at(), |store| store.insert(artifact(2, "petstore"))));
        assert_eq!(poll(waiting.as_mut()), None);

        abort(&fixture);
        assert_eq!(now(tx.read(cx, at(), |view| view.count::<Artifact>(|_| true))), aborted());
        let (given_up, record) = fixture.last();
        assert_eq!(record.failed.as_deref(), Some("disk full"));
        // Whoever waited goes on, and the abort is why.
        assert_eq!(poll(waiting), Some(Ok(())));
        assert_eq!(other.task().take_seen(), [given_up]);

        let over = match flavour {
            Flavour::Sqlite => StoreError::Over,
            Flavour::Postgres => StoreError::Aborted,
        };
        assert_eq!(now(tx.read(cx, at(), |_| ())), Err(over.clone()));
        assert_eq!(now(tx.write(cx, at(), |store| store.insert(artifact(3, "c")))), Err(over.clone()));
        assert_eq!(now(tx.commit(cx, at())), Err(over));
        assert_eq!(db.look(|view| view.get::<Artifact>(id(1))), None);
        assert_eq!(fixture.count::<Artifact>(), 1);
    }
}

#[test]
fn a_write_a_commit_and_a_statement_on_its_own_can_be_given_up() {
    for flavour in BOTH {
        let fixture = fixture(flavour);
        let (db, cx) = (&fixture.db, &fixture.cx);
        let mut tx = db.begin(cx);
        now(tx.write(cx, at(), |store| store.insert(artifact(1, "a")))).unwrap();
        abort(&fixture);
        assert_eq!(now(tx.write(cx, at(), |store| store.insert(artifact(2, "b")))), aborted());
        now(tx.commit(cx, at())).unwrap_err();

        let mut tx = db.begin(cx);
        now(tx.write(cx, at(), |store| store.insert(artifact(3, "c")))).unwrap();
        abort(&fixture);
        assert_eq!(now(tx.commit(cx, at())), aborted());

        abort(&fixture);
        assert_eq!(fixture.insert(artifact(4, "d")), aborted());
        assert_eq!(fixture.count::<Artifact>(), 0);
        fixture.insert(artifact(4, "d")).unwrap();
    }
}

#[test]
fn half_of_a_list_is_read_and_every_row_is_found() {
    let fixture = fixture(Flavour::Postgres);
    for (n, left) in [(1, 0), (2, 1), (3, 1), (4, 2), (5, 2)] {
        fixture.insert(deployment_of(&fixture, n)).unwrap();
        let read = || {
            let body = |view: &View<'_>| {
                let rows = view.scan::<Deployment>(|_| true).iter().map(|row| row.id).collect::<Vec<_>>();
                let found = view.get::<Deployment>(id(n)).is_some()
                    && view.first::<Deployment>(|row| row.id == n).is_some();
                (rows, view.count::<Deployment>(|_| true), found)
            };
            now(fixture.db.read(&fixture.cx, at(), body)).unwrap()
        };
        let all = n as usize;
        disturbed(&fixture, Disturbance::Half);
        assert_eq!(read(), ((1..=left).collect(), all, true));
        assert_eq!(read(), ((1..=n).collect(), all, true));
    }
}

/// A deployment whose artifact is there.
fn deployment_of(fixture: &Fixture, n: u32) -> Deployment {
    fixture.write(|store| store.put(artifact(1, "petstore"))).unwrap();
    deployment(n, 1)
}

/// A row whose key has a part that is an identifier.
#[derive(Clone, Debug, PartialEq, Hash)]
struct Status(Uuid, Uuid);

impl Row for Status {
    const TABLE: &'static str = "statuses";

    fn key(&self) -> Key {
        (self.0, self.1).into()
    }
}

#[test]
fn a_row_that_goes_by_an_identifier_is_not_seen_and_can_be_written() {
    let [one, two, gateway] = [1, 2, 3].map(Uuid::from_u128);
    let Fixture { world, cx, .. } = fixture(Flavour::Sqlite);
    let db = Database::new(Schema::new().table::<Status>(), Settings::of(Flavour::Sqlite));
    let write = |row: Status| now(db.write(&cx, at(), |store| store.put(row.clone())));
    write(Status(one, gateway)).unwrap();
    write(Status(two, gateway)).unwrap();
    let seen = |by: Disturbance| {
        world.inside().passage = Some(Passage::Disturbed(by));
        let body = |view: &View<'_>| {
            let rows = view.scan::<Status>(|_| true).iter().map(|row| row.0).collect::<Vec<_>>();
            let first = view.first::<Status>(|_| true).map(|row| row.0);
            (rows, view.count::<Status>(|_| true), first, view.get::<Status>((one, gateway)).is_some())
        };
        now(db.read(&cx, at(), body)).unwrap()
    };
    assert_eq!(seen(Disturbance::None), (vec![one, two], 2, Some(one), true));
    assert_eq!(seen(Disturbance::Without(one)), (vec![two], 1, Some(two), false));
    assert_eq!(seen(Disturbance::Without(two)), (vec![one], 1, Some(one), true));
    assert_eq!(seen(Disturbance::Without(gateway)), (vec![], 0, None, false));
    world.inside().passage = Some(Passage::Disturbed(Disturbance::Without(one)));
    assert_eq!(now(db.write(&cx, at(), |store| store.delete::<Status>((one, gateway)))), Ok(true));
}
