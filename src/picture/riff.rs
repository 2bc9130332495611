//! The container of WebP: chunks within a RIFF file. Knows nothing of pixels. <https://developers.google.com/speed/webp/docs/riff_container>

use super::le32;

/// Flags of the chunk `VP8X`.
pub(super) const HAS_PROFILE: u8 = 0x20;
pub(super) const HAS_ALPHA: u8 = 0x10;
pub(super) const HAS_NOTES: u8 = 0x08;
pub(super) const HAS_XMP: u8 = 0x04;

/// Name and content of each chunk; ends where the file does, or where it makes no sense any more.
pub(super) fn chunks(file: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut at = 12;
    std::iter::from_fn(move || {
        let name = file.get(at..at + 4)?;
        let start = at + 8;
        let end = start.checked_add(le32(file, at + 4)?)?;
        let content = file.get(start..end)?;
        at = end + content.len() % 2;
        Some((name, content))
    })
}

/// A file of these chunks.
pub(super) fn file<'a>(chunks: impl IntoIterator<Item = (&'a [u8], &'a [u8])>) -> Vec<u8> {
    let mut file = b"RIFF\0\0\0\0WEBP".to_vec();
    for (name, content) in chunks {
        file.extend_from_slice(name);
        file.extend_from_slice(&(content.len() as u32).to_le_bytes());
        file.extend_from_slice(content);
        if content.len() % 2 == 1 {
            file.push(0);
        }
    }
    let length = (file.len() as u32 - 8).to_le_bytes();
    file[4..8].copy_from_slice(&length);
    file
}
