package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class TermsTest {
    @Test
    void toString_holdsNoPassword() {
        Properties properties = new Properties();
        properties.setProperty("password", "s3cret");
        Terms terms = new Terms(
                List.of("jdbc:postgresql://host/app?password=s3cret"),
                properties,
                Path.of("spool"),
                "slot",
                "name",
                Optional.empty(),
                Duration.ofSeconds(1),
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                () -> Instant.EPOCH,
                () -> 0);

        assertThat(terms.toString()).contains("slot", "spool").doesNotContain("s3cret");
    }
}
