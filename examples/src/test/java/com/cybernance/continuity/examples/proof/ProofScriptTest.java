package com.cybernance.continuity.examples.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofScriptTest {
    @TempDir
    private Path directory;

    private record Ran(int status, String said) {}

    private static Ran run(Path javaHome) throws Exception {
        ProcessBuilder script = new ProcessBuilder("sh", "../proof", "--list-sabotages").redirectErrorStream(true);
        script.environment().put("JAVA_HOME", javaHome.toString());
        Process process = script.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), said);
    }

    /** A checkout with the real script and nothing to build, and programs that only say that they were called. */
    private Path checkout(String name) throws Exception {
        Path checkout = directory.resolve(name);
        Files.createDirectories(checkout.resolve("examples/src/main"));
        Files.createDirectories(checkout.resolve("docs"));
        Files.writeString(checkout.resolve("pom.xml"), "");
        Files.writeString(checkout.resolve("examples/pom.xml"), "");
        Files.writeString(checkout.resolve("docs/proof.md"), "");
        Files.copy(Path.of("../proof"), checkout.resolve("proof"));
        return checkout;
    }

    private Path programs() throws Exception {
        Path bin = Files.createDirectories(directory.resolve("jdk/bin"));
        program(bin.resolve("java"), """
                [ "$1" = -version ] && { echo 'openjdk version "17.0.1"' >&2; exit; }
                echo "java ran with $*"
                """);
        program(bin.resolve("javac"), "true");
        program(bin.resolve("mvn"), """
                [ "$1" = -v ] && { echo 'Apache Maven 3.9.9'; exit; }
                mkdir -p examples/target/classes && pwd >examples/target/proof.classpath
                echo build >>builds
                """);
        return bin;
    }

    private static void program(Path file, String text) throws Exception {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Ran runIn(Path checkout, Path bin) throws Exception {
        ProcessBuilder script =
                new ProcessBuilder("sh", checkout.resolve("proof").toString()).redirectErrorStream(true);
        script.environment().remove("JAVA_HOME");
        script.environment().merge("PATH", bin.toString(), (path, own) -> own + ":" + path);
        Process process = script.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), said);
    }

    @Test
    void script_inACopyOfABuiltCheckout_buildsAgainAndRunsTheCopy() throws Exception {
        Path bin = programs();
        Path original = checkout("original");
        runIn(original, bin);
        assertThat(runIn(original, bin).said()).contains("java ran").doesNotContain("Building");

        Path copy = directory.resolve("copy");
        new ProcessBuilder("cp", "-a", original.toString(), copy.toString())
                .start()
                .waitFor();
        Ran ran = runIn(copy, bin);

        assertThat(ran.status()).as(ran.said()).isZero();
        assertThat(ran.said())
                .contains("Building", copy.toRealPath() + "/examples/target/classes:" + copy.toRealPath())
                .doesNotContain(original.toRealPath() + "/");
        assertThat(copy.resolve("builds")).hasContent("build\nbuild");
    }

    @Test
    void script_whereTheCheckoutCannotBeWritten_saysSoInsteadOfAFailedBuild() throws Exception {
        Path bin = programs();
        Path noDirectory = checkout("no-directory");
        Files.writeString(noDirectory.resolve("examples/target"), "");
        Path noStamp = checkout("no-stamp");
        Files.createDirectories(noStamp.resolve("examples/target/proof.built.next"));

        for (Path checkout : List.of(noDirectory, noStamp)) {
            Ran ran = runIn(checkout, bin);

            assertThat(ran.status()).isEqualTo(ProofCommand.BAD_INPUT);
            assertThat(ran.said()).contains("cannot be written", "Hint").doesNotContain("the build failed", "java ran");
        }
    }

    @Test
    void script_whereJavaIsALinkAndReadlinkKnowsNoOptions_findsItsCompiler() throws Exception {
        Path jdk = programs();
        Path links = Files.createDirectories(directory.resolve("links"));
        Files.createSymbolicLink(links.resolve("java"), Path.of("../jdk/bin/java"));
        Files.move(jdk.resolve("mvn"), links.resolve("mvn"));
        program(links.resolve("readlink"), """
                [ "$1" = -f ] && exit 1
                exec /usr/bin/readlink "$1"
                """);

        Ran ran = runIn(checkout("linked"), links);

        assertThat(ran.said()).contains("java ran");
        assertThat(ran.status()).isZero();
    }

    @Test
    void script_whereJavaHomeHoldsNoJava_saysSoInPlainWords() throws Exception {
        Ran ran = run(directory);

        assertThat(ran.status()).isEqualTo(ProofCommand.BAD_INPUT);
        assertThat(ran.said()).contains(directory.toString(), "JDK 17");
    }

    @Test
    void script_whereJavaIsTooOld_namesItsVersion() throws Exception {
        Path java = Files.createDirectories(directory.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));

        Ran ran = run(directory);

        assertThat(ran.status()).isEqualTo(ProofCommand.BAD_INPUT);
        assertThat(ran.said()).contains("Java 11", "JDK 17");
    }
}
