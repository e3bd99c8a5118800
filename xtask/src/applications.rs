//! The schemas of real applications, taken out of their packages, for the tests that read and compare them.
//! The packages come from where the machine's own come from; nothing of them is installed or committed.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::engines::apt::{Apt, Installed};
use crate::engines::{sources, unpack};
use crate::paths;

/// The variable that names the directory with the schemas.
pub(crate) const VARIABLE: &str = "UNDERPIN_TEST_APPLICATIONS";

/// The file that marks a directory as whole, with what was wanted in it.
const MARK: &str = "complete";

/// What a schema is called here, the package that brings it, and its file in there.
const SCHEMAS: [(&str, &str, &str); 37] = [
    (
        "bacula.mysql",
        "bacula-director-mysql",
        "usr/share/dbconfig-common/data/bacula-director-mysql/install/mysql",
    ),
    (
        "bacula.postgres",
        "bacula-director-pgsql",
        "usr/share/dbconfig-common/data/bacula-director-pgsql/install/pgsql",
    ),
    (
        "bacula.sqlite",
        "bacula-director-sqlite3",
        "usr/share/dbconfig-common/data/bacula-director-sqlite3/install/sqlite3",
    ),
    ("cacti.mysql", "cacti", "usr/share/cacti/conf_templates/cacti.sql"),
    ("ejabberd.mysql", "ejabberd", "usr/share/ejabberd/sql/mysql.new.sql"),
    ("ejabberd.postgres", "ejabberd", "usr/share/ejabberd/sql/pg.new.sql"),
    ("ejabberd.sqlite", "ejabberd", "usr/share/ejabberd/sql/lite.new.sql"),
    ("freeradius.mysql", "freeradius-config", "etc/freeradius/3.0/mods-config/sql/main/mysql/schema.sql"),
    (
        "freeradius.postgres",
        "freeradius-config",
        "etc/freeradius/3.0/mods-config/sql/main/postgresql/schema.sql",
    ),
    ("freeradius.sqlite", "freeradius-config", "etc/freeradius/3.0/mods-config/sql/main/sqlite/schema.sql"),
    ("gammu.mysql", "gammu-smsd", "usr/share/doc/gammu-smsd/examples/mysql.sql"),
    ("gammu.postgres", "gammu-smsd", "usr/share/doc/gammu-smsd/examples/pgsql.sql"),
    ("gammu.sqlite", "gammu-smsd", "usr/share/doc/gammu-smsd/examples/sqlite.sql"),
    ("icinga.mysql", "icinga2-ido-mysql", "usr/share/icinga2-ido-mysql/schema/mysql.sql"),
    ("icinga.postgres", "icinga2-ido-pgsql", "usr/share/icinga2-ido-pgsql/schema/pgsql.sql"),
    ("icingadb.mysql", "icingadb", "usr/share/icingadb/schema/mysql/schema.sql"),
    ("icingadb.postgres", "icingadb", "usr/share/icingadb/schema/pgsql/schema.sql"),
    ("kea.mysql", "kea-admin", "usr/share/kea/scripts/mysql/dhcpdb_create.mysql"),
    ("kea.postgres", "kea-admin", "usr/share/kea/scripts/pgsql/dhcpdb_create.pgsql"),
    ("mediawiki.mysql", "mediawiki", "usr/share/mediawiki/maintenance/tables-generated.sql"),
    ("mediawiki.postgres", "mediawiki", "usr/share/mediawiki/maintenance/postgres/tables-generated.sql"),
    ("mediawiki.sqlite", "mediawiki", "usr/share/mediawiki/maintenance/sqlite/tables-generated.sql"),
    ("powerdns.mysql", "pdns-backend-mysql", "usr/share/pdns-backend-mysql/schema/schema.mysql.sql"),
    ("powerdns.postgres", "pdns-backend-pgsql", "usr/share/pdns-backend-pgsql/schema/schema.pgsql.sql"),
    ("powerdns.sqlite", "pdns-backend-sqlite3", "usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql"),
    ("request-tracker.mysql", "request-tracker5", "usr/share/request-tracker5/etc/schema.mysql"),
    ("request-tracker.postgres", "request-tracker5", "usr/share/request-tracker5/etc/schema.Pg"),
    ("request-tracker.sqlite", "request-tracker5", "usr/share/request-tracker5/etc/schema.SQLite"),
    ("roundcube.mysql", "roundcube-core", "usr/share/dbconfig-common/data/roundcube/install/mysql"),
    ("roundcube.postgres", "roundcube-core", "usr/share/dbconfig-common/data/roundcube/install/pgsql"),
    ("roundcube.sqlite", "roundcube-core", "usr/share/dbconfig-common/data/roundcube/install/sqlite3"),
    ("tt-rss.mysql", "tt-rss", "usr/share/tt-rss/schema/ttrss_schema_mysql.sql"),
    ("tt-rss.postgres", "tt-rss", "usr/share/tt-rss/schema/ttrss_schema_pgsql.sql"),
    ("zabbix.mysql", "zabbix-server-mysql", "usr/share/zabbix-server-mysql/schema.sql.gz"),
    ("zabbix.postgres", "zabbix-server-pgsql", "usr/share/zabbix-server-pgsql/schema.sql.gz"),
    ("zabbix.sqlite", "zabbix-proxy-sqlite3", "usr/share/zabbix-proxy-sqlite3/schema.sql.gz"),
    ("zoneminder.mysql", "zoneminder", "usr/share/zoneminder/db/zm_create.sql"),
];

