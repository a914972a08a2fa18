//! org.example.my-plugin: every cell once, then again where the answer was not right, up to the suite's `repeats`.
//!
//! A cell is an arm, at one of its levels, on an item.

use evalh_plugin::{Allocation, Allocator, Descriptor, Json, Result, Round, SessionRow, Wish};

#[cfg(test)]
mod tests;

#[derive(Clone, Default)]
struct Cell {
    sessions: i64,
    is_right: bool,
}

pub struct AgainWhereWrong {
    /// Arms and their levels.
    rows: Vec<(String, i64)>,
    /// Item by item, a cell for each row.
    cells: Vec<Cell>,
    repeats: i64,
}

impl Allocator for AgainWhereWrong {
    const DESCRIPTOR: Descriptor = Descriptor {
        id: "org.example.my-plugin",
        version: "1.0.0",
        title: "Again where it was wrong",
        description: "Runs every arm on every item once, then again where the last answer was not right, at most the \
            suite's `repeats` times. Means over such repeats are biased: it is an example, not a design.",
        source: "an example",
        ..Descriptor::EMPTY
    };

    fn new(_parameters: &Json, allocation: &Allocation<'_>, _seed: u64) -> Result<Self> {
        let rows: Vec<_> = allocation.rows.iter().map(|row| (row.arm.to_owned(), row.level_index)).collect();
        let cells = vec![Cell::default(); rows.len() * allocation.item_count as usize];
        Ok(AgainWhereWrong { rows, cells, repeats: allocation.repeats })
    }

    fn add(&mut self, session: &SessionRow<'_>) -> Result<()> {
        let row = self.rows.iter().position(|(arm, level)| arm == session.arm && *level == session.level_index);
        let place = row.map(|row| session.item as usize * self.rows.len() + row);
        let cell = place.and_then(|place| self.cells.get_mut(place)).ok_or("a session of no cell that the run has")?;
        cell.sessions += 1;
        // A failed session counts as run.
        cell.is_right = session.score == Some(1.0);
        Ok(())
    }

    fn next(&mut self) -> Result<Round> {
        let rows = self.rows.len().max(1);
        let open = |cell: &Cell| cell.sessions == 0 || (!cell.is_right && cell.sessions < self.repeats);
        let wishes: Vec<Wish> = self
            .cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| open(cell))
            .map(|(index, _)| Wish { item: (index / rows) as u64, row: (index % rows) as u64, more: 1 })
            .collect();
        let reason = match wishes.is_empty() {
            false => "cells without a right answer once more",
            true => "every cell is right or has had all its repeats",
        };
        Ok(Round { wishes, reason: reason.into() })
    }
}

evalh_plugin::library! { name: "my-plugin", version: "1.0.0", plugins: [allocator(AgainWhereWrong)] }
