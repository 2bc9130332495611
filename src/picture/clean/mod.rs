//! Leaves out of a picture file what is not the picture: where and when it was taken and with what, names, comments, previews.
//! Pixels, colour profile and which way is up stay byte for byte; nothing is encoded anew.

mod gif;
mod heif;
mod jpeg;
mod png;
mod webp;

use super::Format;
pub(super) use jpeg::is_whole as is_whole_jpeg;

/// The file without its notes. One of a format that is not understood here stays as it is; of a damaged one what makes no
/// sense any more is left out.
pub(crate) fn clean(file: Vec<u8>) -> Vec<u8> {
    match Format::of(&file) {
        Some(Format::Jpeg) => jpeg::clean(&file),
        Some(Format::Png) => png::clean(&file),
        Some(Format::WebP) => webp::clean(&file),
        Some(Format::Gif) => gif::clean(&file),
        Some(Format::Heif) => heif::clean(file),
        None => file,
    }
}

#[cfg(test)]
mod tests;
