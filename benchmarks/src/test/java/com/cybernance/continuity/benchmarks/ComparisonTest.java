package com.cybernance.continuity.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    @Test
    void aRestoreThatIsNamedFirst_followsItsBackup() {
        assertThat(Comparison.inOrder(List.of("restore", "backup"))).containsExactly("backup", "restore");
        assertThat(Comparison.inOrder(List.of("receive", "receive"))).containsExactly("receive");
        assertThat(Comparison.inOrder(List.of())).containsExactly("backup", "restore", "receive");
    }

    @Test
    void aDirectoryOfSomebodyElse_isRefusedAndLeftAsItIs(@TempDir Path home) throws Exception {
        Files.createDirectories(home.resolve("source/work"));

        assertThatThrownBy(() -> Workplace.claim(home))
                .hasMessageContaining("is not empty and carries no .continuity-benchmarks")
                .hasMessageContaining("BENCH_DIR");

        try (var left = Files.walk(home)) {
            assertThat(left).hasSize(3);
        }
    }

    @Test
    void aNewDirectory_isOursFromThenOn(@TempDir Path parent) throws Exception {
        Path directory = parent.resolve("a/b");
        Workplace.claim(directory);
        Files.writeString(directory.resolve("made"), "");

        Workplace.claim(directory);

        assertThat(directory.resolve(Workplace.MARKER)).isNotEmptyFile();
    }

    @Test
    void classesInADirectory_comeInAJar_andJarsStayAsTheyAre(@TempDir Path directory) throws Exception {
        Path classes = Files.createDirectories(directory.resolve("classes/p"));
        Files.writeString(classes.resolve("A.class"), "a");

        String made = ClassPath.ofJars("/x/y.jar:" + directory.resolve("classes"), directory.resolve("jars"));

        assertThat(made).isEqualTo("/x/y.jar:" + directory.resolve("jars/1.jar"));
        try (var jar = new JarFile(directory.resolve("jars/1.jar").toFile())) {
            assertThat(jar.getEntry("p/A.class")).isNotNull();
        }
    }
}
