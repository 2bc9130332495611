//! Which way is up: the one thing of a camera's notes (Exif) that readers need. Keeps nothing else of them.

use image::metadata::Orientation as Turn;

/// How the pixels of a file have to be turned and mirrored: 1 to 8, as Exif counts. <https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Orientation(u8);

impl Default for Orientation {
    fn default() -> Self {
        Self(1)
    }
}

impl Orientation {
    /// What the notes say; upright where they say nothing. `exif` is a TIFF file, with or without `Exif\0\0` before it.
    pub(crate) fn read(exif: &[u8]) -> Self {
        let tiff = exif.strip_prefix(PREFIX).unwrap_or(exif);
        Turn::from_exif_chunk(tiff).map_or_else(Self::default, |turn| Self(turn.to_exif()))
    }

    /// Whether width and height change places.
    pub(crate) fn swaps(self) -> bool {
        self.0 >= 5
    }

    /// What brings the pixels upright.
    pub(super) fn turn(self) -> Turn {
        Turn::from_exif(self.0).unwrap_or(Turn::NoTransforms)
    }

    /// Notes that say this and nothing else: a TIFF file of one entry. None for an upright picture, which needs none.
    pub(super) fn notes(self) -> Option<Vec<u8>> {
        const BEFORE: [u8; 18] = [b'I', b'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0];
        let entry = [self.0, 0, 0, 0, 0, 0, 0, 0];
        (self.0 != 1).then(|| [&BEFORE[..], &entry].concat())
    }
}

/// What stands before the notes in a JPEG file.
pub(super) const PREFIX: &[u8] = b"Exif\0\0";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_own_notes_say_what_was_read() {
        for number in 2..=8 {
            let notes = Orientation(number).notes().expect("notes");
            assert_eq!(notes.len(), 26);
            assert_eq!(Orientation::read(&notes), Orientation(number));
            assert_eq!(Orientation::read(&[PREFIX, &notes].concat()), Orientation(number));
        }
        assert_eq!(Orientation(1).notes(), None);
        for nonsense in [&b""[..], b"II", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff"] {
            assert_eq!(Orientation::read(nonsense), Orientation(1));
        }
    }
}
