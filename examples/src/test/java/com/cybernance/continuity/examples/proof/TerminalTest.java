package com.cybernance.continuity.examples.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.check.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void verdict_onATerminal_isColoured() {
        Terminal terminal = Terminal.of(out, "120", Map.of("TERM", "xterm"));

        assertThat(terminal.verdict(Verdict.BREACHED)).isEqualTo("\u001b[31mBREACHED\u001b[0m");
    }

    @Test
    void verdict_inAFileOrWithNoColorOrOnADumbTerminal_isPlain() {
        assertThat(Terminal.of(out, "", Map.of("TERM", "xterm")).verdict(Verdict.MET))
                .isEqualTo("MET");
        assertThat(Terminal.of(out, "120", Map.of("TERM", "xterm", "NO_COLOR", "1"))
                        .verdict(Verdict.MET))
                .isEqualTo("MET");
        assertThat(Terminal.of(out, "120", Map.of("TERM", "dumb")).verdict(Verdict.MET))
                .isEqualTo("MET");
    }

    @Test
    void progress_onATerminal_isWrittenOver() {
        Terminal terminal = Terminal.of(out, "120", Map.of("TERM", "xterm"));

        terminal.progress("one");
        terminal.progress("two");
        terminal.line("done");

        assertThat(printed()).isEqualTo("one\r\u001b[Ktwo\r\u001b[Kdone" + System.lineSeparator());
    }

    @Test
    void labelled_longerThanTheLine_wrapsUnderItself() {
        Terminal.of(out, "61", Map.of("TERM", "xterm"))
                .labelled(2, "why", 5, "a reason that is longer than the sixty columns of this narrow terminal");

        assertThat(printed().lines())
                .containsExactly(
                        "  why  a reason that is longer than the sixty columns of", "       this narrow terminal");
    }
}
