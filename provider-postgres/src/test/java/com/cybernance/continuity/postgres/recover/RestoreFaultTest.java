package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that says no, once, at every single call of a restore; and the power that goes there. */
class RestoreFaultTest {
    /** In a plain build only some of the calls, others each time. */
    private static final int STRIDE = Seeds.runs(20) == 20 ? 1 : 12;

    private static final List<String> STEPS = List.of("check", "base", "log");

    private final SmallBackup small = new SmallBackup();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void fullDisk_atAnyCall_isNamed_andALaterRunSucceeds() throws Exception {
        int calls = everyCall(true, STRIDE, UnaryOperator.identity(), Seeds.of(1));

        System.out.printf("%d calls refused by a full disk%n", calls);
        assertThat(calls * STRIDE).isGreaterThan(100);
    }

    @Test
    void powerCut_atAnyCall_losesNothingThatWasAcknowledged() {
        int[] calls = new int[1];
        Seeds.check(2, seeds -> calls[0] += everyCall(false, STRIDE, UnaryOperator.identity(), seeds));

        System.out.printf("%d calls cut%n", calls[0]);
        assertThat(calls[0] * STRIDE).isGreaterThan(100);
    }

    @Test
    void plantedBug_aDirectoryOrAFileThatIsNotForced_isFound() {
        for (boolean files : List.of(true, false)) {
            assertThatThrownBy(() -> {
                        for (int round = 0; round < 5; round++) {
                            everyCall(false, 1, disk -> new Forgetful(disk, files), Seeds.of(round));
                        }
                    })
                    .as(files ? "files are never forced" : "directories are never forced")
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("after");
        }
    }

    /** Restores over and over, and each time a later call says no. Returns how many did. */
    private int everyCall(boolean full, int stride, UnaryOperator<RestoreDisk> planted, Seeds seeds) throws Exception {
        Map<String, String> wanted = restoreUndisturbed();
        int refused = 0;
        for (int at = seeds.between(0, stride - 1); ; at += stride) {
            MemoryVault vault = small.vault.copy("north");
            Path destination = Files.createTempDirectory(directory, "fault").resolve("restored");
            RestoreRequest request = small.request(destination);
            CuttingRestoreDisk disk = new CuttingRestoreDisk(seeds, full, at);
            List<String> acknowledged = new ArrayList<>();
            String failure = work(planted.apply(disk), vault, request, acknowledged, true);
            if (disk.met().isEmpty()) {
                assertThat(failure).isEmpty();
                return refused;
            }
            refused++;
            assertThat(failure)
                    .as("refused: " + disk.met())
                    .contains(full ? "No space left on device" : "the disk was cut off")
                    .contains(full ? "make room on that disk" : "begin the step again");
            assertThat(vault.objects()).as("the vault").isEqualTo(small.vault.objects());
            if (!full) {
                disk.losePower();
            }
            assertGoesOn(vault, request, acknowledged, wanted, "%s, call %d: %s".formatted(seeds, at, disk.met()));
        }
    }

    private void assertGoesOn(
            MemoryVault vault,
            RestoreRequest request,
            List<String> acknowledged,
            Map<String, String> wanted,
            String when)
            throws Exception {
        Path destination = Path.of(request.destination());
        PostgresRestorer later =
                SmallBackup.restorer(vault, new LocalRestoreDisk()).build();
        if (!acknowledged.contains("discard")) {
            for (String step : STEPS) {
                if (acknowledged.contains(step)) {
                    assertThat(later.poll("run", request, step).state())
                            .as("step %s, acknowledged before, after %s", step, when)
                            .isEqualTo(Progress.State.DONE);
                }
            }
            assertThat(work(new LocalRestoreDisk(), vault, request, new ArrayList<>(), false))
                    .as("after " + when)
                    .isEmpty();
            assertThat(tree(destination)).as("restored after " + when).isEqualTo(wanted);
        }
        later.discard("run", request);
        if (Files.exists(destination)) {
            assertThat(destination).as("discarded after " + when).isEmptyDirectory();
        }
        Trees.delete(new LocalRestoreDisk(), destination.resolveSibling(""));
    }

    private Map<String, String> restoreUndisturbed() throws IOException {
        Path destination = Files.createTempDirectory(directory, "whole").resolve("restored");
        RestoreRequest request = small.request(destination);
        assertThat(work(new LocalRestoreDisk(), small.vault, request, new ArrayList<>(), false))
                .isEmpty();
        return tree(destination);
    }

    /** Everything that writes, up to the server's start. Returns how it failed; {@code ""} when it did not. */
    static String work(
            RestoreDisk disk, Vault vault, RestoreRequest request, List<String> acknowledged, boolean discarding) {
        PostgresRestorer restorer = SmallBackup.restorer(vault, disk).build();
        try {
            for (String step : STEPS) {
                restorer.begin("run", request, step, Map.of());
                Progress progress = Source.ended(restorer, "run", request, step);
                if (progress.state() != Progress.State.DONE) {
                    return progress.detail();
                }
                acknowledged.add(step);
            }
            Destination destination = Destination.of(request.destination(), "run", disk);
            new ServerSettings(destination, Map.of(), List.of("host all all 127.0.0.1/32 reject"))
                    .write(
                            SmallBackup.target(),
                            BaseStep.control(destination),
                            destination.notes().resolve("fetch.sh"));
            if (discarding) {
                acknowledged.add("discard");
                restorer.discard("run", request);
            }
            return "";
        } catch (ContinuityException e) {
            return String.valueOf(e.getMessage());
        } catch (IOException e) {
            return String.valueOf(Words.of("writing the settings", e).getMessage());
        }
    }

    /** Every file by its content, every link by where it leads, every directory; without what the run notes for itself. */
    static Map<String, String> tree(Path root) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path each : all.toList()) {
                String name = root.relativize(each).toString();
                if (name.startsWith("restore-run")) {
                    continue;
                }
                if (Files.isSymbolicLink(each)) {
                    tree.put(name, "-> " + root.relativize(Files.readSymbolicLink(each)));
                } else if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                    tree.put(name, "directory");
                } else {
                    String content = name.equals("data/postgresql.conf")
                            ? Files.readString(each).replace(root.toString(), "")
                            : MemoryVault.sha256(Files.readAllBytes(each));
                    tree.put(name, content);
                }
            }
        }
        return tree;
    }

    /** A restorer that forgets to force what is in the data directory, as the disk sees it. */
    private record Forgetful(RestoreDisk disk, boolean files) implements RestoreDisk {
        @Override
        public void createDirectory(Path path) throws IOException {
            disk.createDirectory(path);
        }

        @Override
        public Output create(Path file) throws IOException {
            Output output = disk.create(file);
            return files && file.toString().contains("/data/") ? new Unforced(output) : output;
        }

        @Override
        public void link(Path link, Path to) throws IOException {
            disk.link(link, to);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            disk.move(from, to);
        }

        @Override
        public void delete(Path path) throws IOException {
            disk.delete(path);
        }

        @Override
        public void forceDirectory(Path path) throws IOException {
            if (files || !path.toString().contains("/data/")) {
                disk.forceDirectory(path);
            }
        }
    }

    private record Unforced(RestoreDisk.Output output) implements RestoreDisk.Output {
        @Override
        public void write(long position, byte[] from, int offset, int length) throws IOException {
            output.write(position, from, offset, length);
        }

        @Override
        public void read(long position, byte[] into, int length) throws IOException {
            output.read(position, into, length);
        }

        @Override
        public void force() {}

        @Override
        public void close() throws IOException {
            output.close();
        }
    }
}
