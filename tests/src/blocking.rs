//! Runs asynchronous work to its end from any test, be it in a runtime already or not.
//! It is no runtime to share: each call has its own, on a thread of its own.

use std::panic;
use std::thread;

/// Runs a future on a thread and a runtime of its own; a panic in it goes on here.
pub(crate) fn block_on<T: Send>(future: impl Future<Output = T> + Send) -> T {
    let run = move || match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(future),
        Err(error) => panic!("a test cannot have a runtime: {error}"),
    };
    match thread::scope(|scope| scope.spawn(run).join()) {
        Ok(result) => result,
        Err(panic) => panic::resume_unwind(panic),
    }
}
