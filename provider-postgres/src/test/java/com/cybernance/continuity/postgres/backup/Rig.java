package com.cybernance.continuity.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/** A pair of servers and what takes backups of the primary. */
final class Rig implements AutoCloseable {
    final PostgresPair pair;
    private final ExecutorService executor = Executors.newCachedThreadPool();

    Rig(PostgresPair pair) {
        this.pair = pair;
    }

    PostgresBackups.Builder builder(String role) {
        return PostgresBackups.of(
                "jdbc:postgresql://127.0.0.1:%d/app".formatted(pair.primary().port()), () -> {
                    Properties properties = new Properties();
                    properties.setProperty("user", role);
                    properties.setProperty("password", password(role));
                    return properties;
                });
    }

    PostgresBackups backups() {
        return build(builder("replicator"));
    }

    PostgresBackups build(PostgresBackups.Builder builder) {
        return builder.build(executor, System::nanoTime);
    }

    String password(String role) {
        if (role.equals(SqlRole.NAME)) {
            return SqlRole.PASSWORD;
        }
        return Objects.requireNonNull(((PGSimpleDataSource) pair.primary().dataSource(role)).getPassword());
    }

    String system() {
        return pair.primary().query("SELECT system_identifier FROM pg_control_system()");
    }

    /** Begins a backup and waits for its end. */
    static Progress take(PostgresBackups backups, String slot, Vault vault) throws InterruptedException {
        backups.begin(slot, vault);
        return await(backups, slot, vault);
    }

    static Progress await(PostgresBackups backups, String slot, Vault vault) throws InterruptedException {
        long since = System.nanoTime();
        Progress progress = backups.poll(slot, vault);
        while (progress.state() == Progress.State.RUNNING) {
            assertThat(System.nanoTime() - since).as(progress.detail()).isLessThan(TimeUnit.MINUTES.toNanos(3));
            TimeUnit.MILLISECONDS.sleep(5);
            progress = backups.poll(slot, vault);
        }
        return progress;
    }

    static String result(Progress done, String name) {
        assertThat(done.state()).as(done.detail()).isEqualTo(Progress.State.DONE);
        return Objects.requireNonNull(done.results().get(name));
    }

    static List<String> objects(Vault vault, String prefix) {
        List<String> names = new ArrayList<>();
        vault.list(prefix, stored -> names.add(stored.name()));
        return names;
    }

    @Override
    public void close() {
        executor.shutdownNow();
        pair.close();
    }
}
