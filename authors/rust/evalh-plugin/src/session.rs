//! What a strategy may ask of the host while it takes an event.

use crate::sys::*;
use crate::wire::{size, text, view, zeroed, Finish};
use crate::Message;
use std::marker::PhantomData;
use std::os::raw::c_void;

/// The host, for the time of one event.
pub struct Session<'a> {
    host: *const evalh_host,
    handle: *mut c_void,
    out: *const evalh_out,
    now: i64,
    seq: &'a mut u64,
    request: &'a mut u64,
    is_finished: &'a mut bool,
    /// Host functions may only be called on the thread that brought the event.
    not_send: PhantomData<*const ()>,
}

/// A request for completions. `Submit::default()` is one completion of the item's prompt, sampled as the suite says.
#[derive(Clone, Debug)]
pub struct Submit<'a> {
    /// How many, 1 to 1,024.
    pub n: u32,
    /// Bring `Event::Delta` while they are generated.
    pub stream: bool,
    /// `None`: the item's prompt.
    pub messages: Option<&'a [Message<'a>]>,
    /// Assistant text that the completions continue; empty: none.
    pub prefix: &'a str,
    /// The model's role; empty: the arm's own.
    pub model: &'a str,
    pub sampling: Sampling<'a>,
    /// Higher first, within this session's wishes.
    pub priority: i32,
}

impl Default for Submit<'_> {
    fn default() -> Self {
        Submit {
            n: 1,
            stream: false,
            messages: None,
            prefix: "",
            model: "",
            sampling: Sampling::default(),
            priority: 0,
        }
    }
}

/// How to sample. `None`: as the suite says.
#[derive(Clone, Debug, Default)]
pub struct Sampling<'a> {
    pub max_tokens: Option<i32>,
    pub temperature: Option<f64>,
    pub top_p: Option<f64>,
    pub min_p: Option<f64>,
    pub top_k: Option<i32>,
    pub top_logprobs: Option<i32>,
    /// Sample k is drawn with this plus k; `None`: the run's own seeds.
    pub seed: Option<i64>,
    /// The completion is a JSON text of this schema, where the endpoint can hold it to that; empty: free text.
    pub json_schema: &'a str,
    /// Stop texts beside the suite's.
    pub stop: &'a [&'a str],
}

/// What a session ends with.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    /// Text to grade, best a whole completion; `None`: no answer.
    pub text: Option<&'a str>,
    /// The text is from a cut-off completion: never graded as right.
    pub is_unfinished: bool,
    /// In [0, 1], that the answer is right; `None`: none claimed.
    pub confidence: Option<f64>,
    /// Why it stopped, a short fixed word.
    pub reason: &'a str,
}

/// What is left to spend; `None`: no limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    pub tokens: Option<i64>,
    pub usd: Option<f64>,
    /// Of logical time.
    pub seconds: Option<f64>,
}

