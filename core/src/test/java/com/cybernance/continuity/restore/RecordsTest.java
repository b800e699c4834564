package com.cybernance.continuity.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.facts.Comparison.Check;
import com.cybernance.continuity.facts.Comparison.Outcome;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.facts.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The records of format 1, which every later release reads. */
class RecordsTest {
    private static final String DRILL = """
            {"format":1,"run":"restore-1","resource":{"target":"postgres:orders","member":"7301"},"point":"p1",\
            "copy":"offsite","asked":"2026-11-25T05:00:00Z","askedMoment":"2026-11-25T05:00:00Z",\
            "started":"2026-11-25T12:00:00Z","ended":"2026-11-25T12:10:00Z","rta":"PT8M2.5S",\
            "comparison":{"reached":"2026-11-25T04:59:59.900Z","position":"0/3000028",\
            "checks":[{"name":"ledger","outcome":"PASSED","detail":"all 12 rows"},\
            {"name":"pages","outcome":"COULD_NOT_RUN","detail":"no amcheck"}]},"failure":null}""";

    private static final List<String> RUN = List.of(
            """
            {"format":1,"kind":"BEGUN","at":"2026-11-25T12:00:00Z","elapsed":"PT0S","timed":true,"plan":%s,\
            "approval":{"plan":"%s","approver":"Ada","givenAt":"2026-11-25T11:59:00Z","expiresAt":"2026-11-25T13:00:00Z"}}""".formatted(
                            new String(RestorePlanTest.plan().json(), StandardCharsets.UTF_8),
                            RestorePlanTest.plan().id()),
            "{\"format\":1,\"kind\":\"STEP_STARTED\",\"at\":\"2026-11-25T12:00:01Z\",\"elapsed\":\"PT1S\",\"timed\":true,"
                    + "\"step\":\"fetch the base\"}",
            "{\"format\":1,\"kind\":\"STEP_DONE\",\"at\":\"2026-11-25T12:00:03Z\",\"elapsed\":\"PT3S\",\"timed\":true,"
                    + "\"step\":\"fetch the base\",\"results\":{\"bytes\":\"12\",\"answers\":\"yes\"}}",
            "{\"format\":1,\"kind\":\"FAILED\",\"at\":\"2026-11-25T12:00:04Z\",\"elapsed\":\"PT4S\",\"timed\":true,"
                    + "\"why\":\"step 'replay' failed\"}",
            "{\"format\":1,\"kind\":\"RECORDED\",\"at\":\"2026-11-25T12:00:04Z\",\"elapsed\":\"PT4S\",\"timed\":true}",
            "{\"format\":1,\"kind\":\"DISCARDED\",\"at\":\"2026-11-25T12:00:05Z\",\"elapsed\":\"PT5S\",\"timed\":true}");

    private static final String ID = RunLog.id(new Approval(
            RestorePlanTest.plan().id(), "Ada", RestorePlannerTest.at("11:59:00"), RestorePlannerTest.at("13:00:00")));

    @Test
    void drillOfFormatOne_isReadForEver() {
        DrillRecord drill = new DrillRecord(
                "restore-1",
                RestorePlannerTest.DATABASE,
                "p1",
                "offsite",
                "2026-11-25T05:00:00Z",
                Optional.of(RestorePlannerTest.at("05:00:00")),
                RestorePlannerTest.at("12:00:00"),
                RestorePlannerTest.at("12:10:00"),
                Optional.of(Duration.ofMillis(482_500)),
                new Comparison(
                        Optional.of(RestorePlannerTest.at("04:59:59.900")),
                        "0/3000028",
                        List.of(
                                new Check("ledger", Outcome.PASSED, "all 12 rows"),
                                new Check("pages", Outcome.COULD_NOT_RUN, "no amcheck"))),
                Optional.empty());

        assertThat(DrillJson.read(bytes(DRILL))).isEqualTo(drill);
        assertThat(new String(DrillJson.write(drill), StandardCharsets.UTF_8)).isEqualTo(DRILL);
    }

    @Test
    void runOfFormatOne_isReadForEver() {
        RunState state = new RunState(ID);
        RUN.forEach(record -> state.take(bytes(record)));

        assertThat(state.plan()).isEqualTo(RestorePlanTest.plan());
        assertThat(state.left()).containsExactly("replay", "start");
        assertThat(state.results()).containsEntry("bytes", "12");
        assertThat(state.discarded()).isTrue();
        assertThat(state.drill().failure()).contains("step 'replay' failed");
        assertThat(state.drill().rta()).contains(Duration.ofSeconds(2));
        assertThat(state.drill().started()).isEqualTo(RestorePlannerTest.at("12:00:01"));
    }

    @Test
    void recordThatDoesNotFollow_isDamage() {
        for (int missing = 0; missing < RUN.size() - 2; missing++) {
            int without = missing;
            RunState state = new RunState(ID);
            if (missing == 1) {
                continue; // a step may be on record as done alone: nothing is begun twice by that
            }
            assertThatThrownBy(() -> {
                        for (int i = 0; i < RUN.size(); i++) {
                            if (i != without && (without != 2 || i < 3)) {
                                state.take(bytes(RUN.get(i)));
                            }
                        }
                        state.take(bytes(RUN.get(1).replace("fetch the base", without == 2 ? "replay" : "start")));
                    })
                    .as("without record %d", missing)
                    .isInstanceOf(ContinuityException.class)
                    .extracting(thrown -> ((ContinuityException) thrown).kind())
                    .isEqualTo(FailureKind.CORRUPT);
        }
    }

    @Test
    void planOfAnotherApproval_isNotCarriedOut() {
        for (String lie : List.of(
                RUN.get(0).replace("\"Ada\"", "\"Bob\""),
                RUN.get(0).replace("T13:00:00Z\"}}", "T23:00:00Z\"}}"),
                RUN.get(0).replaceFirst("\"approval\":\\{\"plan\":\"....", "\"approval\":{\"plan\":\"0000"))) {
            assertThat(lie).isNotEqualTo(RUN.get(0));
            assertThatThrownBy(() -> new RunState(ID).take(bytes(lie)))
                    .isInstanceOf(ContinuityException.class)
                    .hasMessageContaining("does not let this run carry out plan");
        }
        assertThatThrownBy(() -> new RunState("restore-1").take(bytes(RUN.get(0))))
                .hasMessageContaining("does not let this run carry out plan");
    }

    @Test
    void drillThatIsCutOrNotOne_isDamage() {
        for (String bad : List.of(
                "",
                "{}",
                "[]",
                "null",
                "{\"format\":\"1\"}",
                "{\"format\":0}",
                DRILL.substring(9),
                DRILL.replace("PASSED", "FINE"),
                DRILL.replace("PT8M2.5S", "8 min"),
                DRILL.replace("\"p1\"", "1"))) {
            assertThatThrownBy(() -> DrillJson.read(bytes(bad)))
                    .as(bad)
                    .isInstanceOf(ContinuityException.class)
                    .hasMessageContaining("a drill record is damaged");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
