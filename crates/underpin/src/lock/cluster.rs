//! Whether a server of MySQL's or MariaDB's is one of several that take writes, so that a named lock, which its own
//! server alone knows, is none.

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use crate::database::{DatabaseError, Session};

/// What a server says of itself. Those that don't know a variable leave it out, and everybody may ask.
const VARIABLES: &str = "SHOW GLOBAL VARIABLES WHERE Variable_name IN \
     ('wsrep_on', 'wsrep_node_name', 'group_replication_group_name', 'group_replication_single_primary_mode')";

/// The number by which a Galera cluster knows its member; a server that is started again gets another one.
const NUMBER: &str = "SHOW GLOBAL STATUS LIKE 'wsrep_gcomm_uuid'";

/// The number of a server that is no member.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// Which servers take writes beside this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cluster {
    /// None.
    Alone,
    /// The other members of its Galera cluster.
    Galera(Member),
    /// The other members of its group, which has several primaries.
    Group,
}

/// A member of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) number: String,
    /// Its name for people.
    pub(crate) name: String,
}

impl Cluster {
    /// Asks the server.
    pub(crate) async fn of(session: &mut dyn Session) -> Result<Self, DatabaseError> {
        let rows = session.fetch(VARIABLES).await?;
        let value = |name: &str| {
            let row = rows.iter().find(|row| row.text(0).eq_ignore_ascii_case(name));
            row.map(|row| row.text(1)).filter(|value| !value.is_empty())
        };
        let is =
            |name: &str, wanted: &str| value(name).is_some_and(|value| value.eq_ignore_ascii_case(wanted));
        if value("group_replication_group_name").is_some()
            && is("group_replication_single_primary_mode", "OFF")
        {
            return Ok(Self::Group);
        }
        if !is("wsrep_on", "ON") {
            return Ok(Self::Alone);
        }
        let name = value("wsrep_node_name").unwrap_or_default().to_owned();
        let rows = session.fetch(NUMBER).await?;
        let number =
            rows.first().map(|row| row.text(1)).filter(|number| !number.is_empty() && *number != NOBODY);
        Ok(number.map_or(Self::Alone, |number| Self::Galera(Member { number: number.to_owned(), name })))
    }
}

/// The refusal of a group with several primaries.
pub(super) fn several_primaries() -> Diagnostic {
    let message = "this server is one of a group with several primaries, where nobody can keep others from migrating at \
                   another one, or tell what became of their schema changes";
    Diagnostic::new(ErrorKind::Unsupported, message)
        .state("nothing was changed")
        .hint("give the group one primary: SELECT group_replication_switch_to_single_primary_mode()")
        .hint("if all migrations go to one and the same member, say so: UNDERPIN_LOCK_MODE=session")
}
