//! Plays the host to a strategy in its tests: no model, no network, no clock.

use crate::sys::*;
use crate::wire::{size, text, view, zeroed};
use crate::Strategy;
use std::os::raw::c_void;

/// One session of a strategy, driven through the table that a host gets.
///
/// The scripted grader takes the last word of a finished text as its answer.
pub struct ScriptedSession {
    table: evalh_strategy,
    host: Box<evalh_host>,
    state: Box<State>,
    instance: *mut c_void,
    seq: u64,
    time: i64,
}

/// What came of a session so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Completions asked for.
    pub requests: usize,
    /// The answer, once it has finished; `Some(None)`: it gave none.
    pub answer: Option<Option<String>>,
    pub confidence: Option<f64>,
    pub reason: String,
    /// Why it failed.
    pub error: Option<String>,
    pub notes: Vec<(String, String)>,
}

#[derive(Default)]
struct State {
    outcome: Outcome,
    /// A request, with the action that asked for it, once for each choice that is still to come.
    open: Vec<(u64, u64)>,
    last_seq: u64,
    error: String,
    extracted: String,
    random: u64,
}

impl ScriptedSession {
    /// A session that has had its START. `parameters`: a JSON object, as the host gives it with defaults filled in.
    pub fn new<S: Strategy>(parameters: &str) -> ScriptedSession {
        let table = crate::strategy::table::<S>();
        let mut state = Box::<State>::default();
        let mut host: Box<evalh_host> = Box::new(unsafe { zeroed() });
        host.struct_size = size::<evalh_host>();
        host.rand = Some(rand);
        host.extract = Some(extract);
        host.budget = Some(budget);
        host.set_error = Some(set_error);
        host.on_session_thread = Some(on_session_thread);
        host.extension = Some(extension);
        let handle = &mut *state as *mut State as *mut c_void;
        let instance = unsafe { (table.create.unwrap())(&*host, handle) };
        assert!(!instance.is_null(), "create gave no instance: {}", state.error);
        let mut session = ScriptedSession { table, host, state, instance, seq: 0, time: 0 };
        session.start(parameters);
        session
    }

    /// What came of it so far.
    pub fn outcome(&self) -> &Outcome {
        &self.state.outcome
    }

    /// The model says something to the oldest open request.
    pub fn reply(&mut self, text: &str) {
        self.done(text, EVALH_FINISH_STOP);
    }

    /// A completion that was cut off, for the oldest open request.
    pub fn cut_off(&mut self, text: &str) {
        self.done(text, EVALH_FINISH_LENGTH);
    }

    /// The oldest open request fails, after all retries.
    pub fn fail(&mut self, message: &str) {
        let mut event: evalh_event_failed = unsafe { zeroed() };
        event.request = self.take_open().0;
        event.failure = EVALH_FAILURE_SERVER;
        event.message = view(message);
        event.header = self.header::<evalh_event_failed>(EVALH_EVENT_REQUEST_FAILED);
        self.deliver(&event);
    }

    /// The host refuses the oldest open request: `sys::EVALH_REJECT_*`.
    pub fn reject(&mut self, reason: u32) {
        let mut event: evalh_event_rejected = unsafe { zeroed() };
        let (request, action_seq) = self.take_open();
        event.request = request;
        event.action_seq = action_seq;
        event.reason = reason;
        event.message = view("scripted");
        event.header = self.header::<evalh_event_rejected>(EVALH_EVENT_REJECTED);
        self.deliver(&event);
    }

    /// The session must end now.
    pub fn stop(&mut self) {
        let mut event: evalh_event_stop = unsafe { zeroed() };
        event.reason = view("stopped");
        event.header = self.header::<evalh_event_stop>(EVALH_EVENT_STOP);
        self.deliver(&event);
        let ended = self.state.outcome.answer.is_some() || self.state.outcome.error.is_some();
        assert!(ended, "no answer in the step that brought STOP");
    }

