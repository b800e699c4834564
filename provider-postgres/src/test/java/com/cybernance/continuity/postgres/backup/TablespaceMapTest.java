package com.cybernance.continuity.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TablespaceMapTest {
    @Test
    void numbers_ofAMap_areThoseOfItsLines_whateverThePathsHold() {
        assertThat(numbers("")).isEmpty();
        assertThat(numbers("16384 /a b\n4294967295 /c\n")).containsExactly(16_384L, 4_294_967_295L);
        assertThat(numbers("16384 /ends with a backslash\\\\\n16385 /two\\\n16386 /lines\n"))
                .containsExactly(16_384L, 16_385L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "16384 /a",
                "16384 /a\\\n",
                "16384\n",
                "\n",
                "x /a\n",
                "-1 /a\n",
                "16384 /a\n16384 /b\n",
                "16384 \n"
            })
    void numbers_ofWhatNoServerWrites_refuses(String map) {
        assertThatThrownBy(() -> numbers(map))
                .isInstanceOf(ContinuityException.class)
                .hasMessageContaining("tablespace_map");
    }

    private static SortedSet<Long> numbers(String map) {
        return TablespaceMap.numbers(
                map.getBytes(StandardCharsets.UTF_8), what -> new ContinuityException(FailureKind.CORRUPT, what, ""));
    }
}
