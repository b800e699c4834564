package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.spi.RestoreRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A tablespace outside of the source's data directory, with a table and an unlogged table in it.
 *
 * @param place where it lies at the source
 * @param files what lay there, with sizes
 * @param rows digest of the table's rows
 */
record Apart(Path place, Map<String, Long> files, String rows) {
    private static final String ROWS = "SELECT md5(string_agg(far::text, ',' ORDER BY g)) FROM far";

    static Apart make(Source source) throws IOException {
        Path place = Files.createDirectory(source.directory("elsewhere"));
        source.server().execute("CREATE TABLESPACE elsewhere LOCATION '%s'".formatted(place));
        source.server()
                .execute(
                        "CREATE TABLE far WITH (autovacuum_enabled = off) TABLESPACE elsewhere AS SELECT g, md5(g::text) FROM generate_series(1, 2000) g",
                        "CREATE UNLOGGED TABLE far_fleeting WITH (autovacuum_enabled = off) TABLESPACE elsewhere AS SELECT g FROM generate_series(1, 2000) g");
        source.server().execute("CHECKPOINT");
        return new Apart(place, files(place), source.server().query(ROWS));
    }

    /** That the restored server has all of it, below the destination, and writes there and not at the source's place. */
    void requireRestored(Source source, RestoreRequest request, Map<String, String> results)
            throws IOException, SQLException {
        Path destination = Path.of(request.destination()).toRealPath();
        try (Connection connection = source.way("127.0.0.1", Integer.parseInt(results.get("port")), "app")
                        .getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(PlainBackup.first(statement, ROWS)).isEqualTo(rows);
            assertThat(PlainBackup.first(statement, "SELECT count(*)::text FROM far_fleeting"))
                    .isEqualTo("0");
            String number = PlainBackup.first(
                    statement, "SELECT oid::text FROM pg_catalog.pg_tablespace WHERE spcname = 'elsewhere'");
            Path now = destination.resolve("tablespaces").resolve(number);
            assertThat(PlainBackup.first(statement, "SELECT pg_tablespace_location(%s)".formatted(number)))
                    .isEqualTo(now.toString());
            for (String table : new String[] {"far", "far_fleeting"}) {
                String file = PlainBackup.first(statement, "SELECT pg_relation_filepath('%s')".formatted(table));
                assertThat(destination.resolve("data").resolve(file).toRealPath())
                        .startsWith(now);
            }
            statement.execute("INSERT INTO far SELECT g, 'new' FROM generate_series(10000, 12000) g");
            statement.execute("INSERT INTO far_fleeting VALUES (1)");
            statement.execute("CHECKPOINT");
        }
        assertThat(destination.resolve("data/tablespace_map")).doesNotExist();
        requireUntouched();
    }

    void requireUntouched() throws IOException {
        assertThat(files(place)).isEqualTo(files);
    }

    private static Map<String, Long> files(Path place) throws IOException {
        Map<String, Long> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(place)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                files.put(place.relativize(each).toString(), Files.size(each));
            }
        }
        return files;
    }
}
