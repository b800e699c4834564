package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.check.Verdict;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where the proof prints: wrapped to its width, coloured where somebody sees the colours, with one line of progress that
 * is written over where that is possible. For one thread at a time.
 */
final class Terminal {
    /** How many columns text may take; set by the script when its output is a terminal. */
    static final String COLUMNS = "continuity.proof.columns";

    private static final int WIDEST = 100;
    private static final int NARROWEST = 60;
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream out;
    private final Manner manner;
    private final int width;
    private String progress = "";

    /** What the place where text appears can do. */
    private enum Manner {
        /** A file or a pipe. */
        PLAIN,
        /** A terminal on which lines can be written over, without colour. */
        LIVE,
        COLOUR
    }

    private Terminal(PrintStream out, Manner manner, int width) {
        this.out = out;
        this.manner = manner;
        this.width = width;
    }

    /** Text without colour or overwriting. */
    static Terminal plain(PrintStream out) {
        return new Terminal(out, Manner.PLAIN, WIDEST);
    }

    /**
     * What the script and the user's environment say.
     *
     * @param columns the value of {@link #COLUMNS}; empty when the output is no terminal
     */
    static Terminal of(PrintStream out, String columns, Map<String, String> environment) {
        boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
        if (columns.isEmpty() || dumb) {
            return plain(out);
        }
        int known = columns.matches("[1-9]\\d{0,3}") ? Integer.parseInt(columns) : WIDEST;
        boolean colourless = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(
                out, colourless ? Manner.LIVE : Manner.COLOUR, Math.max(NARROWEST, Math.min(WIDEST, known - 1)));
    }

    void line() {
        line("");
    }

    void line(String text) {
        clear();
        out.println(text);
        out.flush();
    }

    /** A heading with an empty line before it. */
    void heading(String text) {
        line();
        line(bold(text));
    }

    /**
     * Text under a label, wrapped so that the label stands alone in its column.
     *
     * @param indent the columns before the label
     * @param labelWidth the columns of the label with the space after it
     */
    void labelled(int indent, String label, int labelWidth, String text) {
        String first = " ".repeat(indent) + label + " ".repeat(labelWidth - label.length());
        String rest = " ".repeat(indent + labelWidth);
        String before = first;
        for (String part : wrap(text, width - indent - labelWidth)) {
            line(before + part);
            before = rest;
        }
    }

    /** One line that the next line or progress replaces; where that cannot be, a line as any other. */
    void progress(String text) {
        if (manner == Manner.PLAIN) {
            line(text);
            return;
        }
        clear();
        String shown = text.length() < width ? text : text.substring(0, width - 1);
        out.print(shown);
        out.flush();
        progress = shown;
    }

    /** The verdict in its colour. */
    String verdict(Verdict verdict) {
        return switch (verdict) {
            case MET -> paint("32", verdict.name());
            case BREACHED -> paint("31", verdict.name());
            case UNKNOWN -> paint("33", verdict.name());
            case ATTESTED -> paint("34", verdict.name());
        };
    }

    String good(String text) {
        return paint("32", text);
    }

    String bad(String text) {
        return paint("31", text);
    }

    String bold(String text) {
        return paint("1", text);
    }

    private void clear() {
        if (!progress.isEmpty()) {
            out.print(ERASE);
            progress = "";
        }
    }

    private String paint(String code, String text) {
        return manner == Manner.COLOUR ? "\u001b[%sm%s\u001b[0m".formatted(code, text) : text;
    }

    /** Breaks at spaces; a word that is longer than a line stays whole. */
    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
