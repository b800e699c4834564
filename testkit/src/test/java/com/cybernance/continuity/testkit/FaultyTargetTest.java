package com.cybernance.continuity.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.spi.Facet;
import com.cybernance.continuity.spi.Source;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultyTargetTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FaultyTarget target = FaultyTarget.around(new QuietTarget());

    @Test
    void withoutFaults_looksAsTheRealTargetDoes() {
        assertThat(target.id()).isEqualTo(QuietTarget.ID);
        for (Facet<?> facet : Facet.ALL) {
            assertThat(factsOf(facet))
                    .isEqualTo(look(facet.of(new QuietTarget()).orElseThrow()).facts());
        }
    }

    @Test
    void inject_breaksOneFacet_andHealMendsIt() {
        target.inject(Facet.RESTORE_POINTS, Fault.seeNothing());
        assertThat(factsOf(Facet.RESTORE_POINTS)).isEmpty();
        assertThat(factsOf(Facet.REPLICATION)).isNotEmpty();

        target.heal(Facet.RESTORE_POINTS);
        assertThat(factsOf(Facet.RESTORE_POINTS)).isNotEmpty();
    }

    @Test
    void hang_endsOnlyWhenInterrupted() {
        target.inject(Facet.RESTORE_POINTS, Fault.hang());

        assertThat(Look.at(points(), Duration.ZERO, Duration.ofMillis(50)).ended())
                .isFalse();
        Look<RestorePoint> cut = Look.interruptedIn(points(), SECOND, Duration.ofMillis(50), SECOND.multipliedBy(9));
        assertThat(cut.ended()).isTrue();
        assertThat(cut.thrown().orElseThrow()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void hangDeaf_outlivesAnInterruption_andEndsInTime() {
        target.inject(Facet.RESTORE_POINTS, Fault.hangDeaf(SECOND));

        assertThat(Look.interruptedAt(points(), SECOND, Duration.ofMillis(50)).ended())
                .isFalse();
        assertThat(Look.interruptedAt(points(), SECOND, SECOND.multipliedBy(9)).ended())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void blind_saysTheKind_andCompletesNothing(FailureKind kind) {
        target.inject(Facet.RESTORE_POINTS, Fault.blind(kind));
        Look<RestorePoint> look = look(points());

        assertThat(look.blind()).extracting(Look.Blind::kind).containsExactly(kind);
        assertThat(look.blind().get(0).why()).contains(kind.name()).contains("Hint: ");
        assertThat(look.complete()).isEmpty();
    }

    @Test
    void overflowTheStack_isARealOverflow() {
        target.inject(Facet.RESTORE_POINTS, Fault.overflowTheStack());

        assertThat(look(points()).thrown().orElseThrow()).isInstanceOf(StackOverflowError.class);
    }

    private Source<RestorePoint> points() {
        return Facet.RESTORE_POINTS.of(target).orElseThrow();
    }

    private List<?> factsOf(Facet<?> facet) {
        return look(facet.of(target).orElseThrow()).facts();
    }

    private static <T> Look<T> look(Source<T> source) {
        return Look.at(source, SECOND, SECOND.multipliedBy(9));
    }
}
