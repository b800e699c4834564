package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.spi.RestoreRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What can be wrong with a restored server, and which check must find it, by what word in its detail. */
final class ServerDefects {
    private ServerDefects() {}

    static void inflictAndCompare(Source source, RestoreRequest request, Map<String, String> results)
            throws SQLException, IOException {
        Map<String, List<String>> expected = inflict(source, results);
        Map<String, String> elsewhere = new TreeMap<>(results);
        elsewhere.put("position", "0/1");
        elsewhere.put("target.timeline", "99");
        elsewhere.put("cluster", "1");
        expected.put("position", List.of("stopped at 0/1"));
        expected.put("timeline", List.of("expected one after 99"));
        expected.put("cluster", List.of("expected 1"));
        expected.put("ledger", List.of("-1"));
        PostgresVerifier verifier = PostgresVerifier.of(
                source::way, List.of(LedgerCheck.of("ledger", "app", "SELECT count(*) FROM public.apart", "-1")));

        Comparison comparison = verifier.compare("run-1", request, elsewhere, () -> Duration.ofMinutes(5));

        Map<String, String> failed = new TreeMap<>();
        comparison.checks().stream()
                .filter(each -> each.outcome() == Comparison.Outcome.FAILED)
                .forEach(each -> failed.put(each.name(), each.detail()));
        expected.forEach((check, words) -> assertThat(failed.getOrDefault(check, "passed"))
                .as("%s of %s", check, comparison)
                .contains(words));
        Comparison late = verifier.compare("run-1", request, results, () -> Duration.ZERO);
        assertThat(late.passed()).isFalse();
        assertThat(late.checks().stream().skip(1)).allMatch(each -> each.outcome() == Comparison.Outcome.COULD_NOT_RUN);
    }

    /** Damage that only a look at everything finds. */
    private static Map<String, List<String>> inflict(Source source, Map<String, String> results)
            throws SQLException, IOException {
        Path data = Path.of(results.get("data"));
        Path table;
        Path index;
        try (Connection connection = source.way("127.0.0.1", Integer.parseInt(results.get("port")), "app")
                        .getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE FUNCTION lie(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1'");
            statement.execute("CREATE INDEX lying ON apart (lie(n))");
            statement.execute(
                    "CREATE OR REPLACE FUNCTION lie(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 + 1'");
            // A row from before the time that the catalog says all rows are from.
            statement.execute(
                    "UPDATE pg_class SET relfrozenxid = (SELECT (xmin::text::bigint + 1)::text::xid FROM apart) WHERE relname = 'apart'");
            statement.execute("CHECKPOINT");
            table = data.resolve(PlainBackup.first(statement, "SELECT pg_relation_filepath('doomed')"));
            index = data.resolve(PlainBackup.first(statement, "SELECT pg_relation_filepath('ledger_payload')"));
        }
        Files.delete(table);
        Files.delete(index);
        Path relation;
        try (Stream<Path> all = Files.list(data.resolve("base/1"))) {
            relation = all.filter(file -> file.toFile().length() >= 16_384
                            && file.getFileName().toString().matches("[0-9]+"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(relation);
        bytes[8_192 + 4_000] ^= 1;
        Files.write(relation, bytes);
        Map<String, List<String>> expected = new LinkedHashMap<>();
        expected.put("indexes of app", List.of("lying", "ledger_payload"));
        expected.put("tables of app", List.of("apart", "doomed"));
        expected.put("rows of app", List.of("doomed"));
        expected.put("page checksums", List.of(relation.getFileName().toString()));
        return expected;
    }
}
