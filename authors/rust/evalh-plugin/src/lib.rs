//! Plugins for evalh in safe Rust, over the plugin ABI that `evalh-plugin-sys` declares. No other crates are needed.
//!
//! A plugin is a type with one of the traits here; `library!` exports it:
//!
//! ```ignore
//! evalh_plugin::library! {
//!     name: "example", version: "1.0.0",
//!     plugins: [strategy(MajorityVote), grader(LastLine)],
//! }
//! ```
//!
//! What a plugin is given is borrowed from the host and gone when the call returns: the borrow checker sees to it. A
//! panic ends the session as an error and never crosses the line to the host, so leave `panic = "unwind"` as it is.

pub use evalh_plugin_sys as sys;

mod allocator;
mod grader;
mod json;
mod library;
mod metric;
mod row;
mod service;
mod session;
mod strategy;
pub mod testing;
mod wire;

pub use allocator::{Allocation, Allocator, Round, Row, Wish};
pub use grader::{Extraction, Grade, GradeInput, Grader};
pub use json::Json;
pub use library::{Descriptor, Library, Plugin, Table};
pub use metric::{Metric, MetricValue};
pub use row::SessionRow;
pub use service::{CallFailed, Service};
pub use session::{Answer, Budget, Sampling, Session, Submit};
pub use strategy::{Delta, Done, Estimate, Event, Failed, Message, Rejected, ServiceResult, Start, Strategy};
pub use wire::Finish;

/// What a plugin's functions return: an error's text is told to people, and ends the session or the plugin's use.
pub type Result<T> = std::result::Result<T, String>;

/// Exports plugins: once in a library. Each is written as its kind with its type: `strategy(MajorityVote)`.
#[macro_export]
macro_rules! library {
    (name: $name:expr, version: $version:expr, plugins: [$($kind:ident($plugin:ty)),+ $(,)?] $(,)?) => {
        /// What evalh looks for in the library.
        #[no_mangle]
        pub extern "C" fn evalh_plugin_v1(
            _host: *const $crate::sys::evalh_host_info,
        ) -> *const $crate::sys::evalh_library {
            static TABLE: $crate::Table = $crate::Table::new();
            TABLE.get(|| $crate::Library::new($name, $version, vec![$($crate::Plugin::$kind::<$plugin>()),+]))
        }
    };
}
