package com.cybernance.continuity.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class InventoryTest {
    @Test
    void sentence_saysOnlyWhatIsCounted() {
        assertThat(new Inventory(Map.of("server", 3))).hasToString("at least 3 servers exist");
    }

    @Test
    void sentence_ofOneThing_isInTheSingular() {
        assertThat(new Inventory(Map.of("server", 1))).hasToString("at least 1 server exists");
        assertThat(new Inventory(Map.of("server", 1, "disk", 1))).hasToString("at least 1 disk, 1 server exist");
    }
}
