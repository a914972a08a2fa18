//! Strategies: what to ask, and which answer to give.

use crate::session::Session;
use crate::sys::*;
use crate::wire::{guarded, load, size, status, text, view, zeroed, Finish};
use crate::{Descriptor, Json, Result};
use std::os::raw::c_void;

/// A strategy. One value is one session: it gets the session's events in order, one by one, and asks for actions by
/// `session`. It must be a pure function of them: no clock, no randomness of its own, no files, no network.
pub trait Strategy: Sized + Send + 'static {
    const DESCRIPTOR: Descriptor;

    /// A session, before its first event.
    fn new() -> Self;

    /// Takes an event. An error ends the session as an error, never as a wrong answer.
    fn take(&mut self, event: &Event<'_>, session: &mut Session<'_>) -> Result<()>;

    /// For `evalh plan`: what a session with these parameters may ask for. `None`: unknown.
    fn estimate(_parameters: &Json) -> Option<Estimate> {
        None
    }

    /// What parameters that keep the schema must keep beside it. An error's text refuses the suite, with its place.
    fn validate(_parameters: &Json) -> Result<()> {
        Ok(())
    }
}

/// How many completions a session asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub fewest: u64,
    pub most: u64,
    /// How often the item's prompt is sent at most, n choices of one request counting once; `None`: `most` times.
    pub prompt_passes: Option<f64>,
}

/// What the host tells a session. Texts are borrowed: copy what is kept.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// The first one.
    Start(Start<'a>),
    /// More of a streamed completion.
    Delta(Delta<'a>),
    /// A choice of a request is complete.
    Done(Done<'a>),
    /// No more comes of a request.
    Failed(Failed<'a>),
    /// A request was cancelled, after so many tokens.
    Cancelled { request: u64, tokens: i64 },
    /// What a service answered to a call.
    Result(ServiceResult<'a>),
    /// The logical time of a timer has come.
    Timer(u64),
    /// An action was not carried out.
    Rejected(Rejected<'a>),
    /// The session must finish before `take` returns.
    Stop { reason: &'a str },
    /// Of a type that this crate does not know, or has no use for: skip it.
    Other(u16),
}

#[derive(Clone, Debug)]
pub struct Start<'a> {
    pub item_id: &'a str,
    /// The item's input field.
    pub input: &'a str,
    /// All fields of the item but the target's, a JSON object.
    pub fields_json: &'a str,
    /// The item's prompt as the suite renders it.
    pub messages: Vec<Message<'a>>,
    /// As the suite sets them, defaults filled in.
    pub parameters: Json,
    pub seed: u64,
    pub repeat: i64,
    /// The arm's own first: role and name.
    pub models: Vec<(&'a str, &'a str)>,
    /// What `Session::call` may name: name and kind.
    pub services: Vec<(&'a str, &'a str)>,
}

/// A message of a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// `sys::EVALH_ROLE_*`.
    pub role: u32,
    pub content: &'a str,
}

#[derive(Clone, Debug)]
pub struct Delta<'a> {
    pub request: u64,
    pub choice: u32,
    /// The new text.
    pub text: &'a str,
    /// New thinking that the endpoint sends apart from the text.
    pub reasoning: &'a str,
    /// Tokens in this piece; 0: unknown.
    pub tokens: u32,
}

#[derive(Clone, Debug)]
pub struct Done<'a> {
    pub request: u64,
    pub choice: u32,
    pub finish: Finish,
    /// The whole completion.
    pub text: &'a str,
    pub reasoning: &'a str,
    pub completion_tokens: i64,
    pub seconds: f64,
    /// No more comes of this request.
    pub is_last: bool,
}

#[derive(Clone, Debug)]
pub struct Failed<'a> {
    pub request: u64,
    /// `sys::EVALH_FAILURE_*`.
    pub failure: u32,
    pub is_retryable: bool,
    pub message: &'a str,
}

#[derive(Clone, Debug)]
pub struct ServiceResult<'a> {
    /// What `Session::call` gave.
    pub request: u64,
    /// JSON, by the service's kind; of an error an object with a text `error`.
    pub json: &'a str,
    /// The service did its work and says that the call failed.
    pub is_error: bool,
    /// From the call to its result.
    pub seconds: f64,
}

#[derive(Clone, Debug)]
pub struct Rejected<'a> {
    /// The request it was about; 0: none.
    pub request: u64,
    /// `sys::EVALH_REJECT_*`.
    pub reason: u32,
    pub message: &'a str,
}

