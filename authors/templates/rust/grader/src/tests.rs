//! Grades a few answers.

use crate::LastWord;
use evalh_plugin::{Finish, GradeInput, Grader};

fn score(answer: &str, finish: Finish, target: &str) -> f64 {
    LastWord.grade(&GradeInput { answer, finish, target, fields_json: "{}" }).unwrap().score
}

#[test]
fn compares_the_last_words() {
    assert_eq!(score("The capital is Paris.", Finish::Stop, "paris"), 1.0);
    assert_eq!(score("It is Rome", Finish::Stop, "paris"), 0.0);
    assert_eq!(score("", Finish::Stop, ""), 0.0);
}

#[test]
fn what_was_cut_off_is_never_right() {
    assert_eq!(score("It is Paris", Finish::Length, "paris"), 0.0);
}

#[test]
fn finds_the_answer_that_votes_are_counted_by() {
    assert_eq!(LastWord.extract("so it is\n PARIS.\n").unwrap().unwrap().answer, "paris");
    assert_eq!(LastWord.extract(" "), Ok(None));
}
