//! `cargo bench --bench pictures -- [PICTURES]`: builds a site of so many pictures of 12 megapixels (200 by default) from
//! nothing and once more, and prints time, processor time and memory beside what the bare libraries take for the same work on the
//! same cores.

#![allow(clippy::print_stdout, reason = "a table on standard output is all that it makes")]

#[allow(dead_code, reason = "two fields are not shown here")]
mod measure;

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use measure::{Measured, measure};
use rayon::prelude::*;

/// What most cameras make.
const SIZE: (u32, u32) = (4000, 3000);

/// The widths and the one fallback that a build makes of each.
const WIDTHS: [u32; 4] = [360, 720, 1080, 1440];
const FALLBACK: u32 = 1080;

/// Says to the process itself that it is to do the libraries' work alone.
const BARE: &str = "bare-libraries";

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [word, folder] = &arguments[..]
        && word == BARE
    {
        return bare(Path::new(folder));
    }
    let count = arguments.first().map_or(Ok(200), |count| count.parse().map_err(io::Error::other))?;
    let base = env::var_os("BENCH_DIR").map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    let folder = base.join("pictures");
    remove(&folder)?;
    let site = folder.join("site");
    write_site(&site, count)?;
    println!("{count} pictures of {} × {} pixels, {} threads", SIZE.0, SIZE.1, rayon::current_num_threads());
    let row = |name: &str, measured: &Measured| {
        let seconds = |time: Duration| time.as_secs_f64();
        println!(
            "{name:34} {:8.2} s wall {:8.2} s cpu {:8} MB",
            seconds(measured.wall),
            seconds(measured.cpu),
            measured.peak >> 20
        );
    };
    let galen = PathBuf::from(env!("CARGO_BIN_EXE_galen"));
    let build = |out: &str| {
        let out = folder.join(out);
        measure(&galen, &["build".as_ref(), "--root".as_ref(), site.as_ref(), "--out".as_ref(), out.as_ref()])
    };
    let cold = build("out")?;
    row("galen, nothing made yet", &cold);
    row("galen, into another folder", &build("other")?);
    row("galen, nothing changed", &build("out")?);
    let this = env::current_exe()?;
    let bare = measure(&this, &[BARE.as_ref(), site.join("articles/g").as_ref()])?;
    row("bare libraries", &bare);
    println!("galen takes {:.2} times as long", cold.wall.as_secs_f64() / bare.wall.as_secs_f64());
    remove(&folder)
}

/// Decodes, resizes and encodes, and keeps nothing.
fn bare(folder: &Path) -> io::Result<()> {
    let entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    let pictures: Vec<PathBuf> =
        entries.into_iter().filter(|path| path.extension().is_some_and(|end| end == "jpg")).collect();
    pictures.par_iter().with_max_len(1).try_for_each(|path| {
        let pixels = image::load_from_memory(&fs::read(path)?).map_err(io::Error::other)?.into_rgb8();
        let from = ImageRef::new(SIZE.0, SIZE.1, pixels.as_raw(), PixelType::U8x3).map_err(io::Error::other)?;
        let small = |width: u32| -> io::Result<Image<'static>> {
            let mut small = Image::new(width, width * SIZE.1 / SIZE.0, PixelType::U8x3);
            Resizer::new().resize(&from, &mut small, None).map_err(io::Error::other)?;
            Ok(small)
        };
        for width in WIDTHS {
            let small = small(width)?;
            std::hint::black_box(
                webp::Encoder::from_rgb(small.buffer(), small.width(), small.height()).encode(78.0).len(),
            );
        }
        let (fallback, mut file) = (small(FALLBACK)?, Vec::new());
        let encoder = JpegEncoder::new_with_quality(&mut file, 82);
        encoder
            .write_image(fallback.buffer(), fallback.width(), fallback.height(), ExtendedColorType::Rgb8)
            .map_err(io::Error::other)?;
        std::hint::black_box(file.len());
        Ok(())
    })
}

/// A site of one article for every ten pictures.
fn write_site(site: &Path, count: usize) -> io::Result<()> {
    let folder = site.join("articles/g");
    fs::create_dir_all(&folder)?;
    fs::write(site.join("site.toml"), "title = \"T\"\nbase_url = \"https://health.example\"\n")?;
    let began = Instant::now();
    (0..count)
        .into_par_iter()
        .try_for_each(|number| fs::write(folder.join(format!("p{number}.jpg")), photograph(number)?))?;
    println!("made in {:.1} s", began.elapsed().as_secs_f64());
    for (article, numbers) in (0..count).collect::<Vec<_>>().chunks(10).enumerate() {
        let pictures: String = numbers.iter().map(|number| format!("![Number {number}](p{number}.jpg)\n\n")).collect();
        let front = format!("title = \"A {article}\"\ndescription = \"D {article}.\"\nkind = \"page\"");
        fs::write(folder.join(format!("a{article}.md")), format!("+++\n{front}\n+++\n## H\n\n{pictures}"))?;
    }
    Ok(())
}

/// Something with the smooth parts, the edges and the grain of a photograph; another for each number.
fn photograph(number: usize) -> io::Result<Vec<u8>> {
    let (width, height) = SIZE;
    let mut seed = number as u32 ^ 0x9e37_79b9;
    let mut pixels = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let grain = (seed >> 28) as i32;
            let wave = ((x as f32 * 0.004 + number as f32).sin() * (y as f32 * 0.006).cos() * 60.0) as i32;
            let edge = if (x / 97 + y / 61 + number as u32).is_multiple_of(7) { 40 } else { 0 };
            for base in [120, 110 + (y * 60 / height) as i32, 90 + (x * 80 / width) as i32] {
                pixels.push((base + wave + edge + grain).clamp(0, 255) as u8);
            }
        }
    }
    let mut file = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut file, 90);
    encoder.write_image(&pixels, width, height, ExtendedColorType::Rgb8).map_err(io::Error::other)?;
    Ok(file)
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
