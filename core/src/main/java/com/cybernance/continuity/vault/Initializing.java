package com.cybernance.continuity.vault;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.Disk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/** Makes a directory a vault. */
final class Initializing {
    private Initializing() {}

    static void run(VaultRoot vault) throws IOException {
        Disk disk = vault.disk();
        Path root = vault.root();
        makeDirectory(vault);
        String found = Marker.read(vault);
        if (found == null) {
            for (String name : disk.list(root)) {
                if (Listing.isOurs(name)) {
                    throw vault.failure(
                            FailureKind.MISCONFIGURED,
                            "expected an empty directory, observed '" + name + "' in it",
                            "a new vault needs a directory of its own");
                }
            }
            Marker.publish(disk, root, vault.name());
            found = Marker.read(vault);
        }
        if (!vault.name().equals(found)) {
            throw vault.failure(
                    FailureKind.CONFLICT, "it is vault '" + found + "' already", "use that name, or another directory");
        }
        // The vault may have been made by somebody who crashed before this.
        disk.forceDirectory(root);
        Path parent = root.getParent();
        if (parent != null) {
            disk.forceDirectory(parent);
        }
    }

    private static void makeDirectory(VaultRoot vault) throws IOException {
        Disk disk = vault.disk();
        Path parent = vault.root().getParent();
        if (disk.kind(vault.root()) == Disk.Kind.ABSENT) {
            if (parent == null || disk.kind(parent) != Disk.Kind.DIRECTORY) {
                throw vault.failure(
                        FailureKind.MISCONFIGURED,
                        "expected a directory " + parent + ", observed none",
                        "make that directory, or check that its file system is mounted");
            }
            try {
                disk.createDirectory(vault.root());
            } catch (FileAlreadyExistsException e) {
                // Two at once may make one vault.
            }
        }
        if (disk.kind(vault.root()) != Disk.Kind.DIRECTORY) {
            throw vault.failure(
                    FailureKind.MISCONFIGURED, "expected a directory, observed a file", "name another directory");
        }
    }
}
