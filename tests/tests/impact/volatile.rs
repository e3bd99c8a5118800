//! That the functions which are told to be stable or immutable are so on the servers at hand.

use underpin::core::impact::postgres::NOT_VOLATILE;

use crate::host::Host;

/// Asks the server for those that it calls volatile.
pub(crate) fn check(host: Host) {
    let names: Vec<String> = NOT_VOLATILE.lines().map(|name| format!("'{name}'")).collect();
    let wrong = host.create().query(&format!(
        "SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace \
         AND provolatile = 'v' AND proname IN ({})",
        names.join(", ")
    ));
    assert!(wrong.is_empty(), "{host} calls them volatile: {wrong:?}");
}
