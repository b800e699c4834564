package com.cybernance.continuity.seal;

import static com.cybernance.continuity.seal.Content.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Objects that format version 1 sealed, with keys that protect nothing. Every later release opens them; the files are
 * never made anew. {@code golden/large} was rewrapped for a second key.
 */
class GoldenFilesTest {
    private static final Pattern KEY = Pattern.compile("\"value\":\"([^\"]+)\".*?\"keyId\":([0-9]+)");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    private final MemoryVault memory = new MemoryVault();

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestKeys keys;

    static byte[] content(int length) {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = (byte) (i * 31 + i / 251);
        }
        return content;
    }

    @BeforeEach
    void load() throws IOException, URISyntaxException {
        URL found = GoldenFilesTest.class.getResource("/seal/v1/online.json");
        if (found == null) {
            throw new AssertionError("the golden files are gone");
        }
        Path golden = Path.of(found.toURI()).resolveSibling(".").normalize();
        Path vault = golden.resolve("vault");
        try (Stream<Path> all = Files.walk(vault)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                memory.put(vault.relativize(each).toString(), Files.readAllBytes(each));
            }
        }
        keys = new TestKeys(copy(golden, "online"), copy(golden, "recovery-public"), copy(golden, "recovery-private"));
    }

    private Path copy(Path golden, String name) throws IOException {
        Path copy = Files.copy(golden.resolve(name + ".json"), temporary.resolve(name + ".json"));
        return Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void objectsOfVersionOne_open() {
        for (SealedVault vault :
                List.of(SealedVault.around(memory, keys.ring()), SealedVault.around(memory, keys.recovery()))) {
            assertThat(Content.names(vault, "")).containsExactly("golden/empty", "golden/large");
            assertThat(read(vault, "golden/empty")).isEmpty();
            assertThat(read(vault, "golden/large")).isEqualTo(content(70_000));
            assertThat(vault.keysOf("golden/empty")).containsExactly("online-3198bfae", "recovery-464455c1");
            assertThat(vault.keysOf("golden/large")).containsExactly("online-5f115444", "recovery-464455c1");
        }
    }

    /** Reads with the page alone. */
    @Test
    void formatPage_sufficesToOpenThem() throws Exception {
        byte[] secret = Arrays.copyOfRange(value(keys.recoveryPrivate(), "recovery-464455c1"), 46, 78);
        byte[] open = Arrays.copyOfRange(value(keys.recoveryPublic(), "recovery-464455c1"), 10, 42);
        StrangerReader.Unwrap recovery = StrangerReader.recovery(secret, open);

        for (String name : List.of("golden/empty", "golden/large")) {
            byte[] expected = name.endsWith("large") ? content(70_000) : new byte[0];
            StrangerReader reader = new StrangerReader(name, memory.bytes(name));
            List<String> envelopes = new ArrayList<>();
            memory.list(reader.folder() + "/", each -> envelopes.add(each.name()));
            assertThat(envelopes).hasSize(name.endsWith("large") ? 2 : 1);
            for (String each : envelopes) {
                byte[] envelope = memory.bytes(each);
                String key = each.endsWith("2") ? "online-5f115444" : "online-3198bfae";
                byte[] online = Arrays.copyOfRange(value(keys.online(), key), 2, 34);
                assertThat(reader.open(envelope, key, StrangerReader.online(online)))
                        .isEqualTo(expected);
                assertThat(reader.open(envelope, "recovery-464455c1", recovery)).isEqualTo(expected);
            }
        }
    }

    @Test
    void objectOfANewerFormat_isRefused_sayingSo() {
        byte[] newer = memory.bytes("golden/large").clone();
        newer[9] = 7;
        newer[11] = 7;
        memory.rot("golden/large", Forgery.withChecksum(newer));

        assertThatThrownBy(() -> SealedVault.around(memory, keys.ring()).open("golden/large"))
                .hasMessageContaining("has format version 7 and asks for a reader of version 7")
                .hasMessageContaining("open it with the release that wrote it, or a later one")
                .extracting(e -> ((ContinuityException) e).kind())
                .isEqualTo(FailureKind.UNSUPPORTED);
    }

    /** The serialized key in a keyset file. */
    private static byte[] value(Path file, String id) throws IOException {
        long number = Long.parseLong(id.substring(id.indexOf('-') + 1), 16);
        Matcher found = KEY.matcher(Files.readString(file));
        while (found.find()) {
            if (Long.parseLong(found.group(2)) == number) {
                return Base64.getDecoder().decode(found.group(1));
            }
        }
        throw new AssertionError("no key " + id + " in " + file);
    }
}
