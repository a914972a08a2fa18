//! Gives the metric a few sessions.

use crate::TokensPerRightAnswer;
use evalh_plugin::testing::row;
use evalh_plugin::{Json, Metric};

#[test]
fn divides_tokens_by_right_answers() {
    let mut metric = TokensPerRightAnswer::new(&Json::Null, 1).unwrap();
    metric.add(&row(0, "a", Some(1.0), 30)).unwrap();
    metric.add(&row(0, "b", Some(0.0), 10)).unwrap();
    metric.add(&row(1, "a", Some(1.0), 50)).unwrap();
    metric.add(&row(1, "b", None, 0)).unwrap();
    let values = metric.result().unwrap();
    assert_eq!(values.len(), 2);
    assert_eq!((values[0].arm.as_str(), values[0].value, values[0].n), ("a", 40.0, 2));
    assert!(values[1].value.is_nan() && values[1].n == 1);
}
