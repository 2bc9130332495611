//! Colour profiles: which of them a smaller picture keeps. Converts no colour. <https://www.color.org/specification/ICC.1-2022-05.pdf>

use super::riff;

/// A longer profile would outweigh the small pictures that it is for; those of screens and cameras are a few kilobytes.
const LONGEST: usize = 32 << 10;

/// The profile, if it speaks of the red, green and blue that pixels are once they are decoded.
pub(super) fn of_rgb(profile: Option<Vec<u8>>) -> Option<Vec<u8>> {
    profile.filter(|profile| profile.len() <= LONGEST && profile.get(16..20) == Some(b"RGB "))
}

/// A WebP picture, as libwebp wrote it, with a profile.
pub(super) fn into_webp(picture: &[u8], profile: &[u8], (width, height): (u32, u32)) -> Vec<u8> {
    let mut chunks: Vec<(&[u8], &[u8])> = riff::chunks(picture).filter(|(name, _)| *name != b"VP8X").collect();
    let has_alpha = chunks.iter().any(|(name, content)| match *name {
        b"ALPH" => true,
        b"VP8L" => content.get(4).is_some_and(|bits| bits & 0x10 != 0),
        _ => false,
    });
    let mut extended = [0; 10];
    extended[0] = riff::HAS_PROFILE | if has_alpha { riff::HAS_ALPHA } else { 0 };
    extended[4..7].copy_from_slice(&(width - 1).to_le_bytes()[..3]);
    extended[7..10].copy_from_slice(&(height - 1).to_le_bytes()[..3]);
    chunks.splice(0..0, [(&b"VP8X"[..], &extended[..]), (b"ICCP", profile)]);
    riff::file(chunks)
}
