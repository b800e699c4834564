package com.cybernance.continuity.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Who is measured, and by which commands. */
final class Contests {
    /** The file that whoever restores makes when the restored server has answered. What a process does after that is not restoring. */
    static final String ANSWERED = "answered";

    private static final int RESTORED_PORT = 54_716;

    private final Settings settings;
    private final SourceCluster source;
    private final Path directory;
    private final String ours;
    private final String classPath;
    private final String postgres;
    private final String pgbackrest;

    Contests(Settings settings, SourceCluster source) throws IOException, InterruptedException {
        this.settings = settings;
        this.source = source;
        this.directory = settings.directory();
        this.ours = settings.revision();
        Shell.read("rm -rf '%s'".formatted(directory.resolve("classes")));
        this.classPath = ClassPath.ofJars(System.getProperty("java.class.path"), directory.resolve("classes"));
        this.postgres = source.version().split(" ", -1)[0];
        this.pgbackrest = Shell.read("pgbackrest version").replaceAll("[^0-9.]", "");
        Files.writeString(
                directory.resolve("pgbackrest.conf"), """
                [global]
                repo1-path=%1$s/repo
                log-path=%1$s
                log-level-file=off
                log-level-console=warn
                lock-path=%1$s/lock
                spool-path=%1$s/spool
                repo1-retention-full=99
                compress-type=zst
                compress-level=%2$d
                process-max=1
                start-fast=y
                [main]
                pg1-path=%1$s/source
                pg1-port=%3$d
                pg1-socket-path=%1$s
                pg1-user=bench
                """.formatted(directory, Settings.LEVEL, SourceCluster.PORT));
    }

    List<Contender> of(String benchmark) throws IOException, InterruptedException {
        return switch (benchmark) {
            case "backup" -> backup();
            case "restore" -> restore();
            case "receive" -> receive();
            default -> throw new IllegalArgumentException("no benchmark '%s'".formatted(benchmark));
        };
    }

    private List<Contender> backup() {
        return List.of(
                ours("rm -rf ours-vault", "backup %d ours-vault".formatted(SourceCluster.PORT), ""),
                new Contender(
                        "pg_basebackup",
                        postgres,
                        "rm -rf basebackup",
                        "%s -D basebackup -F t -X stream -c fast --compress=client-zstd:level=%d -h 127.0.0.1 -p %d -U bench"
                                .formatted(settings.program("pg_basebackup"), Settings.LEVEL, SourceCluster.PORT),
                        ""),
                new Contender(
                        "pgbackrest",
                        pgbackrest,
                        "rm -rf repo lock; touch %s; %s stanza-create".formatted(SourceCluster.SWITCH, rest()),
                        rest() + " --type=full backup",
                        "rm -f " + SourceCluster.SWITCH));
    }

    /** From the last backup of each; a server that was restored is ended unmeasured. */
    private List<Contender> restore() {
        String clean = "rm -rf restored";
        String start = "%s start -W -D restored/data -l restored/log -o '-p %d' >/dev/null"
                .formatted(settings.program("pg_ctl"), RESTORED_PORT);
        String query =
                "until %s -X -q -At -h '%s' -p %d -U bench -d postgres -c 'SELECT 1' 2>/dev/null; do sleep 0.02; done; : >%s"
                        .formatted(settings.program("psql"), directory, RESTORED_PORT, ANSWERED);
        String stop = "%s stop -w -m immediate -D restored/data >/dev/null; rm -rf restored"
                .formatted(settings.program("pg_ctl"));
        return List.of(
                ours(clean, "restore ours-vault '%s/restored' %s".formatted(directory, settings.programs()), stop),
                new Contender("pg_basebackup tar", postgres, clean, """
                        mkdir -p restored/data; chmod 700 restored/data
                        zstd -q -d -c basebackup/base.tar.zst | tar -x -C restored/data
                        tar -x -f basebackup/pg_wal.tar -C restored/data/pg_wal
                        sync -f restored/data
                        %s
                        %s""".formatted(start, query), stop),
                new Contender(
                        "pgbackrest",
                        pgbackrest,
                        clean + "; mkdir -p restored/data; chmod 700 restored/data",
                        """
                        %s --pg1-path='%s/restored/data' --type=immediate --target-action=promote --archive-mode=off restore
                        %s
                        %s""".formatted(rest(), directory, start, query),
                        stop));
    }

