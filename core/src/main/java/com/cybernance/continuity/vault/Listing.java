package com.cybernance.continuity.vault;

import com.cybernance.continuity.spi.Stored;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What stands in the directories of a vault. Whatever cannot be told is an error, never an omission. */
final class Listing {
    /** The file system's own, in the root of many a disk. */
    private static final String LOST_AND_FOUND = "lost+found";

    private Listing() {}

    /** An entry of a directory: an object, or the beginning of more names. */
    record Entry(String name, Standing standing) {
        /** Names are in the order of their bytes, and what follows the beginning of a name is a slash. */
        String order() {
            return standing == Standing.PREFIX ? name + "/" : name;
        }
    }

    /** The entries below a name that only begins others, in order; none when it stands for nothing or for an object. */
    static List<Entry> entries(VaultRoot vault, List<String> parts) throws IOException {
        vault.require();
        Path directory = vault.path(parts);
        if (vault.standing(parts) != Standing.PREFIX) {
            vault.require();
            return List.of();
        }
        vault.requireReal(directory);
        String begin = parts.isEmpty() ? "" : String.join("/", parts) + "/";
        List<Entry> entries = new ArrayList<>();
        for (String name : vault.disk().list(directory)) {
            if (!isOurs(name)) {
                continue;
            }
            Path path = directory.resolve(name);
            if (!Names.isPart(name) || parts.size() == Names.MOST_PARTS) {
                throw vault.corrupt("it holds " + path + ", which no vault writes");
            }
            Standing standing = vault.standing(path);
            if (standing != Standing.ABSENT) {
                entries.add(new Entry(begin + name, standing));
            }
        }
        // A file system that was taken away meanwhile leaves a directory with nothing in it.
        vault.require();
        entries.sort(Comparator.comparing(Entry::order));
        return entries;
    }

    static boolean isOurs(String name) {
        return !name.startsWith(".") && !name.equals(LOST_AND_FOUND);
    }

    /** What is known of the objects among entries that were listed; less those that their keeper deleted meanwhile. */
    static List<Stored> stored(VaultRoot vault, List<Entry> entries) throws IOException {
        List<Stored> found = new ArrayList<>();
        vault.require();
        for (Entry each : entries) {
            Stored stored = ObjectFiles.readIfThere(vault, vault.path(Names.parts(each.name())), each.name());
            if (stored != null) {
                found.add(stored);
            } else {
                vault.require();
            }
        }
        return found;
    }
}
