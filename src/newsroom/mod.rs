//! What editors see beside a site while they write: a panel on each page, and an index of the whole. Text from data; it opens no
//! file and no socket, looks at no clock, and takes no part in what is published.

mod chart;
mod elsewhere;
mod facts;
mod findings;
mod index;
mod markup;
mod panel;
mod passages;
mod reading;
mod review;
mod table;

use crate::output::Output;
use crate::project::{Diagnostic, Project};
use crate::site::Site;

pub use index::index;
pub use panel::panel;

/// A site on one day, and what is wrong with it.
#[derive(Clone, Copy)]
pub struct Newsroom<'a> {
    /// The texts, whose lines findings name.
    pub project: &'a Project,
    /// The finished files. The day is that of its site.
    pub output: &'a Output,
    /// Everything that was found, judged and in order.
    pub diagnostics: &'a [Diagnostic],
    /// The folder of the site, in full: a link that opens a file in an editor names it.
    pub root: &'a str,
}

impl<'a> Newsroom<'a> {
    fn site(&self) -> &'a Site {
        self.output.site()
    }
}

/// Name, type and text of each file that the panel and the index need, to be served below `/_galen/`.
pub const ASSETS: [(&str, &str, &str); 4] = [
    ("panel.css", "text/css; charset=utf-8", include_str!("panel.css")),
    ("panel.js", "text/javascript; charset=utf-8", include_str!("panel.js")),
    ("index.css", "text/css; charset=utf-8", include_str!("index.css")),
    ("index.js", "text/javascript; charset=utf-8", include_str!("index.js")),
];
