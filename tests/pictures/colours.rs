//! Colour profiles: what an original has, its smaller pictures have as well.

use image::ImageFormat;

use crate::site::{SECRET, encoded, jpeg, quarters, site, variants};

/// The beginning of a profile for colours of screens, and something by which to know it again.
fn profile(space: &[u8; 4]) -> Vec<u8> {
    let mut profile = vec![0; 200];
    profile[16..20].copy_from_slice(space);
    profile[150..160].copy_from_slice(b"wide gamut");
    profile
}

fn with_profile(file: &[u8], profile: &[u8]) -> Vec<u8> {
    let content = [b"ICC_PROFILE\0\x01\x01", profile].concat();
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&file[..2], &[0xff, 0xe2], &length, &content, &file[2..]].concat()
}

fn holds(file: &[u8], what: &[u8]) -> bool {
    file.windows(what.len()).any(|window| window == what)
}

#[test]
fn the_profile_of_an_original_stays_with_its_smaller_pictures() {
    let wide = with_profile(&jpeg(&quarters(1600, 1200)), &profile(b"RGB "));
    let folder = site("[image]\nsrc = \"p.jpg\"\nalt = \"A\"", "Text.").file("articles/g/p.jpg", &wide);
    folder.build().run();
    let output = folder.output();
    assert!(output["g/p.jpg"] == wide, "nothing is left out of it");
    assert!(variants(&output).len() > 5);
    for (name, bytes) in variants(&output) {
        assert!(holds(&bytes, b"wide gamut"), "{name}");
        assert!(image::load_from_memory(&bytes).is_ok(), "{name}");
        if name.ends_with(".webp") {
            assert!(bytes[12..16] == *b"VP8X" && bytes[20] & 0x20 != 0, "{name}: the file says that it has a profile");
        }
    }
}

#[test]
fn a_profile_of_other_colours_does_not() {
    let print = with_profile(&jpeg(&quarters(800, 600)), &profile(b"CMYK"));
    let folder = site("", "![A](p.jpg)").file("articles/g/p.jpg", &print);
    folder.build().run();
    assert!(variants(&folder.output()).iter().all(|(_, bytes)| !holds(bytes, b"wide gamut")));
}

#[test]
fn what_is_transparent_is_white_where_nothing_can_be() {
    let ring = crate::site::ring(1300);
    let front = "[image]\nsrc = \"p.png\"\nalt = \"A\"";
    let folder = site(front, "Text.").file("articles/g/p.png", encoded(&ring, ImageFormat::Png));
    folder.build().run();
    let shared = crate::site::variant(&folder.output(), "p-1200.jpg");
    let shared = image::load_from_memory(&shared).expect("a picture").into_rgb8();
    assert!(shared.get_pixel(600, 315).0.iter().all(|part| *part > 245), "{:?}", shared.get_pixel(600, 315));
    assert!(!SECRET.is_empty());
}
