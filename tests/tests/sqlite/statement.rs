//! [`Statement`] and [`Step`]: what two connections do, as data; their text is the SQL that SQLite gets.

use std::fmt;

use super::schema::TABLES;
use super::table::{Cell, Def};

/// One of the two connections.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Who {
    One,
    Two,
}

/// One thing that happens.
#[derive(Clone, PartialEq, Debug)]
pub enum Step {
    Begin(Who),
    Commit(Who),
    RollBack(Who),
    /// Looks at every row.
    Read(Who),
    Write(Who, Statement),
    /// Foreign keys are enforced from now on, or no longer. Only between transactions.
    ForeignKeys(bool),
}

/// A writing statement.
#[derive(Clone, PartialEq, Debug)]
pub struct Statement {
    pub table: usize,
    pub what: What,
}

/// What a statement does in its table.
#[derive(Clone, PartialEq, Debug)]
pub enum What {
    Insert(Vec<Cell>),
    /// Inserts a row, or replaces the one with the same primary key.
    Put(Vec<Cell>),
    Update {
        which: Which,
        set: Vec<(usize, Cell)>,
    },
    Delete(Which),
}

/// Which rows.
#[derive(Clone, PartialEq, Debug)]
pub enum Which {
    /// The one with this primary key.
    Key(Vec<Cell>),
    /// Those that have this in one column.
    Where(usize, Cell),
}

impl Statement {
    pub fn def(&self) -> &'static Def {
        &TABLES[self.table]
    }

    /// Whether it may depend on the order in which SQLite comes by the rows, which is that of their rowids
    /// where a table has them: which unique is violated first, whether a provider's artifact goes before that
    /// of a proxy that keeps it, whether a copy is deleted before it goes along with its original. The store in
    /// memory goes by primary keys.
    pub fn goes_by_order(&self) -> bool {
        let def = self.def();
        match &self.what {
            What::Delete(Which::Where(..)) => matches!(def.name, "artifacts" | "llm_provider_templates"),
            What::Update { which: Which::Where(..), set } => set.iter().any(|(at, _)| def.uniques(*at) > 1),
            _ => false,
        }
    }
}

impl Which {
    /// The columns it goes by, and what they must hold.
    fn wanted(&self, def: &Def) -> Vec<(usize, Cell)> {
        match self {
            Which::Key(key) => def.primary.iter().map(|name| def.column(name)).zip(key.clone()).collect(),
            Which::Where(at, cell) => vec![(*at, *cell)],
        }
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let def = self.def();
        let list = |of: &dyn Fn(&str) -> String, names: &[&str]| {
            names.iter().map(|name| of(name)).collect::<Vec<_>>().join(", ")
        };
        let plain = |name: &str| name.to_owned();
        let names: Vec<&str> = def.columns.iter().map(|column| column.name).collect();
        let insert = |verb: &str, cells: &[Cell]| {
            let cells: Vec<String> = cells.iter().map(|cell| literal(*cell)).collect();
            format!("{verb} INTO {} ({}) VALUES ({})", def.name, list(&plain, &names), cells.join(", "))
        };
        let assign = |(at, cell): &(usize, Cell)| format!("{} = {}", names[*at], literal(*cell));
        let is = |(at, cell): &(usize, Cell)| format!("{} IS {}", names[*at], literal(*cell));
        let is_not = |(at, cell): &(usize, Cell)| format!("{} IS NOT {}", names[*at], literal(*cell));
        match &self.what {
            What::Insert(cells) => f.write_str(&insert("INSERT", cells)),
            // As the platform does it: nothing points to this table, and it has no other unique.
            What::Put(cells) if def.name == "deployment_status" => f.write_str(&insert("REPLACE", cells)),
            What::Put(cells) => {
                let excluded = |name: &str| format!("{name} = excluded.{name}");
                let (key, set) = (list(&plain, def.primary), list(&excluded, &names));
                write!(f, "{} ON CONFLICT ({key}) DO UPDATE SET {set}", insert("INSERT", cells))
            }
            What::Update { which, set } => {
                // SQLite looks for the parent again wherever a foreign key is named, and writes an index anew
                // wherever one of its columns is, even if it stays what it was. In memory only what is changed
                // counts as named.
                let moved = set.iter().filter(|(at, _)| def.is_key(*at)).map(is_not);
                let wanted: Vec<String> = which.wanted(def).iter().map(is).chain(moved).collect();
                let set: Vec<String> = set.iter().map(assign).collect();
                write!(f, "UPDATE {} SET {} WHERE {}", def.name, set.join(", "), wanted.join(" AND "))
            }
            What::Delete(which) => {
                let wanted: Vec<String> = which.wanted(def).iter().map(is).collect();
                write!(f, "DELETE FROM {} WHERE {}", def.name, wanted.join(" AND "))
            }
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Begin(who) => write!(f, "{who}: BEGIN"),
            Step::Commit(who) => write!(f, "{who}: COMMIT"),
            Step::RollBack(who) => write!(f, "{who}: ROLLBACK"),
            Step::Read(who) => write!(f, "{who}: SELECT * FROM every table"),
            Step::Write(who, statement) => write!(f, "{who}: {statement}"),
            Step::ForeignKeys(on) => write!(f, "both: PRAGMA foreign_keys = {on}"),
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Who::One => "one",
            Who::Two => "two",
        })
    }
}

fn literal(cell: Cell) -> String {
    cell.map_or("NULL".to_owned(), |number| format!("'{number}'"))
}
