package com.cybernance.continuity.state;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A child JVM and what it said so far. */
final class ChildProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    ChildProcess(Path directory, String mode, long seed) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-cp",
                        home(DirectoryStateStore.class)
                                + System.getProperty("path.separator")
                                + home(AppendingChild.class),
                        AppendingChild.class.getName(),
                        directory.toString(),
                        mode,
                        Long.toString(seed))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static String home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    long pid() {
        return process.pid();
    }

    @Nullable
    String line() throws IOException {
        return output.readLine();
    }

    /** Reads up to the next line that starts so. */
    String lineWith(String start) throws IOException {
        for (String line = line(); line != null; line = line()) {
            if (line.startsWith(start)) {
                return line;
            }
        }
        throw new AssertionError("the child ended without saying '" + start + "'");
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
    }

    /** Kills it for good; through the handle, because the process would close the pipe and lose the last lines. */
    List<String> kill() throws IOException {
        process.toHandle().destroyForcibly();
        List<String> rest = new ArrayList<>();
        for (String line = line(); line != null; line = line()) {
            rest.add(line);
        }
        return rest;
    }

    @Override
    public void close() throws IOException {
        process.toHandle().destroyForcibly();
        output.close();
    }
}
