package com.cybernance.continuity.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.wire.SynchronousNames.Method;
import java.util.List;
import org.junit.jupiter.api.Test;

class SynchronousNamesTest {
    @Test
    void parse_ofEveryFormThatTheServerTakes_readsMethodCountAndNames() {
        assertThat(SynchronousNames.parse("")).isEqualTo(new SynchronousNames(Method.FIRST, 0, List.of()));
        assertThat(SynchronousNames.parse("a, B")).isEqualTo(new SynchronousNames(Method.FIRST, 1, List.of("a", "b")));
        assertThat(SynchronousNames.parse("2 (a, b, c)"))
                .isEqualTo(new SynchronousNames(Method.FIRST, 2, List.of("a", "b", "c")));
        assertThat(SynchronousNames.parse("first 1 (a)"))
                .isEqualTo(new SynchronousNames(Method.FIRST, 1, List.of("a")));
        assertThat(SynchronousNames.parse("ANY 1 ( \"a-b\" , \"say \"\"c\"\", d\")"))
                .isEqualTo(new SynchronousNames(Method.ANY, 1, List.of("a-b", "say \"c\", d")));
        assertThat(SynchronousNames.parse("*").wildcard()).isTrue();
        assertThat(SynchronousNames.parse("ANY 1 (a, *)").wildcard()).isTrue();
    }
}
