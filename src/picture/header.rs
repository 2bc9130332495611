//! What the header of a picture says: which way is up, whether it moves, whether it lets the page shine through. Decodes no
//! pixel, and reads no more of a file than the places where this stands.

use std::io::{Read, Seek, SeekFrom};

use super::exif::Orientation;
use super::{Format, be16, be32, le32};

/// What has to be known of a picture before any pixel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub format: Format,
    pub orientation: Orientation,
    /// Whether it has several frames.
    pub animated: bool,
    /// Whether some of it may be transparent.
    pub alpha: bool,
    /// Whether its colours are those of a short list: a drawing or a picture of a screen, not a photograph.
    pub indexed: bool,
}

/// Parts of a file that are looked at, at most: none that is not made to keep us busy has so many.
const MOST_PARTS: usize = 1 << 16;

/// Notes of a camera that are read: those of a JPEG file are never longer.
const MOST_NOTES: u64 = 1 << 16;

/// The header of a picture in a format that is understood here.
pub(crate) fn header(file: &mut (impl Read + Seek)) -> Option<Header> {
    let mut start = [0; 12];
    file.read_exact(&mut start).ok()?;
    let format = Format::of(&start).filter(|format| *format != Format::Heif)?;
    let mut header = Header {
        format,
        orientation: Orientation::default(),
        animated: format == Format::Gif,
        alpha: format == Format::Gif,
        indexed: format == Format::Gif,
    };
    match format {
        Format::Jpeg => jpeg(file, &mut header),
        Format::Png => png(file, &mut header),
        Format::WebP => webp(file, &mut header),
        Format::Gif | Format::Heif => Some(()),
    }?;
    Some(header)
}

/// Segments up to the one that begins the pixels. <https://www.w3.org/Graphics/JPEG/itu-t81.pdf>, annex B
fn jpeg(file: &mut (impl Read + Seek), header: &mut Header) -> Option<()> {
    let mut at = 2;
    for _ in 0..MOST_PARTS {
        // What is cut off is found out when it is decoded.
        let Some(start) = read_at::<4>(file, at) else { return Some(()) };
        if start[0] != 0xff || matches!(start[1], 0xda | 0xd9) {
            return Some(());
        }
        // Any number of fill bytes may stand before a marker.
        if start[1] == 0xff {
            at += 1;
            continue;
        }
        let length = be16(&start, 2)? as u64;
        if start[1] == 0xe1 {
            let notes = notes(file, length.checked_sub(2)?)?;
            if notes.starts_with(super::exif::PREFIX) {
                header.orientation = Orientation::read(&notes);
            }
        }
        at += 2 + length;
    }
    None
}

/// Chunks up to the end. <https://www.w3.org/TR/png-3/#5Chunk-layout>
fn png(file: &mut (impl Read + Seek), header: &mut Header) -> Option<()> {
    let mut at = 8;
    for _ in 0..MOST_PARTS {
        let Some(start) = read_at::<8>(file, at) else { return Some(()) };
        let length = be32(&start, 0)? as u64;
        match &start[4..] {
            b"IHDR" => {
                let fields: [u8; 10] = read_at(file, at + 8)?;
                header.alpha = matches!(fields[9], 4 | 6);
                header.indexed = fields[9] == 3;
            }
            b"tRNS" => header.alpha = true,
            b"acTL" => header.animated = true,
            b"eXIf" => header.orientation = Orientation::read(&notes(file, length)?),
            b"IEND" => return Some(()),
            _ => {}
        }
        at += 12 + length;
    }
    None
}

/// Chunks up to the end. <https://developers.google.com/speed/webp/docs/riff_container>
fn webp(file: &mut (impl Read + Seek), header: &mut Header) -> Option<()> {
    let mut at = 12;
    for _ in 0..MOST_PARTS {
        let Some(start) = read_at::<8>(file, at) else { return Some(()) };
        let length = le32(&start, 4)? as u64;
        match &start[..4] {
            b"VP8X" => {
                let [flags] = read_at(file, at + 8)?;
                header.alpha |= flags & 0x10 != 0;
                header.animated |= flags & 0x02 != 0;
            }
            b"VP8L" => {
                let bits: [u8; 5] = read_at(file, at + 8)?;
                header.alpha |= bits[4] & 0x10 != 0;
            }
            b"EXIF" => header.orientation = Orientation::read(&notes(file, length)?),
            _ => {}
        }
        at += 8 + length + length % 2;
    }
    None
}

fn read_at<const N: usize>(file: &mut (impl Read + Seek), at: u64) -> Option<[u8; N]> {
    file.seek(SeekFrom::Start(at)).ok()?;
    let mut bytes = [0; N];
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// The notes that begin where the file stands.
fn notes(file: &mut impl Read, length: u64) -> Option<Vec<u8>> {
    let mut notes = Vec::new();
    file.take(length.min(MOST_NOTES)).read_to_end(&mut notes).ok()?;
    Some(notes)
}
