package com.cybernance.continuity.examples.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
