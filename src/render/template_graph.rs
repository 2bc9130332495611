//! Reads from the text of templates which of them extend, include or call which, and which blocks stand in which; never compiles
//! or renders one.
//!
//! Tera walks such chains with recursive functions, so a long or circular one must be found before Tera sees it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::tokens::first_word;

/// One template leads to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    /// Name of the template.
    pub from: String,
    /// Name of the one it leads to.
    pub to: String,
    /// Where that name is written, in bytes.
    pub range: Range<usize>,
}

/// What is wrong with the templates as a whole.
#[derive(Debug)]
pub(super) struct Graph {
    /// Names that no template has.
    pub missing: Vec<Edge>,
    /// One edge of each circle.
    pub cycles: Vec<Edge>,
    /// Where chains get too long.
    pub deep: Vec<Edge>,
}

/// Finds what is wrong with templates, by name and text. Chains may be `deepest` long.
pub(super) fn graph(texts: &BTreeMap<&str, &str>, deepest: usize) -> Graph {
    let known = components(texts);
    let mut edges: BTreeMap<String, Vec<Edge>> = BTreeMap::new();
    let mut missing = Vec::new();
    for (name, text) in texts {
        for reference in references(text) {
            let to = match &reference.to {
                To::Template(to) if texts.contains_key(to.as_str()) => to.clone(),
                To::Template(to) => {
                    missing.push(Edge { from: (*name).to_owned(), to: to.clone(), range: reference.range });
                    continue;
                }
                // Tera itself reports components that do not exist.
                To::Component(to) if !known.contains(to.as_str()) => continue,
                To::Component(to) => component_node(to),
            };
            let node = reference.within.as_deref().map_or_else(|| (*name).to_owned(), component_node);
            edges.entry(node).or_default().push(Edge { from: (*name).to_owned(), to, range: reference.range });
        }
    }
    let nodes: Vec<String> = edges.keys().cloned().collect();
    let mut cycles = cut_cycles(&nodes, &mut edges);
    cycles.extend(block_cycles(texts));
    let deep = too_deep(&nodes, &edges, deepest);
    Graph { missing, cycles, deep }
}

fn component_node(name: &str) -> String {
    format!("<{name}>")
}

/// The components that a template defines, each with the range of its definition.
pub(super) fn definitions(text: &str) -> Vec<(String, Range<usize>)> {
    let mut definitions: Vec<(String, Range<usize>)> = Vec::new();
    for tag in tags(text) {
        match statement(&text[tag.clone()]) {
            Some(("component", rest)) => definitions.push((component_name(rest), tag.start..text.len())),
            Some(("endcomponent", _)) => {
                if let Some((_, range)) = definitions.last_mut() {
                    range.end = tag.end;
                }
            }
            _ => {}
        }
    }
    definitions
}

fn components(texts: &BTreeMap<&str, &str>) -> BTreeSet<String> {
    texts.values().flat_map(|text| definitions(text)).map(|(name, _)| name).collect()
}

/// The first word of a `{% … %}`, and what follows it. What is in a `{{ … }}` is no statement.
pub(super) fn statement(tag: &str) -> Option<(&str, &str)> {
    let inside = tag.strip_prefix("{%")?;
    Some(first_word(inside.strip_prefix('-').unwrap_or(inside).trim_start()))
}

fn component_name(rest: &str) -> String {
    rest.trim_start().chars().take_while(|c| is_name(*c)).collect()
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '.' | '-')
}

/// Every `{% … %}` and `{{ … }}`, comments and raw text left out.
fn tags(text: &str) -> Vec<Range<usize>> {
    let mut tags = marks(text);
    tags.retain(|tag| !text[tag.clone()].starts_with("{#"));
    tags
}

