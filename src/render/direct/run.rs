//! Runs what was read of a template on the views themselves. Whatever is not certain ends the run, and Tera makes the page.

use std::borrow::Cow;
use std::io::Write;

use tera::{ComponentArg, ComponentArgType};

use super::super::templates::filled;
use super::expression::{Expression, LoopField, Operator};
use super::template::{Loop, Node, Template};
use super::{Component, Direct};
use crate::page::{Field, Seen};
use crate::project::write_escaped;

/// How deep templates and components may lead to one another; the templates as a whole are checked before.
const DEEPEST: u32 = 64;

/// One run of a template. Whatever returns an option returns none where Tera is needed.
pub(super) struct Run<'r> {
    direct: &'r Direct,
    /// Names with their values, inner ones last.
    names: Vec<(&'r str, Seen<'r>)>,
    /// Where the names of the component begin that runs: it sees no others.
    component: Option<usize>,
    /// How often each open loop ran, and how often it will.
    loops: Vec<(usize, usize)>,
    /// The template whose blocks count, and those that it extends.
    lineage: Vec<&'r Template>,
    /// The block that runs, and of which template of the lineage.
    block: Option<(&'r str, usize)>,
    depth: u32,
    out: &'r mut Vec<u8>,
}

impl<'r> Run<'r> {
    pub(super) fn new(direct: &'r Direct, names: Vec<(&'r str, Seen<'r>)>, out: &'r mut Vec<u8>) -> Self {
        Self { direct, names, component: None, loops: Vec::new(), lineage: Vec::new(), block: None, depth: 0, out }
    }

    /// Runs a template with all that it extends.
    pub(super) fn template(&mut self, name: &str) -> Option<()> {
        let mut template = self.direct.templates.get(name)?;
        let mut lineage = vec![template];
        while let Some(parent) = &template.parent {
            template = self.direct.templates.get(parent)?;
            lineage.push(template);
            if lineage.len() > DEEPEST as usize {
                return None;
            }
        }
        self.lineage = lineage;
        self.nodes(&template.nodes)
    }

    fn nodes(&mut self, nodes: &'r [Node]) -> Option<()> {
        for node in nodes {
            match node {
                Node::Text(text) => self.out.extend_from_slice(text.as_bytes()),
                Node::Show(Expression::Call(name, arguments)) => self.call(name, arguments)?,
                Node::Show(Expression::Super) => {
                    let (name, from) = self.block?;
                    self.block(name, from + 1)?;
                }
                Node::Show(shown) => {
                    let value = self.value(shown)?;
                    self.show(&value)?;
                }
                Node::If(branches, otherwise) => self.branch(branches, otherwise)?,
                Node::For(repeated) => self.repeat(repeated)?,
                Node::Set(name, value) => {
                    let value = self.value(value).filter(|value| !matches!(value, Seen::Missing))?;
                    self.names.push((name, value));
                }
                Node::Include(name) => self.include(name)?,
                Node::Block(name) => self.block(name, 0)?,
            }
        }
        Some(())
    }

    fn deeper(&mut self, inside: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        if self.depth == DEEPEST {
            return None;
        }
        self.depth += 1;
        inside(self)?;
        self.depth -= 1;
        Some(())
    }

    /// Runs a block as the first template defines it that has it, from one of the lineage on.
    fn block(&mut self, name: &'r str, from: usize) -> Option<()> {
        let mut definitions = self.lineage.iter().enumerate().skip(from);
        let (level, nodes) = definitions.find_map(|(level, template)| Some((level, template.blocks.get(name)?)))?;
        let outer = self.block.replace((name, level));
        self.deeper(|run| run.nodes(nodes))?;
        self.block = outer;
        Some(())
    }

    fn branch(&mut self, branches: &'r [(Expression, Vec<Node>)], otherwise: &'r [Node]) -> Option<()> {
        for (condition, nodes) in branches {
            if truth(&self.value(condition)?)? {
                return self.nodes(nodes);
            }
        }
        self.nodes(otherwise)
    }

    fn repeat(&mut self, Loop { name, list, body, otherwise }: &'r Loop) -> Option<()> {
        let Seen::List(list) = self.value(list)? else { return None };
        let count = list.count();
        if count == 0 {
            return self.nodes(otherwise);
        }
        let outside = self.names.len();
        self.loops.push((0, count));
        for index in 0..count {
            *self.loops.last_mut()? = (index, count);
            self.names.push((name, list.item(index)));
            self.nodes(body)?;
            self.names.truncate(outside);
        }
        self.loops.pop();
        Some(())
    }

    /// What a template sets that is included stays in it.
    fn include(&mut self, name: &str) -> Option<()> {
        let included = self.direct.templates.get(name).filter(|template| template.parent.is_none())?;
        let outside = self.names.len();
        let lineage = std::mem::replace(&mut self.lineage, vec![included]);
        let block = self.block.take();
        self.deeper(|run| run.nodes(&included.nodes))?;
        (self.lineage, self.block) = (lineage, block);
        self.names.truncate(outside);
        Some(())
    }

