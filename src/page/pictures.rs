//! Which smaller pictures pages ask for, and what each is called. Makes none, and sees no pixel: a name follows from the
//! original's bytes and the recipe, so that it can only ever mean one picture.

use std::collections::BTreeMap;

use super::view::{PictureSource, PictureView};
use crate::content::Focus;
use crate::picture::{CARD, Card, Crop, Encoding, LARGEST, Recipe};
use crate::project::{AddressStyle, Asset, Raster};
use crate::site::{Article, PictureRole, Site, Target};

/// The folder of all smaller pictures.
pub(crate) const VARIANTS: &str = "picture-variants";

/// Hexadecimal digits of a name: 2 to the power of 64 different ones.
const DIGITS: usize = 16;

/// Letters of the original's name that the name of a smaller one keeps, for people who save it.
const NAME: usize = 40;

/// What browsers get that know none of the better formats: near this width, since it has to do for every screen.
const FALLBACK_WIDTH: u32 = 1200;

/// The widths of a portrait: twice those at which it stands on a card and on its page, and as much on a phone.
const PORTRAIT: [u32; 2] = [128, 256];

/// The size that most sites want of a picture that stands for a link, and the least that they show large.
/// <https://developers.facebook.com/docs/sharing/webmasters/images>
const SHARED: (u32, u32) = (1200, 630);
const LEAST_SHARED: u32 = 600;

/// One smaller picture.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Variant {
    /// Path below the output folder, and below the folder of the site: plain ASCII.
    pub file: String,
    /// What it is made of, by index of the site's assets.
    pub asset: u32,
    pub recipe: Recipe,
}

/// A picture of a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SocialCard {
    /// Path below the output folder: plain ASCII.
    pub file: String,
    pub card: Card,
}

/// Pictures that have to be made, each list by file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub variants: Vec<Variant>,
    pub cards: Vec<SocialCard>,
}

/// A picture in every size and format in which pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PictureSet {
    /// For each format, the best first: its pictures by rising width.
    pub sources: Vec<Vec<Variant>>,
    /// For browsers that know none of these formats; none: the original.
    pub fallback: Option<Variant>,
}

/// The sizes of a picture that stands in a text, or above it; none where it stays as it is.
pub(crate) fn in_text(site: &Site, asset: u32) -> Option<PictureSet> {
    let settings = &site.settings.pictures;
    let (raster, (width, height)) = decodable(&site.assets[asset as usize])?;
    let most = settings.widths.last().copied()?.min(width);
    // Two widths that are nearly the same would only be made for nothing.
    let smaller = settings.widths.iter().copied().filter(|narrow| narrow * 23 / 20 <= most);
    let widths: Vec<u32> = smaller.chain([most]).collect();
    let whole = |width_: u32, encoding: Encoding| {
        let height = scaled(height, width_, width);
        variant(site, asset, Recipe { crop: None, width: width_, height, encoding })
    };
    let sources = modern(raster, settings.quality).into_iter();
    let sources = sources.map(|encoding| widths.iter().map(|&width| whole(width, encoding)).collect()).collect();
    let fallback = (!raster.is_plain || width > most).then(|| {
        let fitting = widths.iter().rev().find(|width| **width <= FALLBACK_WIDTH);
        whole(*fitting.unwrap_or(&widths[0]), plain(raster))
    });
    Some(PictureSet { sources, fallback })
}

/// The sizes of a portrait: a square around the face.
pub(crate) fn portrait(site: &Site, asset: u32, focus: Focus) -> Option<PictureSet> {
    let (raster, size) = decodable(&site.assets[asset as usize])?;
    let crop = crop(size, (1, 1), focus);
    let mut widths: Vec<u32> = PORTRAIT.into_iter().filter(|width| *width < crop.width).collect();
    if widths.len() < PORTRAIT.len() {
        widths.push(crop.width);
    }
    let square = |width: u32, encoding: Encoding| {
        variant(site, asset, Recipe { crop: Some(crop), width, height: width, encoding })
    };
    let sources = modern(raster, site.settings.pictures.quality).into_iter();
    let sources = sources.map(|encoding| widths.iter().map(|&width| square(width, encoding)).collect()).collect();
    Some(PictureSet { sources, fallback: Some(square(*widths.last()?, plain(raster))) })
}

