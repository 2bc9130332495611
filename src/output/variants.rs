//! Makes the smaller pictures that pages name, on all cores and within a bounded memory, unless the store has them. Decides
//! nothing about which there are.

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use super::disk::Disk;
use super::store::Store;
use crate::page::{Variant, Wanted};
use crate::picture::{Broken, Card, Recipe, decode, memory};
use crate::project::Asset;

/// Bytes that all pictures together may take that are being decoded; a larger one is decoded alone.
const ROOM: u64 = 1 << 30;

/// An original: where it is, and what its header says.
#[derive(Clone, Debug)]
pub(crate) struct Original {
    pub file: PathBuf,
    hash: blake3::Hash,
    size: (u32, u32),
    alpha: bool,
    turned: bool,
}

impl Original {
    /// None: nothing can be made of this file.
    pub(super) fn of(asset: &Asset) -> Option<Self> {
        let (raster, size) = asset.raster.zip(asset.dimensions)?;
        Some(Self { file: asset.file.clone(), hash: asset.hash, size, alpha: raster.alpha, turned: raster.turned })
    }

    /// The name of what a recipe makes of it.
    pub(super) fn key(&self, recipe: &Recipe) -> blake3::Hash {
        recipe.key(&self.hash)
    }

    /// Makes pictures of these bytes of it, decoding them once, and hands each over.
    pub(crate) fn make(
        &self,
        bytes: Vec<u8>,
        recipes: &[Recipe],
        mut done: impl FnMut(&Recipe, Vec<u8>) -> Result<()>,
    ) -> Result<Result<(), Broken>> {
        if blake3::hash(&bytes) != self.hash {
            bail!("{} changed while it was being read", self.file.display());
        }
        let pixels = match decode(&bytes, self.size, self.alpha) {
            Ok(pixels) => pixels,
            Err(broken) => return Ok(Err(broken)),
        };
        drop(bytes);
        for recipe in recipes {
            let made = recipe.make(&pixels).map_err(anyhow::Error::msg);
            done(recipe, made.with_context(|| format!("cannot make a smaller picture of {}", self.file.display()))?)?;
        }
        Ok(Ok(()))
    }
}

/// What making pictures came to.
#[derive(Clone, Debug, Default)]
pub(super) struct Made {
    /// How many pictures were made.
    pub made: usize,
    /// Originals of which nothing can be made, by asset, and why.
    pub broken: Vec<(u32, Broken)>,
    /// Why the store does not keep what was made.
    pub unkept: Option<String>,
}

/// Makes what the store lacks; `variants` lie together by asset. `progress` is called with the number of pictures made since
/// it was called before.
pub(super) fn make(
    assets: &[Asset],
    pictures: &Wanted,
    store: &Store,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Made> {
    let mut jobs = missing(assets, &pictures.variants, store);
    // The longest first, so that no thread begins a long one when the others are done.
    jobs.sort_by_key(|job| (std::cmp::Reverse(memory(job.original.size, false)), job.asset));
    let room = Room { free: Mutex::new(ROOM), freed: Condvar::new() };
    let unkept = Mutex::new(None);
    let disk = Disk::new();
    let results: Vec<(u32, usize, Option<Broken>)> = jobs
        .par_iter()
        .with_max_len(1)
        .map(|job| {
            let original = &job.original;
            let _taken = room.take(memory(original.size, original.turned));
            let bytes = disk.read_source(&original.file)?;
            let mut made = 0;
            let outcome = original.make(bytes, &job.recipes, |recipe, content| {
                made += 1;
                progress(1);
                if let Err(error) = store.keep(&original.key(recipe), &content) {
                    unkept.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(format!("{error:#}"));
                }
                Ok(())
            })?;
            Ok((job.asset, made, outcome.err()))
        })
        .collect::<Result<_>>()?;
    let cards = pictures.cards.par_iter().with_max_len(1).filter(|one| !store.has(&one.card.key()));
    let drawn = cards.map(|one| {
        let drawn = draw(&one.card)?;
        progress(1);
        if let Err(error) = store.keep(&one.card.key(), &drawn) {
            unkept.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(format!("{error:#}"));
        }
        anyhow::Ok(1)
    });
    let drawn: usize = drawn.try_reduce(|| 0, |one, other| Ok(one + other))?;
    let made = drawn + results.iter().map(|(_, made, _)| made).sum::<usize>();
    let mut broken: Vec<_> = results.into_iter().filter_map(|(asset, _, why)| Some((asset, why?))).collect();
    broken.sort_by_key(|(asset, _)| *asset);
    let unkept = unkept.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Made { made, broken, unkept })
}

