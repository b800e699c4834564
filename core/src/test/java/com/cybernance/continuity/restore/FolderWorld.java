package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.Sink;
import com.cybernance.continuity.spi.StateStore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A folder with one restore point in one copy, on disk, and what must be true of it after a restore. */
final class FolderWorld {
    static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    private final Path root;
    private final RestorePlan plan;
    private final Approval approval;

    private FolderWorld(Path root) {
        this.root = root;
        RestorePoint point = new RestorePoint(
                "p1",
                RestorePlannerTest.DATABASE,
                "l1",
                NOW.minusSeconds(3600),
                NOW.minusSeconds(60),
                List.of(new Copy(
                        "offsite",
                        Place.declared(Factor.HOST, "b", "test"),
                        Copy.State.COMPLETE,
                        NOW.minusSeconds(60))),
                List.of());
        RestoreGoal goal = RestoreGoal.of(
                RestorePlannerTest.DATABASE,
                RecoverTo.moment(NOW.minusSeconds(90)),
                destination().toString());
        this.plan = RestorePlanner.plan(
                new Sighting<>(NOW, List.of(point), List.of(), Set.of(Sink.ALL), List.of()),
                goal,
                restorer()::steps,
                NOW);
        this.approval = new Approval(plan.id(), "Ada", Instant.EPOCH, Instant.parse("2200-01-01T00:00:00Z"));
    }

    static FolderWorld make(Path root, int files) {
        try {
            Path copy = Files.createDirectories(root.resolve("vault/offsite"));
            for (int i = 0; i < files; i++) {
                Files.writeString(copy.resolve("f" + i), "content " + i);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return open(root);
    }

    static FolderWorld open(Path root) {
        return new FolderWorld(root);
    }

    FolderRestorer restorer() {
        return new FolderRestorer(root.resolve("vault"), journal());
    }

    RestorePlan plan() {
        return plan;
    }

    Approval approval() {
        return approval;
    }

    String run() {
        return RunLog.id(approval);
    }

    Path destination() {
        return root.resolve("restored");
    }

    Path journal() {
        return root.resolve("journal");
    }

    /** Everything that is wrong after a run that may have been cut any number of times. */
    List<String> violations(StateStore store) {
        List<String> wrong = new ArrayList<>();
        if (!FolderRestorer.contents(destination()).equals(FolderRestorer.contents(root.resolve("vault/offsite")))) {
            wrong.add("the content differs");
        }
        List<DrillRecord> drills = DrillLog.read(store);
        if (drills.size() != 1 || !drills.get(0).passed() || drills.get(0).rta().isEmpty()) {
            wrong.add("not one drill that passed and was timed: " + drills);
        }
        if (!RunLog.unfinished(store).isEmpty()) {
            wrong.add("the run is still called unfinished");
        }
        int furthest = 0;
        for (String line : FolderRestorer.journal(journal())) {
            int step = FolderRestorer.begun(line).orElse(furthest);
            if (step < furthest) {
                wrong.add("a step that was done is begun again: " + line);
            }
            furthest = Math.max(furthest, step);
            if (line.startsWith("missing ")) {
                wrong.add(line);
            }
        }
        records(store, wrong);
        return wrong;
    }

    private void records(StateStore store, List<String> wrong) {
        Set<String> done = new HashSet<>();
        List<String> once = new ArrayList<>();
        store.replay(run(), entry -> {
            try {
                JsonNode record = new ObjectMapper().readTree(entry.payload());
                String step = record.path("step").asText();
                if (!record.has("step")) {
                    once.add(record.path("kind").asText());
                }
                if (record.path("kind").asText().equals("STEP_DONE") && !done.add(step)) {
                    wrong.add("twice on record as done: " + step);
                }
                if (record.path("kind").asText().equals("STEP_STARTED")
                        && !done.containsAll(FolderRestorer.STEPS.subList(0, FolderRestorer.STEPS.indexOf(step)))) {
                    wrong.add("started before the steps before it were on record: " + step);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        if (!once.equals(List.of("BEGUN", "COMPARED", "RECORDED"))) {
            wrong.add("besides the steps there is on record " + once);
        }
        if (!done.equals(new HashSet<>(FolderRestorer.STEPS))) {
            wrong.add("on record as done are only " + done);
        }
    }
}
