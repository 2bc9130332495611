//! What was written: the texts and files of a site, its settings, its addresses, and the words for its faults.
//! Knows nothing of Markdown, and reads the disk in [`load`](Project::load) alone.

mod address;
mod bytes;
mod code;
mod diagnostic;
mod fingerprint;
mod labels;
mod load;
mod markup;
mod settings;
mod source;
mod style_sheet;
mod suggest;
mod table;

pub use address::{Address, AddressStyle, Invalid};
pub(crate) use address::{Pattern, check_slug, fold, nfc, proposed_address, proposed_slug, slug};
pub(crate) use bytes::{Hits, Lanes, ascii_reach, bits_of, first_of};
pub use code::Code;
pub use diagnostic::{Checked, Diagnostic, Level, Place};
pub use fingerprint::Fingerprint;
pub(crate) use fingerprint::{fingerprint, is_code};
pub use labels::Labels;
pub use load::{Asset, Project};
pub(crate) use load::{Keep, Raster};
pub(crate) use markup::{
    Scheme, escape, escape_into, escape_json_into, escape_text_into, escape_url_into, is_special_in_text, scheme,
    write_escaped,
};
pub use settings::{
    HtmlPolicy, KINDS, MarkdownSettings, Navigation, NavigationEntry, Organization, PictureSettings, ReviewRequired,
    Settings, direction,
};
pub(crate) use settings::{web_address, web_addresses};
pub use source::{Located, Role, Source, SourceId, Span};
pub use suggest::nearest;
pub(crate) use suggest::{Known, did_you_mean};
pub(crate) use table::{Table, read_nothing, read_toml};
