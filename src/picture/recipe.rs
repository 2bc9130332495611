//! How a smaller picture is made from a large one: which part of it, how large, in which format. The same recipe makes the
//! same bytes of the same picture, whatever else is made beside it.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::codec::{Pixels, Refused};

/// Counts up when the same recipe makes other bytes: with a new version of a codec, or a change of this module.
const VERSION: u32 = 1;

/// A format that browsers read, and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Encoding {
    /// Quality from 0 to 100.
    WebP(u8),
    /// WebP of this quality, or one that keeps every pixel where that is smaller: for drawings of few colours.
    WebPSmaller(u8),
    /// Quality from 0 to 100. Has no transparency.
    Jpeg(u8),
    Png,
}

impl Encoding {
    /// Ending of a file name.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::WebP(_) | Self::WebPSmaller(_) => "webp",
            Self::Jpeg(_) => "jpg",
            Self::Png => "png",
        }
    }

    /// Media type. <https://www.iana.org/assignments/media-types/media-types.xhtml#image>
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::WebP(_) | Self::WebPSmaller(_) => "image/webp",
            Self::Jpeg(_) => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// A part of an upright picture, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Crop {
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

/// How one smaller picture is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Recipe {
    /// None: all of it.
    pub crop: Option<Crop>,
    pub width: u32,
    pub height: u32,
    pub encoding: Encoding,
}

impl Recipe {
    /// A name that stands for this recipe and these bytes, and so for one picture alone.
    pub(crate) fn key(&self, source: &blake3::Hash) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(source.as_bytes());
        hasher.update(format!("{VERSION} {self:?}").as_bytes());
        hasher.finalize()
    }

    /// Makes the picture.
    pub(crate) fn make(&self, pixels: &Pixels) -> Result<Vec<u8>, Refused> {
        let small = self.resize(pixels)?;
        match self.encoding {
            Encoding::WebP(quality) => small.webp(Some(quality)),
            Encoding::WebPSmaller(quality) => {
                let (lossy, exact) = (small.webp(Some(quality))?, small.webp(None)?);
                Ok(if exact.len() <= lossy.len() { exact } else { lossy })
            }
            Encoding::Jpeg(quality) => small.jpeg(quality),
            Encoding::Png => small.png(),
        }
    }

    /// With the filter of Lanczos, which keeps edges sharp.
    fn resize(&self, pixels: &Pixels) -> Result<Pixels, Refused> {
        let kind = if pixels.alpha { PixelType::U8x4 } else { PixelType::U8x3 };
        let from =
            ImageRef::new(pixels.width, pixels.height, &pixels.bytes, kind).map_err(|error| error.to_string())?;
        let mut to = Image::new(self.width, self.height, kind);
        let mut options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
        if let Some(crop) = self.crop {
            let [left, top, width, height] = [crop.left, crop.top, crop.width, crop.height].map(f64::from);
            options = options.crop(left, top, width, height);
        }
        Resizer::new().resize(&from, &mut to, &options).map_err(|error| error.to_string())?;
        Ok(Pixels {
            width: self.width,
            height: self.height,
            alpha: pixels.alpha,
            bytes: to.into_vec(),
            profile: pixels.profile.clone(),
        })
    }
}