impl<'a> Event<'a> {
    /// # Safety
    /// `pointer` is an event of the host, and `'a` ends with the call that it came with.
    unsafe fn read(pointer: *const evalh_event) -> Result<Event<'a>> {
        Ok(match (*pointer).r#type {
            EVALH_EVENT_START => Event::Start(Start::read(&load(pointer as *const evalh_event_start))?),
            EVALH_EVENT_DELTA => {
                let event = load(pointer as *const evalh_event_delta);
                Event::Delta(Delta {
                    request: event.request,
                    choice: event.choice,
                    text: text(event.text),
                    reasoning: text(event.reasoning),
                    tokens: event.token_count,
                })
            }
            EVALH_EVENT_DONE => {
                let event = load(pointer as *const evalh_event_done);
                Event::Done(Done {
                    request: event.request,
                    choice: event.choice,
                    finish: Finish::from_wire(event.finish),
                    text: text(event.text),
                    reasoning: text(event.reasoning),
                    completion_tokens: event.usage.completion_tokens,
                    seconds: event.seconds,
                    is_last: event.header.flags & EVALH_DONE_LAST != 0,
                })
            }
            EVALH_EVENT_REQUEST_FAILED => {
                let event = load(pointer as *const evalh_event_failed);
                Event::Failed(Failed {
                    request: event.request,
                    failure: event.failure,
                    is_retryable: event.retryable == 1,
                    message: text(event.message),
                })
            }
            EVALH_EVENT_CANCELLED => {
                let event = load(pointer as *const evalh_event_cancelled);
                Event::Cancelled { request: event.request, tokens: event.tokens_received }
            }
            EVALH_EVENT_RESULT => {
                let event = load(pointer as *const evalh_event_result);
                Event::Result(ServiceResult {
                    request: event.request,
                    json: text(event.result),
                    is_error: event.header.flags & EVALH_RESULT_ERROR != 0,
                    seconds: event.seconds,
                })
            }
            EVALH_EVENT_TIMER => Event::Timer(load(pointer as *const evalh_event_timer).timer),
            EVALH_EVENT_REJECTED => {
                let event = load(pointer as *const evalh_event_rejected);
                Event::Rejected(Rejected { request: event.request, reason: event.reason, message: text(event.message) })
            }
            EVALH_EVENT_STOP => Event::Stop { reason: text(load(pointer as *const evalh_event_stop).reason) },
            other => Event::Other(other),
        })
    }
}

impl<'a> Start<'a> {
    unsafe fn read(event: &evalh_event_start) -> Result<Start<'a>> {
        let messages = (0..event.message_count as usize)
            .map(|index| load(*event.messages.add(index)))
            .map(|message| Message { role: message.role, content: text(message.content) });
        let models = (0..event.model_count as usize)
            .map(|index| load(*event.models.add(index)))
            .map(|model| (text(model.role), text(model.name)));
        let services = (0..event.service_count as usize)
            .map(|index| load(*event.services.add(index)))
            .map(|service| (text(service.name), text(service.kind)));
        Ok(Start {
            item_id: text(event.item_id),
            input: text(event.input),
            fields_json: text(event.fields_json),
            messages: messages.collect(),
            parameters: Json::parse(text(event.parameters_json))?,
            seed: event.seed,
            repeat: event.repeat,
            models: models.collect(),
            services: services.collect(),
        })
    }
}

/// What the host holds of a session.
struct Instance<S> {
    strategy: S,
    host: *const evalh_host,
    handle: *mut c_void,
    seq: u64,
    request: u64,
    is_finished: bool,
}

pub(crate) fn table<S: Strategy>() -> evalh_strategy {
    let mut table: evalh_strategy = unsafe { zeroed() };
    table.struct_size = size::<evalh_strategy>();
    table.create = Some(create::<S>);
    table.step = Some(step::<S>);
    table.destroy = Some(crate::wire::destroy::<Instance<S>>);
    table.estimate = Some(estimate::<S>);
    table.validate = Some(validate::<S>);
    table
}

unsafe fn tell(host: *const evalh_host, handle: *mut c_void, error: &str) {
    if let Some(set_error) = (*host).set_error {
        set_error(handle, 1, view(error));
    }
}

unsafe extern "C" fn create<S: Strategy>(host: *const evalh_host, handle: *mut c_void) -> *mut c_void {
    match guarded(|| Ok(S::new())) {
        Ok(strategy) => {
            let instance = Instance { strategy, host, handle, seq: 0, request: 0, is_finished: false };
            Box::into_raw(Box::new(instance)) as *mut c_void
        }
        Err(error) => {
            tell(host, handle, &error);
            std::ptr::null_mut()
        }
    }
}

unsafe extern "C" fn step<S: Strategy>(
    instance: *mut c_void,
    events: *const *const evalh_event,
    count: u64,
    out: *const evalh_out,
) -> i32 {
    let instance = &mut *(instance as *mut Instance<S>);
    let (host, handle) = (instance.host, instance.handle);
    let result = guarded(|| {
        // How events are grouped into calls changes nothing: one by one, and none after the answer.
        for index in 0..count as usize {
            if instance.is_finished {
                break;
            }
            let event = Event::read(*events.add(index))?;
            let mut session = Session::new(
                host,
                handle,
                out,
                (**events.add(index)).time_ns,
                &mut instance.seq,
                &mut instance.request,
                &mut instance.is_finished,
            );
            instance.strategy.take(&event, &mut session)?;
        }
        Ok(())
    });
    match result {
        Ok(()) => EVALH_OK,
        Err(error) => {
            tell(host, handle, &error);
            EVALH_FAILED
        }
    }
}

unsafe extern "C" fn estimate<S: Strategy>(parameters: evalh_str, out: *mut evalh_estimate) -> i32 {
    let estimate = guarded(|| Ok(S::estimate(&Json::parse(text(parameters))?)));
    match estimate {
        Ok(Some(estimate)) => {
            (*out).completions_min = estimate.fewest as i64;
            (*out).completions_max = estimate.most as i64;
            if let Some(passes) = estimate.prompt_passes {
                (*out).prompt_passes = passes;
            }
            EVALH_OK
        }
        Ok(None) => EVALH_UNSUPPORTED,
        Err(_) => EVALH_FAILED,
    }
}

unsafe extern "C" fn validate<S: Strategy>(parameters: evalh_str, problem: *const evalh_text_sink) -> i32 {
    status(guarded(|| S::validate(&Json::parse(text(parameters))?)), problem)
}
