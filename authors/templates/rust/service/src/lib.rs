//! org.example.my-plugin: counts the words of a text: {"text": "one two"} gives {"words": 2}.

use evalh_plugin::{CallFailed, Descriptor, Json, Result, Service};

#[cfg(test)]
mod tests;

/// It may use files, the network and time. One value answers one call at a time.
pub struct WordCount;

impl Service for WordCount {
    const DESCRIPTOR: Descriptor = Descriptor {
        id: "org.example.my-plugin",
        version: "1.0.0",
        title: "Counts words",
        description:
            "Payload: `{\"text\": \"one two\"}`. Result: `{\"words\": 2}`. A payload without a text is an error \
            of the call.",
        source: "an example",
        ..Descriptor::EMPTY
    };

    fn new(_parameters: &Json) -> Result<Self> {
        Ok(WordCount)
    }

    fn call(&mut self, payload: &Json) -> std::result::Result<String, CallFailed> {
        match payload.get("text").and_then(Json::as_str) {
            Some(text) => Ok(format!("{{\"words\": {}}}", text.split_whitespace().count())),
            None => Err(CallFailed::Failed("the payload needs a text under \"text\"".into())),
        }
    }
}

evalh_plugin::library! { name: "my-plugin", version: "1.0.0", plugins: [service(WordCount)] }
