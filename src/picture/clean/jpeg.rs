//! JPEG: a row of segments, some of which are followed by pixels. <https://www.w3.org/Graphics/JPEG/itu-t81.pdf>, annex B

use crate::picture::be16;
use crate::picture::exif::{Orientation, PREFIX};

/// A piece of a file.
enum Piece<'a> {
    /// Marker, whole segment, content.
    Segment(u8, &'a [u8], &'a [u8]),
    /// Pixels.
    Scan(&'a [u8]),
    /// The end of the picture.
    End,
}

/// The pieces behind the first two bytes. Nothing comes after the end of the picture, nor after what makes no sense.
fn pieces(file: &[u8]) -> impl Iterator<Item = Piece<'_>> {
    let (mut at, mut in_scan, mut ended) = (2, false, false);
    std::iter::from_fn(move || {
        if ended || at >= file.len() {
            return None;
        }
        if in_scan {
            in_scan = false;
            let start = at;
            at = scan_end(file, at);
            return Some(Piece::Scan(&file[start..at]));
        }
        while file.get(at) == Some(&0xff) && file.get(at + 1) == Some(&0xff) {
            at += 1;
        }
        let marker = *file.get(at + 1).filter(|_| file[at] == 0xff)?;
        if marker == 0xd9 {
            ended = true;
            return Some(Piece::End);
        }
        let start = at;
        let is_bare = matches!(marker, 0x01 | 0xd0..=0xd8);
        at += if is_bare { 2 } else { 2 + be16(file, at + 2).filter(|length| *length >= 2)? };
        in_scan = marker == 0xda;
        let whole = file.get(start..at)?;
        Some(Piece::Segment(marker, whole, whole.get(4..).unwrap_or_default()))
    })
}

/// Where the next marker stands that is none of those within pixels.
fn scan_end(file: &[u8], from: usize) -> usize {
    let is_marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff);
    file[from..].windows(2).position(is_marker).map_or(file.len(), |at| from + at)
}

/// Whether the file goes on to the end of the picture: one that was cut off does not.
pub(in crate::picture) fn is_whole(file: &[u8]) -> bool {
    pieces(file).any(|piece| matches!(piece, Piece::End))
}

/// The file without notes.
pub(super) fn clean(file: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(file.len());
    out.extend_from_slice(&file[..2]);
    let mut turned = false;
    for piece in pieces(file) {
        match piece {
            Piece::Segment(0xe1, _, content) if content.starts_with(PREFIX) && !turned => {
                turned = true;
                if let Some(notes) = Orientation::read(content).notes() {
                    let length = (2 + PREFIX.len() + notes.len()) as u16;
                    out.extend_from_slice(&[&[0xff, 0xe1][..], &length.to_be_bytes(), PREFIX, &notes].concat());
                }
            }
            Piece::Segment(marker, whole, content) if is_kept(marker, content) => out.extend_from_slice(whole),
            Piece::Segment(..) => {}
            Piece::Scan(pixels) => out.extend_from_slice(pixels),
            Piece::End => out.extend_from_slice(&[0xff, 0xd9]),
        }
    }
    out
}

/// Of what applications write, the colours and their profile; never a comment.
fn is_kept(marker: u8, content: &[u8]) -> bool {
    match marker {
        0xe0 => content.starts_with(b"JFIF\0"),
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xee => content.starts_with(b"Adobe"),
        0xe1 | 0xe3..=0xed | 0xef | 0xfe => false,
        _ => true,
    }
}
