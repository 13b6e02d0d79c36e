//! Writes what a run showed into its script, as goldenscript does.
//!
//! goldenscript's runner runs nothing here: the plan was read and run before, and the runner hands out what
//! each command showed. The text between the transcripts stays as it is, comments and all.

use std::error::Error;
use std::io;

use goldenscript::{Context, Runner};

pub use super::difference::difference;

/// The script again, with the lines that each of its commands showed as its transcript.
///
/// `outputs` has one entry for each command of the script, in order. A block whose commands show nothing gets
/// `ok`.
///
/// # Errors
/// When goldenscript can't read the text, or the outputs are not one for each command.
pub fn transcript(text: &str, outputs: &[Vec<String>]) -> io::Result<String> {
    let mut recorded = Recorded { outputs: outputs.iter() };
    let text = goldenscript::generate(&mut recorded, text)?;
    match recorded.outputs.len() {
        0 => Ok(text),
        more => Err(io::Error::other(format!("{more} outputs more than the script has commands"))),
    }
}

/// Hands out what was recorded.
struct Recorded<'a> {
    outputs: std::slice::Iter<'a, Vec<String>>,
}

impl Runner for Recorded<'_> {
    type Command = goldenscript::Command;

    fn run(&mut self, _: &Self::Command, _: &Context) -> Result<String, Box<dyn Error>> {
        let output = self.outputs.next().ok_or("there is no output recorded for it")?;
        Ok(output.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "# Why.\nformat 1\nplatform\n---\nold\n\n# Then.\nshow platform\nheal\n---\n";

    fn outputs(shown: [&[&str]; 4]) -> Vec<Vec<String>> {
        shown.iter().map(|lines| lines.iter().map(|&line| line.to_owned()).collect()).collect()
    }

    #[test]
    fn outputs_stand_below_their_blocks_and_all_else_stays() {
        let text = transcript(SCRIPT, &outputs([&[], &[], &["petstore 200", "users 404"], &["healed"]]));
        let expected = "# Why.\nformat 1\nplatform\n---\nok\n\n# Then.\nshow platform\nheal\n---\n\
                        petstore 200\nusers 404\nhealed\n";
        assert_eq!(text.expect("a transcript"), expected);
    }

    #[test]
    fn a_transcript_written_again_is_the_same() {
        let outputs = outputs([&["a", "", "b"], &[], &[], &["c"]]);
        let once = transcript(SCRIPT, &outputs).expect("a transcript");
        assert_eq!(transcript(&once, &outputs).expect("a transcript"), once);
    }

    #[test]
    fn outputs_that_are_too_few_or_too_many_are_told() {
        let outputs = outputs([&[], &[], &[], &[]]);
        assert!(transcript(SCRIPT, &outputs[..3]).expect_err("too few").to_string().contains("line 9"));
        let more = [outputs.clone(), outputs].concat();
        assert!(transcript(SCRIPT, &more).expect_err("too many").to_string().contains("4 outputs"));
    }
}
