//! Allocators: which sessions run.

use crate::sys::*;
use crate::wire::{destroy, guarded, instance, load, size, status, text, view, zeroed};
use crate::{Descriptor, Json, Result, SessionRow};
use std::os::raw::c_void;

/// Decides in rounds which sessions run. It sees nothing but the results, so that a resumed run decides the same.
pub trait Allocator: Sized + Send + 'static {
    const DESCRIPTOR: Descriptor;

    /// `seed`: for all randomness, such as the order of items.
    fn new(parameters: &Json, allocation: &Allocation<'_>, seed: u64) -> Result<Self>;

    /// One finished session of the last round. A failed one counts as run.
    fn add(&mut self, row: &SessionRow<'_>) -> Result<()>;

    /// The next round; nothing wanted: the run ends.
    fn next(&mut self) -> Result<Round>;
}

/// What sessions there may be: a cell is a row on an item, and has any number of repeats.
#[derive(Clone, Debug)]
pub struct Allocation<'a> {
    pub item_count: u64,
    /// What the suite says under `repeats`.
    pub repeats: i64,
    /// All arms at all their levels.
    pub rows: Vec<Row<'a>>,
}

/// A row of the report: an arm at one of its levels.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<'a> {
    pub arm: &'a str,
    /// The level's JSON object; empty: none.
    pub level: &'a str,
    /// Place in the arm's list of levels; -1: none.
    pub level_index: i64,
}

/// The sessions that run next.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Round {
    /// Empty: the run ends.
    pub wishes: Vec<Wish>,
    /// Why, for people: above all why the run ends.
    pub reason: String,
}

/// `more` further repeats of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wish {
    pub item: u64,
    /// A place among the allocation's rows.
    pub row: u64,
    pub more: u64,
}

pub(crate) fn table<A: Allocator>() -> evalh_allocator {
    let mut table: evalh_allocator = unsafe { zeroed() };
    table.struct_size = size::<evalh_allocator>();
    table.create = Some(create::<A>);
    table.destroy = Some(destroy::<A>);
    table.add = Some(add::<A>);
    table.next = Some(next::<A>);
    table
}

unsafe extern "C" fn create<A: Allocator>(
    parameters: evalh_str,
    allocation: *const evalh_allocation,
    seed: u64,
    error: *const evalh_text_sink,
) -> *mut c_void {
    let told = load(allocation);
    let rows = (0..told.row_count as usize).map(|index| load(*told.rows.add(index))).map(|row| Row {
        arm: text(row.arm),
        level: text(row.level),
        level_index: row.level_index,
    });
    let allocation = Allocation { item_count: told.item_count, repeats: told.repeats, rows: rows.collect() };
    instance(guarded(|| A::new(&Json::parse(text(parameters))?, &allocation, seed)), error)
}

unsafe extern "C" fn add<A: Allocator>(
    allocator: *mut c_void,
    row: *const evalh_session_row,
    error: *const evalh_text_sink,
) -> i32 {
    let allocator = &mut *(allocator as *mut A);
    status(guarded(|| allocator.add(&SessionRow::read(row))), error)
}

unsafe extern "C" fn next<A: Allocator>(
    allocator: *mut c_void,
    out: *const evalh_allocation_sink,
    error: *const evalh_text_sink,
) -> i32 {
    let allocator = &mut *(allocator as *mut A);
    let round = match guarded(|| allocator.next()) {
        Ok(round) => round,
        Err(text) => return status(Err(text), error),
    };
    if let Some(want) = (*out).want {
        for wish in &round.wishes {
            want(out, wish.item, wish.row, wish.more);
        }
    }
    if let Some(reason) = (*out).reason {
        reason(out, view(&round.reason));
    }
    EVALH_OK
}
