//! The matrix of mutants against properties.

use crate::properties;

use super::compare::short;

/// What stands where a mutant and a property meet that it doesn't violate.
pub(super) const NOTHING: &str = ".";

/// A row of the matrix.
pub(super) struct Row {
    /// The mutant.
    pub mutant: &'static str,
    /// What stands before the properties, a cell for each of the headings.
    pub first: Vec<String>,
    /// What stands under each property, in the order of the catalogue.
    pub cells: Vec<String>,
}

/// The matrix, with a column for each property after those of `headings`.
pub(super) fn text(headings: &[&str], rows: &[Row]) -> String {
    let names: Vec<&str> = properties::names().iter().map(|name| short(name)).collect();
    let first = rows.iter().map(|row| row.mutant.len()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..headings.len())
        .map(|column| {
            rows.iter().map(|row| row.first[column].len()).max().unwrap_or(0).max(headings[column].len())
        })
        .collect();
    let line = |mutant: &str, before: Vec<&str>, cells: Vec<&str>| {
        let before = before.iter().zip(&widths).map(|(cell, width)| format!("  {cell:>width$}"));
        let cells =
            cells.iter().zip(&names).map(|(cell, name)| format!("  {cell:^width$}", width = name.len()));
        let line = format!("{mutant:first$}{}", before.chain(cells).collect::<String>());
        format!("{}\n", line.trim_end())
    };
    let mut text = line("", headings.to_vec(), names.clone());
    for row in rows {
        let (before, cells) = (row.first.iter().map(String::as_str), row.cells.iter().map(String::as_str));
        text += &line(row.mutant, before.collect(), cells.collect());
    }
    text
}

/// A cell for each property.
pub(super) fn cells(cell: impl Fn(&'static str) -> Option<String>) -> Vec<String> {
    properties::names().iter().map(|name| cell(name).unwrap_or_else(|| NOTHING.to_owned())).collect()
}
