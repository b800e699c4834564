package com.cybernance.continuity.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.spi.BackupTaker;
import com.cybernance.continuity.spi.Facet;
import com.cybernance.continuity.spi.Restorer;
import com.cybernance.continuity.spi.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The glossary explains every room and every facet that there is, no other ones, and each word once. */
class GlossaryTest {
    private static final Path ROOT = Path.of("..");
    private static final String DOOR = "com/cybernance/continuity";
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `?([^|`]+?)`? \\| [^|]+ \\|$");

    private static Set<String> explained(String section) throws IOException {
        String text = Files.readString(ROOT.resolve("docs/glossary.md"));
        int begin = text.indexOf("# " + section + "\n");
        int end = text.indexOf("\n## ", begin);
        List<String> words = ROW.matcher(text.substring(begin, end < 0 ? text.length() : end))
                .results()
                .map(row -> row.group(1))
                .skip(1)
                .toList();
        assertThat(words).doesNotHaveDuplicates();
        return new TreeSet<>(words);
    }

    @Test
    void everyPublicRoom_isExplained() throws IOException {
        Set<String> rooms;
        try (Stream<Path> files = Files.walk(ROOT)) {
            rooms = files.filter(file -> file.endsWith("package-info.java"))
                    .map(file -> file.resolveSibling("").toString().replace('\\', '/'))
                    .filter(room -> room.contains("/src/main/java/" + DOOR))
                    .map(room -> room.substring(room.indexOf(DOOR) + DOOR.length()))
                    .map(room ->
                            room.isEmpty() ? "continuity" : room.substring(1).replace('/', '.'))
                    .filter(room -> !room.matches("(internal|examples|benchmarks)(\\..*)?"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        assertThat(rooms).contains("facts", "postgres.receive");
        assertThat(explained("Rooms")).isEqualTo(rooms);
    }

    @Test
    void everyFacet_isExplained() throws IOException {
        Set<String> facets = Facet.ALL.stream().map(Facet::name).collect(Collectors.toCollection(TreeSet::new));
        for (Class<?> acting : List.of(BackupTaker.class, Restorer.class, Verifier.class)) {
            facets.add(acting.getSimpleName());
        }

        assertThat(explained("Facets")).isEqualTo(facets);
    }

    @Test
    void words_areInOrder_andNoneIsThereTwice() throws IOException {
        String text = Files.readString(ROOT.resolve("docs/glossary.md"));
        List<String> words = ROW.matcher(text.substring(0, text.indexOf("\n## ")))
                .results()
                .map((MatchResult row) -> row.group(1))
                .skip(1)
                .toList();

        assertThat(words).isSortedAccordingTo(String.CASE_INSENSITIVE_ORDER).doesNotHaveDuplicates();
        assertThat(words).contains("hole", "piece", "spool", "receiver", "sabotage", "drill");
    }
}