/// Every `{% … %}`, `{{ … }}` and `{# … #}`, those within raw text left out.
pub(super) fn marks(text: &str) -> Vec<Range<usize>> {
    let mut marks = Vec::new();
    let mut at = 0;
    let mut is_raw = false;
    while let Some(open) = text[at..].find('{').map(|open| at + open) {
        let rest = &text[open..];
        let length = match rest.as_bytes().get(1) {
            Some(b'%') if !is_raw || ends_raw(rest) => tag_length(rest, "%}"),
            Some(b'{') if !is_raw => tag_length(rest, "}}"),
            Some(b'#') if !is_raw => rest[2..].find("#}").map(|end| end + 4),
            _ => {
                at = open + 1;
                continue;
            }
        };
        // What does not end is Tera's to report, and hides whatever comes after it.
        let Some(length) = length else { break };
        is_raw = is_word(&rest[..length], "raw");
        marks.push(open..open + length);
        at = open + length;
    }
    marks
}

/// Whether the tag that begins a text ends raw text.
fn ends_raw(text: &str) -> bool {
    text[2..].trim_start_matches('-').trim_start().starts_with("endraw")
}

/// Whether a tag is this word and nothing else.
fn is_word(tag: &str, word: &str) -> bool {
    statement(tag).is_some_and(|(first, rest)| first == word && matches!(rest.trim_start(), "%}" | "-%}"))
}

/// The length of a tag that begins a text. Its end does not count within quotes, as Tera reads it.
pub(super) fn tag_length(text: &str, end: &str) -> Option<usize> {
    let mut quote = None;
    let mut bytes = text.bytes().enumerate().skip(2);
    while let Some((at, byte)) = bytes.next() {
        match quote {
            Some(_) if byte == b'\\' => drop(bytes.next()),
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if matches!(byte, b'"' | b'\'' | b'`') => quote = Some(byte),
            None if text.as_bytes()[at..].starts_with(end.as_bytes()) => return Some(at + end.len()),
            None => {}
        }
    }
    None
}

/// What a tag leads to.
enum To {
    Template(String),
    Component(String),
}

/// Something that a text leads to, and the component within which it stands.
struct Reference {
    to: To,
    range: Range<usize>,
    within: Option<String>,
}

fn references(text: &str) -> Vec<Reference> {
    let mut references = Vec::new();
    let mut within = None;
    for tag in tags(text) {
        match statement(&text[tag.clone()]) {
            Some(("component", rest)) => {
                within = Some(component_name(rest));
                continue;
            }
            Some(("endcomponent", _)) => {
                within = None;
                continue;
            }
            Some(("extends" | "include", _)) => {
                if let Some((name, range)) = quoted(text, tag.clone()) {
                    references.push(Reference { to: To::Template(name), range, within: within.clone() });
                }
            }
            _ => {}
        }
        for (name, range) in calls(text, tag) {
            references.push(Reference { to: To::Component(name), range, within: within.clone() });
        }
    }
    references
}

/// The name in quotes within a tag.
fn quoted(text: &str, tag: Range<usize>) -> Option<(String, Range<usize>)> {
    let inside = &text[tag.clone()];
    let open = inside.find(['"', '\'', '`'])?;
    let quote = char::from(inside.as_bytes()[open]);
    let length = inside[open + 1..].find(quote)?;
    let start = tag.start + open + 1;
    Some((text[start..start + length].to_owned(), start..start + length))
}

/// Every name in quotes within a template's tags: it may be that of another template, in a list or a variable too.
pub(super) fn named_templates(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for tag in tags(text) {
        let mut rest = tag.clone();
        while let Some((name, range)) = quoted(text, rest.clone()) {
            rest.start = range.end + 1;
            names.insert(name);
        }
    }
    names
}

/// Calls of components: `<name` within a tag.
fn calls(text: &str, tag: Range<usize>) -> Vec<(String, Range<usize>)> {
    let inside = &text[tag.clone()];
    let mut calls = Vec::new();
    for (at, _) in inside.match_indices('<') {
        let name: String = inside[at + 1..].chars().take_while(|c| is_name(*c)).collect();
        if !name.is_empty() {
            let start = tag.start + at + 1;
            calls.push((name.clone(), start..start + name.len()));
        }
    }
    calls
}

