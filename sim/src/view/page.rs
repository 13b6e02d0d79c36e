//! Pages: one HTML file with everything in it, that asks the network for nothing.
//!
//! A page is a frame with a body, a style, a script and data. The data is JSON within a `script` element, where a browser
//! looks for nothing but the end of the element; so no `<` of the data stays as it is.

use serde::Serialize;

use super::{Matrix, Picture, Search};

/// What one page has that others haven't.
struct Template {
    body: &'static str,
    style: &'static str,
    script: &'static str,
}

/// What all pages share.
const FRAME: &str = include_str!("page/frame.html");
const COMMON_STYLE: &str = include_str!("page/common.css");
const COMMON_SCRIPT: &str = include_str!("page/common.js");

const RUN: Template = Template {
    body: include_str!("page/run.html"),
    style: include_str!("page/run.css"),
    // One script, cut into files by what they are about; each stands on those before it.
    script: concat!(
        include_str!("page/run/state.js"),
        include_str!("page/run/scale.js"),
        include_str!("page/run/bands.js"),
        include_str!("page/run/marks.js"),
        include_str!("page/run/map.js"),
        include_str!("page/run/motion.js"),
        include_str!("page/run/side.js"),
        include_str!("page/run/controls.js"),
    ),
};

const SEARCH: Template = Template {
    body: include_str!("page/search.html"),
    style: include_str!("page/search.css"),
    script: include_str!("page/search.js"),
};

const MATRIX: Template = Template {
    body: include_str!("page/matrix.html"),
    style: include_str!("page/matrix.css"),
    script: concat!(
        include_str!("page/matrix/state.js"),
        include_str!("page/matrix/table.js"),
        include_str!("page/matrix/chosen.js"),
        include_str!("page/matrix/controls.js"),
    ),
};

/// The page of a run.
///
/// # Errors
/// When the data can't be put into words.
pub fn of_run(picture: &Picture) -> serde_json::Result<String> {
    RUN.with(picture)
}

/// The page of a campaign or a sweep.
///
/// # Errors
/// As [`of_run`].
pub fn of_search(search: &Search) -> serde_json::Result<String> {
    SEARCH.with(search)
}

/// The page of scripts beside designs.
///
/// # Errors
/// As [`of_run`].
pub fn of_matrix(matrix: &Matrix) -> serde_json::Result<String> {
    MATRIX.with(matrix)
}

/// Where the parts of a page go in the frame, in their order.
const PLACES: [&str; 4] = ["/*STYLE*/", "/*BODY*/", "/*DATA*/", "/*SCRIPT*/"];

impl Template {
    /// Each part in its place. Parts are put in between what stands around them, so nothing within one is taken for
    /// the place of another.
    fn with(&self, data: &impl Serialize) -> serde_json::Result<String> {
        let data = harmless(&serde_json::to_string(data)?);
        let style = format!("{COMMON_STYLE}{}", self.style);
        let script = format!("{COMMON_SCRIPT}{}", self.script);
        let parts = [&*style, self.body, &data, &script];
        let (mut page, mut rest) = (String::new(), FRAME);
        for (place, part) in PLACES.into_iter().zip(parts) {
            let (before, after) = rest.split_once(place).unwrap_or((rest, ""));
            page.push_str(before);
            page.push_str(part);
            rest = after;
        }
        page.push_str(rest);
        Ok(page)
    }
}

/// JSON in which nothing ends the element that it is in, or begins another: `</script>`, `<!--`. A `<` of JSON is
/// always within a string. The two separators end a line in older readers of JavaScript.
fn harmless(json: &str) -> String {
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_can_not_leave_its_element() {
        let hostile = "pet</script><script>alert(1)</script><!--<script>\u{2028}/*SCRIPT*/";
        let page = RUN.with(&hostile).expect("it is written");
        let data = page.split_once("type=\"application/json\">").expect("there is data").1;
        let (data, _) = data.split_once("</script>").expect("it ends");
        assert!(!data.contains('<'), "{data}");
        assert_eq!(serde_json::from_str::<String>(data).expect("it is JSON"), hostile);
        // Two elements of the frame's own, and no more.
        assert_eq!(page.matches("</script>").count(), 2);
    }

    #[test]
    fn the_frame_has_a_place_for_each_part_and_no_page_asks_the_network() {
        for place in PLACES {
            assert_eq!(FRAME.matches(place).count(), 1, "{place}");
        }
        for template in [RUN, SEARCH, MATRIX] {
            let page = template.with(&"data").expect("it is written");
            for outside in ["http://", "https://", "src=", "@import", "url("] {
                assert!(!page.contains(outside), "{outside}");
            }
        }
    }
}