    fn start(&mut self, parameters: &str) {
        let mut message: evalh_message = unsafe { zeroed() };
        message.struct_size = size::<evalh_message>();
        message.role = EVALH_ROLE_USER;
        message.content = view("question?");
        let messages = [&message as *const evalh_message];
        let mut event: evalh_event_start = unsafe { zeroed() };
        event.item_id = view("item");
        event.input = view("question?");
        event.fields_json = view("{}");
        event.messages = messages.as_ptr();
        event.message_count = 1;
        event.parameters_json = view(parameters);
        event.seed = 1;
        event.header = self.header::<evalh_event_start>(EVALH_EVENT_START);
        self.deliver(&event);
    }

    fn done(&mut self, text: &str, finish: u32) {
        let mut event: evalh_event_done = unsafe { zeroed() };
        event.request = self.take_open().0;
        event.finish = finish;
        event.text = view(text);
        event.usage.prompt_tokens = 10;
        event.usage.completion_tokens = 5;
        event.seconds = 0.001;
        event.first_token_seconds = f64::NAN;
        event.header = self.header::<evalh_event_done>(EVALH_EVENT_DONE);
        let is_last = !self.state.open.iter().any(|(request, _)| *request == event.request);
        event.header.flags = if is_last { EVALH_DONE_LAST } else { 0 };
        self.deliver(&event);
    }

    fn take_open(&mut self) -> (u64, u64) {
        assert!(!self.state.open.is_empty(), "no request waits for a completion");
        self.state.open.remove(0)
    }

    fn header<T>(&mut self, event: u16) -> evalh_event {
        self.seq += 1;
        self.time += 1_000_000;
        evalh_event { struct_size: size::<T>(), r#type: event, flags: 0, seq: self.seq, time_ns: self.time }
    }

    fn deliver<T>(&mut self, event: &T) {
        assert!(self.state.outcome.answer.is_none(), "it has finished");
        let event = event as *const T as *const evalh_event;
        let mut out: evalh_out = unsafe { zeroed() };
        out.struct_size = size::<evalh_out>();
        out.context = &mut *self.state as *mut State as *mut c_void;
        out.push = Some(push);
        let result = unsafe { (self.table.step.unwrap())(self.instance, &event, 1, &out) };
        if result != EVALH_OK {
            self.state.outcome.error = Some(self.state.error.clone());
        }
    }
}

impl Drop for ScriptedSession {
    fn drop(&mut self) {
        unsafe { (self.table.destroy.unwrap())(self.instance) };
        let _ = &self.host;
    }
}

unsafe fn state<'a>(handle: *mut c_void) -> &'a mut State {
    &mut *(handle as *mut State)
}

unsafe extern "C" fn push(out: *const evalh_out, action: *const evalh_action) -> i32 {
    let state = state((*out).context);
    assert!((*action).seq > state.last_seq, "the seq of actions must increase");
    state.last_seq = (*action).seq;
    match (*action).r#type {
        EVALH_ACTION_SUBMIT => {
            let submit = &*(action as *const evalh_action_submit);
            assert!(submit.request != 0 && (1..=1024).contains(&submit.n), "a malformed request");
            for _ in 0..submit.n {
                state.open.push((submit.request, (*action).seq));
                state.outcome.requests += 1;
            }
        }
        EVALH_ACTION_NOTE => {
            let note = &*(action as *const evalh_action_note);
            state.outcome.notes.push((text(note.key).to_owned(), text(note.value).to_owned()));
        }
        EVALH_ACTION_FINISH => {
            let finish = &*(action as *const evalh_action_finish);
            let is_none = (*action).flags & EVALH_ANSWER_NONE != 0;
            state.outcome.answer = Some(if is_none { None } else { Some(text(finish.answer).to_owned()) });
            state.outcome.confidence = crate::wire::present(finish.confidence);
            state.outcome.reason = text(finish.reason).to_owned();
        }
        _ => {}
    }
    EVALH_OK
}

