//! Reads the text of a template into what can be run without Tera. Runs nothing.

use std::sync::atomic::AtomicU32;

use rustc_hash::FxHashMap;

use super::super::tokens::{Token, first_word, quoted, tokens};
use super::expression::{Expression, Name, Names, expression};

/// Statements that may stand within one another. Tera takes a few more.
const MOST_NESTED: usize = 32;

/// A part of a template.
#[derive(Debug)]
pub(super) enum Node {
    /// Written as it is.
    Text(String),
    /// The value of an expression.
    Show(Expression),
    /// Conditions with what each is for, and what stands for none of them.
    If(Vec<(Expression, Vec<Self>)>, Vec<Self>),
    /// Something for each item of a list.
    For(Box<Loop>),
    /// A name for a value.
    Set(Name, Expression),
    /// Another template.
    Include(String),
    /// What the first of the templates that extend one another has for this block.
    Block(String),
}

/// A statement that only Tera knows.
const UNKNOWN: Node = Node::Show(Expression::Unknown);

/// The parts of a `for`.
#[derive(Debug)]
pub(super) struct Loop {
    pub name: Name,
    pub list: Expression,
    pub body: Vec<Node>,
    /// What stands for an empty list.
    pub otherwise: Vec<Node>,
}

/// A template, read.
#[derive(Debug, Default)]
pub(super) struct Template {
    /// The one that it extends.
    pub parent: Option<String>,
    pub nodes: Vec<Node>,
    /// Its blocks, those within others too.
    pub blocks: FxHashMap<String, Vec<Node>>,
    /// The components that it defines.
    pub components: Vec<(String, Vec<Node>)>,
    /// How many pages in a row it could not make.
    pub failures: AtomicU32,
}

/// A statement that has not ended yet.
enum Open {
    /// The branches so far, and the condition of the one that is read; none for the last.
    If(Vec<(Expression, Vec<Node>)>, Option<Expression>),
    /// The variable and the list, and the body once that has ended.
    For(Name, Expression, Option<Vec<Node>>),
    Block(String),
    Component(String),
}

/// A statement that is being read, with what stands before it on the same level.
struct Frame {
    open: Open,
    before: Vec<Node>,
}

/// Reads a template; none where it is built in a way that this module does not know, or nests too deep.
pub(super) fn template(text: &str, names: &mut Names) -> Option<Template> {
    let mut template = Template::default();
    let mut reader = Reader { template: &mut template, names, frames: Vec::new(), nodes: Vec::new() };
    for token in tokens(text)? {
        match token {
            Token::Text("") => {}
            Token::Text(text) => reader.nodes.push(Node::Text(text.to_owned())),
            Token::Output(inside) => {
                let shown = reader.expression(inside);
                reader.nodes.push(Node::Show(shown));
            }
            Token::Statement(inside) => reader.statement(inside)?,
        }
    }
    let Reader { frames, nodes, .. } = reader;
    template.nodes = nodes;
    frames.is_empty().then_some(template)
}

struct Reader<'t> {
    template: &'t mut Template,
    names: &'t mut Names,
    frames: Vec<Frame>,
    /// What was read on this level.
    nodes: Vec<Node>,
}

impl Reader<'_> {
    fn expression(&mut self, text: &str) -> Expression {
        let is_in_loop = self.frames.iter().any(|frame| matches!(frame.open, Open::For(_, _, None)));
        expression(text, is_in_loop, self.names)
    }

    fn open(&mut self, open: Open) -> Option<()> {
        self.frames.push(Frame { open, before: std::mem::take(&mut self.nodes) });
        (self.frames.len() <= MOST_NESTED).then_some(())
    }

    /// Ends the innermost statement: what it was, and what is in it.
    fn close(&mut self) -> Option<(Open, Vec<Node>)> {
        let frame = self.frames.pop()?;
        Some((frame.open, std::mem::replace(&mut self.nodes, frame.before)))
    }

    fn statement(&mut self, inside: &str) -> Option<()> {
        let (word, rest) = first_word(inside);
        match word {
            "if" => {
                let condition = self.expression(rest);
                self.open(Open::If(Vec::new(), Some(condition)))?;
            }
            "elif" | "else" => self.next_branch(word, rest)?,
            "endif" => match self.close()? {
                (Open::If(mut branches, Some(condition)), nodes) => {
                    branches.push((condition, nodes));
                    self.nodes.push(Node::If(branches, Vec::new()));
                }
                (Open::If(branches, None), nodes) => self.nodes.push(Node::If(branches, nodes)),
                _ => return None,
            },
            "for" => {
                let (name, list) = match rest.split_once(" in ") {
                    Some((name, list)) if is_name(name.trim()) => (name.trim(), self.expression(list)),
                    _ => ("", Expression::Unknown),
                };
                let name = self.names.add(name);
                self.open(Open::For(name, list, None))?;
            }
            "endfor" => {
                let (Open::For(name, list, body), nodes) = self.close()? else { return None };
                let (body, otherwise) = match body {
                    Some(body) => (body, nodes),
                    None => (nodes, Vec::new()),
                };
                self.nodes.push(Node::For(Box::new(Loop { name, list, body, otherwise })));
            }
            "block" => self.open(Open::Block(rest.trim().to_owned()))?,
            "endblock" => {
                let (Open::Block(name), nodes) = self.close()? else { return None };
                self.template.blocks.insert(name.clone(), nodes);
                self.nodes.push(Node::Block(name));
            }
            "component" => {
                // White space within a name is none of it.
                let name = rest.split('(').next()?.split_whitespace().collect();
                self.open(Open::Component(name))?;
            }
            "endcomponent" => {
                let (Open::Component(name), nodes) = self.close()? else { return None };
                self.template.components.push((name, nodes));
            }
            "extends" => self.template.parent = Some(quoted(rest)?.to_owned()),
            "include" => self.nodes.push(quoted(rest).map_or(UNKNOWN, |name| Node::Include(name.to_owned()))),
            "set" => {
                let set = match rest.split_once('=') {
                    Some((name, value)) if is_name(name.trim()) => {
                        Node::Set(self.names.add(name.trim()), self.expression(value))
                    }
                    _ => UNKNOWN,
                };
                self.nodes.push(set);
            }
            _ => self.nodes.push(UNKNOWN),
        }
        Some(())
    }

    /// The next branch of the innermost statement.
    fn next_branch(&mut self, word: &str, condition: &str) -> Option<()> {
        let condition = (word == "elif").then(|| self.expression(condition));
        let nodes = std::mem::take(&mut self.nodes);
        match &mut self.frames.last_mut()?.open {
            Open::If(branches, current) => branches.push((std::mem::replace(current, condition)?, nodes)),
            Open::For(_, _, body @ None) if condition.is_none() => *body = Some(nodes),
            _ => return None,
        }
        Some(())
    }
}

/// Whether a text is a variable's name and nothing else.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
