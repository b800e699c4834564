package com.cybernance.continuity;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.check.Verdict;
import com.cybernance.continuity.facts.InventoryItem;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Inventory;
import com.cybernance.continuity.policy.Policy;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.InventorySource;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.state.DirectoryStateStore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedChecksTest {
    private static final Policy POLICY = Policy.of(Clause.of("db", new Inventory(Map.of("server", 1))));

    @TempDir
    Path directory;

    /** A target with so many servers. */
    private record Servers(int count) implements BackupTarget {
        @Override
        public TargetId id() {
            return TargetId.of("db");
        }

        @Override
        public Optional<InventorySource> inventory() {
            return Optional.of((deadline, sink) -> {
                IntStream.range(0, count)
                        .forEach(i -> sink.found(new InventoryItem(id().member("s" + i), "server", "a server")));
                sink.complete("server");
            });
        }
    }

    private static Continuity bound(int servers, StateStore store) {
        return Continuity.of(POLICY)
                .protect("db", new Servers(servers))
                .state(store)
                .build();
    }

    private static Verdict verdict(Report report) {
        return report.findings().get(0).verdict();
    }

    private List<JsonNode> records() throws Exception {
        List<byte[]> payloads = new ArrayList<>();
        try (StateStore store = DirectoryStateStore.open(directory)) {
            store.replay("checks", entry -> payloads.add(entry.payload()));
        }
        List<JsonNode> records = new ArrayList<>();
        for (byte[] payload : payloads) {
            records.add(new ObjectMapper().readTree(payload));
        }
        return records;
    }

    @Test
    void check_leavesARecordOfEachVerdict_andReportLeavesNone() throws Exception {
        try (StateStore store = DirectoryStateStore.open(directory);
                Continuity continuity = bound(2, store)) {
            assertThat(continuity.check().notes()).isEmpty();
            continuity.report();
            continuity.check();
        }

        List<JsonNode> records = records();
        assertThat(records).hasSize(2);
        JsonNode record = records.get(0);
        assertThat(record.path("verdicts").path("db-inventory").asText()).isEqualTo("MET");
        assertThat(record.path("policy").asText()).isEqualTo(POLICY.digest());
        assertThat(record.path("report").asText()).matches("[0-9a-f]{64}");
        assertThat(record.path("inventory").path("db").path("server").asInt()).isEqualTo(2);
    }

    @Test
    void serverThatVanishedBetweenTwoRuns_isMissed() {
        try (StateStore store = DirectoryStateStore.open(directory);
                Continuity before = bound(3, store)) {
            assertThat(verdict(before.check())).isEqualTo(Verdict.MET);
        }
        try (StateStore store = DirectoryStateStore.open(directory);
                Continuity after = bound(2, store)) {
            Report report = after.check();

            assertThat(verdict(report)).isEqualTo(Verdict.UNKNOWN);
            assertThat(report.findings().get(0).reason()).contains("3 in the last inventory");
        }
    }

    @Test
    void secondInstanceOnTheSameState_judgesButSaysThatItDidNotRecord() throws Exception {
        try (StateStore store = DirectoryStateStore.open(directory);
                StateStore again = DirectoryStateStore.open(directory);
                Continuity first = bound(1, store);
                Continuity second = bound(1, again)) {
            first.check();
            Report report = second.check();

            assertThat(verdict(report)).isEqualTo(Verdict.MET);
            assertThat(report.notes()).singleElement().asString().contains("this check was not recorded");
        }

        assertThat(records()).hasSize(1);
    }

    @Test
    void recordsThatCannotBeRead_areANote_andTheCheckGoesOn() throws Exception {
        Path file = directory.resolve("not-a-directory");
        Files.write(file, "x".getBytes(StandardCharsets.UTF_8));

        try (StateStore store = DirectoryStateStore.open(file);
                Continuity continuity = bound(1, store)) {
            Report report = continuity.check();

            assertThat(verdict(report)).isEqualTo(Verdict.MET);
            assertThat(report.notes()).isNotEmpty();
        }
    }

    @Test
    void serversThatWereGivenUpOnPurpose_areAcceptedByAChangedPolicy() {
        try (StateStore store = DirectoryStateStore.open(directory);
                Continuity before = bound(3, store)) {
            before.check();
        }
        Policy changed =
                Policy.of(Clause.of("db", new Inventory(Map.of("server", 1))).evidenceAge(Duration.ofMinutes(1)));
        try (StateStore store = DirectoryStateStore.open(directory);
                Continuity after = Continuity.of(changed)
                        .protect("db", new Servers(2))
                        .state(store)
                        .build()) {
            assertThat(verdict(after.check())).isEqualTo(Verdict.MET);
        }
    }

    @Test
    void closeDuringACheck_leavesNoLeaseBehind() throws Exception {
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        BackupTarget slow = new BackupTarget() {
            @Override
            public TargetId id() {
                return TargetId.of("db");
            }

            @Override
            public Optional<InventorySource> inventory() {
                return Optional.of((deadline, sink) -> {
                    looking.countDown();
                    goOn.await();
                    sink.complete("server");
                });
            }
        };
        try (StateStore store = DirectoryStateStore.open(directory)) {
            Continuity continuity =
                    Continuity.of(POLICY).protect("db", slow).state(store).build();
            Thread checking = new Thread(continuity::check);
            checking.start();
            looking.await();
            continuity.close();
            goOn.countDown();
            checking.join();

            try (StateStore.Writer free = store.open("checks")) {
                assertThat(free.epoch()).isPositive();
            }
        }
    }
}
