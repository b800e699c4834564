package com.cybernance.continuity.postgres.wire;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Lets the driver connect and authenticate, and takes over the socket. */
final class Opening {
    /** What would put a socket or a cipher between us and the server that we do not hold. */
    private static final List<PGProperty> OURS =
            List.of(PGProperty.SOCKET_FACTORY, PGProperty.SOCKET_FACTORY_ARG, PGProperty.SSL_FACTORY_ARG);

    /** No line of pg_hba.conf; no right; no sender free. */
    private static final Set<String> REFUSALS = Set.of("28000", "42501", "53300");

    /** What poolers answer to a parameter that they do not know, which then they name. */
    private static final Set<String> POOLERS = Set.of("08P01", "0A000");

    private static final int LONGEST_SECONDS = 600;

    private Opening() {}

    static ReplicationConnection open(String jdbcUrl, Properties given, Duration socketTimeout) {
        Properties fromUrl = parsed(jdbcUrl);
        Properties properties = new Properties();
        for (String name : given.stringPropertyNames()) {
            properties.setProperty(name, given.getProperty(name));
        }
        refuse(fromUrl);
        refuse(properties);
        int seconds = (int) Math.max(1, Math.min(LONGEST_SECONDS, socketTimeout.toSeconds()));
        PGProperty.REPLICATION.set(properties, "true");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "15");
        PGProperty.GSS_ENC_MODE.set(properties, "disable");
        PGProperty.CONNECT_TIMEOUT.set(properties, seconds);
        PGProperty.SOCKET_TIMEOUT.set(properties, seconds);
        if (properties.getProperty(PGProperty.APPLICATION_NAME.getName()) == null) {
            PGProperty.APPLICATION_NAME.set(properties, "continuity");
        }
        return connect(jdbcUrl, properties, socketTimeout);
    }

    /** What a URL says. One that the driver cannot read is refused before the driver repeats it, with its password. */
    static Properties parsed(String jdbcUrl) {
        Properties fromUrl = Driver.parseURL(jdbcUrl, new Properties());
        if (fromUrl == null) {
            throw notOurs();
        }
        return fromUrl;
    }

    static ContinuityException notOurs() {
        return misconfigured(
                "the URL is none of the PostgreSQL driver's", "write jdbc:postgresql://host:port/database");
    }

    private static ReplicationConnection connect(String jdbcUrl, Properties properties, Duration socketTimeout) {
        try (Capture capture = new Capture(properties)) {
            @Nullable Connection driver = new Driver().connect(jdbcUrl, properties);
            if (driver == null) {
                throw notOurs();
            }
            Socket plain = capture.plain();
            Socket spoken = capture.spoken();
            if (plain == null || spoken == null) {
                close(driver);
                throw misconfigured("the driver opened a socket of its own", "remove socketFactory from the URL");
            }
            return new ReplicationConnection(driver, plain, spoken, socketTimeout);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private static void refuse(Properties properties) {
        for (PGProperty each : OURS) {
            if (properties.getProperty(each.getName()) != null) {
                throw misconfigured(
                        "the driver property %s cannot be used for replication".formatted(each.getName()),
                        "remove it; TLS is set by sslmode, sslrootcert, sslcert and sslkey");
            }
        }
        if (properties.getProperty(PGProperty.SSL_FACTORY.getName()) != null) {
            throw misconfigured(
                    "a driver property sslfactory cannot be used for replication",
                    "remove it; TLS is set by sslmode, sslrootcert, sslcert and sslkey");
        }
        String gss = properties.getProperty(PGProperty.GSS_ENC_MODE.getName());
        if (gss != null && !gss.equals("disable")) {
            throw misconfigured(
                    "gssEncMode=%s cannot be used for replication".formatted(gss), "encrypt with TLS instead");
        }
        String mode = properties.getProperty(PGProperty.REPLICATION.getName());
        if (mode != null && !mode.equals("true")) {
            throw misconfigured("replication=%s, expected true".formatted(mode), "remove it from the URL");
        }
    }

    /** The driver's own words may hold the URL, so only what the server said is repeated. */
    private static ContinuityException failure(SQLException failure) {
        String state = failure.getSQLState();
        FailureKind kind = SqlState.kind(state);
        boolean ofServer = SqlState.isOfServer(state);
        String words = ofServer && failure.getMessage() != null
                ? failure.getMessage().lines().findFirst().orElse("no message")
                : "no connection";
        if (failure instanceof PSQLException said && isRefusalOfReplication(said)) {
            String refusal = ofServer ? words : "a pooler in between knows no replication";
            return new ReplicationRefused(
                    ofServer ? kind : FailureKind.UNSUPPORTED,
                    refusal,
                    "opening a replication connection failed: %s (SQLSTATE %s)".formatted(refusal, state),
                    ofServer ? SqlState.hint(state) : "connect to the server itself, and not through a pooler");
        }
        return new ContinuityException(
                kind == FailureKind.UNEXPECTED && !ofServer ? FailureKind.UNREACHABLE : kind,
                "opening a replication connection failed: %s (%s)"
                        .formatted(words, state == null ? "no SQLSTATE" : "SQLSTATE " + state),
                SqlState.hint(state));
    }

    /** What the driver says of itself is none: only a message that came over the wire is. */
    private static boolean isRefusalOfReplication(PSQLException failure) {
        ServerErrorMessage said = failure.getServerErrorMessage();
        String state = failure.getSQLState();
        if (said == null || state == null) {
            return false;
        }
        return REFUSALS.contains(state)
                || (POOLERS.contains(state)
                        && said.getMessage() != null
                        && said.getMessage().contains("replication"));
    }

    private static ContinuityException misconfigured(String what, String hint) {
        return new ContinuityException(FailureKind.MISCONFIGURED, what, hint);
    }

    private static void close(Connection driver) {
        try {
            driver.close();
        } catch (SQLException nothingToKeep) {
            // It is not used any further.
        }
    }
}
