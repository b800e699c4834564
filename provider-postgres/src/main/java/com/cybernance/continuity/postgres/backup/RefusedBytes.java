package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An object's content. What the vault itself says of it when it is damaged is told in the reader's words; what the reader
 * throws while it reads is none of this. For one thread.
 */
final class RefusedBytes extends FilterInputStream {
    private final Function<ContinuityException, ContinuityException> words;

    RefusedBytes(Supplier<InputStream> open, Function<ContinuityException, ContinuityException> words) {
        super(opened(open, words));
        this.words = words;
    }

    @Override
    public int read() throws IOException {
        try {
            return super.read();
        } catch (ContinuityException e) {
            throw told(e, words);
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return super.read(bytes, offset, length);
        } catch (ContinuityException e) {
            throw told(e, words);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            super.close();
        } catch (ContinuityException e) {
            throw told(e, words);
        }
    }

    private static InputStream opened(
            Supplier<InputStream> open, Function<ContinuityException, ContinuityException> words) {
        try {
            return open.get();
        } catch (ContinuityException e) {
            throw told(e, words);
        }
    }

    private static ContinuityException told(
            ContinuityException said, Function<ContinuityException, ContinuityException> words) {
        return said.kind() == FailureKind.CORRUPT ? words.apply(said) : said;
    }
}
