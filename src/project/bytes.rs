//! Looks for bytes of a kind, sixteen at a time; never knows what they mean.
//!
//! A kind is a function from lanes to hits, put together from [`Lanes::is`] and [`Lanes::is_within`].

use std::ops::{BitOr, RangeInclusive};

use wide::u8x16;

/// Bytes that are looked at together.
const BLOCK: usize = 16;

/// Sixteen bytes that are looked at together.
#[derive(Clone, Copy)]
pub(crate) struct Lanes(u8x16);

/// Which of sixteen bytes are of a kind.
#[derive(Clone, Copy)]
pub(crate) struct Hits(u8x16);

impl Lanes {
    /// Those that are this byte.
    #[inline]
    pub(crate) fn is(self, byte: u8) -> Hits {
        Hits(self.0.simd_eq(u8x16::splat(byte)))
    }

    /// Those from one byte to another.
    #[inline]
    pub(crate) fn is_within(self, range: RangeInclusive<u8>) -> Hits {
        let above = self.0 - u8x16::splat(*range.start());
        Hits(above.min(u8x16::splat(range.end() - range.start())).simd_eq(above))
    }

    /// Those that are ASCII letters or digits.
    #[inline]
    pub(crate) fn is_ascii_alphanumeric(self) -> Hits {
        let lower = Self(self.0 | u8x16::splat(b' '));
        lower.is_within(b'a'..=b'z') | self.is_within(b'0'..=b'9')
    }

    /// Those that are no ASCII.
    #[inline]
    pub(crate) fn is_outside_ascii(self) -> Hits {
        // The highest bit of each, which is all that counts of a hit.
        Hits(self.0)
    }

    /// Those that are ASCII white space.
    #[inline]
    pub(crate) fn is_ascii_space(self) -> Hits {
        self.is(b' ') | self.is_within(b'\t'..=b'\r')
    }
}

impl BitOr for Hits {
    type Output = Self;

    #[inline]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A bit for each byte of a kind, the first byte's lowest.
#[inline]
fn bits_of_block(block: &[u8; BLOCK], is: impl Fn(Lanes) -> Hits) -> u32 {
    is(Lanes(u8x16::new(*block))).0.to_bitmask()
}

/// Where the first byte of a kind stands.
#[inline]
pub(crate) fn first_of(bytes: &[u8], is: impl Fn(Lanes) -> Hits) -> Option<usize> {
    let (blocks, rest) = bytes.as_chunks();
    for (index, block) in blocks.iter().enumerate() {
        let bits = bits_of_block(block, &is);
        if bits != 0 {
            return Some(index * BLOCK + bits.trailing_zeros() as usize);
        }
    }
    if rest.is_empty() {
        return None;
    }
    // The last block overlaps the one before, in which there is none.
    let (start, bits) = match bytes.last_chunk() {
        Some(last) => (bytes.len() - BLOCK, bits_of_block(last, is)),
        None => {
            let mut room = [0; BLOCK];
            room[..bytes.len()].copy_from_slice(bytes);
            (0, bits_of_block(&room, is) & ((1 << bytes.len()) - 1))
        }
    };
    (bits != 0).then(|| start + bits.trailing_zeros() as usize)
}

/// How many bytes at the beginning of a window are ASCII.
#[inline]
pub(crate) fn ascii_reach(window: &[u8; 64]) -> u32 {
    bits_of(window, Lanes::is_outside_ascii).trailing_zeros()
}

/// A bit for each byte of a kind, the first byte's lowest.
#[inline]
pub(crate) fn bits_of(window: &[u8; 64], is: impl Fn(Lanes) -> Hits) -> u64 {
    let (blocks, _) = window.as_chunks();
    blocks.iter().rev().fold(0, |bits, block| bits << BLOCK | u64::from(bits_of_block(block, &is)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_found_wherever_it_stands() {
        for len in 0..70 {
            let mut bytes = vec![b'a'; len];
            assert_eq!(first_of(&bytes, |lanes| lanes.is(b'<')), None);
            for at in (0..len).rev() {
                bytes[at] = b'<';
                assert_eq!(first_of(&bytes, |lanes| lanes.is(b'<')), Some(at));
            }
        }
    }

    #[test]
    fn each_byte_has_its_bit() {
        for at in 0..64 {
            let mut window = [b'a'; 64];
            window[at] = b'<';
            assert_eq!(bits_of(&window, |lanes| lanes.is(b'<')), 1 << at);
        }
        assert_eq!(bits_of(&[0; 64], |lanes| lanes.is(0)), u64::MAX);
    }

    #[test]
    fn kinds_hold_what_they_say() {
        for byte in 0..=u8::MAX {
            let lanes = Lanes(u8x16::splat(byte));
            let holds = |hits: Hits| hits.0.to_bitmask() == 0xffff;
            assert_eq!(holds(lanes.is_ascii_alphanumeric()), byte.is_ascii_alphanumeric(), "{byte}");
            assert_eq!(holds(lanes.is_ascii_space()), byte.is_ascii() && char::from(byte).is_whitespace(), "{byte}");
            assert_eq!(holds(lanes.is_within(0..=0x1f)), byte < b' ', "{byte}");
            assert_eq!(holds(lanes.is_outside_ascii()), !byte.is_ascii(), "{byte}");
            assert_eq!(holds(lanes.is(b'x') | lanes.is_within(3..=3)), byte == b'x' || byte == 3, "{byte}");
        }
    }
}
