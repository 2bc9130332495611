//! Which way is up: all eight ways in which a camera can have been held, in every format that says so.

use image::metadata::Orientation;
use image::{DynamicImage, ImageFormat};

use crate::site::{COLOURS, encoded, page, quarters, site, variant};

/// A picture whose pixels lie as a camera held in this way stores them.
fn stored(upright: &DynamicImage, number: u8) -> DynamicImage {
    let mut stored = upright.clone();
    // What brings the pixels back; a quarter turn is undone by three more.
    let back = match number {
        6 => 8,
        8 => 6,
        number => number,
    };
    stored.apply_orientation(Orientation::from_exif(back).expect("1 to 8"));
    stored
}

fn notes(number: u8) -> Vec<u8> {
    [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".as_slice(), &[number, 0, 0, 0, 0, 0, 0, 0]].concat()
}

fn file(picture: &DynamicImage, format: ImageFormat, number: u8) -> Vec<u8> {
    let plain = encoded(picture, format);
    let notes = notes(number);
    match format {
        ImageFormat::Jpeg => {
            let length = (notes.len() as u16 + 8).to_be_bytes();
            [&plain[..2], &[0xff, 0xe1], &length, b"Exif\0\0", &notes, &plain[2..]].concat()
        }
        ImageFormat::Png => {
            let content = [b"eXIf", &notes[..]].concat();
            let (length, sum) = ((notes.len() as u32).to_be_bytes(), crc32(&content).to_be_bytes());
            [&plain[..33], &length, &content, &sum, &plain[33..]].concat()
        }
        _ => {
            let size = |length: u32| (length - 1).to_le_bytes()[..3].to_vec();
            let extended = [vec![8, 0, 0, 0], size(picture.width()), size(picture.height())].concat();
            let chunk = |name: &[u8], content: &[u8]| [name, &(content.len() as u32).to_le_bytes(), content].concat();
            let content = [b"WEBP", &chunk(b"VP8X", &extended)[..], &plain[12..], &chunk(b"EXIF", &notes)].concat();
            chunk(b"RIFF", &content)
        }
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    let step =
        |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)));
    !bytes.iter().fold(!0, step)
}

#[test]
fn pictures_are_shown_upright() {
    let upright = quarters(480, 320);
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        for number in 1..=8 {
            let original = file(&stored(&upright, number), format, number);
            let name = format!("p.{}", format.extensions_str()[0]);
            let folder = site("", &format!("## H\n\n![A]({name})")).file(&format!("articles/g/{name}"), &original);
            folder.build().run();
            let output = folder.output();
            let text = page(&output, "g/a.html");
            assert!(text.contains("width=\"480\" height=\"320\""), "{format:?} {number}: {text}");
            let small = image::load_from_memory(&variant(&output, "p-360.webp")).expect("a picture").into_rgb8();
            assert_eq!(small.dimensions(), (360, 240), "{format:?} {number}");
            let points = [(60, 40), (300, 40), (60, 200), (300, 200)];
            for ((x, y), colour) in points.into_iter().zip(COLOURS) {
                let found = small.get_pixel(x, y).0;
                let off = found.iter().zip(colour).map(|(a, b)| a.abs_diff(b)).max().unwrap_or_default();
                assert!(off < 24, "{format:?} {number}: {found:?} and not {colour:?} at {x}, {y}");
            }
            // The original keeps its pixels, and still says which way is up.
            let published = &output[&format!("g/{name}")];
            let still = notes(number);
            assert_eq!(
                published.windows(still.len()).any(|window| window == still),
                number != 1,
                "{format:?} {number}"
            );
        }
    }
}
