//! Files with notes, made by hand, and what is left of them.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use proptest::prelude::*;

use super::*;
use crate::picture::{Orientation, header};

const SECRET: &[u8] = b"51 degrees north";

/// A picture of each format without notes.
fn plain(format: ImageFormat) -> Vec<u8> {
    let pixels = RgbImage::from_fn(24, 16, |x, y| image::Rgb([x as u8 * 10, y as u8 * 15, 80]));
    let mut file = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(pixels).write_to(&mut file, format).expect("it can be encoded");
    file.into_inner()
}

/// Notes of a camera that lay on its side, with a place in them.
fn notes() -> Vec<u8> {
    let mut notes = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    notes.extend_from_slice(SECRET);
    notes
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    [&[0xff, marker][..], &(content.len() as u16 + 2).to_be_bytes(), content].concat()
}

fn png_chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
    // Nobody checks the sum of a chunk that is left out.
    [&(content.len() as u32).to_be_bytes()[..], name, content, &[0; 4]].concat()
}

fn riff_chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
    let odd: &[u8] = if content.len() % 2 == 1 { &[0] } else { &[] };
    [name, &(content.len() as u32).to_le_bytes(), content, odd].concat()
}

fn with(file: &[u8], at: usize, more: &[Vec<u8>]) -> Vec<u8> {
    [&file[..at], &more.concat(), &file[at..]].concat()
}

fn noted_jpeg() -> Vec<u8> {
    let profile = [b"ICC_PROFILE\0\x01\x01", &[7; 40][..]].concat();
    let more = [
        segment(0xe1, &[b"Exif\0\0", &notes()[..]].concat()),
        segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat()),
        segment(0xed, &[b"Photoshop 3.0\0", SECRET].concat()),
        segment(0xe2, &[b"MPF\0", SECRET].concat()),
        segment(0xe2, &profile),
        segment(0xfe, SECRET),
    ];
    [with(&plain(ImageFormat::Jpeg), 2, &more), SECRET.to_vec()].concat()
}

fn noted_png() -> Vec<u8> {
    let text = png_chunk(b"tEXt", &[b"Comment\0", SECRET].concat());
    let more = [png_chunk(b"gAMA", &[0, 0, 0xb1, 0x8f]), png_chunk(b"eXIf", &notes()), text];
    [with(&plain(ImageFormat::Png), 33, &more), SECRET.to_vec()].concat()
}

fn noted_webp() -> Vec<u8> {
    let file = plain(ImageFormat::WebP);
    let extended = riff_chunk(b"VP8X", &[0x2c, 0, 0, 0, 23, 0, 0, 15, 0, 0]);
    let mut noted = with(&file, 12, &[extended, riff_chunk(b"ICCP", &[7; 41])]);
    noted.extend(riff_chunk(b"EXIF", &notes()));
    noted.extend(riff_chunk(b"XMP ", SECRET));
    let length = (noted.len() as u32 - 8).to_le_bytes();
    noted[4..8].copy_from_slice(&length);
    noted
}

fn noted_gif() -> Vec<u8> {
    let start = b"GIF89a\x02\0\x02\0\x80\0\0\0\0\0\xff\xff\xff".to_vec();
    let sub_block = |bytes: &[u8]| [&[bytes.len() as u8], bytes, &[0]].concat();
    let comment = [&[0x21, 0xfe][..], &sub_block(SECRET)].concat();
    let xmp = [&[0x21, 0xff, 11][..], b"XMP DataXMP", &sub_block(SECRET)].concat();
    let again = [&[0x21, 0xff, 11][..], b"NETSCAPE2.0", &[3, 1, 0, 0, 0]].concat();
    let frame = b"\x2c\0\0\0\0\x02\0\x02\0\0\x02\x02\x84\x51\0".to_vec();
    [start, comment, xmp, again, frame, vec![0x3b], SECRET.to_vec()].concat()
}

/// A real one, with Exif and XMP.
fn noted_avif() -> Vec<u8> {
    include_bytes!("../../../tests/pictures/noted.avif").to_vec()
}

fn noted() -> [Vec<u8>; 4] {
    [noted_jpeg(), noted_png(), noted_webp(), noted_gif()]
}

#[test]
fn notes_of_avif_are_blanked_out_where_they_are() {
    let file = noted_avif();
    assert_eq!(Format::of(&file), Some(Format::Heif));
    let secret = b"SecretCam";
    assert!(holds(&file, secret));
    let cleaned = clean(file.clone());
    assert!(!holds(&cleaned, secret) && cleaned.len() == file.len());
    // All but the notes is as it was: the boxes before them, and the picture behind.
    assert!(cleaned[..0x19c] == file[..0x19c] && cleaned[0x1f8..] == file[0x1f8..]);
    assert_eq!(clean(cleaned.clone()), cleaned);
}

fn holds(file: &[u8], what: &[u8]) -> bool {
    file.windows(what.len()).any(|window| window == what)
}

#[test]
fn notes_go_and_what_shows_stays() {
    for file in noted() {
        assert!(holds(&file, SECRET));
        let cleaned = clean(file.clone());
        assert!(!holds(&cleaned, SECRET), "{:?}", Format::of(&file));
        assert_eq!(clean(cleaned.clone()), cleaned, "there is nothing more to leave out");
    }
    assert!(holds(&clean(noted_jpeg()), &[7; 40]) && holds(&clean(noted_webp()), &[7; 41]), "colours stay");
    assert!(holds(&clean(noted_png()), b"gAMA") && holds(&clean(noted_gif()), b"NETSCAPE2.0"), "so do these");
}

#[test]
fn every_pixel_stays() {
    let [jpeg, png, webp, _] = noted();
    let formats = [(jpeg, ImageFormat::Jpeg), (png, ImageFormat::Png), (webp, ImageFormat::WebP)];
    for (file, format) in formats {
        let pixels = |file: &[u8]| image::load_from_memory(file).expect("it can be decoded").into_rgb8();
        assert!(pixels(&clean(file)) == pixels(&plain(format)), "{format:?}");
    }
}

#[test]
fn which_way_is_up_stays() {
    let turned = Orientation::read(&notes());
    assert!(turned.swaps());
    let [jpeg, png, webp, _] = noted();
    for file in [jpeg, png, webp] {
        let read = |file: &[u8]| header(&mut Cursor::new(file)).expect("a header").orientation;
        assert_eq!((read(&file), read(&clean(file.clone()))), (turned, turned), "{:?}", Format::of(&file));
    }
}

#[test]
fn a_file_without_notes_is_not_touched() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let file = plain(format);
        assert!(clean(file.clone()) == file, "{format:?}");
    }
    let other = b"no picture at all".to_vec();
    assert_eq!(clean(other.clone()), other);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever happened to a file: no panic, nothing twice as long, no notes that were not there.
    #[test]
    fn a_damaged_file_is_no_danger(which in 0..5_usize, cut in 0..1000_usize, at in 0..1000_usize, byte: u8) {
        let mut file = noted().get(which).cloned().unwrap_or_else(noted_avif);
        let (cut, at) = (cut % file.len(), at % file.len());
        file[at] = byte;
        file.truncate(file.len() - cut);
        let _ = header(&mut Cursor::new(&file));
        let cleaned = clean(file.clone());
        prop_assert!(cleaned.len() <= file.len() + 64);
        prop_assert_eq!(clean(cleaned.clone()), cleaned);
    }
}
