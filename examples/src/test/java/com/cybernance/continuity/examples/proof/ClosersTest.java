package com.cybernance.continuity.examples.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosersTest {
    private final Closers closers = new Closers();
    private final List<String> closed = new ArrayList<>();

    private void open(String name, boolean fails) {
        closers.add(() -> {
            closed.add(name);
            if (fails) {
                throw new IllegalStateException(name + " does not close");
            }
        });
    }

    @Test
    void close_closesAllInReverse_alsoBehindOneThatFails_andTellsOfEach() {
        open("servers", true);
        open("log", false);
        open("clients", true);

        assertThatThrownBy(closers::close).hasMessage("clients does not close").satisfies(thrown -> assertThat(
                        thrown.getSuppressed())
                .extracting(Throwable::getMessage)
                .containsExactly("servers does not close"));
        assertThat(closed).containsExactly("clients", "log", "servers");
        closers.close();
        assertThat(closed).hasSize(3);
    }

    @Test
    void closeAfterAFailure_keepsThatFailure_withTheOthersInside() {
        open("servers", true);
        Exception cause = new IllegalStateException("no room for the vaults");

        closers.closeAfter(cause);

        assertThat(cause).hasMessage("no room for the vaults");
        assertThat(cause.getSuppressed()).hasSize(1);
    }
}
