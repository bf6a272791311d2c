//! One form of bytes for one meaning: what hashes and seals are computed over.

use serde_json::Value;

/// Canonical JSON (RFC 8785) of what Plenum keeps: members sorted by name, no white space, strings and numbers as
/// serde_json writes them. Names are ASCII, by which both orders of the RFC's sorting are the same.
pub(crate) fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// Lower-case hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| name.as_str());
            out.push('{');
            for (at, (name, member)) in members.into_iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write(item, out);
            }
            out.push(']');
        }
        plain => out.push_str(&plain.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_json_is_that_of_rfc_8785() {
        // The members of the example in RFC 8785, 3.2.3, that occur here: sorting, escapes, numbers, literals.
        let value = serde_json::json!({"b": [1, null, true], "a": "\u{20ac}$\u{f}\nA'\"\\", "": {"z": "", "c": 0}});
        assert_eq!(
            canonical(&value),
            "{\"\":{\"c\":0,\"z\":\"\"},\"a\":\"€$\\u000f\\nA'\\\"\\\\\",\"b\":[1,null,true]}"
        );
    }
}
