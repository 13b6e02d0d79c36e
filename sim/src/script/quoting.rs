//! Words: bare ones, quoted ones, and what a backslash stands for in them.

use std::borrow::Cow;

use super::cursor::{Cursor, Place};
use super::error::Mistake;

/// A word of a script, without its quotes, and where it begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// What it says.
    pub text: String,
    /// Where it begins; a quoted one at its quote.
    pub at: Place,
}

/// Reads the word that begins here, if one does.
pub(super) fn word(cursor: &mut Cursor<'_>) -> Result<Option<Word>, Mistake> {
    let at = cursor.place();
    let text = match cursor.peek() {
        Some(first) if begins_bare(first) => cursor.eat_while(continues_bare).to_owned(),
        Some(quote @ ('"' | '\'')) => quoted(cursor, quote)?,
        _ => return Ok(None),
    };
    Ok(Some(Word { text, at }))
}

/// Writes a word, in quotes where it needs them.
pub(crate) fn quote(text: &str) -> Cow<'_, str> {
    let bare = text.starts_with(begins_bare) && text.chars().all(continues_bare);
    if bare { Cow::Borrowed(text) } else { Cow::Owned(format!("{text:?}")) }
}

/// Whether a word without quotes can begin so.
pub(super) fn begins_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether a word without quotes can go on so.
pub(super) fn continues_bare(c: char) -> bool {
    begins_bare(c) || matches!(c, '-' | '.' | '/' | '@')
}

/// Reads a quoted word. It may go on over several lines.
fn quoted(cursor: &mut Cursor<'_>, quote: char) -> Result<String, Mistake> {
    let open = cursor.place();
    cursor.next();
    let mut text = String::new();
    loop {
        let at = cursor.place();
        match cursor.next() {
            None => return Err(Mistake::at(open, format!("expected a closing {quote} for this quote"))),
            Some('\\') => text.push(escaped(cursor).ok_or_else(|| {
                Mistake::at(
                    at,
                    r#"expected one of \' \" \\ \0 \n \r \t, \xHH or \u{HHHHHH} (H is a hexadecimal digit)"#,
                )
            })?),
            Some(end) if end == quote => return Ok(text),
            Some(other) => text.push(other),
        }
    }
}

/// What stands for a character after a backslash.
fn escaped(cursor: &mut Cursor<'_>) -> Option<char> {
    match cursor.next()? {
        plain @ ('\'' | '"' | '\\') => Some(plain),
        '0' => Some('\0'),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'x' => {
            // A sign before one digit is taken too, as goldenscript does.
            let digits: String = [cursor.next()?, cursor.next()?].iter().collect();
            u8::from_str_radix(&digits, 16).ok().map(char::from)
        }
        'u' => {
            let open = cursor.eat("{");
            let digits = cursor.eat_while(|c| c.is_ascii_hexdigit());
            let code = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() <= 6)?;
            (open && cursor.eat("}")).then_some(())?;
            char::from_u32(code)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<String>, String> {
        word(&mut Cursor::new(text)).map(|word| word.map(|word| word.text)).map_err(|wrong| wrong.message)
    }

    #[test]
    fn a_word_is_read_as_it_is_written() {
        for text in ["petstore", "", "two words", "gw1@2", "a\"b", "a'b\\", "line\nbreak", "\u{301}é", "-x"]
        {
            assert_eq!(read(&quote(text)), Ok(Some(text.to_owned())));
        }
        assert_eq!(read(r#""\x41\u{1F600}\t""#), Ok(Some("A\u{1F600}\t".to_owned())));
    }

    #[test]
    fn what_begins_no_word_is_left_alone() {
        for text in ["-x", "=", "", " a", "[with]"] {
            assert_eq!(read(text), Ok(None));
        }
    }

    #[test]
    fn a_broken_quote_says_what_was_expected() {
        assert!(read("\"abc").expect_err("not closed").contains("closing \""));
        for text in [r#""\q""#, r#""\x4""#, r#""\u{}""#, r#""\u{1234567}""#, r#""\u{d800}""#] {
            assert!(read(text).expect_err("no such escape").contains(r"\xHH"), "{text}");
        }
    }
}
