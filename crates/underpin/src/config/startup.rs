//! How the three booleans of older start-up code become the axes `mode` and `on_failure`. A pure
//! decision over values that are read already.
//!
//! A higher layer wins over a lower one, whichever spelling it uses; within one layer the axis
//! wins over the boolean.

use crate::policy::{Mode, OnFailure};

/// A value, the rank of its layer (0 wins over 1), for choosing between spellings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ranked<T> {
    pub(super) rank: usize,
    pub(super) value: T,
}

/// What the layers say about a start-up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said {
    pub(super) mode: Option<Ranked<Mode>>,
    pub(super) on_failure: Option<Ranked<OnFailure>>,
    pub(super) auto_migrate: Option<Ranked<bool>>,
    pub(super) fail_on_error: Option<Ranked<bool>>,
    pub(super) create_tables: Option<Ranked<bool>>,
}

/// Which setting a decision follows; `None` is the built-in default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The axis itself.
    Axis,
    /// `auto_migrate`.
    AutoMigrate,
    /// `fail_on_migration_error`.
    FailOnError,
    /// `dev_create_tables`.
    CreateTables,
}

/// The mode, and the setting that decided it.
pub(super) fn mode(said: &Said) -> (Mode, Option<Source>) {
    let axis_rank = said.mode.map_or(usize::MAX, |mode| mode.rank);
    let create = said.create_tables.is_some_and(|create| create.value && create.rank < axis_rank);
    match (said.mode, said.auto_migrate) {
        (_, Some(auto)) if auto.rank < axis_rank => match (auto.value, create) {
            (true, _) => (Mode::Apply, Some(Source::AutoMigrate)),
            (false, true) => (Mode::Create, Some(Source::CreateTables)),
            (false, false) => (Mode::Check, Some(Source::AutoMigrate)),
        },
        (Some(mode), _) => (mode.value, Some(Source::Axis)),
        (None, _) => (Mode::Apply, None),
    }
}

/// What happens after a failure, and the setting that decided it.
pub(super) fn on_failure(said: &Said, mode: Mode) -> (OnFailure, Option<Source>) {
    let axis_rank = said.on_failure.map_or(usize::MAX, |axis| axis.rank);
    let create = said.create_tables.is_some_and(|create| create.value && create.rank < axis_rank);
    let fail = said.fail_on_error.filter(|fail| fail.rank < axis_rank);
    match (create && mode == Mode::Apply, fail, said.on_failure) {
        (true, _, _) => (OnFailure::CreateTables, Some(Source::CreateTables)),
        (false, Some(Ranked { value: true, .. }), _) => (OnFailure::Abort, Some(Source::FailOnError)),
        (false, Some(Ranked { value: false, .. }), _) => (OnFailure::Continue, Some(Source::FailOnError)),
        (false, None, Some(axis)) => (axis.value, Some(Source::Axis)),
        (false, None, None) => (OnFailure::Abort, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(auto: Option<bool>, create: Option<bool>, fail: Option<bool>) -> Said {
        let ranked = |value: Option<bool>| value.map(|value| Ranked { rank: 3, value });
        Said {
            auto_migrate: ranked(auto),
            create_tables: ranked(create),
            fail_on_error: ranked(fail),
            ..Said::default()
        }
    }

    fn decide(said: &Said) -> (Mode, OnFailure) {
        let (mode, _) = mode(said);
        (mode, on_failure(said, mode).0)
    }

    #[test]
    fn every_row_of_the_table_of_booleans_holds() {
        let (yes, no) = (Some(true), Some(false));
        for (auto, create, fail, mode, on_failure) in [
            (None, None, None, Mode::Apply, OnFailure::Abort),
            (yes, None, yes, Mode::Apply, OnFailure::Abort),
            (yes, no, yes, Mode::Apply, OnFailure::Abort),
            (yes, None, no, Mode::Apply, OnFailure::Continue),
            (None, None, no, Mode::Apply, OnFailure::Continue),
            (yes, yes, None, Mode::Apply, OnFailure::CreateTables),
            (yes, yes, yes, Mode::Apply, OnFailure::CreateTables),
            (yes, yes, no, Mode::Apply, OnFailure::CreateTables),
            (None, yes, None, Mode::Apply, OnFailure::CreateTables),
            (no, None, None, Mode::Check, OnFailure::Abort),
            (no, None, yes, Mode::Check, OnFailure::Abort),
            (no, no, yes, Mode::Check, OnFailure::Abort),
            (no, yes, None, Mode::Create, OnFailure::Abort),
            (no, yes, yes, Mode::Create, OnFailure::Abort),
            (no, yes, no, Mode::Create, OnFailure::Continue),
            (no, None, no, Mode::Check, OnFailure::Continue),
        ] {
            assert_eq!(decide(&said(auto, create, fail)), (mode, on_failure), "{auto:?} {create:?} {fail:?}");
        }
    }

    #[test]
    fn an_axis_wins_over_a_boolean_of_its_own_layer_and_of_lower_ones() {
        for (axis, boolean, meant) in [(3, 3, Mode::Off), (2, 3, Mode::Off), (4, 3, Mode::Check)] {
            let mut said = said(None, None, None);
            said.mode = Some(Ranked { rank: axis, value: Mode::Off });
            said.auto_migrate = Some(Ranked { rank: boolean, value: false });
            assert_eq!(mode(&said).0, meant, "axis at {axis}, boolean at {boolean}");
        }
        for (axis, boolean, meant) in
            [(3, 3, OnFailure::Abort), (2, 3, OnFailure::Abort), (4, 3, OnFailure::Continue)]
        {
            let mut said = said(None, None, None);
            said.on_failure = Some(Ranked { rank: axis, value: OnFailure::Abort });
            said.fail_on_error = Some(Ranked { rank: boolean, value: false });
            assert_eq!(on_failure(&said, Mode::Apply).0, meant, "axis at {axis}, boolean at {boolean}");
        }
    }

    #[test]
    fn creating_tables_below_an_axis_changes_nothing() {
        let mut said = said(None, Some(true), None);
        said.on_failure = Some(Ranked { rank: 2, value: OnFailure::Continue });
        said.mode = Some(Ranked { rank: 2, value: Mode::Check });
        said.auto_migrate = Some(Ranked { rank: 1, value: false });
        assert_eq!(decide(&said), (Mode::Check, OnFailure::Continue));
    }

    #[test]
    fn the_deciding_setting_is_told() {
        let all = said(Some(false), Some(true), Some(false));
        assert_eq!(mode(&all).1, Some(Source::CreateTables));
        assert_eq!(on_failure(&all, Mode::Create).1, Some(Source::FailOnError));
        assert_eq!(mode(&Said::default()).1, None);
    }
}
