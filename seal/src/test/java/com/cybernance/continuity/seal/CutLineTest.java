package com.cybernance.continuity.seal;

import static com.cybernance.continuity.seal.Content.random;
import static com.cybernance.continuity.seal.Content.read;
import static com.cybernance.continuity.seal.Content.write;
import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.seal.CuttingVault.When;
import com.cybernance.continuity.spi.KeyRing;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every call to the vault is cut once, before and after its effect. What is listed opens; what is not is not trusted. */
class CutLineTest {
    private static final byte[] FIRST = random(600_000, 1);
    private static final byte[] SECOND = random(10, 2);

    @SuppressWarnings("NullAway.Init") // set before the tests
    private static TestKeys keys;

    @SuppressWarnings("NullAway.Init") // set before the tests
    private static KeyRing online;

    @SuppressWarnings("NullAway.Init") // set before the tests
    private static KeyRing rotated;

    @BeforeAll
    static void make(@TempDir Path temporary) throws IOException {
        keys = TestKeys.make(temporary);
        online = keys.ring();
        KeyFiles.rotate(keys.online());
        rotated = keys.ring();
    }

    /** Seals two objects, reads, lists, rewraps: each kind of call that a sealed vault makes. */
    private static void work(Vault inner, List<String> done) {
        SealedVault vault = SealedVault.around(inner, online);
        write(vault, "a/first", FIRST);
        done.add("a/first");
        write(vault, "a/second", SECOND);
        done.add("a/second");
        SealedVault renewed = SealedVault.around(inner, rotated);
        renewed.rewrap("a/first");
        assertThat(Content.names(renewed, "")).containsExactly("a/first", "a/second");
        Content.Reading reading = Content.tryRead(renewed, "a/first");
        assertThat(reading.released()).isEqualTo(Arrays.copyOf(FIRST, reading.released().length));
        if (reading.failure() != null) {
            throw reading.failure();
        }
    }

    @Test
    void eachListedObject_opens_afterEachCut() {
        CuttingVault whole = new CuttingVault(new MemoryVault(), 0, When.BEFORE);
        work(whole, new ArrayList<>());
        assertThat(whole.calls()).isGreaterThan(25);

        int cuts = 0;
        for (When when : When.values()) {
            for (int call = 1; call <= whole.calls(); call++) {
                MemoryVault memory = new MemoryVault();
                List<String> done = new ArrayList<>();
                try {
                    work(new CuttingVault(memory, call, when), done);
                    throw new AssertionError("call " + call + " was cut and nobody noticed");
                } catch (ContinuityException e) {
                    assertThat(e.kind()).isEqualTo(FailureKind.UNREACHABLE);
                    cuts++;
                }
                inspect(memory, done, "cut %s call %d".formatted(when, call));
            }
        }
        assertThat(cuts).isEqualTo(2 * whole.calls());
    }

    private static void inspect(MemoryVault memory, List<String> done, String how) {
        for (KeyRing ring : List.of(online, rotated, keys.recovery())) {
            SealedVault vault = SealedVault.around(memory, ring);
            List<String> listed = Content.names(vault, "");
            assertThat(listed).as(how).containsAll(done);
            for (String each : listed) {
                assertThat(read(vault, each)).as(how).isEqualTo(each.equals("a/first") ? FIRST : SECOND);
            }
        }
        SealedVault vault = SealedVault.around(memory, rotated);
        for (String each : List.of("a/first", "a/second")) {
            if (vault.find(each).isEmpty()) {
                byte[] anew = random(70_000, 9);
                write(vault, each, anew);
                assertThat(read(vault, each)).as(how).isEqualTo(anew);
            }
        }
    }
}
