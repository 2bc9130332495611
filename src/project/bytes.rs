//! Looks for bytes of a kind, many at a time; never knows what they mean.
//!
//! A kind is a function without branches (`|` instead of `||`), so that the compiler turns a block of bytes into one
//! comparison of vectors.

use wide::i8x16;

/// Bytes that are looked at together.
const BLOCK: usize = 16;

/// Where the first byte of a kind stands.
#[inline]
pub(crate) fn first_of(bytes: &[u8], is: impl Fn(u8) -> bool) -> Option<usize> {
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    let passed = match blocks.iter().position(|block| holds_one(block, &is)) {
        Some(block) => block * BLOCK,
        // The last block overlaps the one before, and looks at what is left over.
        None if bytes.last_chunk::<BLOCK>().is_some_and(|last| !holds_one(last, &is)) => return None,
        None if bytes.len() < BLOCK && is_short_without(bytes, &is) => return None,
        None => blocks.len() * BLOCK,
    };
    bytes[passed..].iter().position(|&byte| is(byte)).map(|at| passed + at)
}

#[inline]
fn holds_one<const N: usize>(block: &[u8; N], is: impl Fn(u8) -> bool) -> bool {
    block.iter().fold(0, |found, &byte| found | u8::from(is(byte))) != 0
}

/// Whether two halves that may overlap, of a text shorter than a block, hold no byte of a kind. Not all texts can tell.
#[inline]
fn is_short_without(bytes: &[u8], is: impl Fn(u8) -> bool) -> bool {
    const HALF: usize = BLOCK / 2;
    let halves = bytes.first_chunk::<HALF>().zip(bytes.last_chunk::<HALF>());
    halves.is_some_and(|(first, last)| !holds_one(first, &is) & !holds_one(last, &is))
}

/// How many bytes at the beginning of a window are ASCII.
#[inline]
pub(crate) fn ascii_reach(window: &[u8; 64]) -> u32 {
    if window.is_ascii() { 64 } else { bits_of(window, |byte| byte >= 0x80).trailing_zeros() }
}

/// A bit for each byte of a kind, the first byte's lowest.
#[inline]
pub(crate) fn bits_of(window: &[u8; 64], is: impl Fn(u8) -> bool) -> u64 {
    let mut found = [0; 64];
    for (found, &byte) in found.iter_mut().zip(window) {
        *found = -i8::from(is(byte));
    }
    let (blocks, _) = found.as_chunks();
    blocks.iter().rev().fold(0, |bits, block| bits << BLOCK | u64::from(i8x16::new(*block).to_bitmask()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_found_wherever_it_stands() {
        for len in 0..70 {
            let mut bytes = vec![b'a'; len];
            assert_eq!(first_of(&bytes, |byte| byte == b'<'), None);
            for at in (0..len).rev() {
                bytes[at] = b'<';
                assert_eq!(first_of(&bytes, |byte| byte == b'<'), Some(at));
            }
        }
    }

    #[test]
    fn each_byte_has_its_bit() {
        for at in 0..64 {
            let mut window = [b'a'; 64];
            window[at] = b'<';
            assert_eq!(bits_of(&window, |byte| byte == b'<'), 1 << at);
        }
        assert_eq!(bits_of(&[0; 64], |byte| byte == 0), u64::MAX);
    }
}
