//! Titles as pictures, for links on other sites: drawn where a site asks for it, an article has none, and the font has the letters.

use crate::site::{jpeg, page, quarters, site, variants};
use crate::support::{Folder, differences, tree};

fn library(settings: &str) -> Folder {
    let article = |title: &str, more: &str| {
        format!("+++\ntitle = \"{title}\"\ndescription = \"D.\"\nkind = \"page\"\n{more}\n+++\nText.\n")
    };
    let folder = site("", "Text.");
    let text = folder.read("site.toml") + settings;
    let hero = |file: &str| format!("[image]\nsrc = \"{file}\"\nalt = \"A hero\"");
    folder
        .file("site.toml", text)
        .file("articles/g/headache.md", article("Headache & more", ""))
        .file("articles/g/photo.md", article("With a photograph", &hero("leg.jpg")))
        .file("articles/g/drawing.md", article("With a drawing", &hero("leg.svg")))
        .file("articles/g/arabic.md", article("ألم الساق", ""))
        .file("articles/g/leg.jpg", jpeg(&quarters(1500, 1000)))
        .file("articles/g/leg.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\" height=\"700\"></svg>")
}

const CARDS: &str = "[pictures]\ncards = true\n";

/// What other sites show of a page.
fn shown(text: &str, what: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("<meta property=\"og:{what}\" content=\""))?;
    rest.split('"').next().map(str::to_owned)
}

#[test]
fn a_title_is_drawn_where_there_is_no_picture() {
    let folder = library(CARDS);
    folder.build().run();
    let output = folder.output();
    for path in ["g/headache.html", "g/drawing.html", "g/a.html"] {
        let text = page(&output, path);
        let address = shown(&text, "image").expect("a picture");
        let file = address.strip_prefix("https://health.example/").expect("of this site");
        assert!(file.starts_with("picture-variants/card-1200."), "{path}: {file}");
        let picture = image::load_from_memory(&output[file]).expect("a picture").into_rgb8();
        assert_eq!(picture.dimensions(), (1200, 630));
        assert_eq!(
            (shown(&text, "image:width"), shown(&text, "image:height")),
            (Some("1200".into()), Some("630".into()))
        );
        assert!(text.contains("content=\"summary_large_image\""), "{path}");
        assert!(picture.pixels().any(|pixel| pixel[0] < 40), "{path}: something is written on it");
    }
    assert_eq!(shown(&page(&output, "g/headache.html"), "image:alt").as_deref(), Some("Headache &amp; more"));
    let photo = shown(&page(&output, "g/photo.html"), "image").expect("a picture");
    assert!(photo.contains("leg-1200.") && photo.ends_with(".jpg"), "{photo}");
    assert_eq!(shown(&page(&output, "g/arabic.html"), "image"), None, "half a title is worse than none");
    assert_eq!(shown(&page(&output, "index.html"), "image"), None);
}

#[test]
fn nobody_pays_for_what_nobody_asked_for() {
    let folder = library("");
    folder.build().run();
    let output = folder.output();
    assert!(variants(&output).iter().all(|(name, _)| name.starts_with("leg-")));
    assert_eq!(shown(&page(&output, "g/headache.html"), "image"), None);
    assert_eq!(shown(&page(&output, "g/drawing.html"), "image").as_deref(), Some("https://health.example/g/leg.svg"));
}

#[test]
fn cards_are_kept_and_the_same_everywhere() {
    let folder = library(CARDS);
    folder.build().env("RAYON_NUM_THREADS", "1").run();
    let again = folder.build().args(["--out", "other"]).run();
    assert!(!again.stderr.contains("pictures: "), "{}", again.stderr);
    let other = library(CARDS);
    other.build().env("RAYON_NUM_THREADS", "5").run();
    assert_eq!(differences(&folder.output(), &other.output()), Vec::<String>::new());
    assert_eq!(differences(&folder.output(), &tree(&folder.join("other"))), Vec::<String>::new());
    // Another title is another card, and no other is drawn again.
    let folder = folder.replace("articles/g/headache.md", "Headache & more", "Headache");
    folder.build().says("pictures: 1 made").run();
}
