//! Rules about pictures: too large a file, too few pixels, bytes that make no picture.

use rustc_hash::FxHashMap;

use crate::picture::{Broken, LARGEST};
use crate::project::{Asset, Code, Diagnostic};
use crate::site::{Article, PictureRole, PictureUse, Site};

/// Pixels across that a picture needs to be sharp where it is as wide as the text: one for each of CSS's.
const SHARP: u32 = 656;

/// The same of a portrait, which stands smaller.
const SHARP_PORTRAIT: u32 = 128;

/// Rules about the pictures of an article.
pub(super) fn sizes(site: &Site, article: &Article, found: &mut Vec<Diagnostic>) {
    article.pictures().for_each(|picture| size(site, &picture, found));
}

/// The same about those that stand elsewhere.
pub(super) fn other_sizes(site: &Site, found: &mut Vec<Diagnostic>) {
    site.other_pictures().for_each(|picture| size(site, &picture, found));
}

fn size(site: &Site, picture: &PictureUse<'_>, found: &mut Vec<Diagnostic>) {
    let asset = &site.assets[picture.asset as usize];
    let Some((width, height)) = asset.dimensions else { return };
    found.extend(oversized(site, picture, asset, (width, height)));
    let (enough, place) = match picture.role {
        PictureRole::Hero => (SHARP, "above the text"),
        PictureRole::Portrait => (SHARP_PORTRAIT, "on the person's page"),
        PictureRole::Text => return,
    };
    // What a vector picture calls its width is no number of pixels.
    if width < enough && !asset.path.ends_with(".svg") {
        let message = format!("`{}` is {width} pixels wide, too few to be sharp {place}", picture.written);
        found.push(
            Diagnostic::new(Code::UndersizedPicture, picture.span, message)
                .help(format!("use one of at least {enough} pixels across, better twice as many")),
        );
    }
}

fn oversized(site: &Site, picture: &PictureUse<'_>, asset: &Asset, (width, height): (u32, u32)) -> Option<Diagnostic> {
    let name = picture.written;
    let at = |message: String| Diagnostic::new(Code::OversizedPicture, picture.span, message);
    if asset.raster.is_some() && u64::from(width) * u64::from(height) > LARGEST {
        let most = LARGEST / 1_000_000;
        let message = format!("`{name}` has {width} × {height} pixels, and Galen decodes up to {most} million");
        return Some(at(message).help("readers get the file as it is; make it smaller: 3000 pixels across are plenty"));
    }
    let most = site.settings.pictures.largest;
    (asset.length > most * 1_000_000).then(|| {
        let help = match asset.raster {
            Some(_) => "make it smaller before you put it here: 3000 pixels across are plenty",
            None => "readers get the file as it is: make it smaller, or a video of it",
        };
        at(format!("`{name}` is a file of {} MB; {most} are the most", asset.length / 1_000_000)).help(help)
    })
}

/// What is said of pictures of which nothing can be made, wherever they are shown.
pub(crate) fn broken_pictures(site: &Site, broken: &FxHashMap<u32, &Broken>) -> Vec<Diagnostic> {
    if broken.is_empty() {
        return Vec::new();
    }
    let uses = site.pictures().filter_map(|picture| Some((picture, broken.get(&picture.asset)?)));
    let told = uses.map(|(picture, why)| {
        let message = format!("`{}` cannot be read as a picture: {why}", picture.written);
        Diagnostic::new(Code::UnreadablePicture, picture.span, message)
            .help("it is shown as it is, at its full size, if browsers can; fetch it again, or save it anew")
    });
    told.collect()
}
