//! What cameras and editors note in pictures: none of it is published, wherever the picture stands.

use image::ImageFormat;

use crate::site::{SECRET, encoded, jpeg, quarters, site};
use crate::support::Folder;

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    [&[0xff, marker][..], &(content.len() as u16 + 2).to_be_bytes(), content].concat()
}

/// A photograph that says where it was taken, in every way in which JPEG can.
fn noted_jpeg() -> Vec<u8> {
    let plain = jpeg(&quarters(900, 600));
    let secret = SECRET.as_bytes();
    let more = [
        segment(0xe1, &[b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0", secret].concat()),
        segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", secret].concat()),
        segment(0xed, secret),
        segment(0xfe, secret),
    ];
    [&plain[..2], &more.concat(), &plain[2..], secret].concat()
}

fn noted_png() -> Vec<u8> {
    let plain = encoded(&quarters(900, 600), ImageFormat::Png);
    let content = [b"Comment\0", SECRET.as_bytes()].concat();
    let text = [&(content.len() as u32).to_be_bytes()[..], b"tEXt", &content, &[0; 4]].concat();
    [&plain[..33], &text, &plain[33..]].concat()
}

fn noted() -> Folder {
    site("[image]\nsrc = \"a.jpg\"\nalt = \"A\"", "![B](b.png)\n\n[The file](c.JPG)")
        .file("articles/g/a.jpg", noted_jpeg())
        .file("articles/g/b.png", noted_png())
        .file("articles/g/c.JPG", noted_jpeg())
        .file("articles/g/nobody-names-it.jpeg", noted_jpeg())
        .file("data/people/ada.md", "+++\ngiven = \"Ada\"\nphoto = \"/ada.jpg\"\n+++\n")
        .file("static/ada.jpg", noted_jpeg())
}

#[test]
fn no_place_is_published() {
    let folder = noted();
    folder.build().run();
    let output = folder.output();
    for path in ["g/a.jpg", "g/b.png", "g/c.JPG", "g/nobody-names-it.jpeg", "ada.jpg"] {
        assert!(output.contains_key(path), "{path} is published at its own path");
    }
    let tells = |bytes: &[u8]| bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
    let telling: Vec<&String> = output.iter().filter(|(_, bytes)| tells(bytes)).map(|(path, _)| path).collect();
    assert_eq!(telling, Vec::<&String>::new());
    let pixels = |bytes: &[u8]| image::load_from_memory(bytes).expect("a picture").into_rgb8();
    assert!(pixels(&output["g/a.jpg"]) == pixels(&noted_jpeg()), "every pixel is as it was");
    assert!(pixels(&output["g/b.png"]) == pixels(&encoded(&quarters(900, 600), ImageFormat::Png)));
}