/// What a tag puts in its place: a template by its name, a block as `{name`, components as `<name`.
pub(super) fn insertions(text: &str, tag: Range<usize>) -> Vec<String> {
    let mut names: Vec<String> = calls(text, tag.clone()).into_iter().map(|(name, _)| format!("<{name}")).collect();
    match statement(&text[tag.clone()]) {
        Some(("include", _)) => names.extend(quoted(text, tag).map(|(name, _)| name)),
        Some(("block", rest)) => names.push(format!("{{{}", component_name(rest))),
        _ => {}
    }
    names
}

/// What a template defines or inserts anywhere, as [`insertions`] names it.
pub(super) fn all_insertions(text: &str) -> BTreeSet<String> {
    let inserted = tags(text).into_iter().flat_map(|tag| insertions(text, tag));
    inserted.chain(definitions(text).into_iter().map(|(name, _)| format!("<{name}"))).collect()
}

/// A block of a template.
struct Block {
    name: String,
    /// The blocks directly within it, and each `super()` under an empty name.
    within: Vec<(String, Range<usize>)>,
}

/// The blocks of a template. The first, without a name, is what stands in none; alone, where one does not end.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = vec![Block { name: String::new(), within: Vec::new() }];
    let mut open = vec![0];
    for tag in tags(text) {
        let inside = &text[tag.clone()];
        let innermost = open.last().copied().unwrap_or_default();
        match statement(inside) {
            Some(("block", rest)) => {
                let name = first_word(rest).0.to_owned();
                blocks[innermost].within.push((name.clone(), tag));
                open.push(blocks.len());
                blocks.push(Block { name, within: Vec::new() });
            }
            Some(("endblock", _)) if open.len() > 1 => drop(open.pop()),
            _ if calls_super(inside) => blocks[innermost].within.push((String::new(), tag)),
            _ => {}
        }
    }
    if open.len() > 1 {
        blocks.truncate(1);
    }
    blocks
}

/// Whether a tag holds `super()`.
fn calls_super(tag: &str) -> bool {
    tag.match_indices("super").any(|(at, word)| {
        let (before, after) = (&tag[..at], &tag[at + word.len()..]);
        !before.ends_with(|c: char| c.is_alphanumeric() || "_.\"'".contains(c)) && after.trim_start().starts_with('(')
    })
}

/// Blocks that stand within themselves once templates extend one another: the outer of two in one is the inner in another.
fn block_cycles(texts: &BTreeMap<&str, &str>) -> Vec<Edge> {
    let mut parents = BTreeMap::new();
    for (name, text) in texts {
        let extends = |tag: &Range<usize>| matches!(statement(&text[tag.clone()]), Some(("extends", _)));
        if let Some((parent, _)) = tags(text).into_iter().find(extends).and_then(|tag| quoted(text, tag)) {
            parents.insert(*name, parent);
        }
    }
    let blocks: BTreeMap<&str, Vec<Block>> = texts.iter().map(|(name, text)| (*name, blocks(text))).collect();
    let mut lineages: Vec<Vec<&str>> = parents.keys().map(|name| lineage(name, &parents)).collect();
    lineages.sort_by_key(Vec::len);
    let mut cycles: Vec<Edge> = Vec::new();
    for lineage in lineages {
        // A template is not at fault for what it extends.
        if !cycles.iter().any(|cycle| lineage.contains(&cycle.from.as_str())) {
            cycles.extend(block_cycle(&lineage, &blocks));
        }
    }
    cycles
}

/// A template and those that it extends, one after the other; each once.
fn lineage<'t>(name: &'t str, parents: &'t BTreeMap<&str, String>) -> Vec<&'t str> {
    let mut lineage = vec![name];
    while let Some(parent) =
        parents.get(lineage[lineage.len() - 1]).filter(|parent| !lineage.contains(&parent.as_str()))
    {
        lineage.push(parent);
    }
    lineage
}

