package com.cybernance.continuity.testkit.vault;

import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.state.DirectoryStateStore;
import com.cybernance.continuity.testkit.StateStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStateStoreContractTest extends StateStoreContract {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    @Override
    protected StateStore store() {
        return DirectoryStateStore.open(temporary.resolve("state"));
    }
}
