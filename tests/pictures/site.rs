//! Small sites with pictures in them, made as the tests need them.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use crate::support::{Folder, Tree};

/// Stands in notes that nobody may publish.
pub(crate) const SECRET: &str = "51 degrees north, 0 degrees west";

/// The colours of the quarters of [`quarters`]: top left, top right, bottom left, bottom right.
pub(crate) const COLOURS: [[u8; 3]; 4] = [[220, 40, 40], [40, 180, 40], [40, 60, 220], [230, 200, 40]];

/// A picture of four quarters.
pub(crate) fn quarters(width: u32, height: u32) -> DynamicImage {
    let colour = |x, y| COLOURS[usize::from(x >= width / 2) + 2 * usize::from(y >= height / 2)];
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| Rgb(colour(x, y))))
}

/// The same with a middle that lets the page shine through.
pub(crate) fn ring(size: u32) -> DynamicImage {
    let clear = |x: u32, y: u32| x.abs_diff(size / 2) < size / 4 && y.abs_diff(size / 2) < size / 4;
    let pixel = |x, y| Rgba([200, 30, 30, if clear(x, y) { 0 } else { 255 }]);
    DynamicImage::ImageRgba8(RgbaImage::from_fn(size, size, pixel))
}

/// A file of a picture.
pub(crate) fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).expect("a picture can be encoded");
    file.into_inner()
}

pub(crate) fn jpeg(picture: &DynamicImage) -> Vec<u8> {
    encoded(picture, ImageFormat::Jpeg)
}

/// A site of one article with this in its front matter and text.
pub(crate) fn site(front: &str, text: &str) -> Folder {
    Folder::new()
        .file("site.toml", "title = \"T\"\nbase_url = \"https://health.example\"\n[search]\nindex = false\n")
        .file(
            "articles/g/a.md",
            format!("+++\ntitle = \"A\"\ndescription = \"D.\"\nkind = \"page\"\n{front}\n+++\n{text}\n"),
        )
}

/// A page of an output.
pub(crate) fn page(output: &Tree, path: &str) -> String {
    let bytes = output.get(path).unwrap_or_else(|| panic!("no {path} in {:?}", output.keys()));
    String::from_utf8_lossy(bytes).into_owned()
}

/// A text in which the fingerprints of smaller pictures are left out.
pub(crate) fn without_hashes(text: &str) -> String {
    let mut parts = text.split("picture-variants/");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('.').expect("a fingerprint");
        plain += &format!("picture-variants/{name}{}", &rest[16..]);
    }
    plain
}

/// The smaller pictures of an output, by name without fingerprint.
pub(crate) fn variants(output: &Tree) -> Vec<(String, Vec<u8>)> {
    let variants = output.iter().filter(|(path, _)| path.starts_with("picture-variants/"));
    variants
        .map(|(path, bytes)| {
            let name = without_hashes(path);
            (name.trim_start_matches("picture-variants/").to_owned(), bytes.clone())
        })
        .collect()
}

/// One of them, by its name without fingerprint.
pub(crate) fn variant(output: &Tree, name: &str) -> Vec<u8> {
    let all = variants(output);
    let found = all.iter().find(|(other, _)| other == name).map(|(_, bytes)| bytes.clone());
    found.unwrap_or_else(|| panic!("no {name} in {:?}", all.iter().map(|(name, _)| name).collect::<Vec<_>>()))
}
