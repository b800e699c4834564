package com.cybernance.continuity.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlSessionTest {
    private static final String SECRET = "geheim";

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://h:99999/db, MISCONFIGURED",
        "jdbc:oracle://h/db, MISCONFIGURED",
        "jdbc:postgresql://127.0.0.1:1/db, UNREACHABLE",
        "jdbc:postgresql://127.0.0.1:1/db?sslmode=GEHEIMER&, UNREACHABLE"
    })
    void passwordInAUrlThatFails_isNowhereInTheFailure(String url, FailureKind kind) {
        String whole = url + (url.endsWith("&") ? "" : "?") + "user=u&password=" + SECRET;

        ContinuityException failure = catchThrowableOfType(
                ContinuityException.class, () -> SqlSession.open(whole, new Properties(), Duration.ofSeconds(30))
                        .close());

        assertThat(failure.kind()).isEqualTo(kind);
        // The message, the causes and what was suppressed, of all of them.
        StringWriter everything = new StringWriter();
        failure.printStackTrace(new PrintWriter(everything));
        assertThat(everything.toString()).doesNotContain(SECRET).doesNotContain("Caused by");
    }
}
