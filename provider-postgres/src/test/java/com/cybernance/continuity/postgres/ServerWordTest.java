package com.cybernance.continuity.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServerWordTest {
    @Test
    void receivesNothing_onlyOfAServerThatSaysWhoItIs() {
        assertThat(word("standby_b", true, "").receivesNothing()).isTrue();
        assertThat(word("standby_b", false, "").receivesNothing()).isTrue();
        assertThat(word("standby_b", true, "streaming").receivesNothing()).isFalse();
        assertThat(word("standby_b", true, "waiting").receivesNothing()).isFalse();
        assertThat(word("", true, "").receivesNothing()).isFalse();
        assertThat(word("", false, "").receivesNothing()).isFalse();
    }

    private static ServerWord word(String name, boolean standby, String receiver) {
        return new ServerWord(
                name,
                "7",
                "1.0",
                standby,
                Optional.empty(),
                receiver,
                "",
                "5432",
                Optional.empty(),
                Set.of(),
                OptionalLong.empty(),
                "nothing more");
    }
}
