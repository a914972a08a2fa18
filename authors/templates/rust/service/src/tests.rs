//! Calls the service.

use crate::WordCount;
use evalh_plugin::{CallFailed, Json, Service};

#[test]
fn counts_words() {
    let payload = Json::parse(r#"{"text":" one  two\nthree \"four\" "}"#).unwrap();
    assert_eq!(WordCount.call(&payload), Ok("{\"words\": 4}".into()));
}

#[test]
fn a_payload_without_a_text_is_an_error_of_the_call() {
    assert!(matches!(WordCount.call(&Json::parse("{}").unwrap()), Err(CallFailed::Failed(_))));
}
