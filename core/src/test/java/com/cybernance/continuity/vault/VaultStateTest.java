package com.cybernance.continuity.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.Count;
import com.cybernance.continuity.internal.disk.InlineExecutor;
import com.cybernance.continuity.internal.disk.SimulatedDisk;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Vault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is particular to records in a vault: fencing, loss, crashes. */
class VaultStateTest {
    private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");
    private static final Path ROOT = SimulatedDisk.ROOT.resolve("vault");
    private static final String RECORD = "state/streams/runs/record/%019d";

    private final SimulatedDisk disk = new SimulatedDisk(new Random(3));
    private final DirectoryVault vault = vault(disk);
    private final DirectoryVaultKeeper keeper =
            new DirectoryVaultKeeper(new VaultRoot("v", ROOT, disk, 1_000), () -> NOW, new InlineExecutor());

    private static DirectoryVault vault(SimulatedDisk disk) {
        DirectoryVault vault =
                new DirectoryVault(new VaultRoot("v", ROOT, disk, 1_000), () -> NOW, new InlineExecutor());
        vault.initialize();
        return vault;
    }

    private static StateStore store(Vault vault) {
        return VaultState.in(vault, "state");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> replay(Vault vault) {
        List<String> found = new ArrayList<>();
        store(vault).replay("runs", entry -> found.add(new String(entry.payload(), StandardCharsets.UTF_8)));
        return found;
    }

    private static ContinuityException failure(Runnable act) {
        return catchThrowableOfType(ContinuityException.class, act::run);
    }

    @Test
    void writerOfAnOlderEpoch_isToldWhoTookTheLease() {
        StateStore.Writer first = store(vault).open("runs");
        first.append(bytes("a"));
        StateStore.Writer second = store(vault).open("runs");

        assertThat(failure(() -> first.append(bytes("b"))))
                .hasMessageContaining("stream 'runs' in vault 'v': its lease was taken over by process ")
                .hasMessageContaining("epoch 2")
                .extracting(ContinuityException::kind)
                .isEqualTo(FailureKind.CONFLICT);
        assertThat(second.append(bytes("b")).sequence()).isEqualTo(2);
        assertThat(replay(vault)).containsExactly("a", "b");
    }

    /** An older writer that looked for a newer epoch just before there was one. */
    @Test
    void recordThatAnOlderWriterAppendsLate_refusesTheNewerOneAndIsShown() {
        StateStore.Writer first = store(vault).open("runs");
        String hash = first.append(bytes("a")).hash();
        StateStore.Writer second = store(vault).open("runs");
        VaultStream.put(vault, RECORD.formatted(2), VaultRecord.of(2, 1, hash, bytes("late")));

        assertThat(failure(() -> second.append(bytes("b"))))
                .hasMessageContaining("record 2 was appended by another writer")
                .extracting(ContinuityException::kind)
                .isEqualTo(FailureKind.CONFLICT);
        assertThat(failure(() -> second.append(bytes("b")))).hasMessageContaining("takes no more records");
        assertThat(store(vault).open("runs").append(bytes("b")).sequence()).isEqualTo(3);
        assertThat(replay(vault)).containsExactly("a", "late", "b");
    }

    private void fill() {
        for (int i = 1; i <= 2; i++) {
            try (StateStore.Writer writer = store(vault).open("runs")) {
                writer.append(bytes("x" + i));
                writer.append(bytes("y" + i));
            }
        }
    }

    @Test
    void recordThatIsMissing_isNoticed() {
        fill();
        keeper.delete(RECORD.formatted(3));

        for (Runnable act :
                List.<Runnable>of(() -> replay(vault), () -> store(vault).open("runs"))) {
            assertThat(failure(act))
                    .hasMessageContaining("stream 'runs' in vault 'v': record 3 is missing")
                    .extracting(ContinuityException::kind)
                    .isEqualTo(FailureKind.CORRUPT);
        }
    }

    @Test
    void endThatTheLastTakerSaw_cannotBeLostUnnoticed() {
        fill();
        for (int sequence = 4; sequence >= 2; sequence--) {
            keeper.delete(RECORD.formatted(sequence));
            if (sequence > 2) {
                // Nobody has noted these two but their writer.
                assertThat(replay(vault)).hasSize(sequence - 1);
            }
        }
        assertThat(failure(() -> replay(vault))).hasMessageContaining("record 2 is missing");
    }

    @Test
    void recordThatWasReplacedByAnother_isNoticed() {
        fill();
        keeper.delete(RECORD.formatted(2));
        VaultStream.put(vault, RECORD.formatted(2), VaultRecord.of(2, 1, VaultRecord.origin("runs"), bytes("forged")));

        assertThat(failure(() -> replay(vault)))
                .hasMessageContaining("expected record 2 to follow a record of hash")
                .extracting(ContinuityException::kind)
                .isEqualTo(FailureKind.CORRUPT);
    }

    @Test
    void streamOfAnotherName_isNoRecordOfThisOne() {
        fill();
        byte[] first = VaultCrashSimulation.read(vault, RECORD.formatted(1));
        store(vault).open("evidence");
        VaultStream.put(vault, RECORD.formatted(1).replace("runs", "evidence"), first);

        assertThat(failure(() -> store(vault).replay("evidence", each -> {})))
                .hasMessageContaining("expected record 1 to follow a record of hash")
                .extracting(ContinuityException::kind)
                .isEqualTo(FailureKind.CORRUPT);
    }

    @Test
    void prefixThatIsTooDeep_isRefused() {
        assertThat(failure(() -> VaultState.in(vault, "a/b/c/d/e")))
                .hasMessageContaining("at most 4 parts")
                .extracting(ContinuityException::kind)
                .isEqualTo(FailureKind.MISCONFIGURED);
    }

    /** After every change of the disk the power fails; what was acknowledged comes back, and the next writer goes on. */
    @Test
    void powerFailure_afterAnyChange_losesNothingAcknowledged() {
        int each = Count.of(200);
        long seed = Count.seeds()[Count.seeds().length - 1];
        Random random = new Random(seed);
        List<String> acknowledged = new ArrayList<>();
        int[] states = {0};
        disk.witness(() -> {
            for (int i = 0; i < each; i++) {
                states[0]++;
                assertGoesOn(vault(disk.afterCrash(random)), acknowledged);
            }
        });
        for (int life = 0; life < 2; life++) {
            try (StateStore.Writer writer = store(vault).open("runs")) {
                for (String payload : List.of("a", "b".repeat(1_500))) {
                    writer.append(bytes(payload));
                    acknowledged.add(payload);
                }
            }
        }
        Count.say("crash states of a stream in a vault: " + states[0] + ", seed " + seed);
        assertThat(states[0]).isGreaterThan(80 * each);
    }

    private static void assertGoesOn(Vault vault, List<String> acknowledged) {
        List<String> found = replay(vault);
        assertThat(found).hasSizeBetween(acknowledged.size(), acknowledged.size() + 1);
        assertThat(found.subList(0, acknowledged.size())).isEqualTo(acknowledged);
        try (StateStore.Writer writer = store(vault).open("runs")) {
            assertThat(writer.append(bytes("next")).sequence()).isEqualTo(found.size() + 1);
        }
        assertThat(replay(vault)).hasSize(found.size() + 1).endsWith("next");
    }
}
