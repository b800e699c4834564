package com.cybernance.continuity.internal.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class InWordsTest {
    @Test
    void duration_isWrittenInTheUnitThatPeopleUse() {
        assertThat(InWords.duration(Duration.ofMinutes(5))).isEqualTo("5 minutes");
        assertThat(InWords.duration(Duration.ofSeconds(90))).isEqualTo("90 seconds");
        assertThat(InWords.duration(Duration.ofSeconds(60))).isEqualTo("1 minute");
        assertThat(InWords.duration(Duration.ofDays(1))).isEqualTo("24 hours");
        assertThat(InWords.duration(Duration.ofDays(30))).isEqualTo("30 days");
        assertThat(InWords.duration(Duration.ZERO)).isEqualTo("0 seconds");
        assertThat(InWords.duration(Duration.ofSeconds(-5))).isEqualTo("minus 5 seconds");
    }

    @Test
    void duration_losesNothing() {
        assertThat(InWords.duration(Duration.ofMillis(25_920))).isEqualTo("25.92 seconds");
        assertThat(InWords.duration(Duration.ofSeconds(93_784))).isEqualTo("1 day 2 hours 3 minutes 4 seconds");
        assertThat(InWords.duration(Duration.ofSeconds(3_600, 1))).isEqualTo("1 hour 0.000000001 seconds");
    }

    @Test
    void share_isPerCentWithoutRounding() {
        assertThat(InWords.share(0.99999)).isEqualTo("99.999 %");
        assertThat(InWords.share(1)).isEqualTo("100 %");
        assertThat(InWords.share(0.95)).isEqualTo("95 %");
    }

    @Test
    void count_takesThePluralOfTheNoun() {
        assertThat(InWords.count(1, "copy")).isEqualTo("1 copy");
        assertThat(InWords.count(3, "copy")).isEqualTo("3 copies");
        assertThat(InWords.count(2, "day")).isEqualTo("2 days");
    }
}
