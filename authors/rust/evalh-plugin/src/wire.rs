//! Between the ABI's structs and Rust's types.

use crate::sys::*;
use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};

/// A text as the ABI passes it. It borrows: the view must not outlive `text`.
pub(crate) fn view(text: &str) -> evalh_str {
    evalh_str { ptr: text.as_ptr() as *const c_char, len: text.len() as u64 }
}

/// A text that the host passes: valid UTF-8, as it promises.
///
/// # Safety
/// `text` is from the host, and `'a` ends with the call that it came with.
pub(crate) unsafe fn text<'a>(text: evalh_str) -> &'a str {
    if text.ptr.is_null() || text.len == 0 {
        return "";
    }
    std::str::from_utf8(std::slice::from_raw_parts(text.ptr as *const u8, text.len as usize)).unwrap_or("")
}

/// A struct of the host's, whatever size it has there: what an older host does not know is zero.
///
/// # Safety
/// `pointer` is a struct of the ABI that starts with its `struct_size`, and `T` is made of numbers and pointers.
pub(crate) unsafe fn load<T: Copy>(pointer: *const T) -> T {
    let mut value = std::mem::MaybeUninit::<T>::zeroed();
    let size = (*(pointer as *const u32) as usize).min(std::mem::size_of::<T>());
    std::ptr::copy_nonoverlapping(pointer as *const u8, value.as_mut_ptr() as *mut u8, size);
    value.assume_init()
}

/// A struct with every member zero: no text, no pointer.
///
/// # Safety
/// `T` is a struct of the ABI.
pub(crate) unsafe fn zeroed<T>() -> T {
    std::mem::MaybeUninit::<T>::zeroed().assume_init()
}

pub(crate) fn size<T>() -> u32 {
    std::mem::size_of::<T>() as u32
}

/// A number, or `None` for the ABI's NaN.
pub(crate) fn present(value: f64) -> Option<f64> {
    if value.is_nan() {
        None
    } else {
        Some(value)
    }
}

/// Runs a plugin's code; a panic becomes its error.
pub(crate) fn guarded<T>(body: impl FnOnce() -> crate::Result<T>) -> crate::Result<T> {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(result) => result,
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().map(|text| text.to_string());
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
            Err(format!("the plugin panicked: {}", text.unwrap_or_else(|| "without a text".into())))
        }
    }
}

/// Puts a text into a sink.
///
/// # Safety
/// `sink` is the host's, or null.
pub(crate) unsafe fn put(sink: *const evalh_text_sink, text: &str) {
    if let Some(set) = sink.as_ref().and_then(|sink| sink.set) {
        set(sink, view(text));
    }
}

/// The result of a call whose errors go into a sink.
///
/// # Safety
/// `sink` is the host's, or null.
pub(crate) unsafe fn status(result: crate::Result<()>, sink: *const evalh_text_sink) -> i32 {
    match result {
        Ok(()) => EVALH_OK,
        Err(text) => {
            put(sink, &text);
            EVALH_FAILED
        }
    }
}

/// A new instance for the host, or null with a text in the sink.
///
/// # Safety
/// `sink` is the host's, or null.
pub(crate) unsafe fn instance<T>(made: crate::Result<T>, sink: *const evalh_text_sink) -> *mut c_void {
    match made {
        Ok(value) => Box::into_raw(Box::new(value)) as *mut c_void,
        Err(text) => {
            put(sink, &text);
            std::ptr::null_mut()
        }
    }
}

/// Ends an instance. A panic in its `drop` is dropped with it.
///
/// # Safety
/// `pointer` is from `instance` of the same type, or null.
pub(crate) unsafe extern "C" fn destroy<T>(pointer: *mut c_void) {
    if !pointer.is_null() {
        let _ = guarded(|| {
            drop(Box::from_raw(pointer as *mut T));
            Ok(())
        });
    }
}

/// Why a completion ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// The model ended it, or a stop text did.
    Stop,
    /// Cut off: unfinished.
    Length,
    /// The strategy cancelled it: unfinished.
    Cancelled,
    /// The provider withheld it.
    Filter,
    Other,
}

impl Finish {
    pub(crate) fn from_wire(value: u32) -> Finish {
        match value {
            EVALH_FINISH_STOP => Finish::Stop,
            EVALH_FINISH_LENGTH => Finish::Length,
            EVALH_FINISH_CANCELLED => Finish::Cancelled,
            EVALH_FINISH_FILTER => Finish::Filter,
            _ => Finish::Other,
        }
    }

    pub(crate) fn wire(self) -> u32 {
        match self {
            Finish::Stop => EVALH_FINISH_STOP,
            Finish::Length => EVALH_FINISH_LENGTH,
            Finish::Cancelled => EVALH_FINISH_CANCELLED,
            Finish::Filter => EVALH_FINISH_FILTER,
            Finish::Other => EVALH_FINISH_OTHER,
        }
    }

    /// The text was cut off: it has no answer, and is never right.
    pub fn is_unfinished(self) -> bool {
        matches!(self, Finish::Length | Finish::Cancelled)
    }
}
