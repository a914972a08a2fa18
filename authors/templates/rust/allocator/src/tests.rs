//! Plays rounds to the allocator.

use crate::AgainWhereWrong;
use evalh_plugin::testing::row;
use evalh_plugin::{Allocation, Allocator, Json, Row, Wish};

#[test]
fn asks_again_where_it_was_wrong_until_the_repeats_are_used_up() {
    let rows = ["a", "b"].iter().map(|arm| Row { arm, level: "", level_index: -1 }).collect();
    let allocation = Allocation { item_count: 2, repeats: 3, rows };
    let mut allocator = AgainWhereWrong::new(&Json::Null, &allocation, 1).unwrap();
    assert_eq!(allocator.next().unwrap().wishes.len(), 4);
    for (item, arm, score) in [(0, "a", Some(1.0)), (0, "b", Some(0.0)), (1, "a", Some(1.0)), (1, "b", None)] {
        allocator.add(&row(item, arm, score, 5)).unwrap();
    }
    let wishes = vec![Wish { item: 0, row: 1, more: 1 }, Wish { item: 1, row: 1, more: 1 }];
    assert_eq!(allocator.next().unwrap().wishes, wishes);
    allocator.add(&row(0, "b", Some(1.0), 5)).unwrap();
    allocator.add(&row(1, "b", Some(0.0), 5)).unwrap();
    assert_eq!(allocator.next().unwrap().wishes.len(), 1);
    allocator.add(&row(1, "b", Some(0.0), 5)).unwrap();
    assert_eq!(allocator.next().unwrap().wishes, []);
}
