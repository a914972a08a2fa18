//! A finished session, as metrics and allocators see it.

use crate::sys::*;
use crate::wire::{load, present, text, Finish};

/// One finished session. All of one item's sessions follow each other.
#[derive(Clone, Debug)]
pub struct SessionRow<'a> {
    /// Dense number of the item, from 0.
    pub item: u64,
    pub arm: &'a str,
    /// The level's JSON object; empty: none.
    pub level: &'a str,
    /// Place in the arm's list of levels; -1: none.
    pub level_index: i64,
    pub repeat: i64,
    /// `None`: the session failed.
    pub score: Option<f64>,
    pub confidence: Option<f64>,
    pub finish: Finish,
    pub prompt_tokens: i64,
    pub completion_tokens: i64,
    pub usd: Option<f64>,
    pub critical_path_seconds: f64,
    /// The canonical answer the grader found; empty: none.
    pub answer: &'a str,
}

impl<'a> SessionRow<'a> {
    /// # Safety
    /// `row` is the host's, and `'a` ends with the call that it came with.
    pub(crate) unsafe fn read(row: *const evalh_session_row) -> SessionRow<'a> {
        let row = load(row);
        SessionRow {
            item: row.item,
            arm: text(row.arm),
            level: text(row.level),
            level_index: row.level_index,
            repeat: row.repeat,
            score: if row.is_error == 1 { None } else { present(row.score) },
            confidence: present(row.confidence),
            finish: Finish::from_wire(row.finish),
            prompt_tokens: row.usage.prompt_tokens,
            completion_tokens: row.usage.completion_tokens,
            usd: present(row.usd),
            critical_path_seconds: row.critical_path_seconds,
            answer: text(row.answer),
        }
    }
}
