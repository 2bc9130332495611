//! Bytes of picture files: what their headers say, how what readers must not get is left out, and pixels made smaller. Pure:
//! knows neither the disk nor a site.
//!
//! - [`header`] reads what a page has to know without decoding anything: which way is up, whether it moves.
//! - [`clean`] leaves out where and when a picture was taken, and keeps every pixel as it is.
//! - [`decode`] and [`Recipe`] make a smaller picture of a large one, in another format.

mod card;
mod clean;
mod codec;
mod exif;
mod header;
mod icc;
mod recipe;
mod riff;

pub(crate) use card::{CARD, Card};
pub(crate) use clean::clean;
pub(crate) use codec::Broken;
pub(crate) use codec::{LARGEST, decode, memory};
pub(crate) use exif::Orientation;
pub(crate) use header::header;
pub(crate) use recipe::{Crop, Encoding, Recipe};

/// Formats whose files are understood here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Jpeg,
    Png,
    WebP,
    Gif,
    /// AVIF and HEIC.
    Heif,
}

/// What files of AVIF and HEIC call themselves.
const BRANDS: [&[u8; 4]; 8] = [b"avif", b"avis", b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1"];

impl Format {
    /// Tells it from the first bytes of a file; its name may lie.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        let is_heif = bytes.get(4..8) == Some(b"ftyp")
            && bytes.get(8..12).is_some_and(|brand| BRANDS.iter().any(|known| *known == brand));
        let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            _ if bytes.starts_with(b"\x89PNG\r\n\x1a\n") => Some(Self::Png),
            _ if is_webp => Some(Self::WebP),
            _ if bytes.starts_with(b"GIF8") => Some(Self::Gif),
            _ if is_heif => Some(Self::Heif),
            _ => None,
        }
    }
}

/// Two bytes at a place, the high one first.
fn be16(bytes: &[u8], at: usize) -> Option<usize> {
    let pair: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
    Some(usize::from(u16::from_be_bytes(pair)))
}

/// Four bytes at a place, the high one first.
fn be32(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(u32::from_be_bytes(four) as usize)
}

/// Four bytes at a place, the low one first.
fn le32(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(u32::from_le_bytes(four) as usize)
}
