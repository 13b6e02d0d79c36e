//! Reads goldenscript's grammar into commands that know their places.
//!
//! It accepts exactly what goldenscript 0.8 accepts and finds the same commands ([`super::agreement`] compares
//! the two). goldenscript keeps its parser and its positions to itself and converts a command only when it
//! runs it; a plan is read before it runs, and a mistake in it is shown with line and column. What a command
//! means is not known here.

use super::cursor::{Cursor, Place};
use super::error::Mistake;
use super::quoting::{self, Word};

/// One command, and how it is dressed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Command {
    /// Its name.
    pub name: Word,
    /// Its arguments in order.
    pub arguments: Vec<Argument>,
    /// Where the next argument would have stood.
    pub end: Place,
    /// `x` of `x: command`.
    pub prefix: Option<Word>,
    /// `a` and `b` of `[a b] command`.
    pub tags: Vec<Word>,
    /// The address of `when "ADDRESS" command`, which the grammar takes for a command like any other.
    pub when: Option<Word>,
    /// Where the `(` of a silenced command is.
    pub silent: Option<Place>,
    /// Where the `!` of a command that is to fail is.
    pub fails: Option<Place>,
    /// Where the `>` of a line taken as it is stands.
    pub literal: Option<Place>,
}

/// An argument of a command: `value` or `key=value`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Argument {
    /// The key, if there is one.
    pub key: Option<Word>,
    /// The value; of `key=` an empty one.
    pub value: Word,
}

/// Reads a script into its blocks of commands. After a mistake it goes on in the next line.
pub(super) fn read(text: &str) -> Result<Vec<Vec<Command>>, Vec<Mistake>> {
    let mut cursor = Cursor::new(text);
    let (mut blocks, mut mistakes) = (Vec::new(), Vec::new());
    while !cursor.at_end() {
        let commands = commands(&mut cursor, &mut mistakes);
        if commands.is_empty() && cursor.at_end() {
            break;
        }
        match separator(&mut cursor) {
            true => skip_output(&mut cursor),
            false if mistakes.is_empty() => mistakes.push(Mistake::at(
                cursor.place(),
                "expected a line '---' after the commands; what they show follows it",
            )),
            false => {}
        }
        blocks.push(commands);
    }
    if mistakes.is_empty() { Ok(blocks) } else { Err(mistakes) }
}

/// Reads commands up to the next separator or the end.
fn commands(cursor: &mut Cursor<'_>, mistakes: &mut Vec<Mistake>) -> Vec<Command> {
    let (mut commands, mut skipped) = (Vec::new(), false);
    while !cursor.at_end() {
        if empty_or_comment_line(cursor) {
            continue;
        }
        // A separator ends the block only after a command; a line that was meant as one counts.
        if separator(&mut cursor.clone()) && (skipped || !commands.is_empty()) {
            break;
        }
        let start = *cursor;
        match command(cursor) {
            Ok(command) => commands.push(command),
            Err(mistake) => {
                mistakes.push(across_lines(start, mistake));
                *cursor = start;
                cursor.eat_while(|c| c != '\n');
                cursor.next();
                skipped = true;
            }
        }
    }
    commands
}

/// Blames a quote for a mistake that was only noticed lines below it.
fn across_lines(start: Cursor<'_>, mistake: Mistake) -> Mistake {
    let first = start.place().line;
    if mistake.at.line == first {
        return mistake;
    }
    let mut cursor = start;
    let mut open = None;
    while cursor.place().line == first {
        if let Some('"' | '\'') = cursor.peek() {
            let at = cursor.place();
            if quoting::word(&mut cursor).is_err() || cursor.place().line > first {
                open = Some(at);
            }
        } else {
            cursor.next();
        }
    }
    let Some(open) = open else { return mistake };
    Mistake::at(
        open,
        format!("expected the quote to end in this line; it goes on to line {}", mistake.at.line),
    )
}

/// Reads a command and the rest of its line.
fn command(cursor: &mut Cursor<'_>) -> Result<Command, Mistake> {
    let mut silent = None;
    if cursor.peek() == Some('(') {
        silent = Some(cursor.place());
        cursor.next();
        cursor.eat_blanks();
    }
    let prefix = prefix(cursor)?;
    let mut ahead = *cursor;
    ahead.eat_blanks();
    let mut tags = tags(&mut ahead)?;
    if !tags.is_empty() {
        ahead.eat_blanks();
        *cursor = ahead;
    }
    let fails = mark(cursor, '!');
    let literal = mark(cursor, '>');
    if literal.is_some() {
        let name = rest_of_line(cursor)?;
        let end = name.at;
        return Ok(Command {
            name,
            arguments: Vec::new(),
            end,
            prefix,
            tags,
            when: None,
            silent,
            fails,
            literal,
        });
    }
    let name = quoting::word(cursor)?.ok_or_else(|| no_command(*cursor))?;
    let arguments = arguments(cursor)?;
    let end = cursor.place();
    let end = Place { column: end.column + 1, ..end };
    tags.extend(trailing_tags(cursor)?);
    end_of_command(cursor, silent)?;
    Ok(Command { name, arguments, end, prefix, tags, when: None, silent, fails, literal })
}

/// Reads `x:`.
fn prefix(cursor: &mut Cursor<'_>) -> Result<Option<Word>, Mistake> {
    let mut ahead = *cursor;
    let Some(word) = quoting::word(&mut ahead)?.filter(|_| ahead.eat(":")) else { return Ok(None) };
    ahead.eat_blanks();
    *cursor = ahead;
    Ok(Some(word))
}

