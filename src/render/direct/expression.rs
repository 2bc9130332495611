//! Reads the expressions of templates that can be evaluated without Tera. Evaluates none.

use rustc_hash::FxHashMap;

/// How deep an expression may nest.
const DEEPEST: u32 = 24;

/// A name of a variable, in short: one number for all templates of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name(u32);

/// Every name that a template uses.
#[derive(Debug, Default)]
pub(super) struct Names(FxHashMap<String, Name>);

impl Names {
    /// The number of a name, which it gets if it has none.
    pub(super) fn add(&mut self, name: &str) -> Name {
        if let Some(known) = self.get(name) {
            return known;
        }
        let next = Name(self.0.len() as u32);
        self.0.insert(name.to_owned(), next);
        next
    }

    /// The number of a name, if any template uses it.
    pub(super) fn get(&self, name: &str) -> Option<Name> {
        self.0.get(name).copied()
    }
}

/// An expression whose value is the same here and in Tera.
#[derive(Debug)]
pub(super) enum Expression {
    /// Something else, which Tera has to evaluate.
    Unknown,
    None,
    Bool(bool),
    Number(i64),
    Text(String),
    /// A name and the fields that lead from it to the value.
    Path(Name, Vec<String>),
    Loop(LoopField),
    Not(Box<Self>),
    Binary(Operator, Box<[Self; 2]>),
    /// `| trim_end(pat=…)`
    TrimEnd(Box<[Self; 2]>),
    /// `| join(sep=…)`
    Join(Box<[Self; 2]>),
    /// `| replace(from=…, to=…)`
    Replace(Box<[Self; 3]>),
    /// `| fill(…)`, sorted by name.
    Fill(Box<Self>, Vec<(String, Self)>),
    /// `is starting_with(pat=…)`
    StartsWith(Box<[Self; 2]>),
    /// `is containing(pat=…)`
    Contains(Box<[Self; 2]>),
    /// `asset(path="…")`
    Asset(String),
    /// `integrity(path="…")`
    Integrity(String),
    /// `super()`
    Super,
    /// `<component argument={…} />`
    Call(String, Vec<(String, Self)>),
}

/// What a template may ask of the innermost loop.
#[derive(Clone, Copy, Debug)]
pub(super) enum LoopField {
    Index,
    Index0,
    First,
    Last,
    Length,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Concat,
}

impl Operator {
    const ALL: &[(&str, Self)] = &[
        ("or", Self::Or),
        ("and", Self::And),
        ("==", Self::Equal),
        ("!=", Self::Unequal),
        ("<", Self::Less),
        ("<=", Self::LessOrEqual),
        (">", Self::Greater),
        (">=", Self::GreaterOrEqual),
        ("+", Self::Add),
        ("~", Self::Concat),
    ];

    /// How strongly it binds to what stands before it; to what comes after it, by one more. Both as in Tera's parser.
    fn power(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 3,
            Self::Add => 11,
            Self::Concat => 13,
            _ => 7,
        }
    }
}

/// How strongly `is` binds to what stands before it.
const TEST: u8 = 5;

/// How strongly `not` binds to what comes after it.
const NOT: u8 = 5;

/// How strongly `|` binds to what stands before it.
const FILTER: u8 = 17;

/// Reads an expression. Within a loop, `loop` has a meaning.
pub(super) fn expression(text: &str, is_in_loop: bool, names: &mut Names) -> Expression {
    let mut read = || {
        let tokens = lex(text)?;
        let mut parser = Parser { tokens: &tokens, is_in_loop, names, depth: 0 };
        let read = parser.expression(0)?;
        parser.tokens.is_empty().then_some(read)
    };
    read().unwrap_or(Expression::Unknown)
}

