package com.cybernance.continuity.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFilesTest {
    private static final Pattern VALUE = Pattern.compile("\"value\":\"([^\"]+)\"");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestKeys keys;

    @BeforeEach
    void begin() throws IOException {
        keys = TestKeys.make(temporary);
    }

    private static FailureKind kind(ThrowingCallable act) {
        try {
            act.call();
        } catch (ContinuityException e) {
            return e.kind();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("nothing was refused");
    }

    @Test
    void madeKeys_areReadableByTheirOwnerAlone() throws IOException {
        for (Path each : List.of(keys.online(), keys.recoveryPublic(), keys.recoveryPrivate())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                    .isEqualTo("rw-------");
        }
        assertThat(Files.readString(keys.recoveryPublic()))
                .contains("HpkePublicKey")
                .doesNotContain("Private");
    }

    @Test
    void fileThatOthersMayRead_isRefused() throws IOException {
        for (String permissions : List.of("rw-r-----", "rw----r--", "rw--w----", "rwx--x---")) {
            for (Path each : List.of(keys.online(), keys.recoveryPublic())) {
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString(permissions));
                assertThatThrownBy(keys::ring)
                        .hasMessageContaining(each + " has the permissions " + permissions)
                        .hasMessageContaining("chmod 600");
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rw-------"));
            }
        }
        Files.setPosixFilePermissions(keys.recoveryPrivate(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(keys::recovery).hasMessageContaining("has the permissions rw-r--r--");
    }

    @Test
    void platform_refusesThePrivateRecoveryKey_andEveryOtherMixUp() {
        assertThatThrownBy(() -> LocalKeyRing.open(keys.online(), keys.recoveryPrivate()))
                .hasMessageContaining("holds a key that is not of the kind public HPKE");
        assertThat(kind(() -> LocalKeyRing.open(keys.recoveryPublic(), keys.online())))
                .isEqualTo(FailureKind.MISCONFIGURED);
        assertThat(kind(() -> RecoveryKeyRing.open(keys.recoveryPublic()))).isEqualTo(FailureKind.MISCONFIGURED);
        assertThat(kind(() -> RecoveryKeyRing.open(keys.online()))).isEqualTo(FailureKind.MISCONFIGURED);
        assertThat(kind(() -> RecoveryKeyRing.open(temporary.resolve("none")))).isEqualTo(FailureKind.NOT_FOUND);
    }

    @Test
    void keys_areNeverOverwritten_norMadeBesideTheirOpposite() {
        assertThat(kind(() -> KeyFiles.make(keys.online(), keys.recoveryPublic(), keys.recoveryPrivate())))
                .isEqualTo(FailureKind.CONFLICT);
        Path platform = keys.online().resolveSibling("other");
        assertThatThrownBy(() -> KeyFiles.make(platform, platform.resolveSibling("b"), platform.resolveSibling("c")))
                .hasMessageContaining("beside what the platform uses");
        assertThat(platform).doesNotExist();
    }

    @Test
    void rotate_keepsWhatWasThere_andSealsAnew() throws IOException {
        LocalKeyRing before = keys.ring();
        String old = before.sealsFor().get(0);
        byte[] wrapped = before.wrap(old, new byte[10], new byte[3]);

        KeyFiles.rotate(keys.online());

        LocalKeyRing after = keys.ring();
        assertThat(after.sealsFor().get(0)).isNotEqualTo(old);
        assertThat(after.unwrap(old, wrapped, new byte[3])).isEqualTo(new byte[10]);
        assertThat(keys.online().resolveSibling("online.json.draft")).doesNotExist();
    }

    /** A key that was lost between two changes takes with it what was sealed in between. */
    @Test
    void rotations_atOnce_loseNoKey() throws InterruptedException {
        Set<String> sealing = ConcurrentHashMap.newKeySet();
        AtomicInteger rotated = new AtomicInteger();
        Set<FailureKind> refusals = ConcurrentHashMap.newKeySet();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                for (int j = 0; j < 10; j++) {
                    try {
                        KeyFiles.rotate(keys.online());
                        rotated.incrementAndGet();
                        sealing.add(keys.ring().sealsFor().get(0));
                    } catch (ContinuityException e) {
                        refusals.add(e.kind());
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread each : threads) {
            each.join();
        }

        LocalKeyRing ring = keys.ring();
        assertThat(refusals).isSubsetOf(FailureKind.CONFLICT);
        assertThat(rotated.get()).isPositive();
        assertThat(sealing).isNotEmpty().allMatch(ring::opens);
        assertThat(ring.toString().split("online-", -1)).hasSize(1 + 1 + (1 + rotated.get()));
    }

    /** A platform that starts again has made no keys before it opens them. */
    @Test
    void ring_openedAsTheFirstActOfAProcess_knowsTheKindsOfItsKeys() throws Exception {
        Process child = rotating(0);

        assertThat(child.inputReader(StandardCharsets.UTF_8).lines()).containsExactly("done");
        assertThat(child.waitFor()).isZero();
    }

    /** As with threads, but where no lock within a process can help. */
    @Test
    void rotations_ofTwoProcessesAtOnce_loseNoKey() throws Exception {
        int each = 8;
        List<Process> children = List.of(rotating(each), rotating(each));
        Set<String> sealing = new HashSet<>();
        for (Process child : children) {
            List<String> said =
                    child.inputReader(StandardCharsets.UTF_8).lines().toList();
            assertThat(child.waitFor()).isZero();
            assertThat(said).hasSize(each + 1).endsWith("done");
            sealing.addAll(said.subList(0, each));
        }

        LocalKeyRing ring = keys.ring();
        assertThat(sealing).isNotEmpty().allMatch(ring::opens);
        assertThat(ring.toString().split("online-", -1)).hasSize(1 + 1 + (1 + 2 * each));
    }

    private Process rotating(int times) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RotatingChild.class.getName(),
                        keys.online().toString(),
                        keys.recoveryPublic().toString(),
                        Integer.toString(times))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void disable_namesWhatItCannotDo() {
        String old = keys.ring().sealsFor().get(0);
        assertThatThrownBy(() -> KeyFiles.disable(keys.online(), old))
                .hasMessageContaining("key " + old + " cannot be disabled: it is the one that seals");
        assertThat(kind(() -> KeyFiles.disable(keys.online(), "online-00000000")))
                .isEqualTo(FailureKind.NOT_FOUND);
        KeyFiles.rotate(keys.online());
        KeyFiles.disable(keys.online(), old);
        LocalKeyRing ring = keys.ring();
        assertThat(ring.opens(old)).isFalse();
        assertThatThrownBy(() -> ring.unwrap(old, new byte[40], new byte[0]))
                .hasMessageContaining("key " + old + " is disabled in this key ring");
    }

    @Test
    void secrets_appearNowhere() throws IOException {
        List<String> secrets = new ArrayList<>();
        for (Path each : List.of(keys.online(), keys.recoveryPrivate())) {
            Matcher values = VALUE.matcher(Files.readString(each));
            while (values.find()) {
                secrets.add(values.group(1));
            }
        }
        assertThat(secrets).hasSize(2);
        StringWriter said = new StringWriter();
        PrintWriter to = new PrintWriter(said, true);
        LocalKeyRing ring = keys.ring();
        RecoveryKeyRing recovery = keys.recovery();
        to.println(ring);
        to.println(recovery);
        for (Path each : List.of(keys.online(), keys.recoveryPrivate())) {
            String good = Files.readString(each);
            for (String broken : List.of(
                    good.substring(0, good.length() / 2),
                    good.replace("\"value\":\"", "\"value\":\"!"),
                    good.replace("\"keyData\":{", "\"keyData\":[").replace("}", "]"),
                    good.replace("ENABLED", "UNKNOWN"),
                    good.replace("\"keyMaterialType\":\"", "\"keyMaterialType\":\"" + secrets.get(0)),
                    good.replaceAll("\"primaryKeyId\":[0-9]+", "\"primaryKeyId\":1"))) {
                Files.writeString(each, broken);
                tell(to, keys::ring);
                tell(to, keys::recovery);
            }
            Files.writeString(each, good);
        }
        byte[] wrapped = ring.wrap(ring.sealsFor().get(0), new byte[9], new byte[0]);
        tell(to, () -> ring.unwrap(ring.sealsFor().get(0), wrapped, new byte[1]));
        tell(to, () -> ring.unwrap(ring.sealsFor().get(1), wrapped, new byte[1]));
        tell(to, () -> recovery.unwrap(ring.sealsFor().get(1), wrapped, new byte[1]));
        tell(to, () -> ring.wrap("another", wrapped, wrapped));

        assertThat(said.toString()).contains("is no keyset of Tink in JSON").contains("does not open with it");
        for (String each : secrets) {
            for (int at = 0; at + 8 <= each.length(); at += 4) {
                assertThat(said.toString()).doesNotContain(each.substring(at, at + 8));
            }
        }
    }

    /** All that a log would show. */
    private static void tell(PrintWriter to, ThrowingCallable act) {
        try {
            act.call();
        } catch (Throwable e) {
            assertThat(e).isInstanceOf(ContinuityException.class);
            e.printStackTrace(to);
        }
    }
}
