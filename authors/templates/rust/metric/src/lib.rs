//! org.example.my-plugin: generated tokens for each right answer, of each arm at each of its levels.

use evalh_plugin::{Descriptor, Json, Metric, MetricValue, Result, SessionRow};
use std::collections::BTreeMap;

#[cfg(test)]
mod tests;

/// Of one arm at one of its levels.
#[derive(Default)]
struct Sums {
    score: f64,
    tokens: i64,
    last_item: Option<u64>,
    items: i64,
}

/// By arm and level, in the order of their names: the same whenever a report is made.
pub struct TokensPerRightAnswer {
    sums: BTreeMap<(String, i64), Sums>,
}

impl Metric for TokensPerRightAnswer {
    const DESCRIPTOR: Descriptor = Descriptor {
        id: "org.example.my-plugin",
        version: "1.0.0",
        title: "Tokens for each right answer",
        description:
            "Generated tokens of an arm's sessions, divided by the sum of their scores. Failed sessions do not \
            count; without a right answer there is no number.",
        source: "an example",
        outputs: "tokens-per-right-answer",
        ..Descriptor::EMPTY
    };

    fn new(_parameters: &Json, _seed: u64) -> Result<Self> {
        Ok(TokensPerRightAnswer { sums: BTreeMap::new() })
    }

    fn add(&mut self, row: &SessionRow<'_>) -> Result<()> {
        let sums = self.sums.entry((row.arm.to_owned(), row.level_index)).or_default();
        if let Some(score) = row.score {
            sums.score += score;
            sums.tokens += row.completion_tokens;
            // Rows come item by item.
            sums.items += (sums.last_item != Some(row.item)) as i64;
            sums.last_item = Some(row.item);
        }
        Ok(())
    }

    fn result(&mut self) -> Result<Vec<MetricValue>> {
        let values = self.sums.iter().map(|((arm, level_index), sums)| MetricValue {
            name: "tokens-per-right-answer".into(),
            arm: arm.clone(),
            level_index: *level_index,
            value: if sums.score > 0.0 { sums.tokens as f64 / sums.score } else { f64::NAN },
            // A ratio of sums has no simple interval: resample items for one.
            interval: None,
            n: sums.items,
            method: String::new(),
        });
        Ok(values.collect())
    }
}

evalh_plugin::library! { name: "my-plugin", version: "1.0.0", plugins: [metric(TokensPerRightAnswer)] }
