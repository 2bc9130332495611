//! The pictures among the finished files: made before pages are, or when somebody looks at one. Decides nothing about which
//! there are, and writes nothing but into the store.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::finished::{Looked, LookedKind, Output, Shape};
use super::store::Store;
use super::variants::{self, Original};
use crate::page::{Recipe, VARIANTS, wanted};
use crate::picture::{self, Broken, Card};
use crate::project::{Code, Diagnostic};
use crate::rules;

/// What making pictures came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pictures {
    /// How many were made now.
    pub made: usize,
    /// How many were there already.
    pub kept: usize,
    /// Why those that were made are not kept.
    pub unkept: Option<String>,
}

/// A picture that is made of something else, perhaps not yet.
#[derive(Clone, Debug)]
pub struct Unmade(What);

#[derive(Clone, Debug)]
enum What {
    Smaller { original: Original, recipe: picture::Recipe },
    Card(Card),
}

impl Output {
    /// Number of pictures that are made of others, or drawn.
    pub fn picture_count(&self) -> usize {
        self.pictures.variants.len() + self.pictures.cards.len()
    }

    /// Makes every picture that `store` lacks. To be called before files are made: a picture of which nothing can be made is
    /// shown as it is, which pages have to know. Without this call pictures are made when they are asked for.
    ///
    /// # Errors
    /// When an original cannot be read.
    pub fn make_pictures(&mut self, store: &Arc<Store>, progress: &(dyn Fn(usize) + Sync)) -> anyhow::Result<Pictures> {
        let made = variants::make(&self.renderer.site.assets, &self.pictures, store, progress)?;
        self.store = Some(Arc::clone(store));
        if !made.broken.is_empty() {
            self.leave_out(made.broken);
        }
        let is_picture = |recipe: &Recipe| matches!(recipe, Recipe::Variant(_) | Recipe::Card(_));
        let named = self.pages.iter().filter(|page| is_picture(&page.recipe)).count();
        Ok(Pictures { made: made.made, kept: named.saturating_sub(made.made), unkept: made.unkept })
    }

    /// Shows these pictures as they are, and says why.
    fn leave_out(&mut self, broken: Vec<(u32, Broken)>) {
        let why = broken.iter().map(|(asset, why)| (*asset, why)).collect();
        rules::broken_pictures(self.site(), &why).into_iter().for_each(|found| self.note(0, found));
        let broken: FxHashSet<u32> = broken.into_iter().map(|(asset, _)| asset).collect();
        let variants = &self.pictures.variants;
        self.pages.retain(|page| match page.recipe {
            Recipe::Variant(index) => !broken.contains(&variants[index as usize].asset),
            _ => true,
        });
        self.renderer.set_broken(broken);
        self.list();
    }

    /// Says that the pictures of this site are in use, and lets go of those that no build has used for long.
    ///
    /// # Errors
    /// When the store cannot be read or changed.
    pub fn prune_pictures(&self) -> anyhow::Result<()> {
        let Some(store) = &self.store else { return Ok(()) };
        let assets = &self.renderer.site.assets;
        let variants = self.pictures.variants.iter().map(|one| one.recipe.key(&assets[one.asset as usize].hash));
        let keys: Vec<blake3::Hash> = variants.chain(self.pictures.cards.iter().map(|one| one.card.key())).collect();
        store.prune(keys.iter())
    }

    /// The bytes of a picture, made now if it is not kept; a fault is noted.
    pub(super) fn picture(&self, index: usize, buffer: &mut Vec<u8>) -> Option<()> {
        let unmade = self.unmade(self.pages[index].recipe)?;
        let fault = match unmade.put(self.store.as_deref(), buffer) {
            Ok(Ok(())) => return Some(()),
            Ok(Err(broken)) => broken.to_string(),
            Err(error) => format!("{error:#}"),
        };
        let file = unmade.original().map_or(self.pages[index].file.as_str().into(), Path::to_string_lossy);
        let message = format!("no picture can be made of this: {fault}");
        self.note(index, Diagnostic::in_file(Code::UnreadablePicture, file, message));
        None
    }

    fn unmade(&self, recipe: Recipe) -> Option<Unmade> {
        match recipe {
            Recipe::Variant(index) => {
                let variant = &self.pictures.variants[index as usize];
                self.smaller(variant.asset, variant.recipe)
            }
            Recipe::Card(index) => Some(Unmade(What::Card(self.pictures.cards[index as usize].card.clone()))),
            _ => None,
        }
    }

    fn smaller(&self, asset: u32, recipe: picture::Recipe) -> Option<Unmade> {
        let original = Original::of(&self.renderer.site.assets[asset as usize])?;
        Some(Unmade(What::Smaller { original, recipe }))
    }

    /// A picture that is made. While texts are edited a page may name one that is not in the list yet.
    pub(super) fn look_at_picture(&self, path: &str) -> Option<Looked<'_>> {
        if !path.starts_with(VARIANTS) {
            return None;
        }
        let unmade = match self.index(path) {
            Some(index) => self.unmade(self.pages[index].recipe)?,
            None => {
                let now = wanted(self.site());
                let variant = now.variants.iter().find(|one| one.file == path);
                let card = || now.cards.iter().find(|one| one.file == path);
                match variant {
                    Some(variant) => self.smaller(variant.asset, variant.recipe)?,
                    None => Unmade(What::Card(card()?.card.clone())),
                }
            }
        };
        let content = Some(Shape::Picture(unmade));
        Some(Looked { content, kind: LookedKind::Here, source: None, found: Vec::new() })
    }

    /// What is wrong with the pictures of this site of which nothing can be made.
    pub(crate) fn broken_pictures(&self, files: &[(PathBuf, Broken)]) -> Vec<Diagnostic> {
        let assets = &self.site().assets;
        let index = |file: &PathBuf| assets.iter().position(|asset| asset.file == *file);
        let broken = files.iter().filter_map(|(file, why)| Some((index(file)? as u32, why)));
        rules::broken_pictures(self.site(), &broken.collect())
    }
}

impl Unmade {
    /// Where its original is, if it has one.
    pub fn original(&self) -> Option<&Path> {
        match &self.0 {
            What::Smaller { original, .. } => Some(&original.file),
            What::Card(_) => None,
        }
    }

    /// Whether the store has it, so that nobody waits for it.
    pub fn is_kept(&self, store: &Store) -> bool {
        store.has(&match &self.0 {
            What::Smaller { original, recipe } => original.key(recipe),
            What::Card(card) => card.key(),
        })
    }

    /// Its bytes: from the store, or made now and kept there; or why nothing can be made of its original.
    pub(crate) fn make(&self, store: &Store) -> anyhow::Result<Result<Vec<u8>, Broken>> {
        let mut bytes = Vec::new();
        let made = self.put(Some(store), &mut bytes)?;
        Ok(made.map(|()| bytes))
    }

    fn put(&self, store: Option<&Store>, out: &mut Vec<u8>) -> anyhow::Result<Result<(), Broken>> {
        match &self.0 {
            What::Smaller { original, recipe } => variants::one(original, *recipe, store, out),
            What::Card(card) => variants::card(card, store, out).map(Ok),
        }
    }
}