    /**
     * All of the log that the slot keeps, from the server into compressed files that are durable. What does not compress
     * is no equal. What pushes the server's own files reads no stream, but compresses and forces as much, so it counts.
     */
    private List<Contender> receive() throws IOException, InterruptedException {
        String drop = source.dropSlot("bench_run");
        String slot = drop + "; "
                + source.psql(
                        "SELECT pg_copy_physical_replication_slot('%s', 'bench_run')".formatted(SourceCluster.SLOT))
                + " >/dev/null";
        String end = source.logEnd();
        String first = source.ask("SELECT pg_walfile_name(restart_lsn) FROM pg_replication_slots WHERE slot_name = '%s'"
                .formatted(SourceCluster.SLOT));
        String last = source.ask("SELECT pg_walfile_name('%s')".formatted(end));
        String receivewal = "%s -D raw -S bench_run --endpos=%s --no-loop -h 127.0.0.1 -p %d -U bench"
                .formatted(settings.program("pg_receivewal"), end, SourceCluster.PORT);
        return List.of(
                ours(
                        "rm -rf ours-log ours-spool ours-state; " + slot,
                        "receive %d ours-log ours-spool bench_run %s".formatted(SourceCluster.PORT, end),
                        drop + "; rm -rf ours-log ours-spool ours-state"),
                new Contender(
                        "pg_receivewal, zstd",
                        postgres,
                        "rm -rf raw zst; mkdir raw zst; " + slot,
                        """
                        %s & receiving=$!
                        ship() {
                            for segment in raw/????????????????????????; do
                                [ -e "$segment" ] || continue
                                packed=zst/${segment##*/}.zst
                                zstd -q -%d --check "$segment" -o "$packed"
                                sync "$packed"
                                rm "$segment"
                            done
                        }
                        while kill -0 $receiving 2>/dev/null; do ship; sleep 0.02; done
                        wait $receiving
                        ship
                        sync zst
                        [ -e zst/%s.zst ]""".formatted(receivewal, Settings.LEVEL, last),
                        drop + "; rm -rf raw zst"),
                new Contender(
                        "pg_receivewal, uncompressed",
                        postgres,
                        "rm -rf raw; mkdir raw; " + slot,
                        receivewal + "; [ -e raw/%s ]".formatted(last),
                        drop + "; rm -rf raw",
                        false),
                new Contender(
                        "pgbackrest archive-push",
                        pgbackrest,
                        "rm -rf repo lock; touch %1$s; %2$s stanza-create; rm %1$s"
                                .formatted(SourceCluster.SWITCH, rest()),
                        """
                        for segment in source/pg_wal/????????????????????????; do
                            name=${segment##*/}
                            if [[ ! $name < %s && ! $name > %s ]]; then %s archive-push '%s'/$segment; fi
                        done""".formatted(first, last, rest(), directory),
                        "rm -rf repo"));
    }

    /**
     * Before the first measured run one that is not measured leaves its classes in an archive, which the others share, as
     * an embedder's releases can. An archive is bound to the jars and to the work that it was made with.
     */
    private Contender ours(String prepare, String arguments, String clean) {
        String archive = "classes/%s.jsa".formatted(arguments.split(" ", -1)[0]);
        String java = "'%s' -Xmx%dm -XX:+UseSerialGC".formatted(settings.java(), Settings.HEAP_MEBIBYTES);
        String rest = " -cp '%s' %s %s".formatted(classPath, Ours.class.getName(), arguments);
        String first = """
                if [ ! -e %s ]; then
                %s
                %s
                %s
                fi
                """.formatted(archive, prepare, java + " -XX:ArchiveClassesAtExit=" + archive + rest, clean);
        return new Contender(
                Contender.OURS, ours, first + prepare, java + " -XX:SharedArchiveFile=" + archive + rest, clean);
    }

    private String rest() {
        return "pgbackrest --config='%s/pgbackrest.conf' --stanza=main".formatted(directory);
    }
}
