package com.cybernance.continuity.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
    private static final String USUAL = System.getProperty("java.io.tmpdir");

    /** Other builds on this machine sweep the usual directory, and run servers from its cache. */
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit fills it in before each test
    private Path temporary;

    @BeforeEach
    void moveIn() {
        System.setProperty("java.io.tmpdir", temporary.toString());
    }

    @AfterEach
    void moveOut() {
        System.setProperty("java.io.tmpdir", USUAL);
    }

    @Test
    void killedOwner_isClearedAwayByTheNextStart_andALivingOneIsNot() throws Exception {
        try (PostgresPair living = PostgresPair.start()) {
            Process owner = owner("hold");
            List<String> said = firstLine(owner);
            Path run = Path.of(said.get(0));
            long pid = Long.parseLong(said.get(1));
            owner.destroyForcibly().waitFor();
            assertThat(run).exists();
            assertThat(ProcessHandle.of(pid)).isPresent();

            RunDirectory.sweep(Workspace.subdirectory("runs"));

            assertThat(run).doesNotExist();
            assertThat(ProcessHandle.of(pid).filter(Processes::isLeft)).isEmpty();
            assertThat(living.primary().query("SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void ownerThatEnds_takesItsServersWithIt() throws Exception {
        Process owner = owner("end");
        List<String> said = firstLine(owner);
        assertThat(owner.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Path.of(said.get(0))).doesNotExist();
    }

    @Test
    void keptServers_surviveTheirOwnerAndSweeps_untilTheyAreStoppedAsTold() throws Exception {
        Process owner = owner("keep");
        List<String> said = firstLine(owner);
        assertThat(owner.waitFor(30, TimeUnit.SECONDS)).isTrue();
        Path run = Path.of(said.get(0));
        ProcessHandle primary = ProcessHandle.of(Long.parseLong(said.get(1))).orElseThrow();
        RunDirectory.sweep(Workspace.subdirectory("runs"));
        assertThat(run).exists();
        assertThat(primary.isAlive()).isTrue();

        String howToStop = String.join(" ", said.subList(2, said.size()));
        new ProcessBuilder("sh", "-c", howToStop).inheritIO().start().waitFor();
        primary.onExit().get(20, TimeUnit.SECONDS);
        Workspace.deleteTree(run);
    }

    @Test
    void programs_ofWhichAFileWasRemoved_areUnpackedAgain() throws Exception {
        PostgresBinaries binaries = PostgresBinaries.ofClassPath();
        Path sample = binaries.home().resolve("share/postgresql/extension/citext.control");
        Files.delete(sample);
        assertThat(PostgresBinaries.ofClassPath().home()).isEqualTo(binaries.home());
        assertThat(sample).exists();
    }

    /** Another JVM that starts a pair, says where it is, and then does as told. */
    private Process owner(String what) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        what)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static List<String> firstLine(Process owner) throws Exception {
        try (var reader = owner.inputReader(StandardCharsets.UTF_8)) {
            String line = reader.readLine();
            assertThat(line).as("the owner's word").isNotNull();
            return List.of(line.split(" ", -1));
        }
    }

    /** The program of the other JVM. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] arguments) throws Exception {
            PostgresPair pair = PostgresPair.start();
            String stop = arguments[0].equals("keep") ? " " + pair.keep() : "";
            System.out.println(pair.directory() + " " + pair.primary().pid() + stop);
            if (arguments[0].equals("hold")) {
                System.in.read(); // until it is killed; or until the test is gone, which closes the pipe
            }
        }
    }
}
