package com.cybernance.continuity.seal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fresh keys of a platform in a directory. */
record TestKeys(Path online, Path recoveryPublic, Path recoveryPrivate) {
    static TestKeys make(Path directory) throws IOException {
        Path platform = Files.createDirectories(directory.resolve("platform"));
        Path away = Files.createDirectories(directory.resolve("away"));
        TestKeys keys = new TestKeys(
                platform.resolve("online.json"),
                platform.resolve("recovery-public.json"),
                away.resolve("recovery-private.json"));
        KeyFiles.make(keys.online, keys.recoveryPublic, keys.recoveryPrivate);
        return keys;
    }

    LocalKeyRing ring() {
        return LocalKeyRing.open(online, recoveryPublic);
    }

    RecoveryKeyRing recovery() {
        return RecoveryKeyRing.open(recoveryPrivate);
    }
}
