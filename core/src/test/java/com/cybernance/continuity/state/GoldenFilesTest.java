package com.cybernance.continuity.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.StateStore.Entry;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that format version 1 wrote. Every later release reads it; the files are never made anew. */
class GoldenFilesTest {
    private static final List<String> PAYLOADS = List.of("", "second", "third", "fourth: " + "x".repeat(300), "fifth");
    private static final String LAST_HASH = "fc34f2b41224d745f8b3b8ea59dd405f513314e0b85e675d9d70802f269f40be";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    private static Path golden() throws URISyntaxException {
        URL found = GoldenFilesTest.class.getResource("/state/v1/store");
        if (found == null) {
            throw new AssertionError("the golden files are gone");
        }
        return Path.of(found.toURI()).resolveSibling(".").normalize();
    }

    private Path copy() throws IOException, URISyntaxException {
        Path from = golden();
        Path to = temporary.resolve("copy");
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
        return to;
    }

    @Test
    void storeOfVersionOne_isRead() throws Exception {
        try (StateStore store = DirectoryStateStore.open(golden())) {
            List<Entry> found = new ArrayList<>();
            store.replay("evidence", found::add);
            assertThat(found)
                    .extracting(entry -> new String(entry.payload(), StandardCharsets.UTF_8))
                    .isEqualTo(PAYLOADS);
            assertThat(found).extracting(Entry::epoch).containsExactly(1L, 1L, 1L, 1L, 2L);
            assertThat(found.get(4).hash()).isEqualTo(LAST_HASH);
            assertThat(store.read("stamp"))
                    .hasValueSatisfying(content -> assertThat(new String(content, StandardCharsets.UTF_8))
                            .isEqualTo("a document"));
        }
    }

    @Test
    void storeOfVersionOne_isContinued() throws Exception {
        try (StateStore store = DirectoryStateStore.open(copy());
                StateStore.Writer writer = store.open("evidence")) {
            assertThat(writer.epoch()).isEqualTo(3);
            assertThat(writer.append(new byte[3]).sequence()).isEqualTo(6);
            List<Long> found = new ArrayList<>();
            store.replay("evidence", entry -> found.add(entry.sequence()));
            assertThat(found).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        }
    }

    /** Reads with the page alone, none of the product's code. */
    @Test
    void formatPage_sufficesToReadAStream() throws Exception {
        Path stream = golden().resolve("streams").resolve("evidence");
        ByteBuffer head = ByteBuffer.wrap(Files.readAllBytes(stream.resolve("head")));
        int slot = head.getLong(32) > head.getLong(4096 + 32) ? 0 : 4096;
        byte[] previous = origin(head);
        List<String> found = new ArrayList<>();
        ByteBuffer segment = ByteBuffer.allocate(0);
        for (long next = 1; next <= head.getLong(slot + 48); next++) {
            if (!segment.hasRemaining()) {
                segment = ByteBuffer.wrap(Files.readAllBytes(stream.resolve(String.format("%019d.log", next))));
                assertThat(segment.getLong(32)).isEqualTo(next);
                assertThat(bytes(segment, 40, 32)).isEqualTo(previous);
                segment.position(144);
            }
            int at = segment.position();
            int length = segment.getInt(at);
            assertThat(segment.getLong(at + 8)).isEqualTo(next);
            assertThat(bytes(segment, at + 24, 32)).isEqualTo(previous);
            previous = sha(bytes(segment, at, 56 + length));
            found.add(new String(bytes(segment, at + 56, length), StandardCharsets.UTF_8));
            segment.position(at + 56 + length);
        }
        assertThat(found).isEqualTo(PAYLOADS);
        assertThat(previous).isEqualTo(bytes(head, slot + 56, 32));
        assertThat(HexFormat.of().formatHex(previous)).isEqualTo(LAST_HASH);
        assertThat((long) segment.position()).isEqualTo(head.getLong(slot + 96));
    }

    @Test
    void formatPage_sufficesToReadADocument() throws Exception {
        byte[] document = Files.readAllBytes(golden().resolve("documents").resolve("stamp.doc"));
        int length = (int) ByteBuffer.wrap(document).getLong(104);
        assertThat(new String(document, 112, length, StandardCharsets.UTF_8)).isEqualTo("a document");
        assertThat(sha(Arrays.copyOf(document, 112 + length)))
                .isEqualTo(Arrays.copyOfRange(document, 112 + length, document.length));
    }

    private static byte[] origin(ByteBuffer head) throws Exception {
        ByteBuffer origin = ByteBuffer.allocate(82);
        origin.put(bytes(head, 16, 16)).put(bytes(head, 104, 66));
        return sha(origin.array());
    }

    private static byte[] bytes(ByteBuffer from, int at, int length) {
        byte[] bytes = new byte[length];
        from.get(at, bytes);
        return bytes;
    }

    private static byte[] sha(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
