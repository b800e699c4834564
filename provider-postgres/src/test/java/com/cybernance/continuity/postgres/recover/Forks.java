package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.PieceIndex;
import com.cybernance.continuity.testkit.Seeds;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A cluster that was promoted twice. Each time the server that was left went on writing, and everything that any of the
 * three wrote lies in one vault, with two backups on each timeline that was left and one on the last. Its questions are
 * answered by the rule of the format's page, applied to what the servers told.
 */
final class Forks implements AutoCloseable {
    /** How many commits a disorder must bring out of order, and how many bursts are tried for it. */
    private static final int INVERSIONS = Seeds.runs(3);

    private static final int BURSTS = 20;

    private final MemoryVault vault = new MemoryVault("north");
    private final List<BackupRecord> backups = new ArrayList<>();
    private final List<Told> told = new ArrayList<>();
    private final Map<Integer, Lsn> begins = new TreeMap<>();
    private final Map<Integer, Instant> quiet = new TreeMap<>();
    private final PostgresPair pair;
    private final Seeds seeds;
    private int small;

    Forks(Seeds seeds) throws IOException, SQLException {
        this.seeds = seeds;
        this.pair = PostgresPair.start();
        try {
            PostgresServer first = pair.primary();
            PostgresServer second = pair.standby();
            PostgresServer third = pair.addStandby("standby_c", "east");
            first.configure("synchronous_standby_names", "");
            second.configure("synchronous_standby_names", "");
            for (PostgresServer each : List.of(second, third, first)) {
                settings(each);
            }
            first.execute("CREATE EXTENSION pg_walinspect", """
                    CREATE TABLE deeds (
                        mark uuid NOT NULL DEFAULT gen_random_uuid(),
                        tx xid8 NOT NULL DEFAULT pg_current_xact_id())
                    """);
            begins.put(1, flushed(first));
            write(first, 1);
            leave(first, 1, second, third);
            follow(second, third);
            write(second, 2);
            leave(second, 2, third);
            write(third, 3);
            told.addAll(Told.by(third, 3, begin(3)));
            rest(third, 3);
        } catch (IOException | SQLException | RuntimeException | Error e) {
            pair.close();
            throw e;
        }
    }

    private static void settings(PostgresServer server) {
        server.configure("wal_retrieve_retry_interval", "100ms");
        server.configure("wal_keep_size", "1GB");
        server.configure("wal_buffers", "32kB");
        server.configure("max_wal_size", "2GB");
        server.configure("checkpoint_timeout", "1h");
        server.configure("autovacuum", "off");
        server.configure("track_commit_timestamp", "on");
        server.configure("max_prepared_transactions", "10");
        server.restart();
    }

    /** Everything that a timeline sees before it is left: load, rests, commits out of order, a backup under load. */
    private void write(PostgresServer server, int timeline) throws IOException, SQLException {
        Writers.scattered(server, seeds, 24);
        server.query("SELECT pg_sleep(0.25)");
        disorder(server, timeline);
        backups.add(plain(server).take(seeds, () -> Writers.scattered(server, seeds, 16)));
        Writers.scattered(server, seeds, 24);
        server.query("SELECT pg_sleep(0.25)");
        disorder(server, timeline);
        Writers.scattered(server, seeds, 24);
    }

    /** Clients at once until enough commits are out of order, on the last timeline also by less than a millisecond. */
    private void disorder(PostgresServer server, int timeline) throws SQLException {
        int found = 0;
        boolean enough = false;
        for (int burst = 0; burst < BURSTS && !enough; burst++) {
            Lsn from = flushed(server);
            Writers.burst(server);
            Told.Disorder disorder = Told.disorder(server, from);
            found += disorder.inversions();
            small += disorder.small();
            enough = found >= INVERSIONS && (timeline < 3 || small > 0);
        }
    }

