//! Parameters of addresses that are more than a text or a number: words of a list, days, instants, languages.

use std::borrow::Cow;

use poem_openapi::{
    param::Query,
    registry::{MetaSchemaRef, Registry},
    types::{ParseError, ParseFromParameter, ParseResult, Type},
};
use schemars::JsonSchema;
use serde::{
    de::DeserializeOwned,
    de::{IntoDeserializer, value::Error as ValueError},
};

use super::schema::{self, Way};

/// A parameter that is read and documented like a string member of a body: `Query<Option<Param<Kind>>>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Param<T>(pub T);

/// What an optional parameter says.
pub fn given<T>(parameter: Query<Option<Param<T>>>) -> Option<T> {
    parameter.0.map(|parameter| parameter.0)
}

impl<T: JsonSchema + Send + Sync> Type for Param<T> {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_ref() -> MetaSchemaRef {
        schema::reference::<T>()
    }

    fn register(registry: &mut Registry) {
        schema::register::<T>(registry, Way::Sent);
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl<T: DeserializeOwned + JsonSchema + Send + Sync> ParseFromParameter for Param<T> {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        let read: Result<T, ValueError> = T::deserialize(value.into_deserializer());
        read.map(Self).map_err(ParseError::custom)
    }
}
