//! AVIF and HEIC: boxes within boxes, one of which says where each note lies. Notes are blanked out where they are, since every
//! place in the file is counted from its beginning. <https://aomediacodec.github.io/av1-avif/>, ISO/IEC 14496-12 and 23008-12

use std::ops::Range;

use crate::picture::{be16, be32};

/// Boxes that are looked at, at most; no camera writes near as many.
const MOST_BOXES: usize = 1 << 12;

/// The file with zeros for notes.
pub(super) fn clean(mut file: Vec<u8>) -> Vec<u8> {
    let notes = notes(&file);
    for place in notes {
        let end = place.end.min(file.len());
        if let Some(note) = file.get_mut(place.start..end) {
            note.fill(0);
        }
    }
    file
}

/// The name of each box in a part of the file, and where its content lies.
fn boxes(file: &[u8], within: Range<usize>) -> Vec<([u8; 4], Range<usize>)> {
    let mut found = Vec::new();
    let mut at = within.start;
    while let (Some(short), Some(name)) = (be32(file, at), file.get(at + 4..at + 8)) {
        let (head, length) = match short {
            0 => (8, within.end - at),
            1 => (16, be32(file, at + 8).zip(be32(file, at + 12)).map_or(0, |(high, low)| (high << 32) | low)),
            short => (8, short),
        };
        let end = at.saturating_add(length).min(within.end);
        if length < head || at + head > within.end || found.len() == MOST_BOXES {
            break;
        }
        found.push((name.try_into().unwrap_or_default(), at + head..end));
        at = end;
    }
    found
}

fn first(file: &[u8], within: Range<usize>, name: &[u8; 4]) -> Option<Range<usize>> {
    boxes(file, within).into_iter().find(|(other, _)| other == name).map(|(_, content)| content)
}

/// Where every note lies. Camera makers write one list of items; a note is an item like the picture itself.
fn notes(file: &[u8]) -> Vec<Range<usize>> {
    let Some(meta) = first(file, 0..file.len(), b"meta") else { return Vec::new() };
    let meta = (meta.start + 4).min(meta.end)..meta.end;
    let (Some(info), Some(places)) = (first(file, meta.clone(), b"iinf"), first(file, meta.clone(), b"iloc")) else {
        return Vec::new();
    };
    let data = first(file, meta, b"idat").map_or(0, |data| data.start);
    let items = note_items(file, info);
    extents(file, places, data).into_iter().filter(|(item, _)| items.contains(item)).map(|(_, place)| place).collect()
}

/// The numbers of the items that are notes: Exif, or a text such as XMP.
fn note_items(file: &[u8], info: Range<usize>) -> Vec<usize> {
    let count = if file.get(info.start) == Some(&0) { 2 } else { 4 };
    let entries = boxes(file, (info.start + 4 + count).min(info.end)..info.end);
    let items = entries.into_iter().filter(|(name, _)| name == b"infe");
    let note = |entry: Range<usize>| {
        let (number, kind) = match *file.get(entry.start)? {
            2 => (be16(file, entry.start + 4)?, entry.start + 8),
            3 => (be32(file, entry.start + 4)?, entry.start + 10),
            _ => return None,
        };
        matches!(file.get(kind..kind + 4)?, b"Exif" | b"mime").then_some(number)
    };
    items.filter_map(|(_, entry)| note(entry)).collect()
}

/// Reads numbers one after the other.
struct Numbers<'a> {
    file: &'a [u8],
    at: usize,
}

impl Numbers<'_> {
    /// A number of so many bytes: 0, 2, 4 or 8.
    fn next(&mut self, bytes: usize) -> Option<usize> {
        let digits = self.file.get(self.at..self.at.checked_add(bytes)?)?;
        self.at += bytes;
        digits.iter().try_fold(0_usize, |number, digit| Some(number.checked_mul(256)? + usize::from(*digit)))
    }
}

/// The item and the place of each piece of the file, as its list of places says.
fn extents(file: &[u8], list: Range<usize>, data: usize) -> Vec<(usize, Range<usize>)> {
    let mut found = Vec::new();
    let mut numbers = Numbers { file: &file[..list.end.min(file.len())], at: list.start };
    // What makes no sense ends the list.
    let _ = read_extents(&mut numbers, data, &mut found);
    found
}

fn read_extents(numbers: &mut Numbers<'_>, data: usize, found: &mut Vec<(usize, Range<usize>)>) -> Option<()> {
    let version = numbers.next(4)? >> 24;
    let sizes = numbers.next(2)?;
    let [offset, length, base, index] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15, sizes & 15];
    let index = if version == 0 { 0 } else { index };
    let count = numbers.next(if version < 2 { 2 } else { 4 })?;
    for _ in 0..count.min(MOST_BOXES) {
        let item = numbers.next(if version < 2 { 2 } else { 4 })?;
        let in_data = version > 0 && numbers.next(2)? & 15 == 1;
        numbers.next(2)?;
        let base = numbers.next(base)?.saturating_add(if in_data { data } else { 0 });
        for _ in 0..numbers.next(2)?.min(MOST_BOXES) {
            numbers.next(index)?;
            let start = base.saturating_add(numbers.next(offset)?);
            let end = start.saturating_add(numbers.next(length)?);
            found.push((item, start..end));
        }
    }
    Some(())
}
