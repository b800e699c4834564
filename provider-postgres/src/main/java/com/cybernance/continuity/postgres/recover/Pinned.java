package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.spi.Stored;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The objects that the first step planned with, with size and digest, noted at the destination. What the later steps read
 * must be these, whatever has come to or gone from the vault meanwhile.
 */
final class Pinned {
    private static final String NAME = "objects.list";
    private static final String END = "end";

    private Pinned() {}

    static void write(Destination destination, Collection<Stored> objects) throws IOException {
        String text = objects.stream()
                .map(each -> "%s %d %s\n".formatted(each.sha256(), each.size(), each.name()))
                .collect(Collectors.joining());
        destination.durable().write(destination.notes().resolve(NAME), text + END + "\n");
    }

    static NavigableMap<String, Stored> read(Destination destination) throws IOException {
        Path file = destination.notes().resolve(NAME);
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        if (lines.isEmpty() || !lines.get(lines.size() - 1).equals(END)) {
            throw new IOException(file + " was cut");
        }
        NavigableMap<String, Stored> objects = new TreeMap<>();
        for (String line : lines.subList(0, lines.size() - 1)) {
            String[] parts = line.split(" ", 3);
            objects.put(parts[2], new Stored(parts[2], Long.parseLong(parts[1]), parts[0], Instant.EPOCH));
        }
        return objects;
    }
}
