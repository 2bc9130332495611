//! Pictures in the preview: smaller ones come when they are looked at, without their notes, and broken ones are told of.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};

use crate::program::Preview;
use crate::support::Folder;

const SECRET: &str = "51 degrees north";

fn photograph(width: u32) -> Vec<u8> {
    let pixels = RgbImage::from_fn(width, 400, |x, y| image::Rgb([x as u8, y as u8, 90]));
    let mut file = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(pixels).write_to(&mut file, ImageFormat::Jpeg).expect("a picture can be encoded");
    let plain = file.into_inner();
    let comment = [&[0xff, 0xfe, 0, SECRET.len() as u8 + 2][..], SECRET.as_bytes()].concat();
    [&plain[..2], &comment, &plain[2..]].concat()
}

fn site(text: &str) -> Folder {
    let front = "title = \"A\"\ndescription = \"D.\"\nkind = \"page\"";
    Folder::new()
        .file("site.toml", "title = \"T\"\nbase_url = \"https://health.example\"\n")
        .file("articles/g/a.md", format!("+++\n{front}\n+++\n## H\n\n{text}\n"))
        .file("articles/g/a.jpg", photograph(900))
        .file("articles/g/b.jpg", photograph(901))
}

/// The smaller pictures that a page names.
fn named(page: &str) -> Vec<String> {
    let parts = page.split("/picture-variants/").skip(1);
    let names = parts.map(|rest| rest.split(['"', ' ']).next().unwrap_or_default());
    names.map(|name| format!("/picture-variants/{name}")).collect()
}

#[test]
fn smaller_pictures_are_made_when_they_are_looked_at() {
    let folder = site("![A](a.jpg)");
    let preview = Preview::of(&folder);
    let names = named(&preview.get("/g/a").text());
    assert_eq!(names.len(), 3);
    assert!(!folder.join(".galen").exists(), "nobody looked at any");
    for name in &names {
        for _ in 0..2 {
            let answer = preview.get(name);
            assert_eq!((answer.status, answer.header("content-type")), (200, Some("image/webp")), "{name}");
            assert!(image::load_from_memory(&answer.body).is_ok(), "{name}");
            assert!(answer.header("content-security-policy").is_some(), "{}", answer.head);
        }
    }
    let original = preview.get("/g/a.jpg");
    assert!(original.status == 200 && !original.has(SECRET) && image::load_from_memory(&original.body).is_ok());
    assert_eq!(preview.get("/picture-variants/a-360.0000000000000000.webp").status, 404);
    // A build takes what the preview made.
    let again = folder.build().run();
    assert!(!again.stderr.contains("pictures: "), "{}", again.stderr);
}

#[test]
fn a_picture_that_an_edit_names_is_there_at_once() {
    let folder = site("Text.");
    let preview = Preview::of(&folder);
    let mut events = preview.events();
    let folder = folder.replace("articles/g/a.md", "Text.", "![B](b.jpg)");
    preview.until(&mut events, "/g/a", "the picture", |page| page.has("picture-variants/b-"));
    for name in named(&preview.get("/g/a").text()) {
        assert_eq!(preview.get(&name).header("content-type"), Some("image/webp"), "{name}");
    }
    drop(folder);
}

#[test]
fn a_broken_picture_is_told_of_and_shown_as_it_is() {
    let whole = photograph(900);
    let folder = site("![A](a.jpg)").file("articles/g/a.jpg", &whole[..whole.len() - 200]);
    let preview = Preview::of(&folder);
    let page = preview.get("/g/a");
    assert!(!page.has("unreadable-picture"), "nobody looked at it yet");
    let answer = preview.get(&named(&page.text())[0]);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("image/jpeg")));
    assert!(!answer.has(SECRET));
    let page = preview.get("/g/a");
    assert!(page.has("unreadable-picture") && page.has("its end is missing"), "{}", page.text());
}