/// A circle among the blocks of a template and those that it extends, told of that template.
fn block_cycle(lineage: &[&str], blocks: &BTreeMap<&str, Vec<Block>>) -> Option<Edge> {
    let node = |level: usize, block: &str| format!("{level} {block}");
    let none = Vec::new();
    let of = |level: usize| blocks.get(lineage[level]).unwrap_or(&none).iter().skip(1);
    let mut levels: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (level, block) in (0..lineage.len()).flat_map(|level| of(level).map(move |block| (level, block))) {
        levels.entry(&block.name).or_default().push(level);
    }
    let mut edges: BTreeMap<String, Vec<Edge>> = BTreeMap::new();
    for (level, block) in (0..lineage.len()).flat_map(|level| of(level).map(move |block| (level, block))) {
        for (name, range) in &block.within {
            // The first template that has a block decides what it is; `super()` asks the next.
            let to = match name.as_str() {
                "" => {
                    levels[block.name.as_str()].iter().find(|next| **next > level).map(|next| node(*next, &block.name))
                }
                name => levels.get(name).and_then(|levels| levels.first()).map(|first| node(*first, name)),
            };
            let edge = to.map(|to| Edge { from: lineage[level].to_owned(), to, range: range.clone() });
            edges.entry(node(level, &block.name)).or_default().extend(edge);
        }
    }
    // A page begins with the blocks of the last template.
    let outermost = lineage.len() - 1;
    let begun = blocks.get(lineage[outermost])?.first()?.within.iter();
    let starts = begun.filter_map(|(name, _)| Some(node(*levels.get(name.as_str())?.first()?, name)));
    let cut = cut_cycles(&starts.collect::<Vec<_>>(), &mut edges);
    let edge = cut.iter().find(|edge| edge.from == lineage[0]).or(cut.first())?;
    let name = edge.to.split(' ').nth(1).unwrap_or_default();
    let own = of(0).flat_map(|block| &block.within).chain(&blocks.get(lineage[0])?[0].within);
    let range = match edge.from == lineage[0] {
        true => edge.range.clone(),
        false => own.map(|(_, range)| range.clone()).next().unwrap_or_default(),
    };
    Some(Edge { from: lineage[0].to_owned(), to: format!("{{{name}"), range })
}

/// Takes one edge out of every circle and returns them. The stack is explicit, since chains can be long.
fn cut_cycles(nodes: &[String], edges: &mut BTreeMap<String, Vec<Edge>>) -> Vec<Edge> {
    let mut cut = Vec::new();
    let mut done: BTreeSet<String> = BTreeSet::new();
    for start in nodes {
        let mut path: Vec<(String, usize)> = vec![(start.clone(), 0)];
        let mut open: BTreeSet<String> = [start.clone()].into();
        while let Some((name, next)) = path.last_mut() {
            let edge = edges.get(name.as_str()).and_then(|list| list.get(*next)).cloned();
            *next += 1;
            match edge {
                None => {
                    if let Some((name, _)) = path.pop() {
                        open.remove(&name);
                        done.insert(name);
                    }
                }
                Some(edge) if open.contains(&edge.to) => cut.push(edge),
                Some(edge) if done.contains(&edge.to) => {}
                Some(edge) => {
                    open.insert(edge.to.clone());
                    path.push((edge.to, 0));
                }
            }
        }
    }
    for list in edges.values_mut() {
        list.retain(|edge| !cut.contains(edge));
    }
    cut
}

