//! Runs plain templates on the views themselves: text, fields, conditions, loops, includes, blocks, components. Everything else
//! is Tera's, which runs the whole page where this module meets anything that it does not know. Never tells a fault.
//!
//! Tera needs a view as a map of values, in which it looks up every name of a template for every page; templates with their values
//! took a quarter of a build. Here a view lends its fields.
//!
//! **Invariant:** whatever this module writes is byte for byte what Tera would have written.

mod expression;
mod run;
mod template;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering::Relaxed;

use rustc_hash::FxHashMap;
use tera::{ComponentArg, Tera, Value};

use super::templates::StaticFile;
use crate::page::Named;
use expression::{Name, Names};
use run::Run;
use template::{Node, Template};

/// The templates that can be run without Tera, as far as they can.
pub(super) struct Direct {
    templates: FxHashMap<String, Template>,
    components: FxHashMap<String, Component>,
    names: Names,
    /// What every template sees.
    globals: Vec<(Name, Value)>,
    files: Box<Files>,
}

/// A static file by the path with which a template asks for it.
type Files = dyn Fn(&str) -> Option<StaticFile> + Send + Sync;

/// After so many pages in a row that a template could not make, it is not tried again. Nobody sees the difference.
const ENOUGH: u32 = 8;

/// A component of any template: there is one of each name.
struct Component {
    arguments: Vec<(Name, ComponentArg)>,
    nodes: Vec<Node>,
}

impl Direct {
    /// Reads templates, by name and text, which Tera has accepted.
    pub(super) fn new(
        texts: &BTreeMap<String, String>,
        tera: &Tera,
        globals: [(&'static str, Value); 2],
        files: Box<Files>,
    ) -> Self {
        let mut templates = FxHashMap::default();
        let mut components = FxHashMap::default();
        let mut names = Names::default();
        for (name, text) in texts {
            let Some(mut template) = template::template(text, &mut names) else { continue };
            for (component, nodes) in template.components.drain(..) {
                let Some(info) = tera.get_component_definition(&component) else { continue };
                if info.rest_param().is_none() {
                    let arguments = info.args().iter().map(|argument| (names.add(argument.name()), argument.clone()));
                    components.insert(component, Component { arguments: arguments.collect(), nodes });
                }
            }
            templates.insert(name.clone(), template);
        }
        let globals = globals.into_iter().map(|(name, value)| (names.add(name), value)).collect();
        Self { templates, components, names, globals, files }
    }

    /// Runs a template that escapes what it shows. Whether it could; what was written is of no use otherwise.
    pub(super) fn render(&self, name: &str, views: &[(&'static str, &dyn Named)], out: &mut Vec<u8>) -> bool {
        let Some(template) = self.templates.get(name) else { return false };
        let failures = template.failures.load(Relaxed);
        if failures == ENOUGH {
            return false;
        }
        // With room for those that most templates add.
        let mut names = Vec::with_capacity(views.len() + 6);
        names.extend(views.iter().filter_map(|(name, view)| Some((self.names.get(name)?, view.seen()))));
        let could = Run::new(self, names, out).template(template).is_some();
        if !could || failures > 0 {
            template.failures.store(if could { 0 } else { failures + 1 }, Relaxed);
        }
        could
    }

    /// Runs a component of templates that escape what they show, the same way.
    pub(super) fn component(&self, name: &str, given: &[(&'static str, &dyn Named)], out: &mut Vec<u8>) -> bool {
        let given: Vec<_> = given.iter().map(|(name, value)| (*name, value.seen())).collect();
        let component = self.components.get(name);
        component.and_then(|component| Run::new(self, Vec::new(), out).component(component, &given)).is_some()
    }
}
