//! Every operation on every engine: the page of the reference is what they are compared with, word for word.

#[path = "operations/chapters.rs"]
mod chapters;
#[path = "operations/examples.rs"]
mod examples;
#[path = "operations/offline.rs"]
mod offline;
#[path = "operations/options.rs"]
mod options;
mod page;

use underpin_core::{
    diagnostic::ErrorKind,
    difference::{Renames, compare},
    operation::{Flavour, Known, Reverse},
};

#[test]
fn the_reference_says_what_each_operation_makes_on_each_engine() {
    page::check("operations.md", &chapters::page());
}

#[test]
fn what_an_operation_does_is_undone_by_its_reverse() {
    for flavour in Flavour::ALL {
        let before = examples::before(flavour);
        for example in examples::chapters().into_iter().flat_map(|chapter| chapter.examples) {
            let (Ok(after), Ok(written)) =
                (example.operation.applied_to(&before), example.operation.write(Known::Schema(&before)))
            else {
                continue;
            };
            let differs = !compare(&before, &after, &Renames::NONE).is_empty();
            let Reverse::Statements(back) = written.reverse else { continue };
            assert_eq!(written.statements.is_empty(), back.is_empty(), "{}", example.title);
            assert!(
                !differs || !written.statements.is_empty(),
                "{} on {}: {:?}",
                example.operation.title(),
                flavour.title(),
                compare(&before, &after, &Renames::NONE).operations
            );
        }
    }
}

#[test]
fn what_can_be_written_without_a_schema_is_what_is_written_with_one() {
    for flavour in Flavour::ALL {
        let before = examples::before(flavour);
        let nothing = Known::Nothing { flavour, version: before.version };
        for example in examples::chapters().into_iter().flat_map(|chapter| chapter.examples) {
            if example.operation.needs_schema(flavour) {
                continue;
            }
            let (Ok(with), Ok(without)) =
                (example.operation.write(Known::Schema(&before)), example.operation.write(nothing))
            else {
                continue;
            };
            assert_eq!(without.statements, with.statements, "{} on {}", example.title, flavour.title());
        }
    }
}

#[test]
fn any_operation_can_follow_any_other() {
    let examples = || examples::chapters().into_iter().flat_map(|chapter| chapter.examples);
    for flavour in Flavour::ALL {
        let before = examples::before(flavour);
        // Every seventeenth, so that all of them come in some order within a few seconds.
        for (at, first) in examples().enumerate() {
            let Ok(between) = first.operation.applied_to(&before) else { continue };
            for second in examples().skip(at % 17).step_by(17) {
                let known = Known::Schema(&between);
                let title = format!("{}, then {} on {}", first.title, second.title, flavour.title());
                match (second.operation.write(known), second.operation.applied_to(&between)) {
                    (Err(error), _) | (_, Err(error)) => {
                        let is_said = matches!(error.kind, ErrorKind::Unsupported | ErrorKind::Model);
                        assert!(is_said, "{title}: {error}");
                    }
                    (Ok(written), Ok(after)) => {
                        let text = format!("{written:?}{after:?}");
                        assert!(!text.contains("underpin_everything_else"), "{title}");
                    }
                }
            }
        }
    }
}
