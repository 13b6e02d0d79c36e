//! What the command writes for machines (docs/machines.md): findings run again, JUnit and annotations, and the JSON
//! schemas that hold for what is written.

#[path = "machines/folder.rs"]
mod folder;
#[path = "machines/replay.rs"]
mod replay;
#[path = "machines/reports.rs"]
mod reports;
#[path = "machines/schemas.rs"]
mod schemas;
