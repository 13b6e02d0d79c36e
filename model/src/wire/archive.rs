//! Archives: a zip with one definition, a tar.gz with many (docs/spec/platform.md sections 8 and 8.2).
//!
//! Nothing is compressed: the formats allow it, and a definition is a few hundred bytes.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::path::{Component, Path};

use uuid::Uuid;

use super::kind::Kind;

/// Why an archive can't be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("unreadable archive: {0}")]
pub struct BadArchive(String);

/// The name of a definition's file.
pub fn file_name(kind: Kind, artifact: Uuid) -> String {
    format!("{}-{artifact}.yaml", kind.file_prefix())
}

/// A zip with one definition.
pub fn zip(name: &str, definition: &[u8]) -> Vec<u8> {
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, options).expect("a name in memory");
    writer.write_all(definition).expect("a write to memory");
    writer.finish().expect("an archive in memory").into_inner()
}

/// The first `.yaml` or `.yml` entry of a zip.
///
/// # Errors
/// When it isn't a zip, or has no such entry.
pub fn unzip(bytes: &[u8]) -> Result<Vec<u8>, BadArchive> {
    let bad = |e: &dyn std::fmt::Display| BadArchive(e.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| bad(&e))?;
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(|e| bad(&e))?;
        let yaml = is_yaml(Path::new(&*file.name().map_err(|e| bad(&e))?));
        if yaml {
            let mut definition = Vec::new();
            file.read_to_end(&mut definition).map_err(|e| bad(&e))?;
            return Ok(definition);
        }
    }
    Err(BadArchive("no YAML file in it".into()))
}

/// A tar.gz with one `<deployment>/<file>` entry for each definition, in the given order.
pub fn batch<'a>(entries: impl IntoIterator<Item = (Uuid, String, &'a [u8])>) -> Vec<u8> {
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    let mut tar = tar::Builder::new(gzip);
    for (deployment, name, definition) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(definition.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("{deployment}/{name}"), definition).expect("a write to memory");
    }
    let gzip = tar.into_inner().expect("a write to memory");
    gzip.finish().expect("a write to memory")
}

/// The definitions of a tar.gz by deployment, the parent directory of each file.
///
/// Directories, paths with `..` and files that aren't YAML are passed over (docs/spec/gateway.md
/// section 6.1).
///
/// # Errors
/// When it isn't a tar.gz.
pub fn unbatch(bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, BadArchive> {
    let bad = |e: std::io::Error| BadArchive(e.to_string());
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    let mut found = BTreeMap::new();
    for entry in archive.entries().map_err(bad)? {
        let mut entry = entry.map_err(bad)?;
        let path = entry.path().map_err(bad)?.into_owned();
        let climbs = path.components().any(|part| part == Component::ParentDir);
        if !entry.header().entry_type().is_file() || climbs || !is_yaml(&path) {
            continue;
        }
        let parent = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        if let Some(deployment) = parent.map(str::to_owned) {
            let mut definition = Vec::new();
            entry.read_to_end(&mut definition).map_err(bad)?;
            found.insert(deployment, definition);
        }
    }
    Ok(found)
}

/// The same archive without the entries whose path `goes`; none if the bytes are no archive of either sort.
pub fn without(bytes: &[u8], goes: impl Fn(&str) -> bool) -> Option<Vec<u8>> {
    zip_without(bytes, &goes).or_else(|| batch_without(bytes, &goes))
}

fn zip_without(bytes: &[u8], goes: &impl Fn(&str) -> bool) -> Option<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let file = archive.by_index(index).ok()?;
        let gone = goes(&file.name().ok()?);
        if !gone {
            writer.raw_copy_file(file).ok()?;
        }
    }
    Some(writer.finish().ok()?.into_inner())
}

fn batch_without(bytes: &[u8], goes: &impl Fn(&str) -> bool) -> Option<Vec<u8>> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    let mut tar = tar::Builder::new(gzip);
    for entry in archive.entries().ok()? {
        let mut entry = entry.ok()?;
        let path = entry.path().ok()?.into_owned();
        if !goes(path.to_str()?) {
            let mut header = entry.header().clone();
            tar.append_data(&mut header, path, &mut entry).ok()?;
        }
    }
    tar.into_inner().ok()?.finish().ok()
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zip_holds_what_was_put_in() {
        let bytes = zip("api-x.yaml", b"kind: RestApi\n");
        assert_eq!(unzip(&bytes).expect("readable"), b"kind: RestApi\n");
        assert!(unzip(&bytes[..20]).is_err());
        assert!(unzip(&zip("readme.txt", b"no")).is_err());
    }

    #[test]
    fn a_batch_is_keyed_by_deployment() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let bytes = batch([(two, "api-b.yaml".into(), &b"b"[..]), (one, "api-a.yaml".into(), &b"a"[..])]);
        let found = unbatch(&bytes).expect("readable");
        assert_eq!(found[&one.to_string()], b"a");
        assert_eq!(found[&two.to_string()], b"b");
        assert!(unbatch(b"not an archive").is_err());
    }

    #[test]
    fn an_archive_without_some_entries_is_still_one() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let bytes = batch([(two, "api-b.yaml".into(), &b"b"[..]), (one, "api-a.yaml".into(), &b"a"[..])]);
        let fewer = without(&bytes, |path| path.ends_with("api-b.yaml")).expect("an archive");
        let found = unbatch(&fewer).expect("readable");
        assert_eq!(found, BTreeMap::from([(one.to_string(), b"a".to_vec())]));
        assert_eq!(without(&bytes, |_| false).expect("an archive"), bytes);
        let zipped = zip("api-x.yaml", b"kind: RestApi\n");
        assert_eq!(unzip(&without(&zipped, |_| false).expect("an archive")), unzip(&zipped));
        let empty = without(&zipped, |path| path == "api-x.yaml").expect("an archive");
        assert_eq!(unzip(&empty), Err(BadArchive("no YAML file in it".into())));
        assert_eq!(without(b"[]", |_| true), None);
    }
}
