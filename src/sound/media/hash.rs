//! The fingerprint of a file's content, by which a moved recording is known again.

use super::MediaError;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// SHA-256 of the file's bytes, as 64 lower-case hexadecimal digits. Reads in blocks, whatever the size.
///
/// # Errors
/// Missing or unreadable files.
pub fn content_hash(path: &Path) -> Result<String, MediaError> {
    let mut file = File::open(path).map_err(|e| MediaError::reading(path, e))?;
    let mut hasher = Sha256::new();
    let mut block = vec![0; 1 << 18];
    loop {
        match file.read(&mut block) {
            Ok(0) => break,
            Ok(n) => hasher.update(&block[..n]),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(MediaError::reading(path, e)),
        }
    }
    Ok(hasher.finalize().iter().map(|b| format!("{b:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_the_standard_s_example() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        std::fs::write(&path, b"abc").unwrap();
        // FIPS 180-2, appendix B.1.
        let want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(content_hash(&path).unwrap(), want);
        assert!(matches!(content_hash(&folder.path().join("no")), Err(MediaError::NotFound { .. })));
    }
}
