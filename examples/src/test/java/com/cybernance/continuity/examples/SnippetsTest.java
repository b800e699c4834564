package com.cybernance.continuity.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Java in the documents is copied from sources that compile and run. A block names where it comes from behind the word
 * {@code java}: {@code FolderTarget.java} for a whole file, {@code FolderTargetTest.java#contract} for the lines from
 * {@code // snippet:contract} to the next {@code // end}.
 */
class SnippetsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java[ \\t]*([^\\n]*)\\n(.*?)^```[ \\t]*$");
    private static final Pattern MARK = Pattern.compile("\\s*// (snippet:\\S+|end)");

    @TestFactory
    Stream<DynamicTest> everyJavaBlock_isWhatItsSourceSays() throws IOException {
        return documents().stream()
                .map(page -> DynamicTest.dynamicTest(ROOT.relativize(page).toString(), () -> check(page, read(page))));
    }

    @Test
    void documents_holdTheGuideForProviders() throws IOException {
        assertThat(documents()).contains(ROOT.resolve("docs/writing-a-provider.md"));
        assertThat(read(ROOT.resolve("docs/writing-a-provider.md"))).containsPattern(BLOCK);
    }

    @Test
    void check_ofADriftedBlock_namesTheLineAndTheSource() {
        String page = "```java FolderTarget.java\npackage somewhere.else;\n```\n";

        assertThatThrownBy(() -> check(Path.of("page.md"), page))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("page.md")
                .hasMessageContaining("FolderTarget.java")
                .hasMessageContaining("line 1")
                .hasMessageContaining("package somewhere.else;");
    }

    @Test
    void check_ofABlockWithoutASource_saysHowToNameIt() {
        assertThatThrownBy(() -> check(Path.of("page.md"), "```java\nint x;\n```\n"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("```java Name.java#region");
    }

    @Test
    void check_ofAnUnknownRegion_saysWhatIsMissing() {
        assertThatThrownBy(() -> check(Path.of("page.md"), "```java FolderTarget.java#nowhere\n```\n"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("// snippet:nowhere");
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
                Stream<Path> root = Files.list(ROOT)) {
            return Stream.concat(docs, root)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static void check(Path page, String text) {
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            String source = block.group(1).strip();
            assertThat(source)
                    .as("the source of a Java block in %s. Hint: begin it with ```java Name.java#region", page)
                    .isNotEmpty();
            compare(page, source, block.group(2).lines().toList(), source(source));
        }
    }

    private static void compare(Path page, String source, List<String> shown, List<String> real) {
        for (int i = 0; i < Math.max(shown.size(), real.size()); i++) {
            String here = i < shown.size() ? shown.get(i) : "(no line)";
            String there = i < real.size() ? real.get(i) : "(no line)";
            assertThat(here)
                    .as("%s, block %s, line %d. Hint: copy the source again", page, source, i + 1)
                    .isEqualTo(there);
        }
    }

    private static List<String> source(String name) {
        String[] parts = name.split("#", 2);
        List<String> lines = read(find(parts[0])).lines().toList();
        if (parts.length == 2) {
            lines = region(parts[0], lines, parts[1]);
        }
        return dedent(
                lines.stream().filter(line -> !MARK.matcher(line).matches()).toList());
    }

    private static List<String> region(String file, List<String> lines, String name) {
        List<String> region = new ArrayList<>();
        boolean inside = false;
        for (String line : lines) {
            if (inside && line.strip().equals("// end")) {
                return region;
            }
            if (inside) {
                region.add(line);
            }
            inside |= line.strip().equals("// snippet:" + name);
        }
        throw new AssertionError("%s has no lines from '// snippet:%s' to '// end'".formatted(file, name));
    }

    private static List<String> dedent(List<String> lines) {
        return String.join("\n", lines).stripIndent().lines().toList();
    }

    private static Path find(String name) {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            List<Path> found = files.filter(file -> file.endsWith(name)).collect(Collectors.toList());
            assertThat(found).as("sources in examples that are called %s", name).hasSize(1);
            return found.get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
