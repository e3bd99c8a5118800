//! Properties of revision files: any text is read without a panic, and what is written is read back.

use proptest::prelude::*;

use super::*;

fn id() -> impl Strategy<Value = RevisionId> {
    "[a-z0-9_é]{1,12}".prop_filter_map("an id", |text| RevisionId::new(&text).ok())
}

fn ids() -> impl Strategy<Value = Vec<RevisionId>> {
    prop::collection::btree_set(id(), 0..3).prop_map(|ids| ids.into_iter().collect())
}

fn header() -> impl Strategy<Value = Header> {
    let message = "[^\\p{C}\\s]{0,6}( [^\\p{C}\\s]{1,6}){0,3}".prop_map(|text| text.trim().to_owned());
    let created = prop::option::of(Just("2026-11-20T11:03:00Z".to_owned()));
    let phase = prop::option::of(prop::sample::select(vec![Phase::Expand, Phase::Contract]));
    (id(), ids(), ids(), ids(), message, created, any::<bool>(), any::<bool>(), phase, ids()).prop_map(
        |(
            id,
            parents,
            depends_on,
            labels,
            message,
            created,
            transaction,
            destructive_reviewed,
            phase,
            replaces,
        )| {
            let others =
                |ids: Vec<RevisionId>| ids.into_iter().filter(|other| *other != id).collect::<Vec<_>>();
            Header {
                parents: others(parents),
                depends_on: others(depends_on).into_iter().map(String::from).collect(),
                labels: labels.into_iter().map(String::from).collect(),
                message,
                created,
                transaction,
                destructive_reviewed,
                phase,
                replaces: others(replaces),
                id: id.clone(),
            }
        },
    )
}

fn sql() -> impl Strategy<Value = String> {
    const FRAGMENTS: &[&str] = &[
        "SELECT 1;\n",
        "-- underpinned\n",
        "INSERT INTO a VALUES ('it''s\n-- underpin: downgrade\n');\n",
        "\n",
        "\r\n",
        "/* x */",
        "CREATE TABLE a (b);",
        "é;",
        "DROP TABLE a\n;",
    ];
    prop::collection::vec(prop::sample::select(FRAGMENTS).prop_map(str::to_owned), 0..8)
        .prop_map(|fragments| fragments.concat())
}

fn anything() -> impl Strategy<Value = String> {
    const FRAGMENTS: &[&str] = &[
        "-- revision: a\n",
        "-- parents: b\n",
        "-- x: y\n",
        "-- underpin: upgrade\n",
        "-- underpin: downgrade mysql\n",
        "-- underpin upgrade",
        " -- underpin: ",
        "'",
        "\"",
        "$$",
        "/*",
        "*/",
        "#",
        "\\",
        "[",
        "`",
        ";",
        "\n",
        "é",
        "DELIMITER $$\n",
        "\u{feff}",
        "\r\n",
        "\0",
        "SELECT 1",
        "-- transaction: off\n",
    ];
    let fragment = prop_oneof![
        9 => prop::sample::select(FRAGMENTS).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    (any::<bool>(), prop::collection::vec(fragment, 0..20)).prop_map(|(header, fragments)| {
        let start = if header { "-- revision: a\n-- underpin: upgrade\n" } else { "" };
        start.to_owned() + &fragments.concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(header in header(), upgrade in sql(), downgrade in prop::option::of(sql())) {
        let text = RevisionFile::render(&header, &upgrade, downgrade.as_deref());
        let file = parse(&text);
        prop_assert_eq!(&file.header, &header);
        let section = |direction| file.section_text(direction, Flavour::Postgres);
        prop_assert_eq!(section(Direction::Upgrade).map(str::trim), Some(upgrade.trim()));
        prop_assert_eq!(section(Direction::Downgrade).map(str::trim), downgrade.as_deref().map(str::trim));
        let again = RevisionFile::render(
            &file.header,
            section(Direction::Upgrade).unwrap_or_default(),
            section(Direction::Downgrade),
        );
        prop_assert_eq!(again, text);
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in anything()) {
        match RevisionFile::parse("a.sql", &text) {
            Ok(file) => {
                for flavour in Flavour::ALL {
                    let _ = file.checksum(flavour);
                    for direction in Direction::ALL {
                        let _ = file.statements(direction, flavour);
                    }
                }
                // The sections cover all that follows the header, but for the markers.
                for (section, next) in file.sections.iter().zip(file.sections.iter().skip(1)) {
                    let between = &file.text[section.range.end..next.range.start];
                    let marker = between.trim_start_matches('\u{feff}').trim();
                    prop_assert!(marker.starts_with("--") && marker.lines().count() == 1);
                }
                prop_assert_eq!(file.sections.last().map(|section| section.range.end), Some(file.text.len()));
            }
            Err(error) => {
                let shown = Diagnostic::from(error).to_string();
                prop_assert!(shown.contains("a.sql:"));
            }
        }
    }
}
