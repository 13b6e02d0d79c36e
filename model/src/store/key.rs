//! [`Key`]: what a row is found by, in a table or in one of its unique constraints.
//!
//! A key is a list of text parts, held as one string so that a comparison is one comparison of bytes and a
//! clone is one count. Parts that are numbers compare as text; pad them where the order matters.

use std::fmt::{self, Write};
use std::sync::Arc;

use uuid::Uuid;

/// Between two parts. A zero within a part is written as [`ESCAPED`], which sorts after it, so the order of
/// keys is that of their lists of parts and two different lists are never the same key.
const SEPARATOR: &str = "\0\0";
const ESCAPED: &str = "\0\u{1}";

/// A composite key of text parts, ordered part by part.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Arc<str>);

impl Key {
    /// The key of these parts.
    pub fn of(parts: &[&dyn fmt::Display]) -> Self {
        let mut text = String::with_capacity(96);
        for (n, part) in parts.iter().enumerate() {
            if n > 0 {
                text.push_str(SEPARATOR);
            }
            // Writing to a string fails only if a part's own `Display` does, and then what it wrote counts.
            let _ = write!(Escape(&mut text), "{part}");
        }
        Key(text.into())
    }

    /// Its parts, in order.
    pub fn parts(&self) -> Vec<String> {
        self.0.split(SEPARATOR).map(|part| part.replace(ESCAPED, "\0")).collect()
    }

    /// A key that no other precedes.
    pub(super) fn lowest() -> Self {
        Key("".into())
    }
}

/// Writes a part, with its zeros escaped.
struct Escape<'a>(&'a mut String);

impl fmt::Write for Escape<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.contains('\0') {
            self.0.push_str(&text.replace('\0', ESCAPED));
        } else {
            self.0.push_str(text);
        }
        Ok(())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parts().join(", "))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({self})")
    }
}

impl From<Uuid> for Key {
    fn from(id: Uuid) -> Self {
        let mut text = Uuid::encode_buffer();
        Key(Arc::from(&*id.hyphenated().encode_lower(&mut text)))
    }
}

impl From<&Uuid> for Key {
    fn from(id: &Uuid) -> Self {
        Key::from(*id)
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        if text.contains('\0') { Key::of(&[&text]) } else { Key(text.into()) }
    }
}

impl From<&String> for Key {
    fn from(text: &String) -> Self {
        Key::from(text.as_str())
    }
}

impl From<String> for Key {
    fn from(text: String) -> Self {
        Key::from(text.as_str())
    }
}

impl From<&Key> for Key {
    fn from(key: &Key) -> Self {
        key.clone()
    }
}

impl<T: fmt::Display, const N: usize> From<[T; N]> for Key {
    fn from(parts: [T; N]) -> Self {
        Key::of(&parts.each_ref().map(|part| part as &dyn fmt::Display))
    }
}

impl<A: fmt::Display, B: fmt::Display> From<(A, B)> for Key {
    fn from((a, b): (A, B)) -> Self {
        Key::of(&[&a, &b])
    }
}

impl<A: fmt::Display, B: fmt::Display, C: fmt::Display> From<(A, B, C)> for Key {
    fn from((a, b, c): (A, B, C)) -> Self {
        Key::of(&[&a, &b, &c])
    }
}

impl<A: fmt::Display, B: fmt::Display, C: fmt::Display, D: fmt::Display> From<(A, B, C, D)> for Key {
    fn from((a, b, c, d): (A, B, C, D)) -> Self {
        Key::of(&[&a, &b, &c, &d])
    }
}
