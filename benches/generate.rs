//! `cargo bench --bench generate -- DIR ARTICLES [hugo]`: writes the benchmark's site, to look at it or to measure something
//! else with it; with `hugo` for Hugo too, into DIR/hugo.

mod corpus;

use std::path::Path;

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let (folder, articles, hugo) = match arguments.as_slice() {
        [folder, articles] => (Path::new(folder), articles, false),
        [folder, articles, hugo] if hugo == "hugo" => (Path::new(folder), articles, true),
        _ => return Err(std::io::Error::other("usage: cargo bench --bench generate -- DIR ARTICLES [hugo]")),
    };
    let articles = articles.parse().map_err(std::io::Error::other)?;
    corpus::write_site(folder, articles, "[search]\nindex = false")?;
    if hugo { corpus::hugo::write_site(folder, &folder.join("hugo")) } else { Ok(()) }
}
