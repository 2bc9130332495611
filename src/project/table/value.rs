//! What a TOML value is, in words, and what it should have been; never reports anything.

use toml::de::DeValue;

/// What a value is, for a sentence that ends in it.
pub(super) fn described(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(written) if written.date.is_none() => "a time of day",
        DeValue::Datetime(written) if written.time.is_some() => "a date with a time of day",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// What was meant, as far as a text of the wrong type tells it: `"1991"` is a number in needless quotation marks.
pub(super) fn meant<T: std::str::FromStr + std::fmt::Display>(value: &DeValue<'_>, example: &str) -> String {
    let written = match value {
        DeValue::String(text) => text.trim().parse::<T>().ok(),
        DeValue::Datetime(written) => written.date.and_then(|date| date.to_string().parse().ok()),
        _ => None,
    };
    written.map_or_else(|| example.to_owned(), |value| value.to_string())
}

/// `true` or `false`, where something else was written.
pub(super) fn meant_boolean(value: &DeValue<'_>) -> &'static str {
    let is_no = match value {
        DeValue::String(text) => matches!(text.to_lowercase().as_str(), "no" | "false" | "off" | "0" | ""),
        DeValue::Integer(number) => number.as_str() == "0",
        _ => false,
    };
    if is_no { "false" } else { "true" }
}

/// A list of texts, where a text alone was written.
pub(super) fn meant_list(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) if !text.contains(['"', '\\', '\n']) => format!("[\"{text}\"]"),
        _ => "[\"…\", \"…\"]".to_owned(),
    }
}

/// A key as it must be written: in quotation marks where it holds more than letters, digits and hyphens.
pub(super) fn written_key(key: &str) -> String {
    let is_bare = !key.is_empty() && key.chars().all(super::statements::is_bare);
    if is_bare { key.to_owned() } else { format!("\"{key}\"") }
}

/// A TOML value without its spans.
pub(super) fn plain(value: &DeValue<'_>) -> toml::Value {
    match value {
        DeValue::String(text) => toml::Value::String(text.to_string()),
        DeValue::Integer(number) => {
            let digits = number.as_str().replace('_', "");
            toml::Value::Integer(i64::from_str_radix(&digits, number.radix()).unwrap_or_default())
        }
        DeValue::Float(number) => toml::Value::Float(number.as_str().replace('_', "").parse().unwrap_or_default()),
        DeValue::Boolean(boolean) => toml::Value::Boolean(*boolean),
        DeValue::Datetime(datetime) => toml::Value::Datetime(*datetime),
        DeValue::Array(items) => toml::Value::Array(items.iter().map(|item| plain(item.get_ref())).collect()),
        DeValue::Table(table) => toml::Value::Table(
            table.iter().map(|(key, value)| (key.get_ref().to_string(), plain(value.get_ref()))).collect(),
        ),
    }
}
