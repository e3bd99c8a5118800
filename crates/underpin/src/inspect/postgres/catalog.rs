//! What the readers of the catalog share: the session, the schema that they fill, and which number of
//! the server's is which object. Not a reader itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use underpin_core::{
    dialect::Dialect,
    name::literal,
    schema::{Grant, Grantee, Object, ObjectId, ObjectKind, Options, Schema, Table, Unsupported, View},
};

use super::Scope;
use crate::database::{DatabaseError, Row, Session};

/// The catalog that a number is of, as `pg_depend` says it: `pg_class`, `pg_proc`.
type Address = (&'static str, i64, i64);

/// The catalogs whose entries are, or belong to, objects of the vocabulary.
const CATALOGS: [&str; 23] = [
    "pg_class",
    "pg_type",
    "pg_proc",
    "pg_constraint",
    "pg_attrdef",
    "pg_rewrite",
    "pg_trigger",
    "pg_policy",
    "pg_statistic_ext",
    "pg_namespace",
    "pg_extension",
    "pg_collation",
    "pg_operator",
    "pg_cast",
    "pg_event_trigger",
    "pg_publication",
    "pg_publication_rel",
    "pg_opclass",
    "pg_opfamily",
    "pg_language",
    "pg_am",
    "pg_ts_config",
    "pg_ts_dict",
];

/// What the readers share.
pub(super) struct Catalog<'a> {
    session: &'a mut dyn Session,
    scope: &'a Scope,
    pub(super) schema: &'a mut Schema,
    /// The namespace whose names are written without it.
    short: Option<String>,
    addresses: HashMap<Address, ObjectId>,
    /// Columns by the number of their table and their own.
    pub(super) columns: HashMap<(i64, i64), String>,
    /// The constraint that an index of a partition's key comes and goes with: its parent's.
    pub(super) keys: HashMap<i64, (i64, ObjectId)>,
    /// The tables that a partition or child has its columns from.
    pub(super) parents: BTreeMap<ObjectId, Vec<ObjectId>>,
}

impl<'a> Catalog<'a> {
    /// A catalog of which nothing has been read.
    pub(super) async fn new(
        session: &'a mut dyn Session,
        scope: &'a Scope,
        schema: &'a mut Schema,
    ) -> Result<Self, DatabaseError> {
        let short = match scope.short_names {
            true => {
                let rows = session.fetch("SELECT current_schema()").await?;
                rows.first().and_then(|row| row.optional(0)).map(str::to_owned)
            }
            false => None,
        };
        Ok(Self {
            session,
            scope,
            schema,
            short,
            addresses: HashMap::new(),
            columns: HashMap::new(),
            keys: HashMap::new(),
            parents: BTreeMap::new(),
        })
    }

    /// The major version of the server.
    pub(super) fn major(&self) -> u32 {
        self.schema.version.major
    }

