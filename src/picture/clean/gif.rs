//! GIF: a header, then blocks. <https://www.w3.org/Graphics/GIF/spec-gif89a.txt>

/// What applications write that says how the picture looks: how often it moves, and its colours.
const KEPT: [&[u8]; 3] = [b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"];

/// Ends the picture.
const TRAILER: u8 = 0x3b;

/// The file without notes.
pub(super) fn clean(file: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(file.len());
    let mut at = 13 + table(file.get(10));
    out.extend_from_slice(&file[..at.min(file.len())]);
    while let Some((end, kept)) = block(file, at) {
        if kept {
            out.extend_from_slice(&file[at..end]);
        }
        if file[at] == TRAILER {
            break;
        }
        at = end;
    }
    out
}

/// Bytes of the colour table that these flags tell of.
fn table(flags: Option<&u8>) -> usize {
    flags.filter(|flags| *flags & 0x80 != 0).map_or(0, |flags| 3 << ((flags & 7) + 1))
}

/// Where the block ends that begins here, and whether it stays. None at the end, or where nothing makes sense any more.
fn block(file: &[u8], at: usize) -> Option<(usize, bool)> {
    match *file.get(at)? {
        0x21 => {
            let label = *file.get(at + 1)?;
            let application = file.get(at + 3..at + 14).filter(|_| usize::from(file[at + 2]) == KEPT[0].len());
            let kept = match label {
                0xfe => false,
                0xff => application.is_some_and(|name| KEPT.contains(&name)),
                _ => true,
            };
            Some((sub_blocks(file, at + 2), kept))
        }
        0x2c => Some((sub_blocks(file, at + 11 + table(file.get(at + 9))), true)),
        TRAILER => Some((at + 1, true)),
        _ => None,
    }
    .filter(|(end, _)| *end > at)
}

/// Where a row of sub-blocks ends, its empty last one included.
fn sub_blocks(file: &[u8], mut at: usize) -> usize {
    while let Some(&length) = file.get(at) {
        at += 1 + usize::from(length);
        if length == 0 {
            break;
        }
    }
    at.min(file.len())
}
