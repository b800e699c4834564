package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The directory that a run restores into. The run owns it by a directory {@code restore-RUN} in it, made in one step, in
 * which it notes what it has done; beside that lie {@code data}, {@code tablespaces} and {@code log}. Links are never
 * followed.
 */
final class Destination {
    private static final String OWNER = "restore-";
    private static final String MADE = "made";
    private static final String END = "end";

    private final Path root;
    private final String run;
    private final Durable durable;

    private Destination(Path root, String run, RestoreDisk disk) {
        this.root = root;
        this.run = run;
        this.durable = new Durable(disk);
    }

    /**
     * @throws ContinuityException of kind {@code MISCONFIGURED} when this is no absolute path that can hold a restore
     */
    static Destination of(String path, String run, RestoreDisk disk) {
        if (!run.matches("[a-z0-9][a-z0-9-]{0,63}")) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "no name of a run: " + run.length() + " characters",
                    "use a-z, 0-9 and -");
        }
        try {
            Path root = Path.of(path);
            if (!root.isAbsolute() || !root.equals(root.normalize()) || root.getParent() == null) {
                throw misplaced(path, "not an absolute path without '..'");
            }
            if (path.chars().anyMatch(each -> each < ' ')) {
                throw misplaced("(unprintable)", "it holds control characters");
            }
            return new Destination(root, run, disk);
        } catch (InvalidPathException e) {
            throw misplaced(path, "not a path");
        }
    }

    /** The run that it belongs to. */
    String run() {
        return run;
    }

    /** How to write here. */
    Durable durable() {
        return durable;
    }

    Path root() {
        return root;
    }

    Path data() {
        return root.resolve("data");
    }

    Path tablespaces() {
        return root.resolve("tablespaces");
    }

    Path log() {
        return root.resolve("log");
    }

    /** What the run notes for itself. */
    Path notes() {
        return root.resolve(OWNER + run);
    }

    /** Says why this place cannot be restored into; does nothing where it can, or is this run's already. */
    void refuseUnlessFree() throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            Path above = root.getParent();
            if (above == null || !Files.isDirectory(above)) {
                throw misplaced(root.toString(), "the directory above it does not exist");
            }
            return;
        }
        if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            throw misplaced(root.toString(), "it is a file or a link");
        }
        List<String> inside = names(root);
        if (!inside.isEmpty() && !isOwn()) {
            throw taken(inside);
        }
    }

    /** Makes this place the run's own, once and for all others. */
    void claim() throws IOException {
        refuseUnlessFree();
        boolean fresh = !Files.exists(root, LinkOption.NOFOLLOW_LINKS);
        if (fresh) {
            durable.directory(root);
        }
        if (!isOwn()) {
            durable.directory(notes());
            List<String> inside = names(root);
            if (inside.size() > 1) {
                durable.disk().delete(notes());
                throw taken(inside);
            }
        }
        if (fresh) {
            note(MADE, Map.of());
        }
    }

    boolean isOwn() {
        return Files.isDirectory(notes(), LinkOption.NOFOLLOW_LINKS)
                && Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS);
    }

    void requireOwn() {
        if (!isOwn()) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "%s is not claimed by run %s".formatted(root, run),
                    "begin with the first step of this run");
        }
    }

    /** Notes durably that something was done, and what it brought. Written after everything that it speaks of. */
    void note(String what, Map<String, String> results) throws IOException {
        String text = new TreeMap<>(results)
                .entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue().replace('\n', ' ') + "\n")
                        .collect(Collectors.joining());
        durable.write(notes().resolve(what + ".done"), text + END + "\n");
    }

    /** What was noted; empty when it was not. */
    Optional<Map<String, String>> noted(String what) throws IOException {
        if (!isOwn()) {
            return Optional.empty();
        }
        try {
            Map<String, String> results = new TreeMap<>();
            Path file = notes().resolve(what + ".done");
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            if (lines.isEmpty() || !lines.get(lines.size() - 1).equals(END)) {
                throw new IOException(file + " was cut");
            }
            for (String line : lines) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    results.put(line.substring(0, equals), line.substring(equals + 1));
                }
            }
            return Optional.of(results);
        } catch (NoSuchFileException notDone) {
            return Optional.empty();
        }
    }

    /** Removes what the run made, its claim last. Does nothing to a place that is not its own. */
    void remove() throws IOException {
        if (!isOwn()) {
            return;
        }
        for (Path each : List.of(log(), tablespaces(), data())) {
            Trees.delete(durable.disk(), each);
        }
        if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            // What went must not come back after the claim to it has gone.
            durable.disk().forceDirectory(root);
        }
        boolean made = Files.exists(notes().resolve(MADE + ".done"), LinkOption.NOFOLLOW_LINKS);
        Trees.delete(durable.disk(), notes());
        if (made && names(root).isEmpty()) {
            durable.disk().delete(root);
        }
    }

    private ContinuityException taken(List<String> inside) {
        Optional<String> other =
                inside.stream().filter(name -> name.startsWith(OWNER)).findFirst();
        return new ContinuityException(
                FailureKind.CONFLICT,
                "%s is not empty: %s"
                        .formatted(
                                root,
                                other.map(name -> "it belongs to run " + name.substring(OWNER.length()))
                                        .orElse("it holds " + inside.get(0))),
                "name an empty or absent directory; a restore never overwrites");
    }

    private static ContinuityException misplaced(String path, String why) {
        return new ContinuityException(
                FailureKind.MISCONFIGURED,
                "cannot restore into '%s': %s".formatted(path, why),
                "name an absolute path of an empty or absent directory");
    }

    private static List<String> names(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> inside = Files.newDirectoryStream(directory)) {
            inside.forEach(each -> names.add(each.getFileName().toString()));
        }
        Collections.sort(names);
        return names;
    }
}
