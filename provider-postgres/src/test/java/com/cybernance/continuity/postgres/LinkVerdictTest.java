package com.cybernance.continuity.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ReplicaState.Link;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LinkVerdictTest {
    private static final long SECOND = 1_000_000;
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Hearing.Silence NEVER_SEEN = Hearing.Silence.NEVER_SEEN;

    @Test
    void link_confirmedDuringTheLook_isCurrentWhateverTheClocksSay() {
        LinkVerdict verdict = judge(sender(90, 1), sender(100, 2), 100, 0.1, NEVER_SEEN, 3600 * SECOND);
        assertThat(verdict.link()).isEqualTo(Link.CURRENT);
    }

    @Test
    void link_unconfirmedAndWithoutAWord_isDisconnectedOnceThePatienceIsOver() {
        assertThat(judge(sender(90, 1), sender(90, 1), 100, 3, NEVER_SEEN, 0).link())
                .isEqualTo(Link.DISCONNECTED);
        assertThat(judge(sender(90, 1), sender(90, 1), 100, 3, NEVER_SEEN, 0).why())
                .isEqualTo("10 bytes wait and it confirmed nothing for 3.0 s");
        assertThat(judge(sender(90, 1), sender(90, 1), 100, 1, NEVER_SEEN, 0).link())
                .isEqualTo(Link.BEHIND);
    }

    @Test
    void link_thatMovesButDoesNotArrive_isBehind() {
        assertThat(judge(sender(50, 1), sender(90, 2), 100, 3, NEVER_SEEN, 0).link())
                .isEqualTo(Link.BEHIND);
    }

    @Test
    void link_idleAndSilentBeyondTheLimit_isDisconnected() {
        LinkVerdict verdict = judge(sender(100, 1), sender(100, 1), 100, 0, silent(16, 16), 0);
        assertThat(verdict.link()).isEqualTo(Link.DISCONNECTED);
        assertThat(verdict.why())
                .isEqualTo("nothing is left to confirm, and it has said nothing for 16.0 s (limit 15.0 s)");
    }

    @Test
    void link_idleAndHeardLately_isCurrentEvenWithAStandbyClockAnHourOff() {
        assertThat(judge(sender(100, 1), sender(100, 1), 100, 0, silent(0, 9), 3600 * SECOND)
                        .link())
                .isEqualTo(Link.CURRENT);
        assertThat(judge(sender(100, 1), sender(100, 1), 100, 0, silent(0, 9), -3600 * SECOND)
                        .link())
                .isEqualTo(Link.CURRENT);
    }

    @Test
    void link_idleAtTheFirstLookWithAnOldReply_isUnknown() {
        LinkVerdict verdict = judge(sender(100, 1), sender(100, 1), 100, 0, NEVER_SEEN, 3600 * SECOND);
        assertThat(verdict.link()).isEqualTo(Link.UNKNOWN);
        assertThat(verdict.why()).contains("silent or a wrong clock");
    }

    @Test
    void link_withoutAFlushPosition_isUnknown() {
        Sample.Sender receiver = sender(100, 1, OptionalLong.empty(), "streaming");
        assertThat(judge(receiver, receiver, 100, 0, NEVER_SEEN, 0).link()).isEqualTo(Link.UNKNOWN);
    }

    @Test
    void link_thatTakesABaseBackup_isNotCurrent() {
        Sample.Sender backup = sender(100, 1, OptionalLong.of(100), "backup");
        assertThat(judge(backup, backup, 100, 0, NEVER_SEEN, 0).link()).isEqualTo(Link.BEHIND);
    }

    @Test
    void link_idleAndHeardSomeTimeInALongPauseBetweenLooks_isNotTakenForHeardJustNow() {
        LinkVerdict verdict = judge(sender(100, 1), sender(100, 1), 100, 0, silent(0, 300), 200 * SECOND);
        assertThat(verdict.link()).isEqualTo(Link.UNKNOWN);
        assertThat(verdict.why()).contains("a canary or looks less than 15.0 s apart would tell");
        assertThat(judge(sender(100, 1), sender(100, 1), 100, 0, silent(0, 300), 9 * SECOND)
                        .link())
                .isEqualTo(Link.CURRENT);
    }

    @Test
    void link_idleAtTheFirstLookWithAReplyFromTheFuture_isUnknown() {
        LinkVerdict verdict = judge(sender(100, 1), sender(100, 1), 100, 0, NEVER_SEEN, -2 * SECOND);
        assertThat(verdict.link()).isEqualTo(Link.UNKNOWN);
        assertThat(verdict.why()).contains("dated 2.0 s from now by its own clock");
        assertThat(judge(sender(100, 1), sender(100, 1), 100, 0, NEVER_SEEN, -SECOND / 2)
                        .link())
                .isEqualTo(Link.CURRENT);
    }

    @Test
    void silence_afterAChangeBetweenLooks_isBoundedByTheLookBeforeTheChange() {
        Hearing hearing = new Hearing();
        assertThat(hearing.silence(sender(7, 1), 100)).isEqualTo(NEVER_SEEN);
        assertThat(hearing.silence(sender(7, 1), 105)).isEqualTo(new Hearing.Silence(5, Long.MAX_VALUE));
        assertThat(hearing.silence(sender(7, 2), 400)).isEqualTo(new Hearing.Silence(0, 295));
        assertThat(hearing.silence(sender(7, 2), 410)).isEqualTo(new Hearing.Silence(10, 305));
        assertThat(hearing.silence(sender(7, 3), 415)).isEqualTo(new Hearing.Silence(0, 5));
    }

    private static Hearing.Silence silent(long atLeast, long atMost) {
        return new Hearing.Silence(atLeast * SECOND, atMost * SECOND);
    }

    private static LinkVerdict judge(
            Sample.Sender first, Sample.Sender last, long target, double waited, Hearing.Silence silence, long dated) {
        return LinkVerdict.of(
                first, last, target, Duration.ofMillis((long) (waited * 1000)), PATIENCE, silence, dated, LIMIT);
    }

    private static Sample.Sender sender(long confirmed, long replied) {
        return sender(confirmed, replied, OptionalLong.of(confirmed), "streaming");
    }

    private static Sample.Sender sender(long position, long replied, OptionalLong confirmed, String state) {
        OptionalLong none = OptionalLong.empty();
        return new Sample.Sender(
                position,
                "s",
                "",
                state,
                "sync",
                confirmed,
                none,
                none,
                none,
                none,
                none,
                none,
                OptionalLong.of(replied),
                "",
                false);
    }
}
