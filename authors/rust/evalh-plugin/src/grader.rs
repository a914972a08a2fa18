//! Graders: a score for an answer.

use crate::sys::*;
use crate::wire::{destroy, guarded, instance, load, put, size, status, text, zeroed, Finish};
use crate::{Descriptor, Json, Result};
use std::os::raw::c_void;

/// A grader. After `new` it has no state: the same input gives the same grade, from any thread at once.
pub trait Grader: Sized + Send + Sync + 'static {
    const DESCRIPTOR: Descriptor;

    /// Reads the parameters once.
    fn new(parameters: &Json) -> Result<Self>;

    /// Grades an answer. An error makes the session an error.
    fn grade(&self, input: &GradeInput<'_>) -> Result<Grade>;

    /// The canonical answer in a text, which votes are counted by; it knows nothing of the target. `None`: there is
    /// none. An error makes the session an error.
    fn extract(&self, text: &str) -> Result<Option<Extraction>>;

    /// Whether two canonical answers mean the same.
    fn same(&self, first: &str, other: &str) -> bool {
        first == other
    }
}

/// What is graded.
#[derive(Clone, Debug)]
pub struct GradeInput<'a> {
    /// The session's answer text, best a whole completion.
    pub answer: &'a str,
    /// How the completion ended that the answer is from.
    pub finish: Finish,
    /// The item's target field.
    pub target: &'a str,
    /// All of the item's fields, a JSON object.
    pub fields_json: &'a str,
}

/// How an answer is graded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grade {
    /// 0 (wrong) to 1 (right).
    pub score: f64,
    /// What was taken as the answer.
    pub extracted: String,
    /// Which rule found it, a short fixed word.
    pub stage: String,
    /// For people.
    pub explanation: String,
}

/// An answer found in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Extraction {
    /// Canonical: equal bytes mean equal answers.
    pub answer: String,
    /// Which rule found it, a short fixed word.
    pub stage: &'static str,
}

pub(crate) fn table<G: Grader>() -> evalh_grader {
    let mut table: evalh_grader = unsafe { zeroed() };
    table.struct_size = size::<evalh_grader>();
    table.create = Some(create::<G>);
    table.destroy = Some(destroy::<G>);
    table.grade = Some(grade::<G>);
    table.extract = Some(extract::<G>);
    table.same = Some(same::<G>);
    table
}

unsafe extern "C" fn create<G: Grader>(parameters: evalh_str, error: *const evalh_text_sink) -> *mut c_void {
    instance(guarded(|| G::new(&Json::parse(text(parameters))?)), error)
}

unsafe extern "C" fn grade<G: Grader>(
    grader: *mut c_void,
    input: *const evalh_grade_input,
    out: *mut evalh_grade_output,
) -> i32 {
    let grader = &*(grader as *const G);
    let told = load(input);
    let input = GradeInput {
        answer: text(told.answer),
        finish: Finish::from_wire(told.finish),
        target: text(told.target),
        fields_json: text(told.fields_json),
    };
    match guarded(|| grader.grade(&input)) {
        Ok(grade) => {
            (*out).score = grade.score;
            (*out).strict_score = f64::NAN;
            put((*out).extracted, &grade.extracted);
            put((*out).stage, &grade.stage);
            put((*out).explanation, &grade.explanation);
            EVALH_OK
        }
        Err(error) => status(Err(error), (*out).explanation),
    }
}

unsafe extern "C" fn extract<G: Grader>(
    grader: *mut c_void,
    completion: evalh_str,
    answer: *const evalh_text_sink,
    stage: *const evalh_text_sink,
) -> i32 {
    let grader = &*(grader as *const G);
    match guarded(|| grader.extract(text(completion))) {
        Ok(Some(found)) => {
            put(answer, &found.answer);
            put(stage, found.stage);
            EVALH_OK
        }
        Ok(None) => EVALH_FAILED,
        Err(error) => {
            put(answer, &error);
            EVALH_ERROR
        }
    }
}

unsafe extern "C" fn same<G: Grader>(grader: *mut c_void, first: evalh_str, other: evalh_str) -> i32 {
    let grader = &*(grader as *const G);
    guarded(|| Ok(grader.same(text(first), text(other)))).unwrap_or(false) as i32
}
