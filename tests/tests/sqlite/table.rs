//! [`Table`]: one declaration of a table, from which come its row type, its constraints and its SQL.
//!
//! The names of constraints are put together from the same columns as the SQL, as SQLite itself does it, so
//! errors of both stores can be compared word for word. Every column is a short text, or `NULL`.

use driftless_model::store::{Row, StoreError, View, Writer};

use super::statement::What;

/// What a column of a row holds: a number that is kept as text; none is `NULL`.
pub type Cell = Option<u8>;

/// A column.
#[derive(Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    pub nullable: bool,
}

/// A row type with what SQL has to know of it.
pub trait Table: Row {
    const COLUMNS: &'static [Column];
    const PRIMARY_COLUMNS: &'static [&'static str];
    const UNIQUE_COLUMNS: &'static [&'static [&'static str]];
    const FOREIGN_COLUMNS: &'static [&'static [&'static str]];
    /// The constraints, as `CREATE TABLE` has them.
    const CONSTRAINTS: &'static [&'static str];

    fn of(cells: &[Cell]) -> Self;
    fn cells(&self) -> Vec<Cell>;
}

/// A table among others.
pub struct Def {
    pub name: &'static str,
    pub columns: &'static [Column],
    pub primary: &'static [&'static str],
    pub unique: &'static [&'static [&'static str]],
    pub foreign: &'static [&'static [&'static str]],
    constraints: &'static [&'static str],
    /// Runs a statement of this table in the store in memory.
    pub run: fn(&mut Writer<'_>, &What) -> Result<usize, StoreError>,
    /// Its rows in the store in memory, in order of their cells.
    pub rows: fn(&View<'_>) -> Vec<Vec<Cell>>,
}

impl Def {
    pub const fn of<T: Table>() -> Self {
        Def {
            name: T::TABLE,
            columns: T::COLUMNS,
            primary: T::PRIMARY_COLUMNS,
            unique: T::UNIQUE_COLUMNS,
            foreign: T::FOREIGN_COLUMNS,
            constraints: T::CONSTRAINTS,
            run: super::memory::run::<T>,
            rows: |view| {
                let mut rows: Vec<_> = view.scan::<T>(|_| true).iter().map(|row| row.cells()).collect();
                rows.sort();
                rows
            },
        }
    }

    /// The statement that creates the table.
    pub fn ddl(&self) -> String {
        let columns = self.columns.iter().map(|column| {
            let null = if column.nullable { "" } else { " NOT NULL" };
            format!("{} TEXT{null}", column.name)
        });
        let constraints = self.constraints.iter().map(|constraint| (*constraint).to_owned());
        let lines: Vec<String> = columns.chain(constraints).collect();
        format!("CREATE TABLE {} ({})", self.name, lines.join(", "))
    }

    /// Where the column of this name is.
    pub fn column(&self, name: &str) -> usize {
        let found = self.columns.iter().position(|column| column.name == name);
        found.unwrap_or_else(|| panic!("{} has no column {name}", self.name))
    }

    /// The columns that no primary key holds fast.
    pub fn changeable(&self) -> Vec<usize> {
        (0..self.columns.len()).filter(|at| !self.primary.contains(&self.columns[*at].name)).collect()
    }

    /// Whether the column is part of a unique constraint or a foreign key.
    pub fn is_key(&self, at: usize) -> bool {
        self.unique.iter().chain(self.foreign).any(|columns| columns.contains(&self.columns[at].name))
    }

    /// How many unique constraints the column is part of.
    pub fn uniques(&self, at: usize) -> usize {
        self.unique.iter().filter(|columns| columns.contains(&self.columns[at].name)).count()
    }
}

/// What a field can be: text, or text that may be `NULL`.
pub trait Field: Copy {
    const NULLABLE: bool;
    fn of(cell: Cell) -> Self;
    fn cell(self) -> Cell;
}

impl Field for u8 {
    const NULLABLE: bool = false;

    fn of(cell: Cell) -> Self {
        cell.expect("the generator puts no NULL where none may be")
    }

    fn cell(self) -> Cell {
        Some(self)
    }
}

impl Field for Cell {
    const NULLABLE: bool = true;

    fn of(cell: Cell) -> Self {
        cell
    }

    fn cell(self) -> Cell {
        self
    }
}

/// Declares a table.
macro_rules! table {
    (
        $(#[$doc:meta])*
        $row:ident = $table:literal ($($column:ident: $field:ty),+ $(,)?)
        primary $primary:tt
        $(unique $unique:tt)*
        $(foreign $foreign:tt -> $parent:literal $target:ident $by:tt $action:ident)*
    ) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Debug, Hash)]
        pub struct $row {
            $($column: $field,)+
        }

        impl Row for $row {
            const TABLE: &'static str = $table;
            const PRIMARY: &'static str = name!($table, $primary);
            const UNIQUE: &'static [Unique<Self>] =
                &[$(Unique { name: name!($table, $unique), key: |row| key!(row, $unique) }),*];
            const FOREIGN: &'static [Foreign<Self>] = &[$(Foreign {
                name: name!($table, $foreign),
                parent: $parent,
                target: target!($target, $parent, $by),
                key: |row| key!(row, $foreign),
                on_delete: action!($action, $foreign),
            }),*];

            fn key(&self) -> Key {
                let key = |row: &Self| key!(row, $primary);
                key(self).expect("no part of a primary key is NULL")
            }
        }

        impl Table for $row {
            const COLUMNS: &'static [Column] =
                &[$(Column { name: stringify!($column), nullable: <$field as Field>::NULLABLE }),+];
            const PRIMARY_COLUMNS: &'static [&'static str] = names!($primary);
            const UNIQUE_COLUMNS: &'static [&'static [&'static str]] = &[$(names!($unique)),*];
            const FOREIGN_COLUMNS: &'static [&'static [&'static str]] = &[$(names!($foreign)),*];
            const CONSTRAINTS: &'static [&'static str] = &[
                concat!("PRIMARY KEY ", stringify!($primary)),
                $(concat!("UNIQUE ", stringify!($unique)),)*
                $(concat!(
                    "FOREIGN KEY ", stringify!($foreign), " REFERENCES ", $parent, " ", stringify!($by),
                    " ON DELETE ", words!($action)
                ),)*
            ];

            fn of(cells: &[Cell]) -> Self {
                let mut cells = cells.iter();
                $row { $($column: Field::of(*cells.next().expect("a cell for each column")),)+ }
            }

            fn cells(&self) -> Vec<Cell> {
                vec![$(self.$column.cell()),+]
            }
        }
    };
}

