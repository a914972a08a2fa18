//! Metrics: numbers from scores and costs.

use crate::sys::*;
use crate::wire::{destroy, guarded, instance, size, status, text, view, zeroed};
use crate::{Descriptor, Json, Result, SessionRow};
use std::os::raw::c_void;

/// A metric: sees every finished session, item by item. Its memory may grow with items, not with sessions.
pub trait Metric: Sized + Send + 'static {
    const DESCRIPTOR: Descriptor;

    /// `seed`: for all randomness, such as resampling.
    fn new(parameters: &Json, seed: u64) -> Result<Self>;

    /// One more session.
    fn add(&mut self, row: &SessionRow<'_>) -> Result<()>;

    /// The numbers of all sessions so far.
    fn result(&mut self) -> Result<Vec<MetricValue>>;
}

/// A number with its interval.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricValue {
    /// One of the names of the descriptor's `outputs`, or its id if it has none.
    pub name: String,
    /// Empty: it is about the run.
    pub arm: String,
    /// -1: it is about the whole arm.
    pub level_index: i64,
    pub value: f64,
    /// 95 %.
    pub interval: Option<(f64, f64)>,
    /// Independent units: items; -1: unknown.
    pub n: i64,
    /// How the interval was made.
    pub method: String,
}

pub(crate) fn table<M: Metric>() -> evalh_metric {
    let mut table: evalh_metric = unsafe { zeroed() };
    table.struct_size = size::<evalh_metric>();
    table.create = Some(create::<M>);
    table.destroy = Some(destroy::<M>);
    table.add = Some(add::<M>);
    table.result = Some(result::<M>);
    table
}

unsafe extern "C" fn create<M: Metric>(parameters: evalh_str, seed: u64, error: *const evalh_text_sink) -> *mut c_void {
    instance(guarded(|| M::new(&Json::parse(text(parameters))?, seed)), error)
}

unsafe extern "C" fn add<M: Metric>(
    metric: *mut c_void,
    row: *const evalh_session_row,
    error: *const evalh_text_sink,
) -> i32 {
    let metric = &mut *(metric as *mut M);
    status(guarded(|| metric.add(&SessionRow::read(row))), error)
}

unsafe extern "C" fn result<M: Metric>(
    metric: *mut c_void,
    out: *const evalh_metric_sink,
    error: *const evalh_text_sink,
) -> i32 {
    let metric = &mut *(metric as *mut M);
    let told = guarded(|| metric.result());
    status(told.map(|values| values.iter().for_each(|value| push(value, out))), error)
}

unsafe fn push(value: &MetricValue, out: *const evalh_metric_sink) {
    let mut wire: evalh_metric_value = zeroed();
    wire.struct_size = size::<evalh_metric_value>();
    wire.name = view(&value.name);
    wire.arm = view(&value.arm);
    wire.level_index = value.level_index;
    wire.value = value.value;
    let (low, high) = value.interval.unwrap_or((f64::NAN, f64::NAN));
    wire.ci_low = low;
    wire.ci_high = high;
    wire.stderr_ = f64::NAN;
    wire.n = value.n;
    wire.method = view(&value.method);
    if let Some(take) = (*out).push {
        take(out, &wire);
    }
}