/// The pictures to be made of one original.
struct Job {
    asset: u32,
    original: Original,
    recipes: Vec<Recipe>,
}

fn missing(assets: &[Asset], variants: &[Variant], store: &Store) -> Vec<Job> {
    let mut wanted: Vec<&Variant> = variants.iter().collect();
    wanted.sort_by_key(|variant| (variant.asset, variant.recipe));
    let job = |of_one: &[&Variant]| {
        let asset = of_one.first()?.asset;
        let original = Original::of(&assets[asset as usize])?;
        let recipes = of_one.iter().map(|variant| variant.recipe);
        let recipes: Vec<Recipe> = recipes.filter(|recipe| !store.has(&original.key(recipe))).collect();
        (!recipes.is_empty()).then_some(Job { asset, original, recipes })
    };
    wanted.chunk_by(|a, b| a.asset == b.asset).collect::<Vec<_>>().into_par_iter().filter_map(job).collect()
}

/// Puts one picture behind what `out` holds: from the store, or made and kept there. An original that cannot be decoded is the
/// inner error.
pub(super) fn one(
    original: &Original,
    recipe: Recipe,
    store: Option<&Store>,
    out: &mut Vec<u8>,
) -> Result<Result<(), Broken>> {
    let key = original.key(&recipe);
    if store.is_some_and(|store| store.read(&key, out)) {
        return Ok(Ok(()));
    }
    let bytes = Disk::new().read_source(&original.file)?;
    original.make(bytes, &[recipe], |_, content| {
        if let Some(store) = store {
            // Whoever waits for this picture gets it, kept or not.
            let _ = store.keep(&key, &content);
        }
        out.extend_from_slice(&content);
        Ok(())
    })
}

/// Puts a card behind what `out` holds, in the same way.
pub(super) fn card(card: &Card, store: Option<&Store>, out: &mut Vec<u8>) -> Result<()> {
    let key = card.key();
    if store.is_some_and(|store| store.read(&key, out)) {
        return Ok(());
    }
    let drawn = draw(card)?;
    if let Some(store) = store {
        let _ = store.keep(&key, &drawn);
    }
    out.extend_from_slice(&drawn);
    Ok(())
}

fn draw(card: &Card) -> Result<Vec<u8>> {
    card.draw().map_err(anyhow::Error::msg).context("cannot draw a title")
}

/// Memory that is given out.
struct Room {
    free: Mutex<u64>,
    freed: Condvar,
}

/// A part of the memory, given back when it is dropped.
struct Taken<'a>(&'a Room, u64);

impl Room {
    /// Waits until there is so much. Whoever holds some must not wait for anything else, or nobody would go on.
    fn take(&self, wanted: u64) -> Taken<'_> {
        let wanted = wanted.min(ROOM);
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self.freed.wait_while(free, |free| *free < wanted).unwrap_or_else(PoisonError::into_inner);
        *free -= wanted;
        Taken(self, wanted)
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += self.1;
        self.0.freed.notify_all();
    }
}

/// Whether a file's name says that it is a picture whose notes can be left out.
pub(super) fn has_notes(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ["jpg", "jpeg", "jpe", "jfif", "png", "apng", "webp", "gif", "avif", "heic", "heif"]
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
}
