//! Services: what strategies may call beside models.

use crate::sys::*;
use crate::wire::{destroy, guarded, instance, put, size, text, zeroed};
use crate::{Descriptor, Json, Result};
use std::os::raw::c_void;

/// A service. It may use files, the network and time, which strategies may not: the host records what it gave and does
/// not call it again for the same payload. One value answers one call at a time; the host makes as many as it needs.
pub trait Service: Sized + Send + 'static {
    const DESCRIPTOR: Descriptor;

    /// Reads the parameters once.
    fn new(parameters: &Json) -> Result<Self>;

    /// Answers a payload, a JSON object, with a JSON text. It may take its time.
    fn call(&mut self, payload: &Json) -> std::result::Result<String, CallFailed>;

    /// What results depend on beside version, parameters and payload, such as the checksum of a file.
    fn fingerprint(&mut self) -> Result<String> {
        Ok(String::new())
    }
}

/// Why a call gave no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallFailed {
    /// The call failed, which is a result as well and is recorded.
    Failed(String),
    /// The service could not do its work now; it is asked again when the run is resumed.
    Unavailable(String),
}

pub(crate) fn table<S: Service>() -> evalh_service {
    let mut table: evalh_service = unsafe { zeroed() };
    table.struct_size = size::<evalh_service>();
    table.create = Some(create::<S>);
    table.destroy = Some(destroy::<S>);
    table.call = Some(call::<S>);
    table.fingerprint = Some(fingerprint::<S>);
    table
}

unsafe extern "C" fn create<S: Service>(parameters: evalh_str, error: *const evalh_text_sink) -> *mut c_void {
    instance(guarded(|| S::new(&Json::parse(text(parameters))?)), error)
}

unsafe extern "C" fn call<S: Service>(
    service: *mut c_void,
    payload: evalh_str,
    result: *const evalh_text_sink,
    error: *const evalh_text_sink,
) -> i32 {
    let service = &mut *(service as *mut S);
    match guarded(|| Ok(service.call(&Json::parse(text(payload))?))) {
        Ok(Ok(json)) => {
            put(result, &json);
            EVALH_OK
        }
        Ok(Err(CallFailed::Failed(reason))) | Err(reason) => {
            put(error, &reason);
            EVALH_FAILED
        }
        Ok(Err(CallFailed::Unavailable(reason))) => {
            put(error, &reason);
            EVALH_UNSUPPORTED
        }
    }
}

unsafe extern "C" fn fingerprint<S: Service>(service: *mut c_void, sink: *const evalh_text_sink) -> i32 {
    let service = &mut *(service as *mut S);
    match guarded(|| service.fingerprint()) {
        Ok(fingerprint) => {
            put(sink, &fingerprint);
            EVALH_OK
        }
        Err(reason) => {
            put(sink, &reason);
            EVALH_FAILED
        }
    }
}