/// A piece of an expression.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'t> {
    /// A name or a word such as `and`.
    Name(&'t str),
    /// What stands in quotes.
    Text(&'t str),
    Number(i64),
    /// An operator, a bracket or a separator.
    Sign(&'t str),
}

fn lex(text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_ascii();
    while let Some(first) = rest.chars().next() {
        let length = |is: fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        let (token, length) = match first {
            'a'..='z' | 'A'..='Z' | '_' => {
                let length = length(|c| c.is_ascii_alphanumeric() || c == '_');
                (Token::Name(&rest[..length]), length)
            }
            '0'..='9' => {
                let length = length(|c| c.is_ascii_digit());
                // A fraction is Tera's.
                if rest[length..].starts_with('.') {
                    return None;
                }
                (Token::Number(rest[..length].parse().ok()?), length)
            }
            '"' | '\'' | '`' => {
                let end = rest[1..].find(first)? + 1;
                let inside = &rest[1..end];
                if inside.contains('\\') {
                    return None;
                }
                (Token::Text(inside), end + 1)
            }
            _ => {
                let is_long = ["==", "!=", "<=", ">="].iter().any(|sign| rest.starts_with(sign));
                let length = if is_long { 2 } else { 1 };
                if !is_long && !"<>+~|()=,.{}/".contains(first) {
                    return None;
                }
                (Token::Sign(&rest[..length]), length)
            }
        };
        tokens.push(token);
        rest = rest[length..].trim_ascii_start();
    }
    Some(tokens)
}

struct Parser<'t, 'n> {
    tokens: &'t [Token<'t>],
    is_in_loop: bool,
    names: &'n mut Names,
    /// Expressions that are being read, each within the one before.
    depth: u32,
}

impl<'t> Parser<'t, '_> {
    fn next(&mut self) -> Option<Token<'t>> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(*first)
    }

    /// Reads this, if it comes next.
    fn takes(&mut self, token: Token<'_>) -> bool {
        let is_next = self.tokens.first() == Some(&token);
        if is_next {
            self.tokens = &self.tokens[1..];
        }
        is_next
    }

    /// Reads this sign, which has to come next.
    fn sign(&mut self, sign: &str) -> Option<()> {
        self.takes(Token::Sign(sign)).then_some(())
    }

    fn name(&mut self) -> Option<&'t str> {
        match self.next()? {
            Token::Name(name) => Some(name),
            _ => None,
        }
    }

    /// Reads on while operators bind at least so strongly.
    fn expression(&mut self, least: u8) -> Option<Expression> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut left = self.operand()?;
        let mut operators = 0;
        while let Some((sign, power)) = self.operator().filter(|(_, power)| *power >= least) {
            // Each makes the tree one deeper.
            operators += 1;
            if operators > DEEPEST {
                return None;
            }
            self.next();
            left = match sign {
                Following::Test => self.test(left)?,
                Following::Filter => self.filter(left)?,
                Following::Binary(operator) => {
                    let right = self.expression(power + 1)?;
                    Expression::Binary(operator, Box::new([left, right]))
                }
            };
        }
        self.depth -= 1;
        Some(left)
    }

    /// The operator that comes next, and how strongly it binds.
    fn operator(&self) -> Option<(Following, u8)> {
        match self.tokens.first()? {
            Token::Name("is") => Some((Following::Test, TEST)),
            Token::Sign("|") => Some((Following::Filter, FILTER)),
            Token::Name(word) | Token::Sign(word) => {
                let (_, operator) = Operator::ALL.iter().find(|(sign, _)| sign == word)?;
                Some((Following::Binary(*operator), operator.power()))
            }
            _ => None,
        }
    }

    fn operand(&mut self) -> Option<Expression> {
        Some(match self.next()? {
            Token::Text(text) => Expression::Text(text.to_owned()),
            Token::Number(number) => Expression::Number(number),
            Token::Name("true" | "True") => Expression::Bool(true),
            Token::Name("false" | "False") => Expression::Bool(false),
            Token::Name("none" | "None" | "null") => Expression::None,
            Token::Name("not") => Expression::Not(Box::new(self.expression(NOT)?)),
            Token::Name(name) if self.tokens.first() == Some(&Token::Sign("(")) => self.function(name)?,
            Token::Name(name) => self.path(name)?,
            Token::Sign("(") => {
                let inside = self.expression(0)?;
                self.sign(")")?;
                inside
            }
            Token::Sign("<") => self.call()?,
            Token::Sign(_) => return None,
        })
    }

    fn function(&mut self, name: &str) -> Option<Expression> {
        if name == "super" {
            return self.arguments()?.is_empty().then_some(Expression::Super);
        }
        let [Expression::Text(path)] = self.named(["path"])? else { return None };
        match name {
            "asset" => Some(Expression::Asset(path)),
            "integrity" => Some(Expression::Integrity(path)),
            _ => None,
        }
    }

    fn path(&mut self, name: &str) -> Option<Expression> {
        let mut fields = Vec::new();
        while self.takes(Token::Sign(".")) {
            fields.push(self.name()?);
        }
        if name == "loop" && self.is_in_loop {
            let &[field] = fields.as_slice() else { return None };
            return Some(Expression::Loop(match field {
                "index" => LoopField::Index,
                "index0" => LoopField::Index0,
                "first" => LoopField::First,
                "last" => LoopField::Last,
                "length" => LoopField::Length,
                _ => return None,
            }));
        }
        // Tera gives these a meaning of its own, and begins a loop before it reads the list.
        if name.starts_with("__tera") || name == "loop" {
            return None;
        }
        Some(Expression::Path(self.names.add(name), fields.into_iter().map(str::to_owned).collect()))
    }

    fn test(&mut self, of: Expression) -> Option<Expression> {
        let is_denied = self.takes(Token::Name("not"));
        let name = self.name()?;
        let [pattern] = self.named(["pat"])?;
        let both = Box::new([of, pattern]);
        let test = match name {
            "starting_with" => Expression::StartsWith(both),
            "containing" => Expression::Contains(both),
            _ => return None,
        };
        Some(if is_denied { Expression::Not(Box::new(test)) } else { test })
    }

    fn filter(&mut self, of: Expression) -> Option<Expression> {
        match self.name()? {
            "trim_end" => {
                let [pattern] = self.named(["pat"])?;
                Some(Expression::TrimEnd(Box::new([of, pattern])))
            }
            "join" => {
                let [separator] = self.named(["sep"])?;
                Some(Expression::Join(Box::new([of, separator])))
            }
            "replace" => {
                let [from, to] = self.named(["from", "to"])?;
                Some(Expression::Replace(Box::new([of, from, to])))
            }
            "fill" => Some(Expression::Fill(Box::new(of), self.arguments()?)),
            _ => None,
        }
    }

    /// These arguments and no others, which are in the order of their names.
    fn named<const N: usize>(&mut self, names: [&str; N]) -> Option<[Expression; N]> {
        let (given, values): (Vec<String>, Vec<Expression>) = self.arguments()?.into_iter().unzip();
        if given == names { values.try_into().ok() } else { None }
    }

    /// `(name=…, …)`, sorted by name, as Tera hands them over.
    fn arguments(&mut self) -> Option<Vec<(String, Expression)>> {
        self.sign("(")?;
        let mut arguments = Vec::new();
        while !self.takes(Token::Sign(")")) {
            if !arguments.is_empty() {
                self.sign(",")?;
            }
            let name = self.name()?.to_owned();
            self.sign("=")?;
            arguments.push((name, self.expression(0)?));
        }
        arguments.sort_by(|(a, _), (b, _)| a.cmp(b));
        Some(arguments)
    }

    /// What follows on `<`.
    fn call(&mut self) -> Option<Expression> {
        let mut name = self.name()?.to_owned();
        while self.takes(Token::Sign(".")) {
            name.push('.');
            name.push_str(self.name()?);
        }
        let mut arguments = Vec::new();
        while !self.takes(Token::Sign("/")) {
            let argument = self.name()?.to_owned();
            let value = if !self.takes(Token::Sign("=")) {
                self.path(&argument)?
            } else if let Some(Token::Text(text)) = self.tokens.first() {
                self.next();
                Expression::Text((*text).to_owned())
            } else {
                self.sign("{")?;
                let value = self.expression(0)?;
                self.sign("}")?;
                value
            };
            arguments.push((argument, value));
        }
        self.sign(">")?;
        Some(Expression::Call(name, arguments))
    }
}

/// What can follow on an operand.
enum Following {
    Test,
    Filter,
    Binary(Operator),
}
