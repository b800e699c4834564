package com.cybernance.continuity.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.internal.disk.DelegatingDisk;
import com.cybernance.continuity.internal.disk.Disk;
import com.cybernance.continuity.internal.disk.InlineExecutor;
import com.cybernance.continuity.internal.disk.SimulatedDisk;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An object that is forced part by part while it is written, and read back behind that. */
class LongObjectTest {
    private static final Path ROOT = SimulatedDisk.ROOT.resolve("vault");
    private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");
    private static final int BUFFER = 50;
    private static final int PART = 64 * BUFFER;

    private final SimulatedDisk disk = new SimulatedDisk(new Random(1));
    private final byte[] content = new byte[4 * PART + 123];

    LongObjectTest() {
        new Random(2).nextBytes(content);
        vault(disk).initialize();
    }

    private static DirectoryVault vault(Disk disk) {
        return new DirectoryVault(new VaultRoot("v", ROOT, disk, BUFFER), () -> NOW, new InlineExecutor());
    }

    private void put(Vault vault) throws IOException {
        try (Vault.Draft draft = vault.create("a")) {
            draft.write(content);
            draft.commit();
        }
    }

    @Test
    void eachPart_isForcedBeforeItIsReadBack_andAllOfItBeforeTheEnd() throws IOException {
        List<String> acts = new ArrayList<>();
        put(vault(new DelegatingDisk(disk) {
            @Override
            protected void force(Handle handle, Path path) throws IOException {
                if (path.endsWith("content")) {
                    acts.add("force " + handle.size());
                }
                super.force(handle, path);
            }

            @Override
            protected void look(String act, Path path) {
                if (act.equals("open") && path.endsWith("content")) {
                    acts.add(act);
                }
            }
        }));

        assertThat(acts)
                .containsExactly(
                        "force " + PART,
                        "open",
                        "force " + 2 * PART,
                        "force " + 3 * PART,
                        "force " + 4 * PART,
                        "force " + content.length);
        assertThat(VaultCrashSimulation.read(vault(disk), "a")).isEqualTo(content);
    }

    /** One byte of each part in turn: the disk says that it has forced the part, and keeps something else. */
    @Test
    void partThatTheDiskKeptInAnotherWay_isFoundByReadingBack() throws IOException {
        for (int part = 0; part <= 4; part++) {
            for (int at : new int[] {part * PART, Math.min((part + 1) * PART, content.length) - 1}) {
                SimulatedDisk below = disk.copy();
                int forces = part;
                Disk lying = new DelegatingDisk(below) {
                    private int left = forces;

                    @Override
                    protected void force(Handle handle, Path path) throws IOException {
                        if (path.endsWith("content") && left-- == 0) {
                            below.content(path).bytes[at] ^= 1;
                        }
                        super.force(handle, path);
                    }
                };

                assertThatThrownBy(() -> put(vault(lying)))
                        .as("byte %d", at)
                        .isInstanceOf(ContinuityException.class)
                        .hasMessageContaining("read back");
                assertThat(vault(below).find("a")).isEmpty();
            }
        }
    }

    @Test
    void anyCallOfIt_refused_leavesNoObject() throws IOException {
        int refused = 0;
        for (boolean met = true; met; refused++) {
            SimulatedDisk below = disk.copy();
            int at = refused;
            Refusing refusing = new Refusing(below, at);
            try {
                put(vault(refusing));
            } catch (ContinuityException e) {
                assertThat(e).hasMessageContaining("vault 'v'");
            }
            met = refusing.left < 0;
            if (vault(below).find("a").isPresent()) {
                assertThat(VaultCrashSimulation.read(vault(below), "a")).isEqualTo(content);
            }
        }
        // It is written in 259 buffers alone.
        assertThat(refused).isGreaterThan(259);
    }

    private static final class Refusing extends DelegatingDisk {
        private int left;

        Refusing(Disk disk, int left) {
            super(disk);
            this.left = left;
        }

        @Override
        protected void before(String act, Path where) throws IOException {
            look(act, where);
        }

        @Override
        protected void look(String act, Path where) throws IOException {
            if (left-- == 0) {
                throw new IOException("Input/output error");
            }
        }
    }
}
