//! [`Sequence`]: what is done in one comparison, and how such things are drawn.
//!
//! Values come from a handful, so that rows meet. A sequence begins with inserts into one table after the
//! other, so that children find parents.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::Union;

use super::real::Layout;
use super::schema::TABLES;
use super::statement::{Statement, Step, What, Which, Who};
use super::table::{Cell, Def};

/// What is done in one comparison.
#[derive(Clone, Debug)]
pub struct Sequence {
    pub layout: Layout,
    /// Whether foreign keys are enforced at first.
    pub foreign_keys: bool,
    pub steps: Vec<Step>,
}

/// Any sequence.
pub fn sequence() -> impl Strategy<Value = Sequence> {
    let layout = prop_oneof![Just(Layout::Rowid), Just(Layout::WithoutRowid)];
    let foreign_keys = prop_oneof![1 => Just(false), 3 => Just(true)];
    let populate: Vec<_> = (0..TABLES.len()).map(|table| vec(insert(table), 2..7)).collect();
    (layout, foreign_keys, populate, vec(step(), 0..40)).prop_map(
        |(layout, foreign_keys, populate, mut steps)| {
            let inserts = populate.into_iter().flatten().map(|insert| Step::Write(Who::One, insert));
            steps.splice(0..0, inserts);
            Sequence { layout, foreign_keys, steps }
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    let who = || prop_oneof![Just(Who::One), Just(Who::Two)];
    prop_oneof![
        1 => any::<bool>().prop_map(Step::ForeignKeys),
        5 => who().prop_map(Step::Begin),
        5 => who().prop_map(Step::Commit),
        4 => who().prop_map(Step::RollBack),
        8 => who().prop_map(Step::Read),
        40 => (who(), statement()).prop_map(|(who, statement)| Step::Write(who, statement)),
    ]
}

fn statement() -> impl Strategy<Value = Statement> {
    Union::new((0..TABLES.len()).map(|table| {
        let def = &TABLES[table];
        let put = row(def).prop_map(What::Put).prop_map(move |what| Statement { table, what });
        prop_oneof![
            3 => insert(table),
            2 => put,
            3 => update(def).prop_map(move |what| Statement { table, what }),
            3 => which(def).prop_map(move |which| Statement { table, what: What::Delete(which) }),
        ]
    }))
}

fn insert(table: usize) -> impl Strategy<Value = Statement> {
    row(&TABLES[table]).prop_map(move |cells| Statement { table, what: What::Insert(cells) })
}

fn update(def: &'static Def) -> impl Strategy<Value = What> {
    let set =
        subsequence(def.changeable(), 1..=def.changeable().len().min(2)).prop_flat_map(move |columns| {
            columns.into_iter().map(|at| cell(def, at).prop_map(move |cell| (at, cell))).collect::<Vec<_>>()
        });
    (which(def), set).prop_map(|(which, mut set)| {
        // Of several rows at once it is always one column that changes.
        if matches!(which, Which::Where(..)) {
            set.truncate(1);
        }
        What::Update { which, set }
    })
}

fn which(def: &'static Def) -> impl Strategy<Value = Which> {
    let key: Vec<_> = def.primary.iter().map(|name| cell(def, def.column(name))).collect();
    let columns: Vec<usize> = (0..def.columns.len()).collect();
    let column = select(columns).prop_flat_map(move |at| cell(def, at).prop_map(move |cell| (at, cell)));
    prop_oneof![
        2 => key.prop_map(Which::Key),
        1 => column.prop_map(|(at, cell)| Which::Where(at, cell)),
    ]
}

fn row(def: &'static Def) -> impl Strategy<Value = Vec<Cell>> {
    (0..def.columns.len()).map(|at| cell(def, at)).collect::<Vec<_>>()
}

fn cell(def: &'static Def, at: usize) -> BoxedStrategy<Cell> {
    // The fewer of what others point to, the more of them find it.
    let most: u8 = match def.columns[at].name {
        "organization_uuid" | "gateway_uuid" | "copy_of" | "template_handle" | "name" | "note" => 2,
        _ => 3,
    };
    let some = (1..=most).prop_map(Some);
    if def.columns[at].nullable { prop_oneof![1 => Just(None), 3 => some].boxed() } else { some.boxed() }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "layout {:?}, foreign keys {}", self.layout, self.foreign_keys)?;
        for (n, step) in self.steps.iter().enumerate() {
            writeln!(f, "{:3}. {step}", n + 1)?;
        }
        Ok(())
    }
}
