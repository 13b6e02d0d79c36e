//! A cursor over a script's text that knows its line and column.
//!
//! It is `Copy`, so that a reader that tries one way and then another keeps a copy to return to.

/// A place in a script; lines and columns count from 1, and columns count characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// What is left of a text, and where it begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
    place: Place,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Cursor { rest: text, place: Place { line: 1, column: 1 } }
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    pub(super) fn at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        self.rest.starts_with(text)
    }

    /// Whether a line ends here.
    pub(super) fn at_line_end(&self) -> bool {
        self.starts_with("\n") || self.starts_with("\r\n")
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.rest = &self.rest[next.len_utf8()..];
        self.place = match next {
            '\n' => Place { line: self.place.line + 1, column: 1 },
            _ => Place { column: self.place.column + 1, ..self.place },
        };
        Some(next)
    }

    /// Takes a text if it comes next.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        let found = self.starts_with(text);
        if found {
            for _ in text.chars() {
                self.next();
            }
        }
        found
    }

    /// Takes characters for as long as they fit.
    pub(super) fn eat_while(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let start = self.rest;
        while self.peek().is_some_and(&fits) {
            self.next();
        }
        &start[..start.len() - self.rest.len()]
    }

    /// Takes spaces and tabs, and says whether there were any.
    pub(super) fn eat_blanks(&mut self) -> bool {
        !self.eat_while(|c| c == ' ' || c == '\t').is_empty()
    }

    /// Takes the end of a line.
    pub(super) fn eat_line_end(&mut self) -> bool {
        self.eat("\n") || self.eat("\r\n")
    }

    /// Takes the end of a line or of the text.
    pub(super) fn eat_line_or_text_end(&mut self) -> bool {
        self.eat_line_end() || self.at_end()
    }

    /// Takes what is left of a line. A carriage return within a line belongs to no line.
    pub(super) fn eat_line(&mut self) -> Option<&'a str> {
        let mut ahead = *self;
        let line = ahead.eat_while(|c| c != '\n' && c != '\r');
        if ahead.peek() == Some('\r') && !ahead.at_line_end() {
            return None;
        }
        *self = ahead;
        Some(line)
    }

    /// Takes a comment if one comes next.
    pub(super) fn eat_comment(&mut self) {
        let mut ahead = *self;
        if (ahead.eat("//") || ahead.eat("#")) && ahead.eat_line().is_some() {
            *self = ahead;
        }
    }
}
