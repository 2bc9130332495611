//! What a template finds where it asks a view for a field: the field itself, lent. Copies and renders nothing.

use std::borrow::Cow;

use serde::Serialize;
use tera::Value;
use tera::value::{Key, ValueKind};

use super::shown::Shared;
use super::view::Html;

/// What a template sees of a value.
#[derive(Clone, Copy)]
pub(crate) enum Seen<'a> {
    /// There is no field of that name.
    Missing,
    /// The field is there, and nothing is in it.
    Nothing,
    Bool(bool),
    Number(i64),
    /// Plain text, to be escaped.
    Text(&'a str),
    /// Finished HTML.
    Html(&'a str),
    View(&'a dyn View),
    List(&'a dyn List),
    /// Something that only Tera knows how to treat: a fraction, a very large number, bytes.
    Other,
}

/// Something with fields.
pub(crate) trait View {
    /// The field of that name. The answer lends nothing from the name, but Tera's maps compare keys of one lifetime only.
    fn field<'v>(&'v self, name: &'v str) -> Seen<'v>;

    /// Whether it has no fields at all.
    fn is_empty(&self) -> bool {
        false
    }
}

/// Several values in an order.
pub(crate) trait List {
    /// How many there are.
    fn count(&self) -> usize;

    /// One of them, counted from 0.
    fn item(&self, index: usize) -> Seen<'_>;
}

/// Something that a field of a view can hold.
pub(crate) trait Field {
    /// How a template sees it.
    fn seen(&self) -> Seen<'_>;
}

/// What a template gets under a name of its own.
pub(crate) trait Named: Field {
    /// All of it as Tera keeps it.
    fn value(&self) -> Value;
}

impl<T: Field + Serialize> Named for T {
    fn value(&self) -> Value {
        // Nothing in a view refuses: its keys are names, and its values texts, numbers, lists and views.
        Value::from_serializable(self)
    }
}

impl Field for bool {
    fn seen(&self) -> Seen<'_> {
        Seen::Bool(*self)
    }
}

impl Field for i64 {
    fn seen(&self) -> Seen<'_> {
        Seen::Number(*self)
    }
}

impl Field for u64 {
    fn seen(&self) -> Seen<'_> {
        i64::try_from(*self).map_or(Seen::Other, Seen::Number)
    }
}

impl Field for str {
    fn seen(&self) -> Seen<'_> {
        Seen::Text(self)
    }
}

impl Field for String {
    fn seen(&self) -> Seen<'_> {
        Seen::Text(self)
    }
}

impl<T: Field + ?Sized> Field for &T {
    fn seen(&self) -> Seen<'_> {
        (**self).seen()
    }
}

impl<T: Field + Clone> Field for Cow<'_, T> {
    fn seen(&self) -> Seen<'_> {
        (**self).seen()
    }
}

impl Field for Html<'_> {
    fn seen(&self) -> Seen<'_> {
        Seen::Html(&self.0)
    }
}

impl<T: Field> Field for Option<T> {
    fn seen(&self) -> Seen<'_> {
        self.as_ref().map_or(Seen::Nothing, Field::seen)
    }
}

impl<T: Field> Field for Vec<T> {
    fn seen(&self) -> Seen<'_> {
        Seen::List(self)
    }
}

impl<T: Field> List for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn item(&self, index: usize) -> Seen<'_> {
        self.get(index).map_or(Seen::Missing, Field::seen)
    }
}

impl<V: Field> Field for Shared<V> {
    fn seen(&self) -> Seen<'_> {
        self.view.seen()
    }
}

impl Field for Value {
    fn seen(&self) -> Seen<'_> {
        match self.kind() {
            ValueKind::Undefined => Seen::Missing,
            ValueKind::None => Seen::Nothing,
            ValueKind::Bool => self.as_bool().map_or(Seen::Other, Seen::Bool),
            ValueKind::U64 | ValueKind::I64 => self.as_i64().map_or(Seen::Other, Seen::Number),
            ValueKind::String => match self.as_str() {
                Some(text) if self.is_safe() => Seen::Html(text),
                Some(text) => Seen::Text(text),
                None => Seen::Other,
            },
            ValueKind::Array => Seen::List(self),
            ValueKind::Map => Seen::View(self),
            _ => Seen::Other,
        }
    }
}

impl View for Value {
    fn field<'v>(&'v self, name: &'v str) -> Seen<'v> {
        self.as_map().and_then(|map| map.get(&Key::Str(name))).map_or(Seen::Missing, Field::seen)
    }

    fn is_empty(&self) -> bool {
        self.as_map().is_none_or(|map| map.is_empty())
    }
}

impl List for Value {
    fn count(&self) -> usize {
        self.as_array().map_or(0, <[Self]>::len)
    }

    fn item(&self, index: usize) -> Seen<'_> {
        self.as_array().and_then(|items| items.get(index)).map_or(Seen::Missing, Field::seen)
    }
}
