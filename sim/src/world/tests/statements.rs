//! Faults at statements and commits: what a process with a database is told, and what the database holds after.

use driftless_model::store::StoreError;
use uuid::Uuid;

use super::clocks::faults;
use super::*;

/// A row that goes by an identifier.
#[derive(Clone, PartialEq, Debug, Hash)]
struct Pet(Uuid);

impl Row for Pet {
    const TABLE: &'static str = "pets";

    fn key(&self) -> Key {
        self.0.into()
    }
}

const CAT: Uuid = Uuid::from_u128(1);
const DOG: Uuid = Uuid::from_u128(2);
const EMU: Uuid = Uuid::from_u128(3);

/// Reads and writes some pets, and says what came of it: twice, three seconds apart.
async fn keeps_pets(stage: Stage, cx: Cx, flavour: Flavour) {
    let names = [(CAT, "cat"), (DOG, "dog"), (EMU, "emu")];
    let database = Database::new(Schema::new().table::<Pet>(), Settings::of(flavour));
    stage.give_disk("platform", database.clone());
    for (id, name) in names {
        stage.world().lock().names.give(id, name);
        database.write(&cx, At::site("store.insert-gateway"), |w| w.insert(Pet(id))).await.unwrap();
    }
    let called = |id: Uuid| names.iter().find(|(known, _)| *known == id).unwrap().1;
    for _ in 0..2 {
        let list =
            database.read(&cx, At::site("store.list-gateways"), |view| view.scan::<Pet>(|_| true)).await;
        let list = list.map(|rows| rows.iter().map(|row| called(row.0)).collect::<Vec<_>>().join(" "));
        stage.say(format!("list: {}", said(list)));
        let found = database.read(&cx, At::site("store.find-gateway"), |view| view.get::<Pet>(CAT)).await;
        stage.say(format!(
            "find: {}",
            said(found.map(|row| row.map_or("none", |row| called(row.0)).to_owned()))
        ));
        let mut tx = database.begin(&cx);
        let deleted = tx.write(&cx, At::site("store.delete-gateway"), |w| w.delete::<Pet>(EMU)).await;
        stage.say(format!("delete: {}", said(deleted.map(|there| there.to_string()))));
        let committed = tx.commit(&cx, At::site("store.commit-delete")).await;
        let left = database.look(|view| view.count::<Pet>(|_| true));
        stage.say(format!("commit: {}, {left} left", said(committed.map(|()| "done".to_owned()))));
        cx.sleep(Duration::from_secs(3)).await;
    }
}

fn said(result: Result<String, StoreError>) -> String {
    result.unwrap_or_else(|error| error.to_string())
}

/// How what is said differs from what is said without a fault, by round.
fn difference(flavour: Flavour, fault: &str) -> Vec<String> {
    let play = |fault: &str| {
        let mut settings = WorldSettings::default();
        settings.set("latency.storage.min", "1ms").unwrap();
        settings.set("latency.storage.max", "1ms").unwrap();
        let stage = Stage::new(&settings);
        for fault in faults(fault) {
            stage.fault(fault);
        }
        let keeps: crate::stage::Part = Box::new(move |stage: Stage, cx: Cx| -> BoxFuture<'static, ()> {
            Box::pin(keeps_pets(stage, cx, flavour))
        });
        stage.play(Duration::from_secs(60), vec![("platform", keeps)]);
        stage.said()
    };
    let without = play("");
    assert_eq!(without[0], "4 ms list: cat dog emu");
    assert_eq!(without[3], "7 ms commit: done, 2 left");
    assert_eq!(without[4], "3008 ms list: cat dog");
    let with = play(fault);
    assert_eq!(with.len(), without.len(), "{with:?}");
    with.into_iter().filter(|line| !without.contains(line)).collect()
}

#[test]
fn a_fault_at_a_statement_does_what_its_text_says_and_is_over() {
    let list = "platform play store.list-gateways";
    let find = "platform play store.find-gateway";
    let delete = "platform play store.delete-gateway";
    let commit = "platform play store.commit-delete";
    let aborted = "aborted by a fault";
    let gone = StoreError::Over.to_string();
    let only_the_end = StoreError::Aborted.to_string();
    let lists_emu = "3008 ms list: cat dog emu".to_owned();
    let deletes_late = "3010 ms delete: true".to_owned();
    for flavour in [Flavour::Sqlite, Flavour::Postgres] {
        let sqlite = flavour == Flavour::Sqlite;
        let over = if sqlite { &gone } else { &only_the_end };
        let undone = |line: String| vec![line, lists_emu.clone(), deletes_late.clone()];
        let cases = [
            (list, "part", vec!["4 ms list: cat".to_owned()]),
            (list, "part from=1s", vec!["3008 ms list: cat".to_owned()]),
            (list, "part for=1s", vec!["4 ms list: cat".to_owned()]),
            (list, "omit member=dog", vec!["4 ms list: cat emu".to_owned()]),
            (list, "fail", vec!["4 ms list: failed by a fault".to_owned()]),
            (list, "lose", vec!["4 ms list: the answer was lost".to_owned()]),
            (list, "abort", vec![format!("4 ms list: {aborted}")]),
            (find, "part", vec![]),
            (find, "omit member=cat", vec!["5 ms find: none".to_owned()]),
            (find, "omit member=dog", vec![]),
            // There is no such thing, so there is nothing to omit.
            (find, "omit member=gnu", vec![]),
            (
                delete,
                "abort",
                [vec![format!("6 ms delete: {aborted}")], undone(format!("7 ms commit: {over}, 3 left"))]
                    .concat(),
            ),
            (commit, "abort", undone(format!("7 ms commit: {aborted}, 3 left"))),
            (commit, "fail", undone("7 ms commit: failed by a fault, 3 left".to_owned())),
            (commit, "lose", vec!["7 ms commit: the answer was lost, 2 left".to_owned()]),
        ];
        for (at, effect, expected) in cases {
            assert_eq!(difference(flavour, &format!("fault {at:?} {effect}")), expected, "{at} {effect}");
        }
        // A statement that fails is an error to a transaction in Postgres, and nothing but that in SQLite.
        let failed = difference(flavour, &format!("fault {delete:?} fail"));
        let commit = if sqlite {
            "7 ms commit: done, 3 left".to_owned()
        } else {
            format!("7 ms commit: {over}, 3 left")
        };
        assert_eq!(failed, [vec!["6 ms delete: failed by a fault".to_owned()], undone(commit)].concat());
    }
}

#[test]
fn a_slow_commit_takes_effect_late() {
    let late = difference(Flavour::Sqlite, "fault \"platform play store.commit-delete\" delay by=2s");
    assert_eq!(late[0], "2007 ms commit: done, 2 left");
    assert_eq!(late[1], "5008 ms list: cat dog");
}
