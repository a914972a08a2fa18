//! JSON as the host gives it: parameters, items' fields, levels.

/// A value of JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(f64),
    String(String),
    Array(Vec<Json>),
    /// Members in their order.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads one value; an empty text is an empty object.
    pub fn parse(text: &str) -> crate::Result<Json> {
        if text.is_empty() {
            return Ok(Json::Object(Vec::new()));
        }
        let mut reader = Reader { bytes: text.as_bytes(), at: 0 };
        let value = reader.value(0)?;
        reader.skip_space();
        if reader.at == reader.bytes.len() {
            Ok(value)
        } else {
            Err(reader.fault("further text"))
        }
    }

    /// The member of an object; `None`: it has none of this name, or this is no object.
    pub fn get(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// A whole number that is not negative.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Json::Number(value) if *value >= 0.0 && value.fract() == 0.0 && *value < 1.8e19 => Some(*value as u64),
            _ => None,
        }
    }

    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Json::Number(value) => Some(*value),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Json::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(value) => Some(value),
            _ => None,
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn fault(&self, what: &str) -> String {
        format!("no JSON: {what} at byte {}", self.at)
    }

    fn skip_space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        self.skip_space();
        let found = self.bytes.get(self.at) == Some(&byte);
        self.at += found as usize;
        found
    }

    fn word(&mut self, word: &str, value: Json) -> crate::Result<Json> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.fault("an unknown word"))
    }

    fn value(&mut self, depth: usize) -> crate::Result<Json> {
        if depth > 64 {
            return Err(self.fault("too deep"));
        }
        self.skip_space();
        match self.bytes.get(self.at) {
            Some(b'n') => self.word("null", Json::Null),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'"') => Ok(Json::String(self.string()?)),
            Some(b'[') => {
                self.at += 1;
                let mut elements = Vec::new();
                if self.take(b']') {
                    return Ok(Json::Array(elements));
                }
                loop {
                    elements.push(self.value(depth + 1)?);
                    if self.take(b']') {
                        return Ok(Json::Array(elements));
                    }
                    if !self.take(b',') {
                        return Err(self.fault("no comma in a list"));
                    }
                }
            }
            Some(b'{') => self.object(depth),
            Some(b'-' | b'0'..=b'9') => {
                let start = self.at;
                while matches!(self.bytes.get(self.at), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
                    self.at += 1;
                }
                let text = std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or("");
                text.parse().map(Json::Number).map_err(|_| self.fault("no number"))
            }
            _ => Err(self.fault("no value")),
        }
    }

    fn object(&mut self, depth: usize) -> crate::Result<Json> {
        self.at += 1;
        let mut members = Vec::new();
        if self.take(b'}') {
            return Ok(Json::Object(members));
        }
        loop {
            self.skip_space();
            let key = self.string()?;
            if !self.take(b':') {
                return Err(self.fault("no colon in an object"));
            }
            members.push((key, self.value(depth + 1)?));
            if self.take(b'}') {
                return Ok(Json::Object(members));
            }
            if !self.take(b',') {
                return Err(self.fault("no comma in an object"));
            }
        }
    }

    fn string(&mut self) -> crate::Result<String> {
        if self.bytes.get(self.at) != Some(&b'"') {
            return Err(self.fault("no text"));
        }
        self.at += 1;
        let mut text = Vec::new();
        loop {
            let byte = *self.bytes.get(self.at).ok_or_else(|| self.fault("a text without end"))?;
            self.at += 1;
            match byte {
                b'"' => return String::from_utf8(text).map_err(|_| self.fault("bytes that are no UTF-8")),
                b'\\' => {
                    let escape = *self.bytes.get(self.at).ok_or_else(|| self.fault("a text without end"))?;
                    self.at += 1;
                    let character = match escape {
                        b'n' => '\n',
                        b't' => '\t',
                        b'r' => '\r',
                        b'b' => '\u{8}',
                        b'f' => '\u{c}',
                        b'"' | b'\\' | b'/' => escape as char,
                        b'u' => self.escaped()?,
                        _ => return Err(self.fault("an unknown escape")),
                    };
                    text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                _ => text.push(byte),
            }
        }
    }

    fn unit(&mut self) -> crate::Result<u32> {
        let digits = self.bytes.get(self.at..self.at + 4).and_then(|digits| std::str::from_utf8(digits).ok());
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += 4;
        unit.ok_or_else(|| self.fault("no four digits after \\u"))
    }

    /// The character of `\uXXXX`, or of two that are a surrogate pair; a lone half is U+FFFD.
    fn escaped(&mut self) -> crate::Result<char> {
        let first = self.unit()?;
        if !(0xD800..0xDC00).contains(&first) || !self.bytes[self.at.min(self.bytes.len())..].starts_with(b"\\u") {
            return Ok(char::from_u32(first).unwrap_or('\u{FFFD}'));
        }
        self.at += 2;
        let second = self.unit()?;
        if !(0xDC00..0xE000).contains(&second) {
            return Ok('\u{FFFD}');
        }
        Ok(char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)).unwrap_or('\u{FFFD}'))
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn reads_what_hosts_write() {
        let value = Json::parse(r#" {"a": [1, -2.5e1, true, null], "b": "x\né\ud83d\ude00\u00e9", "c": {}} "#).unwrap();
        assert_eq!(value.get("b").and_then(Json::as_str), Some("x\né😀é"));
        let numbers = Json::Array(vec![Json::Number(1.0), Json::Number(-25.0), Json::Bool(true), Json::Null]);
        assert_eq!(value.get("a"), Some(&numbers));
        assert_eq!(value.get("c"), Some(&Json::Object(vec![])));
        assert_eq!(Json::parse("7").unwrap().as_u64(), Some(7));
    }

    #[test]
    fn refuses_what_is_no_json() {
        for text in ["{", "[1", "[1 2]", "{\"a\" 1}", "\"abc", "nul", "1 2", "\"\\u12\"", "\"\\q\"", "-", "{1:2}"] {
            assert!(Json::parse(text).is_err(), "{text}");
        }
        assert!(Json::parse(&"[".repeat(1000)).is_err());
    }
}
