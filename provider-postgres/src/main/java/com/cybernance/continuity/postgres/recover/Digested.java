package com.cybernance.continuity.postgres.recover;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Counts and digests what is read through it. For one thread. */
class Digested extends FilterInputStream {
    private final MessageDigest digest;
    private String hex = "";
    private long count;

    Digested(InputStream from) {
        super(from);
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int got = super.read(into, offset, length);
        if (got > 0) {
            digest.update(into, offset, got);
            count += got;
        }
        return got;
    }

    /** By reading: what is skipped is a part of it as well. */
    @Override
    public long skip(long bytes) throws IOException {
        long left = bytes;
        byte[] skipped = new byte[(int) Math.max(0, Math.min(bytes, 1 << 13))];
        while (left > 0) {
            int got = read(skipped, 0, (int) Math.min(skipped.length, left));
            if (got < 0) {
                break;
            }
            left -= got;
        }
        return Math.max(0, bytes - left);
    }

    /** Reads what is left; how many bytes went through in all. */
    long drain() throws IOException {
        transferTo(OutputStream.nullOutputStream());
        return count;
    }

    long count() {
        return count;
    }

    /** Of all that was read, in lower-case hex. */
    String sha256() {
        if (hex.isEmpty()) {
            hex = HexFormat.of().formatHex(digest.digest());
        }
        return hex;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
