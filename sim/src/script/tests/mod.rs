//! Scripts as a whole: read as goldenscript reads them, plans there and back, and how each mistake is told.

mod agreement;
mod mistakes;
mod plans;
mod reading;
