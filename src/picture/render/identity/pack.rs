//! An identity as one file to hand on: `NAME.cueid`, a zip archive of `identity.ron`, `picture.png` and, where there is
//! one, `matte.png`, all stored as they are (PNG is packed already).
//!
//! What is read from elsewhere is not trusted: only these three names are taken, each once, none larger than it may
//! be, and every file's checksum must hold. Nothing is ever written under a name that the archive gives. (Format:
//! PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.16; no encryption, no Zip64, no several disks.)

use super::{Identity, IdentityError, MATTE, PICTURE, RON};
use std::io::Read as _;
use std::path::Path;

/// The ending of such files.
pub const EXTENSION: &str = "cueid";

/// The files of an archive and the most bytes that each may have.
const FILES: [(&str, u64); 3] = [(RON, 1 << 20), (PICTURE, 96 << 20), (MATTE, 32 << 20)];
/// The most bytes of a whole archive.
const LARGEST: u64 = 132 << 20;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// MS-DOS date of 1 January 1980: the same identity gives the same file.
const DATE: u16 = 0x0021;

/// Why a file is not an identity.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    #[error("it is not an identity file; choose a file that ends in .{EXTENSION}")]
    NotAnArchive,
    #[error("it is cut off or damaged ({0}); ask for it again")]
    Damaged(&'static str),
    #[error("it holds \"{0}\", which does not belong into an identity; do not trust it")]
    Foreign(String),
    #[error("it holds \"{0}\" twice; do not trust it")]
    Twice(String),
    #[error("its \"{name}\" is {size} bytes, more than the {most} that are allowed")]
    TooLarge { name: String, size: u64, most: u64 },
    #[error("its \"{0}\" is packed in a way that cannot be read; pack it again without encryption")]
    Method(String),
    #[error("it has no \"{0}\"; ask for it again")]
    Missing(&'static str),
}

/// The archive's bytes.
///
/// # Errors
/// A picture that cannot be encoded.
pub fn packed(identity: &Identity) -> Result<Vec<u8>, IdentityError> {
    let parts = identity
        .parts()
        .map_err(|message| IdentityError::Write { path: format!("{}.{EXTENSION}", identity.name).into(), message })?;
    Ok(archive(parts.iter().map(|(name, bytes)| (*name, bytes.as_slice()))))
}

/// Writes the archive; it is complete or not there at all.
pub fn write(identity: &Identity, path: &Path) -> Result<(), IdentityError> {
    let bytes = packed(identity)?;
    let failed = |e: std::io::Error| IdentityError::Write { path: path.into(), message: e.to_string() };
    let part = path.with_extension(format!("{EXTENSION}.part"));
    let mut file = std::fs::File::create(&part).map_err(failed)?;
    std::io::Write::write_all(&mut file, &bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(&part, path).map_err(failed)
}

/// Reads an identity from an archive.
pub fn read(path: &Path) -> Result<Identity, IdentityError> {
    let io = |source| IdentityError::Read { what: "file", path: path.into(), source };
    let size = std::fs::metadata(path).map_err(io)?.len();
    let failed = |source| IdentityError::Pack { path: path.into(), source };
    if size > LARGEST {
        return Err(failed(PackError::TooLarge { name: "archive".into(), size, most: LARGEST }));
    }
    let bytes = std::fs::read(path).map_err(io)?;
    let [ron, picture, matte] = entries(&bytes).map_err(failed)?;
    let ron = ron.ok_or_else(|| failed(PackError::Missing(RON)))?;
    let picture = picture.ok_or_else(|| failed(PackError::Missing(PICTURE)))?;
    let ron = String::from_utf8(ron).map_err(|_| failed(PackError::Damaged("its description is not UTF-8")))?;
    Identity::from_parts(path, &ron, &picture, matte.as_deref())
}

/// A zip archive with stored files.
fn archive<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let (mut out, mut directory, mut count) = (Vec::new(), Vec::new(), 0u16);
    for (name, bytes) in files {
        let offset = out.len() as u32;
        let mut head = Vec::new();
        // Version needed 2.0, no flags, stored, midnight.
        for v in [20u16, 0, 0, 0, DATE] {
            head.extend(v.to_le_bytes());
        }
        for v in [crc32fast::hash(bytes), bytes.len() as u32, bytes.len() as u32] {
            head.extend(v.to_le_bytes());
        }
        head.extend((name.len() as u16).to_le_bytes());
        head.extend(0u16.to_le_bytes());
        out.extend(LOCAL.to_le_bytes());
        out.extend(&head);
        out.extend(name.as_bytes());
        out.extend(bytes);
        directory.extend(CENTRAL.to_le_bytes());
        directory.extend(20u16.to_le_bytes());
        directory.extend(&head);
        // No comment, first disk, no attributes.
        directory.extend([0u8; 2 + 2 + 2 + 4]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
        count += 1;
    }
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(END.to_le_bytes());
    for v in [0, 0, count, count] {
        out.extend(v.to_le_bytes());
    }
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend(0u16.to_le_bytes());
    out
}

/// Little-endian numbers at a place, or that the file is cut off.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn slice(&self, at: usize, length: usize) -> Result<&'a [u8], PackError> {
        at.checked_add(length).and_then(|end| self.0.get(at..end)).ok_or(PackError::Damaged("it ends too early"))
    }

    fn u16(&self, at: usize) -> Result<u16, PackError> {
        Ok(u16::from_le_bytes(self.slice(at, 2)?.try_into().unwrap_or_default()))
    }

    fn u32(&self, at: usize) -> Result<u32, PackError> {
        Ok(u32::from_le_bytes(self.slice(at, 4)?.try_into().unwrap_or_default()))
    }
}

