//! A quick writer of RON in its compact form: letter for letter what the general writer makes of the same value.
//!
//! The general one looks every letter of every name and text up in tables of Unicode, which takes most of the time that
//! saving a long project may. Names of fields are plain ASCII here, and so are most letters.

use serde::ser::{self, Serialize};
use std::fmt::{self, Write as _};

/// Appends the compact form of a value; false, with nothing appended, for what only the general writer knows.
pub fn write<T: Serialize>(out: &mut String, value: &T) -> bool {
    let before = out.len();
    let done = value.serialize(&mut Writer { out }).is_ok();
    if !done {
        out.truncate(before);
    }
    done
}

/// "Not for me": the general writer is to do it.
#[derive(Debug)]
struct GivenUp;

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not in the compact form")
    }
}

impl std::error::Error for GivenUp {}

impl ser::Error for GivenUp {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl From<fmt::Error> for GivenUp {
    fn from(_: fmt::Error) -> Self {
        Self
    }
}

type Result<T> = std::result::Result<T, GivenUp>;

struct Writer<'a> {
    out: &'a mut String,
}

impl Writer<'_> {
    /// A name of a field or a variant.
    fn name(&mut self, name: &str) -> Result<()> {
        let bytes = name.as_bytes();
        let plain = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let first = bytes.first().ok_or(GivenUp)?;
        let known = ["true", "false", "Some", "None", "inf", "inff32", "inff64", "NaN", "NaNf32", "NaNf64"];
        if !bytes.iter().all(|b| plain(b) || matches!(b, b'-' | b'.' | b'+')) || known.contains(&name) {
            return Err(GivenUp);
        }
        if first.is_ascii_digit() || !bytes.iter().all(plain) {
            self.out.push_str("r#");
        }
        self.out.push_str(name);
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let needs_look = |b: u8| !(b' '..=b'~').contains(&b) || matches!(b, b'"' | b'\\' | b'\'');
        self.out.push('"');
        let mut rest = text;
        while let Some(at) = rest.bytes().position(needs_look) {
            self.out.push_str(&rest[..at]);
            let mut letters = rest[at..].chars();
            self.out.extend(letters.by_ref().take(1).flat_map(char::escape_debug));
            rest = letters.as_str();
        }
        self.out.push_str(rest);
        self.out.push('"');
    }
}

/// Items between brackets, with a comma before all but the first.
struct Group<'w, 'a> {
    writer: &'w mut Writer<'a>,
    first: bool,
    close: char,
}

impl<'w, 'a> Group<'w, 'a> {
    fn open(writer: &'w mut Writer<'a>, open: char, close: char) -> Self {
        writer.out.push(open);
        Self { writer, first: true, close }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        if !std::mem::take(&mut self.first) {
            self.writer.out.push(',');
        }
        value.serialize(&mut *self.writer)
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        if !std::mem::take(&mut self.first) {
            self.writer.out.push(',');
        }
        self.writer.name(name)?;
        self.writer.out.push(':');
        value.serialize(&mut *self.writer)
    }

    fn close(self) {
        self.writer.out.push(self.close);
    }
}

macro_rules! display {
    ($($method:ident $type:ty)*) => {
        $(fn $method(self, value: $type) -> Result<()> {
            Ok(write!(self.out, "{value}")?)
        })*
    };
}

macro_rules! debug {
    ($($method:ident $type:ty)*) => {
        $(fn $method(self, value: $type) -> Result<()> {
            if value.is_nan() {
                return Err(GivenUp);
            }
            // The shortest digits that read back to the same bits.
            Ok(write!(self.out, "{value:?}")?)
        })*
    };
}

impl<'w, 'a> ser::Serializer for &'w mut Writer<'a> {
    type Ok = ();
    type Error = GivenUp;
    type SerializeSeq = Group<'w, 'a>;
    type SerializeTuple = Group<'w, 'a>;
    type SerializeTupleStruct = Group<'w, 'a>;
    type SerializeTupleVariant = Group<'w, 'a>;
    type SerializeMap = ser::Impossible<(), GivenUp>;
    type SerializeStruct = Group<'w, 'a>;
    type SerializeStructVariant = Group<'w, 'a>;

    display! {
        serialize_bool bool
        serialize_i8 i8
        serialize_i16 i16
        serialize_i32 i32
        serialize_i64 i64
        serialize_u8 u8
        serialize_u16 u16
        serialize_u32 u32
        serialize_u64 u64
    }