impl<'a> Session<'a> {
    pub(crate) fn new(
        host: *const evalh_host,
        handle: *mut c_void,
        out: *const evalh_out,
        now: i64,
        seq: &'a mut u64,
        request: &'a mut u64,
        is_finished: &'a mut bool,
    ) -> Session<'a> {
        Session { host, handle, out, now, seq, request, is_finished, not_send: PhantomData }
    }

    /// Logical nanoseconds since the session's start.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// Asks for completions; gives the request's number, from 1.
    pub fn submit(&mut self, submit: &Submit<'_>) -> u64 {
        let messages: Vec<evalh_message> = submit.messages.unwrap_or(&[]).iter().map(wire).collect();
        let pointers: Vec<*const evalh_message> = messages.iter().map(|message| message as *const _).collect();
        let stop: Vec<evalh_str> = submit.sampling.stop.iter().map(|stop| view(stop)).collect();
        let sampling = submit.sampling.wire(&stop);
        *self.request += 1;
        let mut action: evalh_action_submit = unsafe { zeroed() };
        action.header = self.header::<evalh_action_submit>(EVALH_ACTION_SUBMIT);
        action.header.flags = if submit.stream { EVALH_SUBMIT_STREAM } else { 0 };
        action.request = *self.request;
        action.model = view(submit.model);
        if submit.messages.is_some() {
            action.messages = pointers.as_ptr();
            action.message_count = pointers.len() as u64;
        }
        action.prefix = view(submit.prefix);
        action.sampling = &sampling;
        action.n = submit.n;
        action.priority = submit.priority;
        self.push(&action);
        *self.request
    }

    /// Ends a request. What was received is paid.
    pub fn cancel(&mut self, request: u64) {
        let header = self.header::<evalh_action_cancel>(EVALH_ACTION_CANCEL);
        self.push(&evalh_action_cancel { header, request });
    }

    /// Asks for `Event::Timer` at or after a logical time.
    pub fn set_timer(&mut self, timer: u64, time_ns: i64) {
        let header = self.header::<evalh_action_timer>(EVALH_ACTION_SET_TIMER);
        self.push(&evalh_action_timer { header, timer, time_ns });
    }

    /// Calls a service of the suite; gives the call's number, which `Event::Result` bears. `payload` is a JSON object,
    /// by the service's kind.
    pub fn call(&mut self, service: &str, payload: &str) -> u64 {
        *self.request += 1;
        let mut action: evalh_action_call = unsafe { zeroed() };
        action.header = self.header::<evalh_action_call>(EVALH_ACTION_CALL);
        action.request = *self.request;
        action.service = view(service);
        action.payload = view(payload);
        self.push(&action);
        *self.request
    }

    /// A measure of the session under a name of the plugin's own: a column of the samples, its mean a number of the arm.
    pub fn number(&mut self, name: &str, value: f64) {
        let header = self.header::<evalh_action_number>(EVALH_ACTION_NUMBER);
        self.push(&evalh_action_number { header, name: view(name), value });
    }

    /// A candidate answer with its weight, for the record.
    pub fn emit(&mut self, candidate: &str, weight: f64, evidence: &str) {
        let mut action: evalh_action_emit = unsafe { zeroed() };
        action.header = self.header::<evalh_action_emit>(EVALH_ACTION_EMIT);
        action.candidate = view(candidate);
        action.weight = weight;
        action.evidence = view(evidence);
        self.push(&action);
    }

    /// A remark for the record.
    pub fn note(&mut self, key: &str, value: &str) {
        let mut action: evalh_action_note = unsafe { zeroed() };
        action.header = self.header::<evalh_action_note>(EVALH_ACTION_NOTE);
        action.key = view(key);
        action.value = view(value);
        self.push(&action);
    }

    /// The session's answer. It gets no more events.
    pub fn finish(&mut self, answer: &Answer<'_>) {
        let mut action: evalh_action_finish = unsafe { zeroed() };
        action.header = self.header::<evalh_action_finish>(EVALH_ACTION_FINISH);
        action.header.flags = match answer.text {
            None => EVALH_ANSWER_NONE,
            Some(_) if answer.is_unfinished => EVALH_ANSWER_UNFINISHED,
            Some(_) => 0,
        };
        action.answer = view(answer.text.unwrap_or(""));
        action.confidence = answer.confidence.unwrap_or(f64::NAN);
        action.reason = view(answer.reason);
        self.push(&action);
        *self.is_finished = true;
    }

    /// The canonical answer in a completion's text, by the suite's grader: what votes are counted by. `None`: it has
    /// none, as every unfinished text.
    pub fn extract(&mut self, completion: &str, finish: Finish) -> Option<String> {
        unsafe {
            let extract = (*self.host).extract?;
            let mut found: evalh_extraction = zeroed();
            found.struct_size = size::<evalh_extraction>();
            let status = extract(self.handle, view(completion), finish.wire(), &mut found);
            if status == EVALH_OK && found.found == 1 {
                Some(text(found.answer).to_owned())
            } else {
                None
            }
        }
    }

    /// 64 uniform random bits of the session's own stream.
    pub fn rand(&mut self) -> u64 {
        unsafe { (*self.host).rand.map_or(0, |rand| rand(self.handle)) }
    }

    /// What is left to spend.
    pub fn budget(&mut self) -> Option<Budget> {
        unsafe {
            let mut left: evalh_budget = zeroed();
            left.struct_size = size::<evalh_budget>();
            if (*self.host).budget?(self.handle, &mut left) != EVALH_OK {
                return None;
            }
            Some(Budget {
                tokens: if left.tokens < 0 { None } else { Some(left.tokens) },
                usd: crate::wire::present(left.usd),
                seconds: crate::wire::present(left.seconds),
            })
        }
    }

    fn header<T>(&mut self, action: u16) -> evalh_action {
        *self.seq += 1;
        evalh_action { struct_size: size::<T>(), r#type: action, flags: 0, seq: *self.seq }
    }

    /// `action` is one of the ABI's, whole, with its header first.
    fn push<T>(&mut self, action: &T) {
        unsafe {
            if let Some(push) = (*self.out).push {
                push(self.out, action as *const T as *const evalh_action);
            }
        }
    }
}

fn wire(message: &Message<'_>) -> evalh_message {
    let mut result: evalh_message = unsafe { zeroed() };
    result.struct_size = size::<evalh_message>();
    result.role = message.role;
    result.content = view(message.content);
    result
}

impl Sampling<'_> {
    fn wire(&self, stop: &[evalh_str]) -> evalh_sampling {
        let mut result: evalh_sampling = unsafe { zeroed() };
        result.struct_size = size::<evalh_sampling>();
        result.max_tokens = self.max_tokens.unwrap_or(-1);
        result.temperature = self.temperature.unwrap_or(f64::NAN);
        result.top_p = self.top_p.unwrap_or(f64::NAN);
        result.min_p = self.min_p.unwrap_or(f64::NAN);
        result.top_k = self.top_k.unwrap_or(-1);
        result.top_logprobs = self.top_logprobs.unwrap_or(-1);
        result.seed = self.seed.unwrap_or(-1);
        result.json_schema = view(self.json_schema);
        result.stop = stop.as_ptr();
        result.stop_count = stop.len() as u64;
        result
    }
}
