package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.PieceIndex;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.postgres.receive.ReceiverStatus.Link;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.state.DirectoryStateStore;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.postgresql.ds.PGSimpleDataSource;

/** A receiver's surroundings: two vaults, a spool and a state store in a directory of the test's own. */
final class Rig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final long FEW_BYTES = 3L * VaultedLog.SEGMENT;

    final Path spool;
    final Unsteady near;
    final Unsteady far;
    final StateStore state;
    private final String slot;

    Rig(Path directory, String slot) {
        this.slot = slot;
        make(directory);
        spool = directory.resolve("spool");
        near = new Unsteady(DirectoryVault.initialize("near", directory.resolve("near")));
        far = new Unsteady(DirectoryVault.initialize("far", directory.resolve("far")));
        state = DirectoryStateStore.open(directory.resolve("state"));
    }

    private static void make(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Vault> vaults() {
        return List.of(near, far);
    }

    LogReceiver.Builder receiver(PostgresServer server) {
        return LogReceiver.of(url(server), login(server), spool)
                .vault(near)
                .vault(far)
                .state(state)
                .time(InstantSource.system(), System::nanoTime)
                .slot(slot)
                .shipEvery(Duration.ofMillis(200));
    }

    static String url(PostgresServer server) {
        return "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(server.port());
    }

    static Properties login(PostgresServer server) {
        Properties properties = new Properties();
        properties.setProperty("user", "replicator");
        properties.setProperty("password", ((PGSimpleDataSource) server.dataSource("replicator")).getPassword());
        return properties;
    }

    static String system(PostgresServer server) {
        return server.query("SELECT system_identifier FROM pg_control_system()");
    }

    static Lsn durable(PostgresServer server) {
        return Lsn.parse(server.query("SELECT pg_current_wal_flush_lsn()"));
    }

    /** Waits until both vaults have what the server has durable now. */
    static void awaitShipped(LogReceiver receiver, PostgresServer server) {
        Lsn to = durable(server);
        await(receiver, "shipped to " + to, status -> status.vaults().values().stream()
                .noneMatch(vault -> vault.position().isBefore(to)));
    }

    static void await(LogReceiver receiver, String what, Predicate<ReceiverStatus> reached) {
        await(() -> what + ", but " + receiver.status(), () -> reached.test(receiver.status()));
    }

    static void awaitLink(LogReceiver receiver, Link link) {
        await(receiver, "link " + link, status -> status.link() == link);
    }

    static void await(java.util.function.Supplier<String> what, BooleanSupplier reached) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    /** Fails unless both vaults have all of a timeline, as the server's files do. */
    void assertVaultsHave(PostgresServer server, int timeline) {
        for (Vault vault : vaults()) {
            VaultedLog.of(vault, system(server), timeline).assertSameAs(server.dataDirectory());
        }
    }

    /** Fails unless there are indexes, and each belongs to its piece; some tell a complete moment. */
    void assertIndexesAreRight(String system) {
        Cluster cluster = new Cluster(system);
        List<PieceIndex> indexes = new ArrayList<>();
        near.list(cluster.log(), stored -> {
            if (stored.name().endsWith(".json")) {
                PieceIndex index = RecordJson.readIndex(content(stored.name()));
                assertThat(index.piece().index(cluster)).isEqualTo(stored.name());
                assertThat(near.find(index.piece().object(cluster)))
                        .hasValueSatisfying(piece -> assertThat(piece.sha256()).isEqualTo(index.object()));
                indexes.add(index);
            }
        });
        assertThat(indexes).anySatisfy(index -> assertThat(index.commits()).isPositive());
        assertThat(indexes).anySatisfy(index -> assertThat(index.complete())
                .hasValueSatisfying(complete -> assertThat(complete.position())
                        .isLessThanOrEqualTo(index.piece().end())));
    }

    byte[] content(String object) {
        try (InputStream in = near.open(object)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        state.close();
    }

    /** A vault that can be cut off. */
    static final class Unsteady implements Vault {
        private final Vault vault;
        private volatile boolean cut;

        Unsteady(Vault vault) {
            this.vault = vault;
        }

        void cut(boolean off) {
            cut = off;
        }

        @Override
        public String name() {
            return vault.name();
        }

        @Override
        public Draft create(String object) {
            reach();
            return vault.create(object);
        }

        @Override
        public InputStream open(String object) {
            reach();
            return vault.open(object);
        }

        @Override
        public Optional<Stored> find(String object) {
            reach();
            return vault.find(object);
        }

        @Override
        public void list(String prefix, Consumer<Stored> each) {
            reach();
            vault.list(prefix, each);
        }

        @Override
        public String toString() {
            return vault.name();
        }

        private void reach() {
            if (cut) {
                throw new ContinuityException(FailureKind.UNREACHABLE, "the vault is cut off", "wait");
            }
        }
    }
}
