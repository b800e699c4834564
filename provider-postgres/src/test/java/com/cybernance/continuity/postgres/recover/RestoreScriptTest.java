package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each answer of the program that brings the log, by its exit code. */
class RestoreScriptTest {
    private static final String FIRST = "000000010000000000000004";
    private static final String LAST = "0000000200000000000000AF";

    @TempDir
    Path directory;

    private Path files;
    private Path list;
    private Path script;

    @BeforeEach
    void write() throws IOException {
        files = Files.createDirectory(directory.resolve("it's a % place"));
        list = directory.resolve("files.list");
        script = directory.resolve("fetch.sh");
        Files.writeString(files.resolve(FIRST), "log one");
        Files.writeString(files.resolve(LAST), "log two");
        Files.writeString(files.resolve("00000002.history"), "1\t0/1");
        Files.writeString(list, RestoreScript.list(Map.of(FIRST, 7L, LAST, 7L, "00000002.history", 5L)));
        Files.writeString(script, RestoreScript.text(files, list, LAST));
    }

    @Test
    void run_forAPlannedFile_bringsIt() throws Exception {
        assertThat(run(FIRST)).isZero();
        assertThat(directory.resolve("to")).hasContent("log one");
        assertThat(run("00000002.history")).isZero();
    }

    @Test
    void run_behindTheEnd_saysThatThereIsNone_onEveryTimeline() throws Exception {
        assertThat(run("0000000200000000000000B0")).isEqualTo(1);
        assertThat(run("000000010000000100000000")).isEqualTo(1);
        assertThat(run("FFFFFFFFFFFFFFFFFFFFFFFF")).isEqualTo(1);
    }

    @Test
    void run_forAHistoryThatThePlanKnowsNotToExist_saysSo() throws Exception {
        assertThat(run("00000003.history")).isEqualTo(1);
    }

    @Test
    void run_beforeTheEnd_forWhatIsNotPlanned_doesNotKnow() throws Exception {
        assertThat(run("000000010000000000000005")).isEqualTo(126);
        assertThat(run("0000000100000000000000AF")).isEqualTo(126);
        assertThat(run("000000010000000000000004.00000028.backup")).isEqualTo(126);
        assertThat(run("../../etc/passwd")).isEqualTo(126);
        assertThat(run("")).isEqualTo(126);
    }

    @Test
    void run_forAPlannedFileThatIsCutOrGone_doesNotKnow() throws Exception {
        Files.writeString(files.resolve(FIRST), "log on");
        assertThat(run(FIRST)).isEqualTo(126);
        Files.delete(files.resolve(FIRST));
        assertThat(run(FIRST)).isEqualTo(126);
    }

    @Test
    void run_withAListThatIsCutOrGone_neverSaysThatThereIsNone() throws Exception {
        Files.writeString(list, FIRST + " 7\n");
        assertThat(run("00000003.history")).isEqualTo(126);
        assertThat(run("0000000200000000000000B0")).isEqualTo(126);
        Files.delete(list);
        assertThat(run("0000000200000000000000B0")).isEqualTo(126);
    }

    @Test
    void run_whereItCannotWrite_doesNotKnow() throws Exception {
        assertThat(new ProcessBuilder("/bin/sh", script.toString(), FIRST, directory + "/no/such")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor())
                .isEqualTo(126);
    }

    @Test
    void run_withoutTheProgram_orWithOneThatIsBroken_doesNotKnow() throws Exception {
        byte[] whole = Files.readAllBytes(script);
        Files.writeString(script, "if [");
        assertThat(run(FIRST)).isEqualTo(126);
        Files.writeString(script, "kill -9 $$");
        assertThat(run(FIRST)).isEqualTo(126);
        Files.delete(script);
        assertThat(run(FIRST)).isEqualTo(126);
        assertThat(run("00000003.history")).isEqualTo(126);
        Files.write(script, whole);
        assertThat(run("00000003.history")).isEqualTo(1);
    }

    private int run(String name) throws IOException, InterruptedException {
        // As the server does it: through a shell, with %f and %p replaced and %% made one.
        String command = RestoreScript.command(script)
                .replace("%f", "'" + name + "'")
                .replace("%p", directory.resolve("to").toString())
                .replace("%%", "%");
        return new ProcessBuilder("/bin/sh", "-c", command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