    /// One piece of SQL for a server that has something, another for one that has not.
    pub(super) fn since(&self, major: u32, yes: &'static str, no: &'static str) -> &'static str {
        if self.major() >= major { yes } else { no }
    }

    /// Asks the server.
    pub(super) async fn fetch(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        self.session.fetch(sql).await
    }

    /// Whether every namespace is looked at but the server's own.
    pub(super) const fn looks_everywhere(&self) -> bool {
        self.scope.schemas.is_empty()
    }

    /// The condition for a namespace to be looked at; `n` is `pg_namespace`.
    pub(super) fn in_scope(&self) -> String {
        match self.scope.schemas.is_empty() {
            true => "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'".to_owned(),
            false => {
                let names: Vec<String> =
                    self.scope.schemas.iter().map(|name| literal(Dialect::Postgres, name)).collect();
                format!("n.nspname IN ({})", names.join(", "))
            }
        }
    }

    /// The condition for an object not to belong to an extension (`pg_depend`, dependency type `e`).
    pub(super) fn not_of_extension(catalog: &str, oid: &str) -> String {
        format!(
            "NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.{catalog}'::regclass \
             AND e.objid = {oid} AND e.deptype = 'e')"
        )
    }

    /// The namespace of an object, as it is to be written.
    pub(super) fn namespace(&self, name: &str) -> Option<String> {
        (self.short.as_deref() != Some(name)).then(|| name.to_owned())
    }

    /// The id of an object in a namespace.
    pub(super) fn id(&self, kind: ObjectKind, namespace: &str, name: &str) -> ObjectId {
        ObjectId::new(kind, self.namespace(namespace).as_deref(), name)
    }

    /// Keeps that something without a word of its own belongs to this object.
    pub(super) fn know_member(&mut self, catalog: &str, oid: i64, id: ObjectId) {
        if let Some(catalog) = CATALOGS.into_iter().find(|known| *known == catalog) {
            self.addresses.insert((catalog, oid, 0), id);
        }
    }

    /// Keeps which object a number of the server's is.
    pub(super) fn know(&mut self, catalog: &'static str, oid: i64, id: ObjectId) {
        self.addresses.insert((catalog, oid, 0), id);
    }

    /// The object of a number, if it is one of those that were read.
    pub(super) fn known(&self, catalog: &'static str, oid: i64) -> Option<&ObjectId> {
        self.addresses.get(&(catalog, oid, 0))
    }

    /// The object, or the column of one, that `pg_depend` means.
    pub(super) fn resolve(&self, catalog: &str, oid: i64, column: i64) -> Option<ObjectId> {
        let catalog = CATALOGS.into_iter().find(|known| *known == catalog)?;
        let id = self.addresses.get(&(catalog, oid, 0))?;
        match (catalog, column) {
            ("pg_class", 1..) => Some(id.part(ObjectKind::Column, self.columns.get(&(oid, column))?)),
            _ => Some(id.clone()),
        }
    }

    /// The constraint of the outermost parent that the index of a partition's key is a part of.
    pub(super) fn whole_key(&self, index: i64) -> Option<&ObjectId> {
        let mut whole = None;
        let mut next = index;
        while let Some((parent, constraint)) = self.keys.get(&next) {
            whole = Some(constraint);
            next = *parent;
        }
        whole
    }

    /// Notes the owner that a row tells, where it tells one.
    pub(super) fn owned(&mut self, id: &ObjectId, row: &Row, column: usize) {
        if let Some(owner) = text(row, column) {
            self.schema.owners.insert(id.clone(), owner);
        }
    }

    /// Adds an object and keeps its number.
    pub(super) fn insert(&mut self, catalog: &'static str, oid: i64, object: Object) {
        self.know(catalog, oid, object.id.clone());
        self.schema.insert(object);
    }

    /// The table of a number.
    pub(super) fn table(&mut self, oid: i64) -> Option<&mut Table> {
        let id = self.addresses.get(&("pg_class", oid, 0))?;
        match &mut self.schema.objects.get_mut(id)?.body {
            underpin_core::schema::Body::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The view of a number.
    pub(super) fn view(&mut self, oid: i64) -> Option<&mut View> {
        let id = self.addresses.get(&("pg_class", oid, 0))?;
        match &mut self.schema.objects.get_mut(id)?.body {
            underpin_core::schema::Body::View(view) => Some(view),
            _ => None,
        }
    }

    /// Notes what can't be compared.
    pub(super) fn unsupported(&mut self, kind: &str, name: &str) {
        self.schema.unsupported.push(Unsupported { kind: kind.to_owned(), name: name.to_owned() });
    }
}

/// The SQL that tells the comment on an object. The server has a function for it (`obj_description`), which
/// it runs as a query of its own each time: some ten times as long.
pub(super) fn comment(catalog: &str, oid: &str) -> String {
    format!(
        "(SELECT ds.description FROM pg_catalog.pg_description ds WHERE ds.objoid = {oid} \
         AND ds.classoid = 'pg_catalog.{catalog}'::regclass AND ds.objsubid = 0)"
    )
}

/// The SQL that joins the comment on an object as `alias`: for where there are many of them.
pub(super) fn join_comment(alias: &str, catalog: &str, oid: &str) -> String {
    format!(
        "LEFT JOIN pg_catalog.pg_description {alias} ON {alias}.objoid = {oid} \
         AND {alias}.classoid = 'pg_catalog.{catalog}'::regclass AND {alias}.objsubid = 0"
    )
}

/// The SQL that puts several columns into one, as `unpacked` takes them apart: every column of every row
/// takes its time on the way, and what is not the usual is in few rows.
pub(super) fn packed(columns: &[&str]) -> String {
    let texts: Vec<String> = columns.iter().map(|column| format!("({column})::text")).collect();
    format!("json_build_array({})", texts.join(", "))
}

/// The columns that such SQL put into one; a row of none where that is null.
pub(super) fn unpacked(row: &Row, index: usize) -> Row {
    Row(row.optional(index).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default())
}

/// A number of the server's; 0 stands for none.
pub(super) fn number(row: &Row, index: usize) -> i64 {
    row.integer(index).unwrap_or(0)
}

/// A text of which an empty one means that there is none.
pub(super) fn filled(row: &Row, index: usize) -> Option<String> {
    row.optional(index).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A text or null.
pub(super) fn text(row: &Row, index: usize) -> Option<String> {
    row.optional(index).map(str::to_owned)
}

/// The texts of a column that `json_agg` or `array_to_json` filled.
pub(super) fn texts(row: &Row, index: usize) -> Vec<String> {
    row.optional(index)
        .and_then(|json| serde_json::from_str::<Vec<Option<String>>>(json).ok())
        .unwrap_or_default()
        .into_iter()
        .map(Option::unwrap_or_default)
        .collect()
}

/// Numbers of a column that `json_agg` or `array_to_json` filled.
pub(super) fn numbers(row: &Row, index: usize) -> Vec<i64> {
    row.optional(index).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
}

/// `reloptions` and their like: `["fillfactor=70"]`. `prefix` goes before each name.
pub(super) fn add_options(options: &mut Options, prefix: &str, texts: Vec<String>) {
    for text in texts {
        let (name, value) = text.split_once('=').unwrap_or((text.as_str(), ""));
        options.insert(format!("{prefix}{name}"), value.to_owned());
    }
}

/// The owner of something, where that is somebody else than who asks.
pub(super) fn other_owner(owner: &str) -> String {
    format!(
        "CASE WHEN pg_catalog.pg_get_userbyid({owner}) <> current_user THEN pg_catalog.pg_get_userbyid({owner}) END"
    )
}

/// The SQL that tells the privileges of all but the owner as JSON, null where none was ever changed.
pub(super) fn privileges(acl: &str, owner: &str) -> String {
    format!(
        "CASE WHEN {acl} IS NULL THEN NULL ELSE (SELECT COALESCE(json_agg(json_build_array(\
         CASE WHEN a.grantee = 0 THEN NULL ELSE pg_catalog.pg_get_userbyid(a.grantee) END, \
         a.privilege_type, a.is_grantable)), '[]'::json) \
         FROM pg_catalog.aclexplode({acl}) a WHERE a.grantee <> {owner}) END"
    )
}

/// What such SQL told. Without a word about it, everybody has what `usual` says.
pub(super) fn grants(row: &Row, index: usize, usual: &[&str]) -> BTreeSet<Grant> {
    let Some(json) = row.optional(index) else {
        let usual = usual.iter().map(|privilege| Grant {
            grantee: Grantee::Public,
            privilege: (*privilege).to_owned(),
            grantable: false,
        });
        return usual.collect();
    };
    let entries: Vec<(Option<String>, String, bool)> = serde_json::from_str(json).unwrap_or_default();
    let grant = |(grantee, privilege, grantable): (Option<String>, String, bool)| Grant {
        grantee: grantee.map_or(Grantee::Public, Grantee::Role),
        privilege,
        grantable,
    };
    entries.into_iter().map(grant).collect()
}
