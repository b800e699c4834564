package com.cybernance.continuity.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/** Makes jars of what the build left in directories, because Java archives the classes of jars only. */
final class ClassPath {
    private ClassPath() {}

    /** The same class path, with a jar in that directory for each directory of classes. */
    static String ofJars(String classPath, Path into) throws IOException {
        Files.createDirectories(into);
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            if (Files.isDirectory(Path.of(entry))) {
                String jar = into.resolve(entries.size() + ".jar").toString();
                int code = ToolProvider.findFirst("jar")
                        .orElseThrow(() -> new IOException("no jar tool. Hint: run with a whole JDK"))
                        .run(System.out, System.err, "--create", "--file", jar, "-C", entry, ".");
                if (code != 0) {
                    throw new IOException("no jar could be made of %s: exit code %d".formatted(entry, code));
                }
                entries.add(jar);
            } else {
                entries.add(entry);
            }
        }
        return String.join(File.pathSeparator, entries);
    }
}