/// Reads `!` or `>` and the blanks after it.
fn mark(cursor: &mut Cursor<'_>, mark: char) -> Option<Place> {
    let at = cursor.place();
    (cursor.peek() == Some(mark)).then(|| {
        cursor.next();
        cursor.eat_blanks();
        at
    })
}

/// Reads `[a b]` or `[a,b]`, or nothing.
fn tags(cursor: &mut Cursor<'_>) -> Result<Vec<Word>, Mistake> {
    let mut tags = Vec::new();
    if !cursor.eat("[") {
        return Ok(tags);
    }
    loop {
        let at = cursor.place();
        let tag = quoting::word(cursor)?;
        tags.push(tag.ok_or_else(|| Mistake::at(at, "expected a word between '[' and ']'"))?);
        if cursor.eat("]") {
            return Ok(tags);
        }
        if !cursor.eat(",") && !cursor.eat(" ") {
            return Err(Mistake::at(
                cursor.place(),
                "expected ']', or one ',' or one blank and another word",
            ));
        }
    }
}

/// Reads tags that stand behind the arguments.
fn trailing_tags(cursor: &mut Cursor<'_>) -> Result<Vec<Word>, Mistake> {
    let mut ahead = *cursor;
    if !ahead.eat_blanks() {
        return Ok(Vec::new());
    }
    let tags = tags(&mut ahead)?;
    if !tags.is_empty() {
        *cursor = ahead;
    }
    Ok(tags)
}

/// Reads the arguments, each after blanks.
fn arguments(cursor: &mut Cursor<'_>) -> Result<Vec<Argument>, Mistake> {
    let mut arguments = Vec::new();
    loop {
        let mut ahead = *cursor;
        if !ahead.eat_blanks() {
            return Ok(arguments);
        }
        let Some(word) = quoting::word(&mut ahead)? else { return Ok(arguments) };
        let argument = if ahead.eat("=") {
            let at = ahead.place();
            let value = quoting::word(&mut ahead)?.unwrap_or(Word { text: String::new(), at });
            Argument { key: Some(word), value }
        } else {
            Argument { key: None, value: word }
        };
        arguments.push(argument);
        *cursor = ahead;
    }
}

/// Reads the rest of a line as it is; a backslash at its end joins the next one.
fn rest_of_line(cursor: &mut Cursor<'_>) -> Result<Word, Mistake> {
    let at = cursor.place();
    let mut text = String::new();
    loop {
        let part = cursor.eat_line().filter(|_| cursor.eat_line_end());
        let part = part.ok_or_else(|| Mistake::at(cursor.place(), "expected the line to end"))?;
        match part.strip_suffix('\\') {
            Some(joined) => text.push_str(joined),
            None => return Ok(Word { text: text + part, at }),
        }
    }
}

/// Reads what may follow a command in its line.
fn end_of_command(cursor: &mut Cursor<'_>, silent: Option<Place>) -> Result<(), Mistake> {
    let end = *cursor;
    cursor.eat_blanks();
    if silent.is_some() && !cursor.eat(")") {
        let expected = "expected ')' at the end of the command, for the '(' at its beginning";
        return Err(Mistake::at(cursor.place(), expected));
    }
    cursor.eat_blanks();
    cursor.eat_comment();
    if cursor.eat_line_end() { Ok(()) } else { Err(no_line_end(*cursor, end.place() != cursor.place())) }
}

/// What was expected in place of a command.
fn no_command(cursor: Cursor<'_>) -> Mistake {
    let expected = if cursor.starts_with("---") {
        match separator(&mut cursor.clone()) {
            true => "expected a command before '---'",
            false => "expected nothing else in the line of '---'",
        }
    } else {
        match cursor.peek() {
            Some(' ' | '\t') => "expected a command at the beginning of the line, without indentation",
            _ => "expected a command: a word that begins with a letter, a digit or '_'",
        }
    };
    Mistake::at(cursor.place(), expected)
}

/// What was expected in place of the end of the line. `apart` says whether blanks precede it.
fn no_line_end(cursor: Cursor<'_>, apart: bool) -> Mistake {
    let expected = match cursor.peek() {
        None => "expected the line to end, and a line '---' after it".to_owned(),
        Some('=') if apart => "expected a key right before '=', without a blank".to_owned(),
        Some('"' | '\'' | '[') if !apart => "expected a blank here".to_owned(),
        Some(')') => "expected '(' at the beginning of a line that ends in ')'".to_owned(),
        Some('\r') => "expected the line to end; a carriage return stands alone".to_owned(),
        Some(c) if begins_word(c) && !apart => "expected a blank here".to_owned(),
        Some(c) if begins_word(c) => "expected the end of the line".to_owned(),
        Some(c) if quoting::continues_bare(c) => {
            format!("expected the end of the line; a word that begins with '{c}' needs quotes")
        }
        Some(c) => format!("expected a blank or the end of the line; a word with '{c}' needs quotes"),
    };
    Mistake::at(cursor.place(), expected)
}

fn begins_word(c: char) -> bool {
    quoting::begins_bare(c) || matches!(c, '"' | '\'' | '[')
}

/// Takes a line of blanks or a comment.
fn empty_or_comment_line(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    ahead.eat_blanks();
    ahead.eat_comment();
    let found = ahead.eat_line_or_text_end() && ahead.place() != cursor.place();
    if found {
        *cursor = ahead;
    }
    found
}

/// Takes the line between commands and output.
fn separator(cursor: &mut Cursor<'_>) -> bool {
    cursor.eat("---") && cursor.eat_line_or_text_end()
}

/// Takes the output up to and with the first empty line, or the end.
fn skip_output(cursor: &mut Cursor<'_>) {
    while !cursor.eat_line_or_text_end() {
        while !cursor.eat_line_or_text_end() {
            cursor.next();
        }
    }
}
