package com.cybernance.continuity.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.Requirement;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.spi.RestoreRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RestorePlanTest {
    /** Changes only with the format of plans, which then gets another number. */
    private static final String GOLDEN_ID = "2171880a20816c30990f2ba3294b7b5a9f064cf82277eefbac07ff80e2b7a97c";

    static RestorePlan plan() {
        RestorePoint point = new RestorePoint(
                "20261125t020000z-00000001-0000000003000028",
                RestorePlannerTest.DATABASE,
                "7301-1",
                RestorePlannerTest.at("02:00:00"),
                RestorePlannerTest.at("08:00:00.123456"),
                List.of(
                        RestorePlannerTest.copy(
                                "offsite",
                                Place.declared(Factor.DATA_CENTRE, "süd \"2\"", "operations"),
                                Copy.State.VERIFIED),
                        RestorePlannerTest.copy("local", Place.UNKNOWN, Copy.State.TAKEN)),
                List.of(
                        new Requirement(Requirement.Kind.KEY, "online-1"),
                        new Requirement(Requirement.Kind.LOG, "1:0/3000028-0/5000000")));
        RestoreGoal goal = RestorePlannerTest.goal("05:00:00.5")
                .without(Factor.DATA_CENTRE, "north")
                .keys(Set.of("online-1"))
                .lineage("7301-1");
        return RestorePlan.of(
                goal,
                new RestoreRequest(point, "offsite", goal.to(), goal.destination()),
                List.of("fetch the base", "replay", "start"),
                RestorePlannerTest.at("12:00:00"),
                goal.to().moment(),
                List.of(new Rejected(point.id(), "local", List.of("it is lost"))),
                List.of("vault x hidden: no route"));
    }

    private static String golden() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(RestorePlanTest.class.getResourceAsStream("/restore/plan-1.json"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    @Test
    void id_isTheSameInEveryProcessAndRelease() {
        assertThat(plan().id()).isEqualTo(GOLDEN_ID);
    }

    @Test
    void json_ofFormatOne_isReadForEver() throws IOException {
        assertThat(RestorePlan.read(golden().getBytes(StandardCharsets.UTF_8))).isEqualTo(plan());
        assertThat(new String(plan().json(), StandardCharsets.UTF_8)).isEqualTo(golden());
    }

    @Test
    void json_changedInAnythingThatTheIdStandsFor_isDamaged() throws IOException {
        for (String[] change : new String[][] {
            {"\"offsite\",\"steps\"", "\"local\",\"steps\""},
            {"/srv/restored", "/srv/live"},
            {"05:00:00.500", "05:00:00.501"},
            {"\"fetch the base\"", "\"fetch another base\""},
            {"\"replay\",", ""},
            {"VERIFIED", "COMPLETE"},
            {"\"value\":\"north\"", "\"value\":\"south\""},
            {"0/5000000", "0/5000001"},
            {GOLDEN_ID.substring(0, 8), "00000000"},
            {"\"expectedEnd\":\"2026-11-25T05", "\"expectedEnd\":\"2026-11-25T06"},
            {"\"steps\":", "\"copy\":\"offsite\",\"steps\":"}
        }) {
            String changed = golden().replaceFirst(java.util.regex.Pattern.quote(change[0]), change[1]);
            assertThat(changed).isNotEqualTo(golden());
            assertThatThrownBy(() -> RestorePlan.read(changed.getBytes(StandardCharsets.UTF_8)))
                    .as("%s to %s", change[0], change[1])
                    .isInstanceOf(ContinuityException.class)
                    .extracting(thrown -> ((ContinuityException) thrown).kind())
                    .isEqualTo(FailureKind.CORRUPT);
        }
    }

    @Test
    void json_cutAnywhere_isDamaged_andOfANewerFormatIsLeftAlone() throws IOException {
        byte[] whole = plan().json();
        for (int length = 0; length < whole.length; length += 7) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> RestorePlan.read(cut)).isInstanceOf(ContinuityException.class);
        }
        assertThatThrownBy(() -> RestorePlan.read((golden() + "{}").getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ContinuityException.class);
        byte[] newer = golden().replace("\"format\":1", "\"format\":2").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> RestorePlan.read(newer))
                .hasMessageContaining(
                        "a restore plan has format 2, this release knows up to 1 and leaves it untouched");
    }

    @Test
    void plan_withAnotherIdOrStepsNamedTwice_cannotBeMade() {
        RestorePlan plan = plan();
        assertThatThrownBy(() -> new RestorePlan(
                        "0".repeat(64),
                        plan.goal(),
                        plan.request(),
                        plan.steps(),
                        plan.seenAt(),
                        plan.expectedEnd(),
                        List.of(),
                        List.of()))
                .hasMessageContaining("the digest of what it says is");
        assertThatThrownBy(() -> RestorePlan.of(
                        plan.goal(),
                        plan.request(),
                        List.of("a", "a"),
                        plan.seenAt(),
                        Optional.empty(),
                        List.of(),
                        List.of()))
                .hasMessageContaining("not each named once");
    }

    @Test
    void approval_isForOnePlan_byAPerson_forATime() {
        RestorePlan plan = plan();
        Instant given = RestorePlannerTest.at("12:00:00");
        Approval good = Approval.of(plan, "Ada", given, Duration.ofHours(1));

        good.check(plan, given);
        good.check(plan, given.plusSeconds(3599));
        denied(good, plan, given.plusSeconds(3600), "it expired at 2026-11-25T13:00:00Z, and now it is 2026-11-25T13");
        denied(
                good,
                plan,
                given.minusSeconds(1),
                "it counts from 2026-11-25T12:00:00Z, and now it is 2026-11-25T11:59:59Z");
        denied(new Approval("other", " ", given, given), plan, given, "it is for plan other, not for " + plan.id());
        denied(new Approval("other", " ", given, given), plan, given, "it names no approver; it expires at");
    }

    private static void denied(Approval approval, RestorePlan plan, Instant now, String why) {
        assertThatThrownBy(() -> approval.check(plan, now))
                .isInstanceOf(ContinuityException.class)
                .hasMessageContaining(why)
                .extracting(thrown -> ((ContinuityException) thrown).kind())
                .isEqualTo(FailureKind.DENIED);
    }
}
