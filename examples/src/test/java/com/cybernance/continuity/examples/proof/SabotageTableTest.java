package com.cybernance.continuity.examples.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.examples.proof.sabotage.Sabotage;
import com.cybernance.continuity.examples.proof.sabotage.Sabotages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever reads about the sabotages must read what is done. */
class SabotageTableTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| ([^|]*[^| ]) +\\|.*\\|.*\\|$");

    @Test
    void documentedTable_listsEverySabotageInOrderWithItsSentencesAndVerdicts() throws Exception {
        assertThat(rows(Files.readString(Path.of("../docs/sabotages.md"))))
                .as("the table in docs/sabotages.md")
                .containsExactlyElementsOf(Sabotages.of(Path.of("")).stream()
                        .map(SabotageTableTest::row)
                        .toList());
    }

    @Test
    void rows_ofATableThatPromisesAnotherVerdict_areOtherRows() {
        assertThat(rows("| `standby-async` | UNKNOWN 1.8, 1.9, 2.1, 2.2 | what | why |"))
                .doesNotContain(row(Sabotages.of(Path.of("")).get(0)))
                .containsExactly("standby-async: UNKNOWN 1.8, 1.9, 2.1, 2.2");
    }

    private static String row(Sabotage sabotage) {
        return sabotage.name() + ": " + sabotage.mustMove();
    }

    private static List<String> rows(String document) {
        List<String> rows = new ArrayList<>();
        Matcher row = ROW.matcher(document);
        while (row.find()) {
            rows.add(row.group(1) + ": " + row.group(2));
        }
        return rows;
    }
}