unsafe extern "C" fn rand(handle: *mut c_void) -> u64 {
    let state = state(handle); // splitmix64
    state.random = state.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = state.random;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

unsafe extern "C" fn extract(
    handle: *mut c_void,
    completion: evalh_str,
    finish: u32,
    out: *mut evalh_extraction,
) -> i32 {
    let state = state(handle);
    let word = text(completion).split_whitespace().last();
    state.extracted = word.filter(|_| finish == EVALH_FINISH_STOP).unwrap_or("").to_owned();
    (*out).found = !state.extracted.is_empty() as u32;
    (*out).answer = view(&state.extracted);
    (*out).stage = view("last-word");
    EVALH_OK
}

unsafe extern "C" fn budget(_handle: *mut c_void, out: *mut evalh_budget) -> i32 {
    (*out).tokens = -1;
    (*out).usd = f64::NAN;
    (*out).seconds = f64::NAN;
    EVALH_OK
}

unsafe extern "C" fn set_error(handle: *mut c_void, _code: i32, error: evalh_str) {
    state(handle).error = text(error).to_owned();
}

unsafe extern "C" fn on_session_thread(_handle: *mut c_void) -> i32 {
    1
}

unsafe extern "C" fn extension(_handle: *mut c_void, _id: evalh_str) -> *const c_void {
    std::ptr::null()
}

/// A finished session for tests of metrics and allocators; score `None`: it failed.
pub fn row(item: u64, arm: &str, score: Option<f64>, completion_tokens: i64) -> crate::SessionRow<'_> {
    crate::SessionRow {
        item,
        arm,
        level: "",
        level_index: -1,
        repeat: 0,
        score,
        confidence: None,
        finish: crate::Finish::Stop,
        prompt_tokens: 10,
        completion_tokens,
        usd: None,
        critical_path_seconds: 1.0,
        answer: "",
    }
}

#[cfg(test)]
mod tests {
    use super::ScriptedSession;
    use crate::{Answer, Descriptor, Event, Result, Session, Strategy, Submit};

    /// Asks once; panics, fails or answers as the completion says.
    struct Obedient;

    impl Strategy for Obedient {
        const DESCRIPTOR: Descriptor = Descriptor { id: "org.example.obedient", ..Descriptor::EMPTY };

        fn new() -> Self {
            Obedient
        }

        fn take(&mut self, event: &Event<'_>, session: &mut Session<'_>) -> Result<()> {
            match event {
                Event::Start(_) => {
                    session.submit(&Submit { n: 2, ..Submit::default() });
                }
                Event::Done(done) if done.text == "panic" => panic!("as told"),
                Event::Done(done) if done.text == "fail" => return Err("as told".into()),
                Event::Done(done) => {
                    session.note("first", done.text);
                    let text = Some(done.text);
                    session.finish(&Answer { text, is_unfinished: false, confidence: None, reason: "told" });
                }
                _ => {}
            }
            Ok(())
        }
    }

    #[test]
    fn a_panic_is_an_error_of_the_session_and_nothing_more() {
        let mut session = ScriptedSession::new::<Obedient>("{}");
        session.reply("panic");
        assert_eq!(session.outcome().error.as_deref(), Some("the plugin panicked: as told"));
    }

    #[test]
    fn errors_answers_and_notes_reach_the_host() {
        let mut failed = ScriptedSession::new::<Obedient>("{}");
        failed.reply("fail");
        assert_eq!(failed.outcome().error.as_deref(), Some("as told"));
        let mut session = ScriptedSession::new::<Obedient>("{}");
        assert_eq!(session.outcome().requests, 2);
        session.reply("x");
        assert_eq!(session.outcome().answer, Some(Some("x".into())));
        assert_eq!(session.outcome().notes, [("first".to_owned(), "x".to_owned())]);
    }
}
