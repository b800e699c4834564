package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.state.DirectoryStateStore;
import java.nio.file.Path;
import java.time.Duration;

/** A process to be killed: restores a folder, or goes on where the process before it was killed, and says so at the end. */
final class RestoringChild {
    private RestoringChild() {}

    /** Argument: the folder's world. */
    public static void main(String[] args) {
        Path root = Path.of(args[0]);
        FolderWorld world = FolderWorld.open(root);
        try (StateStore store = DirectoryStateStore.open(root.resolve("state"))) {
            FolderRestorer folder = world.restorer();
            Timing system = Timing.system();
            Timing timing = new Timing(
                    system.clock(),
                    system.ticker(),
                    system.pause(),
                    system.stepWithin(),
                    system.runWithin(),
                    Duration.ofMillis(10));
            RestoreRunner runner = new RestoreRunner(store, folder, folder, timing);
            DrillRecord drill = RunLog.unfinished(store).contains(world.run())
                    ? runner.resume(world.run())
                    : runner.run(world.plan(), world.approval());
            System.out.println(drill.passed() ? "passed" : "failed " + drill);
        }
    }
}