    /** Cuts the standbys off in the midst of writes, lets the server go on alone, and promotes the first of them. */
    private void leave(PostgresServer server, int timeline, PostgresServer... standbys)
            throws IOException, SQLException {
        server.await("SELECT bool_and(flush_lsn >= pg_current_wal_flush_lsn())::text FROM pg_stat_replication", "true");
        for (int each = standbys.length - 1; each > 0; each--) {
            standbys[each].stop();
        }
        PostgresServer next = standbys[0];
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> Writers.scattered(server, seeds, 80));
        next.stop();
        load.join();
        Writers.scattered(server, seeds, 24);
        backups.add(plain(server).take(seeds, () -> Writers.scattered(server, seeds, 8)));
        Writers.scattered(server, seeds, 16);
        told.addAll(Told.by(server, timeline, begin(timeline)));
        rest(server, timeline);
        server.stop();
        next.start();
        next.query("SELECT pg_promote(true, 60)::text");
        next.await("SELECT pg_is_in_recovery()::text", "false");
        PlainBackup plain = plain(next);
        plain.history(timeline + 1);
        String history = new String(vault.bytes(plain.cluster().history(timeline + 1)), StandardCharsets.UTF_8);
        Matcher line = Pattern.compile("^%d\\s+(\\S+)".formatted(timeline), Pattern.MULTILINE)
                .matcher(history);
        assertThat(line.find()).as(history).isTrue();
        begins.put(timeline + 1, Lsn.parse(line.group(1)));
    }

    private static void follow(PostgresServer server, PostgresServer standby) {
        server.execute("SELECT pg_create_physical_replication_slot('%s', true)".formatted(standby.name()));
        standby.configure(
                "primary_conninfo",
                server.query("SHOW primary_conninfo")
                        .replaceFirst("port=[0-9]+", "port=" + server.port())
                        .replaceFirst("application_name=\\S+", "application_name=" + standby.name()));
        standby.start();
        server.await("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'", "1");
    }

    /** Puts the rest of the server's log into the vault, and a piece that says that up to its end there was no more. */
    private void rest(PostgresServer server, int timeline) throws IOException, SQLException {
        PlainBackup plain = plain(server);
        Lsn from = flushed(server);
        plain.log(seeds, timeline, begin(timeline).segmentStart(PlainBackup.SEGMENT), from);
        server.execute("SELECT pg_logical_emit_message(false, 'idle', 'nothing is committed here', true)");
        Instant at = Instant.parse(server.query(
                "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
        Lsn to = flushed(server);
        Lsn begin = Lsn.later(from, new Lsn(to.value() - 1).segmentStart(PlainBackup.SEGMENT));
        plain.log(seeds, timeline, from, begin);
        plain.quiet(new Piece(timeline, begin, to), new PieceIndex.Complete(at, to));
        quiet.put(timeline, at);
    }

    private PlainBackup plain(PostgresServer server) {
        return new PlainBackup(server, vault);
    }

    private static Lsn flushed(PostgresServer server) {
        return Lsn.parse(server.query("SELECT pg_current_wal_flush_lsn()::text"));
    }

    /** Where a timeline begins, which is where the one before it was left. */
    private Lsn begin(int timeline) {
        return Optional.ofNullable(begins.get(timeline)).orElseThrow();
    }

    MemoryVault vault() {
        return vault;
    }

    List<BackupRecord> backups() {
        return List.copyOf(backups);
    }

    /** The commits of all timelines, each timeline's in the order of its log. */
    List<Told> told() {
        return List.copyOf(told);
    }

    /** Those of a timeline that no later one has. */
    List<Told> abandoned() {
        return told.stream()
                .filter(each ->
                        begins.containsKey(each.timeline() + 1) && !each.start().isBefore(begin(each.timeline() + 1)))
                .toList();
    }

    /** Where timelines were left, as moments: the last commit before and the first one on either side. */
    List<Told> aroundForks() {
        List<Told> around = new ArrayList<>();
        for (int next = 2; next <= 3; next++) {
            Lsn fork = begin(next);
            int before = next - 1;
            around.add(last(told.stream()
                    .filter(each -> each.timeline() == before && each.start().isBefore(fork))
                    .toList()));
            around.add(told.stream()
                    .filter(each -> each.timeline() == before && !each.start().isBefore(fork))
                    .findFirst()
                    .orElseThrow());
            int after = next;
            around.add(told.stream()
                    .filter(each -> each.timeline() == after)
                    .findFirst()
                    .orElseThrow());
        }
        return around;
    }

    /** Two commits of which the one later in the log has the earlier time. */
    record Inversion(Told first, Told second) {
        Duration by() {
            return Duration.between(second.at(), first.at());
        }
    }

    List<Inversion> inversions() {
        return inversions(told);
    }

    /** Those of less than a millisecond: nothing went wrong, two sessions only committed at once. */
    List<Inversion> smallInversions() {
        return small(inversions());
    }

    private static List<Inversion> small(List<Inversion> found) {
        return found.stream()
                .filter(each -> each.by().compareTo(Duration.ofMillis(1)) < 0)
                .toList();
    }

    private static List<Inversion> inversions(List<Told> commits) {
        List<Inversion> found = new ArrayList<>();
        for (int i = 1; i < commits.size(); i++) {
            Told first = commits.get(i - 1);
            Told second = commits.get(i);
            if (first.timeline() == second.timeline() && second.at().isBefore(first.at())) {
                found.add(new Inversion(first, second));
            }
        }
        return found;
    }

    /** The commits on the way to a timeline, in the order of the log. */
    List<Told> onTheWay(int timeline) {
        return told.stream()
                .filter(each -> each.timeline() == timeline
                        || (each.timeline() < timeline && each.start().isBefore(begin(each.timeline() + 1))))
                .toList();
    }

    /** Whether a backup and the log behind it, on the way to a timeline, show a moment at all. */
    boolean reaches(BackupRecord backup, int timeline, Instant moment) {
        if (backup.timeline() > timeline
                || (backup.timeline() < timeline && backup.stop().isAfter(begin(backup.timeline() + 1)))) {
            return false;
        }
        Instant earliest = backup.stoppedAt();
        Instant latest = Optional.ofNullable(quiet.get(timeline)).orElseThrow();
        for (Told each : onTheWay(timeline)) {
            if (!each.start().isBefore(backup.stop())) {
                earliest = each.at().isBefore(earliest) ? each.at() : earliest;
                latest = each.at().isAfter(latest) ? each.at() : latest;
            }
        }
        return !moment.isBefore(earliest) && !moment.isAfter(latest);
    }

    /** How many commits, counted along the way to a timeline, a moment shows: all up to the last that is not later. */
    int shown(BackupRecord backup, int timeline, Instant moment) {
        List<Told> way = onTheWay(timeline);
        int shown = 0;
        for (int i = 0; i < way.size(); i++) {
            Told each = way.get(i);
            boolean inBackup = each.start().isBefore(backup.stop());
            if (inBackup || !each.at().isAfter(moment)) {
                shown = i + 1;
            }
        }
        return shown;
    }

    /** Where the servers' data is, for directories beside it. */
    Path directory(String name) {
        return pair.directory().resolve(name);
    }

    PostgresRestorer restorer() {
        return restorer(vault);
    }

    /** One that knows another vault instead. */
    PostgresRestorer restorer(MemoryVault other) {
        return PostgresRestorer.builder()
                .programs(17, PostgresBinaries.ofClassPath().programs())
                .launchedBy(PostgresBinaries.launchPrefix())
                .setting("shared_buffers", "16MB")
                .setting("fsync", "off")
                .setting("autovacuum", "off")
                .connections(this::way)
                .vault(other)
                .build();
    }

    DataSource way(String host, int port, String database) {
        PGSimpleDataSource known = (PGSimpleDataSource) pair.primary().dataSource(PostgresServer.SUPERUSER, database);
        known.setServerNames(new String[] {host});
        known.setPortNumbers(new int[] {port});
        return known;
    }

    private static Told last(List<Told> all) {
        return all.get(all.size() - 1);
    }

    @Override
    public void close() {
        pair.close();
    }
}
