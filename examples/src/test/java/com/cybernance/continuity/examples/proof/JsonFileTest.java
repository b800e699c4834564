package com.cybernance.continuity.examples.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileTest {
    @TempDir
    private Path directory;

    @Test
    void runThatIsInterrupted_leavesNeitherAnEmptyNorAnOldFile() throws Exception {
        Path file = Files.writeString(directory.resolve("proof.json"), "{\"exitStatus\": 0}");
        JsonFile json = new JsonFile(file);

        assertThat(json.writable()).isTrue();
        json.clear();

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void write_leavesTheWholeFileAndNothingBesideIt() throws Exception {
        Path file = directory.resolve("proof.json");

        new JsonFile(file).write("{}");

        assertThat(file).hasContent("{}");
        assertThat(directory.toFile().list()).containsExactly("proof.json");
    }

    @Test
    void writable_ofADirectoryOrALink_isFalseSoThatNeitherIsTakenAway() throws Exception {
        Path link =
                Files.createSymbolicLink(directory.resolve("link"), Files.writeString(directory.resolve("device"), ""));

        assertThat(new JsonFile(directory).writable()).isFalse();
        assertThat(new JsonFile(link).writable()).isFalse();
        assertThat(new JsonFile(directory.resolve("no/such/place.json")).writable())
                .isFalse();
    }
}
