//! Decodes pictures within limits, and encodes pixels. Never trusts a file: what is too large is refused by its header, before
//! a pixel is decoded, and what is damaged is said to be.

use std::fmt;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{PngDecoder, PngEncoder};
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageResult, Limits};

use super::clean::is_whole_jpeg;
use super::{Format, Orientation, icc};

/// Pixels of the largest picture that is decoded: 100 million, which no camera for everyday use exceeds.
pub(crate) const LARGEST: u64 = 100_000_000;

/// What a decoder may take besides the pixels themselves.
const SPARE: u64 = 64 << 20;

/// Why a picture cannot be made smaller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It has more pixels than are decoded: so many across, so many down.
    TooLarge(u32, u32),
    /// Its bytes make no picture; what a decoder says of it.
    Damaged(String),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(width, height) => write!(f, "it has {width} × {height} pixels"),
            Self::Damaged(why) => write!(f, "it is damaged: {why}"),
        }
    }
}

/// Pixels of a picture, upright, with three bytes each, or four where some are transparent.
pub(crate) struct Pixels {
    pub width: u32,
    pub height: u32,
    pub alpha: bool,
    pub bytes: Vec<u8>,
    /// The colour profile, where they have one.
    pub profile: Option<Vec<u8>>,
}

/// Bytes that decoding a picture of this size takes at its peak: its pixels, and once more while they are turned.
pub(crate) fn memory((width, height): (u32, u32), turned: bool) -> u64 {
    let pixels = 4 * u64::from(width) * u64::from(height);
    if turned { 2 * pixels } else { pixels }
}

/// Decodes a picture that should have this size once it is upright.
pub(crate) fn decode(file: &[u8], (width, height): (u32, u32), alpha: bool) -> Result<Pixels, Broken> {
    if u64::from(width) * u64::from(height) > LARGEST {
        return Err(Broken::TooLarge(width, height));
    }
    // Decoders are not expected to panic; should one do so nevertheless, it is that picture's fault alone.
    let decoded = catch_unwind(AssertUnwindSafe(|| decode_any(file, alpha)));
    let pixels = decoded.map_err(|_| Broken::Damaged("its decoder gave up".to_owned()))??;
    match (pixels.width, pixels.height) == (width, height) {
        true => Ok(pixels),
        false => Err(Broken::Damaged("its size is not what its header says".to_owned())),
    }
}

fn decode_any(file: &[u8], alpha: bool) -> Result<Pixels, Broken> {
    let reader = Cursor::new(file);
    match Format::of(file) {
        Some(Format::Jpeg) if !is_whole_jpeg(file) => Err(Broken::Damaged("its end is missing".to_owned())),
        Some(Format::Jpeg) => upright(JpegDecoder::new(reader), alpha),
        Some(Format::Png) => upright(PngDecoder::with_limits(reader, limits(0)), alpha),
        Some(Format::WebP) => upright(WebPDecoder::new(reader), alpha),
        Some(Format::Gif | Format::Heif) | None => Err(Broken::Damaged("its format is not known".to_owned())),
    }
}

fn limits(pixels: u64) -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(SPARE + 8 * pixels);
    limits
}

fn upright<D: ImageDecoder>(decoder: ImageResult<D>, alpha: bool) -> Result<Pixels, Broken> {
    let damaged = |error: image::ImageError| Broken::Damaged(error.to_string());
    let mut decoder = decoder.map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > LARGEST {
        return Err(Broken::TooLarge(width, height));
    }
    decoder.set_limits(limits(pixels)).map_err(damaged)?;
    let profile = decoder.icc_profile().unwrap_or_default();
    // Colours of print are turned into those of screens without their profile, which must not be applied again.
    let profile = icc::of_rgb(profile);
    let notes = decoder.exif_metadata().unwrap_or_default();
    let orientation = notes.map_or_else(Orientation::default, |notes| Orientation::read(&notes));
    let mut image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    image = match alpha {
        true => DynamicImage::ImageRgba8(image.into_rgba8()),
        false => DynamicImage::ImageRgb8(image.into_rgb8()),
    };
    image.apply_orientation(orientation.turn());
    Ok(Pixels { width: image.width(), height: image.height(), alpha, bytes: image.into_bytes(), profile })
}

/// Why pixels could not be encoded: never the fault of a picture.
pub(crate) type Refused = String;

impl Pixels {
    /// A WebP file; `quality` from 0 to 100, none for one that keeps every pixel.
    pub(super) fn webp(&self, quality: Option<u8>) -> Result<Vec<u8>, Refused> {
        let encoder = match self.alpha {
            true => webp::Encoder::from_rgba(&self.bytes, self.width, self.height),
            false => webp::Encoder::from_rgb(&self.bytes, self.width, self.height),
        };
        let encoded = encoder.encode_simple(quality.is_none(), f32::from(quality.unwrap_or(75)));
        let encoded = encoded.map_err(|error| format!("libwebp says {error:?}"))?;
        Ok(match &self.profile {
            Some(profile) => icc::into_webp(&encoded, profile, (self.width, self.height)),
            None => encoded.to_vec(),
        })
    }

    /// A JPEG file; what is transparent becomes white.
    pub(super) fn jpeg(&self, quality: u8) -> Result<Vec<u8>, Refused> {
        let mut out = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut out, quality);
        self.hand_over(&mut encoder);
        let opaque = self.alpha.then(|| on_white(&self.bytes));
        let bytes = opaque.as_ref().unwrap_or(&self.bytes);
        let written = encoder.write_image(bytes, self.width, self.height, ExtendedColorType::Rgb8);
        written.map_err(|error| error.to_string())?;
        Ok(out)
    }

    /// A PNG file.
    pub(super) fn png(&self) -> Result<Vec<u8>, Refused> {
        let mut out = Vec::new();
        let mut encoder = PngEncoder::new(&mut out);
        self.hand_over(&mut encoder);
        let color = if self.alpha { ExtendedColorType::Rgba8 } else { ExtendedColorType::Rgb8 };
        encoder.write_image(&self.bytes, self.width, self.height, color).map_err(|error| error.to_string())?;
        Ok(out)
    }

    fn hand_over(&self, encoder: &mut impl ImageEncoder) {
        if let Some(profile) = &self.profile {
            // Whoever cannot hold a profile shows colours that are nearly right.
            let _ = encoder.set_icc_profile(profile.clone());
        }
    }
}

fn on_white(transparent: &[u8]) -> Vec<u8> {
    let over = |color: u8, alpha: u8| {
        ((u32::from(color) * u32::from(alpha) + 255 * (255 - u32::from(alpha)) + 127) / 255) as u8
    };
    transparent.chunks_exact(4).flat_map(|pixel| [0, 1, 2].map(|color| over(pixel[color], pixel[3]))).collect()
}
