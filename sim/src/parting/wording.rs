//! What two runs say, in a form in which it can be compared.
//!
//! An identifier stands for its name, so that runs under two seeds can speak of the same artifact; an identifier
//! without a name and an instant stand for nothing, since both follow from when and where something was done,
//! which is compared by itself. Secrets and hashes count, unless the two runs drew from different seeds.

use std::borrow::Cow;
use std::fmt::Write;

use bytes::Bytes;
use driftless_model::store::{Change, Key};
use driftless_model::wire::archive;
use uuid::Uuid;

use crate::names::Names;

/// How the words of a run are to be put.
#[derive(Clone, Copy)]
pub struct Wording<'a> {
    /// What it calls things. A recorded history says names already.
    pub names: Option<&'a Names>,
    /// Whether text that was drawn counts.
    pub drawn_counts: bool,
}

/// Something in a text that isn't what it says.
enum Stand {
    Identifier(Uuid),
    Instant,
    /// A secret, a token or a hash.
    Drawn,
}

/// From how many hexadecimal digits on a word, or bytes a list, is taken for something that was drawn.
const HEX_FROM: usize = 16;
/// The same for digits and letters, large and small, as base64 has them.
const TOKEN_FROM: usize = 32;
/// What stands before the last letters of a secret that is shown in part.
const HIDDEN: &str = "***";

impl Wording<'_> {
    /// A text.
    pub fn text(&self, text: &str) -> String {
        replace(text, |stand| match stand {
            Stand::Identifier(id) => {
                let name = self.names.and_then(|names| names.of(id));
                Some(name.map_or_else(|| "<id>".into(), |name| Cow::Owned(name.to_string())))
            }
            Stand::Instant => Some("<time>".into()),
            Stand::Drawn => (!self.drawn_counts).then_some("<drawn>".into()),
        })
    }

    /// A body: what is in it, if it is an archive.
    pub fn body(&self, body: Option<&Bytes>) -> Option<String> {
        body.map(|body| self.text(&spelled(body)))
    }

    /// The rows that a commit changed. Their order is that of identifiers, which says nothing.
    pub fn rows(&self, changes: &[Change]) -> Vec<String> {
        let row = |change: &Change| {
            let Change { table, key, after, .. } = change;
            self.text(&format!("{table} {key:?} {after:?}"))
        };
        let mut rows: Vec<String> = changes.iter().map(row).collect();
        rows.sort_unstable();
        rows
    }

    /// What a row is found by. The partition that every gateway's row lies in goes without saying.
    pub fn key(&self, key: &Key) -> String {
        let mut parts = key.parts();
        parts.retain(|part| part != driftless_model::gateway::tables::GATEWAY_ID);
        self.text(&parts.join(" "))
    }
}

/// A text with the names that identifiers have, and nothing else changed.
pub fn named(text: &str, names: &Names) -> String {
    replace(text, |stand| match stand {
        Stand::Identifier(id) => names.of(id).map(|name| Cow::Owned(name.to_string())),
        Stand::Instant | Stand::Drawn => None,
    })
}

/// A body as text: that of its definitions, if it is an archive, and its hash, if it is something else.
pub fn spelled(body: &[u8]) -> String {
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if let Ok(text) = std::str::from_utf8(body) {
        return text.to_owned();
    }
    if let Ok(definition) = archive::unzip(body) {
        return format!("zip: {}", lossy(&definition));
    }
    match archive::unbatch(body) {
        Ok(entries) => {
            let mut text = "tar.gz:".to_owned();
            for (deployment, definition) in entries {
                // Writing to a string can't fail.
                let _ = write!(text, " {deployment}: {}", lossy(&definition));
            }
            text
        }
        Err(_) => format!("{} bytes, hash {}", body.len(), blake3::hash(body).to_hex()),
    }
}

/// Puts something else in the place of what only stands for something.
fn replace(text: &str, with: impl Fn(Stand) -> Option<Cow<'static, str>>) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while !rest.is_empty() {
        let word = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (len, other) = match stand(rest, word) {
            Some((len, stand)) => (len, with(stand)),
            None if word > 0 => (word, None),
            None => (rest.chars().next().map_or(0, char::len_utf8), None),
        };
        out.push_str(other.as_deref().unwrap_or(&rest[..len]));
        rest = &rest[len..];
    }
    out
}

