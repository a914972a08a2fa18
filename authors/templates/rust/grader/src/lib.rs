//! org.example.my-plugin: right if the answer's last word is the target's, upper and lower case alike.

use evalh_plugin::{Descriptor, Extraction, Grade, GradeInput, Grader, Json, Result};

#[cfg(test)]
mod tests;

/// It has no state: it is asked from several threads at once.
pub struct LastWord;

/// The canonical answer in a text: its last word in lower case, without a full stop.
fn last_word(text: &str) -> Option<String> {
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || c == '.');
    text.split_whitespace().last().map(str::to_lowercase)
}

impl Grader for LastWord {
    const DESCRIPTOR: Descriptor = Descriptor {
        id: "org.example.my-plugin",
        version: "1.0.0",
        title: "The last word",
        description: "Right if the answer's last word is the target's, upper and lower case alike and without a full \
            stop. A text without words has no answer.",
        source: "an example",
        ..Descriptor::EMPTY
    };

    fn new(_parameters: &Json) -> Result<Self> {
        Ok(LastWord)
    }

    fn grade(&self, input: &GradeInput<'_>) -> Result<Grade> {
        let answer = last_word(input.answer);
        // What was cut off is never right.
        let is_right = !input.finish.is_unfinished() && answer.is_some() && answer == last_word(input.target);
        Ok(Grade {
            score: if is_right { 1.0 } else { 0.0 },
            extracted: answer.unwrap_or_default(),
            stage: "last-word".into(),
            explanation: String::new(),
        })
    }

    fn extract(&self, text: &str) -> Result<Option<Extraction>> {
        Ok(last_word(text).map(|answer| Extraction { answer, stage: "last-word" }))
    }
}

evalh_plugin::library! { name: "my-plugin", version: "1.0.0", plugins: [grader(LastWord)] }