/// The name of a constraint as SQLite says it.
macro_rules! name {
    ($table:literal, ($first:ident $(, $rest:ident)*)) => {
        concat!($table, ".", stringify!($first) $(, ", ", $table, ".", stringify!($rest))*)
    };
}

macro_rules! names {
    (($($column:ident),+)) => { &[$(stringify!($column)),+] };
}

/// The key that these columns make; none if one of them is `NULL`.
macro_rules! key {
    ($row:ident, ($($column:ident),+)) => { Some(Key::of(&[$(&$row.$column.cell()?),+])) };
}

macro_rules! target {
    (primary, $parent:literal, $by:tt) => {
        Target::PrimaryKey
    };
    (unique, $parent:literal, $by:tt) => {
        Target::Unique(name!($parent, $by))
    };
}

macro_rules! action {
    (cascade, $columns:tt) => { OnDelete::Cascade };
    (restrict, $columns:tt) => { OnDelete::Restrict };
    (set_null, ($($column:ident),+)) => { OnDelete::SetNull(|row| { $(row.$column = None;)+ }) };
}

macro_rules! words {
    (cascade) => {
        "CASCADE"
    };
    (restrict) => {
        "RESTRICT"
    };
    (set_null) => {
        "SET NULL"
    };
}

pub(crate) use {action, key, name, names, table, target, words};