/// What begins at the start of a text, whose first word has that length, and how long it is.
fn stand(text: &str, word: usize) -> Option<(usize, Stand)> {
    if let Some(shown) = text.strip_prefix(HIDDEN) {
        let shown = shown.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(shown.len());
        return Some((HIDDEN.len() + shown, Stand::Drawn));
    }
    if let Some(list) = text.strip_prefix('[') {
        let end = list.find(|c: char| !c.is_ascii_digit() && !", ".contains(c))?;
        let long = list[..end].matches(',').count() >= HEX_FROM && list[end..].starts_with(']');
        return long.then_some((end + 2, Stand::Drawn));
    }
    if let Some(id) = text.get(..36).filter(|_| word == 8).and_then(|id| Uuid::try_parse(id).ok()) {
        return Some((36, Stand::Identifier(id)));
    }
    if word == 4
        && let Some(len) = instant(text.as_bytes())
    {
        return Some((len, Stand::Instant));
    }
    if word >= HEX_FROM && text[..word].bytes().all(|b| b.is_ascii_hexdigit()) {
        return Some((word, Stand::Drawn));
    }
    let token = text.find(|c: char| !c.is_ascii_alphanumeric() && !"-_+/=".contains(c)).unwrap_or(text.len());
    let has = |of: fn(&u8) -> bool| text[..token].bytes().any(|b| of(&b));
    let mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    (token >= TOKEN_FROM && mixed).then_some((token, Stand::Drawn))
}

/// The length of the RFC 3339 instant at the start of a text.
fn instant(text: &[u8]) -> Option<usize> {
    let fits = |at: usize, form: &[u8]| {
        let bytes = text.get(at..at + form.len())?;
        let same = |(byte, form): (&u8, &u8)| {
            if *form == b'0' { byte.is_ascii_digit() } else { byte == form }
        };
        bytes.iter().zip(form).all(same).then_some(at + form.len())
    };
    let mut at = fits(0, b"0000-00-00T00:00:00")?;
    if text.get(at) == Some(&b'.') {
        at += 1 + text[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    }
    fits(at, b"Z").or_else(|| fits(at, b"+00:00")).or_else(|| fits(at, b"-00:00"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Draws;

    #[test]
    fn names_stand_for_identifiers_and_nothing_for_instants() {
        let mut names = Names::new(Draws::new(0));
        let (known, unknown) = (Uuid::from_u128(1), Uuid::from_u128(2));
        names.give(known, "petstore");
        let wording = |drawn_counts| Wording { names: Some(&names), drawn_counts };
        let secret = "0123456789abcdef0123 ***4f_ _GVsbG8_d29ybGQtaGVsbG8_d29ybGQtaGVsbG8=";
        let text = format!(
            "({known}, {unknown}) at 2026-01-02T03:04:05.678+05:30 or 2026-01-02T03:04:05Z é {secret}"
        );
        let expected = format!("(petstore, <id>) at <time> or <time> é {secret}");
        assert_eq!(wording(true).text(&text), expected);
        assert_eq!(wording(false).text(&text), expected.replace(secret, "<drawn> <drawn>_ <drawn>"));
        assert_eq!(named(&text, &names), text.replace(&known.to_string(), "petstore"));
        for plain in ["2026-01-02T03:04:05 noon", "2026-13", "deadbeef-0000", "", "é"] {
            assert_eq!(wording(false).text(plain), plain);
        }
    }

    #[test]
    fn the_archives_of_one_definition_say_the_same() {
        let id = Uuid::from_u128(1);
        let zip = archive::zip("x.yaml", "name: ä".as_bytes());
        assert_eq!(spelled(&zip), "zip: name: ä");
        let batch = archive::batch([(id, "x.yaml".to_owned(), "name: ä".as_bytes())]);
        assert_eq!(spelled(&batch), format!("tar.gz: {id}: name: ä"));
        assert!(spelled(&[0xff, 0xfe]).starts_with("2 bytes, hash "));
    }
}
