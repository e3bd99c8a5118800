//! Headers as one text, which a program carries instead of parsing its revision files when it
//! starts. Not a format for people or for other versions: whoever packs also unpacks.

use super::{Header, Phase, RevisionId};

/// Writes headers as one text: a line for each, with tabs between the fields and commas in lists.
///
/// An id or a label holds neither blanks nor commas, a message no line end, and it comes last.
pub fn pack_headers<'a>(headers: impl IntoIterator<Item = &'a Header>) -> String {
    let mut packed = String::new();
    for header in headers {
        let parents: Vec<&str> = header.parents.iter().map(RevisionId::as_str).collect();
        let lists = [parents.join(","), header.depends_on.join(","), header.labels.join(",")];
        let created = header.created.as_deref().unwrap_or_default();
        let replaces: Vec<&str> = header.replaces.iter().map(RevisionId::as_str).collect();
        let replaces = replaces.join(",");
        let fields = [&*header.id, &*lists[0], &*lists[1], &*lists[2], &*replaces, created, &*flags(header)];
        for field in fields {
            packed.push_str(field);
            packed.push('\t');
        }
        packed.push_str(&header.message);
        packed.push('\n');
    }
    packed
}

/// Reads what [`pack_headers`] wrote; none for any other text.
pub fn unpack_headers(packed: &str) -> Option<Vec<Header>> {
    let mut headers = Vec::with_capacity(packed.bytes().filter(|&byte| byte == b'\n').count());
    for line in packed.split_terminator('\n') {
        headers.push(unpack(line)?);
    }
    Some(headers)
}

/// The ids in what [`pack_headers`] wrote.
pub fn packed_ids(packed: &str) -> impl Iterator<Item = &str> {
    packed.split_terminator('\n').map(|line| line.split('\t').next().unwrap_or_default())
}

fn unpack(line: &str) -> Option<Header> {
    let mut fields = line.splitn(8, '\t');
    let mut next = || fields.next();
    let id = RevisionId::new(next()?).ok()?;
    let parents = list(next()?).map(RevisionId::new).collect::<Result<_, _>>().ok()?;
    let mut header = Header::new(id, parents);
    header.depends_on = list(next()?).map(str::to_owned).collect();
    header.labels = list(next()?).map(str::to_owned).collect();
    header.replaces = list(next()?).map(RevisionId::new).collect::<Result<_, _>>().ok()?;
    header.created = Some(next()?).filter(|created| !created.is_empty()).map(str::to_owned);
    for flag in next()?.chars() {
        match flag {
            'o' => header.transaction = false,
            'r' => header.destructive_reviewed = true,
            'e' => header.phase = Some(Phase::Expand),
            'c' => header.phase = Some(Phase::Contract),
            _ => return None,
        }
    }
    header.message = next()?.to_owned();
    Some(header)
}

fn flags(header: &Header) -> String {
    let phase = match header.phase {
        Some(Phase::Expand) => "e",
        Some(Phase::Contract) => "c",
        None => "",
    };
    let transaction = if header.transaction { "" } else { "o" };
    let reviewed = if header.destructive_reviewed { "r" } else { "" };
    [transaction, reviewed, phase].concat()
}

fn list(field: &str) -> impl Iterator<Item = &str> {
    field.split(',').filter(|entry| !entry.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers() -> impl Strategy<Value = Header> {
        let id = "[a-zA-Z0-9_é.]{1,12}".prop_filter_map("reserved", |text| RevisionId::new(&text).ok());
        let names = || proptest::collection::vec("[a-z0-9_]{1,5}", 0..3);
        let phase = prop_oneof![Just(None), Just(Some(Phase::Expand)), Just(Some(Phase::Contract))];
        let ids = || proptest::collection::vec(id.clone(), 0..3);
        let lists = (ids(), names(), names(), ids());
        let rest = ("[^\r\n]{0,20}", proptest::option::of("[0-9T:Z-]{1,20}"), any::<[bool; 2]>(), phase);
        (id, lists, rest).prop_map(
            |(id, (parents, depends_on, labels, replaces), (message, created, flags, phase))| {
                let [transaction, destructive_reviewed] = flags;
                Header {
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
                }
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(headers in proptest::collection::vec(headers(), 0..5)) {
            let packed = pack_headers(&headers);
            let ids: Vec<&str> = packed_ids(&packed).collect();
            prop_assert_eq!(ids, headers.iter().map(|header| header.id.as_str()).collect::<Vec<_>>());
            prop_assert_eq!(unpack_headers(&packed), Some(headers));
        }
    }

    #[test]
    fn another_text_is_refused() {
        for text in [
            "a",
            "a\t\t\t\t\t\t\n",
            "\t\t\t\t\t\t\tx\n",
            "a\tb d\t\t\t\t\t\tx\n",
            "a\t\t\t\t\t\tz\tx\n",
            "\n",
        ] {
            assert_eq!(unpack_headers(text), None, "{text:?}");
        }
    }
}
