//! A tree read into plain data; what does not fit is told with its place.

use std::collections::btree_map;
use std::fmt;
use std::slice;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use crate::document::{Tree, excerpt};

/// The one field that is written only where somebody asked for it.
const WHEN_ASKED: &str = "certainty";

/// What does not fit, and where it stands: `ranking[0].explanation[2].weight`.
#[derive(Debug, PartialEq)]
pub(super) struct Misfit {
    pub(super) place: String,
    pub(super) message: String,
}

/// Reads a tree into plain data. Every field must be there but [`WHEN_ASKED`], and none besides.
pub(super) fn read<'t, T: Deserialize<'t>>(tree: &'t Tree) -> Result<T, Misfit> {
    T::deserialize(Field(tree))
}

impl Misfit {
    fn new(message: impl fmt::Display) -> Self {
        Self { place: String::new(), message: message.to_string() }
    }

    /// The same, seen from the table or list it stands in.
    fn within(mut self, outer: &str) -> Self {
        let joint = if self.place.is_empty() || self.place.starts_with('[') { "" } else { "." };
        self.place = format!("{outer}{joint}{}", self.place);
        self
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Misfit {}

impl de::Error for Misfit {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message)
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new(format_args!("the field `{name}` is missing"))
    }

    fn unknown_variant(found: &str, expected: &'static [&'static str]) -> Self {
        let listed = expected.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(", ");
        Self::new(format_args!("found `{}`, expected one of {listed}", excerpt(found)))
    }
}

/// A value to be read.
#[derive(Clone, Copy)]
struct Field<'t>(&'t Tree);

impl Field<'_> {
    fn unfit<T>(self, expected: &str) -> Result<T, Misfit> {
        Err(Misfit::new(format_args!("found {}, expected {expected}", self.0)))
    }
}

impl<'t> Deserializer<'t> for Field<'t> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Tree::Null => visitor.visit_unit(),
            Tree::Boolean(value) => visitor.visit_bool(*value),
            Tree::Integer(number) => visitor.visit_i64(*number),
            Tree::Float(number) => visitor.visit_f64(*number),
            Tree::Text(text) => visitor.visit_borrowed_str(text),
            Tree::List(items) => {
                let mut left = Items { items: items.iter(), at: 0 };
                let read = visitor.visit_seq(&mut left)?;
                match left.items.len() {
                    0 => Ok(read),
                    _ => Err(Misfit::new(format_args!("found {} items, expected {}", items.len(), left.at))),
                }
            }
            Tree::Table(fields) => visitor.visit_map(Fields { fields: fields.iter(), now: None }),
            Tree::Other(_) => self.unfit("a value of JSON"),
        }
    }

    fn deserialize_bool<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let Tree::Boolean(value) = self.0 else {
            return self.unfit("`true` or `false`");
        };
        visitor.visit_bool(*value)
    }

    fn deserialize_i64<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0.whole() {
            Some(whole) => visitor.visit_i64(whole),
            None => self.unfit("a whole number"),
        }
    }

    fn deserialize_u64<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0.whole().and_then(|whole| u64::try_from(whole).ok()) {
            Some(whole) => visitor.visit_u64(whole),
            None => self.unfit("a whole number from 0"),
        }
    }

    fn deserialize_f64<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0.number() {
            Some(number) => visitor.visit_f64(number),
            None => self.unfit("a number"),
        }
    }

    fn deserialize_str<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let Tree::Text(text) = self.0 else {
            return self.unfit("a text");
        };
        visitor.visit_borrowed_str(text)
    }

    fn deserialize_string<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Misfit> {
        if matches!(self.0, Tree::Null) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let Tree::List(_) = self.0 else {
            return self.unfit("a list");
        };
        self.deserialize_any(visitor)
    }

    fn deserialize_map<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let Tree::Table(_) = self.0 else {
            return self.unfit("a table");
        };
        self.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'t>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let Tree::Table(found) = self.0 else {
            return self.unfit("a table");
        };
        let is_missing = |name: &&&str| !found.contains_key(**name) && **name != WHEN_ASKED;
        if let Some(missing) = fields.iter().find(is_missing) {
            return Err(de::Error::missing_field(missing));
        }
        if let Some(stray) = found.keys().find(|key| !fields.contains(&key.as_str())) {
            return Err(Misfit::new(format_args!("`{}` is no field of a result", excerpt(stray))));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'t>>(
        self,
        _name: &'static str,
        _choices: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let Tree::Text(text) = self.0 else {
            return self.unfit("a text");
        };
        visitor.visit_enum(text.as_str().into_deserializer())
    }

    forward_to_deserialize_any! {
        <V: Visitor<'t>>
        i8 i16 i32 i128 u8 u16 u32 u128 f32 char bytes byte_buf unit unit_struct newtype_struct tuple tuple_struct
        identifier ignored_any
    }
}

/// The values of a list.
struct Items<'t> {
    items: slice::Iter<'t, Tree>,
    at: usize,
}

impl<'t> SeqAccess<'t> for Items<'t> {
    type Error = Misfit;

    fn next_element_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, Misfit> {
        let Some(item) = self.items.next() else {
            return Ok(None);
        };
        let read =
            seed.deserialize(Field(item)).map_err(|misfit| misfit.within(&format!("[{}]", self.at)))?;
        self.at += 1;
        Ok(Some(read))
    }
}

/// The fields of a table.
struct Fields<'t> {
    fields: btree_map::Iter<'t, String, Tree>,
    now: Option<(&'t str, &'t Tree)>,
}

impl<'t> MapAccess<'t> for Fields<'t> {
    type Error = Misfit;

    fn next_key_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, Misfit> {
        self.now = self.fields.next().map(|(key, value)| (key.as_str(), value));
        match self.now {
            Some((key, _)) => seed.deserialize(key.into_deserializer()).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<S::Value, Misfit> {
        match self.now {
            Some((key, value)) => {
                seed.deserialize(Field(value)).map_err(|misfit| misfit.within(&excerpt(key)))
            }
            None => Err(Misfit::new("a value without a key")),
        }
    }
}
