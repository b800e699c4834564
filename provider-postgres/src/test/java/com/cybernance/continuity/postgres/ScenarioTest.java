package com.cybernance.continuity.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ClientOutcome;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.InventoryItem;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.ReplicaState.Link;
import com.cybernance.continuity.facts.ReplicaState.Mode;
import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.facts.Setting.Effect;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One pair of servers, broken in one way at a time and mended after each. */
class ScenarioTest {
    private static final String SYNC = "FIRST 1 (standby_b)";
    private static PostgresPair pair;
    private static PostgresServer primary;
    private static PostgresServer standby;

    @BeforeAll
    static void start() {
        pair = PostgresPair.start();
        primary = pair.primary();
        standby = pair.standby();
        PostgresCanary.install(primary.dataSource("postgres"), List.of(Servers.MONITOR, "app_writer"));
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @AfterEach
    void mend() {
        primary.thaw();
        if (standby.isRunning()) {
            standby.thaw();
        } else {
            standby.start();
        }
        primary.configure("synchronous_standby_names", SYNC);
        primary.await(
                "SELECT string_agg(sync_state, ',') FROM pg_stat_replication WHERE application_name = 'standby_b'",
                "sync");
    }

    @Test
    void asynchronousStandby_isSeenAsAsynchronousAndTheSettingWeakens() {
        primary.configure("synchronous_standby_names", "");
        primary.await("SELECT sync_state FROM pg_stat_replication", "async");
        assertThat(Servers.member(replication(), "standby_b").mode()).isEqualTo(Mode.ASYNCHRONOUS);
        Setting names = Servers.setting(settings(), "synchronous_standby_names");
        assertThat(names.effect()).isEqualTo(Effect.WEAKENS);
        assertThat(names.observed()).isEqualTo("empty: no commit waits for a standby");
    }

    @Test
    void overrides_ofRolesAndDatabases_areEachNamedWithTheStatementThatMendsThem() {
        primary.execute(
                "ALTER ROLE reports SET synchronous_commit = local",
                "ALTER ROLE app_writer IN DATABASE app SET synchronous_commit = remote_write",
                "ALTER DATABASE postgres SET synchronous_commit = off",
                "ALTER ROLE replicator SET synchronous_commit = remote_apply",
                "CREATE ROLE nobody_logs_in",
                "ALTER ROLE nobody_logs_in SET synchronous_commit = off",
                "CREATE FUNCTION hasty() RETURNS void LANGUAGE sql SET synchronous_commit = off AS 'SELECT'");
        try {
            Seen<Setting> seen = settings();
            assertThat(Servers.weakened(seen))
                    .containsExactly(
                            "synchronous_commit of all roles in database postgres",
                            "synchronous_commit of role app_writer in database app",
                            "synchronous_commit of role reports");
            assertThat(Servers.setting(seen, "synchronous_commit of role reports")
                            .needed())
                    .isEqualTo("on or remote_apply: ALTER ROLE reports RESET synchronous_commit");
            assertThat(Servers.setting(seen, "synchronous_commit of role app_writer in database app")
                            .needed())
                    .contains("ALTER ROLE app_writer IN DATABASE app RESET synchronous_commit")
                    .contains("memory, not its disk");
            assertThat(Servers.setting(seen, "synchronous_commit of role replicator")
                            .effect())
                    .isEqualTo(Effect.KEEPS);
            assertThat(Servers.setting(seen, "synchronous_commit of role nobody_logs_in")
                            .observed())
                    .isEqualTo("off, of a role that cannot log in");
            assertThat(Servers.setting(seen, "synchronous_commit of function public.hasty()")
                            .effect())
                    .isEqualTo(Effect.KEEPS);
        } finally {
            primary.execute(
                    "DROP FUNCTION hasty()",
                    "DROP ROLE nobody_logs_in",
                    "ALTER ROLE reports RESET ALL",
                    "ALTER ROLE app_writer IN DATABASE app RESET ALL",
                    "ALTER DATABASE postgres RESET ALL",
                    "ALTER ROLE replicator RESET ALL");
        }
    }

    @Test
    void functionWithItsOwnLevel_stillWaitsForTheStandbyAtCommit() throws Exception {
        primary.execute(
                "CREATE FUNCTION hasty() RETURNS void LANGUAGE sql SET synchronous_commit = off AS 'UPDATE continuity.canary SET at = now()'");
        standby.stop();
        CompletableFuture<Void> call = CompletableFuture.runAsync(() -> primary.execute("SELECT hasty()"));
        awaitWaitingSession();
        assertThat(call).isNotDone();
        standby.start();
        call.get(30, java.util.concurrent.TimeUnit.SECONDS);
        primary.execute("DROP FUNCTION hasty()");
    }

    @Test
    void overrideOfTheWatchersOwnRole_hidesTheServersDefaultAndIsBlind() {
        primary.execute("ALTER ROLE continuity_monitor SET synchronous_commit = local");
        try {
            Seen<Setting> seen = settings();
            assertThat(seen.complete).containsExactly("capacity");
            assertThat(seen.kinds).containsExactly(FailureKind.MISCONFIGURED);
            assertThat(seen.blind.get(0)).contains("ALTER ROLE continuity_monitor RESET synchronous_commit");
        } finally {
            primary.execute("ALTER ROLE continuity_monitor RESET ALL");
        }
    }

    @Test
    void wildcard_withAStrayClient_weakensAndTheStrayIsNowhereKnown() {
        PostgresServer stray = pair.addStandby("stray", "west");
        try {
            primary.configure("synchronous_standby_names", "*");
            standby.stop();
            primary.await(
                    "SELECT string_agg(application_name || sync_state, ',') FROM pg_stat_replication", "straysync");
            Seen<ReplicaState> seen = replication();
            ReplicaState member = Servers.member(seen, "stray");
            assertThat(member.mode()).isEqualTo(Mode.SYNCHRONOUS);
            assertThat(member.place().values(Factor.DATA_CENTRE)).isEmpty();
            assertThat(Servers.setting(settings(), "synchronous_standby_names").observed())
                    .isEqualTo("*: whatever connects as a standby counts");
            assertThat(Servers.weakened(settings())).contains("synchronous_standby_names");
        } finally {
            remove(stray);
        }
    }

    @Test
    void secondConnectionUnderADeclaredName_takesThePlaceFromBoth() {
        PostgresServer second = pair.addStandby("standby_c", "north");
        try {
            second.stop();
            String conninfo = "host=127.0.0.1 port=%d user=replicator passfile=%s application_name=standby_b"
                    .formatted(primary.port(), pair.directory().resolve("replication.pgpass"));
            second.configure("primary_conninfo", conninfo);
            second.start();
            primary.await("SELECT count(*) FROM pg_stat_replication WHERE application_name = 'standby_b'", "2");
            Seen<ReplicaState> seen = replication();
            assertThat(Servers.member(seen, "standby_b").place().values(Factor.DATA_CENTRE))
                    .isEmpty();
            assertThat(Servers.member(seen, "standby_b#2").detail()).contains("2 connections carry this name");
        } finally {
            remove(second);
        }
    }

    @Test
    void strayClientUnderTheStandbysName_isNotTakenForTheStandbyWhoseOwnWordDeniesIt() throws Exception {
        assertStrayIsNotTakenFor(Servers.target(pair).build(), Link.DISCONNECTED, "its receiver is not there");
    }

    @Test
    void strayClientUnderTheStandbysName_isNotTakenForTheOwnerOfTheSlot() throws Exception {
        PostgresTarget routeless = PostgresTarget.of("postgres:main", primary.dataSource(Servers.MONITOR))
                .place("standby_b", Place.declared(Factor.DATA_CENTRE, "south", "the estate file"))
                .build();
        assertStrayIsNotTakenFor(routeless, Link.UNKNOWN, "slot standby_b is kept for the server of this name");
    }

    @Test
    void standbyRouteWithoutRights_isBlindAndNotTakenForAServerWithoutAReceiver() {
        PostgresTarget target = PostgresTarget.of("postgres:main", primary.dataSource(Servers.MONITOR))
                .server("standby_b", standby.dataSource("app_writer"))
                .build();
        Seen<ReplicaState> seen = Seen.by(target.replication().orElseThrow());
        assertThat(seen.kinds).containsExactly(FailureKind.DENIED);
        assertThat(seen.blind.get(0)).contains("standby_b", "GRANT pg_monitor TO app_writer");
        assertThat(Servers.member(seen, "standby_b").link()).isEqualTo(Link.CURRENT);
    }

    @Test
    void standbyThatFollowsAnotherOne_isNotTakenForTheStrangerThatTookItsName() throws Exception {
        PostgresServer other = pair.addStandby("standby_c", "west");
        String followed = standby.query("SHOW primary_conninfo");
        try {
            standby.configure("primary_slot_name", "");
            standby.configure(
                    "primary_conninfo",
                    "host=127.0.0.1 port=%d user=replicator passfile=%s application_name=standby_b"
                            .formatted(other.port(), pair.directory().resolve("replication.pgpass")));
            other.await("SELECT application_name FROM pg_stat_replication", "standby_b");
            try (Stray stray = new Stray(primary, "standby_b")) {
                primary.await(
                        "SELECT string_agg(sync_state, ',') FROM pg_stat_replication WHERE application_name = 'standby_b'",
                        "sync");
                write("on");
                standby.await("SELECT status FROM pg_stat_wal_receiver", "streaming");
                PostgresTarget knowsTheOther = Servers.target(pair)
                        .server("standby_c", other.dataSource(Servers.MONITOR))
                        .build();
                for (PostgresTarget target : List.of(Servers.target(pair).build(), knowsTheOther)) {
                    ReplicaState taken =
                            Servers.member(Seen.by(target.replication().orElseThrow()), "standby_b");
                    assertThat(taken.link()).as("%s %s", stray, taken.detail()).isEqualTo(Link.UNKNOWN);
                    assertThat(taken.detail())
                            .contains("receives from 127.0.0.1 port " + other.port())
                            .contains("the primary listens at port " + primary.port());
                    assertThat(taken.place().values(Factor.DATA_CENTRE)).isEmpty();
                }
                PostgresTarget routeless = PostgresTarget.of("postgres:main", primary.dataSource(Servers.MONITOR))
                        .server("standby_c", other.dataSource(Servers.MONITOR))
                        .build();
                primary.query("SELECT pg_drop_replication_slot('standby_b')::text");
                ReplicaState taken =
                        Servers.member(Seen.by(routeless.replication().orElseThrow()), "standby_b");
                assertThat(taken.link()).as("%s %s", stray, taken.detail()).isEqualTo(Link.UNKNOWN);
                assertThat(taken.detail()).contains("a server of this name receives from server standby_c");
            }
        } finally {
            primary.query("SELECT count(pg_create_physical_replication_slot('standby_b', true)) FROM (SELECT) AS one"
                    + " WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = 'standby_b')");
            standby.configure("primary_conninfo", followed);
            standby.configure("primary_slot_name", "standby_b");
            primary.await("SELECT active FROM pg_replication_slots WHERE slot_name = 'standby_b'", "t");
            remove(other);
        }
    }

    @Test
    void synchronousStandbyWithoutARoute_vouchesForNoDiskThatNobodySaw() {
        PostgresTarget routeless = PostgresTarget.of("postgres:main", primary.dataSource(Servers.MONITOR))
                .build();

        ReplicaState unasked = Servers.member(Seen.by(routeless.replication().orElseThrow()), "standby_b");

        assertThat(unasked.mode()).isEqualTo(Mode.SYNCHRONOUS);
        assertThat(unasked.detail()).contains("whether it forces to its disk what it confirms is not seen");
        assertThat(Servers.member(replication(), "standby_b").detail()).doesNotContain("forces to its disk");
    }

    @Test
    void whatKeepsTheLogAlone_isNoServerOfTheInventory() throws Exception {
        try (Stray keeper = Stray.keeper(primary, "receivewal")) {
            primary.await(
                    "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'receivewal' AND write_lsn IS NOT NULL AND replay_lsn IS NULL",
                    "1");
            Seen<InventoryItem> seen =
                    Seen.by(Servers.target(pair).build().inventory().orElseThrow());
            assertThat(seen.complete).as("%s %s", keeper, seen.blind).contains("database-server");
            assertThat(seen.facts)
                    .filteredOn(item -> item.kind().equals("database-server"))
                    .extracting(item -> item.id().member())
                    .containsExactly("primary_a", "standby_b");
        }
    }

    private static void assertStrayIsNotTakenFor(PostgresTarget target, Link link, String why) throws Exception {
        primary.execute(
                "ALTER ROLE replicator NOLOGIN", "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_replication");
        try (Stray stray = new Stray(primary, "standby_b")) {
            primary.await(
                    "SELECT string_agg(sync_state, ',') FROM pg_stat_replication WHERE state = 'streaming'", "sync");
            write("on");
            Seen<ReplicaState> seen = Seen.by(target.replication().orElseThrow());
            ReplicaState taken = Servers.member(seen, "standby_b");
            assertThat(taken.link()).as("%s %s", stray, taken.detail()).isEqualTo(link);
            assertThat(taken.detail()).contains(why);
            assertThat(taken.place().values(Factor.DATA_CENTRE)).isEmpty();
        } finally {
            // Nobody is left to confirm it, and until it is over the standby stays out.
            primary.execute("SET synchronous_commit = local", "ALTER ROLE replicator LOGIN");
        }
    }

    @Test
    void standbyThatDoesNotFlushItsDisk_weakensUnderTheStandbysOwnName() {
        // The primary could not tell: to it the standby confirms as ever.
        standby.configure("fsync", "off");
        standby.await("SHOW fsync", "off");
        try {
            Seen<Setting> seen = settings();
            assertThat(seen.blind).isEmpty();
            Setting weak = seen.facts.stream()
                    .filter(each -> each.effect() == Effect.WEAKENS)
                    .findFirst()
                    .orElseThrow();
            assertThat(weak.id().member()).isEqualTo("standby_b");
            assertThat(weak.name()).isEqualTo("fsync");
            assertThat(weak.kind()).isEqualTo(Setting.Kind.DURABILITY);
            assertThat(weak.needed()).startsWith("on: ALTER SYSTEM SET fsync = on");
            String primaryMember = replication().facts.get(0).id().member();
            assertThat(seen.facts).anyMatch(each -> each.id().member().equals(primaryMember));
        } finally {
            standby.configure("fsync", "on");
        }
    }

    @Test
    void standbyThatCannotBeAskedForItsSettings_leavesDurabilityBlindForIt() {
        standby.stop();
        Seen<Setting> seen = settings();
        assertThat(seen.kinds).containsExactly(FailureKind.UNREACHABLE);
        assertThat(seen.blind.get(0)).startsWith("durability: the settings of server standby_b");
        assertThat(seen.complete).containsExactly("durability", "capacity");
    }

    @Test
    void logicalSubscriberThatTheServerWaitsFor_isNoSynchronousCopy() throws Exception {
        primary.configure("wal_level", "logical");
        primary.restart();
        primary.query("SELECT pg_create_logical_replication_slot('published', 'pgoutput')::text");
        primary.execute("CREATE PUBLICATION copied FOR TABLE ledger");
        primary.configure("synchronous_standby_names", "FIRST 1 (subscriber)");
        try (Stray subscriber = Stray.subscriber(primary, "subscriber", "published", "copied")) {
            primary.await("SELECT sync_state FROM pg_stat_replication WHERE application_name = 'subscriber'", "sync");
            ReplicaState seen = Servers.member(replication(), "subscriber");
            assertThat(seen.mode()).as("%s %s", subscriber, seen.detail()).isEqualTo(Mode.ASYNCHRONOUS);
            assertThat(seen.detail()).contains("a logical subscriber holds only published tables");
        } finally {
            primary.await("SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'logical' AND active", "0");
            primary.query("SELECT pg_drop_replication_slot('published')::text");
            primary.configure("synchronous_standby_names", SYNC);
            primary.execute("DROP PUBLICATION copied");
        }
    }

    @Test
    void unloggedTable_weakensBecauseItsRowsAreOnNoStandby() {
        primary.execute("CREATE UNLOGGED TABLE hot (id int)");
        try {
            Setting found = Servers.setting(settings(), "unlogged tables of database app");
            assertThat(found.effect()).isEqualTo(Effect.WEAKENS);
            assertThat(found.observed()).isEqualTo("1, among them public.hot");
            assertThat(found.needed()).contains("ALTER TABLE public.hot SET LOGGED");
            primary.execute("ALTER TABLE hot SET LOGGED");
            assertThat(Servers.setting(settings(), "unlogged tables of database app")
                            .effect())
                    .isEqualTo(Effect.KEEPS);
        } finally {
            primary.execute("DROP TABLE hot");
        }
    }

    @Test
    void potentialAndQuorum_areSeenWithTheirCount() {
        PostgresServer second = pair.addStandby("standby_c", "west");
        try {
            primary.configure("synchronous_standby_names", "FIRST 1 (standby_b, standby_c)");
            primary.await(
                    "SELECT sync_state FROM pg_stat_replication WHERE application_name = 'standby_c'", "potential");
            Seen<ReplicaState> seen = replication();
            assertThat(Servers.member(seen, "standby_b").mode()).isEqualTo(Mode.SYNCHRONOUS);
            assertThat(Servers.member(seen, "standby_c").mode()).isEqualTo(Mode.POTENTIAL);
            primary.configure("synchronous_standby_names", "ANY 2 (standby_b, standby_c)");
            primary.await("SELECT string_agg(sync_state, ',') FROM pg_stat_replication", "quorum,quorum");
            seen = replication();
            assertThat(Servers.member(seen, "standby_b").mode()).isEqualTo(Mode.QUORUM);
            assertThat(Servers.member(seen, "standby_b").waitsFor()).isEqualTo(2);
        } finally {
            remove(second);
        }
    }

    @Test
    void frozenStandbyUnderLoad_isDisconnectedAfterOneLook() {
        standby.freeze();
        write("local");
        ReplicaState frozen = Servers.member(replication(), "standby_b");
        assertThat(primary.query("SELECT state || sync_state FROM pg_stat_replication"))
                .isEqualTo("streamingsync");
        assertThat(frozen.link()).as(frozen.detail()).isEqualTo(Link.DISCONNECTED);
        assertThat(frozen.flush().bytes().orElseThrow()).isPositive();
        assertThat(frozen.flush().time()).isEmpty();
    }

    @Test
    void frozenStandbyOnAnIdleDatabase_isDisconnectedOnceItIsSilentTooLong() {
        standby.configure("wal_receiver_status_interval", "1s");
        PostgresTarget target =
                Servers.target(pair).silenceLimit(Duration.ofSeconds(3)).build();
        ReplicaState before = Servers.member(Seen.by(target.replication().orElseThrow()), "standby_b");
        assertThat(before.link()).as(before.detail()).isEqualTo(Link.CURRENT);
        standby.freeze();
        Seen.by(target.replication().orElseThrow());
        primary.query("SELECT pg_sleep(3.5)");
        ReplicaState after = Servers.member(Seen.by(target.replication().orElseThrow()), "standby_b");
        assertThat(after.link()).as(after.detail()).isEqualTo(Link.DISCONNECTED);
    }

    @Test
    void frozenStandbyOnAnIdleDatabaseWithACanary_isDisconnectedAtOnce() {
        PostgresTarget target = Servers.target(pair).canary(System::nanoTime).build();
        standby.freeze();
        Seen<ReplicaState> seen = Seen.by(target.replication().orElseThrow());
        assertThat(Servers.member(seen, "standby_b").link()).isEqualTo(Link.DISCONNECTED);
        assertThat(Servers.member(seen, "primary_a").link()).isEqualTo(Link.UNKNOWN);
        assertThat(Servers.member(seen, "primary_a").detail()).contains("canary not acknowledged");
    }

    @Test
    void stoppedStandby_isDisconnectedAndCommitsWaitForIt() {
        standby.stop();
        Seen<ReplicaState> seen = replication();
        ReplicaState gone = Servers.member(seen, "standby_b");
        assertThat(gone.link()).isEqualTo(Link.DISCONNECTED);
        assertThat(gone.mode()).isEqualTo(Mode.SYNCHRONOUS);
        assertThat(gone.flush().bytes()).isEmpty();
        assertThat(seen.kinds).containsExactly(FailureKind.UNREACHABLE);
        assertThat(seen.blind.get(0))
                .contains("the word of server standby_b on itself")
                .contains("refused");
        assertThat(seen.complete).containsExactly("all");
        Seen<Setting> settings = settings();
        assertThat(Servers.weakened(settings)).contains("connected synchronous standbys", "replication slot standby_b");
        assertThat(Servers.setting(settings, "connected synchronous standbys").observed())
                .isEqualTo("0 connected, 1 named, a commit waits for 1");
    }

    @Test
    void pausedReplay_isCurrentByFlushAndTheCanaryTellsHowFarReadersAreBehind() {
        PostgresTarget target = Servers.target(pair).canary(System::nanoTime).build();
        Seen.by(target.replication().orElseThrow());
        standby.query("SELECT pg_wal_replay_pause()");
        standby.await("SELECT pg_get_wal_replay_pause_state()", "paused");
        try {
            ReplicaState paused = Servers.member(Seen.by(target.replication().orElseThrow()), "standby_b");
            assertThat(paused.link()).as(paused.detail()).isEqualTo(Link.CURRENT);
            assertThat(paused.flush().bytes()).hasValue(0);
            assertThat(paused.replay().bytes().orElseThrow()).isPositive();
            assertThat(paused.replay().time().orElseThrow()).isPositive();
            assertThat(paused.detail()).contains("replay is paused");
        } finally {
            standby.query("SELECT pg_wal_replay_resume()");
        }
    }

    @Test
    void revokedRight_isDeniedWithTheGrantThatMendsIt() {
        primary.execute("REVOKE pg_monitor FROM continuity_monitor");
        try {
            Seen<ReplicaState> seen = replication();
            assertThat(seen.facts).isEmpty();
            assertThat(seen.complete).isEmpty();
            assertThat(seen.kinds).containsExactly(FailureKind.DENIED);
            assertThat(seen.blind.get(0)).endsWith("Hint: GRANT pg_monitor TO continuity_monitor");
        } finally {
            primary.execute("GRANT pg_monitor TO continuity_monitor");
        }
    }

    @Test
    void connectionLimitOfZero_isThrottled() {
        primary.execute("ALTER ROLE continuity_monitor CONNECTION LIMIT 0");
        try {
            assertThat(replication().kinds).containsExactly(FailureKind.THROTTLED);
        } finally {
            primary.execute("ALTER ROLE continuity_monitor CONNECTION LIMIT -1");
        }
    }

    @Test
    void wrongPassword_isDeniedAndTheMessageHoldsNoSecret() throws Exception {
        var source = (org.postgresql.ds.PGSimpleDataSource) primary.dataSource(Servers.MONITOR);
        source.setPassword("s3cret-and-wrong");
        PostgresTarget target = PostgresTarget.of("postgres:main", source).build();
        Seen<ReplicaState> seen = Seen.by(target.replication().orElseThrow());
        assertThat(seen.kinds).containsExactly(FailureKind.DENIED);
        assertThat(seen.toString()).doesNotContain("s3cret");
    }

    @Test
    void missingDatabase_isNotFound() {
        PostgresTarget target = PostgresTarget.of("postgres:main", primary.dataSource(Servers.MONITOR, "nowhere"))
                .build();
        assertThat(Seen.by(target.replication().orElseThrow()).kinds).containsExactly(FailureKind.NOT_FOUND);
    }

    @Test
    void hungPrimary_endsTheLookWithinItsDeadlineAndTheNextLookSeesAgain() {
        PostgresTarget target = Servers.target(pair).build();
        primary.freeze();
        for (int look = 0; look < 2; look++) {
            long start = System.nanoTime();
            Seen<ReplicaState> seen = Seen.by(target.replication().orElseThrow(), Duration.ofMillis(1500));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
            assertThat(seen.kinds).containsExactly(FailureKind.TIMED_OUT);
            assertThat(seen.blind.get(0)).contains("the writer route gave no answer within the deadline");
        }
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("continuity-postgres the writer route"))
                        .count())
                .as("threads that hang")
                .isEqualTo(1);
        primary.thaw();
        assertThat(Servers.member(Seen.by(target.replication().orElseThrow()), "standby_b")
                        .link())
                .isEqualTo(Link.CURRENT);
    }

    @Test
    void interruptedLook_endsAtOnceAndStaysInterrupted() throws Exception {
        PostgresTarget target = Servers.target(pair).build();
        primary.freeze();
        CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
        Seen<ReplicaState> seen = new Seen<>();
        Thread looking = new Thread(() -> {
            try {
                target.replication().orElseThrow().look(Seen.in(Duration.ofSeconds(60)), seen);
                stillInterrupted.complete(Thread.currentThread().isInterrupted());
            } catch (Exception e) {
                stillInterrupted.completeExceptionally(e);
            }
        });
        looking.start();
        looking.join(300);
        looking.interrupt();
        assertThat(stillInterrupted.get(5, java.util.concurrent.TimeUnit.SECONDS))
                .isTrue();
        assertThat(seen.kinds).containsExactly(FailureKind.INTERRUPTED);
    }

    @Test
    void inactiveSlotWithoutALimit_weakensUntilALimitIsSet() {
        primary.query("SELECT pg_create_physical_replication_slot('archive', true)::text");
        try {
            assertThat(Servers.weakened(settings())).containsExactly("replication slot archive");
            ReplicaState owner = Servers.member(replication(), "archive");
            assertThat(owner.link()).isEqualTo(Link.DISCONNECTED);
            assertThat(owner.mode()).isEqualTo(Mode.ASYNCHRONOUS);
            primary.configure("max_slot_wal_keep_size", "64MB");
            assertThat(Servers.setting(settings(), "replication slot archive").effect())
                    .isEqualTo(Effect.KEEPS);
        } finally {
            primary.query("SELECT pg_drop_replication_slot('archive')::text");
            primary.configure("max_slot_wal_keep_size", "-1");
        }
    }

    @Test
    void routesToAStandby_areMisconfiguredForTheWatcherAndReadOnlyForTheClient() {
        PostgresTarget target = PostgresTarget.of("postgres:main", standby.dataSource(Servers.MONITOR))
                .client(standby.dataSource("app_writer"))
                .build();
        Seen<ReplicaState> seen = Seen.by(target.replication().orElseThrow());
        assertThat(seen.kinds).containsExactly(FailureKind.MISCONFIGURED);
        assertThat(seen.blind.get(0)).contains("leads to standby_b, which is in recovery");
        ClientOutcome client = Seen.by(target.clientProbe().orElseThrow()).facts.get(0);
        assertThat(client.result()).isEqualTo(ClientOutcome.Result.READ_ONLY);
        assertThat(client.id().member()).isEqualTo("standby_b");
    }

    @Test
    void serverRouteToAnotherServer_isNotTakenForItsWord() {
        PostgresTarget target = PostgresTarget.of("postgres:main", primary.dataSource(Servers.MONITOR))
                .server("standby_b", primary.dataSource(Servers.MONITOR))
                .build();
        Seen<ReplicaState> seen = Seen.by(target.replication().orElseThrow());
        assertThat(seen.kinds).containsExactly(FailureKind.MISCONFIGURED);
        assertThat(seen.blind.get(0)).contains("leads to a server that calls itself primary_a");
        assertThat(Servers.member(seen, "standby_b").place().values(Factor.DATA_CENTRE))
                .isEmpty();
    }

    @Test
    void declaredPlace_thatTheServerContradicts_isNotApart() {
        PostgresTarget target = Servers.target(pair)
                .place("standby_b", Place.declared(Factor.DATA_CENTRE, "north", "the estate file"))
                .build();
        Seen<ReplicaState> seen = Seen.by(target.replication().orElseThrow());
        Place place = Servers.member(seen, "standby_b").place();
        assertThat(place.values(Factor.DATA_CENTRE)).containsExactly("north", "south");
        assertThat(place.apartFrom(Servers.member(seen, "primary_a").place(), Factor.DATA_CENTRE))
                .isFalse();
    }

    @Test
    void dataCentreSetForADatabase_isNotTheServersOwnWord() {
        primary.execute("ALTER DATABASE app SET continuity.data_centre = 'everywhere'");
        try {
            standby.await("SELECT current_setting('continuity.data_centre')", "everywhere");
            Seen<ReplicaState> seen = replication();
            assertThat(Servers.member(seen, "primary_a").place().values(Factor.DATA_CENTRE))
                    .isEmpty();
        } finally {
            primary.execute("ALTER DATABASE app RESET ALL");
        }
    }

    @Test
    void clientThatIsTurnedAway_isAFact() {
        PostgresTarget target = PostgresTarget.of("postgres:main", primary.dataSource(Servers.MONITOR))
                .client(primary.dataSource("app_writer", "nowhere"))
                .build();
        Seen<ClientOutcome> seen = Seen.by(target.clientProbe().orElseThrow());
        assertThat(seen.blind).isEmpty();
        assertThat(seen.facts.get(0).result()).isEqualTo(ClientOutcome.Result.NO_CONNECTION);
        assertThat(seen.facts.get(0).detail()).contains("SQLSTATE 3D000");
    }

    @Test
    void clientWhoseRoleLowersItsLevel_isNotAcknowledged() {
        primary.execute("ALTER ROLE app_writer SET synchronous_commit = local");
        try {
            ClientOutcome outcome = probe().facts.get(0);
            assertThat(outcome.result()).isEqualTo(ClientOutcome.Result.NOT_ACKNOWLEDGED);
            assertThat(outcome.detail()).contains("synchronous_commit=local, expected on or remote_apply");
        } finally {
            primary.execute("ALTER ROLE app_writer RESET ALL");
        }
    }

    @Test
    void clientWithoutAStandby_isNotAcknowledgedWithinTheDeadline() {
        standby.stop();
        ClientOutcome outcome = probe().facts.get(0);
        assertThat(outcome.result()).isEqualTo(ClientOutcome.Result.NOT_ACKNOWLEDGED);
        assertThat(outcome.write()).isEmpty();
    }

    @Test
    void cancelledWait_isNotAcknowledgedAndTheServerLogTellsOfIt() throws Exception {
        PostgresTarget reading = Servers.target(pair).readServerLog().build();
        Seen<Setting> denied = Seen.by(reading.settings().orElseThrow());
        assertThat(denied.kinds).containsExactly(FailureKind.DENIED);
        primary.execute("GRANT EXECUTE ON FUNCTION pg_read_binary_file(text, bigint, bigint) TO continuity_monitor");
        standby.stop();
        CompletableFuture<Seen<ClientOutcome>> probing = CompletableFuture.supplyAsync(this::probe);
        awaitWaitingSession();
        assertThat(primary.query("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))
                .isEqualTo("t");
        ClientOutcome outcome = probing.get().facts.get(0);
        assertThat(outcome.result()).isEqualTo(ClientOutcome.Result.NOT_ACKNOWLEDGED);
        assertThat(outcome.detail()).contains("the commit came with a warning").contains("canceling");
        Setting told = Servers.setting(Seen.by(reading.settings().orElseThrow()), "cancelled waits for a standby");
        assertThat(told.effect()).isEqualTo(Effect.WEAKENS);
        assertThat(told.observed()).startsWith("1 in the last");
    }

    private static void awaitWaitingSession() {
        primary.await("SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep'", "t");
    }

    private Seen<ClientOutcome> probe() {
        PostgresTarget target = Servers.target(pair).canary(System::nanoTime).build();
        return Seen.by(target.clientProbe().orElseThrow(), Duration.ofSeconds(4));
    }

    private static Seen<ReplicaState> replication() {
        return Seen.by(Servers.target(pair).build().replication().orElseThrow());
    }

    private static Seen<Setting> settings() {
        return Seen.by(Servers.target(pair).build().settings().orElseThrow());
    }

    private static void write(String level) {
        primary.execute(
                "SET synchronous_commit = " + level,
                "INSERT INTO ledger (payload) SELECT repeat('x', 100) FROM generate_series(1, 1000)");
    }

    private static void remove(PostgresServer server) {
        primary.configure("synchronous_standby_names", "");
        pair.removeStandby(server);
    }
}
