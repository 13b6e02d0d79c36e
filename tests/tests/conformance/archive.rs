//! Archives, read and written by other code than the actors' own.

use std::io::{Cursor, Read, Write};

/// The entries of a zip: names and texts.
pub fn read_zip(bytes: &[u8]) -> Result<Vec<(String, String)>, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| e.to_string())?;
    let mut entries = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(|e| e.to_string())?;
        let name = file.name().map_err(|e| e.to_string())?.to_string();
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(|e| e.to_string())?;
        entries.push((name, text));
    }
    Ok(entries)
}

/// The entries of a tar.gz: names and texts.
pub fn read_tar_gz(bytes: &[u8]) -> Result<Vec<(String, String)>, String> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    let mut entries = Vec::new();
    for entry in archive.entries().map_err(|e| e.to_string())? {
        let mut entry = entry.map_err(|e| e.to_string())?;
        let name = entry.path().map_err(|e| e.to_string())?.display().to_string();
        let mut text = String::new();
        entry.read_to_string(&mut text).map_err(|e| e.to_string())?;
        entries.push((name, text));
    }
    Ok(entries)
}

/// A zip with these entries.
pub fn zip(entries: &[(String, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, text) in entries {
        writer.start_file(name.as_str(), options).expect("a name in memory");
        writer.write_all(text.as_bytes()).expect("a write to memory");
    }
    writer.finish().expect("an archive in memory").into_inner()
}

/// A tar.gz with these entries; a name that ends in `/` is a directory.
pub fn tar_gz(entries: &[(String, String)]) -> Vec<u8> {
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let mut tar = tar::Builder::new(gzip);
    for (name, text) in entries {
        let mut header = tar::Header::new_ustar();
        // The builder refuses `..`, which is what one of the cases is about.
        header.as_ustar_mut().expect("it is one").name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_entry_type(if name.ends_with('/') {
            tar::EntryType::Directory
        } else {
            tar::EntryType::Regular
        });
        header.set_cksum();
        tar.append(&header, text.as_bytes()).expect("a write to memory");
    }
    tar.into_inner().expect("a write to memory").finish().expect("a write to memory")
}
