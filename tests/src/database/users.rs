//! Users of a test database: with a password of the test's choice, or with the right to read only.
//! They vanish with the database.

use super::{Place, TestDatabase, administer, unique_name};
use crate::Engine;

impl TestDatabase {
    /// Makes a user with this password and every right on this database, and returns the URL that connects as it.
    ///
    /// # Panics
    /// On SQLite, which knows no users, and when the server refuses.
    #[track_caller]
    pub fn user_with_password(&self, password: &str) -> String {
        let Place::Server { admin, name, .. } = &self.place else { panic!("SQLite knows no users") };
        let user = self.new_user();
        let inside = match self.engine {
            Engine::Sqlite | Engine::Postgres => {
                let make = format!("CREATE ROLE {user} LOGIN PASSWORD {}", self.literal(password));
                administer(self.engine, admin, &[make, format!("ALTER DATABASE {name} OWNER TO {user}")]);
                vec![
                    format!("GRANT ALL ON SCHEMA public TO {user}"),
                    format!("GRANT ALL ON ALL TABLES IN SCHEMA public TO {user}"),
                    format!("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {user}"),
                ]
            }
            Engine::Mysql | Engine::Mariadb => vec![
                format!("CREATE USER '{user}'@'%' IDENTIFIED BY {}", self.literal(password)),
                format!("GRANT ALL PRIVILEGES ON {name}.* TO '{user}'@'%'"),
            ],
        };
        administer(self.engine, &admin.with_database(name), &inside);
        self.url_as(&user, password)
    }

    /// A URL that connects with the right to read and nothing else; on SQLite the file is opened read-only.
    ///
    /// # Panics
    /// When the server refuses.
    #[track_caller]
    pub fn read_only_user(&self) -> String {
        const PASSWORD: &str = "only-to-look";
        let Place::Server { admin, name, .. } = &self.place else { return format!("{}?mode=ro", self.url()) };
        let user = self.new_user();
        let inside = match self.engine {
            Engine::Sqlite | Engine::Postgres => vec![
                format!("CREATE ROLE {user} LOGIN PASSWORD '{PASSWORD}'"),
                format!("GRANT USAGE ON SCHEMA public TO {user}"),
                format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {user}"),
                format!("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {user}"),
                // Up to PostgreSQL 14 everybody may create tables there.
                "REVOKE CREATE ON SCHEMA public FROM PUBLIC".to_owned(),
                format!("REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC"),
            ],
            Engine::Mysql | Engine::Mariadb => vec![
                format!("CREATE USER '{user}'@'%' IDENTIFIED BY '{PASSWORD}'"),
                format!("GRANT SELECT ON {name}.* TO '{user}'@'%'"),
            ],
        };
        administer(self.engine, &admin.with_database(name), &inside);
        self.url_as(&user, PASSWORD)
    }

    /// A name for a user, remembered so that it is dropped with the database.
    fn new_user(&self) -> String {
        let user = unique_name("user");
        if let Ok(mut users) = self.users.lock() {
            users.push(user.clone());
        }
        user
    }

    /// A password as a literal of the engine.
    fn literal(&self, text: &str) -> String {
        let quoted = text.replace('\'', "''");
        match self.engine {
            Engine::Sqlite | Engine::Postgres => format!("'{quoted}'"),
            Engine::Mysql | Engine::Mariadb => format!("'{}'", quoted.replace('\\', "\\\\")),
        }
    }
}

/// The statement that drops a user.
pub(super) fn drop_statement(engine: Engine, user: &str) -> String {
    match engine {
        Engine::Sqlite | Engine::Postgres => format!("DROP ROLE IF EXISTS {user}"),
        Engine::Mysql | Engine::Mariadb => format!("DROP USER IF EXISTS '{user}'@'%'"),
    }
}
