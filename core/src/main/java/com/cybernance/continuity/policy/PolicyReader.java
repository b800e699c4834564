package com.cybernance.continuity.policy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.policy.Node.Position;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads policy files. A file that is wrong in any way is refused whole, with all of its mistakes and where they stand;
 * a hostile one costs little time and memory. Thread-safe.
 */
public final class PolicyReader {
    /** The newest format that this release reads. It reads all earlier ones too. */
    public static final int FORMAT = 1;

    /** The longest file, in bytes. Nothing beyond it is read. */
    public static final int MOST_BYTES = 1 << 20;

    /** The longest line, in characters: the parser is slow on longer ones. */
    static final int LONGEST_LINE = 10_000;

    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final String NAMELESS = "the policy";

    private PolicyReader() {}

    /**
     * Reads a file.
     *
     * @throws PolicyException if the file is not a policy
     * @throws ContinuityException if there is no such file or it cannot be read
     */
    public static Policy read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, "policy " + file.getFileName());
        } catch (IOException e) {
            throw new ContinuityException(
                    kind(e),
                    "policy file %s cannot be read (%s)"
                            .formatted(file, e.getClass().getSimpleName()),
                    "check the path and the rights of this process",
                    e);
        }
    }

    /**
     * Reads a stream up to its end, and leaves it open.
     *
     * @throws PolicyException if the content is not a policy
     * @throws ContinuityException if the stream cannot be read
     */
    public static Policy read(InputStream in) {
        try {
            return read(in, NAMELESS);
        } catch (IOException e) {
            throw new ContinuityException(
                    kind(e),
                    "policy cannot be read from the stream (%s)"
                            .formatted(e.getClass().getSimpleName()),
                    "check where the stream comes from",
                    e);
        }
    }

    /**
     * Reads a text.
     *
     * @throws PolicyException if the text is not a policy
     */
    public static Policy parse(String text) {
        Mistakes mistakes = new Mistakes(NAMELESS);
        // No character takes less than a byte.
        if (text.length() > MOST_BYTES) {
            throw tooLong(mistakes);
        }
        return parse(text, mistakes);
    }

    private static Policy read(InputStream in, String source) throws IOException {
        Mistakes mistakes = new Mistakes(source);
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw tooLong(mistakes);
        }
        return parse(decode(bytes, mistakes), mistakes);
    }

    private static Policy parse(String text, Mistakes mistakes) {
        refuseUnprintable(text, mistakes);
        return PolicyForm.read(PolicyTree.read(text, mistakes), mistakes);
    }

    private static String decode(byte[] bytes, Mistakes mistakes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, true);
        text.flip();
        if (result.isError()) {
            throw mistakes.fatal(
                    position(text, text.length()), "not UTF-8 from here on: save the file in that encoding");
        }
        return text.toString();
    }

    private static void refuseUnprintable(String text, Mistakes mistakes) {
        int lineStart = 0;
        for (int i = 0; i < text.length(); i++) {
            if (i - lineStart > LONGEST_LINE) {
                throw mistakes.fatal(
                        position(text, i), "the line is longer than %d characters".formatted(LONGEST_LINE));
            }
            if (breaksLine(text, i)) {
                lineStart = i + 1;
            }
            char each = text.charAt(i);
            boolean paired = Character.isHighSurrogate(each)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (paired) {
                i++;
            } else if (!printable(each)) {
                throw mistakes.fatal(
                        position(text, i),
                        each == BYTE_ORDER_MARK
                                ? "a byte order mark: save the file as UTF-8 without one"
                                : "the character U+%04X cannot be printed: remove it".formatted((int) each));
            }
        }
    }

    private static boolean printable(char each) {
        if (each < ' ' || (each >= '\u007F' && each <= '\u009F')) {
            return each == '\n' || each == '\r' || each == '\t';
        }
        return !Character.isSurrogate(each) && each != BYTE_ORDER_MARK && each < '\uFFFE';
    }

    private static Position position(CharSequence text, int end) {
        int line = 1;
        int start = 0;
        for (int i = 0; i < end; i++) {
            if (breaksLine(text, i)) {
                line++;
                start = i + 1;
            }
        }
        return new Position(line, Character.codePointCount(text, start, end) + 1);
    }

    /** Whether a line ends with the character: a line feed, or a carriage return that none follows. */
    private static boolean breaksLine(CharSequence text, int i) {
        boolean feedFollows = i + 1 < text.length() && text.charAt(i + 1) == '\n';
        return text.charAt(i) == '\n' || (text.charAt(i) == '\r' && !feedFollows);
    }

    private static PolicyException tooLong(Mistakes mistakes) {
        return mistakes.fatal(
                new Position(1, 1), "longer than %d bytes: no policy that people read is".formatted(MOST_BYTES));
    }

    private static FailureKind kind(IOException e) {
        if (e instanceof NoSuchFileException) {
            return FailureKind.NOT_FOUND;
        }
        if (e instanceof AccessDeniedException) {
            return FailureKind.DENIED;
        }
        return e instanceof ClosedByInterruptException ? FailureKind.INTERRUPTED : FailureKind.UNEXPECTED;
    }
}