/// The hero picture of an article as other sites show it beside a link.
pub(crate) fn shared(site: &Site, article: &Article) -> Option<Variant> {
    let (target, image) = article.hero.as_ref().zip(article.document.front.image.as_ref())?;
    let asset = target.picture?;
    let (_, size) = decodable(&site.assets[asset as usize])?;
    let crop = crop(size, SHARED, image.focus);
    if crop.width < LEAST_SHARED {
        return None;
    }
    let width = crop.width.min(SHARED.0);
    let height = scaled(SHARED.1, width, SHARED.0);
    Some(variant(site, asset, Recipe { crop: Some(crop), width, height, encoding: Encoding::Jpeg(82) }))
}

/// A still picture of pixels that is not too large to be decoded.
fn decodable(asset: &Asset) -> Option<(Raster, (u32, u32))> {
    let (raster, size) = asset.raster.zip(asset.dimensions)?;
    (u64::from(size.0) * u64::from(size.1) <= LARGEST).then_some((raster, size))
}

/// The formats that most browsers read and that take least room.
fn modern(raster: Raster, quality: u8) -> Vec<Encoding> {
    vec![if raster.indexed { Encoding::WebPSmaller(quality) } else { Encoding::WebP(quality) }]
}

/// The format that every browser reads.
fn plain(raster: Raster) -> Encoding {
    if raster.alpha || raster.indexed { Encoding::Png } else { Encoding::Jpeg(82) }
}

/// The largest part of a picture that has these proportions, as near around a point as the picture's edges allow.
fn crop((width, height): (u32, u32), (across, down): (u32, u32), focus: Focus) -> Crop {
    let (full, wide) = (u64::from(width) * u64::from(down), u64::from(height) * u64::from(across));
    let (part_width, part_height) = match full >= wide {
        true => (((wide / u64::from(down)) as u32).max(1), height),
        false => (width, ((full / u64::from(across)) as u32).max(1)),
    };
    let start = |whole: u32, part: u32, percent: u8| {
        let point = u64::from(whole) * u64::from(percent) / 100;
        point.saturating_sub(u64::from(part) / 2).min(u64::from(whole - part)) as u32
    };
    Crop {
        left: start(width, part_width, focus.across),
        top: start(height, part_height, focus.down),
        width: part_width,
        height: part_height,
    }
}

/// `length` times `part` by `whole`, rounded, and never nothing.
fn scaled(length: u32, part: u32, whole: u32) -> u32 {
    let (length, part, whole) = (u64::from(length), u64::from(part), u64::from(whole).max(1));
    (((length * part + whole / 2) / whole) as u32).max(1)
}

fn variant(site: &Site, asset: u32, recipe: Recipe) -> Variant {
    let original = &site.assets[asset as usize];
    let key = recipe.key(&original.hash).to_hex();
    let name = original.path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let letters = stem.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(NAME);
    let stem: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    let stem = if stem.is_empty() { "picture" } else { &stem };
    let file = format!("{VARIANTS}/{stem}-{}.{}.{}", recipe.width, &key[..DIGITS], recipe.encoding.ending());
    Variant { file, asset, recipe }
}

impl Variant {
    /// The link to it, from the root of the host.
    pub(crate) fn href(&self, style: &AddressStyle) -> String {
        format!("{}/{}", style.base, self.file)
    }
}

impl PictureSet {
    /// Every picture of the set.
    fn variants(&self) -> impl Iterator<Item = &Variant> {
        self.sources.iter().flatten().chain(&self.fallback)
    }

    /// What a template gets of it.
    pub(crate) fn views(&self, style: &AddressStyle) -> Vec<PictureSource> {
        let view = |variants: &Vec<Variant>| {
            let media_type = variants.first()?.recipe.encoding.media_type().to_owned();
            let named = variants.iter().map(|one| format!("{} {}w", one.href(style), one.recipe.width));
            Some(PictureSource { media_type, srcset: named.collect::<Vec<_>>().join(", ") })
        };
        self.sources.iter().filter_map(view).collect()
    }
}

