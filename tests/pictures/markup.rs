//! What pages say of pictures: sizes, formats, what comes first and what may wait. Whatever a page names is there.

use image::ImageFormat;

use crate::site::{encoded, jpeg, page, quarters, ring, site, variants, without_hashes};
use crate::support::{Folder, Tree};

/// Every link that pages make to smaller pictures.
fn linked(output: &Tree) -> Vec<String> {
    let pages = output.iter().filter(|(path, _)| path.ends_with(".html"));
    let mut linked: Vec<String> = pages
        .flat_map(|(path, _)| {
            let text = page(output, path);
            let names = text.split("picture-variants/").skip(1);
            names.map(|rest| rest.split(['"', ' ']).next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        })
        .map(|name| format!("picture-variants/{name}"))
        .collect();
    linked.sort();
    linked.dedup();
    linked
}

#[test]
fn a_picture_in_a_text_has_the_sizes_that_the_layout_needs() {
    let folder = site("", "Text.\n\n## Heading\n\n![A leg](leg.jpg \"A caption\")")
        .file("articles/g/leg.jpg", jpeg(&quarters(2000, 1500)));
    folder.build().run();
    let output = folder.output();
    let text = without_hashes(&page(&output, "g/a.html"));
    let sizes = "sizes=\"(min-width: 43rem) 41rem, calc(100vw - 2rem)\"";
    let variant = |width: u32| format!("/picture-variants/leg-{width}.webp {width}w");
    let srcset = [360, 720, 1080, 1440].map(variant).join(", ");
    let expected = format!(
        "<figure><picture><source type=\"image/webp\" srcset=\"{srcset}\" {sizes}><img src=\"/picture-variants/leg-1080.jpg\" \
         alt=\"A leg\" width=\"2000\" height=\"1500\" loading=\"lazy\" decoding=\"async\"></picture>\
         <figcaption>A caption</figcaption></figure>"
    );
    assert!(text.contains(&expected), "{text}\n\n{expected}");
    let names: Vec<String> = variants(&output).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["leg-1080.jpg", "leg-1080.webp", "leg-1440.webp", "leg-360.webp", "leg-720.webp"]);
    for (name, bytes) in variants(&output) {
        let width: u32 = name[4..].split('.').next().and_then(|width| width.parse().ok()).expect("a width");
        let picture = image::load_from_memory(&bytes).expect("a picture");
        assert_eq!((picture.width(), picture.height()), (width, width * 3 / 4), "{name}");
    }
    assert!(
        page(&output, "_headers")
            .contains("/picture-variants/*\n  Cache-Control: public, max-age=31536000, immutable\n")
    );
}

#[test]
fn a_small_picture_stays_small() {
    let folder = site("", "## Heading\n\nOne ![dot](dot.png) in a line, and ![nearly](nearly.jpg).")
        .file("articles/g/dot.png", encoded(&quarters(40, 30), ImageFormat::Png))
        .file("articles/g/nearly.jpg", jpeg(&quarters(750, 500)));
    folder.build().run();
    let text = without_hashes(&page(&folder.output(), "g/a.html"));
    assert!(text.contains("srcset=\"/picture-variants/dot-40.webp 40w\""), "{text}");
    assert!(text.contains("<img src=\"/g/dot.png\" alt=\"dot\" width=\"40\" height=\"30\""), "{text}");
    // 720 and 750 would be made twice for nothing.
    assert!(
        text.contains("srcset=\"/picture-variants/nearly-360.webp 360w, /picture-variants/nearly-750.webp 750w\""),
        "{text}"
    );
    assert!(text.contains("<img src=\"/g/nearly.jpg\""), "{text}");
}

#[test]
fn the_hero_comes_first_and_the_rest_may_wait() {
    let folder =
        site("[image]\nsrc = \"leg.jpg\"\nalt = \"A hero\"", "First ![seen](one.jpg)\n\n## Heading\n\n![far](two.jpg)")
            .file("articles/g/leg.jpg", jpeg(&quarters(1600, 900)))
            .file("articles/g/one.jpg", jpeg(&quarters(400, 300)))
            .file("articles/g/two.jpg", jpeg(&quarters(401, 300)));
    folder.build().run();
    let output = folder.output();
    let text = page(&output, "g/a.html");
    let tag = |alt: &str| {
        let tags = text.split("<img ").map(|tag| tag.split('>').next().unwrap_or_default());
        tags.filter(|tag| tag.contains(&format!("alt=\"{alt}\""))).collect::<Vec<_>>().join("")
    };
    assert!(tag("A hero").contains("fetchpriority=\"high\"") && !tag("A hero").contains("lazy"), "{text}");
    assert!(tag("A hero").contains("width=\"1600\" height=\"900\""), "{text}");
    assert!(!tag("seen").contains("lazy") && tag("seen").contains("decoding=\"async\""), "{text}");
    assert!(tag("far").contains("loading=\"lazy\" decoding=\"async\""), "{text}");
}

#[test]
fn every_picture_that_a_page_names_is_there_and_no_other() {
    for folder in [Folder::site("everything"), Folder::demonstration(), portraits()] {
        folder.build().run();
        let output = folder.output();
        let there: Vec<String> = output.keys().filter(|path| path.starts_with("picture-variants/")).cloned().collect();
        assert_eq!(linked(&output), there);
    }
}

fn portraits() -> Folder {
    site("", "![A ring](ring.png)")
        .file("articles/g/ring.png", encoded(&ring(1500), ImageFormat::Png))
        .file(
            "data/people/ada.md",
            "+++\ngiven = \"Ada\"\nphoto = \"../../static/ada.jpg\"\nphoto_focus = \"top\"\n+++\nBio.\n",
        )
        .file("static/ada.jpg", jpeg(&quarters(600, 900)))
}

