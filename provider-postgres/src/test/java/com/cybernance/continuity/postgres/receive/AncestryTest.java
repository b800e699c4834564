package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.postgres.layout.Hole;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wire.Identity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AncestryTest {
    private static final int SEGMENT = 16 << 20;
    private static final Timelines TIMELINES = new Timelines(
            parse(7, "1\t0/3000148\tno recovery target specified\n\n4\t0/5A00000\tbefore 2026-11-25 10:00:00+00\n"),
            SEGMENT);

    @Test
    void nextPosition_followsTheHistory_whateverTheNumbersAre() {
        assertThat(TIMELINES.next(at(1, "0/2000000"))).isEqualTo(at(1, "0/2000000"));
        assertThat(TIMELINES.next(at(1, "0/3000148"))).isEqualTo(at(4, "0/3000000"));
        assertThat(TIMELINES.next(at(1, "0/7000000"))).isEqualTo(at(4, "0/3000000"));
        assertThat(TIMELINES.next(at(4, "0/5A00000"))).isEqualTo(at(7, "0/5000000"));
        assertThat(TIMELINES.next(at(7, "0/6000000"))).isEqualTo(at(7, "0/6000000"));
        assertThat(TIMELINES.abandoned(at(1, "0/7000000"))).hasValue(Lsn.parse("0/3000148"));
    }

    @Test
    void holes_areTold_timelineByTimeline() {
        Instant now = Instant.parse("2026-11-25T10:00:00Z");
        assertThat(TIMELINES.holes(at(1, "0/3000000"), at(7, "0/6000000"), now))
                .extracting(Hole::timeline, Hole::from, Hole::to)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, Lsn.parse("0/3000000"), Lsn.parse("0/3000148")),
                        org.assertj.core.groups.Tuple.tuple(4, Lsn.parse("0/3000148"), Lsn.parse("0/5A00000")),
                        org.assertj.core.groups.Tuple.tuple(7, Lsn.parse("0/5A00000"), Lsn.parse("0/6000000")));
        assertThat(TIMELINES.holes(at(7, "0/5000000"), at(7, "0/6000000"), now))
                .as("what lies before a timeline's beginning was received on the one before")
                .extracting(Hole::from)
                .containsExactly(Lsn.parse("0/5A00000"));
    }

    @Test
    void serverThatDoesNotGoOnWhereWeEnd_isRefused() {
        Identity server = new Identity("1", 7, Lsn.parse("0/6000000"));
        TIMELINES.accept(server, at(4, "0/3000000"));
        assertThatThrownBy(() -> TIMELINES.accept(server, at(8, "0/3000000")))
                .hasMessageContaining("server is on timeline 7, and timeline 8 was received");
        assertThatThrownBy(() -> TIMELINES.accept(server, at(5, "0/3000000")))
                .hasMessageContaining("timeline 7 does not come from timeline 5");
        assertThatThrownBy(() -> TIMELINES.accept(server, at(7, "0/6000001")))
                .hasMessageContaining("log ends at 0/6000000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1", "2\t0/1\n1\t0/2", "7\t0/1", "1\t0/1\n1\t0/2", "1\t0/123456789"})
    void damagedHistory_isRefused(String history) {
        assertThatThrownBy(() -> parse(7, history)).isInstanceOf(RuntimeException.class);
    }

    private static Ancestry parse(int timeline, String history) {
        return Ancestry.parse(timeline, history.getBytes(StandardCharsets.UTF_8));
    }

    private static Position at(int timeline, String lsn) {
        return new Position(timeline, Lsn.parse(lsn));
    }
}
