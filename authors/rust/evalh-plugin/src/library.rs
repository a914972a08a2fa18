//! What a library says of itself.

use crate::sys::*;
use crate::wire::{size, view, zeroed};
use crate::{Allocator, Grader, Metric, Service, Strategy};
use std::os::raw::c_void;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::Once;

/// Who a plugin is and what it does: `Descriptor { id: "org.example.vote", ..Descriptor::EMPTY }`.
#[derive(Clone, Copy, Debug)]
pub struct Descriptor {
    /// What suites write after `strategy:` or `use:`, reverse-DNS.
    pub id: &'static str,
    /// Semantic versioning. A change of scores or decisions is a new version.
    pub version: &'static str,
    /// One line.
    pub title: &'static str,
    /// Markdown: the algorithm, what it costs, how ties and missing answers are treated.
    pub description: &'static str,
    /// Paper and equation, or where else it is from.
    pub source: &'static str,
    /// `sys::EVALH_NEED_*`, joined by `|`.
    pub needs: u32,
    /// Alternatives a token it needs.
    pub top_logprobs: u32,
    /// JSON Schema of the parameters; empty: it takes none.
    pub parameters_schema: &'static str,
    /// Of metrics and allocators: names of the values they may give, separated by spaces.
    pub outputs: &'static str,
}

impl Descriptor {
    /// Nothing said.
    pub const EMPTY: Descriptor = Descriptor {
        id: "",
        version: "1.0.0",
        title: "",
        description: "",
        source: "",
        needs: 0,
        top_logprobs: 0,
        parameters_schema: "",
        outputs: "",
    };
}

/// One plugin of a library.
pub struct Plugin {
    pub(crate) kind: &'static str,
    pub(crate) descriptor: Descriptor,
    pub(crate) table: *const c_void,
}

fn leaked<T>(value: T) -> *const c_void {
    Box::leak(Box::new(value)) as *const T as *const c_void
}

impl Plugin {
    pub fn strategy<S: Strategy>() -> Plugin {
        let table = leaked(crate::strategy::table::<S>());
        Plugin { kind: EVALH_KIND_STRATEGY, descriptor: S::DESCRIPTOR, table }
    }

    pub fn grader<G: Grader>() -> Plugin {
        Plugin { kind: EVALH_KIND_GRADER, descriptor: G::DESCRIPTOR, table: leaked(crate::grader::table::<G>()) }
    }

    pub fn metric<M: Metric>() -> Plugin {
        Plugin { kind: EVALH_KIND_METRIC, descriptor: M::DESCRIPTOR, table: leaked(crate::metric::table::<M>()) }
    }

    pub fn service<S: Service>() -> Plugin {
        Plugin { kind: EVALH_KIND_SERVICE, descriptor: S::DESCRIPTOR, table: leaked(crate::service::table::<S>()) }
    }

    pub fn allocator<A: Allocator>() -> Plugin {
        let table = leaked(crate::allocator::table::<A>());
        Plugin { kind: EVALH_KIND_ALLOCATOR, descriptor: A::DESCRIPTOR, table }
    }
}

/// What a library offers. It lives until the process ends, as the ABI wants it.
pub struct Library(*const evalh_library);

impl Library {
    pub fn new(name: &'static str, version: &'static str, plugins: Vec<Plugin>) -> Library {
        let descriptors: Vec<*const evalh_descriptor> = plugins.iter().map(Self::wire).collect();
        let descriptors = Box::leak(descriptors.into_boxed_slice());
        let mut library: evalh_library = unsafe { zeroed() };
        library.struct_size = size::<evalh_library>();
        library.abi_major = EVALH_ABI_MAJOR;
        library.abi_minor_built = EVALH_ABI_MINOR;
        library.name = view(name);
        library.version = view(version);
        library.plugins = descriptors.as_ptr();
        library.plugin_count = descriptors.len() as u64;
        Library(leaked(library) as *const evalh_library)
    }

    fn wire(plugin: &Plugin) -> *const evalh_descriptor {
        let told = plugin.descriptor;
        let mut descriptor: evalh_descriptor = unsafe { zeroed() };
        descriptor.struct_size = size::<evalh_descriptor>();
        descriptor.needs = told.needs;
        descriptor.top_logprobs = told.top_logprobs;
        descriptor.kind = view(plugin.kind);
        descriptor.id = view(told.id);
        descriptor.version = view(told.version);
        descriptor.title = view(told.title);
        descriptor.description = view(told.description);
        descriptor.source = view(told.source);
        descriptor.parameters_schema = view(told.parameters_schema);
        descriptor.table = plugin.table;
        descriptor.outputs = view(told.outputs);
        leaked(descriptor) as *const evalh_descriptor
    }
}

/// Where `library!` keeps the library once it is made: every call of the entry function gives the same one.
pub struct Table {
    once: Once,
    library: AtomicPtr<evalh_library>,
}

impl Table {
    pub const fn new() -> Table {
        Table { once: Once::new(), library: AtomicPtr::new(std::ptr::null_mut()) }
    }

    pub fn get(&self, make: impl FnOnce() -> Library) -> *const evalh_library {
        self.once.call_once(|| self.library.store(make().0 as *mut evalh_library, Ordering::Release));
        self.library.load(Ordering::Acquire)
    }
}

impl Default for Table {
    fn default() -> Self {
        Self::new()
    }
}
