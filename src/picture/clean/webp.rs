//! WebP: chunks within a RIFF file.

use crate::picture::exif::Orientation;
use crate::picture::riff::{HAS_NOTES, HAS_XMP, chunks, file as riff};

/// The file without notes.
pub(super) fn clean(file: &[u8]) -> Vec<u8> {
    let notes = chunks(file).find(|(name, _)| *name == b"EXIF");
    let notes = notes.and_then(|(_, content)| Orientation::read(content).notes());
    let mut extended = Vec::new();
    if let Some((_, content)) = chunks(file).find(|(name, _)| *name == b"VP8X") {
        extended = content.to_vec();
        if let Some(flags) = extended.first_mut() {
            *flags &= !(HAS_NOTES | HAS_XMP);
            *flags |= if notes.is_some() { HAS_NOTES } else { 0 };
        }
    }
    let kept = chunks(file).filter_map(|(name, content)| match name {
        b"VP8X" => Some((name, extended.as_slice())),
        b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP" => Some((name, content)),
        _ => None,
    });
    riff(kept.chain(notes.iter().map(|notes| (&b"EXIF"[..], notes.as_slice()))))
}
