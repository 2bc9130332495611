//! PNG: a row of chunks. <https://www.w3.org/TR/png-3/#5Chunk-layout>

use crate::picture::be32;
use crate::picture::exif::Orientation;

/// Chunks that say how the picture looks. All others are notes, or are unknown to readers' browsers as well.
const KEPT: [&[u8; 4]; 22] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV",
    b"cLLI", b"mDCv", b"cLLi", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
];

/// The file without notes.
pub(super) fn clean(file: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(file.len());
    out.extend_from_slice(&file[..8]);
    let mut at = 8;
    while let (Some(length), Some(name)) = (be32(file, at), file.get(at + 4..at + 8)) {
        let end = at.saturating_add(12).saturating_add(length).min(file.len());
        let chunk = &file[at..end];
        if name == b"eXIf" {
            let turn = chunk.get(8..).map(Orientation::read).and_then(Orientation::notes);
            out.extend(turn.into_iter().flat_map(|notes| self::chunk(name, &notes)));
        } else if KEPT.iter().any(|kept| *kept == name) {
            out.extend_from_slice(chunk);
        }
        at = end;
        if name == b"IEND" {
            break;
        }
    }
    out
}

fn chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
    let summed = [name, content].concat();
    [&(content.len() as u32).to_be_bytes()[..], &summed, &checksum(&summed).to_be_bytes()].concat()
}

/// CRC-32 of a few bytes. <https://www.w3.org/TR/png-3/#5CRC-algorithm>
fn checksum(bytes: &[u8]) -> u32 {
    let with =
        |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)));
    !bytes.iter().fold(!0, with)
}
