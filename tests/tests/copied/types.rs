//! Values of every type come into the copy as they are: what the database says of them, it says in the copy too.

use underpin_tests::{Engine, Project, TestDatabase, on_every_engine};

use super::{after, rehearse};

struct Types {
    /// What makes the table.
    table: &'static str,
    /// Its rows.
    rows: &'static [&'static str],
    /// One number or text of all of its values.
    sum: &'static str,
}

const POSTGRES: Types = Types {
    table: "CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('good', 'bad, or \"so\"'); CREATE DOMAIN app.small AS integer CHECK (value < 10);\n\
            CREATE TYPE app.point AS (x integer, y text);\n\
            CREATE TABLE app.everything (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b boolean, t text, c char(5), v varchar(9), \
            bin bytea, num numeric, real4 real, real8 double precision, money money, d date, ts timestamp, tz timestamptz, \
            iv interval, j json, jb jsonb, u uuid, ip inet, bits bit varying(9), texts text[][], moods app.mood[], mood app.mood, \
            small app.small, pt app.point, pts app.point[], range int8range, xml xml, tsv tsvector, box box, \
            twice bigint GENERATED ALWAYS AS (id * 2) STORED);",
    rows: &[
        "INSERT INTO app.everything (b, t, c, v, bin, num, real4, real8, money, d, ts, tz, iv, j, jb, u, ip, bits, texts, moods, mood, small, pt, pts, range, xml, tsv, box) \
         VALUES (true, E'tab\\t, new\\n, back\\\\, \\\\N, ''', 'a', '', '\\x0001ff5c', 1e-20, 0.1, 0.1, 1234.5, '0044-03-15 BC', 'infinity', \
         '1900-01-01 00:00:00.000001+00', '1 mon -2 days 03:04:05.6', '{\"a\" :  1, \"a\":2}', '{\"a\": null}', \
         'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '::1/64', B'10101', '{{a,NULL},{\"\",\"\\\\\"}}', '{good,\"bad, or \\\"so\\\"\"}', 'bad, or \"so\"', \
         9, ROW(1, 'a,b'), ARRAY[ROW(1, NULL)::app.point], '[1,)', '<a>&lt;</a>', 'a:1 b:2', '((1.1,2),(3,4))')",
        "INSERT INTO app.everything (t) VALUES (NULL), (''), ('\\N'), ('\\.'), (E'\\u00e4\\U0001F600')",
        "INSERT INTO app.everything (num, real4, real8, d, tz) VALUES ('NaN', 'NaN', '-Infinity', '-infinity', '2026-10-25 02:30:00+01'), (123456789012345678901234567890.123456789, 3.4028235e38, 5e-324, '294276-01-01', now())",
    ],
    // Floating-point numbers by their bytes, points in time as numbers: as text they depend on the session.
    sum: "md5(string_agg(concat_ws('|', id, b, t, c, v, encode(bin, 'hex'), num, encode(float4send(real4), 'hex'), encode(float8send(real8), 'hex'), \
          money::numeric, d, extract(epoch FROM ts), extract(epoch FROM tz), extract(epoch FROM iv), j, jb, u, ip, bits, texts, moods, mood, small, \
          pt, pts, range, xml, tsv, box, twice) || (t IS NULL), '#' ORDER BY id))",
};

const MYSQL: Types = Types {
    table: "CREATE TABLE everything (id bigint unsigned PRIMARY KEY AUTO_INCREMENT, t text, l varchar(20) CHARACTER SET latin1, \
            u2 varchar(20) CHARACTER SET ucs2, b binary(4), vb varbinary(9), bl blob, bits bit(13), e enum('a', 'b''c'), s set('x', 'y'), \
            dc decimal(30,10), f float, db double, y year, d date, dt datetime(6), ts timestamp(3) NULL, tm time(2), j json, \
            g geometry, big bigint, twice bigint unsigned GENERATED ALWAYS AS (big * 2) STORED);",
    rows: &[
        "SET SESSION sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO'; INSERT INTO everything (id, t, l, u2, b, vb, bl, bits, e, s, dc, f, db, y, d, dt, ts, tm, j, g, big) VALUES \
         (18446744073709551614, CONCAT('it''s \\\\ ', CHAR(0), CHAR(10)), _latin1 X'e4c4', 'ä', X'0001', X'00ff00', X'0027005c', b'1010101010101', \
         'b''c', 'x,y', -12345678901234567890.0123456789, 0.1, 1e-300, 2026, '0000-00-00', '2026-02-31 23:59:59.999999', \
         '2026-10-25 02:30:00.123', '-838:59:58.99', '{\"a\": [1, null, \"ä\"]}', ST_GeomFromText('POINT(1.1 2)', 4326), 9007199254740993)",
        "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO'; INSERT INTO everything (id, t, e, f) VALUES (0, '', '', 16777217), (5, NULL, NULL, 3.4e38)",
    ],
    sum: "sum(crc32(concat_ws('|', id, hex(t), hex(l), hex(u2), hex(b), hex(vb), hex(bl), hex(bits), e + 0, s + 0, dc, f + 0e0, db, y, d, dt, \
          unix_timestamp(ts), tm, j, hex(ST_AsBinary(g)), ST_SRID(g), big, twice, e IS NULL, t IS NULL)))",
};

fn types(engine: Engine) -> Option<&'static Types> {
    match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(&POSTGRES),
        Engine::Mysql | Engine::Mariadb => Some(&MYSQL),
    }
}

on_every_engine! {
    fn every_value_is_in_the_copy_as_it_is(engine) {
        let Some(types) = types(engine) else { return };
        let project = Project::new();
        let database = TestDatabase::create(engine);
        project.revision("0001", &[], "types", types.table, None);
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        for rows in types.rows {
            database.execute(rows);
        }
        let table = if engine == Engine::Postgres { "app.everything" } else { "everything" };
        let text = if engine == Engine::Postgres { "text" } else { "char" };
        let sum = database.value(&format!("SELECT cast({} AS {text}) FROM {table}", types.sum));
        let look = format!(
            "CREATE TABLE seen AS SELECT 1 AS one FROM (SELECT cast({} AS {text}) AS total FROM {table}) AS x WHERE total = '{sum}';",
            types.sum
        );
        project.revision("0002", &["0001"], "looks", &look, None);
        let rehearsed = rehearse(project.underpin_on(&database), &["--sample", "100"]);
        assert_eq!(after(&rehearsed, "seen"), 1, "{rehearsed}");
        database.execute(&format!("DELETE FROM {table} WHERE id = 5"));
        let rehearsed = rehearse(project.underpin_on(&database), &["--sample", "100"]);
        assert_eq!(after(&rehearsed, "seen"), 0, "{rehearsed}");
    }
}
