package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.facts.Comparison.Check;
import com.cybernance.continuity.facts.Comparison.Outcome;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Restorer;
import com.cybernance.continuity.spi.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Restores a folder: one file with each poll. What is done is marked on disk; what runs is known in memory alone, and so
 * is lost with the process. It writes down outside of the destination what it was asked to do.
 */
final class FolderRestorer implements Restorer, Verifier {
    static final List<String> STEPS = List.of("prepare", "copy", "start");

    private final Path vault;
    private final Path journal;
    private final Set<String> running = new HashSet<>();

    /** @param vault holds a folder for each copy */
    FolderRestorer(Path vault, Path journal) {
        this.vault = vault;
        this.journal = journal;
    }

    @Override
    public List<String> steps(RestoreRequest request) {
        return STEPS;
    }

    @Override
    public void begin(String run, RestoreRequest request, String step, Map<String, String> earlier) {
        note("begin " + step);
        for (String before : STEPS.subList(0, STEPS.indexOf(step))) {
            if (!earlier.containsKey("did-" + before)) {
                note("missing " + before);
            }
        }
        Path destination = Path.of(request.destination());
        if (step.equals("prepare") && !done(destination, step)) {
            own(destination, run);
        }
        running.add(step);
    }

    private static void own(Path destination, String run) {
        try {
            Files.createDirectories(destination);
            Path owner = destination.resolve(".run");
            if (Files.exists(owner) && Files.readString(owner).equals(run)) {
                return;
            }
            try (Stream<Path> there = Files.list(destination)) {
                if (there.anyMatch(each -> !each.getFileName().toString().equals(".run.tmp"))) {
                    throw new ContinuityException(FailureKind.CONFLICT, destination + " is not empty", "name another");
                }
            }
            Path fresh = Files.writeString(destination.resolve(".run.tmp"), run);
            Files.move(fresh, owner, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Progress poll(String run, RestoreRequest request, String step) {
        Path destination = Path.of(request.destination());
        if (done(destination, step)) {
            Map<String, String> results = new TreeMap<>(Map.of("did-" + step, "yes"));
            if (step.equals("start")) {
                results.put(ANSWERS, "the folder is there");
            }
            return Progress.done(step + " done", results);
        }
        if (!running.contains(step)) {
            return Progress.absent();
        }
        try {
            if (step.equals("copy") && copyOne(vault.resolve(request.copy()), destination)) {
                return Progress.running("copying");
            }
            Files.writeString(destination.resolve(".done-" + step), "");
            return Progress.running("almost");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean copyOne(Path from, Path to) throws IOException {
        for (Path file : files(from)) {
            Path target = to.resolve(file.getFileName());
            if (!Files.exists(target)) {
                Path half = Files.copy(
                        file, to.resolve(".half-" + file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
                return true;
            }
        }
        return false;
    }

    private static boolean done(Path destination, String step) {
        return Files.exists(destination.resolve(".done-" + step));
    }

    @Override
    public void discard(String run, RestoreRequest request) {
        note("discard");
        Path destination = Path.of(request.destination());
        try (Stream<Path> all = Files.exists(destination) ? Files.walk(destination) : Stream.empty()) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Comparison compare(String run, RestoreRequest request, Map<String, String> results, Deadline deadline) {
        note("compare");
        boolean same = contents(Path.of(request.destination())).equals(contents(vault.resolve(request.copy())));
        Check check = new Check("content", same ? Outcome.PASSED : Outcome.FAILED, same ? "the same" : "differs");
        return new Comparison(request.to().moment(), "", List.of(check));
    }

    static Map<String, String> contents(Path folder) {
        Map<String, String> contents = new TreeMap<>();
        try {
            for (Path file : files(folder)) {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return contents;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private void note(String line) {
        try {
            Files.writeString(journal, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> journal(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the step that a begun line names stands among the steps; empty for other lines. */
    static Optional<Integer> begun(String line) {
        return line.startsWith("begin ")
                ? Optional.of(STEPS.indexOf(line.substring("begin ".length())))
                : Optional.empty();
    }
}