/// The content of the three files, where they are there.
fn entries(bytes: &[u8]) -> Result<[Option<Vec<u8>>; 3], PackError> {
    let file = Bytes(bytes);
    if bytes.len() < 22 || file.u32(0)? != LOCAL {
        return Err(PackError::NotAnArchive);
    }
    // The end record stands at the end, before a comment of at most 65 535 bytes.
    let first = bytes.len().saturating_sub(22 + 65_535);
    let end = (first..=bytes.len() - 22)
        .rev()
        .find(|at| file.u32(*at).is_ok_and(|v| v == END))
        .ok_or(PackError::Damaged("its table of contents is missing"))?;
    let count = usize::from(file.u16(end + 10)?);
    let mut at = file.u32(end + 16)? as usize;
    let mut found: [Option<Vec<u8>>; 3] = Default::default();
    for _ in 0..count {
        if file.u32(at)? != CENTRAL {
            return Err(PackError::Damaged("its table of contents is wrong"));
        }
        let (flags, method, crc) = (file.u16(at + 8)?, file.u16(at + 10)?, file.u32(at + 16)?);
        let (packed, size) = (file.u32(at + 20)? as usize, u64::from(file.u32(at + 24)?));
        let length = |k: usize| file.u16(at + k).map(usize::from);
        let (name_length, extra, comment) = (length(28)?, length(30)?, length(32)?);
        let offset = file.u32(at + 42)? as usize;
        let name = String::from_utf8_lossy(file.slice(at + 46, name_length)?).into_owned();
        at += 46 + name_length + extra + comment;
        let Some(which) = FILES.iter().position(|(known, _)| *known == name) else {
            return Err(PackError::Foreign(name.chars().take(80).collect()));
        };
        if found[which].is_some() {
            return Err(PackError::Twice(name));
        }
        let most = FILES[which].1;
        if size > most {
            return Err(PackError::TooLarge { name, size, most });
        }
        // Sizes and names in the local header are not needed, only where it ends.
        if file.u32(offset)? != LOCAL {
            return Err(PackError::Damaged("a file is not where it should be"));
        }
        let begin = offset + 30 + usize::from(file.u16(offset + 26)?) + usize::from(file.u16(offset + 28)?);
        let raw = file.slice(begin, packed)?;
        let content = match (flags & 1, method) {
            (0, 0) => raw.to_vec(),
            // What another program has packed anew.
            (0, 8) => {
                let mut out = Vec::new();
                let mut reader = flate2::read::DeflateDecoder::new(raw).take(most + 1);
                reader.read_to_end(&mut out).map_err(|_| PackError::Damaged("a file cannot be unpacked"))?;
                out
            }
            _ => return Err(PackError::Method(name)),
        };
        if content.len() as u64 != size || crc32fast::hash(&content) != crc {
            return Err(PackError::Damaged("a checksum does not hold"));
        }
        found[which] = Some(content);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_comes_back_from_its_file_and_gives_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mira.cueid");
        let identity = Identity::builtin("mira").unwrap();
        write(&identity, &path).unwrap();
        assert_eq!(read(&path).unwrap(), identity);
        assert_eq!(std::fs::read(&path).unwrap(), packed(&identity).unwrap());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no part is left behind");
    }

    fn refused(bytes: &[u8]) -> PackError {
        entries(bytes).unwrap_err()
    }

    #[test]
    fn foreign_names_and_sizes_are_refused() {
        for name in ["../identity.ron", "/etc/passwd", "a/picture.png", "notes.txt", "Identity.ron"] {
            let bytes = archive([(name, b"x".as_slice())].into_iter());
            assert!(matches!(refused(&bytes), PackError::Foreign(n) if n == name));
        }
        let twice = archive([(RON, b"a".as_slice()), (RON, b"b".as_slice())].into_iter());
        assert!(matches!(refused(&twice), PackError::Twice(_)));
        // A small file that says it is a large one: nothing is set aside for it.
        let mut bomb = archive([(PICTURE, b"xxxx".as_slice())].into_iter());
        let at = bomb.len() - 22 - 46 - PICTURE.len() + 24;
        bomb[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(matches!(refused(&bomb), PackError::TooLarge { .. }));
        assert!(matches!(refused(b"PNG, and not an archive at all"), PackError::NotAnArchive));
    }

    #[test]
    fn what_another_program_packed_is_read() {
        use std::io::Write as _;
        let content = b"a description ".repeat(50);
        let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(&content).unwrap();
        let raw = packer.finish().unwrap();
        let mut bytes = archive([(RON, raw.as_slice())].into_iter());
        let at = bytes.len() - 22 - 46 - RON.len();
        bytes[at + 10] = 8;
        bytes[at + 16..at + 20].copy_from_slice(&crc32fast::hash(&content).to_le_bytes());
        bytes[at + 24..at + 28].copy_from_slice(&(content.len() as u32).to_le_bytes());
        assert_eq!(entries(&bytes).unwrap()[0].as_deref(), Some(content.as_slice()));
        bytes[at + 8] = 1;
        assert!(matches!(refused(&bytes), PackError::Method(_)));
    }

    #[test]
    fn damage_anywhere_is_an_error_and_never_a_panic() {
        let good = archive([(RON, b"some words".as_slice()), (PICTURE, b"not really".as_slice())].into_iter());
        assert!(entries(&good).is_ok());
        for length in 0..good.len() {
            assert!(entries(&good[..length]).is_err(), "cut at {length}");
        }
        let mut caught = 0;
        for at in 0..good.len() {
            for bit in [0x01u8, 0x80] {
                let mut bad = good.clone();
                bad[at] ^= bit;
                // Dates and versions may be anything; names, sizes, places and content may not.
                match entries(&bad) {
                    Ok(found) => assert_eq!(found[0].as_deref(), Some(b"some words".as_slice())),
                    Err(_) => caught += 1,
                }
            }
        }
        assert!(caught > 150, "{caught}");
    }
}
