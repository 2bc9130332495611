//! Draws the picture that other sites show beside a link to an article without one: its title on a plain ground, and the name
//! of the site. Draws only what its font can write: left to right, in Latin, Greek and Cyrillic letters.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};
use unicode_normalization::UnicodeNormalization;

use super::codec::{Pixels, Refused};

/// Counts up when the same words make another picture.
const VERSION: u32 = 1;

/// The size that most sites want. <https://developers.facebook.com/docs/sharing/webmasters/images>
pub(crate) const CARD: (u32, u32) = (1200, 630);

/// Noto Sans, as far as titles need it; its licence lies beside it. Pairs of letters are drawn together as in the whole font.
static FONT: LazyLock<Option<FontRef<'static>>> =
    LazyLock::new(|| FontRef::try_from_slice(include_bytes!("font/noto-sans-bold.ttf")).ok());

/// The colours of the built-in theme.
const PAPER: [u8; 3] = [0xfd, 0xfc, 0xf9];
const INK: [u8; 3] = [0x16, 0x24, 0x2a];
const ACCENT: [u8; 3] = [0x0b, 0x61, 0x69];
const ON_ACCENT: [u8; 3] = [0xff, 0xff, 0xff];

/// What stays free at each side, and the band at the foot that holds the site's name.
const MARGIN: u32 = 80;
const BAND: u32 = 120;

/// Sizes of a title in pixels, the largest that fits is taken; of the name; and the height of a line.
const SIZES: [f32; 6] = [88.0, 80.0, 72.0, 64.0, 56.0, 48.0];
const NAME_SIZE: f32 = 38.0;
const LINE: f32 = 1.22;

/// The words of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Card {
    title: String,
    /// Nothing where the font cannot write it.
    name: String,
}

impl Card {
    /// None: the font cannot write the title.
    pub(crate) fn new(title: &str, name: &str) -> Option<Self> {
        let plain = |text: &str| text.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
        let (title, name) = (plain(title), plain(name));
        let name = if can_write(&name) { name } else { String::new() };
        (!title.is_empty() && can_write(&title)).then_some(Self { title, name })
    }

    /// A name that stands for these words, and so for one picture alone.
    pub(crate) fn key(&self) -> blake3::Hash {
        blake3::hash(format!("card {VERSION} {self:?}").as_bytes())
    }

    /// Draws it, as a PNG file.
    pub(crate) fn draw(&self) -> Result<Vec<u8>, Refused> {
        let font = FONT.as_ref().ok_or("the font of titles cannot be read")?;
        let mut sheet = Sheet::new();
        sheet.fill((MARGIN, MARGIN), (96, 12), ACCENT);
        sheet.fill((0, CARD.1 - BAND), (CARD.0, BAND), ACCENT);
        let (size, lines) = set(font, &self.title);
        let mut top = (MARGIN + 36) as f32;
        for line in lines {
            sheet.write(font, &line, (MARGIN as f32, top), size, INK);
            top += size * LINE;
        }
        let name_top = (CARD.1 - BAND) as f32 + (BAND as f32 - NAME_SIZE * LINE) / 2.0;
        let name = shortened(font, &self.name, NAME_SIZE);
        sheet.write(font, &name, (MARGIN as f32, name_top), NAME_SIZE, ON_ACCENT);
        let pixels = Pixels { width: CARD.0, height: CARD.1, alpha: false, bytes: sheet.0, profile: None };
        pixels.png()
    }
}

/// Whether the font has every letter; those of scripts that are joined or run from right to left it has not.
fn can_write(text: &str) -> bool {
    FONT.as_ref().is_some_and(|font| text.chars().all(|c| c == ' ' || font.glyph_id(c).0 != 0))
}

/// Ascent and descent of the font together are what `ab_glyph` calls its scale; a size is that of the letter m.
fn scale(font: &FontRef<'_>, size: f32) -> PxScale {
    PxScale::from(size * font.height_unscaled() / font.units_per_em().unwrap_or(1000.0))
}

fn width(font: &FontRef<'_>, text: &str, size: f32) -> f32 {
    let font = font.as_scaled(scale(font, size));
    let mut before = None;
    text.chars().fold(0.0, |width, letter| {
        let glyph = font.glyph_id(letter);
        let kern = before.replace(glyph).map_or(0.0, |before| font.kern(before, glyph));
        width + kern + font.h_advance(glyph)
    })
}

const ROOM: f32 = (CARD.0 - 2 * MARGIN) as f32;

/// The largest size at which a title fits, and its lines.
fn set(font: &FontRef<'_>, title: &str) -> (f32, Vec<String>) {
    let height = (CARD.1 - BAND - MARGIN - 36 - 24) as f32;
    let fitting = |size: f32| (height / (size * LINE)) as usize;
    for size in SIZES {
        let lines = lines(font, title, size);
        if lines.len() <= fitting(size) && lines.iter().all(|line| width(font, line, size) <= ROOM) {
            return (size, lines);
        }
    }
    let size = SIZES[SIZES.len() - 1];
    let mut lines = lines(font, title, size);
    if lines.len() > fitting(size) {
        let rest = lines.split_off(fitting(size) - 1).join(" ");
        lines.push(rest);
    }
    (size, lines.iter().map(|line| shortened(font, line, size)).collect())
}

