//! Creating tables without revisions is for development: ignored or refused where the environment is production, and
//! told of where none is named.

use underpin_tests::{TestDatabase, on_every_engine};

use super::{FAILED, assert_says, broken, mend, shop, tables, working};

on_every_engine! {
    fn production_ignores_dev_create_tables_with_a_warning(engine) {
        let (database, project) = (TestDatabase::create(engine), broken());
        let variables = [("UNDERPIN_ENVIRONMENT", "Production"), ("DEV_CREATE_TABLES", "true")];
        shop(&database, &project, &variables).serve().expect_ended().expect_code(FAILED);
        assert_eq!(tables(&database), ["customers"]);
        assert!(!database.has_table("underpin_provisional"));
        mend(&project);
        let output = shop(&database, &project, &variables).serve().expect_serving().stop().expect_success();
        assert_says(&output, &["WARN", "DEV_CREATE_TABLES is ignored, since the environment is production"]);
    }

    fn production_with_auto_false_only_checks(engine) {
        let (database, project) = (TestDatabase::create(engine), working());
        let variables =
            [("UNDERPIN_ENVIRONMENT", "production"), ("AUTO_MIGRATE_ON_STARTUP", "false"), ("DEV_CREATE_TABLES", "true")];
        let output = shop(&database, &project, &variables).serve().expect_serving().stop().expect_success();
        assert_says(&output, &["DEV_CREATE_TABLES is ignored", "Database migrations needed"]);
        assert_eq!(database.tables(), [""; 0]);
    }

    fn production_refuses_what_names_it_outright(engine) {
        let (database, project) = (TestDatabase::create(engine), working());
        for variable in [("UNDERPIN_MODE", "create"), ("UNDERPIN_ON_FAILURE", "create_tables")] {
            let variables = [("UNDERPIN_ENVIRONMENT", "production"), variable];
            shop(&database, &project, &variables).serve().expect_ended().expect_code(8);
        }
        assert_eq!(database.tables(), [""; 0]);
    }

    fn no_environment_honours_it_with_a_warning_and_development_without(engine) {
        for (environment, warns) in [("", true), ("development", false)] {
            let (database, project) = (TestDatabase::create(engine), broken());
            let variables = [("UNDERPIN_ENVIRONMENT", environment), ("DEV_CREATE_TABLES", "true")];
            let output = shop(&database, &project, &variables).serve().expect_serving().stop().expect_success();
            let warning = "DEV_CREATE_TABLES lets missing tables be created without revisions";
            assert_eq!(output.stderr.contains(warning), warns, "{output}");
            assert_eq!(tables(&database), ["customers", "extra", "more", "notes"]);
        }
    }
}
