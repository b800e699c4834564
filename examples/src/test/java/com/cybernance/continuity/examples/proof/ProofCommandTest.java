package com.cybernance.continuity.examples.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.examples.proof.sabotage.Sabotage;
import com.cybernance.continuity.examples.proof.sabotage.Sabotages;
import com.cybernance.continuity.testkit.Seeds;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProofCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private record Ran(int status, String out, String err) {}

    private static Ran run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream complained = new PrintStream(err, true, StandardCharsets.UTF_8);
        int status = ProofCommand.run(Terminal.plain(printed), printed, complained, arguments);
        return new Ran(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static void assertRefused(Ran ran, String... messageParts) {
        assertThat(ran.status()).as(ran.err()).isEqualTo(ProofCommand.BAD_INPUT);
        assertThat(ran.err()).contains(messageParts).doesNotContain("\tat ");
        assertThat(ran.out()).doesNotContain("Starting");
    }

    @Test
    void run_onAnUnbrokenPlatform_showsEverySentenceAndEndsAsDeclared() throws Exception {
        Path file = directory.resolve("proof.json");

        Ran ran = run("--for", "5s", "--json", file.toString());

        assertThat(ran.status()).as(ran.out() + ran.err()).isEqualTo(ProofCommand.AS_DECLARED);
        JsonNode report = JSON.readTree(Files.readString(file));
        assertThat(report.at("/estate/kind").asText()).isEqualTo("rehearsal");
        assertThat(report.at("/proof/format").asInt()).isEqualTo(2);
        assertThat(report.path("sentences").size()).isEqualTo(29);
        report.path("sentences").fieldNames().forEachRemaining(sentence -> assertThat(ran.out())
                .containsPattern("(?m)^%s +%s$"
                        .formatted(
                                sentence.replace(".", "\\."),
                                report.path("sentences").path(sentence).asText())));
        JsonNode synchronous = clause(report, "database-synchronous");
        assertThat(synchronous.path("verdict").asText()).isEqualTo("MET");
        assertThat(synchronous.path("kind").asText()).isEqualTo("effect");
        assertThat(synchronous.path("sentences").toString()).contains("1.9", "2.2");
        assertThat(synchronous.path("reason").asText()).contains("each commit waits for standby_b");
        assertThat(synchronous.path("observedAt").asText()).endsWith("Z");
        assertThat(synchronous.path("evidence").size()).isPositive();
        for (String id : List.of(
                "database-continuous",
                "database-point-in-time",
                "database-rpo-every-sample",
                "database-rpo-generally")) {
            assertThat(clause(report, id).path("verdict").asText())
                    .as(ran.out())
                    .isEqualTo("MET");
        }
        assertThat(report.at("/policy/periodScale").asInt()).isEqualTo(2_880);
        assertThat(report.at("/proof/drill/passed").asBoolean()).as(ran.out()).isTrue();
        assertThat(report.at("/proof/drill/copy").asText()).isEqualTo("west");
        assertThat(report.at("/proof/drill/acknowledgedByThen").asInt()).isPositive();
        assertThat(report.at("/proof/drill/rpaSeconds").asDouble()).isNotNegative();
        assertThat(report.at("/proof/drill/rtaSeconds").asDouble())
                .as(ran.out())
                .isPositive();
        assertThat(clause(report, "rds-synchronous").path("kind").asText()).isEqualTo("vendor");
        assertThat(report.at("/proof/clients/acknowledged").asInt()).isPositive();
        assertThat(report.at("/proof/clients/missingOnStandby").asInt()).isZero();
        assertThat(ran.out())
                .contains("commits acknowledged, all", "What this run does not prove", "judged by")
                .contains("What the policy contradicts by itself")
                .containsPattern("Look 1, .*; 30 clauses: 1 MET, ")
                .contains("What to expect", "UNKNOWN says that nobody could look", "the worst of its clauses")
                .containsSubsequence(
                        "In short",
                        "29 sentences: 6 MET",
                        "30 clauses: 5 MET",
                        "BREACHED    hosting-five-nines, in sentences 1.3",
                        "MET         database-synchronous, in sentences 1.8 (UNKNOWN), 1.9, 2.1 (UNKNOWN), 2.2")
                .doesNotContain("\u001b", "\r");
    }

    /** On two platforms at once: all of them where everything is tried; otherwise two that are soon noticed. */
    @Test
    void sabotage_movesExactlyWhatItListsToTheVerdictsThatItListsAndIsBroughtBack() throws Exception {
        List<Sabotage> all = Sabotages.of(Path.of(""));
        boolean every = Seeds.runs(all.size()) == all.size();
        long seed = Long.getLong("continuity.seed", new SecureRandom().nextInt() & 0xffff_ffffL);
        List<String> chosen = Seeds.of(seed)
                .shuffled(all.stream()
                        .filter(each -> every || each.patience().compareTo(SOON) <= 0)
                        .toList())
                .stream()
                .limit(every ? all.size() : 2)
                .sorted(Comparator.comparing(Sabotage::patience).reversed())
                .map(Sabotage::name)
                .toList();
        System.out.printf("seed %d, sabotages %s%n", seed, chosen);
        assertThat(all).hasSize(15);

        int lanes = 2; // they mostly wait
        ExecutorService threads = Executors.newFixedThreadPool(lanes);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int lane = 0; lane < lanes; lane++) {
                List<String> dealt = new ArrayList<>();
                for (int i = lane; i < chosen.size(); i += lanes) {
                    dealt.add(chosen.get(i));
                }
                running.add(threads.submit(() -> {
                    assertSabotagesPass(dealt);
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
            // A lane that goes on would keep its servers, and the directory that is removed next.
            assertThat(threads.awaitTermination(2, TimeUnit.MINUTES))
                    .as("every lane ended")
                    .isTrue();
        }
    }

    private void assertSabotagesPass(List<String> names) throws Exception {
        Path file = directory.resolve(names.get(0) + ".json");

        Ran ran = run("--sabotage", String.join(",", names), "--json", file.toString());

        JsonNode outcome = JSON.readTree(Files.readString(file));
        assertThat(outcome.path("format").asInt()).isEqualTo(2);
        assertThat(outcome.path("sabotages").size()).as(ran.out() + ran.err()).isEqualTo(names.size());
        for (JsonNode each : outcome.path("sabotages")) {
            assertThat(each.path("moved").size())
                    .as("%s: %s", each.path("name"), ran.out())
                    .isPositive();
            assertThat(each.path("moved"))
                    .as("%s: %s", each.path("name"), ran.out())
                    .isEqualTo(each.path("mustMove"));
            assertThat(each.path("broughtBack").asBoolean())
                    .as("%s: %s", each.path("name"), ran.out())
                    .isTrue();
            assertThat(each.path("passed").asBoolean())
                    .as("%s: %s", each.path("name"), ran.out())
                    .isTrue();
            System.out.printf(
                    "%s: noticed after %s s, back after %s s%n",
                    each.path("name").asText(), each.path("noticedAfterSeconds"), each.path("backAfterSeconds"));
        }
        assertThat(outcome.at("/clients/missingOnStandby").asInt()).isZero();
        assertThat(ran.status()).as(ran.out() + ran.err()).isEqualTo(ProofCommand.AS_DECLARED);
    }

    @Test
    void listSabotages_startsNothingAndNamesTheSentencesOfEach() {
        Ran ran = run("--list-sabotages");

        assertThat(ran.status()).isZero();
        assertThat(ran.out())
                .contains(
                        "standby-async",
                        "stray-client-counts",
                        "stray-client-in-disguise",
                        "evidence-too-old",
                        "must move  BREACHED 1.8, 1.9, 2.1, 2.2",
                        "must move  BREACHED 1.1; UNKNOWN 1.12, 2.5")
                .doesNotContain("Starting");
    }

    @Test
    void listSabotages_withAFileForJson_leavesNoFile() {
        Path file = directory.resolve("none.json");

        assertThat(run("--list-sabotages", "--json", file.toString()).status()).isZero();

        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "0s", "-5s", "5", "1500min", ""})
    void run_withATimeThatIsNone_saysWhichTimesThereAre(String time) {
        assertRefused(run("--for=" + time), "--for", "is no time from 1s to 1440min");
    }

    @Test
    void run_withAnUnknownOption_pointsToTheHelp() {
        assertRefused(run("--fro", "5s"), "--fro", "--help");
    }

    @Test
    void run_withAnUnknownSabotage_listsThoseThatThereAre() {
        assertRefused(run("--sabotage", "standby-asink"), "standby-asink", "standby-async", "all");
        assertRefused(run("--sabotage", "standby-async,receiver-stoped"), "receiver-stoped", "receiver-stopped");
        assertRefused(run("--sabotage", ""), "no sabotage is called ''");
    }

    @Test
    void run_withSabotageOfAPolicyOfOnesOwn_saysThatTheyDoNotGoTogether() {
        assertRefused(run("--sabotage", "all", "--policy", "mine.yaml"), "--policy", "built-in");
    }

    @Test
    void run_withAPolicyThatIsNotThere_namesTheFile() {
        assertRefused(run("--policy", directory.resolve("none.yaml").toString()), "none.yaml", "Hint");
    }

    @Test
    void run_withABrokenPolicy_listsItsMistakes() throws Exception {
        Path policy = Files.writeString(directory.resolve("broken.yaml"), "format: 1\nnaem: typo\nclauses: []\n");

        assertRefused(run("--policy", policy.toString()), "line 2", "naem");
    }

    @Test
    void run_withAFileThatCannotBeWritten_saysSoBeforeItStarts() {
        assertRefused(
                run("--json", directory.resolve("no/such/place.json").toString()), "place.json", "cannot be written");
        assertRefused(run("--json", directory.toString()), "cannot be written");
    }

    private static JsonNode clause(JsonNode report, String id) {
        for (JsonNode each : report.path("clauses")) {
            if (each.path("id").asText().equals(id)) {
                return each;
            }
        }
        throw new AssertionError("no clause " + id);
    }
}