/// As many words on each line as fit; one word at least.
fn lines(font: &FontRef<'_>, title: &str, size: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in title.split(' ') {
        match lines.last_mut() {
            Some(line) if width(font, &format!("{line} {word}"), size) <= ROOM => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A line that ends in `…` where it would be too long.
fn shortened(font: &FontRef<'_>, line: &str, size: f32) -> String {
    if width(font, line, size) <= ROOM {
        return line.to_owned();
    }
    let mut short: String = line.chars().take(200).collect();
    while !short.is_empty() && width(font, &format!("{short}…"), size) > ROOM {
        short.pop();
    }
    format!("{}…", short.trim_end())
}

/// Pixels that are drawn on.
struct Sheet(Vec<u8>);

impl Sheet {
    fn new() -> Self {
        Self(PAPER.repeat(CARD.0 as usize * CARD.1 as usize))
    }

    fn fill(&mut self, (left, top): (u32, u32), (width, height): (u32, u32), color: [u8; 3]) {
        for y in top..top + height {
            for x in left..left + width {
                self.blend(x, y, color, 1.0);
            }
        }
    }

    fn blend(&mut self, x: u32, y: u32, color: [u8; 3], part: f32) {
        if x >= CARD.0 || y >= CARD.1 {
            return;
        }
        let at = 3 * (y as usize * CARD.0 as usize + x as usize);
        for (under, over) in self.0[at..at + 3].iter_mut().zip(color) {
            let (below, above) = (f32::from(*under), f32::from(over));
            *under = (below + (above - below) * part.clamp(0.0, 1.0)).round() as u8;
        }
    }

    /// Writes a line whose upper left corner is `start`.
    fn write(&mut self, font: &FontRef<'_>, line: &str, start: (f32, f32), size: f32, color: [u8; 3]) {
        let scale = scale(font, size);
        let scaled = font.as_scaled(scale);
        let (mut x, base) = (start.0, start.1 + size);
        let mut before = None;
        for letter in line.chars() {
            let id = scaled.glyph_id(letter);
            x += before.replace(id).map_or(0.0, |before| scaled.kern(before, id));
            if let Some(outline) = font.outline_glyph(id.with_scale_and_position(scale, point(x, base))) {
                let corner = outline.px_bounds().min;
                outline.draw(|column, row, part| {
                    let (at_x, at_y) = (corner.x + column as f32, corner.y + row as f32);
                    if at_x >= 0.0 && at_y >= 0.0 {
                        self.blend(at_x as u32, at_y as u32, color, part);
                    }
                });
            }
            x += scaled.h_advance(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(title: &str) -> image::RgbImage {
        let card = Card::new(title, "A site").expect("a card");
        let file = card.draw().expect("it can be drawn");
        let picture = image::load_from_memory(&file).expect("a picture").into_rgb8();
        assert_eq!(picture.dimensions(), CARD);
        picture
    }

    /// Whether a column or row of the title's part has ink.
    fn has_ink(picture: &image::RgbImage, columns: std::ops::Range<u32>, rows: std::ops::Range<u32>) -> bool {
        rows.into_iter().any(|y| columns.clone().any(|x| picture.get_pixel(x, y)[0] < 128))
    }

    #[test]
    fn titles_of_any_length_stay_on_the_card() {
        let long = "Everything about the treatment of restless legs syndrome ".repeat(12);
        for title in ["Headache", &long, &"x".repeat(400), "Ελληνικά και кириллица: đau đầu – “quoted”"]
        {
            let picture = drawn(title);
            assert!(has_ink(&picture, MARGIN..CARD.0 - MARGIN, MARGIN + 30..CARD.1 - BAND), "{title}");
            assert!(!has_ink(&picture, CARD.0 - MARGIN + 8..CARD.0, 0..CARD.1 - BAND), "{title}");
            assert!(!has_ink(&picture, 0..MARGIN - 4, 0..CARD.1 - BAND), "{title}");
            assert!(!has_ink(&picture, 0..CARD.0, CARD.1 - BAND - 8..CARD.1 - BAND), "{title}");
        }
    }

    #[test]
    fn what_the_font_cannot_write_has_no_card() {
        for title in ["ألم الساق", "כאב ראש", "頭痛", "सिरदर्द", "Pain 🦵", "", "  "] {
            assert_eq!(Card::new(title, "A site"), None, "{title}");
        }
        let card = Card::new("Headache", "موقع").expect("a card without the name");
        assert!(card.name.is_empty() && card.draw().is_ok());
    }

    #[test]
    fn other_words_have_another_name() {
        let key = |title: &str, name: &str| Card::new(title, name).expect("a card").key();
        assert_ne!(key("A", "B"), key("A", "C"));
        assert_ne!(key("A", "B"), key("C", "B"));
        assert_eq!(key("A  e\u{301}", "B"), key("A \u{e9}", "B"));
    }
}