#[test]
fn a_portrait_is_a_square_around_the_face() {
    let folder = portraits();
    folder.build().run();
    let output = folder.output();
    let text = without_hashes(&page(&output, "people/ada.html"));
    assert!(
        text.contains(
            "srcset=\"/picture-variants/ada-128.webp 128w, /picture-variants/ada-256.webp 256w\" sizes=\"8rem\""
        ),
        "{text}"
    );
    assert!(
        text.contains(
            "<img class=\"portrait\" src=\"/picture-variants/ada-256.jpg\" alt=\"Ada\" width=\"256\" height=\"256\">"
        ),
        "{text}"
    );
    let picture =
        image::load_from_memory(&crate::site::variant(&output, "ada-256.jpg")).expect("a picture").into_rgb8();
    // The upper 600 of 900 rows: of the lower half only a quarter is left.
    assert!(
        picture.get_pixel(20, 180)[0] > 180 && picture.get_pixel(20, 200)[2] > 180,
        "{:?}",
        picture.get_pixel(20, 200)
    );
    // A transparent picture keeps what shines through, also for browsers that know no WebP.
    let ring =
        image::load_from_memory(&crate::site::variant(&output, "ring-720.webp")).expect("a picture").into_rgba8();
    assert_eq!((ring.get_pixel(360, 360)[3], ring.get_pixel(5, 5)[3]), (0, 255));
    assert!(variants(&output).iter().any(|(name, _)| name == "ring-1080.png"));
}

#[test]
fn what_other_sites_show_is_cut_around_the_focus() {
    let built = |focus: &str| {
        let front = format!("[image]\nsrc = \"leg.jpg\"\nalt = \"A hero\"\nfocus = \"{focus}\"");
        let folder = site(&front, "Text.").file("articles/g/leg.jpg", jpeg(&quarters(1600, 1600)));
        folder.build().run();
        folder.output()
    };
    for (focus, is_low) in [("top", false), ("bottom", true), ("50% 100%", true)] {
        let output = built(focus);
        let text = without_hashes(&page(&output, "g/a.html"));
        assert!(
            text.contains(
                "<meta property=\"og:image\" content=\"https://health.example/picture-variants/leg-1200.jpg\">"
            ),
            "{text}"
        );
        assert!(text.contains("<meta property=\"og:image:width\" content=\"1200\">"), "{text}");
        assert!(text.contains("<meta property=\"og:image:height\" content=\"630\">"), "{text}");
        let picture =
            image::load_from_memory(&crate::site::variant(&output, "leg-1200.jpg")).expect("a picture").into_rgb8();
        assert_eq!(picture.dimensions(), (1200, 630));
        let blue = picture.get_pixel(100, if is_low { 600 } else { 30 })[2] > 180;
        assert_eq!(blue, is_low, "{focus}");
    }
}

#[test]
fn what_moves_and_what_has_no_pixels_passes_through() {
    let gif = b"GIF89a\x02\0\x02\0\x80\0\0\0\0\0\xff\xff\xff\x2c\0\0\0\0\x02\0\x02\0\0\x02\x02\x84\x51\0\x3b".to_vec();
    let still = encoded(&quarters(30, 20), ImageFormat::Png);
    let control = b"\0\0\0\x08acTL\0\0\0\x02\0\0\0\0\xf3\x8d\x93\x70";
    let moving = [&still[..33], control, &still[33..]].concat();
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"30\"><title>51 degrees</title></svg>";
    let webp = animated_webp();
    let folder = site("", "![a](a.gif) ![b](b.png) ![c](c.svg) ![d](d.webp)")
        .file("articles/g/a.gif", &gif)
        .file("articles/g/b.png", &moving)
        .file("articles/g/c.svg", svg)
        .file("articles/g/d.webp", &webp);
    folder.build().run();
    let output = folder.output();
    assert!(!page(&output, "g/a.html").contains("<picture>"));
    let same = [("g/a.gif", gif), ("g/b.png", moving), ("g/c.svg", svg.as_bytes().to_vec()), ("g/d.webp", webp)];
    for (path, bytes) in same {
        assert!(output[path] == bytes, "{path}");
    }
    assert!(!folder.join(".galen").exists(), "nothing was made, so nothing is kept");
}

/// Two frames of one pixel.
fn animated_webp() -> Vec<u8> {
    let chunk = |name: &[u8], content: &[u8]| [name, &(content.len() as u32).to_le_bytes(), content].concat();
    let still = encoded(&quarters(1, 1), ImageFormat::WebP);
    let frame = chunk(b"ANMF", &[&[0; 12][..], &[100, 0, 0, 0], &still[12..]].concat());
    let content = [
        b"WEBP".to_vec(),
        chunk(b"VP8X", &[2, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        chunk(b"ANIM", &[0; 6]),
        frame.clone(),
        frame,
    ];
    chunk(b"RIFF", &content.concat())
}

#[test]
fn a_site_chooses_widths_and_sizes() {
    let folder = site("", "## H\n\n![A leg](leg.jpg)").file("articles/g/leg.jpg", jpeg(&quarters(2000, 1500)));
    let settings = folder.read("site.toml") + "[pictures]\nwidths = [500, 250]\nsizes = \"50vw\"\nquality = 30\n";
    let folder = folder.file("site.toml", settings);
    folder.build().run();
    let text = without_hashes(&page(&folder.output(), "g/a.html"));
    let expected = "srcset=\"/picture-variants/leg-250.webp 250w, /picture-variants/leg-500.webp 500w\" sizes=\"50vw\"";
    assert!(text.contains(expected), "{text}");
}