/// Edges with which a chain becomes longer than `deepest`. There are no circles any more.
fn too_deep(nodes: &[String], edges: &BTreeMap<String, Vec<Edge>>, deepest: usize) -> Vec<Edge> {
    let mut depth: BTreeMap<String, usize> = BTreeMap::new();
    let mut deep = Vec::new();
    for start in nodes {
        let mut path: Vec<(String, usize)> = vec![(start.clone(), 0)];
        while let Some((name, next)) = path.last_mut() {
            let list = edges.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
            if let Some(edge) = list.get(*next) {
                *next += 1;
                if !depth.contains_key(&edge.to) {
                    path.push((edge.to.clone(), 0));
                }
                continue;
            }
            let below = list.iter().map(|edge| depth.get(&edge.to).copied().unwrap_or_default() + 1);
            let mut own = below.max().unwrap_or_default();
            if own > deepest {
                // The chain will be cut here, and begins anew above.
                deep.extend(list.first().cloned());
                own = 0;
            }
            depth.insert(name.clone(), own);
            path.pop();
        }
    }
    deep
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(texts: &[(&str, &str)]) -> (usize, usize, usize) {
        let graph = graph(&texts.iter().copied().collect(), 3);
        (graph.missing.len(), graph.cycles.len(), graph.deep.len())
    }

    #[test]
    fn circles_gaps_and_depth_are_found() {
        assert_eq!(problems(&[("a", "{% extends \"b\" %}"), ("b", "x")]), (0, 0, 0));
        assert_eq!(problems(&[("a", "{%- extends 'a' -%}")]), (0, 1, 0));
        assert_eq!(problems(&[("a", "{% include \"b\" %}"), ("b", "{% include \"a\" %}")]), (0, 1, 0));
        assert_eq!(problems(&[("a", "{% include \"nope\" %}{# {% include \"no\" %} #}")]), (1, 0, 0));
        assert_eq!(problems(&[("a", "{% component x() %}{{ <x /> }}{% endcomponent x %}")]), (0, 1, 0));
        let siblings =
            "{% component x() %}x{% endcomponent x %}{% component y() %}{{ <x /> }}{% endcomponent y %}{{ <y /> }}";
        assert_eq!(problems(&[("a", siblings)]), (0, 0, 0));
        // What is raw, a comment, a text or only named like it includes nothing; what stands behind it does.
        assert_eq!(problems(&[("a", "{% raw %}{% include 'x' %}{{ {# {%- endraw -%}{% include 'y' %}")]), (1, 0, 0));
        assert_eq!(problems(&[("a", "{{ include_x | default(value='y') }}{% set extends_x = 'y' %}")]), (0, 0, 0));
        assert_eq!(
            problems(&[("a", "{# {% include 'x' %} #}{{ '}}{#' }}{% set x = '%}' %}{%include 'a'%}")]),
            (0, 1, 0)
        );
        assert_eq!(problems(&[("a", "{% component\nx() %}{{ <x /> }}{% endcomponent x %}")]), (0, 1, 0));
        let turned = [
            ("a", "{% extends 'b' %}{% block y %}{% block x %}{{-super()}}{% endblock x %}{% endblock y %}"),
            ("b", "{% block x %}{% block y %}{% endblock y %}{% endblock x %}"),
            ("c", "{% extends 'a' %}"),
        ];
        assert_eq!(problems(&turned), (0, 1, 0));
        let kept = [
            ("a", "{% extends 'b' %}{% block x %}{% block y %}{{ super() }}{% endblock y %}{% endblock x %}"),
            ("b", "{% block x %}{% block y %}{% endblock y %}{% endblock x %}"),
        ];
        assert_eq!(problems(&kept), (0, 0, 0));
        let unreached = [
            (
                "a",
                "{% extends 'b' %}{% block z %}new{% endblock %}{% block p %}{% block q %}{% endblock %}{% endblock %}",
            ),
            ("b", "{% extends 'c' %}{% block q %}{% block p %}{% endblock %}{% endblock %}"),
            ("c", "{% block z %}{% block p %}{% endblock %}{% block q %}{% endblock %}{% endblock %}"),
        ];
        assert_eq!(problems(&unreached), (0, 0, 0));
        let no_call = [
            (
                "a",
                "{% extends 'b' %}{% block y %}{% block x %}{{ a.super }}{{ superb(a=1) }}{% endblock %}{% endblock %}",
            ),
            ("b", "{% block x %}{% block y %}{% endblock %}{% endblock %}"),
        ];
        assert_eq!(problems(&no_call), (0, 0, 0));
        let long = [
            ("a", "{% include 'b' %}"),
            ("b", "{% include 'c' %}"),
            ("c", "{% include 'd' %}"),
            ("d", "{% include 'e' %}"),
            ("e", ""),
        ];
        assert_eq!(problems(&long), (0, 0, 1));
    }
}