/// The directory with the schemas: the one that is named, or our own, filled when it is not.
pub(crate) fn schemas() -> Result<PathBuf> {
    if let Some(named) = env::var_os(VARIABLE) {
        return Ok(named.into());
    }
    let directory = paths::applications();
    let wanted = format!("{SCHEMAS:?}");
    if fs::read_to_string(directory.join(MARK)).is_ok_and(|mark| mark == wanted) {
        return Ok(directory);
    }
    eprintln!("    fetching schemas of applications (kept in {})", directory.display());
    fs::create_dir_all(&directory)?;
    let work = tempfile::tempdir_in(&directory)?;
    let apt = Apt::open(&work.path().join("lists"), &sources::of_release()?, Installed::AsOnMachine)?;
    let mut packages: Vec<&str> = SCHEMAS.iter().map(|(_, package, _)| *package).collect();
    packages.dedup();
    for package in packages {
        fetch(&apt, package, work.path(), &directory).with_context(|| format!("the package {package}"))?;
    }
    fs::write(directory.join(MARK), wanted)?;
    Ok(directory)
}

/// Takes the schemas out of one package.
fn fetch(apt: &Apt, package: &str, work: &Path, directory: &Path) -> Result<()> {
    let place = work.join(package);
    let root = place.join("root");
    fs::create_dir_all(&root)?;
    apt.download_alone(&[package], &place)?;
    let files = fs::read_dir(&place)?.flatten().map(|entry| entry.path());
    for file in files.filter(|path| path.extension().is_some_and(|extension| extension == "deb")) {
        unpack(&file, &root)?;
    }
    for (name, _, path) in SCHEMAS.iter().filter(|(_, of, _)| *of == package) {
        let text = text(&root.join(path)).with_context(|| format!("no {path} is in it"))?;
        fs::write(directory.join(format!("{name}.sql")), text)?;
    }
    fs::remove_dir_all(&place)?;
    Ok(())
}

/// The bytes of a file that may be compressed.
fn text(file: &Path) -> Result<Vec<u8>> {
    if file.extension().is_none_or(|extension| extension != "gz") {
        return Ok(fs::read(file)?);
    }
    let output = Command::new("gzip").arg("-dc").arg(file).stdin(Stdio::null()).output()?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => bail!("gzip: {}", String::from_utf8_lossy(&output.stderr).trim()),
    }
}