/// A picture for a template.
pub(super) fn picture_view(
    site: &Site,
    target: &Target,
    set: Option<&PictureSet>,
    alt: &str,
    notes: [Option<&String>; 2],
) -> PictureView {
    let style = &site.settings.style;
    let fallback = set.and_then(|set| set.fallback.as_ref());
    // A portrait is cut: it has the proportions of what is left of it.
    let cut = fallback.filter(|one| one.recipe.crop.is_some()).map(|one| (one.recipe.width, one.recipe.height));
    let size = cut.or(target.size);
    PictureView {
        src: fallback.map_or_else(|| target.href.clone(), |one| one.href(style)),
        original: target.href.clone(),
        sources: set.map(|set| set.views(style)).unwrap_or_default(),
        sizes: site.settings.pictures.sizes.clone(),
        width: size.map(|(width, _)| u64::from(width)),
        height: size.map(|(_, height)| u64::from(height)),
        alt: alt.to_owned(),
        caption: notes[0].cloned(),
        credit: notes[1].cloned(),
    }
}

/// The title of an article as other sites show it beside a link, where the article has no picture that they can show; none
/// where the site does without, or where the font lacks its letters.
pub(crate) fn social_card(site: &Site, article: &Article) -> Option<SocialCard> {
    let is_vector = |hero: &Target| hero.href.ends_with(".svg");
    if !site.settings.pictures.cards || article.hero.as_ref().is_some_and(|hero| !is_vector(hero)) {
        return None;
    }
    let card = Card::new(&article.document.title, &site.settings.title)?;
    let key = card.key().to_hex();
    Some(SocialCard { file: format!("{VARIANTS}/card-{}.{}.png", CARD.0, &key[..DIGITS]), card })
}

/// Every picture that some page names and that has to be made, by file.
pub(crate) fn wanted(site: &Site) -> Wanted {
    let mut wanted = BTreeMap::new();
    let mut take = |set: Option<PictureSet>| {
        for variant in set.iter().flat_map(PictureSet::variants) {
            wanted.insert(variant.file.clone(), variant.clone());
        }
    };
    let mut seen = vec![false; site.assets.len()];
    for picture in site.pictures().filter(|picture| picture.role != PictureRole::Portrait) {
        if !std::mem::replace(&mut seen[picture.asset as usize], true) {
            take(in_text(site, picture.asset));
        }
    }
    for person in &site.people {
        let asset = person.photo.as_ref().and_then(|photo| photo.picture);
        take(asset.and_then(|asset| portrait(site, asset, person.file.photo_focus)));
    }
    for variant in site.articles.iter().filter_map(|article| shared(site, article)) {
        wanted.insert(variant.file.clone(), variant);
    }
    let cards = site.articles.iter().filter_map(|article| social_card(site, article));
    let cards: BTreeMap<String, SocialCard> = cards.map(|one| (one.file.clone(), one)).collect();
    Wanted { variants: wanted.into_values().collect(), cards: cards.into_values().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_lies_around_its_focus_and_within_the_picture() {
        let part = |size, proportions, across, down| {
            let crop = crop(size, proportions, Focus { across, down });
            (crop.left, crop.top, crop.width, crop.height)
        };
        assert_eq!(part((4000, 3000), (1200, 630), 50, 50), (0, 450, 4000, 2100));
        assert_eq!(part((4000, 3000), (1200, 630), 50, 0), (0, 0, 4000, 2100));
        assert_eq!(part((4000, 3000), (1200, 630), 50, 100), (0, 900, 4000, 2100));
        assert_eq!(part((3000, 1000), (1, 1), 30, 0), (400, 0, 1000, 1000));
        assert_eq!(part((1, 9000), (1200, 630), 0, 0), (0, 0, 1, 1));
        assert_eq!(part((9000, 1), (1, 1), 100, 100), (8999, 0, 1, 1));
    }

    #[test]
    fn lengths_are_rounded_and_never_nothing() {
        assert_eq!(scaled(3000, 720, 4000), 540);
        assert_eq!(scaled(1, 360, 4000), 1);
        assert_eq!(scaled(667, 360, 1000), 240);
    }
}