    debug! {
        serialize_f32 f32
        serialize_f64 f64
    }

    fn serialize_char(self, _: char) -> Result<()> {
        Err(GivenUp)
    }

    fn serialize_str(self, value: &str) -> Result<()> {
        self.text(value);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<()> {
        Err(GivenUp)
    }

    fn serialize_none(self) -> Result<()> {
        self.out.push_str("None");
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        self.out.push_str("Some(");
        value.serialize(&mut *self)?;
        self.out.push(')');
        Ok(())
    }

    fn serialize_unit(self) -> Result<()> {
        Err(GivenUp)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<()> {
        Err(GivenUp)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<()> {
        self.name(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<()> {
        self.out.push('(');
        value.serialize(&mut *self)?;
        self.out.push(')');
        Ok(())
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<()> {
        self.name(variant)?;
        self.serialize_newtype_struct("", value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Group<'w, 'a>> {
        Ok(Group::open(self, '[', ']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Group<'w, 'a>> {
        Ok(Group::open(self, '(', ')'))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Group<'w, 'a>> {
        Ok(Group::open(self, '(', ')'))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Group<'w, 'a>> {
        self.name(variant)?;
        Ok(Group::open(self, '(', ')'))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap> {
        Err(GivenUp)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Group<'w, 'a>> {
        Ok(Group::open(self, '(', ')'))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Group<'w, 'a>> {
        self.name(variant)?;
        Ok(Group::open(self, '(', ')'))
    }
}

macro_rules! items {
    ($($kind:ident $method:ident)*) => {
        $(impl ser::$kind for Group<'_, '_> {
            type Ok = ();
            type Error = GivenUp;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.item(value)
            }

            fn end(self) -> Result<()> {
                self.close();
                Ok(())
            }
        })*
    };
}

macro_rules! fields {
    ($($kind:ident)*) => {
        $(impl ser::$kind for Group<'_, '_> {
            type Ok = ();
            type Error = GivenUp;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
                self.field(name, value)
            }

            fn end(self) -> Result<()> {
                self.close();
                Ok(())
            }
        })*
    };
}

items! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
    SerializeTupleVariant serialize_field
}
fields! { SerializeStruct SerializeStructVariant }

#[cfg(test)]
mod tests {
    use super::write;
    use serde::Serialize;

    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        Plain,
        WithDash,
        One(f64),
        Two(u8, Option<bool>),
        Named { a: i32, b: String },
        Unit(Wrapped),
    }

    #[derive(Serialize)]
    struct Wrapped(u64);

    #[derive(Serialize)]
    struct All {
        text: Vec<String>,
        floats: Vec<f64>,
        small: Vec<f32>,
        kinds: Vec<Kind>,
        nested: Option<Option<Kind>>,
        pair: (Vec<Wrapped>, [f64; 2]),
        range: std::ops::Range<usize>,
    }

    #[test]
    fn it_writes_what_the_general_writer_writes() {
        let texts =
            ["", "plain", "a \"quoted\" 'x'\\", "\n\t\r\0\u{7f}\u{80}", "e\u{301}, 銀行, \u{200d}\u{ad}, ɛ̃, 🙂", "'"];
        let all = All {
            text: texts.iter().map(|t| (*t).to_owned()).collect(),
            floats: vec![0.0, -0.0, 1.0, 0.1 + 0.2, 1e-9, 1e16, 1e21, f64::MAX, f64::MIN_POSITIVE, f64::INFINITY, -3.5],
            small: vec![0.1, 1.0e-9, 3.4e38, -7.0],
            kinds: vec![
                Kind::Plain,
                Kind::WithDash,
                Kind::One(1e21),
                Kind::Two(7, Some(true)),
                Kind::Two(8, None),
                Kind::Named { a: -3, b: String::new() },
                Kind::Unit(Wrapped(u64::MAX)),
            ],
            nested: Some(None),
            pair: (vec![Wrapped(1), Wrapped(2)], [0.5, 1.5]),
            range: 3..9,
        };
        let mut out = "before ".to_owned();
        assert!(write(&mut out, &all));
        assert_eq!(out, format!("before {}", ron::to_string(&all).unwrap()));
        // What it does not know it leaves alone.
        for unknown in [f64::NAN, -f64::NAN] {
            assert!(!write(&mut out, &(1, unknown)));
        }
        assert!(!write(&mut out, &'x') && !write(&mut out, &std::collections::BTreeMap::from([(1, 2)])));
        assert!(out.ends_with("end:9))"));
    }
}
