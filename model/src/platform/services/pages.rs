//! Lists that are read page by page (docs/spec/platform.md section 8.5).
//!
//! Each page is a statement of its own, counted from the beginning of the list as it is by then. What is made
//! or deleted between two pages moves the rest: a row may come twice, or not at all.

use std::future::Future;

use crate::platform::statements::PAGE;
use crate::store::StoreError;

/// Every page one after the other, up to the first that isn't full.
pub(super) async fn all<T, F>(page_behind: impl Fn(usize) -> F) -> Result<Vec<T>, StoreError>
where
    F: Future<Output = Result<Vec<T>, StoreError>>,
{
    let mut all = Vec::new();
    loop {
        let page = page_behind(all.len()).await?;
        let full = page.len() == PAGE;
        all.extend(page);
        if !full {
            return Ok(all);
        }
    }
}
