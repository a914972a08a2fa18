//! Plays scripted events to the strategy. The scripted grader takes a text's last word.

use crate::MajorityVote;
use evalh_plugin::sys;
use evalh_plugin::testing::ScriptedSession;

#[test]
fn stops_when_the_vote_is_decided() {
    let mut session = ScriptedSession::new::<MajorityVote>(r#"{"samples":5}"#);
    session.reply("it is 7");
    session.reply("it is 7");
    assert_eq!(session.outcome().answer, None);
    session.reply("so 7");
    assert_eq!(session.outcome().answer, Some(Some("it is 7".into())));
    assert_eq!(session.outcome().requests, 3);
    assert_eq!(session.outcome().reason, "majority");
    assert_eq!(session.outcome().confidence, Some(1.0));
}

#[test]
fn takes_the_earliest_of_equals_after_the_last_sample() {
    let mut session = ScriptedSession::new::<MajorityVote>(r#"{"samples":2}"#);
    session.reply("a 1");
    session.reply("b 2");
    assert_eq!(session.outcome().answer, Some(Some("a 1".into())));
    assert_eq!(session.outcome().reason, "samples");
}

#[test]
fn cut_off_texts_do_not_vote() {
    let mut session = ScriptedSession::new::<MajorityVote>(r#"{"samples":1}"#);
    session.cut_off("it is 7");
    assert_eq!(session.outcome().answer, Some(None));
}

#[test]
fn answers_with_what_it_has_when_the_budget_ends_or_the_host_stops_it() {
    let mut session = ScriptedSession::new::<MajorityVote>(r#"{"samples":9}"#);
    session.reply("a 1");
    session.reject(sys::EVALH_REJECT_BUDGET);
    assert_eq!(session.outcome().answer, Some(Some("a 1".into())));
    assert_eq!(session.outcome().reason, "budget");
    let mut session = ScriptedSession::new::<MajorityVote>(r#"{"samples":9}"#);
    session.stop();
    assert_eq!(session.outcome().answer, Some(None));
}

#[test]
fn a_failed_request_is_an_error() {
    let mut session = ScriptedSession::new::<MajorityVote>(r#"{"samples":3}"#);
    session.fail("500");
    assert_eq!(session.outcome().answer, None);
    assert_eq!(session.outcome().error.as_deref(), Some("a request failed"));
}