    /// Calls a component with what stands in a template.
    fn call(&mut self, name: &str, given: &'r [(String, Expression)]) -> Option<()> {
        let component = self.direct.components.get(name)?;
        let given = given.iter().map(|(name, value)| Some((name.as_str(), self.value(value)?)));
        let given = given.collect::<Option<Vec<_>>>()?;
        self.component(component, &given)
    }

    /// Calls a component with what is given to it.
    pub(super) fn component(&mut self, component: &'r Component, given: &[(&str, Seen<'r>)]) -> Option<()> {
        let values = self.arguments(component, given)?;
        let outside = self.names.len();
        let outer = (self.component.replace(outside), self.block.take());
        self.names.extend(values);
        self.deeper(|run| run.nodes(&component.nodes))?;
        self.names.truncate(outside);
        (self.component, self.block) = outer;
        Some(())
    }

    /// What a component gets from a call, from its own defaults, and from where it is called.
    fn arguments(&self, component: &'r Component, given: &[(&str, Seen<'r>)]) -> Option<Vec<(&'r str, Seen<'r>)>> {
        let is_known = |name: &str| component.arguments.iter().any(|argument| argument.name() == name);
        if !given.iter().all(|(name, _)| is_known(name)) {
            return None;
        }
        let value = |argument: &'r ComponentArg| {
            let value = match given.iter().rfind(|(name, _)| *name == argument.name()) {
                Some((_, value)) => value.clone(),
                None if argument.is_implicit() => self.name(argument.name()),
                None => argument.default()?.seen(),
            };
            has_type(&value, argument.arg_type()).then_some((argument.name(), value))
        };
        component.arguments.iter().map(value).collect()
    }

    fn name(&self, name: &str) -> Seen<'r> {
        let visible = &self.names[self.component.unwrap_or_default()..];
        let found = visible.iter().rfind(|(other, _)| *other == name).map(|(_, value)| value.clone());
        // The site is no component's, unless it is handed over.
        let global = || self.direct.globals.get(name).filter(|_| self.component.is_none()).map(Field::seen);
        found.or_else(global).unwrap_or(Seen::Missing)
    }

    fn value(&self, expression: &'r Expression) -> Option<Seen<'r>> {
        Some(match expression {
            Expression::Unknown | Expression::Call(..) | Expression::Super => return None,
            Expression::None => Seen::Nothing,
            Expression::Bool(bool) => Seen::Bool(*bool),
            Expression::Number(number) => Seen::Number(*number),
            Expression::Text(text) => Seen::Text(Cow::Borrowed(text)),
            Expression::Path(name, fields) => fields.iter().try_fold(self.name(name), |value, field| match value {
                Seen::View(view) => Some(view.field(field)),
                Seen::Missing | Seen::Other => None,
                _ => Some(Seen::Missing),
            })?,
            Expression::Loop(field) => {
                let (index, count) = *self.loops.last()?;
                match field {
                    LoopField::Index => Seen::Number(index as i64 + 1),
                    LoopField::Index0 => Seen::Number(index as i64),
                    LoopField::First => Seen::Bool(index == 0),
                    LoopField::Last => Seen::Bool(index + 1 == count),
                    LoopField::Length => Seen::Number(count as i64),
                }
            }
            Expression::Asset(path) => Seen::Text(Cow::Owned((self.direct.files)(path)?.href)),
            Expression::Integrity(path) => {
                Seen::Text(Cow::Owned((self.direct.files)(path)?.integrity.unwrap_or_default()))
            }
            Expression::Not(denied) => Seen::Bool(!truth(&self.value(denied)?)?),
            Expression::Binary(operator, sides) => self.binary(*operator, sides)?,
            Expression::TrimEnd(sides) => {
                let [text, pattern] = self.both(sides)?;
                // Whether what is left of HTML is HTML is Tera's to say.
                let Seen::Text(text) = text else { return None };
                let length = text.trim_end_matches(&*plain(&pattern)?).len();
                Seen::Text(match text {
                    Cow::Borrowed(text) => Cow::Borrowed(&text[..length]),
                    Cow::Owned(text) => Cow::Owned(text[..length].to_owned()),
                })
            }
            Expression::Join(sides) => {
                let [Seen::List(list), Seen::Text(separator)] = self.both(sides)? else { return None };
                let text = |index| match list.item(index) {
                    Seen::Text(text) => Some(text),
                    _ => None,
                };
                let texts = (0..list.count()).map(text).collect::<Option<Vec<_>>>()?;
                Seen::Text(Cow::Owned(texts.join(&*separator)))
            }
            Expression::Replace(parts) => {
                let [text, from, to] = &**parts;
                // The same of HTML.
                let (Seen::Text(text), Seen::Text(from), Seen::Text(to)) =
                    (self.value(text)?, self.value(from)?, self.value(to)?)
                else {
                    return None;
                };
                Seen::Text(Cow::Owned(text.replace(&*from, &to)))
            }
            Expression::Fill(text, arguments) => {
                let value = |(name, value): &'r (String, Expression)| {
                    Some((name.as_str(), number_or_text(&self.value(value)?)?))
                };
                let values: Vec<_> = arguments.iter().map(value).collect::<Option<_>>()?;
                Seen::Text(Cow::Owned(filled(&plain(&self.value(text)?)?, values)))
            }
            Expression::StartsWith(sides) => self.compare(sides, |text, pattern| text.starts_with(pattern))?,
            Expression::Contains(sides) => self.compare(sides, |text, pattern| text.contains(pattern))?,
        })
    }

    fn both(&self, sides: &'r [Expression; 2]) -> Option<[Seen<'r>; 2]> {
        Some([self.value(&sides[0])?, self.value(&sides[1])?])
    }

    fn compare(&self, sides: &'r [Expression; 2], is: fn(&str, &str) -> bool) -> Option<Seen<'r>> {
        let [text, pattern] = self.both(sides)?;
        Some(Seen::Bool(is(&plain(&text)?, &plain(&pattern)?)))
    }

    fn binary(&self, operator: Operator, sides: &'r [Expression; 2]) -> Option<Seen<'r>> {
        if matches!(operator, Operator::Or | Operator::And) {
            let left = self.value(&sides[0])?;
            let is_decided = truth(&left)? == (operator == Operator::Or);
            return if is_decided { Some(left) } else { self.value(&sides[1]) };
        }
        let [left, right] = self.both(sides)?;
        Some(match operator {
            Operator::Equal => Seen::Bool(is_equal(&left, &right)?),
            Operator::Unequal => Seen::Bool(!is_equal(&left, &right)?),
            Operator::Concat => Seen::Text(Cow::Owned(number_or_text(&left)?.into_owned() + &number_or_text(&right)?)),
            _ => {
                let (Seen::Number(left), Seen::Number(right)) = (left, right) else { return None };
                match operator {
                    Operator::Less => Seen::Bool(left < right),
                    Operator::LessOrEqual => Seen::Bool(left <= right),
                    Operator::Greater => Seen::Bool(left > right),
                    Operator::GreaterOrEqual => Seen::Bool(left >= right),
                    _ => Seen::Number(left.checked_add(right)?),
                }
            }
        })
    }

    fn show(&mut self, value: &Seen<'_>) -> Option<()> {
        match value {
            Seen::Nothing => {}
            Seen::Bool(bool) => self.out.extend_from_slice(if *bool { b"true" } else { b"false" }),
            Seen::Number(number) => write!(self.out, "{number}").ok()?,
            Seen::Text(text) => write_escaped(text, self.out).ok()?,
            Seen::Html(html) => self.out.extend_from_slice(html.as_bytes()),
            Seen::Missing | Seen::View(_) | Seen::List(_) | Seen::Other => return None,
        }
        Some(())
    }
}

fn truth(value: &Seen<'_>) -> Option<bool> {
    Some(match value {
        Seen::Missing | Seen::Nothing => false,
        Seen::Bool(bool) => *bool,
        Seen::Number(number) => *number != 0,
        Seen::Text(text) => !text.is_empty(),
        Seen::Html(html) => !html.is_empty(),
        Seen::View(view) => !view.is_empty(),
        Seen::List(list) => list.count() > 0,
        Seen::Other => return None,
    })
}

fn is_equal(left: &Seen<'_>, right: &Seen<'_>) -> Option<bool> {
    use Seen::{Bool, Html, List, Missing, Nothing, Number, Other, Text, View};
    Some(match (left, right) {
        (Missing | Other | View(_) | List(_), _) | (_, Missing | Other | View(_) | List(_)) => return None,
        (Text(_) | Html(_), Text(_) | Html(_)) => plain(left)? == plain(right)?,
        (Number(left), Number(right)) => left == right,
        (Bool(left), Bool(right)) => left == right,
        (Nothing, Nothing) => true,
        _ => false,
    })
}

/// A text, escaped or not.
fn plain<'v>(value: &'v Seen<'_>) -> Option<Cow<'v, str>> {
    match value {
        Seen::Text(text) => Some(Cow::Borrowed(text)),
        Seen::Html(html) => Some(Cow::Borrowed(html)),
        _ => None,
    }
}

/// A text, or a number as a text.
fn number_or_text<'v>(value: &Seen<'v>) -> Option<Cow<'v, str>> {
    match value {
        Seen::Number(number) => Some(Cow::Owned(number.to_string())),
        Seen::Text(text) => Some(text.clone()),
        Seen::Html(html) => Some(Cow::Borrowed(html)),
        _ => None,
    }
}

/// Whether a value is of the type that a component declares.
fn has_type(value: &Seen<'_>, declared: Option<ComponentArgType>) -> bool {
    match declared {
        _ if matches!(value, Seen::Missing | Seen::Nothing | Seen::Other) => false,
        None => true,
        Some(ComponentArgType::String) => matches!(value, Seen::Text(_) | Seen::Html(_)),
        Some(ComponentArgType::Bool) => matches!(value, Seen::Bool(_)),
        Some(ComponentArgType::Integer | ComponentArgType::Number) => matches!(value, Seen::Number(_)),
        Some(ComponentArgType::Array) => matches!(value, Seen::List(_)),
        Some(ComponentArgType::Map) => matches!(value, Seen::View(_)),
        Some(_) => false,
    }
}
