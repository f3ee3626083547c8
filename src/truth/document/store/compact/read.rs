//! A quick reader of RON as this program writes it: one value, no space, no comment.
//!
//! A long project has a hundred thousand lines, and the general reader would take most of the time that opening may.
//! This one knows the compact form alone and gives up at anything else: the caller then asks the general one, which
//! also knows what is wrong. What both can read, they read alike (a test holds them to it).

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;
use std::fmt;

/// Reads one value; `None` for anything but the compact form of a `T`.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    let mut reader = Reader { rest: text, depth: 0 };
    let value = T::deserialize(&mut reader).ok()?;
    reader.rest.is_empty().then_some(value)
}

/// How deep values that nobody asked for may be nested.
const DEEPEST: usize = 64;

/// "Not for me": the general reader says what is wrong.
#[derive(Debug)]
struct GivenUp;

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not in the compact form")
    }
}

impl std::error::Error for GivenUp {}

impl de::Error for GivenUp {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

type Result<T> = std::result::Result<T, GivenUp>;

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// The next byte, without taking it; 0 at the end.
    fn peek(&self) -> u8 {
        self.rest.as_bytes().first().copied().unwrap_or(0)
    }

    fn eat(&mut self, mark: char) -> bool {
        match self.rest.strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn need(&mut self, mark: char) -> Result<()> {
        if self.eat(mark) { Ok(()) } else { Err(GivenUp) }
    }

    /// Takes the bytes that belong to `wanted`, which are ASCII.
    fn take(&mut self, wanted: impl Fn(u8) -> bool) -> &'a str {
        let end = self.rest.bytes().position(|b| !wanted(b)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    /// A name; with `r#` before it where it is not a plain one.
    fn name(&mut self) -> Result<&'a str> {
        let raw = self.rest.strip_prefix("r#");
        if let Some(rest) = raw {
            self.rest = rest;
        }
        let letters =
            |b: u8| b.is_ascii_alphanumeric() || b == b'_' || (raw.is_some() && matches!(b, b'-' | b'.' | b'+'));
        let name = self.take(letters);
        if name.is_empty() || (raw.is_none() && name.as_bytes()[0].is_ascii_digit()) { Err(GivenUp) } else { Ok(name) }
    }

    fn number<T: std::str::FromStr>(&mut self) -> Result<T> {
        self.take(|b| b.is_ascii_digit() || b == b'-').parse().map_err(|_| GivenUp)
    }

    fn float<T: std::str::FromStr>(&mut self) -> Result<T> {
        // The general reader knows those that are no numbers.
        let text = self.take(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'e'));
        if text.starts_with('.') || text.ends_with('.') || text.starts_with("-.") || text.contains(".e") {
            return Err(GivenUp);
        }
        text.parse().map_err(|_| GivenUp)
    }

    fn bool(&mut self) -> Result<bool> {
        match self.name()? {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(GivenUp),
        }
    }

