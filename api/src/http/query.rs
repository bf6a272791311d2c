//! Query parameters of our own types: read, and described in the API document.

use std::borrow::Cow;

use domain::moment::Moment;
use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef},
    types::{ParseError, ParseFromParameter, ParseResult, Type},
};

/// An instant (RFC 3339 with an offset), or a date, which means midnight UTC.
#[derive(Debug, Clone, Copy)]
pub struct At(pub Moment);

impl Type for At {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "string_moment".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        let format = |format| MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", format)));
        let any_of = vec![format("date-time"), format("date")];
        MetaSchemaRef::Inline(Box::new(MetaSchema { any_of, ..MetaSchema::new("string") }))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.as_raw_value().into_iter())
    }
}

impl ParseFromParameter for At {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        Moment::try_from(value.to_owned()).map(Self).map_err(ParseError::custom)
    }
}
