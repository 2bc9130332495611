//! Runs what was read of a template on the views themselves. Whatever is not certain ends the run, and Tera makes the page. Never
//! tells a fault, and never writes what Tera would not.

use std::borrow::Cow;
use std::io::Write;

use tera::{ComponentArg, ComponentArgType};

use super::super::templates::filled;
use super::expression::{Expression, LoopField, Name, Operator};
use super::template::{Loop, Node, Template};
use super::{Component, Direct};
use crate::page::{Field, Seen};
use crate::project::write_escaped;

/// Templates, blocks and components that may be open, each within the one before. Templates may lead to one another 32 deep, and
/// each has a few blocks within one another; what goes deeper than twice that is Tera's.
const MOST_OPEN: u32 = 64;

/// Components that may be open; with more, Tera fails. Its own limit of the same meaning is called `MAX_COMPONENT_RECURSION_DEPTH`.
const MOST_COMPONENTS: u32 = 20;

/// One run of a template. Whatever returns an option returns none where Tera is needed.
pub(super) struct Run<'r> {
    direct: &'r Direct,
    /// Names with their values, inner ones last.
    names: Vec<(Name, Seen<'r>)>,
    /// Where the names of the component begin that runs: it sees no others.
    component: Option<usize>,
    /// How often each open loop ran, and how often it will.
    loops: Vec<(usize, usize)>,
    /// The template whose blocks count, and those that it extends.
    lineage: Vec<&'r Template>,
    /// The block that runs, and of which template of the lineage.
    block: Option<(&'r str, usize)>,
    open: u32,
    components: u32,
    out: &'r mut Vec<u8>,
}

impl<'r> Run<'r> {
    pub(super) fn new(direct: &'r Direct, names: Vec<(Name, Seen<'r>)>, out: &'r mut Vec<u8>) -> Self {
        Self {
            direct,
            names,
            component: None,
            // As many as most pages have.
            loops: Vec::with_capacity(4),
            lineage: Vec::new(),
            block: None,
            open: 0,
            components: 0,
            out,
        }
    }

    /// Runs a template with all that it extends.
    pub(super) fn template(&mut self, mut template: &'r Template) -> Option<()> {
        let mut lineage = vec![template];
        while let Some(parent) = &template.parent {
            template = self.direct.templates.get(parent)?;
            lineage.push(template);
            if lineage.len() > MOST_OPEN as usize {
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
                Node::Show(shown) => self.show(shown)?,
                Node::If(branches, otherwise) => self.branch(branches, otherwise)?,
                Node::For(repeated) => self.repeat(repeated)?,
                Node::Set(name, value) => {
                    let value = self.value(value).filter(|value| !matches!(value, Seen::Missing))?;
                    self.names.push((*name, value));
                }
                Node::Include(name) => self.include(name)?,
                Node::Block(name) => self.block(name, 0)?,
            }
        }
        Some(())
    }

    fn deeper(&mut self, inside: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        if self.open == MOST_OPEN {
            return None;
        }
        self.open += 1;
        inside(self)?;
        self.open -= 1;
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
            if self.truth(condition)? {
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
            self.names.push((*name, list.item(index)));
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
        if self.components == MOST_COMPONENTS {
            return None;
        }
        let values = self.arguments(component, given)?;
        self.components += 1;
        let outside = self.names.len();
        let outer = (self.component.replace(outside), self.block.take());
        self.names.extend(values);
        self.deeper(|run| run.nodes(&component.nodes))?;
        self.names.truncate(outside);
        (self.component, self.block) = outer;
        self.components -= 1;
        Some(())
    }

    /// What a component gets from a call, from its own defaults, and from where it is called.
    fn arguments(&self, component: &'r Component, given: &[(&str, Seen<'r>)]) -> Option<Vec<(Name, Seen<'r>)>> {
        let is_known = |name: &str| component.arguments.iter().any(|(_, argument)| argument.name() == name);
        if !given.iter().all(|(name, _)| is_known(name)) {
            return None;
        }
        let value = |(name, argument): &'r (Name, ComponentArg)| {
            let value = match given.iter().rfind(|(name, _)| *name == argument.name()) {
                Some((_, value)) => *value,
                // Where a component is called, everything can be seen that its callers see.
                None if argument.is_implicit() => self.visible(*name, 0, true),
                None => argument.default()?.seen(),
            };
            has_type(&value, argument.arg_type()).then_some((*name, value))
        };
        component.arguments.iter().map(value).collect()
    }

    /// What a name stands for here. The site is no component's, unless it is handed over.
    fn named(&self, name: Name) -> Seen<'r> {
        self.visible(name, self.component.unwrap_or_default(), self.component.is_none())
    }

    /// What a name stands for among those from one on and, where wanted, those that every template sees.
    fn visible(&self, name: Name, from: usize, globals: bool) -> Seen<'r> {
        if let Some((_, value)) = self.names[from..].iter().rfind(|(other, _)| *other == name) {
            return *value;
        }
        let global = self.direct.globals.iter().find(|(other, _)| globals && *other == name);
        global.map_or(Seen::Missing, |(_, value)| value.seen())
    }

    /// The value at the end of a path.
    fn path(&self, name: Name, fields: &'r [String]) -> Option<Seen<'r>> {
        let mut value = self.named(name);
        for field in fields {
            value = match value {
                Seen::View(view) => view.field(field),
                Seen::Missing | Seen::Other => return None,
                _ => Seen::Missing,
            };
        }
        Some(value)
    }

    /// The value of an expression, which is looked at once.
    fn evaluate(&self, expression: &'r Expression) -> Option<Evaluated<'r>> {
        Some(Evaluated::New(match expression {
            Expression::Asset(path) => (self.direct.files)(path)?.href,
            Expression::Integrity(path) => (self.direct.files)(path)?.integrity.unwrap_or_default(),
            Expression::Binary(Operator::Concat, sides) => {
                self.text_or_number(&sides[0])?.into_owned() + &self.text_or_number(&sides[1])?
            }
            Expression::Join(sides) => {
                let (Seen::List(list), Seen::Text(separator)) = (self.value(&sides[0])?, self.value(&sides[1])?) else {
                    return None;
                };
                let text = |index| match list.item(index) {
                    Seen::Text(text) => Some(text),
                    _ => None,
                };
                (0..list.count()).map(text).collect::<Option<Vec<_>>>()?.join(separator)
            }
            Expression::Replace(parts) => {
                let [text, from, to] = &**parts;
                self.plain(text)?.replace(&*self.plain(from)?, &self.plain(to)?)
            }
            Expression::TrimEnd(sides) => match (self.plain(&sides[0])?, self.text(&sides[1])?) {
                (Cow::Borrowed(text), pattern) => {
                    return Some(Evaluated::Lent(Seen::Text(text.trim_end_matches(&*pattern))));
                }
                (Cow::Owned(text), pattern) => text.trim_end_matches(&*pattern).to_owned(),
            },
            Expression::Fill(text, arguments) => {
                let value =
                    |(name, value): &'r (String, Expression)| Some((name.as_str(), self.text_or_number(value)?));
                filled(&self.text(text)?, arguments.iter().map(value).collect::<Option<Vec<_>>>()?)
            }
            _ => return Some(Evaluated::Lent(self.lent(expression)?)),
        }))
    }

    /// The value of an expression that makes no text.
    fn lent(&self, expression: &'r Expression) -> Option<Seen<'r>> {
        Some(match expression {
            Expression::Path(name, fields) => self.path(*name, fields)?,
            Expression::None => Seen::Nothing,
            Expression::Bool(bool) => Seen::Bool(*bool),
            Expression::Number(number) => Seen::Number(*number),
            Expression::Text(text) => Seen::Text(text),
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
            Expression::Not(denied) => Seen::Bool(!self.truth(denied)?),
            Expression::Binary(operator, sides) => self.binary(*operator, sides)?,
            Expression::StartsWith(sides) => Seen::Bool(self.text(&sides[0])?.starts_with(&*self.text(&sides[1])?)),
            Expression::Contains(sides) => Seen::Bool(self.text(&sides[0])?.contains(&*self.text(&sides[1])?)),
            _ => return None,
        })
    }

    /// The value of an expression, if it is no new text: nothing that was made here can be lent on.
    fn value(&self, expression: &'r Expression) -> Option<Seen<'r>> {
        if let Expression::Path(name, fields) = expression {
            return self.path(*name, fields);
        }
        match self.evaluate(expression)? {
            Evaluated::Lent(value) => Some(value),
            Evaluated::New(_) => None,
        }
    }

    fn binary(&self, operator: Operator, sides: &'r [Expression; 2]) -> Option<Seen<'r>> {
        let left = self.value(&sides[0])?;
        if matches!(operator, Operator::Or | Operator::And) {
            let is_decided = truth(left)? == (operator == Operator::Or);
            return if is_decided { Some(left) } else { self.value(&sides[1]) };
        }
        Some(match (operator, left, self.value(&sides[1])?) {
            (Operator::Equal, left, right) => Seen::Bool(is_equal(left, right)?),
            (Operator::Unequal, left, right) => Seen::Bool(!is_equal(left, right)?),
            (Operator::Less, Seen::Number(left), Seen::Number(right)) => Seen::Bool(left < right),
            (Operator::LessOrEqual, Seen::Number(left), Seen::Number(right)) => Seen::Bool(left <= right),
            (Operator::Greater, Seen::Number(left), Seen::Number(right)) => Seen::Bool(left > right),
            (Operator::GreaterOrEqual, Seen::Number(left), Seen::Number(right)) => Seen::Bool(left >= right),
            (Operator::Add, Seen::Number(left), Seen::Number(right)) => Seen::Number(left.checked_add(right)?),
            _ => return None,
        })
    }

    fn truth(&self, expression: &'r Expression) -> Option<bool> {
        truth(self.value(expression)?)
    }

    /// The value of an expression, new or not, if it is a text.
    fn text(&self, expression: &'r Expression) -> Option<Cow<'r, str>> {
        match self.evaluate(expression)? {
            Evaluated::Lent(Seen::Text(text) | Seen::Html(text)) => Some(Cow::Borrowed(text)),
            Evaluated::Lent(_) => None,
            Evaluated::New(text) => Some(Cow::Owned(text)),
        }
    }

    /// The same, if it is no HTML, as new texts never are.
    fn plain(&self, expression: &'r Expression) -> Option<Cow<'r, str>> {
        match self.evaluate(expression)? {
            Evaluated::Lent(Seen::Text(text)) => Some(Cow::Borrowed(text)),
            // Whether what is left of HTML is HTML is Tera's to say.
            Evaluated::Lent(_) => None,
            Evaluated::New(text) => Some(Cow::Owned(text)),
        }
    }

    /// As `text`; a number is written out.
    fn text_or_number(&self, expression: &'r Expression) -> Option<Cow<'r, str>> {
        match self.evaluate(expression)? {
            Evaluated::Lent(Seen::Number(number)) => Some(Cow::Owned(number.to_string())),
            Evaluated::Lent(Seen::Text(text) | Seen::Html(text)) => Some(Cow::Borrowed(text)),
            Evaluated::Lent(_) => None,
            Evaluated::New(text) => Some(Cow::Owned(text)),
        }
    }

    fn show(&mut self, expression: &'r Expression) -> Option<()> {
        match self.evaluate(expression)? {
            Evaluated::Lent(Seen::Text(text)) => write_escaped(text, self.out).ok()?,
            Evaluated::Lent(Seen::Html(html)) => self.out.extend_from_slice(html.as_bytes()),
            Evaluated::Lent(Seen::Nothing) => {}
            Evaluated::Lent(Seen::Number(number)) => write!(self.out, "{number}").ok()?,
            Evaluated::Lent(Seen::Bool(bool)) => self.out.extend_from_slice(if bool { b"true" } else { b"false" }),
            Evaluated::Lent(Seen::Missing | Seen::View(_) | Seen::List(_) | Seen::Other) => return None,
            Evaluated::New(text) => write_escaped(&text, self.out).ok()?,
        }
        Some(())
    }
}

/// The value of an expression.
enum Evaluated<'r> {
    /// It was there before.
    Lent(Seen<'r>),
    /// A text that was made for it, to be escaped.
    New(String),
}

fn truth(value: Seen<'_>) -> Option<bool> {
    Some(match value {
        Seen::Missing | Seen::Nothing => false,
        Seen::Bool(bool) => bool,
        Seen::Number(number) => number != 0,
        Seen::Text(text) | Seen::Html(text) => !text.is_empty(),
        Seen::View(view) => !view.is_empty(),
        Seen::List(list) => list.count() > 0,
        Seen::Other => return None,
    })
}

fn is_equal(left: Seen<'_>, right: Seen<'_>) -> Option<bool> {
    use Seen::{Bool, Html, List, Missing, Nothing, Number, Other, Text, View};
    Some(match (left, right) {
        (Missing | Other | View(_) | List(_), _) | (_, Missing | Other | View(_) | List(_)) => return None,
        (Text(left) | Html(left), Text(right) | Html(right)) => left == right,
        (Number(left), Number(right)) => left == right,
        (Bool(left), Bool(right)) => left == right,
        (Nothing, Nothing) => true,
        _ => false,
    })
}

/// Whether a value is certainly of the type that a component declares. Whether nothing is good enough is Tera's to say.
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
