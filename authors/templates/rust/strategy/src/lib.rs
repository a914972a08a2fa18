//! org.example.my-plugin: a majority vote that stops as soon as no answer can catch up.
//!
//! Asks for one completion after another, at most `samples`, and counts the canonical answers in them as the suite's
//! grader finds them.

use evalh_plugin::{sys, Answer, Descriptor, Done, Estimate, Event, Json, Result, Session, Strategy, Submit};

#[cfg(test)]
mod tests;

/// A canonical answer and the completion it was first found in.
struct Ballot {
    answer: String,
    completion: String,
    votes: u64,
}

/// One session.
pub struct MajorityVote {
    samples: u64,
    asked: u64,
    votes: u64,
    ballots: Vec<Ballot>,
}

/// The host has checked the parameters against our schema and filled in the defaults; others are brought into its range.
fn samples(parameters: &Json) -> u64 {
    parameters.get("samples").and_then(Json::as_u64).unwrap_or(5).clamp(1, 64)
}

impl Strategy for MajorityVote {
    const DESCRIPTOR: Descriptor = Descriptor {
        id: "org.example.my-plugin",
        version: "1.0.0",
        title: "A majority vote that stops when it is decided",
        description: "Asks for samples one at a time and stops as soon as no other answer can catch up.\n\n\
            Cost: up to `samples` completions in sequence. Ties: the earliest answer wins. Samples without an answer, \
            cut-off ones among them, have no vote; a session without any vote has no answer.",
        source: "self-consistency, Wang et al. 2022, with an early stop",
        parameters_schema: r#"{"type": "object", "properties": {"samples": {"type": "integer", "minimum": 1,
            "maximum": 64, "default": 5, "description": "The most completions asked for"}}}"#,
        ..Descriptor::EMPTY
    };

    fn new() -> Self {
        MajorityVote { samples: 0, asked: 0, votes: 0, ballots: Vec::new() }
    }

    fn take(&mut self, event: &Event<'_>, session: &mut Session<'_>) -> Result<()> {
        match event {
            Event::Start(start) => {
                self.samples = samples(&start.parameters);
                self.ask(session);
            }
            Event::Done(done) => {
                self.count(done, session);
                if self.is_decided() {
                    self.finish("majority", session);
                } else if self.asked == self.samples {
                    self.finish("samples", session);
                } else {
                    self.ask(session);
                }
            }
            // A failure is never an answer.
            Event::Failed(_) => return Err("a request failed".into()),
            Event::Rejected(rejected) if rejected.reason == sys::EVALH_REJECT_BUDGET => self.finish("budget", session),
            Event::Rejected(rejected) => return Err(format!("the host rejected a request: {}", rejected.message)),
            Event::Stop { .. } => self.finish("stop", session),
            _ => {}
        }
        Ok(())
    }

    fn estimate(parameters: &Json) -> Option<Estimate> {
        let samples = samples(parameters);
        Some(Estimate { fewest: samples / 2 + 1, most: samples, prompt_passes: None })
    }
}

impl MajorityVote {
    /// The item's prompt, sampled as the suite says.
    fn ask(&mut self, session: &mut Session<'_>) {
        self.asked += 1;
        session.submit(&Submit::default());
    }

    /// Cut-off texts and those without an answer do not vote.
    fn count(&mut self, done: &Done<'_>, session: &mut Session<'_>) {
        let answer = match session.extract(done.text, done.finish) {
            Some(answer) => answer,
            None => return,
        };
        self.votes += 1;
        match self.ballots.iter_mut().find(|ballot| ballot.answer == answer) {
            Some(ballot) => ballot.votes += 1,
            None => self.ballots.push(Ballot { answer, completion: done.text.to_owned(), votes: 1 }),
        }
    }

    /// Whether the second answer could not win any more, if it got all votes that are left.
    fn is_decided(&self) -> bool {
        let mut votes: Vec<u64> = self.ballots.iter().map(|ballot| ballot.votes).collect();
        votes.sort_unstable_by(|first, second| second.cmp(first));
        let (first, second) = (votes.first().unwrap_or(&0), votes.get(1).unwrap_or(&0));
        first - second > self.samples - self.asked
    }

    /// The answer with the most votes, the earliest of equals; none: no answer.
    fn finish(&self, reason: &str, session: &mut Session<'_>) {
        let most = self.ballots.iter().map(|ballot| ballot.votes).max();
        let best = self.ballots.iter().find(|ballot| Some(ballot.votes) == most);
        session.finish(&Answer {
            text: best.map(|ballot| ballot.completion.as_str()),
            is_unfinished: false,
            confidence: best.map(|ballot| ballot.votes as f64 / self.votes as f64),
            reason,
        });
    }
}

evalh_plugin::library! { name: "my-plugin", version: "1.0.0", plugins: [strategy(MajorityVote)] }
