package com.cybernance.continuity.examples.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.Sink;
import com.cybernance.continuity.testkit.RestorePointContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// snippet:contract
class FolderTargetTest extends RestorePointContract {
    @TempDir
    Path folder;

    @TempDir
    Path unmounted;

    @BeforeEach
    void writeTwoDumps() throws IOException {
        write("orders-2026-11-22T02-00Z.dump");
        write("orders-2026-11-23T02-00Z.dump");
    }

    @Override
    protected BackupTarget target() {
        return new FolderTarget(TargetId.of("folder:orders"), folder);
    }

    @Override
    protected Optional<BackupTarget> brokenTarget() {
        return Optional.of(new FolderTarget(TargetId.of("folder:unmounted"), unmounted));
    }
    // end

    @Test
    void look_findsTheMomentThatTheNameTells() {
        assertThat(new Saw().found)
                .extracting(RestorePoint::latest)
                .containsExactlyInAnyOrder(
                        Instant.parse("2026-11-22T02:00:00Z"), Instant.parse("2026-11-23T02:00:00Z"));
    }

    // snippet:strange
    @Test
    void look_atANameThatItCannotRead_isBlindForItAndNotComplete() throws IOException {
        write("orders-2026-02-30T02-00Z.dump");

        Saw saw = new Saw();

        assertThat(saw.found).hasSize(2);
        assertThat(saw.blind).containsExactly("orders-2026-02-30T02-00Z.dump");
        assertThat(saw.complete).isEmpty();
    }
    // end

    @Test
    void look_atADumpThatIsBeingWritten_doesNotCountItYet() throws IOException {
        write("orders-2026-11-24T02-00Z.dump.part");

        Saw saw = new Saw();

        assertThat(saw.found).hasSize(2);
        assertThat(saw.complete).containsExactly(Sink.ALL);
    }

    @Test
    void look_atAMissingFolder_failsAsUnreachable_namingIt() {
        Path gone = folder.resolve("gone");

        assertThatThrownBy(() -> new Saw(new FolderTarget(TargetId.of("folder:gone"), gone)))
                .isInstanceOf(ContinuityException.class)
                .hasMessageContaining("no dump in " + gone)
                .extracting(thrown -> ((ContinuityException) thrown).kind())
                .isEqualTo(FailureKind.UNREACHABLE);
    }

    // snippet:empty
    @Test
    void look_atTheEmptyFolderOfAnUnmountedDisk_failsAsUnreachable() {
        assertThatThrownBy(() -> new Saw(new FolderTarget(TargetId.of("folder:unmounted"), unmounted)))
                .isInstanceOf(ContinuityException.class)
                .hasMessageContaining("no dump in " + unmounted)
                .extracting(thrown -> ((ContinuityException) thrown).kind())
                .isEqualTo(FailureKind.UNREACHABLE);
    }
    // end

    @Test
    void look_atAFolderInWhichNoDumpIsWholeYet_failsAsUnreachable() throws IOException {
        Files.writeString(unmounted.resolve("orders-2026-11-24T02-00Z.dump.part"), "half a dump");

        assertThatThrownBy(() -> new Saw(new FolderTarget(TargetId.of("folder:first"), unmounted)))
                .isInstanceOf(ContinuityException.class)
                .hasMessageContaining("no dump in " + unmounted);
    }

    @Test
    void provider_isUnderFortyLines() throws IOException {
        Path source = Path.of("src/main/java", FolderTarget.class.getName().replace('.', '/') + ".java");

        assertThat(Files.readAllLines(source)).hasSizeLessThan(40);
    }

    private void write(String name) throws IOException {
        Files.writeString(folder.resolve(name), "a dump");
    }

    /** What one look said. */
    private final class Saw implements Sink<RestorePoint> {
        private final List<RestorePoint> found = new ArrayList<>();
        private final List<String> blind = new ArrayList<>();
        private final List<String> complete = new ArrayList<>();

        Saw() {
            this(new FolderTarget(TargetId.of("folder:orders"), folder));
        }

        Saw(FolderTarget target) {
            target.look(() -> Duration.ofSeconds(1), this);
        }

        @Override
        public void found(RestorePoint fact) {
            found.add(fact);
        }

        @Override
        public void blind(String scope, FailureKind kind, String why) {
            blind.add(scope);
        }

        @Override
        public void complete(String scope) {
            complete.add(scope);
        }

        @Override
        public void asked(Observation observation) {
            assertThat(observation.operation()).isEqualTo("list");
        }
    }
}
