package com.cybernance.continuity.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The cluster that everybody backs up: rows as pgbench has them, an index, checksums on its pages, log kept by a slot. */
final class SourceCluster {
    static final int PORT = 54_715;
    static final String SLOT = "bench_kept";
    static final String SWITCH = "archive.on";

    private static final int BATCH = 250_000;

    private final Settings settings;
    private final Shell shell;
    private final Path data;

    SourceCluster(Settings settings, Shell shell) {
        this.settings = settings;
        this.shell = shell;
        this.data = settings.directory().resolve("source");
    }

    Path data() {
        return data;
    }

    /** A client's command on this server. */
    String psql(String sql) {
        return "%s -X -q -At -v ON_ERROR_STOP=1 -h '%s' -p %d -U bench -d postgres -c \"%s\""
                .formatted(settings.program("psql"), settings.directory(), PORT, sql);
    }

    String ask(String sql) throws IOException, InterruptedException {
        return Shell.read(psql(sql));
    }

    /** Starts it; makes it first unless it is there with this size and seed. */
    void open() throws IOException, InterruptedException {
        Path made = settings.directory().resolve("made");
        String wanted = "%d MiB, seed %d, 1".formatted(settings.mebibytes(), settings.seed());
        if (Files.exists(made) && Files.readString(made).equals(wanted)) {
            start("");
            return;
        }
        shell.run("rm -rf '%s' '%s'".formatted(data, made));
        shell.run("%s -D '%s' -U bench --auth=trust --data-checksums --no-sync"
                .formatted(settings.program("initdb"), data));
        Files.writeString(data.resolve("postgresql.auto.conf"), """
                listen_addresses = '127.0.0.1'
                unix_socket_directories = '%s'
                shared_buffers = '256MB'
                max_wal_size = '16GB'
                checkpoint_timeout = '1h'
                max_slot_wal_keep_size = '64GB'
                wal_level = 'replica'
                max_wal_senders = 10
                archive_mode = 'on'
                archive_command = 'test ! -e "%s" || pgbackrest --config="%s" --stanza=main archive-push %%p'
                autovacuum = 'off'
                """.formatted(
                        settings.directory(),
                        settings.directory().resolve(SWITCH),
                        settings.directory().resolve("pgbackrest.conf")));
        start("-c fsync=off -c full_page_writes=off");
        fill();
        stop();
        start("");
        ask("CHECKPOINT");
        ask("SELECT pg_create_physical_replication_slot('%s', true)".formatted(SLOT));
        writeLog();
        stop();
        shell.run("sync -f '%s'".formatted(data));
        Files.writeString(made, wanted);
        start("");
    }

    private void start(String options) throws IOException, InterruptedException {
        // Left behind by a run that was killed.
        stop();
        shell.run("%s start -w -t 300 -D '%s' -l '%s' -o '-p %d %s'"
                .formatted(
                        settings.program("pg_ctl"), data, settings.directory().resolve("source.log"), PORT, options));
    }

    private void fill() throws IOException, InterruptedException {
        ask(
                "CREATE TABLE accounts (aid bigint NOT NULL, bid int NOT NULL, abalance int NOT NULL, filler text NOT NULL)");
        ask(
                "CREATE TABLE words AS SELECT n, (ARRAY['invoice','payment','refund','transfer','deposit','standing order',"
                        + "'direct debit','card','cash','interest','fee','salary'])[1 + n % 12] AS word FROM generate_series(0, 11) n");
        long rows = 0;
        long wanted = (long) settings.mebibytes() << 20;
        // The two indexes take about 45 bytes a row, beside 130 of the row.
        while (number("SELECT pg_database_size('postgres')") + rows * 45 < wanted) {
            ask(("SELECT setseed(%s); INSERT INTO accounts SELECT %d + i, (random() * 999)::int,"
                            + " (random() * 200000)::int - 100000, md5(random()::text) || ' ' || word || ' of customer '"
                            + " || (random() * 99999)::int || ' on account ' || (i %% 9973)"
                            + " FROM generate_series(1, %d) i JOIN words ON words.n = i %% 12")
                    .formatted(fraction(rows), rows, BATCH));
            rows += BATCH;
        }
        ask("ALTER TABLE accounts ADD PRIMARY KEY (aid)");
        ask("CREATE INDEX accounts_abalance ON accounts (abalance)");
        ask("VACUUM ANALYZE accounts");
        ask("CHECKPOINT");
    }

    /** A seed between -1 and 1, another one for each batch. */
    private String fraction(long rows) {
        return Double.toString((settings.seed() * 31L + rows) % 1_000_003 / 1_000_003.0);
    }

    /** Changes single rows all over the table, as an application does, until there is enough of the log. */
    private void writeLog() throws IOException, InterruptedException {
        long rows = number("SELECT max(aid) FROM accounts");
        Path script = settings.directory().resolve("change.sql");
        Files.writeString(script, """
                \\set aid random(1, %d)
                \\set delta random(-5000, 5000)
                UPDATE accounts SET abalance = abalance + :delta WHERE aid = :aid;
                """.formatted(rows));
        String from = ask("SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = '%s'".formatted(SLOT));
        long wanted = (long) settings.logMebibytes() << 20;
        int round = 0;
        while (number("SELECT pg_current_wal_lsn() - '%s'::pg_lsn".formatted(from)) < wanted) {
            round++;
            shell.run(
                    "PGOPTIONS='-c synchronous_commit=off' %s -n -h '%s' -p %d -U bench -c 4 -t 1000 --random-seed=%d -f '%s' postgres"
                            .formatted(
                                    settings.program("pgbench"),
                                    settings.directory(),
                                    PORT,
                                    settings.seed() + round,
                                    script));
        }
        ask("SELECT pg_switch_wal()");
        ask("CHECKPOINT");
        Files.writeString(
                settings.directory().resolve("log.end"),
                ask("SELECT '0/0'::pg_lsn + floor((pg_current_wal_lsn() - '0/0') / 16777216) * 16777216"));
    }

    /** A command that gives a slot up, if it is there, whoever is streaming from it. */
    String dropSlot(String slot) {
        return psql(
                        "SELECT pg_terminate_backend(active_pid, 10000) FROM pg_replication_slots WHERE slot_name = '%s' AND active"
                                .formatted(slot))
                + " >/dev/null; "
                + psql("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '%s'"
                        .formatted(slot))
                + " >/dev/null";
    }

    private long number(String sql) throws IOException, InterruptedException {
        return (long) Double.parseDouble(ask(sql));
    }

    /** Where the log that is received ends: the end of a segment. */
    String logEnd() throws IOException {
        return Files.readString(settings.directory().resolve("log.end"));
    }

    String version() throws IOException, InterruptedException {
        return ask("SHOW server_version");
    }

    /** Size of all databases. */
    long bytes() throws IOException, InterruptedException {
        return number("SELECT sum(pg_database_size(oid)) FROM pg_database");
    }

    /** Does nothing when it does not run. */
    void stop() throws IOException, InterruptedException {
        shell.run("if %1$s status -D '%2$s'; then %1$s stop -w -t 300 -m fast -D '%2$s'; fi"
                .formatted(settings.program("pg_ctl"), data));
    }
}