    /// The content of a string with escapes resolved.
    fn string(&mut self) -> Result<std::borrow::Cow<'a, str>> {
        self.need('"')?;
        let plain = self.rest.bytes().position(|b| b == b'"' || b == b'\\').ok_or(GivenUp)?;
        let (text, rest) = self.rest.split_at(plain);
        if let Some(after) = rest.strip_prefix('"') {
            self.rest = after;
            return Ok(text.into());
        }
        let mut out = text.to_owned();
        let mut letters = rest.chars();
        loop {
            match letters.next().ok_or(GivenUp)? {
                '"' => break,
                '\\' => out.push(match letters.next().ok_or(GivenUp)? {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    '0' => '\0',
                    c @ ('"' | '\\' | '\'') => c,
                    'u' => {
                        let code = letters.as_str().strip_prefix('{').and_then(|t| t.split_once('}')).ok_or(GivenUp)?;
                        letters = code.1.chars();
                        let plain = code.0.len() <= 6 && code.0.bytes().all(|b| b.is_ascii_hexdigit());
                        let code = plain.then(|| u32::from_str_radix(code.0, 16).ok()).flatten();
                        code.and_then(char::from_u32).ok_or(GivenUp)?
                    }
                    _ => return Err(GivenUp),
                }),
                c => out.push(c),
            }
        }
        self.rest = letters.as_str();
        Ok(out.into())
    }

    /// Passes over a value that nobody asked for.
    fn skip(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(GivenUp);
        }
        match self.peek() {
            b'"' => drop(self.string()?),
            b'0'..=b'9' | b'-' => drop(self.float::<f64>()?),
            b'[' | b'(' | b'{' => self.skip_group()?,
            _ => {
                self.name()?;
                if self.peek() == b'(' {
                    self.skip_group()?;
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn skip_group(&mut self) -> Result<()> {
        let open = self.rest.chars().next().ok_or(GivenUp)?;
        self.need(open)?;
        let close = match open {
            '[' => ']',
            '(' => ')',
            _ => '}',
        };
        while !self.eat(close) {
            self.skip()?;
            // Field or key before a value.
            if open != '[' && self.eat(':') {
                self.skip()?;
            }
            if !self.eat(',') && !self.rest.starts_with(close) {
                return Err(GivenUp);
            }
        }
        Ok(())
    }
}

macro_rules! plain {
    ($($method:ident $visit:ident $read:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            visitor.$visit(self.$read()?)
        })*
    };
}

impl<'de> de::Deserializer<'de> for &mut Reader<'de> {
    type Error = GivenUp;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        Err(GivenUp)
    }

    plain! {
        deserialize_bool visit_bool bool
        deserialize_i8 visit_i8 number
        deserialize_i16 visit_i16 number
        deserialize_i32 visit_i32 number
        deserialize_i64 visit_i64 number
        deserialize_u8 visit_u8 number
        deserialize_u16 visit_u16 number
        deserialize_u32 visit_u32 number
        deserialize_u64 visit_u64 number
        deserialize_f32 visit_f32 float
        deserialize_f64 visit_f64 float
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_str(&self.string()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_string(self.string()?.into_owned())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.name()? {
            "None" => visitor.visit_none(),
            "Some" => {
                self.need('(')?;
                let value = visitor.visit_some(&mut *self)?;
                self.need(')')?;
                Ok(value)
            }
            _ => Err(GivenUp),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        self.need('(')?;
        let value = visitor.visit_newtype_struct(&mut *self)?;
        self.need(')')?;
        Ok(value)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.need('[')?;
        self.items(']', visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.need('(')?;
        self.items(')', visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, _: usize, visitor: V) -> Result<V::Value> {
        self.need('(')?;
        self.items(')', visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.need('(')?;
        self.fields(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(self)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_borrowed_str(self.name()?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.skip()?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i128 u128 char bytes byte_buf unit unit_struct map }
}

impl<'de> Reader<'de> {
    /// Items up to `close`, which is taken.
    fn items<V: Visitor<'de>>(&mut self, close: char, visitor: V) -> Result<V::Value> {
        let value = visitor.visit_seq(Items { reader: self, close, first: true })?;
        self.need(close)?;
        Ok(value)
    }

    /// Fields up to the closing bracket, which is taken.
    fn fields<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        let value = visitor.visit_map(Fields { reader: self, first: true })?;
        self.need(')')?;
        Ok(value)
    }
}

/// The items of a list or a tuple.
struct Items<'r, 'de> {
    reader: &'r mut Reader<'de>,
    close: char,
    first: bool,
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = GivenUp;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if self.reader.rest.starts_with(self.close) {
            return Ok(None);
        }
        if !std::mem::take(&mut self.first) {
            self.reader.need(',')?;
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

/// The fields of a struct.
struct Fields<'r, 'de> {
    reader: &'r mut Reader<'de>,
    first: bool,
}

impl<'de> MapAccess<'de> for Fields<'_, 'de> {
    type Error = GivenUp;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if self.reader.peek() == b')' {
            return Ok(None);
        }
        if !std::mem::take(&mut self.first) {
            self.reader.need(',')?;
        }
        let name = self.reader.name()?;
        self.reader.need(':')?;
        seed.deserialize(StrDeserializer::<GivenUp>::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        seed.deserialize(&mut *self.reader)
    }
}

impl<'de> EnumAccess<'de> for &mut Reader<'de> {
    type Error = GivenUp;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        let name = self.name()?;
        Ok((seed.deserialize(StrDeserializer::<GivenUp>::new(name))?, self))
    }
}

impl<'de> VariantAccess<'de> for &mut Reader<'de> {
    type Error = GivenUp;

    fn unit_variant(self) -> Result<()> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        self.need('(')?;
        let value = seed.deserialize(&mut *self)?;
        self.need(')')?;
        Ok(value)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.need('(')?;
        self.items(')', visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value> {
        self.need('(')?;
        self.fields(visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};
    use std::ops::Range;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        Plain,
        WithDash,
        One(f64),
        Two(u8, Option<bool>),
        Named { a: i32, b: String },
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Wrapped(u64);

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct All {
        text: String,
        float: f64,
        small: f32,
        kinds: Vec<Kind>,
        range: Range<usize>,
        nested: Option<Option<Kind>>,
        shift: [f64; 4],
        pair: (Vec<Wrapped>, String),
        #[serde(default)]
        more: Option<Box<All>>,
    }

    fn value() -> All {
        let plain = All {
            text: "a \"quoted\"\n\\ line, tab\t, e\u{301}, 銀行, \u{200d}, \0, '".into(),
            float: -0.1 + 0.3,
            small: 1.0e-9,
            kinds: vec![
                Kind::Plain,
                Kind::WithDash,
                Kind::One(1e21),
                Kind::Two(7, Some(true)),
                Kind::Two(8, None),
                Kind::Named { a: -3, b: String::new() },
            ],
            range: 3..9,
            nested: Some(None),
            shift: [0.0, -0.0, f64::MIN_POSITIVE, f64::MAX],
            pair: (vec![Wrapped(u64::MAX)], "x".into()),
            more: None,
        };
        All { more: Some(Box::new(plain.clone())), ..plain }
    }

    #[test]
    fn what_is_written_is_read_to_the_last_bit() {
        let text = ron::to_string(&value()).unwrap();
        assert_eq!(read::<All>(&text), Some(value()));
        // Fields that nobody knows are passed over.
        let later = text.replacen("(text:", "(new:[(a:1,b:Some(\"x)\")),{\"k\":-1.5}],other:Name(1),text:", 1);
        assert_eq!(read::<All>(&later), Some(value()));
        assert_eq!(ron::from_str::<All>(&later).unwrap(), value());
    }

    #[test]
    fn what_it_reads_the_general_reader_reads_alike() {
        let text = ron::to_string(&value()).unwrap();
        let mut given_up = 0;
        for at in 0..text.len() {
            for with in ["", "0", "-", ".", ",", "(", ")", "\"", "\\", "r#", " ", ":", "e", "[", "x"] {
                if !text.is_char_boundary(at) || !text.is_char_boundary(at + 1) {
                    continue;
                }
                let damaged = format!("{}{with}{}", &text[..at], &text[at + 1..]);
                match read::<All>(&damaged) {
                    Some(quick) => assert_eq!(ron::from_str::<All>(&damaged).ok(), Some(quick), "{damaged}"),
                    None => given_up += 1,
                }
            }
        }
        assert!(given_up > 1000, "damage is noticed");
        assert_eq!(read::<Vec<Wrapped>>(&"[".repeat(100_000)), None);
        assert_eq!(read::<All>(&format!("(x:{}", "[".repeat(100_000))), None, "no stack is too small for it");
    }
}
