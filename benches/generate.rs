//! `cargo bench --bench generate -- DIR ARTICLES`: writes the benchmark's site, to look at it or to measure something else with it.

mod corpus;

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [folder, articles] = arguments.as_slice() else {
        return Err(std::io::Error::other("usage: cargo bench --bench generate -- DIR ARTICLES"));
    };
    let articles = articles.parse().map_err(std::io::Error::other)?;
    corpus::write_site(std::path::Path::new(folder), articles, "[search]\nindex = false")
}
